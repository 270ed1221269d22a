"""The outermost layer: ids, HEAD, OPTIONS, CORS, headers on every answer, proxies, accidents."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from bson import ObjectId
from litestar import Litestar
from pymongo.errors import (
    AutoReconnect,
    ConfigurationError,
    ExecutionTimeout,
    OperationFailure,
)
from structlog.testing import capture_logs

from cms.accounts.documents import Session
from cms.app import wrapped
from cms.articles.documents import Article
from cms.config import Settings
from cms.core import admission, edge
from cms.core.db import Database
from cms.core.errors import Malformed
from tests import make
from tests.core.test_http import is_problem

ARTICLES = "/api/v1/admin/articles"
PUBLIC = "/api/v1/articles"
SESSION = "/api/v1/admin/session"
HARDENED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}


@pytest.fixture
async def broken(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make the public list raise what the test says."""

    def breaks(error: Exception) -> None:
        async def raises(*_: Any, **__: Any) -> None:
            canary = "a local variable that nobody may read"
            assert canary
            raise error

        monkeypatch.setattr(Article, "list_public", raises)

    return breaks


async def test_every_answer_is_hardened(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, broken: Any
) -> None:
    await make.published(owner, slug="one")
    etag = (await reader.get(f"{PUBLIC}/one")).headers["etag"]
    answers = [
        await reader.get(f"{PUBLIC}/one"),
        await reader.get(f"{PUBLIC}/one", headers={"If-None-Match": etag}),
        await reader.head(f"{PUBLIC}/one"),
        await reader.get("/nowhere"),
        await reader.get("/health/live"),
        await reader.post(PUBLIC),
        await reader.get(ARTICLES),
        await owner.get(ARTICLES),
        await owner.post(ARTICLES, content=b"{", headers={"Content-Type": "application/json"}),
        await owner.post(ARTICLES, content=b"x" * 3_000_000),
        await reader.options(PUBLIC),
        await reader.options(PUBLIC, headers={"Access-Control-Request-Method": "GET"}),
    ]
    broken(RuntimeError("boom"))
    answers.append(await reader.get(PUBLIC))

    assert {answer.status_code for answer in answers} >= {200, 204, 304, 400, 401, 404, 405, 500}
    for answer in answers:
        for name, value in HARDENED.items():
            assert answer.headers.get_list(name) == [value], (answer.request.url, name)
        assert "camera=()" in answer.headers["permissions-policy"]
        assert len(answer.headers.get_list("x-request-id")) == 1
        is_admin = "/admin/" in answer.request.url.path
        policy = "same-origin" if is_admin else "cross-origin"
        assert answer.headers["cross-origin-resource-policy"] == policy
        assert "server" not in answer.headers
        assert "strict-transport-security" not in answer.headers  # plain HTTP here


async def test_behind_tls_browsers_are_told_to_stay_there(
    served: Litestar, settings: Settings, database: Database
) -> None:
    over_tls = replace(settings, public_url="https://cms.example")
    async with _through(served, over_tls) as client:
        for path in ("/health/live", "/nowhere"):
            answer = await client.get(path)
            expected = "max-age=63072000; includeSubDomains"
            assert answer.headers["strict-transport-security"] == expected


@pytest.mark.parametrize("path", [PUBLIC, f"{PUBLIC}/one", "/api/v1/site", "/health/live"])
async def test_head_is_get_without_the_body(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, path: str
) -> None:
    await make.published(owner, slug="one")
    got, head = await reader.get(path), await reader.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert int(head.headers["content-length"]) == len(got.content)
    one, other = dict(got.headers), dict(head.headers)
    assert one.pop("x-request-id") != other.pop("x-request-id")
    assert one == other


@pytest.mark.parametrize("path", [PUBLIC, "/nowhere", ARTICLES])
async def test_no_byte_follows_the_head(
    served: Litestar, settings: Settings, database: Database, path: str
) -> None:
    """Asked of the application itself: httpx would drop the body of a HEAD unseen."""
    sent: dict[str, bytes] = {}
    for method in ("GET", "HEAD"):
        messages: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any, kept: list[Any] = messages) -> None:
            kept.append(message)

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
            "root_path": "", "headers": [(b"host", b"x")], "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }  # fmt: skip
        await wrapped(served, settings)(scope, receive, send)
        sent[method] = b"".join(message.get("body", b"") for message in messages)
    assert sent["GET"]
    assert sent["HEAD"] == b""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (PUBLIC, "GET, HEAD, OPTIONS"),
        (ARTICLES, "GET, HEAD, OPTIONS, POST"),
        (f"{ARTICLES}/{'a' * 24}", "DELETE, GET, HEAD, OPTIONS, PATCH"),
        (SESSION, "DELETE, GET, HEAD, OPTIONS, POST"),
        ("/health/live", "GET, HEAD, OPTIONS"),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones(
    owner: httpx.AsyncClient, path: str, allowed: str
) -> None:
    for method in ("PUT", "TRACE", "MADE-UP"):
        answer = await owner.request(method, path)
        is_problem(answer, 405, "method_not_allowed")
        assert answer.headers["allow"] == allowed


async def test_the_public_may_be_read_from_any_page_but_never_with_credentials(
    reader: httpx.AsyncClient,
) -> None:
    for path in (PUBLIC, "/api/v1/site", "/nowhere", f"{PUBLIC}?nope=1"):
        answer = await reader.get(path, headers={"Origin": "https://anywhere.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        assert "ETag" in answer.headers["access-control-expose-headers"]
    asked = {"Origin": "https://anywhere.example", "Access-Control-Request-Method": "GET"}
    preflight = await reader.options(PUBLIC, headers=asked)
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD"
    assert "authorization" not in preflight.headers["access-control-allow-headers"].lower()


@pytest.mark.parametrize("path", [ARTICLES, SESSION, f"/{ARTICLES}", "/api//v1///admin/articles"])
@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        ("https://desk.example", True),
        ("https://evil.example", False),
        ("https://desk.example.evil.example", False),
        ("http://desk.example", False),
        ("https://desk.example:444", False),
        ("null", False),
        ("*", False),
        ("", False),
    ],
)
async def test_the_admin_may_be_called_from_the_named_origins_alone(
    served: Litestar, settings: Settings, path: str, origin: str, *, is_allowed: bool
) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "PATCH"}
    url = httpx.URL(f"http://127.0.0.1:8000{path}")  # a path of its own: `//api` is a host, too
    async with _through(served, settings) as client:
        preflight = await client.options(url, headers=asked)
        answer = await client.get(url, headers={"Origin": origin})
    assert answer.status_code == 401
    for one in (preflight, answer):
        allowed = one.headers.get("access-control-allow-origin")
        assert allowed == (origin if is_allowed else None)
        assert "access-control-allow-credentials" not in one.headers
        assert "Origin" in one.headers["vary"]
    assert "Authorization" in preflight.headers["access-control-allow-headers"]
    assert "X-CSRF-Token" not in preflight.headers["access-control-allow-headers"]


@pytest.mark.parametrize("sent", ["abcdefgh", "6b02e9ae2eac16cf4f7bdf88", "a-B_9" * 12])
async def test_a_sane_request_id_is_kept(reader: httpx.AsyncClient, sent: str) -> None:
    answer = await reader.get("/nowhere", headers={"X-Request-Id": sent})
    assert answer.headers["x-request-id"] == answer.json()["instance"] == sent


@pytest.mark.parametrize(
    "sent", ["", "short", "a" * 65, "with space", "<script>", "a\"b'c{}$", "é" * 9]
)
async def test_any_other_request_id_is_replaced(reader: httpx.AsyncClient, sent: str) -> None:
    answer = await reader.get("/nowhere", headers=[(b"x-request-id", sent.encode("latin-1"))])
    assert ObjectId.is_valid(answer.headers["x-request-id"])
    assert answer.json()["instance"] == answer.headers["x-request-id"]


@asynccontextmanager
async def _through(
    app: Litestar, settings: Settings, peer: str = "10.0.0.1"
) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=wrapped(app, settings), client=(peer, 123))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


CHAINS = [
    # peer, X-Forwarded-For, who it was
    ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
    ("10.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first is what a client made up
    ("10.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7"),
    ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
    ("10.0.0.1", "2001:db8::7", "2001:db8::7"),
    ("10.0.0.1", "203.0.113.7, ::ffff:10.0.0.2", "203.0.113.7"),
    ("10.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
    ("10.0.0.1", "203.0.113.7, garbage", "10.0.0.1"),
    ("10.0.0.1", "garbage, 203.0.113.7", "203.0.113.7"),
    ("10.0.0.1", "", "10.0.0.1"),
    ("10.0.0.1", ", ,", "10.0.0.1"),
    ("10.0.0.1", "203.0.113.7:80", "10.0.0.1"),
    ("::ffff:10.0.0.1", "203.0.113.7", "203.0.113.7"),
    ("10.0.0.1", "203.0.113.7, fe80::1%" + "a" * 60, "10.0.0.1"),  # too long for an address
    ("192.0.2.9", "203.0.113.7", "192.0.2.9"),  # nobody's proxy
    ("unix:", "203.0.113.7", "unix:"),
]


def test_nothing_long_that_a_client_sends_is_remembered() -> None:
    before = edge._parsed.cache_info().misses, admission._is_known.cache_info().misses
    assert edge._address("1" * 65) is None
    long = b"a" * 263
    scope = {"headers": [(b"host", long)], "query_string": b"", "path": "/"}
    with pytest.raises(Malformed):
        admission.look(scope, {b"host": long}, frozenset({long.decode()}))
    assert (edge._parsed.cache_info().misses, admission._is_known.cache_info().misses) == before


@pytest.mark.parametrize("chain", CHAINS, ids=str)
async def test_the_client_is_who_the_nearest_trusted_proxy_saw(
    served: Litestar, settings: Settings, database: Database, chain: tuple[str, str, str]
) -> None:
    peer, forwarded, expected = chain
    trusting = replace(settings, trusted_proxies=("10.0.0.0/8",))
    account = await make.account()
    data = {"email": account.email, "password": make.PASSWORD}
    async with _through(served, trusting, peer) as client:
        await client.post(SESSION, json=data, headers={"X-Forwarded-For": forwarded})
    assert [item.address async for item in Session.find({})] == [expected]


async def test_without_trusted_proxies_nobody_is_believed(
    served: Litestar, settings: Settings, database: Database
) -> None:
    claims = {
        "X-Forwarded-For": "203.0.113.7",
        "Forwarded": "for=203.0.113.7",
        "X-Real-IP": "203.0.113.7",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
    }
    async with _through(served, settings) as client:
        with capture_logs() as logs:
            answer = await client.get("/nowhere", headers=claims)
    assert [line["client"] for line in logs] == ["10.0.0.1"]
    assert "evil.example" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    "error",
    [RuntimeError("boom in cms.articles"), KeyError("password"), OperationFailure("E11000")],
)
async def test_an_accident_is_500_without_a_word_of_the_inside_and_is_logged(
    reader: httpx.AsyncClient, broken: Any, error: Exception
) -> None:
    broken(error)
    with capture_logs() as logs:
        answer = await reader.get(PUBLIC)
    is_problem(answer, 500, "internal")
    assert "boom" not in answer.text
    accident, access = logs
    assert (accident["event"], accident["exc_info"]) == ("unhandled", error)
    assert (access["event"], access["status"]) == ("request", 500)


@pytest.mark.parametrize(
    "error",
    [AutoReconnect("gone"), ExecutionTimeout("slow", 50), ConfigurationError("no sessions")],
)
async def test_a_database_that_is_away_is_503_with_retry_after(
    reader: httpx.AsyncClient, broken: Any, error: Exception
) -> None:
    broken(error)
    answer = await reader.get(PUBLIC)
    is_problem(answer, 503, "database_unavailable")
    assert int(answer.headers["retry-after"]) >= 1


async def test_the_access_log_knows_the_path_but_not_the_query(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    with capture_logs() as logs:
        answer = await reader.get(f"{PUBLIC}?lang=secretlang", headers={"User-Agent": "x"})
    (line,) = logs
    assert line.pop("ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": PUBLIC,
        "status": 200,
        "client": "127.0.0.1",
    }
    assert answer.headers["x-request-id"]


TRICKS = [
    "/api/v1/articles/%2e%2e", "/api/v1/articles/%2e%2e%2fsite", "/api/v1/articles/..%5cx",
    "/api/v1/articles/%00", "/api/v1/articles/a%00b", "/api/v1/articles/%0d%0aX: y",
    "/api/v1/articles/%ff%fe", "/api/v1/articles/%ed%a0%80", "/api/v1/articles/%25%32%65",
    "/api/v1/articles/" + "a" * 20_000, "/api/v1/articles/" + "%f0%9f%92%a3" * 2000,
    "/api/v1/articles/$where", "/api/v1/articles/{$ne:1}", "/api/v1/articles/.*",
    "/api/v1/articles/.md", "/api/v1/articles/a.md.md", "/api/v1/articles/a/b",
    "/API/V1/articles", "/api/v1/profiles/%00", "/api/v1/tags/%ff", "/api/v1/tags/$",
    "/%2f", "/api", "/api/v1", "/api/v1/", "/api/v1/admin", "/..%2f..%2fetc/passwd",
    "/static/../etc/passwd", "/health", "/health/%00", "/debug", "/.env", "/.git/config",
]  # fmt: skip


@pytest.mark.parametrize("path", TRICKS, ids=lambda text: text[:40])
async def test_a_path_trick_finds_nothing(reader: httpx.AsyncClient, path: str) -> None:
    answer = await reader.get(httpx.URL("http://127.0.0.1:8000" + path))
    is_problem(answer, 404, "not_found")


@pytest.mark.parametrize("path", [f"{PUBLIC}/", "/api/v1/site/", "/health/live/", f"{PUBLIC}/one/"])
async def test_a_trailing_slash_is_accepted(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, path: str
) -> None:
    await make.published(owner, slug="one")
    assert (await reader.get(path)).status_code == 200


@pytest.mark.parametrize(
    "ident", ["a" * 23, "a" * 25, "z" * 24, "a" * 24, "1" * 12, "%00" * 24, "\uff11" * 24, "null"]
)
async def test_an_id_that_can_not_be_is_404(owner: httpx.AsyncClient, ident: str) -> None:
    for kind in ("articles", "profiles"):
        path = f"/api/v1/admin/{kind}/{ident}"
        is_problem(await owner.get(path), 404, "not_found")
        headers = {"If-Match": '"1"'}
        is_problem(await owner.patch(path, json={}, headers=headers), 404, "not_found")
        is_problem(await owner.delete(path, headers=headers), 404, "not_found")

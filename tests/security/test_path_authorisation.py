"""However a path is written, what lies behind the guard stays there: slashes, `%2e`, case, `;`."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote_to_bytes

import httpx
import pytest
from litestar import Litestar

from cms.app import wrapped
from cms.config import Settings
from tests.security import hiding, weak
from tests.security.aims import CANARY, aims, furnish

Ask = Callable[[str, str], Awaitable[tuple[int, str, str]]]
METHODS = ["GET", "HEAD", "POST", "PATCH", "DELETE", "PUT", "OPTIONS", "TRACE", "get", "GETS"]


def spellings(path: str) -> list[str]:
    """One admin path as a careless guard, proxy or router might read it."""
    rest = path.removeprefix("/api/v1/admin")
    return [
        f"{path}/", f"{path}//", f"/{path}", f"//api/v1/admin{rest}", f"/api//v1///admin{rest}",
        f"/api/v1/./admin{rest}", f"/api/v1/articles/../admin{rest}",
        f"/health/../api/v1/admin{rest}", f"/api/v1/articles/%2e%2e/admin{rest}",
        f"/api/v1/%2e/admin{rest}", f"/api/v1/articles/..%2fadmin{rest}",
        f"/api/v1%2fadmin{rest}", f"/api/v1/admin%2f{rest[1:]}", f"/api%2fv1%2fadmin{rest}",
        f"/api/v1/%61dmin{rest}", f"/api/v1/%2561dmin{rest}", f"/API/v1/admin{rest}",
        f"/api/v1/ADMIN{rest}", f"/api/v1/Admin{rest.upper()}", f"/api/v1;x=1/admin{rest}",
        f"/api/v1/admin;a=b{rest}", f"/api/v1/admin{rest};.css", f"{path}.json", f"{path}.css",
        f"{path}%00", f"{path}%00.json", f"{path}%20", f"{path}%09", f"{path}%0a", f"{path}/.",
        f"{path}/%2e", f"{path}/x/..", f"{path}%2f", f"{path}\\",
        f"/api/v1\\admin{rest.replace('/', chr(92))}", f"/api/v1/articles/..\\admin{rest}",
        f"{path}#/health/live", f"{path}?/health/live", f"/health/live/..;{path}",
        f"/admin/..{path}", f"/admin/%2e%2e{path}", f"/admin{path}", f"/api/v1/\uff41dmin{rest}",
        f"/api/v1/ad\u200bmin{rest}", f"/api/docs/..{path}", f"http://127.0.0.1:8000{path}",
        f"/api/v1/admin{rest}/..%00/",
    ]  # fmt: skip


def asking(app: Any, headers: dict[str, str] | None = None) -> Ask:
    """Past every client library: they would tidy the path up before it is sent."""

    async def ask(method: str, spelling: str) -> tuple[int, str, str]:
        written, _, query = spelling.partition("?")
        sent = {"host": "127.0.0.1", **(headers or {})}
        messages: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
            "scheme": "http", "raw_path": written.encode(), "query_string": query.encode(),
            "path": unquote_to_bytes(written).decode("utf-8", "replace"), "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        await app(scope, receive, send)
        kind = dict(messages[0]["headers"]).get(b"content-type", b"").decode()
        body = b"".join(message.get("body", b"") for message in messages)
        return messages[0]["status"], kind, body.decode("utf-8", "replace")

    return ask


async def tried(ask: Ask, paths: list[str], methods: list[str]) -> set[str]:
    """Which spellings, by which methods, are let in."""
    found = set()
    for path in paths:
        for spelling in [path, *spellings(path)]:
            for method in methods:
                status, kind, body = await ask(method, spelling)
                if CANARY in body or (status < 300 and not kind.startswith("text/html")):
                    found.add(f"{method} {spelling}")
    return found


@pytest.fixture
async def paths(owner: httpx.AsyncClient) -> list[str]:
    places = await furnish(owner)
    await hiding.drafted(owner, "articles")
    return sorted({aim.at(places) for aim in aims() if aim.is_admin and aim.method == "GET"})


@pytest.fixture
def stranger(served: Litestar, settings: Settings) -> Ask:
    return asking(wrapped(served, settings))


async def test_no_spelling_leads_past_the_guard(stranger: Ask, paths: list[str]) -> None:
    assert len(paths) > 25
    assert await tried(stranger, paths, ["GET"]) == set()


async def test_nor_does_any_method(stranger: Ask, paths: list[str]) -> None:
    some = [path for path in paths if path.endswith(("/articles", "/site", "/audit"))]
    found = await tried(stranger, some, METHODS[1:])
    assert {item for item in found if not item.startswith("OPTIONS")} == set()


async def test_the_control_is_let_in_with_a_token(
    owner: httpx.AsyncClient, served: Litestar, settings: Settings, paths: list[str]
) -> None:
    token = {"authorization": owner.headers["authorization"]}
    ask = asking(wrapped(served, settings), token)
    found = await tried(ask, ["/api/v1/admin/articles"], ["GET"])
    assert {"GET /api/v1/admin/articles", "GET /api/v1/admin/articles/"} <= found


async def test_a_guard_that_looks_at_the_writing_lets_many_in() -> None:
    ask = weak.guarded_by_prefix(CANARY)
    assert (await ask("GET", "/api/v1/admin/articles"))[0] == 401
    found = await tried(ask, ["/api/v1/admin/articles"], ["GET"])
    assert len(found) > 10
    assert any("%2e" in item for item in found)


async def test_another_method_is_not_said_by_a_header_or_the_query(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, paths: list[str]
) -> None:
    owner.event_hooks = {"response": []}
    article = next(path for path in paths if path.rpartition("/")[0].endswith("/articles"))
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        answer = await owner.get(article, headers={name: "DELETE", "If-Match": '"2"'})
        assert answer.status_code == 200
        assert answer.json()["status"] == "published"
    assert (await owner.get(article, params={"_method": "DELETE"})).status_code == 400

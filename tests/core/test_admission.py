"""The door: hosts that are ours, headers said once, queries that end, a deadline for the rest."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from litestar import Litestar

from cms.app import wrapped
from cms.config import Settings
from cms.core import edge
from cms.core.admission import host_of, known_hosts
from cms.core.db import Database
from cms.core.edge import Edge
from tests.core.test_http import is_problem

SITE = "/api/v1/site"
OURS = ["127.0.0.1", "127.0.0.1:8000", "localhost:1", "LocalHost", "localhost.", "[::1]",
        "[::1]:8000", "[0:0:0:0:0:0:0:1]", "juri.example", "cms.example", "cms.internal",
        "cms.internal:444", "CMS.Example:443"]  # fmt: skip
STRANGE = ["evil.example", "", " ", "cms.example.evil.example", "evilcms.example", "127.0.0.2",
           "cms.example@evil.example", "evil.example:80", "cms.example:80:80", "cms.example:x",
           "cms.example/", "https://cms.example", "[::2]", "[::1", "::1", "cms.example, evil",
           "2130706433", "localhost..", "cms.example\t.evil", "0"]  # fmt: skip


@pytest.fixture
async def named(
    served: Litestar, settings: Settings, database: Database
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an installation at https://cms.example that answers to cms.internal, too."""
    ours = replace(settings, public_url="https://cms.example", allowed_hosts=("cms.internal",))
    transport = httpx.ASGITransport(app=wrapped(served, ours))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.mark.parametrize("host", OURS)
async def test_our_own_hosts_are_answered(named: httpx.AsyncClient, host: str) -> None:
    assert (await named.get(SITE, headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("host", STRANGE)
@pytest.mark.parametrize("path", [SITE, "/api/v1/admin/articles", "/admin/", "/", "/nowhere"])
async def test_any_other_host_is_refused(named: httpx.AsyncClient, host: str, path: str) -> None:
    answer = await named.get(path, headers={"Host": host})
    is_problem(answer, 400, "unknown_host")
    assert "evil" not in answer.text + str(answer.headers)
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_read_that_is_known_refuses_with_its_id(named: httpx.AsyncClient) -> None:
    assert (await named.get(SITE, headers={"Host": OURS[0]})).status_code == 200
    answer = await named.get(SITE, headers={"Host": "evil.example"})
    assert answer.json()["instance"] == answer.headers["x-request-id"]


async def test_no_host_at_all_is_refused(served: Litestar, settings: Settings) -> None:
    assert (await _asked(wrapped(served, settings), []))[0] == 400


async def test_health_is_asked_by_address(named: httpx.AsyncClient) -> None:
    for path in ("/health/live", "/health/ready"):
        assert (await named.get(path, headers={"Host": "10.1.2.3:8000"})).status_code == 200
    answer = await named.get("/health/../api/v1/site", headers={"Host": "evil.example"})
    assert answer.status_code in {400, 404}


def test_names_are_compared_as_browsers_write_them() -> None:
    found = known_hosts(["https://CMS.example:8443", "http://[::1]:5173", "desk.internal:99", ""])
    assert found == {"127.0.0.1", "localhost", "[::1]", "cms.example", "desk.internal"}
    assert host_of("a:b:80") == "a:b"  # no name anybody has
    assert host_of("a:80x") is None


@pytest.mark.parametrize(
    "name",
    ["Host", "Authorization", "Content-Type", "Content-Length", "If-Match", "Origin",
     "X-CSRF-Token", "Sec-Fetch-Site", "X-Forwarded-For"],
)  # fmt: skip
async def test_what_may_stand_once_is_not_said_twice(
    served: Litestar, settings: Settings, name: str
) -> None:
    twice = [(name.lower().encode(), b"127.0.0.1")] * 2
    headers = [(b"host", b"127.0.0.1")] * (name != "Host") + twice
    status, body = await _asked(wrapped(served, settings), headers)
    assert status == 400
    assert b"repeated_header" in body
    assert name.lower().encode() in body
    # The control: what may be repeated is let in.
    many = [(b"host", b"127.0.0.1"), (b"accept", b"a/b"), (b"accept", b"*/*")]
    assert (await _asked(wrapped(served, settings), many))[0] == 200


async def test_an_endless_query_is_refused(named: httpx.AsyncClient) -> None:
    is_problem(await named.get(f"{SITE}?a={'x' * 8190}"), 400, "unknown_parameter")
    is_problem(await named.get(f"{SITE}?a={'x' * 8191}"), 400, "query_too_long")
    is_problem(await named.get(f"{SITE}?{'&' * 9000}"), 400, "query_too_long")


async def test_work_without_end_is_given_up_with_503(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "WORK_SECONDS", 0.05)

    async def endless(_scope: Any, receive: Any, _send: Any) -> None:
        await receive()
        await asyncio.sleep(30)

    status, body = await _asked(_edge(endless), [(b"host", b"localhost")])
    assert status == 503
    assert b"timed_out" in body


async def test_a_body_that_never_comes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "BODY_SECONDS", 0.05)

    async def reads(_scope: Any, receive: Any, _send: Any) -> None:
        while True:
            await receive()

    async def never() -> Any:
        await asyncio.sleep(30)

    assert (await _asked(_edge(reads), [(b"host", b"localhost")], never))[0] == 503


async def test_an_answer_under_way_may_take_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "WORK_SECONDS", 0.05)

    async def slow(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.2)
        await send({"type": "http.response.body", "body": b"done"})

    assert await _asked(_edge(slow), [(b"host", b"localhost")]) == (200, b"done")


def _edge(app: Any) -> Edge:
    return Edge(app, admin_origins=(), trusted_proxies=(), over_tls=False)


async def _asked(app: Any, headers: list[tuple[bytes, bytes]], hear: Any = None) -> tuple[int, Any]:
    """(status, body) of a GET that no client library would send."""
    messages: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": SITE, "raw_path": SITE.encode(), "query_string": b"",
        "root_path": "", "headers": headers, "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await app(scope, hear or receive, send)
    body = b"".join(message.get("body", b"") for message in messages)
    return messages[0]["status"], body

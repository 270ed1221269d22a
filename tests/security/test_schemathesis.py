"""Cases that schemathesis draws from the OpenAPI document, as each role: told answers, in time."""

import asyncio
import contextlib
import gc
import os
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from cms.accounts.permissions import Role
from cms.config import Settings
from cms.core.db import Database
from tests import make
from tests.accounts.signing import NO_HASH, bearer, client
from tests.conftest import CONTRACT, KEPT
from tests.security.aims import Aim, document, furnish

PROVING = os.environ.get("LONTAR_PROVE") == "1"
CASES = 10_000 if PROVING else 12
GUARD = 2.0 if PROVING else 10.0  # against a hang; the machine of a quick run may be busy
DAY = 250  # cases, until everything is there again
OURS = {"authorization", "cookie", "host", "x-csrf-token"}
MOST_GROWTH = 100 * 1024 * 1024
ROLES = [None, *Role]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)

_schema = schemathesis.openapi.from_dict(document())
OPERATIONS = [found.ok() for found in _schema.get_all_operations() if isinstance(found, Ok)]


@dataclass
class World:
    """Who asks, by which doors, and what stands where."""

    served: Litestar
    settings: Settings
    database: Database
    role: Role | None
    places: dict[str, str] = field(default_factory=dict)
    doors: list[dict[str, str]] = field(default_factory=lambda: [{}])
    sent: list[tuple[httpx.Request, int]] = field(default_factory=list)
    ends_at: int = 0

    def __post_init__(self) -> None:
        self.sender = client(self.served, self.settings)

    async def begin(self) -> None:
        """All anew: what was deleted, who was signed out, and what was counted."""
        for name in await self.database.list_collection_names():
            if name not in KEPT:
                await self.database[name].delete_many({})
        async with client(self.served, self.settings) as owner:
            token = await make.token(await make.account(password_hash=NO_HASH))
            owner.headers["Authorization"] = f"Bearer {token}"
            self.places = await furnish(owner)
        other = await make.account(role=Role.CONTRIBUTOR, password_hash=NO_HASH)
        self.places["accounts"] = str(other.id)
        await self.let_in()

    async def let_in(self) -> None:
        """By a token of every scope, and signed in just now."""
        if self.role is not None:
            me = await make.account(role=self.role, password_hash=NO_HASH)
            self.doors = [bearer(await make.token(me)), await make.session(me)]

    async def again(self, some: list[tuple[httpx.Request, int]]) -> None:
        """Send what was sent once more."""
        await self.begin()
        for one, door in some:
            asked = self.sender.build_request(one.method, one.url, content=one.content or None)
            asked.headers = httpx.Headers({**one.headers, **self.doors[door]})
            self.sender.cookies.clear()
            if (await self.sender.send(asked)).status_code == 401 and self.role:
                await self.let_in()


@pytest.fixture(params=ROLES, ids=lambda role: role.value if role else "anonymous")
async def world(
    request: Any, served: Litestar, settings: Settings, database: Database
) -> AsyncIterator[World]:
    found = World(served, settings, database, request.param)
    # Built once in a process, at the first question: a second of work, more where others work, too.
    await found.sender.get("/api/v1/openapi.json")
    yield found
    assert len(found.sent) >= CASES // 2
    if not PROVING:
        return  # a few answers take no memory to speak of
    # All of it once more, without those who draw and check, whose memory is not ours.
    await found.again(found.sent[: len(found.sent) // 10])
    before = resident()
    await found.again(found.sent)
    assert resident() - before < MOST_GROWTH


def resident() -> int:
    """Bytes of memory that this process holds."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_every_operation_is_drawn_from() -> None:
    told = sum(len(item) for item in document()["paths"].values())
    assert len(OPERATIONS) == told > 80


@settings(
    max_examples=CASES,
    derandomize=not PROVING,
    phases=[Phase.generate],
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
async def test_whatever_the_document_allows_or_not_is_answered_as_told(
    world: World, data: st.DataObject
) -> None:
    operation = data.draw(st.sampled_from(OPERATIONS), label="operation")
    mode = data.draw(st.sampled_from(MODES), label="mode")
    try:
        case = data.draw(operation.as_strategy(generation_mode=mode), label="case")
    except schemathesis.errors.SchemathesisError:
        return  # nothing wrong can be drawn where nothing is taken
    aim = Aim(case.method.upper(), operation.path, {})
    if len(world.sent) >= world.ends_at:
        await world.begin()
        world.ends_at = len(world.sent) + DAY
    is_there = data.draw(st.sampled_from([True, True, False]), label="at something that is there")
    sent = case.as_transport_kwargs(base_url="http://127.0.0.1:8000")
    url = httpx.URL(f"http://127.0.0.1:8000{aim.at(world.places)}" if is_there else sent["url"])
    headers = {name: str(value) for name, value in (sent.get("headers") or {}).items()}
    if is_there and data.draw(st.booleans(), label="a sane revision"):
        headers["If-Match"] = f'"{data.draw(st.integers(1, 4))}"'
    body = {name: sent[name] for name in ("json", "data") if sent.get(name) is not None}
    if isinstance(body.get("data"), bytes | str):
        body = {"content": body["data"]}
    door = data.draw(st.integers(0, len(world.doors) - 1), label="door")
    headers = {**_plain(headers), **world.doors[door]}
    world.sender.cookies.clear()
    try:
        asked = world.sender.build_request(
            case.method, url, params=sent.get("params") or None, headers=headers, **body
        )
    except (TypeError, ValueError, httpx.InvalidURL, UnicodeError):
        return  # httpx has no way to send it

    answer = await _in_time(world.sender, asked)

    assert answer.status_code < 500, answer.text
    assert CONTRACT.disagreements(answer) == []
    world.sent.append((asked, door))
    if answer.status_code in {401, 429} and world.role:
        await world.database["throttles"].delete_many({})
        await world.let_in()


async def _in_time(sender: httpx.AsyncClient, asked: httpx.Request) -> httpx.Response:
    """The answer, or the one to the second try: a busy machine is late once, a hang comes again."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GUARD):
            return await sender.send(asked)
    async with asyncio.timeout(GUARD):
        return await sender.send(asked)


def _plain(headers: dict[str, str]) -> dict[str, str]:
    """Headers that HTTP can carry, without those that are the sender's own."""
    return {
        name: value
        for name, value in headers.items()
        if value.isascii() and value.isprintable() and name.lower() not in OURS
    }


async def test_the_contract_fails_an_answer_that_is_not_told(
    owner: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a field, a status and a code that the document does not have."""
    answer = await owner.get("/api/v1/admin/site")
    body = {**answer.json(), "evil": random.random()}  # noqa: S311 - any value
    extra = httpx.Response(200, json=body, request=answer.request, headers={"etag": '"0"'})
    assert CONTRACT.disagreements(extra)
    teapot = httpx.Response(418, json={}, request=answer.request)
    assert CONTRACT.disagreements(teapot)
    assert CONTRACT.disagreements(answer) == []


async def test_what_hangs_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: late once is a busy machine, late twice a hang."""
    waits = [9.0, 0.0, 9.0, 9.0]

    async def late(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(waits.pop(0))
        return httpx.Response(204)

    monkeypatch.setitem(globals(), "GUARD", 0.2)
    async with httpx.AsyncClient(transport=httpx.MockTransport(late)) as sender:
        asked = sender.build_request("GET", "http://127.0.0.1/")
        assert (await _in_time(sender, asked)).status_code == 204
        with pytest.raises(TimeoutError):
            await _in_time(sender, asked)

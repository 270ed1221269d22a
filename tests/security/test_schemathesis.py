"""Cases that schemathesis draws from the OpenAPI document, as each role: told answers, in time."""

import asyncio
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
from tests.accounts.signing import NO_HASH, client
from tests.conftest import CONTRACT
from tests.security.aims import Aim, document, furnish

PROVING = os.environ.get("LONTAR_PROVE") == "1"
CASES = 10_000 if PROVING else 12
GUARD = 2.0 if PROVING else 10.0  # against a hang; the machine of a quick run may be busy
MOST_GROWTH = 100 * 1024 * 1024
ROLES = [None, *Role]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)

_schema = schemathesis.openapi.from_dict(document())
OPERATIONS = [found.ok() for found in _schema.get_all_operations() if isinstance(found, Ok)]


@dataclass
class World:
    """Who asks, and what stands where."""

    sender: httpx.AsyncClient
    places: dict[str, str]
    sent: list[httpx.Request] = field(default_factory=list)


@pytest.fixture(params=ROLES, ids=lambda role: role.value if role else "anonymous")
async def world(
    request: Any, owner: httpx.AsyncClient, served: Litestar, settings: Settings, database: Database
) -> AsyncIterator[World]:
    places = await furnish(owner)
    sender = client(served, settings)
    if request.param is not None:
        account = await make.account(role=request.param, password_hash=NO_HASH)
        sender.headers["Authorization"] = f"Bearer {await make.token(account)}"
    found = World(sender, places)
    yield found
    # All of it once more, without those who draw and check, whose memory is not ours.
    some = found.sent[: len(found.sent) // 10]
    await _again(found, some)
    before = resident()
    await _again(found, found.sent)
    assert resident() - before < MOST_GROWTH
    assert len(found.sent) >= CASES // 2


async def _again(world: World, requests: list[httpx.Request]) -> None:
    for one in requests:
        asked = world.sender.build_request(one.method, one.url, content=one.content or None)
        asked.headers = one.headers
        await world.sender.send(asked)


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
    is_there = data.draw(st.sampled_from([True, True, False]), label="at something that is there")
    sent = case.as_transport_kwargs(base_url="http://127.0.0.1:8000")
    url = httpx.URL(f"http://127.0.0.1:8000{aim.at(world.places)}" if is_there else sent["url"])
    headers = {name: str(value) for name, value in (sent.get("headers") or {}).items()}
    if is_there and data.draw(st.booleans(), label="a sane revision"):
        headers["If-Match"] = f'"{data.draw(st.integers(1, 4))}"'
    body = {name: sent[name] for name in ("json", "data") if sent.get(name) is not None}
    if isinstance(body.get("data"), bytes | str):
        body = {"content": body["data"]}
    try:
        asked = world.sender.build_request(
            case.method, url, params=sent.get("params") or None, headers=_plain(headers), **body
        )
    except (TypeError, ValueError, httpx.InvalidURL, UnicodeError):
        return  # httpx has no way to send it

    async with asyncio.timeout(GUARD):
        answer = await world.sender.send(asked)
    await answer.aread()

    assert answer.status_code < 500, answer.text
    assert CONTRACT.disagreements(answer) == []
    world.sent.append(asked)


def _plain(headers: dict[str, str]) -> dict[str, str]:
    """Headers that HTTP can carry, without those that are the sender's own."""
    return {
        name: value
        for name, value in headers.items()
        if value.isascii() and value.isprintable() and name.lower() not in {"authorization", "host"}
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

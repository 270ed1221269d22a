"""Promise 5 with real processes: readable at its second with no worker up, told exactly once."""

import asyncio
import os
import signal
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from cms.core import db
from tests import make
from tests.reliability.running import GUARD, rounds

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="stops and kills processes")
PACE = "0.05"
DATABASE = "lontar"


async def _start(url: str, how: str = "asking") -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.reliability.relay_process", url, DATABASE, PACE, how),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), GUARD) == b"started\n"
    return process


def _begin(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.write(b"begin\n")


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


async def _until(condition: Any) -> None:
    async def wait() -> None:
        while not await condition():  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.02)

    await asyncio.wait_for(wait(), GUARD)


async def _holder(database: db.Database) -> str | None:
    lease = await database["leases"].find_one({"_id": "relay"})
    return lease["holder"] if lease else None


async def test_a_plan_is_readable_at_its_second_while_the_only_worker_is_stopped(
    database_url: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    worker = await _start(database_url)
    _begin(worker)
    try:
        await _until(lambda: _is_held(database))
        os.kill(worker.pid, signal.SIGSTOP)
        at = db.now() + timedelta(seconds=2)
        await make.published(owner, title="Plan", at=at.isoformat())
        missed: datetime | None = None
        while (answer := await reader.get("/api/v1/articles/plan")).status_code != 200:
            assert answer.status_code == 404
            missed = db.now()
            await asyncio.sleep(0.01)
        seen = db.now()
        assert missed is not None
        assert seen >= at, "readers saw it before its time"
        # Whatever was asked from its second on was answered with it; the answer before was not.
        assert await database["events"].count_documents({}) == 0
        shown = (await reader.get("/api/v1/articles/plan")).json()
        assert datetime.fromisoformat(shown["published_at"]) == at
        os.kill(worker.pid, signal.SIGCONT)
        await _until(lambda: _has_events(database, 1))
        (event,) = await database["events"].find({}).to_list()
        assert event["at"] == at
    finally:
        await _end(worker)


async def _is_held(database: db.Database) -> bool:
    return await _holder(database) is not None


async def _has_events(database: db.Database, count: int) -> bool:
    return await database["events"].count_documents({}) >= count


async def _told_by_two(
    url: str, owner: httpx.AsyncClient, database: db.Database, count: int, how: str = "asking"
) -> Counter[str]:
    """How often each plan was told, by two workers; the first is killed inside its lease."""
    at = (db.now() + timedelta(seconds=1)).isoformat()
    for number in range(count):
        await make.published(owner, title=f"Plan {number}", slug=f"plan-{number}", at=at)
    first, second = await _start(url, how), await _start(url, how)
    try:
        _begin(first)
        await _until(lambda: _has_events(database, 1))
        _begin(second)
        await _until(lambda: _has_events(database, count // 3))
        holder = await _holder(database)
        os.kill(first.pid, signal.SIGKILL)
        await first.wait()
        told = await database["events"].count_documents({})
        assert told < count, "it was killed too late to show anything"
        lease = await database["leases"].find_one({"_id": "relay"})
        assert lease is not None
        assert lease["holder"] == holder
        assert lease["expires_at"] > db.now(), "it was killed outside its lease"
        await _until(lambda: _is_drained(database))
        assert await _holder(database) not in {None, holder}
    finally:
        await _end(first)
        await _end(second)
    events = await database["events"].find({}).sort("_id").to_list()
    numbers = [event["_id"] for event in events]
    assert numbers == list(range(1, len(events) + 1))
    return Counter(event["body"]["slug"] for event in events)


async def _is_drained(database: db.Database) -> bool:
    waiting = {"$or": [{"pending.id": {"$exists": True}}, {"announce_at": {"$lte": db.now()}}]}
    return await database["articles"].count_documents(waiting) == 0


async def test_of_two_workers_one_killed_inside_its_lease_each_plan_is_told_once(
    database_url: str, owner: httpx.AsyncClient, database: db.Database
) -> None:
    count = 12  # done well inside a lease: only a kill hands over
    for _ in range(rounds(1, 10)):
        for name in ("articles", "events", "leases"):
            await database[name].delete_many({})
        told = await _told_by_two(database_url, owner, database, count)
        assert told == Counter({f"plan-{number}": 1 for number in range(count)})


async def test_the_control_that_does_not_ask_tells_one_twice(
    database_url: str, owner: httpx.AsyncClient, database: db.Database
) -> None:
    told: Counter[str] = Counter()
    for _ in range(5):  # a kill may fall between two events
        for name in ("articles", "events", "leases"):
            await database[name].delete_many({})
        told = await _told_by_two(database_url, owner, database, 6, "careless")
        if told.total() > 6:
            break
    assert told.total() == 7

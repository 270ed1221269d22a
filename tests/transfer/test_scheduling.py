"""Backups that are made by themselves, and the old ones that go."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from cms.core import db
from cms.core.db import Database
from cms.core.errors import Unavailable
from cms.core.storage import Storage
from cms.transfer import keeping, scheduling
from cms.transfer.scheduling import Schedule
from tests.transfer import archives

DAILY = Schedule(every_hours=24, keep=2)
DAY = timedelta(days=1)


@pytest.fixture
def connect(database: Database) -> scheduling.Connect:
    @asynccontextmanager
    async def connected() -> AsyncIterator[Database]:
        yield database

    return connected


async def _put(place: Storage, *names: str) -> None:
    for name in names:
        await place.put(name, b"x")


async def test_one_is_made_when_it_is_time_and_not_before(
    connect: scheduling.Connect, library: Storage, tmp_path: Path
) -> None:
    plan = archives.plan_for(library, tmp_path / "backups")
    wait = await scheduling.step(plan, DAILY, connect, db.now())
    (first,) = await keeping.kept(plan.place)
    assert wait == scheduling.MOST_SECONDS  # others may make one, or the clock may jump
    await scheduling.step(plan, DAILY, connect, first.made_at + DAY - timedelta(seconds=1))
    assert await keeping.kept(plan.place) == [first]
    wait = await scheduling.step(plan, DAILY, connect, first.made_at + DAY - timedelta(seconds=9))
    assert wait == pytest.approx(9, abs=0.1)
    await scheduling.step(plan, DAILY, connect, first.made_at + DAY)
    assert len(await keeping.kept(plan.place)) == 2


async def test_one_from_the_future_does_not_stop_them(
    connect: scheduling.Connect, library: Storage, tmp_path: Path
) -> None:
    plan = archives.plan_for(library, tmp_path / "backups")
    await _put(plan.place, keeping.name_for(db.now() + 400 * DAY, "whole", is_encrypted=False))
    await scheduling.step(plan, DAILY, connect, db.now())
    assert len(await keeping.kept(plan.place)) == 2


async def test_old_ones_go_and_what_is_not_ours_stays(
    connect: scheduling.Connect, library: Storage, tmp_path: Path
) -> None:
    plan = archives.plan_for(library, tmp_path / "backups")
    old = [keeping.name_for(db.now() - n * DAY, "whole", is_encrypted=n == 3) for n in (2, 3, 4)]
    documents = keeping.name_for(db.now() - 9 * DAY, "documents", is_encrypted=False)
    await _put(plan.place, *old, documents, "holiday.tar.zst", "lontar-notes.txt")
    await scheduling.step(plan, DAILY, connect, db.now())
    there = {stored.key async for stored in plan.place.names()}
    assert there >= {old[0], documents, "holiday.tar.zst", "lontar-notes.txt"}
    assert there.isdisjoint(old[1:])
    assert len(there) == 5


async def test_a_place_that_is_away_takes_no_old_ones_along(
    connect: scheduling.Connect,
    library: Storage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = archives.plan_for(library, tmp_path / "backups")
    old = [keeping.name_for(db.now() - n * DAY, "whole", is_encrypted=False) for n in (2, 3, 4)]
    await _put(plan.place, *old)

    async def away(*_: object) -> None:
        raise Unavailable("away")

    monkeypatch.setattr(plan.place, "take", away)
    with pytest.raises(Unavailable):
        await scheduling.step(plan, DAILY, connect, db.now())
    assert {stored.key async for stored in plan.place.names()} == set(old)


async def test_never_is_never(
    connect: scheduling.Connect, library: Storage, tmp_path: Path
) -> None:
    plan = archives.plan_for(library, tmp_path / "backups")
    await scheduling.run(plan, Schedule(every_hours=0, keep=1), connect, db.now)
    assert not (tmp_path / "backups").exists()


def test_what_doctor_says_of_them() -> None:
    now = db.now()

    def one(age: timedelta) -> keeping.Kept:
        return keeping.Kept("x", 1, now - age, "whole")

    assert keeping.verdict([], 24, now)[1] is False
    assert keeping.verdict([one(DAY)], 24, now)[1] is True
    assert keeping.verdict([one(3 * DAY), one(9 * DAY)], 24, now)[1] is False
    assert keeping.verdict([one(3 * DAY)], 0, now)[1] is True
    assert keeping.verdict([one(30 * DAY)], 0, now)[1] is False

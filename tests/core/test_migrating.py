"""Migrations: once each, recorded, locked, forward only, and honest about what they refuse."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from pymongo.asynchronous.database import AsyncDatabase

from cms.core import db, migrating
from cms.core.db import Database, DatabaseRefused
from cms.core.migrating import Migration

COUNTING = '''"""Count {name}."""

import asyncio


async def up(database):
    await asyncio.sleep(0.05)
    await database["ran"].insert_one({{"name": "{name}"}})
'''


@pytest.fixture
async def empty(served: Litestar) -> AsyncIterator[Database]:
    """A database that was never migrated, beside the application's own."""
    own: Database = served.state["database"]
    found: AsyncDatabase[dict[str, Any]] = own.client["lontar_migrating"]
    yield found
    for name in await found.list_collection_names():
        await found[name].delete_many({})


@pytest.fixture
def two(tmp_path: Path) -> tuple[Migration, ...]:
    for name in ("0001_first", "0002_second"):
        (tmp_path / f"{name}.py").write_text(COUNTING.format(name=name), encoding="utf-8")
    return migrating.available(tmp_path)


async def _ran(database: Database) -> list[str]:
    return [row["name"] async for row in database["ran"].find({}, sort=[("_id", 1)])]


def _names(found: list[Migration]) -> list[str]:
    return [item.name for item in found]


async def test_each_runs_once_in_order_and_is_recorded_with_its_checksum(
    empty: Database, two: tuple[Migration, ...], tmp_path: Path
) -> None:
    assert _names(await migrating.migrate(empty, two)) == ["0001_first", "0002_second"]

    assert await _ran(empty) == ["0001_first", "0002_second"]
    rows = await empty["migrations"].find({}, sort=[("_id", 1)]).to_list()
    assert [row["_id"] for row in rows] == [1, 2]
    for row in rows:
        source = (tmp_path / f"{row['name']}.py").read_bytes()
        assert row["checksum"] == hashlib.sha256(source).hexdigest()
        assert row["applied_at"] <= db.now()
        assert row["seconds"] >= 0


async def test_a_second_run_does_nothing(empty: Database, two: tuple[Migration, ...]) -> None:
    await migrating.migrate(empty, two)
    assert await migrating.migrate(empty, two) == []
    assert len(await _ran(empty)) == 2


async def test_a_dry_run_says_what_would_run_and_runs_nothing(
    empty: Database, two: tuple[Migration, ...]
) -> None:
    assert _names(await migrating.pending(empty, two)) == ["0001_first", "0002_second"]
    assert await empty.list_collection_names() in ([], ["locks"], ["ran"]) or not await _ran(empty)
    assert await empty["migrations"].count_documents({}) == 0


async def test_only_what_is_missing_runs(empty: Database, two: tuple[Migration, ...]) -> None:
    await migrating.migrate(empty, two[:1])
    assert _names(await migrating.migrate(empty, two)) == ["0002_second"]


async def test_many_starters_at_once_run_each_once(
    empty: Database, two: tuple[Migration, ...]
) -> None:
    done = await asyncio.gather(*(migrating.migrate(empty, two) for _ in range(6)))
    assert sorted(_names([item for ran in done for item in ran])) == ["0001_first", "0002_second"]
    assert await _ran(empty) == ["0001_first", "0002_second"]
    assert await empty["locks"].count_documents({}) == 0


async def test_a_file_that_changed_after_it_ran_is_refused(
    empty: Database, two: tuple[Migration, ...]
) -> None:
    await migrating.migrate(empty, two)
    await empty["migrations"].update_one({"_id": 1}, {"$set": {"checksum": "0" * 64}})
    with pytest.raises(DatabaseRefused, match="0001_first was changed after it ran"):
        await migrating.migrate(empty, two)


async def test_a_database_of_a_newer_release_is_refused_untouched(
    empty: Database, two: tuple[Migration, ...]
) -> None:
    await migrating.migrate(empty, two)
    with pytest.raises(DatabaseRefused, match="newer than this program: it has migration 0002"):
        await migrating.migrate(empty, two[:1])
    assert len(await _ran(empty)) == 2


async def test_a_migration_that_fails_is_tried_again_and_frees_the_lock(
    empty: Database, two: tuple[Migration, ...]
) -> None:
    async def fails(_: Database) -> None:
        raise RuntimeError("half way")

    bad = Migration(2, "0002_second", two[1].checksum, "Fails", fails)
    with pytest.raises(RuntimeError, match="half way"):
        await migrating.migrate(empty, [two[0], bad])

    assert await empty["locks"].count_documents({}) == 0
    assert _names(await migrating.migrate(empty, two)) == ["0002_second"]


async def test_a_held_lock_makes_the_next_one_wait(
    empty: Database, two: tuple[Migration, ...]
) -> None:
    until = db.now() + timedelta(minutes=5)
    lock = {"_id": "migrations", "holder": "another", "expires_at": until}
    await empty["locks"].insert_one(lock)

    waiting = asyncio.create_task(migrating.migrate(empty, two))
    done, _ = await asyncio.wait([waiting], timeout=0.5)

    assert not done
    assert await _ran(empty) == []
    await empty["locks"].delete_one({"holder": "another"})
    assert len(await waiting) == 2


async def test_the_lock_of_a_killed_holder_expires(
    empty: Database, two: tuple[Migration, ...]
) -> None:
    gone = {"_id": "migrations", "holder": "killed", "expires_at": db.now() - timedelta(seconds=1)}
    await empty["locks"].insert_one(gone)
    assert len(await migrating.migrate(empty, two)) == 2


async def test_patience_ends_in_one_line(
    empty: Database, two: tuple[Migration, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "PATIENCE_SECONDS", 0.0)
    until = db.now() + timedelta(minutes=5)
    lock = {"_id": "migrations", "holder": "another", "expires_at": until}
    await empty["locks"].insert_one(lock)
    with pytest.raises(DatabaseRefused, match="Another process has been migrating"):
        await migrating.migrate(empty, two)
    held = await empty["locks"].find_one({})
    assert held is not None
    assert held["holder"] == "another"


async def test_the_lease_is_renewed_while_a_migration_runs(
    empty: Database, two: tuple[Migration, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "LEASE", timedelta(seconds=0.15))
    seen = []

    async def slow(database: Database) -> None:
        for _ in range(20):
            lock = await database["locks"].find_one({"_id": "migrations"})
            assert lock is not None
            seen.append(lock["expires_at"])
            await asyncio.sleep(0.02)

    await migrating.migrate(empty, [Migration(1, "0001_slow", "x", "Slow", slow)])
    assert len(set(seen)) > 2


@pytest.mark.parametrize("names", [["0002_b"], ["0001_a", "0003_c"], ["0001_a", "0001_b"]])
def test_gaps_and_doubles_in_the_numbers_are_refused(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / f"{name}.py").write_text(COUNTING.format(name=name), encoding="utf-8")
    with pytest.raises(DatabaseRefused, match="not numbered 0001, 0002"):
        migrating.available(tmp_path)


def test_the_released_migrations_can_be_read() -> None:
    found = migrating.available()
    assert found[0].name == "0001_initial"
    assert all(item.summary.endswith(".") for item in found)


async def test_a_process_is_not_ready_on_a_database_that_is_not_its_own_age(
    reader: httpx.AsyncClient, database: Database
) -> None:
    assert (await reader.get("/health/ready")).status_code == 200
    newer = {"_id": 999, "name": "0999_later", "checksum": "x"}
    await database["migrations"].insert_one(newer)
    try:
        answer = await reader.get("/health/ready")
        assert (answer.status_code, answer.json()["code"]) == (503, "not_migrated")
        assert (await reader.get("/health/live")).status_code == 200
    finally:
        await database["migrations"].delete_one({"_id": 999})

"""Forward-only migrations: numbered files, recorded with a checksum, one starter at a time.

Why not Beanie's own runner: `docs/decisions/0003-own-migration-runner.md`.
"""

import asyncio
import hashlib
import importlib.util
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from cms.core import ending
from cms.core.db import Database, DatabaseRefused, now

LEASE = timedelta(seconds=30)
# The lock that a restore leaves behind when it was interrupted.
RESTORE = "restore"
PATIENCE_SECONDS = 120.0
log = structlog.get_logger("cms.migrations")


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    checksum: str
    summary: str
    up: Callable[[Database], Awaitable[None]]


def folder() -> Path:
    """Where the migrations stand: in the wheel beside `core`, in a checkout beside `cms`."""
    packaged = Path(__file__).parents[1] / "_migrations"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "migrations"


@lru_cache(maxsize=8)
def available(where: Path | None = None) -> tuple[Migration, ...]:
    """All migrations in order; read once, since readiness asks often.

    Raises:
        DatabaseRefused: the numbers are not 1, 2, 3, …
    """
    found = [_load(path) for path in sorted((where or folder()).glob("[0-9]*_*.py"))]
    if [item.number for item in found] != list(range(1, len(found) + 1)):
        raise DatabaseRefused("The migration files are not numbered 0001, 0002, … without gaps.")
    return tuple(found)


def _load(path: Path) -> Migration:
    source = path.read_bytes()
    spec = importlib.util.spec_from_file_location(f"lontar_migration_{path.stem}", path)
    assert spec is not None  # noqa: S101 - a path that glob just found has a spec
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Migration(
        number=int(path.stem.split("_")[0]),
        name=path.stem,
        checksum=hashlib.sha256(source).hexdigest(),
        summary=(module.__doc__ or "").strip().splitlines()[0],
        up=module.up,
    )


async def pending(database: Database, known: Sequence[Migration] | None = None) -> list[Migration]:
    """What has to run, in order.

    Raises:
        DatabaseRefused: the database is newer than this program, or history was rewritten.
    """
    known = available() if known is None else known
    by_number = {item.number: item for item in known}
    done = set()
    async for row in database["migrations"].find({}, sort=[("_id", 1)]):
        ours = by_number.get(row["_id"])
        if ours is None:
            raise DatabaseRefused(
                f"The database is newer than this program: it has migration {row['name']}. "
                "Install the release that made it, or restore a backup."
            )
        if ours.checksum != row["checksum"]:
            raise DatabaseRefused(
                f"Migration {ours.name} was changed after it ran here. "
                "Put the released file back and add a new migration instead."
            )
        done.add(row["_id"])
    return [item for item in known if item.number not in done]


async def is_migrated(database: Database) -> bool:
    try:
        await require_whole(database)
        return not await pending(database)
    except DatabaseRefused:
        return False


async def require_whole(database: Database) -> None:
    """Nothing is served from a database that holds half a backup.

    Raises:
        DatabaseRefused: a restore goes on, or was interrupted.
    """
    if await database["locks"].find_one({"_id": RESTORE}) is not None:
        raise DatabaseRefused(
            "A restore of this database is under way, or was interrupted: "
            "run it again with `cms restore --replace`."
        )


async def migrate(
    database: Database,
    known: Sequence[Migration] | None = None,
    *,
    before: Callable[[], Awaitable[None]] | None = None,
) -> list[Migration]:
    """Run what is pending; of two starters one runs it and the other waits.

    `before` is called once, under the lock, before anything runs.

    Raises:
        DatabaseRefused: see `pending`, or another starter holds the lock for too long.
    """
    if not await pending(database, known):
        return []
    ran = []
    async with _locked(database):
        found = await pending(database, known)
        if found and before is not None:
            await before()
        for item in found:
            began = time.perf_counter()
            await item.up(database)
            await database["migrations"].insert_one(
                {
                    "_id": item.number,
                    "name": item.name,
                    "checksum": item.checksum,
                    "applied_at": now(),
                    "seconds": round(time.perf_counter() - began, 3),
                }
            )
            log.info("migrated", migration=item.name)
            ran.append(item)
    return ran


async def migrate_new(database: Database) -> None:
    """Bring a new database up; one with content is left to `cms migrate`, which backs it up.

    Raises:
        DatabaseRefused: it is of an earlier release, or see `pending`.
    """
    await require_whole(database)
    if not await pending(database):
        return
    if await database["migrations"].find_one({}) is not None:
        raise DatabaseRefused("The database is of an earlier release: run `cms migrate` first.")
    await migrate(database)


@asynccontextmanager
async def _locked(database: Database) -> AsyncIterator[None]:
    """A lease in `locks`, renewed while held: a killed holder frees it after `LEASE`."""
    holder = str(ObjectId())
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await _acquire(database, holder):
        if time.monotonic() > deadline:
            raise DatabaseRefused("Another process has been migrating for too long; see its log.")
        await asyncio.sleep(0.2)
    renewal = asyncio.create_task(_renew(database, holder))
    try:
        yield
    finally:
        await ending.end([renewal])
        await database["locks"].delete_one({"_id": "migrations", "holder": holder})


async def _acquire(database: Database, holder: str) -> bool:
    lease: dict[str, Any] = {"holder": holder, "expires_at": now() + LEASE}
    free = {"_id": "migrations", "expires_at": {"$lt": now()}}
    try:
        await database["locks"].update_one(free, {"$set": lease}, upsert=True)
    except DuplicateKeyError:
        return False
    return True


async def _renew(database: Database, holder: str) -> None:
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 3)
        await database["locks"].update_one(
            {"_id": "migrations", "holder": holder}, {"$set": {"expires_at": now() + LEASE}}
        )

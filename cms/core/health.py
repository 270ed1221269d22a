"""Whether this process answers, and whether it can do its work."""

import asyncio
import shutil
from pathlib import Path
from typing import Final, Literal

from litestar import Router, get
from litestar.di import NamedDependency

from cms.core import db, migrating
from cms.core.db import Database
from cms.core.errors import Unavailable
from cms.core.http import Answer
from cms.core.shapes import View


class Alive(View):
    status: str = "ok"


class Ready(View):
    status: str = "ok"
    database: str = "ok"
    migrations: str = "ok"
    disk: Literal["ok", "low"] = "ok"


# MongoDB ends when its disk is full; this is said a while before.
LOW_DISK_BYTES: Final = 500 * 1024 * 1024
NO_STORE = {"Cache-Control": "no-store"}


@get("/live", summary="Does the process answer")
async def get_liveness() -> Answer[Alive]:
    return Answer.of(Alive(), headers=NO_STORE)


def free_bytes(folder: Path) -> int:
    """Room on the disk of a folder, which need not be there yet."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    return shutil.disk_usage(there).free


@get("/ready", summary="Can it do its work")
async def get_readiness(
    database: NamedDependency[Database], data_dir: NamedDependency[Path]
) -> Answer[Ready]:
    """503 while the database does not answer within a second or is not migrated.

    `disk` says `low` below 500 MiB: a warning, since it goes on working until there is none.
    """
    if not await db.answers(database, seconds=0.8):
        raise Unavailable("The database does not answer.", code="database_unavailable")
    if not await migrating.is_migrated(database):
        raise Unavailable("The database is not migrated.", code="not_migrated")
    free = await asyncio.to_thread(free_bytes, data_dir)
    disk: Literal["ok", "low"] = "low" if free < LOW_DISK_BYTES else "ok"
    return Answer.of(Ready(disk=disk), headers=NO_STORE)


router = Router("/health", route_handlers=[get_liveness, get_readiness], tags=["health"])

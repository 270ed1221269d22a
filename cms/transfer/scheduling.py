"""Makes backups by itself, every so many hours, and lets old ones go; one process does it."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from cms.core.db import Database, DatabaseError
from cms.core.errors import Conflict, Refusal
from cms.transfer import backup, keeping
from cms.transfer.backup import Plan

# How long after a failure it is tried again, and how often the clock is looked at otherwise.
AGAIN_SECONDS: Final = 900.0
MOST_SECONDS: Final = 3600.0
Connect = Callable[[], AbstractAsyncContextManager[Database]]
log = structlog.get_logger("cms.backup")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Every how many hours, 0 for never, and how many of each kind are kept."""

    every_hours: int
    keep: int


async def run(
    plan: Plan, schedule: Schedule, connect: Connect, clock: Callable[[], datetime]
) -> None:
    """Work until cancelled. `connect` is a database without the deadline of requests."""
    while schedule.every_hours > 0:
        try:
            wait = await step(plan, schedule, connect, clock())
        except Conflict:  # somebody else makes one
            wait = 60.0
        except (DatabaseError, Refusal, OSError) as error:
            log.exception("backup_failed", error=type(error).__name__)
            wait = AGAIN_SECONDS
        await asyncio.sleep(wait)


async def step(plan: Plan, schedule: Schedule, connect: Connect, now: datetime) -> float:
    """Make one if it is time; the seconds until it may be time again."""
    left = await _left(plan, schedule, now)
    if left <= timedelta():
        async with connect() as database:
            await backup.make(database, plan)
        if gone := await keeping.thin(plan.place, schedule.keep):
            log.info("backups_thinned", names=gone)
        left = await _left(plan, schedule, now)
    return min(max(left.total_seconds(), 1.0), MOST_SECONDS)


async def _left(plan: Plan, schedule: Schedule, now: datetime) -> timedelta:
    """Until the next one; one that was made in the future is no reason to wait for that day."""
    every = timedelta(hours=schedule.every_hours)
    whole = [item.made_at for item in await keeping.kept(plan.place) if item.kind == "whole"]
    newest = max((at for at in whole if at <= now + every), default=None)
    return timedelta() if newest is None else newest + every - now

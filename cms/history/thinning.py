"""Fewer old revisions: after some days the last of each day stays, and whatever was published.

Off unless a setting says how many days. Any number of processes run it; a lease lets one work.
"""

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from beanie import PydanticObjectId

from cms.core.db import DatabaseError
from cms.history import entries
from cms.history.documents import AuditRecord, Revision
from cms.leases.documents import Lease

LEASE: Final = timedelta(minutes=10)
PAUSE_SECONDS: Final = 3600.0
NAME: Final = "thinning"
# What puts the content of the revision before it in front of readers, now or later.
PUBLISHING: Final = ("published", "change_scheduled")
log = structlog.get_logger("cms.history")


async def run(now: Callable[[], datetime], keep_days: int, pause: float = PAUSE_SECONDS) -> None:
    """Work until cancelled, if there is anything to do; a database that is away is waited for."""
    holder = str(entries.new_id())
    while keep_days > 0:
        try:
            if await Lease.hold(NAME, holder, now(), LEASE):
                await thin_all(now, keep_days, holder)
                await Lease.let_go(NAME, holder)
        except DatabaseError as error:
            log.warning("thinning_waits", error=type(error).__name__)
        await asyncio.sleep(pause)


async def thin_all(now: Callable[[], datetime], keep_days: int, holder: str | None = None) -> int:
    """One round over all items; the number of revisions that went."""
    done = 0
    ident: PydanticObjectId | None = None
    before = now() - timedelta(days=keep_days)
    while ident := await Revision.next_item(ident, before):
        if holder is not None and not await Lease.hold(NAME, holder, now(), LEASE):
            break  # the machine slept, and another one works by now
        done += await thin(ident, before, now())
    if done:
        log.info("revisions_thinned", count=done)
    return done


async def thin(ident: PydanticObjectId, before: datetime, now: datetime) -> int:
    """Thin the revisions of one item from before that moment; how many went."""
    saves = await Revision.saves(ident)
    published = await AuditRecord.revisions_with(ident, PUBLISHING)
    gone = superfluous(saves, published, before)
    return await Revision.thin(ident, gone, now) if gone else 0


def superfluous(
    saves: Sequence[tuple[int, datetime]], published: Iterable[int], before: datetime
) -> list[int]:
    """Which of an item's revisions, newest first, may go."""
    numbers = sorted(number for number, _ in saves)
    # Publishing changes no content: readers got that of the revision before.
    shown = {numbers[place - 1] for at in published if (place := bisect_left(numbers, at)) > 0}
    shown |= {number for number in published if number in set(numbers)}
    kept = {*shown, *numbers[-1:]}
    days = set()
    for number, at in saves:
        if at >= before:
            kept.add(number)
        elif at.date() not in days:
            days.add(at.date())
            kept.add(number)
    return [number for number in numbers if number not in kept]

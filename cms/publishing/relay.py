"""Moves what writes left behind to where it is kept, and announces what time alone has changed.

Any number of processes run it; a lease lets one work. Everything it does may be repeated: a
relay that is killed anywhere leaves nothing half done that the next one does not finish.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from cms.core.db import DatabaseError
from cms.history import entries
from cms.history.documents import Carrier
from cms.leases.documents import Lease
from cms.publishing import service
from cms.publishing.service import Kind

LEASE: Final = timedelta(seconds=10)
PAUSE_SECONDS: Final = 0.5
NAME: Final = "relay"
# What is no published kind and leaves something behind all the same, by its name.
Carriers = Mapping[str, type[Carrier]]
NONE: Final[Carriers] = {}
log = structlog.get_logger("cms.relay")


async def run(
    kinds: Sequence[Kind[Any, Any]],
    now: Callable[[], datetime],
    pause: float = PAUSE_SECONDS,
    carriers: Carriers = NONE,
) -> None:
    """Work until cancelled; a database that is away is waited for."""
    holder = str(entries.new_id())
    try:
        while True:
            try:
                if await Lease.hold(NAME, holder, now(), LEASE):
                    await step(kinds, now(), carriers)
            except DatabaseError as error:
                log.warning("relay_waits", error=type(error).__name__)
            await asyncio.sleep(pause)
    finally:
        await _let_go(holder)


async def _let_go(holder: str) -> None:
    try:
        await asyncio.wait_for(Lease.let_go(NAME, holder), timeout=1)
    except (DatabaseError, TimeoutError):
        return  # it expires by itself


async def step(kinds: Sequence[Kind[Any, Any]], now: datetime, carriers: Carriers = NONE) -> int:
    """One round; the number of documents that were looked after."""
    done = 0
    waiting = await _waiting([*(kind.document for kind in kinds), *carriers.values()], now)
    for kind in kinds:
        if kind.document not in waiting:
            continue
        for document in await kind.document.due(now):
            await service.pass_time(kind, document, now)
            done += 1
        for document in await kind.document.with_pending():
            await service.drain(kind, document)
            done += 1
    for name, carrier in carriers.items():
        if carrier not in waiting:
            continue
        for carried in await carrier.with_pending():
            await carried.drain(name)
            done += 1
    return done


async def _waiting(carriers: Sequence[type[Carrier]], now: datetime) -> set[type[Carrier]]:
    """Those with something to look after: one question, since most rounds find nothing at all."""
    asked = [
        (carrier.get_collection_name(), _any_of(place, match))
        for place, carrier in enumerate(carriers)
        for match in carrier.waits(now)
    ]
    (_, first), *others = asked
    unions = [{"$unionWith": {"coll": name, "pipeline": stages}} for name, stages in others]
    rows = await carriers[0].aggregate([*first, *unions]).to_list()
    return {carriers[row["place"]] for row in rows}


def _any_of(place: int, match: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"$match": match},
        {"$limit": 1},
        {"$project": {"_id": 0, "place": {"$literal": place}}},
    ]

"""A relay in a process of its own, as each worker of the server has one: URL DATABASE PACE HOW.

PACE, in seconds, is waited around each event, so that a kill finds it in the middle of its work.
HOW is `asking` or, as a control, `careless`: it writes an event without asking if it is there.
"""

import asyncio
import sys
from datetime import timedelta
from typing import Any

from cms.app import CARRIERS, KINDS, MODELS, wire
from cms.core import db
from cms.history.documents import Event
from cms.history.entries import new_id
from cms.publishing import relay


async def main(url: str, database: str, pace: float, how: str) -> None:
    append = Event.append

    async def slowly(kind: str, item_id: Any, entry: Any) -> None:
        await asyncio.sleep(pace)
        if how == "careless":
            entry = entry.model_copy(update={"id": new_id()})
        await append(kind, item_id, entry)
        await asyncio.sleep(pace)

    Event.append = slowly  # type: ignore[method-assign]
    relay.LEASE = timedelta(seconds=5)  # type: ignore[misc]
    wire()
    async with db.connected(url, database, MODELS, seconds=db.REQUEST_SECONDS):
        sys.stdout.write("started\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)  # told when to begin
        await relay.run(KINDS, db.now, pause=0.1, carriers=CARRIERS)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4]))

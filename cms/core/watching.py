"""Hears through a change stream what other processes wrote, and knows when it hears nothing."""

import asyncio
import time
from enum import Enum
from typing import Any, Final

import structlog
from pymongo.errors import ConnectionFailure, PyMongoError

from cms.core import db
from cms.core.db import Database
from cms.core.generation import Generation
from cms.core.writes import PRIVATE

# The server answers an empty stream after this long; silence for longer means that it is gone.
AWAIT_MS: Final = 500
SILENCE_SECONDS: Final = 2.0
PAUSE_SECONDS: Final = 0.2
log = structlog.get_logger("cms.cache")


class Hearing(Enum):
    """What is known of writes elsewhere."""

    WELL = "well"
    DEAF = "deaf"  # the database answers and the stream does not: anything may have changed
    AWAY = "away"  # nobody reaches the database: nothing changes that we would have to show


class Watch:
    """Bumps the generation for every change of content, and says how well it hears."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self.hearing = Hearing.DEAF
        self.away_since: float | None = None

    async def run(self, database: Database) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self._listen(database)
            except (PyMongoError, TimeoutError) as error:
                await self._lost(database, type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _listen(self, database: Database) -> None:
        # The driver would ask a member that recovers again and again, without a pause, until its
        # `timeoutMS` is over: most of a core of ours, and a third of one of the database's.
        if not await db.answers(database):
            raise ConnectionFailure("there is no primary")
        if self.hearing is not Hearing.WELL:
            await db.forget_connections(database)
        only: list[dict[str, Any]] = [
            {
                "$match": {
                    "ns.coll": {"$nin": sorted(PRIVATE)},
                    # Indexes and options of a collection are none of a reader's business.
                    "operationType": {"$nin": ["createIndexes", "dropIndexes", "create", "modify"]},
                }
            },
            {"$project": {"_id": 1}},
        ]
        opening = database.watch(only, max_await_time_ms=AWAIT_MS)
        async with asyncio.timeout(SILENCE_SECONDS):
            stream = await opening
        try:
            # Whatever was written before the stream began, it does not tell.
            self._generation.bump()
            self._hears()
            while True:
                async with asyncio.timeout(SILENCE_SECONDS):
                    change: Any = await stream.try_next()
                if change is not None:
                    self._generation.bump()
                elif not stream.alive:
                    return
        finally:
            await stream.close()

    def _hears(self) -> None:
        if self.hearing is not Hearing.WELL:
            log.info("cache_hearing", now=Hearing.WELL.value)
        self.hearing, self.away_since = Hearing.WELL, None

    async def _lost(self, database: Database, error: str) -> None:
        reached = await db.answers(database, 1.0)
        hearing = Hearing.DEAF if reached else Hearing.AWAY
        if hearing is not self.hearing:
            log.warning("cache_hearing", now=hearing.value, error=error)
        self.hearing = hearing
        if reached:
            self.away_since = None
        elif self.away_since is None:
            self.away_since = time.monotonic()

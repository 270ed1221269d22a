"""Settles what can be settled, in one process of all."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from beanie import Document

from cms.core.db import DatabaseError
from cms.history import entries
from cms.leases.documents import Lease
from cms.tallies import documents
from cms.tallies.documents import BATCH, Keys

NAME: Final = "tallies"
LEASE: Final = timedelta(minutes=5)
PAUSE_SECONDS: Final = 30.0
log = structlog.get_logger("cms.tallies")


async def keep(
    kind: type[Document], keys: Keys, now: Callable[[], datetime], pause: float = PAUSE_SECONDS
) -> None:
    """Work until cancelled; nothing is wrong while nobody does, only slower to count."""
    holder = str(entries.new_id())
    while True:
        try:
            if await Lease.hold(NAME, holder, now(), LEASE):
                while await documents.settle(kind, keys, now()) == BATCH:
                    await Lease.hold(NAME, holder, now(), LEASE)
        except DatabaseError as error:
            log.warning("tallies_wait", error=type(error).__name__)
        await asyncio.sleep(pause)

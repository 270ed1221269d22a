"""Messages don't stay for ever: spam goes after a month, the others when the setting says so.

Any number of processes run it; a lease lets one work.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from cms.contact.documents import Message
from cms.core.db import DatabaseError
from cms.history import entries
from cms.leases.documents import Lease

LEASE: Final = timedelta(minutes=10)
PAUSE_SECONDS: Final = 3600.0
NAME: Final = "contact"
SPAM_DAYS: Final = 30
# Whoever fills the folder in a night fills no disk.
MOST_SPAM: Final = 1000
log = structlog.get_logger("cms.contact")


async def run(now: Callable[[], datetime], keep_days: int, pause: float = PAUSE_SECONDS) -> None:
    """Work until cancelled; a database that is away is waited for."""
    holder = str(entries.new_id())
    while True:
        try:
            if await Lease.hold(NAME, holder, now(), LEASE):
                await remove_old(now(), keep_days)
                await Lease.let_go(NAME, holder)
        except DatabaseError as error:
            log.warning("contact_waits", error=type(error).__name__)
        await asyncio.sleep(pause)


async def remove_old(now: datetime, keep_days: int) -> int:
    """One round; the number of messages that went. With 0 days the inbox stays as it is."""
    spam_before = now - timedelta(days=SPAM_DAYS)
    beyond = await Message.moment_of("spam", MOST_SPAM - 1)
    done = await Message.remove_older("spam", max(spam_before, beyond or spam_before))
    if keep_days > 0:
        done += await Message.remove_older("inbox", now - timedelta(days=keep_days))
    if done:
        log.info("messages_removed", count=done)
    return done

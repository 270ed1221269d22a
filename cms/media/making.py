"""Makes variants beside the requests: one process at a time, one item after the other.

It may be killed anywhere: a file is there before a document names it, and what is missing is
found out anew each time from what the item should have.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from datetime import datetime, timedelta
from typing import Final

import structlog

from cms.core import db
from cms.core.db import DatabaseError
from cms.core.errors import Conflict, Refusal
from cms.core.storage import StoredNot
from cms.history import entries
from cms.history.entries import Editor, Entry
from cms.leases.documents import Lease
from cms.media import intake, processing, service, sweeping
from cms.media.documents import FIRST_PAUSE, MOST_FAILURES, MOST_TRIES, Media, Variant
from cms.media.library import Library
from cms.media.processing import Done, JobBroke, JobRefused
from cms.media.sweeping import Swept

LEASE: Final = timedelta(seconds=10)
PAUSE_SECONDS: Final = 0.5
SWEEP_SECONDS: Final = 6 * 3600.0
NAME: Final = "media"
Clock = Callable[[], datetime]
Hold = Callable[[], Awaitable[bool]]
log = structlog.get_logger("cms.media")


async def _always() -> bool:
    return True


async def run(library: Library, now: Clock, pause: float = PAUSE_SECONDS) -> None:
    """Work until cancelled; what is away is waited for."""
    holder = str(entries.new_id())
    sweep_at = asyncio.get_running_loop().time() + 60

    async def hold() -> bool:
        return await Lease.hold(NAME, holder, now(), LEASE)

    while True:
        is_time = asyncio.get_running_loop().time() > sweep_at
        try:
            if (is_time or await Media.due(now())) and await hold():
                if is_time:
                    sweep_at += SWEEP_SECONDS
                    await sweeping.sweep(library.storage, now(), hold=hold)
                while await step(library, now, hold) and await hold():
                    pass
                await Lease.let_go(NAME, holder)
        except (DatabaseError, Refusal, OSError) as error:
            log.warning("media_waits", error=type(error).__name__)
        except asyncio.CancelledError:
            with suppress(DatabaseError, TimeoutError):  # it expires by itself
                await asyncio.wait_for(Lease.let_go(NAME, holder), timeout=1)
            raise
        await asyncio.sleep(pause)


async def sweep_once(
    library: Library, *, dry_run: bool = False, grace: timedelta = sweeping.GRACE
) -> Swept:
    """A sweep by hand, beside whatever is running.

    Raises:
        Conflict: somebody is making variants, or sweeping.
    """
    holder = str(entries.new_id())

    async def hold() -> bool:
        return dry_run or await Lease.hold(NAME, holder, db.now(), LEASE)

    for _ in range(20):
        if await hold():
            break
        await asyncio.sleep(PAUSE_SECONDS)
    else:
        raise Conflict("Variants are being made: try again in a while.", code="busy")
    try:
        return await sweeping.sweep(
            library.storage, db.now(), grace=grace, dry_run=dry_run, hold=hold
        )
    finally:
        await Lease.let_go(NAME, holder)


async def step(library: Library, now: Clock, hold: Hold = _always) -> bool:
    """Look after the item that waited longest; False when none waits."""
    item = await Media.due(now())
    if item is None:
        return False
    why = ""
    failed: list[str] = []
    try:
        data = await library.storage.get(item.file.key)
        if missing := item.missing():
            file = item.file
            making = processing.vary(data, file.mime, file.frames, missing)
            async with aclosing(making) as made:
                async for done in made:
                    if done.failed:
                        failed.append(done.spec.name)
                    elif not await _kept(library, item, done) or not await hold():
                        return True
    except StoredNot:
        why = "its file is gone"
    except (JobBroke, JobRefused) as error:
        why = str(error)
    await _settle(item, failed, why, now())
    return True


async def _kept(library: Library, item: Media, done: Done) -> bool:
    """Store a variant, then name it; False when the item has other bytes by now."""
    spec = done.spec
    key = intake.key_of(item.ref, item.file.salt, spec.name, done.data, spec.mime)
    await library.storage.put(key, done.data)
    variant = Variant(
        key=key,
        width=done.width,
        height=done.height,
        mime=spec.mime,
        size=len(done.data),
        crop=spec.crop,
        focus=spec.focus,
        spec=spec.name,
    )
    replaced = await item.add_variant(variant)
    if replaced is None:
        await library.storage.delete(key)
        return False
    await service.forget(library.storage, replaced, db.now())
    return True


async def _settle(item: Media, failed: list[str], why: str, now: datetime) -> None:
    """Done, or when to try again; given up, the variants that are there serve."""
    current = await Media.by_id(item.item_id)
    if current is None or current.file.key != item.file.key:
        return
    missing = current.missing()
    if not missing:
        entry = await _finished(current, now)
        finished = await current.finish(entry)
        if finished is not None:
            await service.tell_late(finished, entry)
        return
    tries = current.tries + 1
    is_over = tries >= MOST_TRIES
    left = [spec.name for spec in missing] if is_over else failed
    again = None if is_over else now + FIRST_PAUSE * 2 ** (tries - 1)
    if is_over:
        log.error("variants_failed", media=current.ref, left=len(missing), why=why)
    await current.rest(left[:MOST_FAILURES], again, tries)


async def _finished(item: Media, now: datetime) -> Entry:
    """Pages that were published before the variants were there look better now."""
    return Entry(
        id=entries.new_id(),
        at=now,
        by=Editor(id=None, name="media"),
        door="clock",
        verb="variants_made",
        revision=item.revision,
        event=await service.event(item, now),
    )

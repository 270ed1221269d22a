"""Compares what is stored with what is named: files of nobody go, missing ones are made again."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from cms.core.pictures import KEY
from cms.core.storage import Storage, StoredNot
from cms.leases.documents import BACKUP, Lease
from cms.media.cards import KEY as CARD
from cms.media.documents import Media

# Longer than any upload or round of variants takes between the file and its name.
GRACE: Final = timedelta(hours=1)
CARD_AGE: Final = timedelta(days=90)
log = structlog.get_logger("cms.media")


@dataclass(frozen=True, slots=True)
class Swept:
    """What was found: files without an item, variants and originals without a file."""

    files: int = 0
    orphans: list[str] = field(default_factory=list)
    unfinished: int = 0
    missing_variants: list[str] = field(default_factory=list)
    missing_originals: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


async def _always() -> bool:
    return True


async def sweep(
    storage: Storage,
    now: datetime,
    *,
    grace: timedelta = GRACE,
    dry_run: bool = False,
    hold: Callable[[], Awaitable[bool]] = _always,
) -> Swept:
    """Put right what crashes left; a file younger than `grace` may be about to be named.

    Names are read after the files were listed, and a name never comes back (see `File.salt`) but
    by making a variant again, which whoever holds the lease does: while `hold` says so, a file
    that is old and unnamed stays unnamed.
    """
    stored = {item.key: item async for item in storage.names()}
    named: set[str] = set()
    lost: list[str] = []
    gone: list[str] = []
    async for item in Media.everything():
        named.update(item.keys())
        if item.file.key not in stored and item.created_at < now - grace:
            gone.append(item.file.key)
        away = [variant.key for variant in item.variants if variant.key not in stored]
        # It may have been written since the files were listed.
        away = [key for key in away if not await _is_there(storage, key)]
        lost += away
        if away and not dry_run:
            await item.lose(away, now)
    gone = [key for key in gone if not await _is_there(storage, key)]
    orphans = [
        key
        for key, item in stored.items()
        if KEY.fullmatch(key) and key not in named and item.modified_at < now - grace
    ]
    # A card that somebody still needs is drawn again; nobody knows which ones that are.
    orphans += [
        key
        for key, item in stored.items()
        if CARD.fullmatch(key) and item.modified_at < now - CARD_AGE
    ]
    unfinished = 0
    # A backup may read what was named a while ago.
    if not dry_run and not await Lease.is_held(BACKUP, now):
        for key in orphans:
            if await hold():
                await storage.delete(key)
        unfinished = await storage.clear_staged(now - grace)
    swept = Swept(len(stored), sorted(orphans), unfinished, sorted(lost), sorted(gone))
    if orphans or lost or gone or unfinished:
        told = {name: len(v) if isinstance(v, list) else v for name, v in swept.as_dict().items()}
        log.warning("media_swept", **told)
    return swept


async def _is_there(storage: Storage, key: str) -> bool:
    try:
        await storage.head(key)
    except StoredNot:
        return False
    return True

"""Brings a backup that was checked back into a database and a library."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

import structlog
from pyrage.x25519 import Identity

from cms.core import migrating
from cms.core.db import Database, now
from cms.core.errors import Conflict, Unavailable
from cms.core.storage import Storage
from cms.leases.documents import Lease
from cms.publishing.relay import NAME as RELAY
from cms.transfer import documents, verifying
from cms.transfer.archive import MEDIA
from cms.transfer.verifying import Checked

SPARE_BYTES: Final = 64 * 1024 * 1024
Progress = Callable[[int, int], None]
log = structlog.get_logger("cms.restore")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Where a backup is brought back to, and whether what is there may go."""

    library: Storage
    replaces: bool = False


def _silent(_done: int, _of: int) -> None:
    return


async def require_place(database: Database, aim: Aim, checked: Checked) -> None:
    """See that nothing is lost and nobody looks on.

    Raises:
        Conflict: there is content and nobody said that it may go, or a CMS serves it.
        Unavailable: the files do not fit on the disk.
    """
    if await Lease.is_held(RELAY, now()):
        raise Conflict(
            "A CMS serves this database, or did until some seconds ago: stop it first.",
            code="is_served",
        )
    if not aim.replaces and not await documents.is_empty(database):
        raise Conflict(
            "The database is not empty: --replace removes everything in it first.",
            code="not_empty",
        )
    free = await asyncio.to_thread(aim.library.free_bytes)
    if free is not None and free < checked.file_bytes + SPARE_BYTES:
        raise Unavailable("The library's files do not fit on the disk.", code="storage_full")


async def restore(
    database: Database,
    file: BinaryIO,
    checked: Checked,
    aim: Aim,
    *,
    identities: Sequence[Identity] = (),
    progress: Progress = _silent,
) -> None:
    """Write it all: what was there before is gone, and the schema is this release's at the end.

    Killed anywhere, it leaves a mark by which no CMS starts until it was run again.

    Raises:
        ArchiveRefused: the file was changed since it was checked.
        Conflict, Unavailable: see `require_place`.
    """
    await require_place(database, aim, checked)
    file.seek(0)
    await documents.begin(database, now())
    await migrating.migrate(database, checked.migrations)
    await documents.clear(database)
    total = len(checked.manifest.members)
    found = verifying.contents(file, checked, identities)
    done = 0
    while (item := await asyncio.to_thread(_following, found)) is not None:
        name, data = item
        if name.startswith(MEDIA):
            await aim.library.put(name.removeprefix(MEDIA), data)
        else:
            await documents.insert(database, name.split("/")[1], list(documents.split(data)))
        done += 1
        progress(done, total)
    for collection, count in checked.manifest.documents.items():
        if await documents.count(database, collection) != count:
            raise Unavailable(f"{collection} did not arrive whole: run the restore again.")
    await migrating.migrate(database)
    await documents.finish(database)
    log.info("restored", made_at=checked.header.made_at.isoformat(), members=done)


def _following(found: Iterator[tuple[str, bytes]]) -> tuple[str, bytes] | None:
    return next(found, None)

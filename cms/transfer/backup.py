"""Makes a backup: every document as of one moment, then the files that these documents name."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final

import structlog
from bson import ObjectId

from cms import __version__
from cms.core.db import Database, DatabaseError, now
from cms.core.ending import end
from cms.core.errors import Conflict, Unavailable
from cms.core.storage import STAGED, Storage, StoredNot
from cms.leases.documents import BACKUP, Lease
from cms.transfer import documents, encryption, keeping, sealing
from cms.transfer.archive import DOCUMENTS, HEADER, MANIFEST, MEDIA, SEAL, Writer
from cms.transfer.documents import Snapshot
from cms.transfer.schemas import FORMAT, Header, Manifest

LEASE: Final = timedelta(seconds=60)
# Called with how many documents and files are in, and how many there will be.
Progress = Callable[[int, int], None]
log = structlog.get_logger("cms.backup")


@dataclass(frozen=True, slots=True)
class Made:
    """What became of it. `missing` are files that the library names and does not have."""

    name: str
    size: int
    documents: int
    files: int
    missing: list[str]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where a backup comes from and goes to; `spool` is where one is made that goes far."""

    library: Storage
    place: Storage
    spool: Path
    secret_key: str
    recipients: Sequence[str] = ()
    has_media: bool = True


def _silent(_done: int, _of: int) -> None:
    return


async def make(database: Database, plan: Plan, progress: Progress = _silent) -> Made:
    """One backup, there whole or not at all.

    Raises:
        Conflict: another one is being made.
        Unavailable: the place or the library does not answer, or the disk is full.
    """
    kind: keeping.Kind = "whole" if plan.has_media else "documents"
    name = keeping.name_for(now(), kind, is_encrypted=bool(plan.recipients))
    async with _alone() as still:
        folder = plan.place.folder or plan.spool
        with _staged(folder, name) as (file, path):
            made = await _write(database, plan, file, progress)
            size = file.tell()
            file.flush()
            still()
            await plan.place.take(name, path)
    done = Made(name, size, sum(made.documents.values()), _files(made), made.missing)
    log.info("backup_made", name=name, size=size, documents=done.documents, files=done.files)
    return done


@contextlib.contextmanager
def _staged(folder: Path, name: str) -> Iterator[tuple[BinaryIO, Path]]:
    """A file that is gone afterwards, unless it was moved to where it belongs."""
    path: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, found = tempfile.mkstemp(dir=folder, prefix=f"{name}{STAGED}")
        path = Path(found)
        with os.fdopen(handle, "w+b") as file:
            yield file, path
    except OSError as error:
        raise Unavailable(f"The backup can't be written: {error.strerror or error}.") from None
    finally:
        if path is not None:
            path.unlink(missing_ok=True)


def _files(manifest: Manifest) -> int:
    return sum(member.name.startswith(MEDIA) for member in manifest.members)


@contextlib.asynccontextmanager
async def _alone() -> AsyncIterator[Callable[[], None]]:
    """Nobody else makes one meanwhile, and no file is taken away; yields a check that it is so."""
    holder = str(ObjectId())
    if not await Lease.hold(BACKUP, holder, now(), LEASE):
        raise Conflict("Another backup is being made.", code="busy")
    renewal = asyncio.create_task(_renew(holder))

    def still() -> None:
        if renewal.done():
            raise Conflict("The backup took a rest for too long: make another one.", code="busy")

    try:
        yield still
    finally:
        await end([renewal])
        await Lease.let_go(BACKUP, holder)


async def _renew(holder: str) -> None:
    """Until somebody else has the lease, or the database was away for too long."""
    ends = now() + LEASE
    while now() < ends:
        with contextlib.suppress(DatabaseError):
            if not await Lease.hold(BACKUP, holder, now(), LEASE):
                return
            ends = now() + LEASE
        await asyncio.sleep(LEASE.total_seconds() / 6)


async def _write(database: Database, plan: Plan, file: BinaryIO, progress: Progress) -> Manifest:
    with contextlib.ExitStack() as stack:
        sink = stack.enter_context(encryption.encrypting(file, plan.recipients))
        writer = stack.enter_context(Writer(sink))
        async with documents.snapshot(database) as snapshot:
            header = Header(
                format=FORMAT,
                made_by=__version__,
                made_at=now(),
                has_media=plan.has_media,
                migrations=await snapshot.applied(),
            )
            await _add(writer, HEADER, header.model_dump_json().encode())
            total = await snapshot.count()
            counts, files = await _documents(writer, snapshot, total, progress)
        names = sorted(files) if plan.has_media else []
        missing = await _media(writer, plan.library, names, sum(counts.values()), progress)
        manifest = Manifest(members=writer.members, documents=counts, missing=missing)
        raw = manifest.model_dump_json().encode()
        await _add(writer, MANIFEST, raw)
        await _add(writer, SEAL, sealing.seal(plan.secret_key, raw))
    return manifest


async def _documents(
    writer: Writer, snapshot: Snapshot, total: int, progress: Progress
) -> tuple[dict[str, int], set[str]]:
    """How many of each collection, and the files that the library's items name."""
    counts: dict[str, int] = {}
    files: set[str] = set()
    for collection in snapshot.collections:
        if collection == documents.MIGRATIONS:
            continue
        counts[collection] = number = 0
        async for batch in snapshot.batches(collection):
            number += 1
            await _add(writer, f"{DOCUMENTS}{collection}/{number:08}.bson", batch)
            for document in documents.split(batch):
                counts[collection] += 1
                if collection == "media":
                    files.update(documents.files_of(documents.decode(document)))
            progress(sum(counts.values()), total)
    return counts, files


async def _media(
    writer: Writer, library: Storage, names: Sequence[str], before: int, progress: Progress
) -> list[str]:
    """The names of files that are not there."""
    missing = []
    for number, name in enumerate(names, 1):
        try:
            data = await library.get(name)
        except StoredNot:
            missing.append(name)
        else:
            await _add(writer, MEDIA + name, data)
        progress(before + number, before + len(names))
    if missing:
        log.warning("backup_misses_files", count=len(missing))
    return missing


async def _add(writer: Writer, name: str, data: bytes) -> None:
    await asyncio.to_thread(writer.add, name, data)

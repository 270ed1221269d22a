"""Backups made here, and everything in a database and a library, to be compared."""

import hashlib
import io
import tarfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from cms.config import Settings
from cms.core import migrating
from cms.core.db import Database
from cms.core.storage import Storage
from cms.transfer import backup, documents, restoring, sealing, verifying
from cms.transfer.archive import MANIFEST, SEAL, zstd
from cms.transfer.backup import Plan
from cms.transfer.schemas import Manifest, Member
from cms.transfer.verifying import Checked
from tests import make
from tests.media import samples

Parts = list[tuple[str, bytes]]


def plan_for(library: Storage, folder: Path, **changes: Any) -> Plan:
    values = {"place": Storage(str(folder)), "spool": folder, "secret_key": make.KEY, **changes}
    return Plan(library=library, **values)


async def made(database: Database, plan: Plan) -> bytes:
    """The bytes of a new backup."""
    done = await backup.make(database, plan)
    return await plan.place.get(done.name)


def checked(data: bytes, **changes: Any) -> Checked:
    options = {"known": migrating.available(), "secret_keys": [make.KEY], **changes}
    return verifying.check(io.BytesIO(data), **options)


async def restored(
    database: Database, library: Storage, data: bytes, *, replaces: bool = True, **changes: Any
) -> None:
    """What `cms restore` does: look at all of it, then write it."""
    found = checked(data, **changes)
    aim = restoring.Aim(library=library, replaces=replaces)
    identities = changes.get("identities", [])
    await restoring.restore(database, io.BytesIO(data), found, aim, identities=identities)


async def portfolio(owner: httpx.AsyncClient) -> None:
    """Something of everything."""
    picture = await make.media(owner, samples.jpeg(400, 300), "palm.jpg")
    await make.media(owner)
    await make.published(owner, title="Live", cover_id=picture["id"], tag_slugs=["API"])
    await make.article(owner, title="A draft with ümlauts, 漢字 and 🌴")
    await make.live(owner, "projects", title="A project")
    await make.profile(owner, name="Rani")
    await make.series(owner)


async def everything(database: Database, library: Storage) -> dict[str, str]:
    """A digest of each collection's documents and each file, but for what is of the moment."""
    found = {}
    for name in sorted(set(await database.list_collection_names()) - documents.PASSING):
        rows: Any = database[name].find_raw_batches({}, sort=[("_id", 1)])
        parts = [part async for batch in rows for part in documents.split(batch)]
        if name != documents.MIGRATIONS and parts:
            found[name] = hashlib.sha256(b"".join(parts)).hexdigest()
    async for stored in library.names():
        data = await library.get(stored.key)
        found[stored.key] = hashlib.sha256(data).hexdigest()
    return found


async def wipe(database: Database, library: Storage) -> None:
    for name in await database.list_collection_names():
        await database.drop_collection(name)
    for key in [stored.key async for stored in library.names()]:
        await library.delete(key)


@asynccontextmanager
async def schema(database: Database) -> AsyncIterator[None]:
    """Whatever a test does to the database, the next one finds it migrated."""
    try:
        yield
    finally:
        await documents.finish(database)
        await migrating.migrate(database)


def unpacked(data: bytes) -> Parts:
    """The members of a backup, read by Python's own tar."""
    with tarfile.open(fileobj=io.BytesIO(zstd.decompress(data))) as tar:
        found = [(item.name, tar.extractfile(item)) for item in tar]
        return [(name, file.read()) for name, file in found if file is not None]


def packed(parts: Iterable[tuple[str, bytes] | tarfile.TarInfo]) -> bytes:
    """An archive of these members, in the words of Python's own tar."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for part in parts:
            info = part if isinstance(part, tarfile.TarInfo) else tarfile.TarInfo(part[0])
            data = b"" if isinstance(part, tarfile.TarInfo) else part[1]
            info.size, info.mode = len(data) or info.size, 0o600
            tar.addfile(info, io.BytesIO(data) if data else None)
    end = file.getvalue().rstrip(b"\0")
    whole = end + bytes(-len(end) % tarfile.BLOCKSIZE) + bytes(2 * tarfile.BLOCKSIZE)
    return zstd.compress(whole)


def sealed(parts: Sequence[tuple[str, bytes]], key: str = make.KEY, **changes: Any) -> bytes:
    """An archive of these members whose manifest and seal are right."""
    body = [part for part in parts if part[0] not in {MANIFEST, SEAL}]
    told = Manifest.model_validate_json(dict(parts)[MANIFEST])
    rows = [
        Member(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())
        for name, data in body
    ]
    manifest = told.model_copy(update={"members": rows, **changes}).model_dump_json().encode()
    return packed([*body, (MANIFEST, manifest), (SEAL, sealing.seal(key, manifest))])


def settings_with(settings: Settings, **changes: Any) -> Settings:
    return replace(settings, **changes)

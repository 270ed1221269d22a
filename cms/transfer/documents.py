"""What a backup reads and what a restore writes: whole collections, as the database keeps them."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import bson
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import OperationFailure

from cms.core.db import Database
from cms.core.migrating import RESTORE
from cms.transfer.schemas import COLLECTION, Applied, ArchiveRefused

MIGRATIONS: Final = "migrations"
# What is of the moment: who is signed in, who works, who tried too often, links under way. Brought
# back, it would sign in again whom somebody has signed out since.
PASSING: Final = frozenset({"sessions", "setup", "leases", "locks", "throttles", "links"})
# What a CMS that never had any content has all the same.
EMPTY: Final = PASSING | {MIGRATIONS, "search_state", "tallies"}
BATCH: Final = 1000
MOST_BYTES: Final = 16 * 1024 * 1024 + 16 * 1024  # of one document, as MongoDB has it
SNAPSHOT_UNAVAILABLE: Final = 246
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every collection as it was in one moment, whatever is written meanwhile."""

    database: Database
    session: AsyncClientSession
    collections: Sequence[str]

    async def applied(self) -> list[Applied]:
        rows = self.database[MIGRATIONS].find({}, session=self.session).sort("_id")
        return [
            Applied(number=row["_id"], name=row["name"], checksum=row["checksum"])
            async for row in rows
        ]

    async def batches(self, collection: str) -> AsyncIterator[bytes]:
        """Its documents, one behind the other, some at a time."""
        found: Any = self.database[collection].find_raw_batches(  # its type says documents
            {}, session=self.session, batch_size=BATCH
        )
        async for batch in found:
            yield batch

    async def count(self) -> int:
        """About how many there are, to show how far a backup is."""
        counts = [await self.database[name].estimated_document_count() for name in self.collections]
        return sum(counts)


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[Snapshot]:
    """Hold one moment of the whole database; MongoDB remembers it for five minutes."""
    names = sorted(set(await database.list_collection_names()) - PASSING)
    kept = [name for name in names if COLLECTION.fullmatch(name)]
    async with database.client.start_session(snapshot=True) as session:
        found = Snapshot(database, session, kept)
        for attempt in range(20):
            try:
                for name in kept:
                    await database[name].find_one({}, {"_id": 1}, session=session)
                break
            except OperationFailure as error:  # a collection was made a moment ago
                if error.code != SNAPSHOT_UNAVAILABLE or attempt == 19:
                    raise
            await asyncio.sleep(0.1)
        yield found


def split(batch: bytes) -> Iterator[bytes]:
    """The documents of a batch, each of them well-formed.

    Raises:
        ArchiveRefused: they are not.
    """
    at = 0
    while at < len(batch):
        size = int.from_bytes(batch[at : at + 4], "little")
        if not 5 <= size <= min(MOST_BYTES, len(batch) - at):
            raise ArchiveRefused("The archive holds what is no document.")
        yield batch[at : at + size]
        at += size


def decode(document: bytes) -> Row:
    """Read one.

    Raises:
        ArchiveRefused: it can't be read, or has no `_id`.
    """
    try:
        row = bson.decode(document)
    except (BSONError, RecursionError, ValueError, OverflowError):
        row = {}
    if "_id" not in row:
        raise ArchiveRefused("The archive holds what is no document.")
    return row


def files_of(item: Row) -> Iterator[str]:
    """The names of all files of a media item."""
    yield item["file"]["key"]
    for variant in item.get("variants") or []:
        yield variant["key"]


async def is_empty(database: Database) -> bool:
    """Whether nobody has put anything in yet."""
    for name in set(await database.list_collection_names()) - EMPTY:
        if await database[name].find_one({}, {"_id": 1}) is not None:
            return False
    return True


async def begin(database: Database, now: datetime) -> None:
    """From here on no CMS starts on this database until `finish`; everything in it goes."""
    mark = {"$set": {"started_at": now}}
    await database["locks"].update_one({"_id": RESTORE}, mark, upsert=True)
    for name in await database.list_collection_names():
        if name != "locks" and not name.startswith("system."):
            await database.drop_collection(name)


async def clear(database: Database) -> None:
    """Take out what migrations put in; what they made stays: collections and indexes."""
    for name in await database.list_collection_names():
        if name not in {"locks", MIGRATIONS} and not name.startswith("system."):
            await database[name].delete_many({})


async def insert(database: Database, collection: str, documents: Sequence[bytes]) -> None:
    rows = [RawBSONDocument(document) for document in documents]
    await database.get_collection(collection).insert_many(rows, ordered=False)


async def count(database: Database, collection: str) -> int:
    return await database[collection].count_documents({})


async def finish(database: Database) -> None:
    await database["locks"].delete_one({"_id": RESTORE})

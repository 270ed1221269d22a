"""The only place that makes a MongoDB client, and what it may be connected to."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pymongo
from beanie import Document, init_beanie
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConfigurationError, PyMongoError

from cms.core.writes import Writes

# What the driver raises when the server is away or refuses; for those who only wait for it.
DatabaseError = PyMongoError
# A request's first operation that gets no answer ends it, so that 503 leaves within 5 s. Each
# operation has its own: sixty requests at once wait for each other, not for the database.
REQUEST_SECONDS = 4.0
Database = AsyncDatabase[dict[str, Any]]
# "Never" as a time: null compares lower than every date in MongoDB, this compares higher.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
CONVERT = (
    "MongoDB at CMS_MONGODB_URL is a standalone; Lontar needs a replica set (one node will do). "
    "Start mongod with --replSet rs0 and run once: mongosh --eval 'rs.initiate()'"
)


class DatabaseRefused(Exception):
    """The database can't be used; the message is one line that says what to do."""


def now() -> datetime:
    """The time, cut to the milliseconds that MongoDB keeps: what is stored compares equal."""
    return datetime.fromtimestamp(time.time_ns() // 1_000_000 / 1000, UTC)


def make_client(
    url: str,
    *,
    max_pool_size: int = 100,
    seconds: float | None = None,
    after_write: Callable[[], None] | None = None,
) -> AsyncMongoClient[dict[str, Any]]:
    """A client that never acknowledges what a failover could lose (`w: majority`, journal).

    Raises:
        DatabaseRefused: the address can't be read. The driver's own words may hold its password.
    """
    try:
        return _client(url, max_pool_size, seconds, after_write)
    except (PyMongoError, ValueError):
        raise DatabaseRefused(
            "CMS_MONGODB_URL can't be read: look at its hosts and options, and percent-encode "
            "the user's name and password."
        ) from None


def _client(
    url: str, max_pool_size: int, seconds: float | None, after_write: Callable[[], None] | None
) -> AsyncMongoClient[dict[str, Any]]:
    return AsyncMongoClient(
        url,
        timeoutMS=round(seconds * 1000) if seconds else None,
        appname="lontar",
        tz_aware=True,
        w="majority",
        journal=True,
        readConcernLevel="majority",
        retryWrites=True,
        maxPoolSize=max_pool_size,
        # A frozen server must be noticed well inside the 5 s that an answer may take.
        serverSelectionTimeoutMS=3000,
        connectTimeoutMS=2000,
        heartbeatFrequencyMS=2000,
        event_listeners=[Writes(after_write)] if after_write else [],
    )


@asynccontextmanager
async def connected(
    url: str,
    database: str,
    models: Sequence[type[Document]] = (),
    *,
    seconds: float | None = None,
    after_write: Callable[[], None] | None = None,
) -> AsyncIterator[Database]:
    """A database whose Beanie models are ready; indexes belong to the migrations.

    `seconds` is how long one operation may take, retries included; None waits for migrations.
    `after_write` is called between the acknowledgement of a write that readers may notice and
    whoever made it.
    """
    client = make_client(url, seconds=seconds, after_write=after_write)
    try:
        found = client[database]
        if models:
            await init_beanie(database=found, document_models=list(models), skip_indexes=True)
        yield found
    finally:
        await client.close()


async def require_replica_set(database: Database) -> None:
    """Refuse a standalone: change streams and transactions need a replica set.

    Raises:
        DatabaseRefused: it is a standalone, or it does not answer.
    """
    try:
        with pymongo.timeout(5):
            hello = await database.client.admin.command("hello")
    except PyMongoError as error:
        raise DatabaseRefused(f"MongoDB does not answer: {_first_line(error)}") from None
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise DatabaseRefused(CONVERT)


async def answers(database: Database, seconds: float = 1.0) -> bool:
    """Whether the primary answers within `seconds`, as readers ask it: in a session.

    A member addressed directly is asked whatever it is: one that recovers does not count.
    """
    try:
        with pymongo.timeout(seconds):
            async with database.client.start_session() as session:
                hello = await database.command("hello", session=session)
    except ConfigurationError:
        await forget_connections(database)
        return False
    except PyMongoError:
        return False
    return bool(hello["isWritablePrimary"])


async def forget_connections(database: Database) -> None:
    """Have every operation from now on open a connection of its own, or one opened since.

    The driver keeps for as long as a connection lives what its member said of itself when it was
    opened. One that was opened to a member that recovered knows of no sessions, not even when the
    member has long been the primary: whatever needs one would fail until we are started again.
    There is no public way to have a connection closed.
    """
    servers = database.client._topology._servers  # noqa: SLF001
    for server in list(servers.values()):
        await server.pool.reset_without_pause()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200]

"""The one client: what it promises about writes, and which databases it refuses."""

import asyncio
import contextlib
import gc
import shutil
import signal
import subprocess
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pymongo
import pytest
from litestar import Litestar
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from cms.core import db
from cms.core.db import Database, DatabaseRefused
from cms.core.doctor import Installation, examine
from cms.core.generation import Generation
from cms.core.mongod_binary import command_line
from cms.core.watching import Hearing, Watch
from tests.reliability.running import free_port

DEADLINE = 60.0  # against a hang


@pytest.fixture(scope="module")
def standalone() -> Iterator[str]:
    """A mongod that is no replica set, from the embedded binary, on loopback."""
    with _mongod() as url:
        yield url


@pytest.fixture
def unfounded() -> Iterator[str]:
    """A member that answers and takes neither reads nor writes, as one that recovers."""
    with _mongod("--replSet", "never") as url:
        yield url


@contextlib.contextmanager
def _mongod(*options: str) -> Iterator[str]:
    port = free_port()
    line = command_line()
    binary = next(part for part in line if part.endswith("/mongod"))
    # A short path: a socket's address has little room.
    folder = Path(f"/tmp/lontar-standalone-{port}")
    folder.mkdir(mode=0o700)
    options += ("--bind_ip", "127.0.0.1", "--nounixsocket", "--wiredTigerCacheSizeGB", "0.25")
    options += ("--dbpath", str(folder), "--port", str(port), "--logpath", str(folder / "log"))
    process = subprocess.Popen(
        [*line[: line.index(binary)], binary, *options], stdout=subprocess.DEVNULL
    )
    url = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    deadline = time.monotonic() + DEADLINE
    client: MongoClient[dict[str, object]] = MongoClient(url, serverSelectionTimeoutMS=200)
    while True:
        try:
            client.admin.command("ping")
            break
        except PyMongoError:
            assert process.poll() is None, (folder / "log").read_text()[-2000:]
            assert time.monotonic() < deadline, "mongod did not start"
    client.close()
    _forget_half_open_sockets()
    yield url
    process.send_signal(signal.SIGTERM)
    process.wait(DEADLINE)
    shutil.rmtree(folder)


async def test_a_standalone_is_refused_with_the_command_that_converts_it(standalone: str) -> None:
    async with db.connected(standalone, "lontar") as database:
        with pytest.raises(DatabaseRefused) as refused:
            await db.require_replica_set(database)
    said = str(refused.value)
    assert "standalone" in said
    assert "--replSet" in said
    assert "rs.initiate()" in said
    assert "\n" not in said


async def test_a_member_that_takes_no_reads_is_away_and_is_left_in_peace(unfounded: str) -> None:
    async with db.connected(unfounded, "lontar", seconds=4) as database:
        assert not await db.answers(database)
        watch = Watch(Generation())
        listening = asyncio.create_task(watch.run(database))
        try:
            before = await _questions(database)
            await asyncio.sleep(2)
            # A try takes three, and is followed by a pause of a fifth of a second.
            assert await _questions(database) - before <= 60
            assert watch.hearing is Hearing.AWAY
        finally:
            listening.cancel()


async def test_what_was_opened_while_a_member_recovered_is_not_kept(unfounded: str) -> None:
    """Each in a session, several at once, so that no connection of the pool is passed over."""

    async def read() -> None:
        async with database.client.start_session() as session:
            await database["things"].find_one({"$where": "sleep(50)"}, session=session)

    async def read_at_once() -> None:
        await asyncio.gather(*(read() for _ in range(4)))

    async with db.connected(unfounded, "lontar", seconds=4) as database:
        pings = (database.command("ping") for _ in range(4))
        await asyncio.gather(*pings)
        with MongoClient[dict[str, object]](unfounded) as founder:
            host = unfounded.removeprefix("mongodb://").partition("/")[0]
            members = [{"_id": 0, "host": host}]
            founder.admin.command("replSetInitiate", {"_id": "never", "members": members})
        watch = Watch(Generation())
        listening = asyncio.create_task(watch.run(database))
        try:
            async with asyncio.timeout(DEADLINE):
                while True:
                    await asyncio.sleep(0.01)
                    if watch.hearing is Hearing.WELL:
                        break
            await read_at_once()
        finally:
            listening.cancel()


async def _questions(database: Database) -> int:
    status = await database.client.admin.command("serverStatus")
    asked: int = status["network"]["numRequests"]
    return asked


async def test_doctor_says_the_same_of_a_standalone(standalone: str, tmp_path: Path) -> None:
    findings = await examine(_installation(standalone, tmp_path))
    bad = [finding for finding in findings if finding.is_bad]
    assert [finding.subject for finding in bad] == ["mongodb"]
    assert "rs.initiate()" in bad[0].says


async def test_doctor_is_content_with_the_embedded_one(
    served: Litestar, database_url: str, database: Database, tmp_path: Path
) -> None:
    findings = await examine(_installation(database_url, tmp_path))
    assert [finding.verdict for finding in findings] == ["good"] * len(findings)
    assert {finding.subject for finding in findings} >= {"mongodb", "migrations", "disk"}


async def test_doctor_warns_of_a_version_with_holes_and_an_open_address(
    served: Litestar, database_url: str, database: Database, tmp_path: Path
) -> None:
    installation = _installation(database_url, tmp_path, is_embedded=False, is_loopback=False)
    found = {finding.subject: finding for finding in await examine(installation)}
    assert found["mongodb version"].verdict == "warning"
    assert found["address"].verdict == "warning"


def _installation(
    url: str, data_dir: Path, *, is_embedded: bool = True, is_loopback: bool = True
) -> Installation:
    return Installation(
        url=url,
        database="lontar",
        is_embedded=is_embedded,
        is_loopback=is_loopback,
        host="127.0.0.1" if is_loopback else "192.0.2.1",
        address="http://127.0.0.1:8000",
        data_dir=data_dir / "not there yet",
    )


async def test_a_dead_port_is_refused_in_one_line() -> None:
    async with db.connected("mongodb://127.0.0.1:1/?directConnection=true", "lontar") as database:
        with (
            pymongo.timeout(0.5),  # or it takes the 5 s that it may
            pytest.raises(DatabaseRefused, match="MongoDB does not answer") as refused,
        ):
            await db.require_replica_set(database)
        assert "\n" not in str(refused.value)
        assert not await db.answers(database, seconds=0.2)
    _forget_half_open_sockets()


def _forget_half_open_sockets() -> None:
    """PyMongo's monitor drops a socket unclosed when it is cancelled while it connects."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.parametrize(
    "url",
    [
        "mongodb://",
        "mongodb://rani:secret@host:port",
        "mongodb://rani:secret@host/?w=majority&tls=true&ssl=false",
        "mongodb://rani:secret@host/a b?tls=maybe&tlsAllowInvalidCertificates=x",
        "mongodb://rani:secret@[::1",
        "mongodb://rani:secret@h:99999",
    ],
)
def test_an_address_that_can_not_be_read_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseRefused, match="CMS_MONGODB_URL can't be read") as refused:
        db.make_client(url)
    assert "secret" not in str(refused.value)


async def test_no_option_in_the_address_weakens_what_an_acknowledgement_means() -> None:
    url = "mongodb://127.0.0.1:1/?w=1&journal=false&readConcernLevel=local&directConnection=true"
    client = db.make_client(url)
    assert client.write_concern.document == {"w": "majority", "j": True}
    assert client.read_concern.level == "majority"
    assert client.options.retry_writes
    assert client.codec_options.tz_aware
    await client.close()
    _forget_half_open_sockets()


def test_now_is_what_mongodb_keeps() -> None:
    moment = db.now()
    assert moment.tzinfo is UTC
    assert moment.microsecond % 1000 == 0
    assert datetime(2026, 1, 1, tzinfo=UTC) < moment < db.NEVER

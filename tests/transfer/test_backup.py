"""Promise 6: a backup, a wipe and a restore give equal documents and equal files."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from cms.core import db, migrating
from cms.core.db import Database, DatabaseRefused
from cms.core.ending import end
from cms.core.errors import Conflict, Invalid
from cms.core.storage import Storage, StoredNot
from cms.leases.documents import BACKUP, Lease
from cms.media import service, sweeping
from cms.publishing import relay
from cms.transfer import backup, documents, encryption, restoring
from cms.transfer.schemas import ArchiveRefused
from tests.transfer import archives

PAUSE = 1 / 200
GUARD = 60.0


async def test_backup_wipe_restore_gives_equal_documents_and_files(
    owner: httpx.AsyncClient, database: Database, library: Storage, tmp_path: Path
) -> None:
    await archives.portfolio(owner)
    before = await archives.everything(database, library)
    assert {"articles", "media", "accounts", "tokens", "tags", "profiles"} <= before.keys()
    data = await archives.made(database, archives.plan_for(library, tmp_path / "backups"))

    await archives.wipe(database, library)
    assert await archives.everything(database, library) == {}
    await archives.restored(database, library, data, replaces=False)

    assert await archives.everything(database, library) == before
    assert await migrating.is_migrated(database)
    indexes = await database["articles"].index_information()
    assert len(indexes) > 5
    # What is of the moment does not come back: whoever was signed out stays signed out.
    assert await database["sessions"].count_documents({}) == 0
    listed = await owner.get("/api/v1/admin/articles")
    assert [item["title"] for item in listed.json()["items"]][-1] == "Live"


class Writers:
    """About 200 writes a second, each pair of which belongs together: first one, then the other."""

    def __init__(self, database: Database) -> None:
        self._first, self._second = database["pairs_first"], database["pairs_second"]
        self.count = 0
        self._written = asyncio.Condition()

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._write())
        try:
            await self.more(20)
            yield
        finally:
            await end([task])

    async def more(self, pairs: int) -> None:
        """Until so many more are written, each of them whole."""
        until = self.count + pairs + 1
        async with asyncio.timeout(GUARD), self._written:
            await self._written.wait_for(lambda: self.count >= until)

    async def _write(self) -> None:
        while True:
            self.count += 1
            async with self._written:
                self._written.notify_all()
            row = {"path": f"/{self.count}"}
            await self._first.insert_one({"_id": self.count, **row})
            await asyncio.sleep(PAUSE)
            await self._second.insert_one({"_id": self.count, **row})
            await asyncio.sleep(PAUSE)


async def _apart(database: Database) -> int:
    """By how much the two collections disagree; one write may stand between them."""
    first = await database["pairs_first"].count_documents({})
    return first - await database["pairs_second"].count_documents({})


def _slowly(monkeypatch: pytest.MonkeyPatch, writers: Writers) -> None:
    """Between two collections of a backup, at least three pairs are written."""
    whole = documents.Snapshot.batches

    async def batches(self: documents.Snapshot, collection: str) -> AsyncIterator[bytes]:
        await writers.more(3)
        async for batch in whole(self, collection):
            yield batch

    monkeypatch.setattr(documents.Snapshot, "batches", batches)


async def test_a_backup_under_200_writes_a_second_is_of_one_moment(
    owner: httpx.AsyncClient,
    database: Database,
    library: Storage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await archives.portfolio(owner)
    writers = Writers(database)
    _slowly(monkeypatch, writers)
    async with writers.writing():
        before = writers.count
        data = await archives.made(database, archives.plan_for(library, tmp_path / "backups"))
        assert writers.count > before + 20
    files = {key async for key in _keys(library)}
    await archives.wipe(database, library)

    await archives.restored(database, library, data)

    assert await _apart(database) in {0, 1}
    assert await database["pairs_first"].count_documents({}) > 10
    assert {key async for key in _keys(library)} == files


async def test_the_control_that_reads_as_things_go_is_of_many_moments(
    database: Database, library: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writers = Writers(database)
    _slowly(monkeypatch, writers)
    start = type(database.client).start_session

    def plain(client: Any, **_: Any) -> Any:
        return start(client)

    monkeypatch.setattr(type(database.client), "start_session", plain)
    async with writers.writing():
        data = await archives.made(database, archives.plan_for(library, tmp_path / "backups"))
    await archives.restored(database, library, data)
    assert await _apart(database) < 0


async def _keys(library: Storage) -> AsyncIterator[str]:
    async for stored in library.names():
        yield stored.key


async def test_a_file_that_is_deleted_meanwhile_is_in_the_backup(
    owner: httpx.AsyncClient,
    database: Database,
    library: Storage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await archives.portfolio(owner)
    listed = (await owner.get("/api/v1/admin/media")).json()["items"]
    before = await archives.everything(database, library)
    get = library.get

    async def deleting(key: str) -> bytes:
        while listed:
            item = listed.pop()
            gone = await owner.delete(
                f"/api/v1/admin/media/{item['id']}?force=true",
                headers={"If-Match": f'"{item["revision"]}"'},
            )
            assert gone.status_code == 204
            await sweeping.sweep(library, db.now() + 2 * sweeping.GRACE, grace=sweeping.GRACE)
        return await get(key)

    monkeypatch.setattr(library, "get", deleting)
    # Two hours on, the lease of the backup would be over for whoever asks it.
    monkeypatch.setattr(backup, "LEASE", 10 * sweeping.GRACE)
    data = await archives.made(database, archives.plan_for(library, tmp_path / "backups"))
    monkeypatch.undo()

    assert archives.checked(data).manifest.missing == []
    await archives.restored(database, library, data)
    after = await archives.everything(database, library)
    assert {key for key in after if "-" in key} >= {key for key in before if "-" in key}


async def test_files_go_again_when_no_backup_reads_them(
    library: Storage, database: Database
) -> None:
    await library.put("a", b"x")
    await Lease.hold(BACKUP, "somebody", db.now(), backup.LEASE)
    await service.forget(library, ["a"], db.now())
    assert await library.get("a") == b"x"
    await Lease.let_go(BACKUP, "somebody")
    await service.forget(library, ["a"], db.now())
    with pytest.raises(StoredNot):
        await library.get("a")


async def test_of_two_backups_at_once_one_is_made(
    database: Database, library: Storage, tmp_path: Path
) -> None:
    plan = archives.plan_for(library, tmp_path / "backups")
    both = [backup.make(database, plan), backup.make(database, plan)]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(item).__name__ for item in done) == ["Conflict", "Made"]
    assert len(list((tmp_path / "backups").iterdir())) == 1


async def test_a_backup_that_fails_leaves_nothing_behind(
    owner: httpx.AsyncClient,
    database: Database,
    library: Storage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await archives.portfolio(owner)

    async def broken(_key: str) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(library, "get", broken)
    with pytest.raises(Exception, match="No space left"):
        await archives.made(database, archives.plan_for(library, tmp_path / "backups"))
    assert list((tmp_path / "backups").iterdir()) == []
    assert not await Lease.is_held(BACKUP, db.now())


async def test_a_library_that_lost_a_file_is_backed_up_all_the_same(
    owner: httpx.AsyncClient, database: Database, library: Storage, tmp_path: Path
) -> None:
    await archives.portfolio(owner)
    lost = min([key async for key in _keys(library)])
    await library.delete(lost)
    data = await archives.made(database, archives.plan_for(library, tmp_path / "backups"))
    assert archives.checked(data).manifest.missing == [lost]
    await archives.restored(database, library, data)


async def test_documents_alone_leave_the_library_as_it_is(
    owner: httpx.AsyncClient, database: Database, library: Storage, tmp_path: Path
) -> None:
    await archives.portfolio(owner)
    before = await archives.everything(database, library)
    plan = archives.plan_for(library, tmp_path / "backups", has_media=False)
    data = await archives.made(database, plan)
    assert archives.checked(data).files == []
    await database["articles"].delete_many({})
    await archives.restored(database, library, data)
    assert await archives.everything(database, library) == before


async def test_an_encrypted_backup_is_opened_by_its_key_alone(
    owner: httpx.AsyncClient, database: Database, library: Storage, tmp_path: Path
) -> None:
    await archives.portfolio(owner)
    before = await archives.everything(database, library)
    (secret, public), (other, _) = encryption.new_key(), encryption.new_key()
    plan = archives.plan_for(library, tmp_path / "backups", recipients=[public])
    data = await archives.made(database, plan)
    assert b"lontar" not in data
    assert data.startswith(encryption.MAGIC)
    with pytest.raises(ArchiveRefused, match="--identity"):
        archives.checked(data)
    with pytest.raises(ArchiveRefused, match="can't be decrypted"):
        archives.checked(data, identities=encryption.identities(other))
    key_file = f"# public key: {public}\n{secret}\n"
    for cut in (-1, -16, len(data) // 2):
        with pytest.raises(ArchiveRefused):
            archives.checked(data[:cut], identities=encryption.identities(key_file))
    await archives.restored(database, library, data, identities=encryption.identities(key_file))
    assert await archives.everything(database, library) == before


async def test_a_recipient_that_is_none_is_named(
    database: Database, library: Storage, tmp_path: Path
) -> None:
    plan = archives.plan_for(library, tmp_path / "backups", recipients=["age1" + "q" * 58])
    with pytest.raises(Invalid, match="no public key"):
        await archives.made(database, plan)
    assert list((tmp_path / "backups").iterdir()) == []


async def test_content_is_replaced_only_when_somebody_says_so(
    owner: httpx.AsyncClient, database: Database, library: Storage, tmp_path: Path
) -> None:
    await archives.portfolio(owner)
    before = await archives.everything(database, library)
    data = await archives.made(database, archives.plan_for(library, tmp_path / "backups"))
    with pytest.raises(Conflict, match="not empty"):
        await archives.restored(database, library, data, replaces=False)
    await Lease.hold(relay.NAME, "a server", db.now(), relay.LEASE)
    with pytest.raises(Conflict, match="serves this database"):
        await archives.restored(database, library, data)
    assert await archives.everything(database, library) == before


async def test_a_restore_that_was_interrupted_lets_no_cms_start(
    owner: httpx.AsyncClient,
    database: Database,
    library: Storage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await archives.portfolio(owner)
    before = await archives.everything(database, library)
    data = await archives.made(database, archives.plan_for(library, tmp_path / "backups"))

    class Killed(BaseException):
        pass

    async def killed(*_: Any) -> None:
        raise Killed

    monkeypatch.setattr(library, "put", killed)
    with pytest.raises(Killed):
        await archives.restored(database, library, data)
    with pytest.raises(DatabaseRefused, match="cms restore --replace"):
        await migrating.require_whole(database)
    assert (await owner.get("/health/ready")).status_code == 503
    monkeypatch.undo()

    await archives.restored(database, library, data)
    assert await archives.everything(database, library) == before
    assert (await owner.get("/health/ready")).status_code == 200


async def test_a_file_that_changes_after_the_check_does_not_get_in(
    owner: httpx.AsyncClient, database: Database, library: Storage, tmp_path: Path
) -> None:
    await archives.portfolio(owner)
    data = await archives.made(database, archives.plan_for(library, tmp_path / "backups"))
    found = archives.checked(data)
    parts = archives.unpacked(data)
    swapped = [(n, d.replace(b"Live", b"Evil") if "articles" in n else d) for n, d in parts]
    aim = restoring.Aim(library=library, replaces=True)
    with pytest.raises(ArchiveRefused, match="changed since it was checked"):
        await restoring.restore(database, io.BytesIO(archives.sealed(swapped)), found, aim)
    assert await database["articles"].find_one({"live.title": "Evil"}) is None

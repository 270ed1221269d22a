"""Backups go to a bucket as they go to a directory, and come back from there."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer

from cms.core import mongod
from cms.core.db import Database
from cms.core.errors import Unavailable
from cms.core.storage import S3Access, Storage, StoredNot
from cms.transfer import backup, keeping
from tests import make
from tests.reliability.running import free_port
from tests.test_cli import OWNER, Command
from tests.transfer import archives


@pytest.fixture
def bucket() -> Iterator[Storage]:
    port = free_port()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    name = f"backups-{secrets.token_hex(4)}"
    assert httpx.put(f"http://127.0.0.1:{port}/{name}").status_code == 200
    access = S3Access(
        endpoint=f"http://127.0.0.1:{port}", access_key_id="test", secret_access_key="test"
    )
    yield Storage(f"s3://{name}/site", access)
    server.stop()


async def test_a_bucket_takes_backups_and_gives_them_back(
    owner: httpx.AsyncClient, database: Database, library: Storage, bucket: Storage, tmp_path: Path
) -> None:
    await archives.portfolio(owner)
    before = await archives.everything(database, library)
    plan = archives.plan_for(library, tmp_path / "spool", place=bucket)
    made = await backup.make(database, plan)
    assert [(one.name, one.size) for one in await keeping.kept(bucket)] == [(made.name, made.size)]
    assert list((tmp_path / "spool").iterdir()) == []
    with (tmp_path / "fetched").open("w+b") as file:
        await bucket.fetch(made.name, file)
        with pytest.raises(StoredNot):
            await bucket.fetch("lontar-nothing", file)
    await archives.wipe(database, library)
    await archives.restored(database, library, (tmp_path / "fetched").read_bytes())
    assert await archives.everything(database, library) == before


async def test_a_bucket_that_is_away_is_one_sentence(
    database: Database, library: Storage, tmp_path: Path
) -> None:
    access = S3Access(endpoint="http://127.0.0.1:9", access_key_id="x", secret_access_key="x")
    plan = archives.plan_for(library, tmp_path / "spool", place=Storage("s3://none", access))
    with pytest.raises(Unavailable):
        await backup.make(database, plan)
    assert list((tmp_path / "spool").iterdir()) == []


def test_a_life_with_backups_at_the_terminal(tmp_path: Path) -> None:
    cms, other = Command(tmp_path / "data"), Command(tmp_path / "other")
    cheap = {"CMS_ARGON2_MEMORY_KIB": "19456", "CMS_ARGON2_TIME_COST": "2"}
    with mongod.start(tmp_path / "data", purpose="serve"):  # each command saves its start
        cms.good(*OWNER, stdin=make.PASSWORD.encode() + b"\n", env=cheap)
        made = json.loads(cms.good("backup", "--json").splitlines()[-1])
        assert made["missing"] == []
        assert "not empty" in cms.bad("restore", made["name"])
    path = tmp_path / "data" / "backups" / made["name"]
    assert "no backup called" in cms.bad("backup", "verify", "lontar-nothing")
    assert "there is no file" in cms.bad("backup", "verify", str(tmp_path / "nothing" / "x"))
    environ = {"CMS_SECRET_KEY": make.KEY}
    assert "--other-key" in other.bad("restore", str(path), env=environ)
    told = other.good("restore", str(path), "--other-key", "--json", env=environ)
    assert json.loads(told.splitlines()[-1])["documents"]["accounts"] == 1
    path.write_bytes(path.read_bytes()[:-100])
    assert "damaged" in other.bad("restore", str(path), "--replace", "--yes", env=environ)

"""A MongoDB as `deploy/compose.yaml` runs one: a port, a key file, a user who may do little."""

import os
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from cms.core.mongod_binary import _binary
from tests import make
from tests.reliability.running import free_port

PATIENCE = 40.0
NAME = "lontar"
WORD = "lettersanddigitsalone"


class KeyedMongo:
    """A one-node replica set that knows who asks."""

    def __init__(self, folder: Path, *roles: str) -> None:
        self.roles = roles or ("readWrite", "dbAdmin")
        self.folder = folder
        self.port = free_port()
        where = f"127.0.0.1:{self.port}/?replicaSet={NAME}"
        self.url = f"mongodb://{NAME}:{WORD}@{where}&authSource={NAME}"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        key = self.folder / "mongodb.key"
        key.write_text("a key that its members share")
        key.chmod(0o400)
        (self.folder / "db").mkdir()
        with (self.folder / "mongod.log").open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(str(_binary()), "--dbpath", str(self.folder / "db"), "--replSet", NAME),
                    *("--port", str(self.port), "--bind_ip", "127.0.0.1", "--keyFile", str(key)),
                    *("--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "64"),
                    *("--nounixsocket", "--setParameter", "diagnosticDataCollectionEnabled=false"),
                ],
                stdout=log,
                stderr=log,
            )
        try:
            self._found()
        except BaseException:
            self.process.kill()
            raise
        return self

    def _found(self) -> None:
        address = f"mongodb://127.0.0.1:{self.port}/?directConnection=true"
        member = {"_id": 0, "host": f"127.0.0.1:{self.port}"}
        with MongoClient[dict[str, object]](address, serverSelectionTimeoutMS=20_000) as client:
            client.admin.command("replSetInitiate", {"_id": NAME, "members": [member]})
            deadline = time.monotonic() + PATIENCE
            while not client.admin.command("hello")["isWritablePrimary"]:
                assert time.monotonic() < deadline, (self.folder / "mongod.log").read_text()[-2000:]
                time.sleep(0.05)
            roles = [{"role": "root", "db": "admin"}]
            client.admin.command("createUser", "root", pwd=WORD, roles=roles)
        owner = address.replace("//", f"//root:{WORD}@")
        with MongoClient[dict[str, object]](owner) as client:
            # As deploy/compose/mongodb/user.js does.
            roles = [{"role": role, "db": NAME} for role in self.roles]
            client[NAME].command("createUser", NAME, pwd=WORD, roles=roles)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def refuses(self, command: str, database: str) -> bool:
        """Whether the CMS's own user may not do something."""
        with MongoClient[dict[str, object]](self.url) as client:
            try:
                client[database].command(command)
            except OperationFailure as refusal:
                return refusal.code == 13  # Unauthorized
            except PyMongoError:
                return False
        return False


def settings(mongo: KeyedMongo, data_dir: Path) -> dict[str, str]:
    """What a CMS over it has to know."""
    return {
        "PATH": os.environ["PATH"],
        "CMS_MONGODB_URL": mongo.url,
        "CMS_SECRET_KEY": make.KEY,
        "CMS_DATA_DIR": str(data_dir),
        "CMS_ARGON2_MEMORY_KIB": "19456",
        "CMS_ARGON2_TIME_COST": "2",
    }

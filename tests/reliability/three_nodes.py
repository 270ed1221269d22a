"""A replica set of three real mongods on loopback, any of which may be killed."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from cms.core import mongod_binary
from tests.reliability.running import GUARD, free_port


class ThreeNodes:
    """`election_ms` is how long a primary may be silent before the others elect another."""

    def __init__(self, folder: Path, *, election_ms: int) -> None:
        self._folder, self._election_ms = folder, election_ms
        self._ports = [free_port() for _ in range(3)]
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        hosts = ",".join(f"127.0.0.1:{port}" for port in self._ports)
        self.url = f"mongodb://{hosts}/?replicaSet=three"

    def __enter__(self) -> Self:
        try:
            for port in self._ports:
                self._start(port)
            self._found()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def _start(self, port: int) -> None:
        data = self._folder / str(port)
        data.mkdir(parents=True)
        command = [
            *(str(mongod_binary._binary()), "--dbpath", str(data), "--replSet", "three"),
            *("--port", str(port), "--bind_ip", "127.0.0.1", "--oplogSize", "64"),
            *("--wiredTigerCacheSizeGB", "0.25", "--logpath", str(data / "log"), "--quiet"),
            *("--networkMessageCompressors", "disabled", "--nounixsocket"),
            *("--wiredTigerEngineConfigString", "log=(file_max=16MB,prealloc=false)"),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        ]
        self._processes[port] = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def _found(self) -> None:
        members = [
            {"_id": number, "host": f"127.0.0.1:{port}"} for number, port in enumerate(self._ports)
        ]
        config = {
            "_id": "three",
            "members": members,
            "settings": {"electionTimeoutMillis": self._election_ms},
        }
        deadline = time.monotonic() + GUARD
        while True:
            try:
                with _client(self._ports[0]) as client:
                    client.admin.command("replSetInitiate", config)
                break
            except PyMongoError:
                assert time.monotonic() < deadline, "the first node does not answer"
                time.sleep(0.1)
        while self.primary() is None or len(self._states()) < 3:
            assert time.monotonic() < deadline, "no primary"
            time.sleep(0.1)

    def primary(self) -> int | None:
        """The port of the node that takes writes."""
        for port in self._alive():
            with contextlib.suppress(PyMongoError), _client(port) as client:
                if client.admin.command("hello").get("isWritablePrimary"):
                    return port
        return None

    def _states(self) -> list[int]:
        """The nodes that have all the data."""
        found = []
        for port in self._alive():
            with contextlib.suppress(PyMongoError), _client(port) as client:
                hello = client.admin.command("hello")
                if hello.get("isWritablePrimary") or hello.get("secondary"):
                    found.append(port)
        return found

    def _alive(self) -> list[int]:
        return [port for port, process in self._processes.items() if process.poll() is None]

    def kill_primary(self) -> None:
        port = self.primary()
        assert port is not None
        os.kill(self._processes[port].pid, signal.SIGKILL)
        self._processes[port].wait(GUARD)

    def stop(self) -> None:
        for process in self._processes.values():
            if process.poll() is None:
                process.kill()
            process.wait(GUARD)
        shutil.rmtree(self._folder, ignore_errors=True)


def _client(port: int) -> MongoClient[dict[str, Any]]:
    return MongoClient(
        "127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=2000, timeoutMS=2000
    )

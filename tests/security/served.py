"""The served program, to be spoken to over a real socket; what it says and logs is kept."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.reliability.running import free_port

ROOT = Path(__file__).parents[2]
GUARD = 60.0  # against a hang; nothing here asserts speed
ANSWER_GUARD = 15.0  # an answer is promised within 5 s


class Server:
    """`cms serve` over an embedded MongoDB of its own, logging JSON into a file."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data_dir, self._out, self._err = folder / "data", folder / "out", folder / "err"
        self.environ = {
            "PATH": os.environ["PATH"],
            "CMS_DATA_DIR": str(self.data_dir),
            "CMS_PORT": str(self.port),
            "CMS_LOG_FORMAT": "json",
            "CMS_ARGON2_MEMORY_KIB": "19456",
            "CMS_ARGON2_TIME_COST": "2",
            **more,
        }
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cms", "serve"],
                cwd=ROOT,
                stdout=out,
                stderr=err,
                env=self.environ,
            )
        try:
            self.until(lambda: "serves" in self.said)
        except BaseException:
            self.stop()
            raise

    def command(self, *words: str) -> str:
        """All that `cms` says to these words, with the settings of the server."""
        done = subprocess.run(
            [sys.executable, "-m", "cms", *words],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=GUARD,
            check=False,
        )
        return done.stdout + done.stderr

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.mongod, signal.SIGCONT)
        self._process.terminate()
        self._process.wait(GUARD)

    def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + GUARD
        while not condition():
            assert self._process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    @property
    def said(self) -> str:
        return self._out.read_text(encoding="utf-8")

    @property
    def log(self) -> str:
        return self._err.read_text(encoding="utf-8")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def mongod(self) -> int:
        return int((self.data_dir / "mongodb" / "mongod.lock").read_text())

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.splitlines()]

    def raw(self, request: bytes) -> bytes:
        """Send bytes as they are; all that comes back until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_GUARD) as connection:
            connection.sendall(request)
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            with contextlib.suppress(ConnectionResetError):
                while part := connection.recv(65536):
                    answer += part
            return answer

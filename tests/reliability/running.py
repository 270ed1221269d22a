"""A real `cms serve` in processes of its own, to be killed."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

GUARD = 60.0  # against a hang; nothing here asserts speed
EMAIL = "rani@example.com"
PASSWORD = "lontar daun palem dan tinta hitam"
SCOPES = ("articles:write", "media:write", "articles:publish", "profiles:write", "site:write")


def rounds(reduced: int, full: int) -> int:
    """How often: `make prove` runs the full count."""
    return full if os.environ.get("LONTAR_PROVE") else reduced


def promised(seconds: float) -> float:
    """How long something may take: what was promised, where `make prove` asks for it."""
    return seconds if os.environ.get("LONTAR_PROVE") else GUARD


def until(condition: Callable[[], object], guard: float = GUARD) -> None:
    deadline = time.monotonic() + guard
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningCMS:
    """The CMS on a data directory; it can be killed and started again on the same one."""

    def __init__(
        self,
        data_dir: Path,
        *,
        workers: int = 1,
        environ: Mapping[str, str] | None = None,
        patience: float = GUARD,
    ) -> None:
        self._patience = patience
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data_dir.with_suffix(".log")
        self._environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CMS_")},
            "CMS_DATA_DIR": str(data_dir),
            "CMS_PORT": str(self.port),
            "CMS_WORKERS": str(workers),
            "CMS_ARGON2_MEMORY_KIB": "19456",
            "CMS_ARGON2_TIME_COST": "2",
            **(environ or {}),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cms", "serve"],
                env=self._environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_ready()

    def wait_ready(self) -> None:
        deadline = time.monotonic() + self._patience
        while not self._is_ready():
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> int:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        return self.process.wait(GUARD)

    def run(self, *arguments: str, stdin: str = "") -> str:
        """A `cms` command beside it, on the same data."""
        done = subprocess.run(
            [sys.executable, "-m", "cms", *arguments],
            env=self._environ,
            input=stdin,
            text=True,
            capture_output=True,
            timeout=3 * GUARD,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def owner_token(self) -> str:
        self.run(
            "owner", "create", "--email", EMAIL, "--name", "Rani", "--password-stdin",
            stdin=PASSWORD + "\n",
        )  # fmt: skip
        scopes = [word for scope in SCOPES for word in ("--scope", scope)]
        return self.run("token", "create", "--email", EMAIL, "--name", "test", *scopes)

    def pids(self) -> dict[str, int]:
        """One process of each kind: `cms` (the parent), `mongod`, `web`, `worker`."""
        assert self.process is not None
        found = {"cms": self.process.pid}
        for pid in _children(self.process.pid):
            if Path(f"/proc/{pid}/comm").read_text().strip() == "mongod":
                found["mongod"] = pid
            else:
                found["web"] = pid
                for worker in _children(pid)[:1]:
                    found["worker"] = worker
        return found

    def kill(self, who: str) -> None:
        """`kill -9` one of `pids`; a killed parent is started again on the same data."""
        with contextlib.suppress(ProcessLookupError, KeyError):
            os.kill(self.pids()[who], signal.SIGKILL)
        if who == "cms":
            assert self.process is not None
            self.process.wait(GUARD)
            self.start()

    def freeze(self, who: str, seconds: float = 1.5) -> None:
        """`SIGSTOP` one of `pids` for a while: it neither works nor closes anything."""
        pid = self.pids().get(who)
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            time.sleep(seconds)
            os.kill(pid, signal.SIGCONT)


def _children(parent: int) -> list[int]:
    with contextlib.suppress(FileNotFoundError):
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return [int(pid) for pid in text.split()]
    return []

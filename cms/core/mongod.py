"""The embedded MongoDB: the real mongod of a wheel, on a private socket inside the data directory.

Only Linux on x86-64 was run. macOS and Linux on ARM take the same path untried; Windows is refused.
"""

import contextlib
import errno
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self
from urllib.parse import quote

import bson

from cms.core.mongod_binary import DATA, LOG, SOCKET, MongodRefused, command_line, diagnosis

__all__ = ["Mongod", "MongodRefused", "running", "start"]

START_DEADLINE = 120.0  # recovery after a crash reads the whole journal
LEFTOVER_DEADLINE = 5.0  # how long a killed owner's mongod may take to close its files
LOG_LIMIT: Final = 8 * 1024 * 1024
SUN_PATH: Final = 107 if sys.platform == "linux" else 103


class Mongod:
    """The one mongod of a data directory, which this process owns until `stop`.

    Start and restart it from the thread that lives as long as it should: on Linux mongod is told
    to close when that thread ends.
    """

    def __init__(self, data_dir: Path, *, purpose: str) -> None:
        self._directory = _prepared(data_dir)
        self._lock = _locked(data_dir, purpose)
        self._handle = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        self._socket = _address(self._directory, self._handle)
        self.url = _url(self._socket)
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Spawn it, found its replica set if it has none, return when it takes writes."""
        _wait_for_leftover(self._directory)
        self._spawn()
        deadline = time.monotonic() + START_DEADLINE
        while not self._is_primary():
            if self.poll() is not None:
                raise MongodRefused(self.why())
            if time.monotonic() > deadline:
                raise MongodRefused(
                    f"MongoDB took no writes within {START_DEADLINE:.0f} s: see {self._log_path}"
                )
            time.sleep(0.01)

    def restart(self) -> None:
        """Spawn it on the same data and return at once: its replica set elects itself again.

        Raises:
            MongodRefused: the data is gone (a volume that was unmounted): on an empty directory
                it would begin anew, and a site without articles would look like a healthy one.
        """
        if not (self._directory / DATA).is_file():
            raise MongodRefused(
                f"the data in {self._directory} is gone: put it back, or stop, "
                "start again and restore a backup"
            )
        self._spawn()

    def _spawn(self) -> None:
        self.tend_log(limit=0)
        if self._output:
            self._output.close()
        # Not a pipe, which nobody would read while mongod runs.
        self._output = tempfile.TemporaryFile(dir=self._directory)  # noqa: SIM115 - `stop` closes it
        self._process = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
            command_line(),
            cwd=self._directory,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the owner, which lets requests finish first
        )

    def poll(self) -> int | None:
        return self._process.poll() if self._process else None

    def stop(self, patience: float = 20.0) -> None:
        """Close it, kill it if it does not (the journal keeps what was written), free the data."""
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(patience)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._output:
            self._output.close()
            self._output = None
        if self._lock >= 0:
            os.close(self._handle)
            os.close(self._lock)
            self._lock = -1

    def disown(self) -> None:
        """In a forked child: let go of the lock, so that it ends with the owner alone."""
        os.close(self._lock)

    def tend_log(self, limit: int = LOG_LIMIT) -> None:
        """Keep the log within twice the limit: one file written, one file before it."""
        if _size(self._log_path) > limit:
            with contextlib.suppress(OSError):
                self._log_path.replace(self._log_path.with_suffix(".log.1"))
            if self._process and self._process.poll() is None:
                self._process.send_signal(signal.SIGUSR1)

    def why(self) -> str:
        """One line on why it ended."""
        output, code = b"", self.poll()
        if self._output:
            self._output.seek(0)
            output = self._output.read(65536)
        log = b""
        with contextlib.suppress(OSError), self._log_path.open("rb") as file:
            file.seek(max(0, _size(self._log_path) - 262144))
            log = file.read()
        text = (output + log).decode(errors="replace")
        return diagnosis(code or 0, text, self._directory)

    @property
    def _log_path(self) -> Path:
        return self._directory / LOG

    def _is_primary(self) -> bool:
        try:
            hello = _command(self._socket, {"hello": 1})
            if not hello.get("setName"):
                # Refused while a stored configuration is still being read: asked again then.
                members = [{"_id": 0, "host": f"./{SOCKET}"}]
                _command(self._socket, {"replSetInitiate": {"_id": "lontar", "members": members}})
        except OSError:
            return False
        return bool(hello.get("isWritablePrimary"))


def start(data_dir: Path, *, purpose: str = "serve") -> Mongod:
    server = Mongod(data_dir, purpose=purpose)
    try:
        server.start()
    except BaseException:
        server.stop(patience=2)
        raise
    return server


@contextlib.contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """The URL of the server that `cms serve` has on this data, or of one started for the while."""
    with contextlib.ExitStack() as stack:
        yield _reach(data_dir, stack)


def _reach(data_dir: Path, stack: contextlib.ExitStack) -> str:
    deadline = time.monotonic() + START_DEADLINE
    while True:
        try:
            return stack.enter_context(start(data_dir, purpose="command")).url
        except _Held as held:
            # Another command's server ends with that command: only `cms serve` is worth joining.
            if held.purpose == "serve" and (url := _joined(data_dir, stack)):
                return url
            if time.monotonic() > deadline:
                raise
        time.sleep(0.05)


def _joined(data_dir: Path, stack: contextlib.ExitStack) -> str | None:
    """The URL of the server in this directory if it takes writes."""
    directory = data_dir.resolve() / "mongodb"
    with contextlib.ExitStack() as attempt:
        handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        attempt.callback(os.close, handle)
        path = _address(directory, handle)
        with contextlib.suppress(OSError):
            if _command(path, {"hello": 1}).get("isWritablePrimary"):
                stack.push(attempt.pop_all())
                return _url(path)
    return None


class _Held(MongodRefused):
    def __init__(self, data_dir: Path, pid: str, purpose: str) -> None:
        super().__init__(
            f"{data_dir} is in use by cms process {pid}: stop that one, or set another CMS_DATA_DIR"
        )
        self.purpose = purpose


def _command(path: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """One command, one answer (OP_MSG). A driver's client would bring its threads and 20 MB."""
    body = bson.encode({**document, "$db": "admin"})
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(path)
        connection.sendall(struct.pack("<iiiiIB", 21 + len(body), 1, 0, 2013, 0, 0) + body)
        with connection.makefile("rb") as stream:
            head = stream.read(21)
            if len(head) < 21:
                raise ConnectionResetError("MongoDB closed the connection")
            (length,) = struct.unpack_from("<i", head)
            return bson.decode(stream.read(length - 21))


def _url(path: str) -> str:
    return f"mongodb://{quote(path, safe='')}/?directConnection=true"


def _address(directory: Path, handle: int) -> str:
    """A path of the socket that fits into a socket address.

    A deep data directory is reached through the owner's open handle on it, which needs no other
    place on disk that someone may clean up.
    """
    path = str(directory / SOCKET)
    if len(os.fsencode(path)) <= SUN_PATH:
        return path
    if sys.platform != "linux":
        raise MongodRefused(f"{directory} is too long a path for a socket: set CMS_DATA_DIR")
    return f"/proc/{os.getpid()}/fd/{handle}/{SOCKET}"


def _prepared(data_dir: Path) -> Path:
    directory = data_dir.resolve() / "mongodb"
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.mkdir(mode=0o700, exist_ok=True)
        directory.chmod(0o700)
        tempfile.TemporaryFile(dir=directory).close()
    except OSError as error:
        raise _unwritable(data_dir, error) from error
    return directory


def _unwritable(data_dir: Path, error: OSError) -> MongodRefused:
    if error.errno == errno.ENOSPC:
        return MongodRefused(f"the disk that holds {data_dir} is full: make space and start again")
    return MongodRefused(
        f"{data_dir} cannot be written ({error.strerror}): make it writable for this user, "
        "or set another CMS_DATA_DIR"
    )


def _locked(data_dir: Path, purpose: str) -> int:
    try:
        lock = os.open(data_dir / "lontar.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _unwritable(data_dir, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # One width, never truncated: on a full disk it still goes where the last one stood.
        os.pwrite(lock, f"{os.getpid()} {purpose}".ljust(31).encode() + b"\n", 0)
    except BlockingIOError:
        pid, _, holder = os.pread(lock, 32, 0).decode(errors="replace").strip().partition(" ")
        os.close(lock)
        raise _Held(data_dir, pid, holder) from None
    except OSError as error:
        os.close(lock)
        raise _unwritable(data_dir, error) from error
    return lock


def _wait_for_leftover(directory: Path) -> None:
    """Until the mongod of an owner that was killed is gone; it is closing, but takes its time."""
    path = directory / "mongod.lock"
    deadline = time.monotonic() + LEFTOVER_DEADLINE
    while path.exists():
        with path.open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                pid = int(file.read().strip() or 0)
            else:
                return
        if time.monotonic() > deadline:
            # The pid is that of whoever holds the file; the check spares other pid namespaces.
            try:
                ours = os.path.samefile(f"/proc/{pid}/cwd", directory)  # noqa: PTH121 - no stat of a link
            except OSError:
                ours = False
            if not ours:
                raise MongodRefused(f"{directory} is in use by another mongod: stop it first")
            os.kill(pid, signal.SIGKILL)
            deadline += LEFTOVER_DEADLINE
        time.sleep(0.02)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

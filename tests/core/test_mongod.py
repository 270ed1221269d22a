"""The embedded MongoDB starts, keeps what it acknowledged, and says in a line why it will not."""

import contextlib
import os
import platform
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import ConnectionFailure

from cms.core import mongod, mongod_binary
from cms.core.mongod import MongodRefused

KILLS = 3
GUARD = 60.0  # against a hang
MISSING = "mongod: error while loading shared libraries: {}: cannot open shared object file"


@contextlib.contextmanager
def client(url: str, patience_ms: int = 30_000) -> Iterator[MongoClient[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](
        url, w="majority", journal=True, serverSelectionTimeoutMS=patience_ms
    ) as connected:
        yield connected


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_it_starts_as_a_replica_set_that_takes_writes(data_dir: Path) -> None:
    with mongod.start(data_dir) as server, client(server.url) as db:
        assert db.admin.command("hello")["isWritablePrimary"]
        assert db.test.things.insert_one({"a": 1}).acknowledged
        with db.start_session() as session, session.start_transaction():
            db.test.things.insert_one({"a": 2}, session=session)
        assert db.test.things.count_documents({}) == 2
        limit = db.admin.command({"getParameter": 1, "transactionLifetimeLimitSeconds": 1})
        assert limit["transactionLifetimeLimitSeconds"] == 5


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_only_its_owner_reaches_it_and_no_port_is_open(data_dir: Path) -> None:
    with mongod.start(data_dir) as server:
        directory = data_dir / "mongodb"
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        assert stat.S_IMODE((directory / "m.sock").stat().st_mode) == 0o700
        own = set()
        for entry in Path(f"/proc/{server.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # it was just closed
                own.add(str(entry.readlink()).removeprefix("socket:[").rstrip("]"))
        listed = "".join(Path(f"/proc/net/{name}").read_text() for name in ("tcp", "tcp6"))
        assert own.isdisjoint(line.split()[9] for line in listed.splitlines())


def test_acknowledged_writes_survive_kills(data_dir: Path) -> None:
    acknowledged: list[int] = []
    with mongod.start(data_dir) as server:
        for _ in range(KILLS):
            with client(server.url, patience_ms=1000) as db:
                killer = threading.Timer(0.3, os.kill, (server.pid, signal.SIGKILL))
                killer.start()
                with contextlib.suppress(ConnectionFailure):
                    while True:
                        number = len(acknowledged)
                        db.test.things.insert_one({"_id": number})
                        acknowledged.append(number)
                killer.join()
            until_dead(server)
            server.restart()
            with client(server.url) as db:
                found = _things(db)
            assert not set(acknowledged) - found
            # A write may have arrived whose acknowledgement did not.
            acknowledged = sorted(found)
        assert len(acknowledged) > KILLS


def _things(db: MongoClient[Any]) -> set[int]:
    """All ids, once the server that was started again takes reads as a primary."""
    deadline = time.monotonic() + GUARD
    while True:
        try:
            return {thing["_id"] for thing in db.test.things.find()}
        except ConnectionFailure:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_it_does_not_begin_anew_where_its_data_was(data_dir: Path) -> None:
    """A volume that is unmounted under it leaves an empty directory."""
    with mongod.start(data_dir) as server, client(server.url) as db:
        db.test.things.insert_one({"_id": 1})
        os.kill(server.pid, signal.SIGKILL)
        until_dead(server)
        elsewhere = data_dir / "elsewhere"
        (data_dir / "mongodb").rename(elsewhere)
        for missing in ("the directory", "what is in it"):
            with pytest.raises(MongodRefused, match="is gone: put it back"):
                server.restart()
            assert server.why().startswith("MongoDB ended with code -9"), missing
            (data_dir / "mongodb").mkdir(exist_ok=True)
        (data_dir / "mongodb").rmdir()
        elsewhere.rename(data_dir / "mongodb")
        server.restart()
        assert _things(db) == {1}


def until_dead(server: mongod.Mongod) -> None:
    deadline = time.monotonic() + GUARD
    while server.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert server.poll() == -signal.SIGKILL


def test_a_stopped_server_leaves_its_data_to_the_next(data_dir: Path) -> None:
    for expected in (0, 1):
        with mongod.start(data_dir) as server, client(server.url) as db:
            assert db.test.things.count_documents({}) == expected
            db.test.things.insert_one({})


def test_a_second_owner_is_refused_by_naming_the_first(data_dir: Path) -> None:
    with (
        mongod.start(data_dir),
        pytest.raises(MongodRefused, match=f"in use by cms process {os.getpid()}:"),
    ):
        mongod.start(data_dir)
    with mongod.start(data_dir):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="the way round is in /proc")
def test_a_data_directory_deeper_than_a_socket_address_works(data_dir: Path) -> None:
    deep = data_dir / ("d" * 100) / ("e" * 100)
    with mongod.start(deep) as server, client(server.url) as db:
        assert db.test.things.insert_one({}).acknowledged
        assert (deep / "mongodb" / "m.sock").is_socket()
        with mongod.running(deep) as url, client(url) as joined:
            assert joined.test.things.count_documents({}) == 1
        os.kill(server.pid, signal.SIGKILL)
        until_dead(server)
        server.restart()
        assert len(_things(db)) == 1


def test_a_data_directory_may_hold_odd_letters_and_be_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    odd = Path("my data/é@:%40?")
    with mongod.start(odd) as server, client(server.url) as db:
        assert db.test.things.insert_one({}).acknowledged


def test_a_command_joins_the_server_that_serves(data_dir: Path) -> None:
    with mongod.start(data_dir) as server:
        with mongod.running(data_dir) as url, client(url) as db:
            assert db.test.things.insert_one({}).acknowledged
        assert server.poll() is None


def test_a_command_without_a_server_has_one_for_the_while(data_dir: Path) -> None:
    with mongod.running(data_dir) as url, client(url) as db:
        assert db.test.things.insert_one({}).acknowledged
    with mongod.start(data_dir) as server, client(server.url) as db:
        assert db.test.things.count_documents({}) == 1


def test_a_command_waits_for_another_whose_server_will_not_last(data_dir: Path) -> None:
    first = mongod.start(data_dir, purpose="command")
    ending = threading.Timer(0.3, first.stop)
    ending.start()
    with mongod.running(data_dir) as url, client(url) as db:
        ending.join()
        assert db.test.things.insert_one({}).acknowledged


@pytest.mark.skipif(sys.platform != "linux", reason="no other system tells a child")
def test_it_ends_when_its_owner_is_killed(data_dir: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from cms.core import mongod\n"
        "server = mongod.start(Path(sys.argv[1])); print(server.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(data_dir)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        owner.kill()
    deadline = time.monotonic() + GUARD
    while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    with mongod.start(data_dir):
        pass


def test_its_log_stays_bounded(data_dir: Path) -> None:
    with mongod.start(data_dir) as server, client(server.url) as db:
        log = data_dir / "mongodb" / "mongod.log"
        server.tend_log(limit=10)
        deadline = time.monotonic() + GUARD
        while not log.exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert log.with_suffix(".log.1").stat().st_size > 10
        assert db.admin.command("ping")["ok"]
        server.tend_log(limit=10_000_000)
        assert log.exists()


def test_files_of_a_newer_mongodb_are_refused(data_dir: Path) -> None:
    with mongod.start(data_dir):
        pass
    turtle = data_dir / "mongodb" / "WiredTiger.turtle"
    written = turtle.read_text()
    assert "version=(major=1," in written
    turtle.write_text(written.replace("version=(major=1,", "version=(major=9,"))
    with pytest.raises(MongodRefused, match="written by a newer MongoDB") as refusal:
        mongod.start(data_dir)
    assert "\n" not in str(refusal.value)
    turtle.write_text(written)
    with mongod.start(data_dir):
        pass


def test_a_data_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands here")
    with pytest.raises(MongodRefused, match=r"data cannot be written \(.*CMS_DATA_DIR"):
        mongod.start(tmp_path / "data")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write it")
def test_a_read_only_data_directory_is_named(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o500)
    with pytest.raises(MongodRefused, match=r"cannot be written \(Permission denied"):
        mongod.start(data_dir)


def pretend_mongod(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    binary = tmp_path / "site" / "fiftyone" / "db" / "bin" / "mongod"
    binary.parent.mkdir(parents=True)
    binary.write_text(f"#!/bin/sh\n{script}\n")
    binary.chmod(0o755)
    monkeypatch.syspath_prepend(tmp_path / "site")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (
            f"echo '{MISSING.format('libcurl.so.4')}' >&2; exit 127",
            "needs libcurl.so.4: install libcurl4, or set CMS_MONGODB_URL to",
        ),
        (
            f"echo '{MISSING.format('libcrypto.so.3')}' >&2; exit 127",
            "needs libcrypto.so.3: install libssl3 (OpenSSL 3), or set CMS_MONGODB_URL to",
        ),
        (
            'echo "mongod: /lib/libc.so.6: version \\`GLIBC_2.34\' not found" >&2; exit 1',
            "needs GLIBC_2.34, which this system's libraries lack: set CMS_MONGODB_URL to",
        ),
        ("kill -ILL $$", "needs a processor with AVX (ARMv8.2 on ARM): set CMS_MONGODB_URL to"),
        (
            """echo '{"s":"E","msg":"No space left on device"}' > mongod.log; exit 14""",
            "mongodb is full: make space and start again",
        ),
        (
            """echo '{"s":"F","msg":"Ending.","attr":{"reason":"tired"}}' > mongod.log; exit 14""",
            "MongoDB ended with code 14 (Ending. tired): see ",
        ),
        ("echo what is this; exit 3", "MongoDB ended with code 3 (what is this): see "),
    ],
)
def test_a_mongod_that_ends_at_once_is_explained_in_a_line(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    pretend_mongod(tmp_path, monkeypatch, script)
    with pytest.raises(MongodRefused) as refusal:
        mongod.start(data_dir)
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_without_the_wheel_it_says_what_to_install_or_set(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(MongodRefused, match=r"lontar\[embedded\].* or set CMS_MONGODB_URL"):
        mongod.start(data_dir)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("machine", "riscv64", r"no embedded MongoDB for \w+ on riscv64: set CMS_MONGODB_URL"),
        ("libc_ver", ("musl", "1.2"), "needs glibc, which this system lacks: set CMS_MONGODB_URL"),
    ],
)
def test_a_platform_without_a_wheel_is_told_so(
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: object,
    said: str,
) -> None:
    monkeypatch.setattr(platform, name, lambda: value)
    with pytest.raises(MongodRefused, match=said):
        mongod.start(data_dir)


def test_a_processor_without_avx_is_told_so(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nflags\t\t: fpu sse4_2 not_avx\n")
    monkeypatch.setattr(mongod_binary, "CPUINFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    with pytest.raises(MongodRefused, match="needs a processor with AVX: set CMS_MONGODB_URL"):
        mongod.start(data_dir)

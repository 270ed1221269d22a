"""What `cms serve` promises about its processes: they live on, or they all end, in order."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from itertools import pairwise
from pathlib import Path

import pytest

from cms.core import mongod, serving
from tests.reliability.running import GUARD, free_port, until

PORT_FREE = 3.0  # promised

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="processes that end with their parent are a Linux promise"
)


@pytest.fixture(autouse=True)
def signals_are_heard() -> None:
    """A shell that starts the tests in the background has them ignore Ctrl-C, `nohup` a hangup."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def can_bind(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


class Served:
    """One supervised server of the dummy app, and all processes that came of it."""

    def __init__(self, tmp_path: Path, port: int, data_dir: Path | None, **environ: str) -> None:
        self.port, self._mark = port, f"LONTAR_TEST={uuid.uuid4().hex}"
        self._said = tmp_path / f"{self._mark}.out"
        self._errors = tmp_path / f"{self._mark}.err"
        name, _, value = self._mark.partition("=")
        with self._said.open("wb") as out, self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.reliability.dummy_serve", str(port)),
                    *([str(data_dir)] if data_dir else []),
                ],
                cwd=Path(__file__).parents[2],
                env={**os.environ, name: value, "PYTHONWARNINGS": "error", **environ},
                stdout=out,
                stderr=errors,
                start_new_session=True,
            )

    @property
    def said(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self._said.read_text().splitlines()]

    @property
    def errors(self) -> str:
        return self._errors.read_text()

    def wait_ready(self) -> "Served":
        until(lambda: '"heavy"' in self._said.read_text() or self.process.poll() is not None)
        assert self.process.poll() is None, self.errors
        return self

    def get(self, path: str = "/") -> dict[str, int]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=GUARD)
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            assert answer.status == 200
            body: dict[str, int] = json.loads(answer.read())
            return body

    def gets(self) -> bool:
        try:
            self.get()
        except (OSError, HTTPException, AssertionError):
            return False
        return True

    def alive(self) -> set[int]:
        """Whoever carries our mark; a process that ended has no environment left."""
        found = set()
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and self._mark.encode() in (entry / "environ").read_bytes():
                    found.add(int(entry.name))
        return found

    def children(self, parent: int) -> list[int]:
        kin = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return [int(pid) for pid in kin]

    def pids(self, who: str) -> list[int]:
        """Those of `mongod`, of `web` (Granian's main process) or of each `worker`."""
        parent = self.process.pid
        by_name = {Path(f"/proc/{pid}/comm").read_text(): pid for pid in self.children(parent)}
        database = by_name.pop("mongod\n")
        if who == "mongod":
            return [database]
        (web,) = by_name.values()
        return [web] if who == "web" else self.children(web)

    def close(self) -> None:
        self.process.kill()
        self.process.wait(GUARD)
        deadline = time.monotonic() + 10
        while left := self.alive():
            if time.monotonic() > deadline:
                for pid in left:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)


Serve = Callable[..., Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    started: list[Served] = []

    def start(data_dir: Path | None = tmp_path / "data", port: int = 0, **environ: str) -> Served:
        started.append(Served(tmp_path, port or free_port(), data_dir, **environ))
        return started[-1]

    yield start
    for served in started:
        served.close()


def test_a_clean_stop_leaves_no_process_and_a_clean_database(serve: Serve, tmp_path: Path) -> None:
    served = serve().wait_ready()
    assert served.get()["n"] == 1
    assert len(served.alive()) == 5
    served.process.terminate()
    assert served.process.wait(GUARD) == 0
    until(lambda: not served.alive())
    assert can_bind(served.port)
    log = (tmp_path / "data" / "mongodb" / "mongod.log").read_text()
    assert '"exitCode":0' in log
    assert served.errors == ""


def test_the_parent_stays_small_and_has_one_thread(serve: Serve) -> None:
    served = serve().wait_ready()
    assert served.said[-1] == {"heavy": []}
    assert len(list(Path(f"/proc/{served.process.pid}/task").iterdir())) == 1


@pytest.mark.parametrize("stop", ["SIGTERM to the parent", "Ctrl-C to all", "hangup of all"])
def test_a_request_in_flight_is_answered_from_the_database_before_the_end(
    serve: Serve, stop: str
) -> None:
    served = serve().wait_ready()
    answers: list[dict[str, int]] = []
    request = threading.Thread(target=lambda: answers.append(served.get("/slow")))
    request.start()
    time.sleep(0.5)
    match stop:
        case "SIGTERM to the parent":
            served.process.terminate()
        case "Ctrl-C to all":
            os.killpg(served.process.pid, signal.SIGINT)
        case "hangup of all":
            os.killpg(served.process.pid, signal.SIGHUP)
    assert served.process.wait(GUARD) == 0
    request.join(GUARD)
    assert [answer["n"] for answer in answers] == [1]
    until(lambda: not served.alive())


def test_a_request_without_end_does_not_hold_up_the_stop(serve: Serve) -> None:
    served = serve().wait_ready()
    with contextlib.closing(HTTPConnection("127.0.0.1", served.port)) as connection:
        connection.request("GET", "/endless")
        time.sleep(0.5)
        served.process.terminate()
        assert served.process.wait(GUARD) == 0
    until(lambda: not served.alive())


@pytest.mark.parametrize("who", ["worker", "web", "mongod"])
def test_what_is_killed_comes_back_with_its_data(serve: Serve, who: str) -> None:
    served = serve().wait_ready()
    assert served.get()["n"] == 1
    before = served.pids(who)
    victim = before[0]
    os.kill(victim, signal.SIGKILL)
    until(lambda: victim not in served.alive())
    until(served.gets)
    assert served.get()["n"] >= 3
    until(lambda: len(served.alive()) == 5)
    after = set(served.pids(who))
    assert victim not in after
    assert after > set(before[1:])  # the other worker was left alone
    assert served.process.poll() is None


def test_workers_end_with_the_web_server(serve: Serve) -> None:
    served = serve().wait_ready()
    web = served.pids("web")[0]
    workers = set(served.children(web))
    assert len(workers) == 2
    os.kill(web, signal.SIGKILL)
    until(lambda: not workers & served.alive(), PORT_FREE)


def test_connections_wait_for_a_web_server_that_was_killed(serve: Serve) -> None:
    served = serve().wait_ready()
    web = served.pids("web")[0]
    workers = set(served.children(web))
    os.kill(web, signal.SIGKILL)
    until(lambda: not workers & served.alive(), PORT_FREE)
    assert served.get()["n"] == 1


def test_a_killed_parent_takes_all_along_and_the_next_start_works_at_once(serve: Serve) -> None:
    served = serve().wait_ready()
    served.get()
    served.process.kill()
    served.process.wait(GUARD)
    following = serve(port=served.port).wait_ready()
    assert following.get()["n"] == 2
    until(lambda: not served.alive())


def test_a_killed_parent_frees_its_port(serve: Serve) -> None:
    served = serve().wait_ready()
    served.process.kill()
    served.process.wait(GUARD)
    until(lambda: can_bind(served.port), PORT_FREE)
    until(lambda: not served.alive())


def test_a_frozen_mongod_of_a_killed_parent_does_not_stop_the_next_start(serve: Serve) -> None:
    served = serve().wait_ready()
    served.get()
    os.kill(served.pids("mongod")[0], signal.SIGSTOP)
    served.process.kill()
    served.process.wait(GUARD)
    following = serve(port=served.port, LEFTOVER_DEADLINE="0.5").wait_ready()
    assert following.get()["n"] == 2
    until(lambda: not served.alive())


def test_a_second_serve_on_the_same_data_is_refused_by_naming_the_first(serve: Serve) -> None:
    first = serve().wait_ready()
    second = serve(port=first.port)
    assert second.process.wait(GUARD) == 1
    assert second.errors.count("\n") == 1
    assert f"in use by cms process {first.process.pid}:" in second.errors
    assert first.get()["n"] == 1


def test_a_taken_port_is_named_in_one_line(serve: Serve) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        served = serve(port=port)
        assert served.process.wait(GUARD) == 1
    assert served.errors == (
        f"cms: port {port} of 127.0.0.1 is taken: stop what listens there, or set CMS_PORT\n"
    )
    until(lambda: not served.alive())


def test_a_start_that_is_not_prepared_says_why_and_leaves_nothing(serve: Serve) -> None:
    served = serve(DUMMY="unprepared")
    assert served.process.wait(GUARD) == 1
    assert served.errors == "the database is newer than this program\n"
    until(lambda: not served.alive())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_during_the_start_ends_everything(serve: Serve, number: signal.Signals) -> None:
    served = serve(DUMMY="preparing")
    until(lambda: served.said)
    os.killpg(served.process.pid, number)
    assert served.process.wait(GUARD) == 0
    until(lambda: not served.alive())
    assert served.errors == ""


def test_a_stop_is_not_lost_on_a_worker_that_was_only_just_forked(serve: Serve) -> None:
    served = serve(DUMMY="forking")
    until(lambda: any("forked" in fact for fact in served.said))
    served.process.terminate()
    assert served.process.wait(GUARD) == 0
    until(lambda: not served.alive())
    assert served.errors == ""  # Granian says so when it has to kill one


@pytest.mark.parametrize("how", ["broken", "sick"])
def test_an_app_that_cannot_start_ends_the_start(serve: Serve, how: str) -> None:
    served = serve(DUMMY=how)
    assert served.process.wait(GUARD) == 1
    assert f"the app is {how}" in served.errors
    assert served.errors.endswith("cms: the web server could not start, for the reason above\n")
    until(lambda: not served.alive())


def test_a_mongodb_of_the_users_own_is_left_alone(serve: Serve, tmp_path: Path) -> None:
    with mongod.start(tmp_path / "own") as own:
        served = serve(None, CMS_MONGODB_URL=own.url).wait_ready()
        assert served.get()["n"] == 1
        assert served.said[0] == {"url": own.url}
        assert len(served.alive()) == 4
        served.process.terminate()
        assert served.process.wait(GUARD) == 0
        assert own.poll() is None


def test_a_child_that_keeps_ending_is_started_less_and_less_often(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 0.0
    starts: list[float] = []
    monkeypatch.setattr(time, "monotonic", lambda: now)
    kept = serving._Kept("it", lambda: starts.append(now), lambda: 1, lambda: "no reason")
    while now < 600:
        kept.tend()
        now += 0.05
    pauses = [round(later - earlier) for earlier, later in pairwise(starts)]
    assert starts[0] < 1
    assert pauses == sorted(pauses)
    assert pauses[-1] == serving.LONGEST_PAUSE
    assert json.loads(capsys.readouterr().err.splitlines()[0])["why"] == "no reason"

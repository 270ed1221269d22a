"""How long a start takes until the first answer, and the memory of the process that answers.

    .venv/bin/python -m benchmarks.starts > benchmarks/results/starts.md

Needs `wrk`. The database of the user's own is the embedded binary, started before by itself. Only
a quiet machine says anything: the load while it ran is part of the record.
"""

import contextlib
import http.client
import os
import platform
import re
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from benchmarks.delivery import resident
from cms.core import mongod
from tests.reliability.running import GUARD, RunningCMS

STARTS, REQUESTS, SECONDS, CONNECTIONS = 7, 100_000, 5, 32
KEY = {"CMS_SECRET_KEY": "-" * 40, "CMS_LOG_FORMAT": "json"}


class Timed(RunningCMS):
    """Ready when it gives one answer of the public API, which is asked for without a pause."""

    def wait_ready(self) -> None:
        deadline = time.monotonic() + GUARD
        while not self._is_ready():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.005)

    def _is_ready(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=GUARD)
        with contextlib.closing(asked), contextlib.suppress(OSError):
            asked.request("GET", "/api/v1/articles")
            return asked.getresponse().status == 200
        return False


def cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def start_times(data: Path, environ: Mapping[str, str]) -> tuple[list[float], list[float]]:
    """Seconds to the first answer and CPU of each start; the one that migrates is not counted."""
    walls, cpus = [], []
    with Timed(data, environ=environ):
        pass
    for _ in range(STARTS):
        cpu, began = cpu_of_children(), time.monotonic()
        with Timed(data, environ=environ):
            walls.append(time.monotonic() - began)
        cpus.append(cpu_of_children() - cpu)
    return walls, cpus


def row(name: str, walls: list[float], cpus: list[float]) -> str:
    wall, cpu = statistics.median(walls), statistics.median(cpus)
    return f"| {name} | {wall:.2f} s | {min(walls):.2f} to {max(walls):.2f} s | {cpu:.2f} s |"


def started(here: Path) -> list[str]:
    lines = ["| database | median | range | CPU with its end |", "|---|---|---|---|"]
    with mongod.running(here / "own") as url:
        own = start_times(here / "data", {**KEY, "CMS_MONGODB_URL": url})
    return [
        *lines,
        row("of the user's own", *own),
        row("embedded", *start_times(here / "embedded", KEY)),
    ]


def remembered(here: Path) -> str:
    """Resident memory of the one worker before and after so many requests, of every sort read."""
    with RunningCMS(here / "demo", environ=KEY) as cms:
        cms.run("demo")
        slug = httpx.get(f"{cms.url}/api/v1/articles").json()["items"][0]["slug"]
        idle = resident(cms.pids()["worker"])
        paths = [f"articles/{slug}", "articles?limit=15", "projects", "search?q=a", "sync"]
        answered = 0
        while answered < REQUESTS:
            for path in paths:
                answered += asked(f"{cms.url}/api/v1/{path}")
        after = resident(cms.pids()["worker"])
    return f"API process: {idle:.0f} MB idle, {after:.0f} MB after {answered:,} requests."


def asked(url: str) -> int:
    """How many requests `wrk` got answered."""
    line = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", url]
    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    found = re.search(r"(\d+) requests in", said)
    assert found is not None, said
    return int(found[1])


def main() -> None:
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as directory:
        times = started(Path(directory))
        memory = remembered(Path(directory))
    print("# Starts and memory\n")
    load = f"load {before:.1f} before and {os.getloadavg()[0]:.1f} after"
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, one worker; {load}.")
    print("Seconds from `cms serve` to the first 200 of")
    print(f"`/api/v1/articles`, {STARTS} starts on an existing database.\n")
    print("\n".join(times))
    print(f"\n{memory}")


if __name__ == "__main__":
    main()

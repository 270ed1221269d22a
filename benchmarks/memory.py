"""How much memory the CMS and its embedded MongoDB take with the demo portfolio under load.

    .venv/bin/python -m benchmarks.memory > benchmarks/results/memory.md

Everything is started by itself on 127.0.0.1, with one worker and passwords hashed as in earnest.
What counts is PSS: memory that processes share is counted once.
"""

import contextlib
import os
import platform
import re
import struct
import tempfile
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.reliability import running
from tests.reliability.running import EMAIL, PASSWORD, RunningCMS

SECONDS, READERS = 20.0, 24
ROOT = Path(__file__).parents[1]


def family(parent: int) -> list[int]:
    """A process and all that came of it."""
    found = [parent]
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        for child in text.split():
            found += family(int(child))
    return found


def pss(pid: int) -> float:
    """Proportional set size in MB; 0 when it is gone."""
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        if found := re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE):
            return int(found[1]) / 1024
    return 0.0


class Watcher:
    """Looks again and again, and remembers the most."""

    def __init__(self, parent: int) -> None:
        self.parent = parent
        self.over = threading.Event()
        self.peak: dict[str, float] = {}
        self.total = 0.0
        self.thread = threading.Thread(target=self._watch)

    def look(self) -> dict[str, float]:
        found = {"mongod": 0.0, "": 0.0}
        for pid in family(self.parent):
            with contextlib.suppress(OSError):
                name = Path(f"/proc/{pid}/comm").read_text().strip()
                found["mongod" if name == "mongod" else ""] += pss(pid)
        return found

    def _watch(self) -> None:
        while not self.over.wait(0.1):
            now = self.look()
            if sum(now.values()) > self.total:
                self.total, self.peak = sum(now.values()), now


def readers(url: str, paths: list[str], over: threading.Event, done: list[int]) -> None:
    """One reader after another on one connection."""
    with httpx.Client(base_url=url, timeout=60) as client:
        number = 0
        while not over.is_set():
            # Every tenth asks for what no cache has.
            path = paths[number % len(paths)]
            extra = f"{'&' if '?' in path else '?'}limit={number % 100 + 1}"
            client.get(path + (extra if number % 10 == 0 and "articles?" in path else ""))
            number += 1
        done.append(number)


def writer(cms: RunningCMS, over: threading.Event) -> None:
    """Signs in, writes, uploads and publishes as long as there is time."""
    picture = (ROOT / "docs" / "screenshots" / "editor-light.png").read_bytes()
    with httpx.Client(base_url=cms.url, timeout=120) as client:
        data = {"email": EMAIL, "password": PASSWORD}
        number = 0
        while not over.is_set():
            number += 1
            answer = client.post("/api/v1/admin/session", json=data)
            if answer.status_code == 201:
                client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
            # The same picture twice is one: some bytes behind its end make it another.
            file = picture[:-12] + _chunk(number) + picture[-12:]
            client.post("/api/v1/admin/media", files={"file": ("x.png", file)})
            body = {"title": f"Daun {number}", "markdown": "Teks **tebal**. " * 2000}
            found = client.post("/api/v1/admin/articles", json=body).json()
            path = f"/api/v1/admin/articles/{found['id']}/publish"
            client.post(path, headers={"If-Match": f'"{found["revision"]}"'})


def _chunk(number: int) -> bytes:
    """A PNG comment."""

    body = b"tEXtn\0" + str(number).encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def row(name: str, found: dict[str, float]) -> str:
    mongod, cms = found["mongod"], found[""]
    return f"| {name} | {cms:.0f} MB | {mongod:.0f} MB | {cms + mongod:.0f} MB |"


def settled(look: Callable[[], dict[str, float]]) -> dict[str, float]:
    time.sleep(3)
    return look()


def main() -> None:
    running.GUARD = 600.0  # a busy machine is slow, which is not what is asked here
    with tempfile.TemporaryDirectory(prefix="memory", ignore_cleanup_errors=True) as name:
        cms = RunningCMS(Path(name) / "data")
        for setting in ("CMS_ARGON2_MEMORY_KIB", "CMS_ARGON2_TIME_COST"):
            cms._environ.pop(setting)  # noqa: SLF001 - as in earnest
        with cms:
            cms.owner_token()
            cms.run("demo")
            assert cms.process is not None
            watcher = Watcher(cms.process.pid)
            idle = settled(watcher.look)
            slugs = [
                item["slug"]
                for item in httpx.get(f"{cms.url}/api/v1/articles?limit=100").json()["items"]
            ]
            paths = [f"/api/v1/articles/{slug}" for slug in slugs]
            paths += ["/api/v1/articles?lang=en", "/api/v1/search?q=mongodb", "/feed.xml"]
            paths += ["/sitemap.xml", "/api/v1/projects", "/admin/", "/api/v1/site"]
            over, done = threading.Event(), list[int]()
            threads = [
                threading.Thread(target=readers, args=(cms.url, paths, over, done))
                for _ in range(READERS)
            ]
            threads.append(threading.Thread(target=writer, args=(cms, over)))
            watcher.thread.start()
            for thread in threads:
                thread.start()
            time.sleep(SECONDS)
            over.set()
            for thread in threads:
                thread.join()
            watcher.over.set()
            watcher.thread.join()
            after = settled(watcher.look)
    print("# Memory\n")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, one worker, the embedded")
    print(f"MongoDB 6.0.5, the demo portfolio; {READERS} connections read for {SECONDS:.0f} s")
    print(f"({sum(done):,} requests) while one person signs in, uploads, writes and publishes all")
    print("the time. PSS, looked at ten times a second.\n")
    print("| | CMS | MongoDB | together |\n|---|---|---|---|")
    print(row("idle, after the demo was filled in", idle))
    print(row("**peak under load**", watcher.peak))
    print(row("three seconds after it", after))


if __name__ == "__main__":
    main()

"""Promise 11: a full disk loses nothing that was acknowledged, and is told of before."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.reliability.running import GUARD, RunningCMS

MIB = 1024 * 1024
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="a file system of its own needs root"
)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 640 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=640m", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this root may not mount anything")
    yield folder
    # What was just killed may still let go of its files.
    deadline = time.monotonic() + GUARD
    while subprocess.run(["umount", str(folder)], capture_output=True, check=False).returncode:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _fill(path: Path, leave: int) -> None:
    free = os.statvfs(path.parent).f_bavail * os.statvfs(path.parent).f_bsize
    with path.open("ab") as file:
        for _ in range(max(0, free - leave) // MIB):
            file.write(bytes(MIB))


def _ready(cms: RunningCMS) -> httpx.Response:
    return httpx.get(f"{cms.url}/health/ready", timeout=GUARD)


def _write(client: httpx.Client, number: int) -> bool:
    body = {"title": f"Number {number}", "markdown": os.urandom(60_000).hex()}
    with contextlib.suppress(httpx.TransportError):
        return client.post("/api/v1/admin/articles", json=body).status_code == 201
    return False


def test_a_full_disk_loses_nothing_and_room_and_a_restart_bring_it_back(
    disk: Path, tmp_path: Path
) -> None:
    ballast = disk / "ballast"
    with RunningCMS(disk / "data") as cms:
        headers = {"Authorization": f"Bearer {cms.owner_token()}"}
        # The control: with room there is no warning.
        assert _ready(cms).json()["disk"] == "ok"
        _fill(ballast, leave=100 * MIB)
        warned = _ready(cms)
        assert (warned.status_code, warned.json()["disk"]) == (200, "low")
        with httpx.Client(base_url=cms.url, headers=headers, timeout=GUARD) as client:
            acknowledged = [number for number in range(3) if _write(client, number)]
            assert len(acknowledged) == 3
            _fill(ballast, leave=0)
            refused = 0
            for number in range(3, 400):
                if _write(client, number):
                    acknowledged.append(number)
                else:
                    refused += 1
                    if refused == 5:
                        break
            assert refused, "the disk was never full"
        cms.stop()
        ballast.unlink()
        cms.start()
        with httpx.Client(base_url=cms.url, headers=headers, timeout=GUARD) as client:
            found: set[str] = set()
            cursor = "?limit=100"
            while cursor:
                page = client.get(f"/api/v1/admin/articles{cursor}").json()
                found |= {item["title"] for item in page["items"]}
                after = page["page"]["next"]
                cursor = f"?limit=100&cursor={after}" if after else ""
            assert {f"Number {number}" for number in acknowledged} <= found
            assert _write(client, 1000)

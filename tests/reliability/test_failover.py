"""Promise 9: the primary of three nodes is killed, and writing goes on without a loss."""

import os
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests import make
from tests.reliability.running import GUARD, RunningCMS, promised
from tests.reliability.three_nodes import ThreeNodes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the embedded mongod, and signals")
BY_DEFAULT = pytest.param(
    *(10_000, 15.0),
    marks=pytest.mark.skipif(
        not os.environ.get("LONTAR_PROVE"), reason="the slower of two elections: make prove"
    ),
)


def _write(client: httpx.Client, number: int) -> bool:
    """One article; whoever is told to come back later is no failure."""
    answer = client.post("/api/v1/admin/articles", json={"title": f"Number {number}"})
    if answer.status_code == 503:
        time.sleep(min(float(answer.headers["retry-after"]), 0.5))
        return False
    assert answer.status_code == 201, answer.text
    return True


@pytest.mark.parametrize(("election_ms", "seconds"), [(2000, 5.0), BY_DEFAULT])
def test_writes_resume_after_the_primary_was_killed(
    tmp_path: Path, election_ms: int, seconds: float
) -> None:
    with ThreeNodes(tmp_path / "db", election_ms=election_ms) as nodes:
        environ = {"CMS_MONGODB_URL": nodes.url, "CMS_SECRET_KEY": make.KEY}
        with RunningCMS(tmp_path / "data", environ=environ, patience=3 * GUARD) as cms:
            headers = {"Authorization": f"Bearer {cms.owner_token()}"}
            with httpx.Client(base_url=cms.url, headers=headers, timeout=GUARD) as client:
                acknowledged = [number for number in range(10) if _write(client, number)]
                nodes.kill_primary()
                killed = time.monotonic()
                number = 10
                while not _write(client, number):
                    number += 1
                    assert time.monotonic() < killed + promised(seconds)
                assert time.monotonic() < killed + promised(seconds)
                acknowledged.append(number)
                acknowledged += [n for n in range(number + 1, number + 10) if _write(client, n)]
                found = client.get("/api/v1/admin/articles?limit=100").json()["items"]
                titles = {item["title"] for item in found}
                assert {f"Number {n}" for n in acknowledged} <= titles
                assert client.get("/health/ready").status_code == 200

                # The control: what is left of the set is no majority, and takes no writes.
                nodes.kill_primary()
                ends = time.monotonic() + 8
                while time.monotonic() < ends:
                    assert not _write(client, 999)

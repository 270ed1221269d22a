"""While the database is away, what is known goes on being served, and nothing else (promise 8)."""

import os
import signal
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.reliability.running import GUARD, RunningCMS, until

ARTICLES = "/api/v1/admin/articles"
FROZEN_SECONDS = 6.0  # longer than it takes to notice

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="freezes a process")


def test_a_frozen_database_takes_only_unknown_reads_away(tmp_path: Path) -> None:
    with RunningCMS(tmp_path / "data") as cms, httpx.Client(base_url=cms.url, timeout=30) as client:
        known = client.get("/api/v1/articles")
        assert known.status_code == 200
        mongod = cms.pids()["mongod"]
        os.kill(mongod, signal.SIGSTOP)
        try:
            ends = time.monotonic() + FROZEN_SECONDS
            while time.monotonic() < ends:
                again = client.get("/api/v1/articles")
                assert (again.status_code, again.content) == (200, known.content)
                time.sleep(0.05)
            unknown = client.get("/api/v1/articles?limit=7")
            assert unknown.status_code == 503
            assert int(unknown.headers["retry-after"]) > 0
            assert client.get("/health/ready").status_code == 503
            assert client.get("/health/live").status_code == 200
        finally:
            os.kill(mongod, signal.SIGCONT)
        deadline = time.monotonic() + GUARD
        while client.get("/api/v1/articles?limit=7").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        # And what is written from now on is seen at once.
        headers = {"Authorization": f"Bearer {cms.owner_token()}"}
        article = client.post(
            "/api/v1/admin/articles", json={"title": "Back"}, headers=headers
        ).json()
        match = {**headers, "If-Match": f'"{article["revision"]}"'}
        client.post(f"/api/v1/admin/articles/{article['id']}/publish", headers=match)
        assert len(client.get("/api/v1/articles").json()["items"]) == 1
        assert '"cache_hearing"' in cms.log.read_text()


def test_data_that_goes_away_takes_only_unknown_reads_along_and_may_come_back(
    tmp_path: Path,
) -> None:
    """As a volume that is unmounted under it, and mounted again."""
    with RunningCMS(tmp_path / "data") as cms, httpx.Client(base_url=cms.url, timeout=30) as client:
        headers = {"Authorization": f"Bearer {cms.owner_token()}"}
        assert client.post(ARTICLES, json={"title": "Kept"}, headers=headers).status_code == 201
        known = client.get("/api/v1/articles")
        (tmp_path / "data" / "mongodb").rename(tmp_path / "away")
        (tmp_path / "data" / "mongodb").mkdir()
        cms.kill("mongod")
        until(lambda: "is gone: put it back" in cms.log.read_text())
        again = client.get("/api/v1/articles")
        assert (again.status_code, again.content) == (200, known.content)
        assert client.get("/api/v1/articles?limit=7").status_code == 503
        assert client.get("/health/ready").status_code == 503
        assert client.post(ARTICLES, json={"title": "Lost"}, headers=headers).status_code == 503
        (tmp_path / "data" / "mongodb").rmdir()
        (tmp_path / "away").rename(tmp_path / "data" / "mongodb")
        until(lambda: client.get("/health/ready").status_code == 200)
        (kept,) = client.get(ARTICLES, headers=headers).json()["items"]
        assert kept["title"] == "Kept"

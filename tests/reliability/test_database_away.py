"""Promise 8: while the database is gone or frozen every request is answered, and then it works."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pymongo import AsyncMongoClient

from cms.core import mongod
from cms.core.mongod import Mongod
from tests import make
from tests.reliability.running import GUARD, RunningCMS, promised

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the embedded mongod, and signals")
ASKED = (
    *("/api/v1/articles?limit=7", "/api/v1/search?q=lontar", "/api/v1/admin/articles"),
    *("/api/v1/admin/audit", "/feed.xml"),
)


@contextlib.contextmanager
def _cms(tmp_path: Path) -> Iterator[tuple[RunningCMS, Mongod]]:
    """A CMS over a MongoDB that is not its own: nobody starts it again but the test."""
    server = mongod.start(tmp_path / "db")
    environ = {"CMS_MONGODB_URL": server.url, "CMS_SECRET_KEY": make.KEY}
    try:
        with RunningCMS(tmp_path / "data", environ=environ) as cms:
            yield cms, server
    finally:
        server.stop()


def _answers_while_away(cms: RunningCMS, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=cms.url, headers=headers, timeout=promised(1)) as client:
        assert client.get("/health/live").status_code == 200
        ready = client.get("/health/ready")
        assert (ready.status_code, ready.json()["code"]) == (503, "database_unavailable")
    with httpx.Client(base_url=cms.url, headers=headers, timeout=promised(5)) as client:
        writing = client.post("/api/v1/admin/articles", json={"title": "Lost?"})
        for answer in (writing, *map(client.get, ASKED)):
            assert answer.status_code == 503, (answer.url, answer.text)
            assert int(answer.headers["retry-after"]) > 0


def _recovers(cms: RunningCMS) -> None:
    deadline = time.monotonic() + promised(1)
    while True:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{cms.url}/health/ready", timeout=GUARD).status_code == 200:
                break
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert httpx.get(f"{cms.url}/api/v1/articles", timeout=GUARD).status_code == 200


def test_a_frozen_database_is_said_to_be_away_and_is_used_when_it_wakes(tmp_path: Path) -> None:
    with _cms(tmp_path) as (cms, server):
        token = cms.owner_token()
        os.kill(server.pid, signal.SIGSTOP)
        try:
            _answers_while_away(cms, token)
        finally:
            os.kill(server.pid, signal.SIGCONT)
        _recovers(cms)


def test_a_database_that_is_gone_is_said_to_be_away_and_is_used_when_it_is_back(
    tmp_path: Path,
) -> None:
    with _cms(tmp_path) as (cms, server):
        token = cms.owner_token()
        os.kill(server.pid, signal.SIGKILL)
        while server.poll() is None:
            time.sleep(0.01)
        _answers_while_away(cms, token)
        server.start()
        _recovers(cms)


async def test_the_control_with_the_drivers_own_patience_waits_on(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        server = mongod.start(tmp_path / "db")
        stack.callback(server.stop)
        client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(server.url)
        assert await client["lontar"]["articles"].find_one({}) is None
        os.kill(server.pid, signal.SIGSTOP)
        stack.callback(os.kill, server.pid, signal.SIGCONT)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client["lontar"]["articles"].find_one({}), timeout=5)
        os.kill(server.pid, signal.SIGCONT)
        await client.close()

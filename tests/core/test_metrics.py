"""Numbers for Prometheus: of all processes, with few labels, for whoever has the token."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from cms.app import wrapped
from cms.config import Settings
from cms.core import db, health
from cms.core.db import Database
from cms.core.logs import Request
from cms.core.metrics import AREAS, CLASSES, METHODS, Meter, written
from cms.leases.documents import Lease

WATCHER = "a token for those who watch, forty letters"
BEARER = {"Authorization": f"Bearer {WATCHER}"}


@pytest.fixture
async def watched(
    served: Litestar, settings: Settings, database: Database
) -> AsyncIterator[httpx.AsyncClient]:
    app = wrapped(served, replace(settings, metrics_token=WATCHER))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


async def _scraped(client: httpx.AsyncClient) -> dict[str, float]:
    answer = await client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    rows = [line.rpartition(" ") for line in answer.text.splitlines() if line[0] != "#"]
    return {name: float(value) for name, _, value in rows}


async def test_requests_are_counted_by_area_method_and_outcome(
    watched: httpx.AsyncClient,
) -> None:
    await watched.get("/api/v1/articles")
    await watched.get("/api/v1/articles/nowhere")
    await watched.get("/api/v1/admin/articles")
    found = await _scraped(watched)
    one = 'lontar_requests_total{area="%s",method="GET",status="%s"}'
    assert found[one % ("public", "2xx")] == 1
    assert found[one % ("public", "4xx")] == 1
    assert found[one % ("admin", "4xx")] == 1
    assert found['lontar_request_seconds_count{area="public"}'] == 2
    assert found['lontar_request_seconds_bucket{area="public",le="+Inf"}'] == 2
    assert found["lontar_database_up"] == 1
    assert found["lontar_disk_free_bytes"] > 0


async def test_whoever_works_beside_the_requests_is_seen(watched: httpx.AsyncClient) -> None:
    assert (await _scraped(watched))['lontar_lease_held{work="backup"}'] == 0
    await Lease.hold("backup", "somebody", db.now(), timedelta(minutes=1))
    assert (await _scraped(watched))['lontar_lease_held{work="backup"}'] == 1


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {WATCHER}x"}]
)
async def test_nobody_else_sees_them(watched: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await watched.get("/metrics", headers=headers)).status_code == 404
    assert (await watched.post("/metrics", headers=BEARER)).status_code == 404


async def test_without_a_token_there_is_no_such_page(reader: httpx.AsyncClient) -> None:
    assert (await reader.get("/metrics", headers=BEARER)).status_code == 404


def _answered(path: str, method: str = "GET", status: int = 200) -> Request:
    return method, path, status, 0.01, "127.0.0.1", "abcdefgh", time.perf_counter()


async def test_labels_are_bounded_whatever_is_asked_for() -> None:
    meter = Meter()
    for number in range(500):
        meter.count(_answered(f"/api/v1/articles/{number}?q={number}", f"M{number}", number * 2))
    text = written(meter, []).decode()
    most = len(AREAS) * len(METHODS) * len(CLASSES)
    assert 0 < text.count("lontar_requests_total{") <= most
    assert "M1" not in text
    assert sum(int(n.rpartition(" ")[2]) for n in text.splitlines() if "_count{" in n) == 500


async def test_all_processes_of_a_host_are_added_up(tmp_path: Path) -> None:
    one, other = Meter(tmp_path / "metrics"), Meter(tmp_path / "metrics")
    for meter in (one, other, other):
        meter.count(_answered("/api/v1/articles"))
    other.flush()
    told = list(one.lines())
    assert 'lontar_requests_total{area="public",method="GET",status="2xx"} 3' in told


async def test_what_was_counted_is_told_to_the_others_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cms.core.metrics.FLUSH_SECONDS", 0.01)
    one, other = Meter(tmp_path / "metrics"), Meter(tmp_path / "metrics")
    one.count(_answered("/media/a.jpg"))
    wanted = 'lontar_request_seconds_count{area="media"} 1'
    for _ in range(1000):
        if wanted in list(other.lines()):
            break
        await asyncio.sleep(0.01)
    assert wanted in list(other.lines())


async def test_readiness_says_when_the_disk_is_nearly_full(
    reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await reader.get("/health/ready")).json()["disk"] == "ok"
    monkeypatch.setattr(health, "free_bytes", lambda _: health.LOW_DISK_BYTES - 1)
    answer = await reader.get("/health/ready")
    assert (answer.status_code, answer.json()["disk"]) == (200, "low")

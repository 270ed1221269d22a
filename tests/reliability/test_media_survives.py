"""Whoever is killed while variants are made: afterwards all are there, and nothing else is."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.media import samples
from tests.reliability.running import GUARD, RunningCMS, rounds

ADMIN = "/api/v1/admin/media"
VICTIMS = ("worker", "cms", "web", "mongod")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to find its victims")


def _items(client: httpx.Client) -> list[dict[str, Any]]:
    while True:
        try:
            answer = client.get(f"{ADMIN}?limit=100")
        except httpx.TransportError:
            continue
        if answer.status_code == 200:
            found: list[dict[str, Any]] = answer.json()["items"]
            return found


def _until(client: httpx.Client, enough: int) -> None:
    """Wait until at least so many variants are named, of all items together."""
    deadline = time.monotonic() + GUARD
    while sum(len(item["variants"]) for item in _items(client)) < enough:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _show_that_a_sweep_can_find(cms: RunningCMS, folder: Path, named: list[str]) -> None:
    """The control: a stranger's file goes, a lost variant comes back."""
    lost = next(name for name in named if name.endswith(".avif"))
    (folder / lost).unlink()
    stranger = folder / f"{'a' * 24}-{'b' * 24}.jpg"
    stranger.write_bytes(b"x")
    swept = json.loads(cms.run("media", "sweep", "--older-than", "0", "--json"))
    assert (swept["orphans"], swept["missing_variants"]) == ([stranger.name], [lost])
    deadline = time.monotonic() + GUARD
    while not (folder / lost).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert not stranger.exists()


def test_a_kill_while_variants_are_made_loses_none_and_leaves_none(tmp_path: Path) -> None:
    with RunningCMS(tmp_path / "data") as cms:
        headers = {"Authorization": f"Bearer {cms.owner_token()}"}
        with httpx.Client(base_url=cms.url, headers=headers, timeout=30) as client:
            for turn in range(rounds(2, 20)):
                data = samples.jpeg(1400 + turn, 1000)
                before = sum(len(item["variants"]) for item in _items(client))
                sent = client.post(ADMIN, files={"file": ("a.jpg", data, "image/jpeg")})
                assert sent.status_code == 201, sent.text
                _until(client, before + 3)
                cms.kill(VICTIMS[turn % len(VICTIMS)])

            deadline = time.monotonic() + GUARD
            while any(item["state"] != "ready" for item in _items(client)):
                assert time.monotonic() < deadline, _items(client)
                time.sleep(0.1)
            items = _items(client)

        named = {
            url.rpartition("/")[2]
            for item in items
            for url in [item["url"], *(variant["url"] for variant in item["variants"])]
        }
        # What a kill left between a file and its name goes in the sweep.
        first = json.loads(cms.run("media", "sweep", "--older-than", "0", "--json"))
        again = json.loads(cms.run("media", "sweep", "--older-than", "0", "--json"))
        assert first["missing_variants"] == first["missing_originals"] == []
        assert again["orphans"] == []
        assert {file.name for file in (tmp_path / "data" / "media").iterdir()} == named
        assert all(item["progress"]["done"] == item["progress"]["total"] > 20 for item in items)
        _show_that_a_sweep_can_find(cms, tmp_path / "data" / "media", sorted(named))

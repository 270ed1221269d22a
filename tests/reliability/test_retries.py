"""What is sent again until it is answered is made once, whoever is killed (promise 5)."""

import asyncio
import itertools
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.reliability.running import GUARD, RunningCMS, rounds

ADMIN = "/api/v1/admin/articles"
CREATIONS = 60
VICTIMS = ("worker", "mongod", "cms", "web", "worker")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to find its victims")


async def _insist(client: httpx.AsyncClient, name: str, *, key: str | None) -> httpx.Response:
    """Send a creation until it is answered, then once more, as one whose answer was lost."""
    headers = {"Idempotency-Key": key} if key else {}
    answers: list[httpx.Response] = []
    while len(answers) < 2:
        try:
            answer = await client.post(ADMIN, json={"title": name}, headers=headers)
        except httpx.TransportError:
            await asyncio.sleep(0.05)
            continue
        assert answer.status_code in {201, 503}, answer.text
        if answer.status_code == 201:
            answers.append(answer)
        else:
            await asyncio.sleep(0.05)
    if key:
        assert answers[0].content == answers[1].content
        assert answers[0].headers["location"] == answers[1].headers["location"]
    return answers[0]


async def _titles(client: httpx.AsyncClient) -> list[str]:
    titles, target = [], f"{ADMIN}?limit=100"
    while target:
        listed = await client.get(target)
        titles += [row["title"] for row in listed.json()["items"]]
        target = listed.links.get("next", {}).get("url", "")
    return titles


async def _histories(client: httpx.AsyncClient, made: dict[str, Any]) -> list[int]:
    """How many revisions each article has."""
    found = []
    for ident in made.values():
        revisions = await client.get(f"{ADMIN}/{ident}/revisions")
        found.append(len(revisions.json()["items"]))
    return found


async def test_each_key_makes_one_article_under_kills_of_anyone(tmp_path: Path) -> None:
    made: dict[str, str] = {}
    with RunningCMS(tmp_path / "data") as cms:
        headers = {"Authorization": f"Bearer {cms.owner_token()}"}
        async with httpx.AsyncClient(base_url=cms.url, headers=headers, timeout=20) as client:
            numbers = itertools.count()
            is_over = asyncio.Event()

            async def work() -> None:
                while not is_over.is_set() or len(made) < CREATIONS:
                    name = f"A{next(numbers)}"
                    answer = await _insist(client, name, key=f"key-{name}")
                    made[name] = answer.json()["id"]

            workers = [asyncio.create_task(work()) for _ in range(4)]
            for who in itertools.islice(itertools.cycle(VICTIMS), rounds(len(VICTIMS), 100)):
                await asyncio.sleep(0.7)
                await asyncio.to_thread(cms.kill, who)
            is_over.set()
            await asyncio.wait_for(asyncio.gather(*workers), GUARD * 5)
            await asyncio.to_thread(cms.wait_ready)

            assert sorted(await _titles(client)) == sorted(made)
            assert set(await _histories(client, made)) == {1}


async def test_the_control_without_keys_makes_doubles(tmp_path: Path) -> None:
    with RunningCMS(tmp_path / "data") as cms:
        headers = {"Authorization": f"Bearer {cms.owner_token()}"}
        async with httpx.AsyncClient(base_url=cms.url, headers=headers, timeout=20) as client:
            await _insist(client, "A", key=None)
            assert await _titles(client) == ["A", "A"]

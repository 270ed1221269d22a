"""What was acknowledged is found again, whoever is killed (promises 1 and 2)."""

import asyncio
import itertools
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.reliability.running import GUARD, RunningCMS, rounds

ADMIN = "/api/v1/admin/articles"
PUBLISHES = 200
VICTIMS = ("mongod", "cms", "worker", "mongod", "web", "cms")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to find its victims")


async def _publish_until_done(
    client: httpx.AsyncClient, numbers: "itertools.count[int]", acknowledged: dict[str, str]
) -> None:
    """Create and publish; only what was answered 200 counts. Then change it and publish again."""
    while (number := next(numbers)) < PUBLISHES:
        try:
            made = await client.post(ADMIN, json={"title": f"A{number}", "markdown": "first"})
            if made.status_code != 201:
                continue
            live = await _verb(client, made.json())
            if live is None:
                continue
            acknowledged[live["slug"]] = "first"
            text = f"second {number}"
            changed = await client.patch(
                f"{ADMIN}/{live['id']}",
                json={"markdown": text},
                headers={"If-Match": f'"{live["revision"]}"'},
            )
            if changed.status_code != 200:
                continue
            # From here on readers may see either, until the second publish is acknowledged.
            acknowledged[live["slug"]] = ""
            if await _verb(client, changed.json()):
                acknowledged[live["slug"]] = text
        except httpx.TransportError:
            await asyncio.sleep(0.1)


async def _verb(client: httpx.AsyncClient, thing: dict[str, Any]) -> dict[str, Any] | None:
    answer = await client.post(
        f"{ADMIN}/{thing['id']}/publish", headers={"If-Match": f'"{thing["revision"]}"'}
    )
    assert answer.status_code in {200, 503}, answer.text
    found: dict[str, Any] = answer.json()
    return found if answer.status_code == 200 else None


async def test_every_acknowledged_publish_is_found_after_kills_of_anyone(tmp_path: Path) -> None:
    acknowledged: dict[str, str] = {}
    with RunningCMS(tmp_path / "data") as cms:
        token = cms.owner_token()
        numbers = itertools.count()
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=cms.url, headers=headers, timeout=20) as client:
            work = [
                asyncio.create_task(_publish_until_done(client, numbers, acknowledged))
                for _ in range(4)
            ]
            done = asyncio.gather(*work)
            for who in itertools.islice(itertools.cycle(VICTIMS), rounds(len(VICTIMS), 100)):
                await asyncio.sleep(0.7)
                await asyncio.to_thread(cms.kill, who)
                if done.done():
                    # Whoever finished early starts over: each kill has to find writes under way.
                    numbers = itertools.count(PUBLISHES * -1)
                    again = _publish_until_done(client, numbers, acknowledged)
                    done = asyncio.gather(*[asyncio.create_task(again)])
            await asyncio.wait_for(done, GUARD * 5)

        await asyncio.to_thread(cms.wait_ready)
        assert len(acknowledged) > PUBLISHES / 4
        assert await _lost(cms.url, acknowledged) == []
        assert await _half_published(cms.url, token) == []


async def _lost(url: str, acknowledged: dict[str, str]) -> list[tuple[str, str, int]]:
    lost = []
    async with httpx.AsyncClient(base_url=url, timeout=20) as reader:
        for slug, text in acknowledged.items():
            answer = await reader.get(f"/api/v1/articles/{slug}")
            if answer.status_code != 200 or text not in answer.json()["html"]:
                lost.append((slug, text, answer.status_code))
    return lost


async def _half_published(url: str, token: str) -> list[str]:
    """Articles whose live content is not exactly a published working copy."""
    found = []
    async with httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=20
    ) as client:
        target = f"{ADMIN}?limit=100"
        while target:
            listed = await client.get(target)
            for row in listed.json()["items"]:
                whole = (await client.get(f"{ADMIN}/{row['id']}")).json()
                live = whole["live"]
                if live and live["markdown"] not in live["html"]:
                    found.append(whole["slug"])
            target = listed.links.get("next", {}).get("url", "")
    return found

"""No read that begins after an acknowledged write sees an older state, over two workers."""

import asyncio
import sys
from pathlib import Path

import httpx
import pytest

from tests.reliability.running import RunningCMS, rounds

ADMIN = "/api/v1/admin/articles"
ROUNDS = rounds(30, 10_000)
READERS = 2

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="two workers on one socket")


async def _press(url: str, stop: asyncio.Event) -> int:
    """Read nearly without a pause, so that both workers' caches are filled all the time."""
    count = 0
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        while not stop.is_set():
            for path in ("/api/v1/articles", "/api/v1/articles/fresh"):
                assert (await client.get(path)).status_code in {200, 404}
                count += 1
            await asyncio.sleep(0.005)
    return count


async def test_a_read_after_the_acknowledgement_sees_the_write(tmp_path: Path) -> None:
    stop = asyncio.Event()
    stale: list[int] = []
    with RunningCMS(tmp_path / "data", workers=2) as cms:
        headers = {"Authorization": f"Bearer {cms.owner_token()}"}
        load = [asyncio.create_task(_press(cms.url, stop)) for _ in range(READERS)]
        async with httpx.AsyncClient(base_url=cms.url, headers=headers, timeout=30) as writer:
            made = await writer.post(ADMIN, json={"title": "Fresh", "slug": "fresh"})
            article = made.json()
            for number in range(ROUNDS):
                match = {"If-Match": f'"{article["revision"]}"'}
                text = {"title": f"Fresh {number}"}
                article = (
                    await writer.patch(f"{ADMIN}/{article['id']}", json=text, headers=match)
                ).json()
                match = {"If-Match": f'"{article["revision"]}"'}
                answer = await writer.post(f"{ADMIN}/{article['id']}/publish", headers=match)
                assert answer.status_code == 200, answer.text
                article = answer.json()
                # New connections: the kernel gives them to either worker.
                async with httpx.AsyncClient(base_url=cms.url, timeout=30) as reader:
                    one = (await reader.get("/api/v1/articles/fresh")).json()
                async with httpx.AsyncClient(base_url=cms.url, timeout=30) as reader:
                    many = (await reader.get("/api/v1/articles")).json()
                if {one["title"], many["items"][0]["title"]} != {text["title"]}:
                    stale.append(number)
        stop.set()
        reads = sum(await asyncio.gather(*load))
    assert stale == []
    assert reads > ROUNDS  # both caches were filled all the time

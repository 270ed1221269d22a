"""No read that begins after an acknowledged write sees an older state, over two workers."""

import asyncio
import sys
from pathlib import Path

import httpx
import pytest

from tests.reliability.running import RunningCMS, rounds

ADMIN = "/api/v1/admin/articles"
ROUNDS = rounds(30, 10_000)
WRITERS = 2
READERS = 2
# Imported by Python itself before the program: no answer is ever found to be too old.
UNCHECKED = """
from cms.core.generation import Generation
Generation.value = property(lambda self: 0)
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="two workers on one socket")


async def _press(url: str, stop: asyncio.Event) -> int:
    """Read nearly without a pause, so that both workers' caches are filled all the time."""
    count = 0
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        while not stop.is_set():
            for path in ("/api/v1/articles", "/api/v1/articles/fresh-0"):
                assert (await client.get(path)).status_code in {200, 404}
                count += 1
            await asyncio.sleep(0.005)
    return count


async def _write(writer: httpx.AsyncClient, reader: httpx.AsyncClient, me: int, count: int) -> int:
    """Publish again and again, and read the article and the list; how often one was older."""
    slug, stale = f"fresh-{me}", 0
    made = await writer.post(ADMIN, json={"title": "Fresh", "slug": slug})
    article = made.json()
    for number in range(count):
        match = {"If-Match": f'"{article["revision"]}"'}
        text = {"title": f"Fresh {number} of {me}"}
        changed = await writer.patch(f"{ADMIN}/{article['id']}", json=text, headers=match)
        match = {"If-Match": f'"{changed.json()["revision"]}"'}
        answer = await writer.post(f"{ADMIN}/{article['id']}/publish", headers=match)
        assert answer.status_code == 200, answer.text
        article = answer.json()
        one = (await reader.get(f"/api/v1/articles/{slug}")).json()
        many = (await reader.get("/api/v1/articles")).json()
        listed = [item["title"] for item in many["items"] if item["slug"] == slug]
        stale += one.get("title") != text["title"] or listed != [text["title"]]
    return stale


async def _stale_reads(cms: RunningCMS, count: int) -> tuple[int, int]:
    """How many rounds saw an older state, and how many reads pressed meanwhile."""
    stop = asyncio.Event()
    headers = {"Authorization": f"Bearer {cms.owner_token()}"}
    load = [asyncio.create_task(_press(cms.url, stop)) for _ in range(READERS)]
    # Each read is a new connection: the kernel gives it to either worker.
    each_new = httpx.Limits(max_keepalive_connections=0)
    async with (
        httpx.AsyncClient(base_url=cms.url, headers=headers, timeout=30) as writer,
        httpx.AsyncClient(base_url=cms.url, limits=each_new, timeout=30) as reader,
    ):
        work = (_write(writer, reader, me, count // WRITERS) for me in range(WRITERS))
        stale = await asyncio.gather(*work)
    stop.set()
    return sum(stale), sum(await asyncio.gather(*load))


async def test_a_read_after_the_acknowledgement_sees_the_write(tmp_path: Path) -> None:
    with RunningCMS(tmp_path / "data", workers=2) as cms:
        stale, reads = await _stale_reads(cms, ROUNDS)
    assert stale == 0
    assert reads > ROUNDS  # both caches were filled all the time


async def test_without_the_check_of_the_generation_reads_are_stale(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(UNCHECKED)
    environ = {"PYTHONPATH": str(tmp_path)}
    with RunningCMS(tmp_path / "data", workers=2, environ=environ) as cms:
        stale, _ = await _stale_reads(cms, 20)
    assert stale > 0

"""What was acknowledged is found again, whoever is killed (promises 1 and 2)."""

import asyncio
import itertools
import os
import random
import signal
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo.errors import PyMongoError
from pymongo.write_concern import WriteConcern

from cms.articles.documents import Article
from cms.core import db, mongod
from cms.history import documents as history
from cms.history.entries import Entry
from tests import make
from tests.reliability.agreement import disagreements
from tests.reliability.running import GUARD, RunningCMS, rounds

ADMIN = "/api/v1/admin/articles"
PUBLISHES = 200
VICTIMS = ("mongod", "cms", "mongod stopped", "worker", "worker stopped", "web")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to find its victims")


async def _publish_until(
    client: httpx.AsyncClient,
    numbers: "itertools.count[int]",
    acknowledged: dict[str, str],
    enough: int,
) -> None:
    """Create and publish; only what was answered 200 counts. Then change it and publish again."""
    while len(acknowledged) < enough:
        number = next(numbers)
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
                asyncio.create_task(_publish_until(client, numbers, acknowledged, PUBLISHES))
                for _ in range(4)
            ]
            done = asyncio.gather(*work)
            for who in itertools.islice(itertools.cycle(VICTIMS), rounds(len(VICTIMS), 100)):
                await asyncio.sleep(0.7)
                name, _, is_stopped = who.partition(" ")
                await asyncio.to_thread(cms.freeze if is_stopped else cms.kill, name)
                if done.done():
                    # Whoever finished early goes on: each kill has to find writes under way.
                    enough = len(acknowledged) + PUBLISHES // 4
                    again = _publish_until(client, numbers, acknowledged, enough)
                    done = asyncio.gather(*[asyncio.create_task(again)])
            await asyncio.wait_for(done, GUARD * 5)

        await asyncio.to_thread(cms.wait_ready)
        assert len(acknowledged) >= PUBLISHES
        assert await _lost(cms.url, acknowledged) == []
        assert await _half_published(cms.url, token) == []
    with mongod.running(tmp_path / "data") as url:
        database = db.make_client(url)
        found = database["lontar"]
        assert await found["articles"].count_documents({}) >= len(acknowledged)
        assert await disagreements(found) == []
        await database.close()


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


class Killed(BaseException):
    """Stands for a `kill -9` between two writes."""


async def _publish_some(owner: httpx.AsyncClient) -> None:
    for number in range(12):
        try:
            made = await make.published(owner, title=f"A{number}", markdown="first")
            change = {"markdown": "second"}
            edited = await owner.patch(
                f"{ADMIN}/{made['id']}", json=change, headers=make.if_match(made)
            )
            await make.verb(owner, edited.json(), "publish")
        except (Killed, AssertionError, BaseExceptionGroup):
            continue


async def test_what_publishing_leaves_agrees(
    owner: httpx.AsyncClient, database: db.Database
) -> None:
    await _publish_some(owner)
    assert await disagreements(database) == []


async def test_the_control_that_writes_in_two_steps_leaves_disagreement(
    owner: httpx.AsyncClient, database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(2)  # noqa: S311

    async def in_two_steps(self: Article, after: Article, entry: Entry) -> Article:
        await self.get_pymongo_collection().update_one(
            {"_id": self.id, "revision": self.revision},
            {"$set": self._difference(after), "$inc": {"revision": 1}},
        )
        if dice.random() < 0.2:
            raise Killed
        assert self.id is not None
        await history.keep("article", self.id, self.heading, [entry])
        written: Article = after.model_copy(update={"revision": self.revision + 1})
        return written

    monkeypatch.setattr(Article, "replace_guarded", in_two_steps)
    await _publish_some(owner)
    assert await disagreements(database)


async def _lost_to_a_kill(folder: Path, *, is_careful: bool) -> int:
    """How many acknowledged writes are gone after mongod is killed among them."""
    lost = 0
    for number in range(rounds(1, 10) if is_careful else 10):
        if lost:
            break  # shown
        acknowledged: list[str] = []
        with mongod.Mongod(folder / f"{is_careful}{number}", purpose="a test") as server:
            server.start()
            client = db.make_client(server.url)
            notes = client["lontar"]["notes"]
            if not is_careful:
                notes = notes.with_options(write_concern=WriteConcern(w=1, j=False))

            async def write(notes: Any = notes, acknowledged: list[str] = acknowledged) -> None:
                for place in itertools.count():
                    name = f"{id(asyncio.current_task())}-{place}"
                    try:
                        await notes.insert_one({"_id": name})
                    except PyMongoError:
                        return
                    acknowledged.append(name)

            work = [asyncio.create_task(write()) for _ in range(8)]
            await asyncio.sleep(0.7)
            os.kill(server.pid, signal.SIGKILL)
            await asyncio.gather(*work)
            await client.close()
        with mongod.running(folder / f"{is_careful}{number}") as url:
            client = db.make_client(url)
            rows = client["lontar"]["notes"].find({}, {"_id": 1})
            kept = {row["_id"] async for row in rows}
            await client.close()
        assert acknowledged
        lost += len(set(acknowledged) - kept)
    return lost


async def test_our_client_loses_nothing_when_mongod_is_killed(tmp_path: Path) -> None:
    assert await _lost_to_a_kill(tmp_path, is_careful=True) == 0


async def test_the_control_that_waits_for_no_journal_loses_what_was_acknowledged(
    tmp_path: Path,
) -> None:
    assert await _lost_to_a_kill(tmp_path, is_careful=False) > 0

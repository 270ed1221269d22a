"""A follower of `/api/v1/sync` ends equal to the database, whoever is killed."""

import asyncio
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.reliability.running import EMAIL, GUARD, RunningCMS, rounds
from tests.sync.following import Follower, Row, held, present

Copy = dict[str, dict[str, Row]]

ADMIN = "/api/v1/admin"
SCOPES = (
    "articles:write", "articles:publish", "articles:purge", "pages:write", "pages:publish",
    "projects:write", "projects:publish", "profiles:write", "tags:write", "site:write",
)  # fmt: skip
TAGS = ["api", "web", "data", "#desk", "ops"]
AUTHORS = ["rani", "sari"]
VICTIMS = ("worker", "mongod", "cms")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to find its victims")


class Author:
    """Does something at random, and does not mind being refused or cut off."""

    def __init__(self, client: httpx.AsyncClient, seed: int) -> None:
        self.client, self.dice = client, random.Random(seed)  # noqa: S311 - no secret
        self.items: list[tuple[str, str]] = []
        self.done = 0

    async def work(self, count: int) -> None:
        while self.done < count:
            try:
                await self.change()
            except (httpx.TransportError, KeyError, ValueError):
                await asyncio.sleep(0.05)

    async def change(self) -> None:
        doing = self.dice.choices(
            [self.publish_new, self.edit, self.end, self.plan, self.vocabulary, self.people,
             self.settings],
            weights=[5, 5, 3, 2, 2, 2, 1],
        )[0]  # fmt: skip
        answer = await doing()
        if answer is not None and answer.is_success:
            self.done += 1

    def refers(self) -> dict[str, Any]:
        tags = self.dice.sample(TAGS, self.dice.randint(0, 3))
        authors = self.dice.sample(AUTHORS, self.dice.randint(0, 1))
        return {"tag_slugs": tags, "author_slugs": authors}

    async def publish_new(self) -> httpx.Response | None:
        kinds = self.dice.choice(["articles", "articles", "articles", "projects", "pages"])
        data: dict[str, Any] = {"title": f"T{self.dice.random()}", "markdown": "a"}
        data |= self.refers() if kinds == "articles" else {}
        made = await self.client.post(f"{ADMIN}/{kinds}", json=data)
        self.items.append((kinds, made.json()["id"]))
        return await self.verb(self.items[-1], "publish")

    async def edit(self) -> httpx.Response | None:
        if not self.items:
            return None
        item = self.dice.choice(self.items)
        changes: dict[str, Any] = {"title": f"E{self.dice.random()}"}
        if self.dice.random() < 0.4:
            changes["slug"] = f"slug-{self.dice.randint(0, 10**9)}"
        changes |= self.refers() if item[0] == "articles" else {}
        await self.send("PATCH", item, "", changes)
        return await self.verb(item, "publish")

    async def end(self) -> httpx.Response | None:
        if not self.items:
            return None
        item = self.dice.choice(self.items)
        if self.dice.random() < 0.5:
            return await self.verb(item, "unpublish")
        await self.send("DELETE", item, "")
        return await self.verb(item, self.dice.choice(["restore", "purge"]))

    async def plan(self) -> httpx.Response | None:
        if not self.items:
            return None
        at = datetime.now(UTC) + timedelta(seconds=self.dice.uniform(0.1, 2))
        verb = self.dice.choice(["publish", "unpublish"])
        return await self.verb(self.dice.choice(self.items), verb, {"at": at.isoformat()})

    async def vocabulary(self) -> httpx.Response | None:
        one, other = self.dice.sample(TAGS, 2)
        tag = ("tags", one.replace("#", "%23"))
        if self.dice.random() < 0.5:
            return await self.send("PATCH", tag, "", {"name": f"N{self.dice.random()}"})
        return await self.send("POST", tag, "/merge", {"into": other})

    async def people(self) -> httpx.Response | None:
        listed = (await self.client.get(f"{ADMIN}/profiles")).json()["items"]
        if len(listed) < len(AUTHORS):
            missing = self.dice.choice(AUTHORS)
            return await self.client.post(f"{ADMIN}/profiles", json={"name": missing.title()})
        one = self.dice.choice(listed)
        item = ("profiles", one["id"])
        verb = self.dice.choice(["publish", "unpublish", "rename", "delete"])
        if verb == "rename":
            return await self.send("PATCH", item, "", {"headline": f"H{self.dice.random()}"})
        if verb == "delete":
            return await self.send("DELETE", item, "?force=true")
        return await self.verb(item, verb)

    async def settings(self) -> httpx.Response | None:
        site = await self.client.get(f"{ADMIN}/site")
        change: dict[str, Any] = {"title": f"S{self.dice.random()}"}
        if self.dice.random() < 0.3:
            change = {"url_patterns": {"page": {"*": f"/p{self.dice.randint(0, 3)}/{{slug}}"}}}
        etag = {"If-Match": site.headers["ETag"]}
        return await self.client.patch(f"{ADMIN}/site", json=change, headers=etag)

    async def verb(self, item: tuple[str, str], verb: str, data: Any = None) -> httpx.Response:
        return await self.send("POST", item, f"/{verb}", data)

    async def send(
        self, method: str, item: tuple[str, str], tail: str, data: Any = None
    ) -> httpx.Response:
        path = f"{ADMIN}/{item[0]}/{item[1]}"
        now_is = await self.client.get(path)
        headers = {"If-Match": f'"{now_is.json()["revision"]}"'}
        return await self.client.request(method, path + tail, json=data, headers=headers)


async def _follow(follower: Follower, until: asyncio.Event) -> None:
    while not until.is_set():
        try:
            await follower.step()
        except (httpx.TransportError, AssertionError):  # cut off, or 503 for a moment
            await asyncio.sleep(0.1)


def _differing(mine: Copy, theirs: Copy) -> list[str]:
    return [
        f"{kind} {name}: told {mine[kind].get(name)}, shown {items.get(name)}"
        for kind, items in theirs.items()
        for name in sorted({*mine[kind], *items})
        if mine[kind].get(name) != items.get(name)
    ]


async def _agrees(follower: Follower, reader: httpx.AsyncClient) -> str:
    """What differs still; nothing, once the relay has told the last of it."""
    differs = "everything"
    for _ in range(round(GUARD / 0.5)):
        try:
            await follower.catch_up()
            mine, theirs = held(follower), await present(reader)
        except (httpx.TransportError, AssertionError, KeyError):
            await asyncio.sleep(0.5)
            continue
        differs = "; ".join(_differing(mine, theirs))
        if not differs:
            return ""
        await asyncio.sleep(0.5)
    return differs


async def test_a_follower_ends_equal_to_the_database(tmp_path: Path) -> None:
    changes, seed = rounds(150, 5000), random.randrange(10**6)  # noqa: S311 - no secret
    with RunningCMS(tmp_path / "data") as cms:
        cms.owner_token()
        scopes = [word for scope in SCOPES for word in ("--scope", scope)]
        token = cms.run("token", "create", "--email", EMAIL, "--name", "all", *scopes)
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            httpx.AsyncClient(base_url=cms.url, headers=headers, timeout=20) as client,
            httpx.AsyncClient(base_url=cms.url, timeout=20) as reader,
        ):
            for name in AUTHORS:
                await client.post(f"{ADMIN}/profiles", json={"name": name.title()})
            follower, is_over = Follower(reader, limit=7), asyncio.Event()
            following = asyncio.create_task(_follow(follower, is_over))
            authors = [Author(client, seed + number) for number in range(2)]
            work = asyncio.gather(*(author.work(changes // 2) for author in authors))
            for who in VICTIMS * rounds(1, 10):
                await asyncio.sleep(0.7)
                await asyncio.to_thread(cms.kill, who)
            await asyncio.wait_for(work, GUARD * rounds(3, 60))
            await asyncio.to_thread(cms.wait_ready)
            is_over.set()
            await following
            assert await _agrees(follower, reader) == "", f"seed {seed}"
            late = Follower(reader)
            assert await _agrees(late, reader) == "", f"seed {seed}"
            assert len(follower.answers) > changes / 20
            assert follower.removed

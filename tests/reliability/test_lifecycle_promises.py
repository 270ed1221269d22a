"""Promises 3, 4, 5 and 13 over the lifecycle, each with a control run that breaks it."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient

from cms.accounts.actor import Actor
from cms.accounts.permissions import Role
from cms.app import KINDS
from cms.articles.documents import Article
from cms.articles.schemas import ArticleInput
from cms.articles.service import ARTICLES
from cms.core import db
from cms.core.errors import Conflict, Stale
from cms.core.shapes import Patch
from cms.history.documents import Event
from cms.history.entries import Entry, new_id
from cms.leases.documents import Lease
from cms.publishing import relay, verbs
from cms.publishing.service import Seen
from tests.reliability.running import rounds

EDITORS = [Actor(PydanticObjectId(), name, Role.EDITOR, "session") for name in "abc"]
T = datetime(2031, 5, 1, 12, tzinfo=db.NEVER.tzinfo)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def _create(title: str = "One", now: datetime = T, slug: str | None = None) -> Article:
    data = ArticleInput(title=title, slug=slug, markdown="first.")
    return await verbs.create(ARTICLES, EDITORS[0], data, now)


def _seen(article: Article) -> Seen:
    assert article.id is not None
    return Seen(article.id, article.revision)


async def _edit(article: Article, text: str, now: datetime = T) -> Article:
    patch: Patch[ArticleInput] = Patch({"markdown": text})
    return await verbs.update(ARTICLES, EDITORS[0], _seen(article), patch, now)


async def _relay(now: datetime) -> None:
    while await relay.step(KINDS, now):
        pass


async def _events() -> list[str]:
    return [event.body.type for event in await Event.after(0, 1000)]


# 3: of simultaneous saves exactly one is acknowledged


async def _lost_updates(count: int) -> int:
    """How many acknowledged texts did not become the article's, over so many rounds."""
    article, lost = await _create(), 0
    for number in range(count):
        texts = [f"round {number} editor {editor}" for editor in range(3)]
        outcomes = await asyncio.gather(
            *(_edit(article, text) for text in texts), return_exceptions=True
        )
        acknowledged = [
            text for text, done in zip(texts, outcomes, strict=True) if isinstance(done, Article)
        ]
        assert all(isinstance(done, Article | Stale) for done in outcomes)
        assert acknowledged
        stored = await Article.by_id(_seen(article).ident)
        assert stored is not None
        lost += sum(text != stored.working.markdown for text in acknowledged)
        article = stored
    return lost


async def test_no_acknowledged_save_is_lost_to_another(database: db.Database) -> None:
    assert await _lost_updates(rounds(15, 200)) == 0


async def test_the_control_without_the_guard_loses_saves(
    database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unguarded(self: Article, after: Article, entry: Entry) -> Article:
        await self.get_pymongo_collection().update_one(
            {"_id": self.id}, {"$set": self._difference(after), "$inc": {"revision": 1}}
        )
        assert entry.revision == self.revision + 1
        return after

    monkeypatch.setattr(Article, "replace_guarded", unguarded)
    assert await _lost_updates(5) > 0


# 4: of simultaneous creations of one slug exactly one gets it


async def _holders(slug: str, count: int) -> tuple[int, int]:
    """How many creations were acknowledged, and how many were refused by name."""
    outcomes = await asyncio.gather(
        *(_create(f"Title {number}", slug=slug) for number in range(count)), return_exceptions=True
    )
    refused = [each for each in outcomes if isinstance(each, Conflict)]
    assert all(each.code == "slug_taken" for each in refused)
    return sum(isinstance(each, Article) for each in outcomes), len(refused)


async def test_sixty_creations_of_one_slug_make_one(database: db.Database) -> None:
    for number in range(rounds(2, 20)):
        assert await _holders(f"slug-{number}", 60) == (1, 59)


async def test_the_control_without_the_index_makes_many(
    database: db.Database, database_url: str
) -> None:
    # Indexes are not tried again by the driver, and ours calls off whatever is on its way when the
    # server was silent for some seconds, as it is to a busy machine. This client waits longer.
    async with AsyncMongoClient[dict[str, Any]](database_url) as patient:
        articles = patient[database.name]["articles"]
        await articles.drop_index("slugs_1")
        try:
            made, _ = await _holders("slug", 60)
            assert made > 1
        finally:
            await articles.delete_many({})
            await articles.create_index("slugs", unique=True)


# 5: a scheduled publication happens once, at its second, also with no worker up


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The time that readers' routes go by."""
    moments = [T]
    for room in ("articles", "publishing"):
        monkeypatch.setattr(f"cms.{room}.public.now", lambda: moments[0])
    return moments


async def _status(reader: httpx.AsyncClient, slug: str = "one") -> int:
    return (await reader.get(f"/api/v1/articles/{slug}")).status_code


async def test_a_plan_is_readable_at_its_second_with_no_worker_up(
    uncached: httpx.AsyncClient, clock: list[datetime]
) -> None:
    article = await _create()
    await verbs.publish(ARTICLES, EDITORS[0], _seen(article), T + HOUR, T)
    tick = timedelta(milliseconds=1)
    for moment, status in ((T, 404), (T + HOUR - tick, 404), (T + HOUR, 200), (T + DAY, 200)):
        clock[0] = moment
        assert await _status(uncached) == status
        listed = (await uncached.get("/api/v1/articles?total=true")).json()
        assert listed["page"]["total"] == len(listed["items"]) == (status == 200)


async def _announced_by_two_relays(count: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two workers, of which the first is killed inside its lease; what they announced."""
    for number in range(count):
        article = await _create(f"Plan {number}")
        await verbs.publish(ARTICLES, EDITORS[0], _seen(article), T + HOUR, T)
    now, length = T + 2 * HOUR, relay.LEASE
    assert await Lease.hold(relay.NAME, "first", now, length)
    append, left = Event.append, [count // 2]

    async def killed_halfway(*given: Any) -> None:
        await append(*given)
        left[0] -= 1
        if left[0] < 0:
            raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(Event, "append", killed_halfway)
        with pytest.raises(RuntimeError):
            await relay.step(KINDS, now)
    assert not await Lease.hold(relay.NAME, "second", now, length)
    later = now + length + timedelta(seconds=1)
    assert await Lease.hold(relay.NAME, "second", later, length)
    await asyncio.gather(_relay(later), _relay(later))  # and a third that thinks it holds it
    return await _events()


async def test_a_plan_is_announced_once_though_a_worker_is_killed(
    database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = rounds(6, 60)
    assert await _announced_by_two_relays(count, monkeypatch) == ["published"] * count
    numbers = [event.id for event in await Event.after(0, 1000)]
    assert numbers == list(range(1, count + 1))


async def test_the_control_that_does_not_ask_announces_twice(
    database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Event.append

    async def always(kind: str, item_id: PydanticObjectId, entry: Entry) -> None:
        await append(kind, item_id, entry.model_copy(update={"id": new_id()}))

    monkeypatch.setattr(Event, "append", always)
    assert len(await _announced_by_two_relays(6, monkeypatch)) > 6


# 13: the clock jumps; each announcement is made once, visibility follows the clock

JUMPS = [
    [HOUR, -HOUR, HOUR],
    [DAY, -DAY, DAY, -DAY, DAY],
    [HOUR, DAY, -HOUR, -DAY, HOUR, DAY],
    [-HOUR, DAY, -2 * HOUR, 3 * HOUR],
]


async def _jump(
    jumps: list[timedelta], reader: httpx.AsyncClient, clock: list[datetime], *, edited: bool
) -> list[str]:
    """A plan from half an hour on till 26 hours; after each jump the relay, and perhaps an edit."""
    start, end = T + HOUR / 2, T + 26 * HOUR
    article = await _create()
    article = await verbs.publish(ARTICLES, EDITORS[0], _seen(article), start, T)
    article = await verbs.unpublish(ARTICLES, EDITORS[0], _seen(article), end, T)
    for number, jump in enumerate(jumps):
        clock[0] += jump
        await _relay(clock[0])
        if edited:
            article = await _edit(article, f"text {number}", clock[0])
            await _relay(clock[0])
        assert await _status(reader) == (200 if start <= clock[0] < end else 404)
    clock[0] = T + 3 * DAY
    await _relay(clock[0])
    assert await _status(reader) == 404
    return await _events()


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("jumps", JUMPS)
async def test_a_jumping_clock_announces_nothing_twice(
    jumps: list[timedelta], edited: bool, uncached: httpx.AsyncClient, clock: list[datetime]
) -> None:
    assert await _jump(jumps, uncached, clock, edited=edited) == ["published", "unpublished"]


async def test_the_control_that_forgets_what_was_told_tells_it_again(
    reader: httpx.AsyncClient, clock: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = Article.edited

    def forgetful(self: Article, *given: Any, **more: Any) -> Article:
        told: Article = edited(self.model_copy(update={"announced": []}), *given, **more)
        return told

    monkeypatch.setattr(Article, "edited", forgetful)
    found = await _jump(JUMPS[0], reader, clock, edited=True)
    assert found.count("published") == 2


async def test_what_was_announced_before_the_clock_went_back_is_taken_back_by_name(
    reader: httpx.AsyncClient, clock: list[datetime]
) -> None:
    article = await _create()
    article = await verbs.publish(ARTICLES, EDITORS[0], _seen(article), T + HOUR, T)
    await _relay(T + 2 * HOUR)
    article = await verbs.unpublish(ARTICLES, EDITORS[0], _seen(article), None, T)
    await _relay(T)
    assert await _events() == ["published", "unpublished"]


async def test_a_lease_of_a_clock_that_was_ahead_holds_nobody_up(database: db.Database) -> None:
    assert await Lease.hold(relay.NAME, "ahead", T + DAY, relay.LEASE)
    assert await Lease.hold(relay.NAME, "second", T, relay.LEASE)
    assert not await Lease.hold(relay.NAME, "third", T, relay.LEASE)

"""The response cache: never older than the last write, never beyond a moment of the clock."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar

from cms import config
from cms.app import wrapped
from cms.config import Settings
from cms.core import cache, db
from cms.core.cache import CachedReads, Moments
from cms.core.edge import (
    Edge,
    Message,
    Receive,
    Scope,
    Send,
    common_headers,
    public_headers,
)
from cms.core.generation import Generation
from cms.core.watching import Hearing, Watch
from tests import make

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Origin:
    """An application that says how often it was asked, behind a cache whose clock stands still."""

    def __init__(self, **changes: Any) -> None:
        self.asked = 0
        self.now = START
        self.moments = Moments(LONG_AGO, db.NEVER)
        self.status = 200
        self.cache_control = b"public, max-age=0"
        self.gate: asyncio.Event | None = None
        self._arrival = asyncio.Event()
        self.size = 10
        self.generation = changes.pop("generation", None) or Generation()
        self.reads = CachedReads(
            self,
            self.generation,
            self._moments,
            clock=self._seconds,
            finish=partial(public_headers, common=common_headers(False)),
            **changes,
        )
        self.edge = Edge(
            self.reads, admin_origins=(), trusted_proxies=(), over_tls=False, known=self.reads.known
        )
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.edge), base_url="http://127.0.0.1"
        )

    def _seconds(self) -> float:
        return self.now.timestamp()

    async def _moments(self, now: datetime) -> Moments:
        return self.moments

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        self._arrival.set()
        told = self.asked
        if self.gate is not None:
            await self.gate.wait()
        headers = [(b"etag", b'"e%d"' % told), (b"cache-control", self.cache_control)]
        start: Message = {
            "type": "http.response.start",
            "status": self.status,
            "headers": headers,
        }
        await send(start)
        await send({"type": "http.response.body", "body": b"%d" % told + b"." * self.size})

    async def was_asked(self, times: int) -> None:
        async with asyncio.timeout(10):
            while self.asked < times:
                self._arrival.clear()
                await self._arrival.wait()

    async def read(self, path: str = "/api/v1/articles", **headers: str) -> httpx.Response:
        return await self.client.get(path, headers=headers)


async def test_a_second_read_asks_nobody() -> None:
    origin = Origin()
    first, second = await origin.read(), await origin.read()
    assert origin.asked == 1
    assert first.content == second.content
    unlike = {"x-request-id"}
    assert {n: v for n, v in first.headers.items() if n not in unlike} == {
        n: v for n, v in second.headers.items() if n not in unlike
    }
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


async def test_after_a_write_the_application_is_asked_again() -> None:
    origin = Origin()
    await origin.read()
    origin.generation.bump()
    assert (await origin.read()).content.startswith(b"2")


async def test_a_write_during_a_read_leaves_nothing_old_behind() -> None:
    # The generation counts from before the query: what was read then may be older than the write.
    origin = Origin()
    origin.gate = asyncio.Event()
    reading = asyncio.create_task(origin.read())
    await origin.was_asked(1)
    origin.generation.bump()
    origin.gate.set()
    await reading
    assert (await origin.read()).content.startswith(b"2")


async def test_a_read_that_begins_after_a_write_does_not_join_an_older_one() -> None:
    origin = Origin()
    origin.gate = asyncio.Event()
    old = asyncio.create_task(origin.read())
    await origin.was_asked(1)
    origin.generation.bump()
    new = asyncio.create_task(origin.read())
    await origin.was_asked(2)
    origin.gate.set()
    assert (await old).content.startswith(b"1")
    assert (await new).content.startswith(b"2")


async def test_many_readers_of_one_thing_are_one_question() -> None:
    origin = Origin()
    origin.gate = asyncio.Event()
    readers = [asyncio.create_task(origin.read()) for _ in range(20)]
    await origin.was_asked(1)
    origin.gate.set()
    bodies = {(await reader).content for reader in readers}
    assert origin.asked == 1
    assert len(bodies) == 1


@pytest.mark.parametrize(
    ("status", "cache_control"), [(404, b"public"), (200, b"private, no-store"), (503, b"public")]
)
async def test_what_is_not_for_everybody_is_never_kept_nor_shared(
    status: int, cache_control: bytes
) -> None:
    origin = Origin()
    origin.status, origin.cache_control = status, cache_control
    origin.gate = asyncio.Event()
    readers = [asyncio.create_task(origin.read()) for _ in range(3)]
    await origin.was_asked(1)
    origin.gate.set()
    bodies = [(await reader).content for reader in readers]
    assert len(set(bodies)) == 3
    await origin.read()
    assert origin.asked == 4


async def test_admin_routes_and_writes_pass_by() -> None:
    origin = Origin()
    for path in ("/api/v1/admin/articles", "/health/ready", "/api/v1/administration"):
        await origin.read(path)
        await origin.read(path)
    assert origin.asked == 6
    await origin.client.post("/api/v1/articles")
    await origin.client.post("/api/v1/articles")
    assert origin.asked == 8


async def test_a_moment_of_the_clock_ends_what_is_kept() -> None:
    origin = Origin()
    origin.moments = Moments(LONG_AGO, START + timedelta(hours=1))
    await origin.read()
    origin.now = START + timedelta(minutes=59)
    await origin.read()
    assert origin.asked == 1
    origin.now = START + timedelta(hours=1)
    origin.moments = Moments(START + timedelta(hours=1), db.NEVER)
    await origin.read()
    assert origin.asked == 2


async def test_a_clock_that_is_set_back_is_not_answered_from_the_future() -> None:
    origin = Origin()
    await origin.read()
    origin.now = START - timedelta(seconds=1)
    await origin.read()
    assert origin.asked == 2


async def test_what_took_beyond_a_moment_to_read_is_given_and_not_kept() -> None:
    origin = Origin()
    origin.moments = Moments(LONG_AGO, START + timedelta(seconds=1))
    origin.gate = asyncio.Event()
    reading = asyncio.create_task(origin.read())
    await origin.was_asked(1)
    origin.now = START + timedelta(seconds=2)
    origin.gate.set()
    assert (await reading).status_code == 200
    origin.now = START
    await origin.read()
    assert origin.asked == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"if-none-match": '"e1"'},
        {"if-none-match": 'W/"e1"'},
        {"if-none-match": '"x", W/"e1"'},
        {"if-none-match": "*"},
        {"if-modified-since": "Wed, 01 Jan 2020 00:00:00 GMT"},
    ],
)
async def test_a_reader_who_has_it_gets_304_before_and_from_the_cache(
    headers: dict[str, str],
) -> None:
    origin = Origin()
    for _ in range(2):
        answer = await origin.read(**headers)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == '"e1"'
        assert "content-length" not in answer.headers
    assert origin.asked == 1


async def test_a_date_is_given_only_once_it_stands_for_one_state() -> None:
    origin = Origin()
    origin.moments = Moments(START - timedelta(seconds=3), db.NEVER)
    assert "last-modified" not in (await origin.read()).headers
    since = {"if-modified-since": "Fri, 01 May 2026 12:00:00 GMT"}
    assert (await origin.read(**since)).status_code == 200
    origin.now = START + timedelta(seconds=8)
    assert (await origin.read()).headers["last-modified"] == "Fri, 01 May 2026 11:59:57 GMT"
    assert (await origin.read(**since)).status_code == 304


async def test_head_says_what_get_says_and_shares_its_answer() -> None:
    origin = Origin()
    got = await origin.read()
    head = await origin.client.head("/api/v1/articles")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == got.headers["etag"]
    assert origin.asked == 1


async def test_memory_is_bounded_and_the_oldest_goes_first() -> None:
    origin = Origin(max_bytes=3 * (cache.ENTRY_OVERHEAD + 1000))
    origin.size = 900
    for number in range(5):
        await origin.read(f"/api/v1/articles?page={number}")
    await origin.read("/api/v1/articles?page=4")
    assert origin.asked == 5
    await origin.read("/api/v1/articles?page=0")
    assert origin.asked == 6


async def test_what_is_too_large_to_keep_still_arrives_whole() -> None:
    origin = Origin()
    origin.size = cache.MAX_ENTRY_BYTES
    assert len((await origin.read()).content) == cache.MAX_ENTRY_BYTES + 1
    await origin.read()
    assert origin.asked == 2


async def test_a_reader_who_leaves_does_not_take_the_others_along() -> None:
    origin = Origin()
    origin.gate = asyncio.Event()
    first = asyncio.create_task(origin.read())
    await origin.was_asked(1)
    second = asyncio.create_task(origin.read())
    for _ in range(20):
        await asyncio.sleep(0)
    first.cancel()
    origin.gate.set()
    assert (await second).status_code == 200


async def test_an_answer_says_how_long_it_took_when_that_is_asked_for() -> None:
    origin = Origin()
    assert "server-timing" not in (await origin.read()).headers
    origin.edge.has_timing = True
    assert (await origin.read()).headers["server-timing"].startswith('cache;desc="hit", app;dur=')
    answer = await origin.read("/api/v1/tags")
    assert answer.headers["server-timing"].startswith('cache;desc="miss", app;dur=')


def test_how_long_others_may_keep_an_answer_is_a_setting() -> None:
    told = {"CMS_SHARED_CACHE_SECONDS": "5", "CMS_STALE_CACHE_SECONDS": "0"}
    found = config.load(told).public_cache
    assert found == "public, max-age=0, s-maxage=5, stale-while-revalidate=0"
    with pytest.raises(config.SettingRefused, match="CMS_SERVER_TIMING must be on or off"):
        config.load({"CMS_SERVER_TIMING": "perhaps"})


class Ears(Watch):
    def __init__(self, generation: Generation) -> None:
        super().__init__(generation)
        self.hearing = Hearing.WELL


async def test_deaf_to_others_it_asks_the_database_every_time() -> None:
    generation = Generation()
    ears = Ears(generation)
    origin = Origin(generation=generation, watch=ears)
    await origin.read()
    ears.hearing = Hearing.DEAF
    await origin.read()
    await origin.read()
    assert origin.asked == 3


async def test_without_a_database_what_is_known_is_served_for_ten_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    generation = Generation()
    ears = Ears(generation)
    origin = Origin(generation=generation, watch=ears)
    await origin.read()
    ears.hearing, ears.away_since = Hearing.AWAY, 1000.0
    moment = 1000.0 + 599
    monkeypatch.setattr("cms.core.cache.time.monotonic", lambda: moment)
    await origin.read()
    assert origin.asked == 1
    # A write that was acknowledged just before is not served over, not even then.
    generation.bump()
    await origin.read()
    assert origin.asked == 2
    ears.hearing = Hearing.WELL
    await origin.read()
    ears.hearing = Hearing.AWAY
    moment = 1000.0 + 601
    asked = origin.asked
    await origin.read()
    assert origin.asked == asked + 1


def test_two_processes_count_in_one_number(tmp_path: Path) -> None:
    first, second = Generation(tmp_path / "number"), Generation(tmp_path / "number")
    first.bump()
    second.bump()
    assert first.value == second.value == 2
    first.close()
    second.close()


@pytest.fixture
def another_process(served: Litestar, settings: Settings) -> Callable[[], httpx.AsyncClient]:
    """A client of a second process's cache over the same database and generation."""

    def make_client() -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=wrapped(served, settings))
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")

    return make_client


async def test_without_the_shared_number_a_second_process_would_be_stale(
    owner: httpx.AsyncClient, served: Litestar, settings: Settings
) -> None:
    # The control: the same cache with a generation of its own.
    async def moments(now: datetime) -> Moments:
        return Moments(None, db.NEVER)

    alone = CachedReads(
        wrapped(served, settings, is_cached=False), Generation(), moments, clock=time.time
    )
    edge = wrapped(served, settings)
    edge.app, edge.known = alone, alone.known
    transport = httpx.ASGITransport(app=edge)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as reader:
        assert (await reader.get("/api/v1/articles")).json()["items"] == []
        await make.published(owner)
        assert (await reader.get("/api/v1/articles")).json()["items"] == []


async def test_every_kind_of_write_is_seen_by_the_next_read(
    owner: httpx.AsyncClient, another_process: Callable[[], httpx.AsyncClient]
) -> None:
    async with another_process() as reader:

        async def titles() -> list[str]:
            items = (await reader.get("/api/v1/articles")).json()["items"]
            return [item["title"] for item in items]

        assert await titles() == []
        article = await make.published(owner, title="One")
        assert await titles() == ["One"]
        article = (
            await owner.patch(
                f"/api/v1/admin/articles/{article['id']}",
                json={"title": "Two"},
                headers={"If-Match": f'"{article["revision"]}"'},
            )
        ).json()
        assert await titles() == ["One"]
        article = await make.verb(owner, article, "publish")
        assert await titles() == ["Two"]
        article = await make.verb(owner, article, "unpublish")
        assert await titles() == []


async def test_a_read_that_is_known_asks_the_database_nothing(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, served: Litestar
) -> None:
    await make.published(owner, slug="a")
    await reader.get("/api/v1/articles/a")
    generation = served.state["generation"].value
    status: dict[str, Any] = await served.state["database"].client.admin.command("serverStatus")
    before = status["opcounters"]
    for _ in range(5):
        assert (await reader.get("/api/v1/articles/a")).status_code == 200
    status = await served.state["database"].client.admin.command("serverStatus")
    assert status["opcounters"]["query"] == before["query"]
    assert served.state["generation"].value == generation


async def test_the_date_of_an_answer_is_that_of_the_last_change_a_reader_could_see(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "SETTLING", timedelta())
    assert "last-modified" not in (await reader.get("/api/v1/articles")).headers
    await make.published(owner, slug="a")
    first = (await reader.get("/api/v1/articles")).headers["last-modified"]
    assert parsedate_to_datetime(first) <= db.now()
    await asyncio.sleep(1.1)
    await make.article(owner, title="A secret draft")
    assert (await reader.get("/api/v1/articles")).headers["last-modified"] == first
    await make.published(owner, slug="b")
    later = (await reader.get("/api/v1/articles/a")).headers["last-modified"]
    assert parsedate_to_datetime(later) > parsedate_to_datetime(first)


async def test_work_that_no_reader_sees_leaves_the_answers_alone(
    owner: httpx.AsyncClient, served: Litestar
) -> None:
    await make.account()
    generation = served.state["generation"].value
    await owner.get("/api/v1/admin/articles")
    await make.account()
    assert served.state["generation"].value == generation


async def test_a_scheduled_article_is_read_at_its_second_though_a_list_was_kept(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    at = db.now() + timedelta(seconds=1.2)
    await make.published(owner, slug="soon", at=at.isoformat())
    while db.now() < at - timedelta(milliseconds=100):
        assert (await reader.get("/api/v1/articles")).json()["items"] == []
        await asyncio.sleep(0.02)
    await asyncio.sleep((at - db.now()).total_seconds() + 0.002)
    assert len((await reader.get("/api/v1/articles")).json()["items"]) == 1

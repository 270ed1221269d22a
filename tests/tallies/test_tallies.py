"""Kept counts: what they say is what a count of everything would say, at every moment."""

import asyncio
import random
from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.articles.documents import Article
from cms.articles.pipelines import PublicFilter, tally_keys
from cms.core import db, ending
from cms.tallies import documents as tallies
from cms.tallies import service
from tests import make
from tests.reliability.running import rounds

ADMIN = "/api/v1/admin/articles"
LATER = timedelta(days=3)
FILTERS: dict[str, PublicFilter] = {
    "": PublicFilter(),
    "lang=id": PublicFilter(lang="id"),
    "tag=api": PublicFilter(tag="api"),
    "tag=api&lang=en": PublicFilter(tag="api", lang="en"),
    "author=rani": PublicFilter(author="rani"),
    "series=one": PublicFilter(series="one"),
    "featured=true": PublicFilter(featured=True),
    "featured=false&lang=id": PublicFilter(featured=False, lang="id"),
    "tag=api&author=rani": PublicFilter(tag="api", author="rani"),
}


async def _settle(days: float = 3) -> int:
    """As the worker does, that long from now."""
    return await tallies.settle(Article, tally_keys, db.now() + timedelta(days=days))


async def _told(reader: httpx.AsyncClient) -> dict[str, int]:
    """Every count that readers are given."""
    found = {}
    for query in FILTERS:
        page = (await reader.get(f"/api/v1/articles?limit=1&total=true&{query}")).json()["page"]
        found[query] = page["total"]
    for path, field in (("tags", "slug"), ("series", "slug"), ("profiles", "slug")):
        for row in (await reader.get(f"/api/v1/{path}?limit=100")).json()["items"]:
            found[f"{path}:{row[field]}"] = row["articles_count"]
    return found


async def _counted(database: db.Database) -> dict[str, int]:
    """The same by looking at every document."""
    articles, now = database["articles"], db.now()
    found = {
        query: await articles.count_documents(wanted.match(now))
        for query, wanted in FILTERS.items()
    }
    for name, field, always in (
        ("tags", "tag_slugs", False),
        ("series", "series.slug", False),
        ("profiles", "author_slugs", True),
    ):
        async for row in database[name].find({}):
            match = {f"live.{field}": row["slug"], **PublicFilter().match(now)}
            if (count := await articles.count_documents(match)) or always:
                found[f"{name}:{row['slug']}"] = count
    return found


@pytest.fixture
async def site(owner: httpx.AsyncClient) -> None:
    await make.profile(owner, name="Rani", slug="rani")
    await make.series(owner, title="One", slug="one")


def _fields(number: int) -> dict[str, Any]:
    return {
        "lang": "id" if number % 2 else "en",
        "tag_slugs": ["API", f"T{number % 3}"] if number % 4 else [],
        "author_slugs": ["rani"] if number % 3 else [],
        "series": {"slug": "one", "position": number + 1} if number % 5 == 0 else None,
        "featured": number % 2 == 0,
    }


async def test_counts_are_right_before_and_after_they_settle(
    site: None, owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    for number in range(9):
        await make.published(owner, **_fields(number))
    await make.published(owner, at=(db.now() + LATER * 2).isoformat(), **_fields(1))
    before = await _counted(database)
    assert await _told(reader) == before
    assert await _settle() == 9
    assert await database["articles"].count_documents(tallies.UNSETTLED) == 1
    assert await _told(reader) == before
    assert await _settle() == 0
    row = await database["tallies"].find_one({"_id": "articles"})
    assert row == {"_id": "articles", "n": 9}


async def test_what_changed_lately_waits_so_that_a_clock_may_be_set_back(
    site: None, owner: httpx.AsyncClient, database: db.Database
) -> None:
    await make.published(owner)
    assert await _settle(days=1) == 0
    assert await _settle(days=3) == 1


async def test_any_history_leaves_the_counts_right(
    site: None, owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    """Random verbs and settlings; the counts are compared after each."""
    dice = random.Random(3)  # noqa: S311
    things = [await make.published(owner, **_fields(number)) for number in range(4)]
    for step in range(rounds(40, 400)):
        place = dice.randrange(len(things))
        thing = (await owner.get(f"{ADMIN}/{things[place]['id']}")).json()
        match dice.randrange(7):
            case 0 | 1:
                await _settle()
            case 2 if thing["status"] != "trashed":
                await owner.patch(
                    f"{ADMIN}/{thing['id']}", json=_fields(step), headers=make.if_match(thing)
                )
            case 3 if thing["status"] != "trashed":
                await make.verb(owner, thing, "publish")
            case 4 if thing["status"] == "published":
                await make.verb(owner, thing, "unpublish")
            case 5 if thing["status"] != "trashed":
                await owner.request(
                    "DELETE", f"{ADMIN}/{thing['id']}", headers=make.if_match(thing)
                )
            case 6 if thing["status"] == "trashed":
                verb = "purge" if len(things) > 3 and dice.random() < 0.5 else "restore"
                await owner.post(f"{ADMIN}/{thing['id']}/{verb}", headers=make.if_match(thing))
                if verb == "purge":
                    things[place] = await make.published(owner, **_fields(step))
        assert await _told(reader) == await _counted(database), step


async def test_a_renamed_tag_and_series_take_their_counts_along(
    site: None, owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    for number in range(6):
        await make.published(owner, **_fields(number))
    await _settle()
    series = (await owner.get("/api/v1/admin/series")).json()["items"][0]
    target = f"/api/v1/admin/series/{series['slug']}"
    renamed = await owner.patch(target, json={"slug": "two"}, headers=make.if_match(series))
    assert renamed.status_code == 200, renamed.text
    tag = (await owner.get("/api/v1/admin/tags/t1")).json()
    merged = await owner.post(
        "/api/v1/admin/tags/t1/merge", json={"into": "t2"}, headers=make.if_match(tag)
    )
    assert merged.status_code in {200, 204}, merged.text
    for _ in range(2):
        told = await _told(reader)
        assert told == await _counted(database)
        assert told["series:two"] == 2
        assert "tags:t1" not in told
        await _settle()


async def test_a_save_during_settling_is_counted(
    site: None, owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    """The copy that a verb holds was loaded before it was settled."""
    for _ in range(rounds(5, 50)):
        thing = await make.published(owner, tag_slugs=["API"])
        async with asyncio.TaskGroup() as both:
            both.create_task(_settle())
            both.create_task(make.verb(owner, thing, "unpublish"))
        assert await _told(reader) == await _counted(database)


async def test_readers_see_one_moment_while_it_settles(
    site: None, owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    for _ in range(6):
        await make.published(owner, tag_slugs=["API"])
    is_over = asyncio.Event()

    async def settle_again_and_again() -> None:
        while not is_over.is_set():
            await _settle()
            await database["articles"].update_many({}, {"$set": {"settled": None}})

    async with asyncio.TaskGroup() as both:
        both.create_task(settle_again_and_again())
        for _ in range(rounds(60, 600)):
            page = (await reader.get("/api/v1/articles?tag=api&total=true")).json()["page"]
            assert page["total"] == 6
            assert (await reader.get("/api/v1/tags/api")).json()["articles_count"] == 6
        is_over.set()


async def test_a_settling_that_is_killed_half_way_counts_nothing_twice(
    site: None,
    owner: httpx.AsyncClient,
    reader: httpx.AsyncClient,
    database: db.Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(3):
        await make.published(owner, **_fields(number))

    async def die(*_: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(tallies.Tally, "add", die)
        with pytest.raises(RuntimeError):
            await _settle()
    assert await _told(reader) == await _counted(database)
    assert await _settle() == 3
    assert await _told(reader) == await _counted(database)


async def test_the_control_that_does_not_unsettle_miscounts(
    site: None,
    owner: httpx.AsyncClient,
    reader: httpx.AsyncClient,
    database: db.Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    thing = await make.published(owner, tag_slugs=["API"])
    await _settle()
    monkeypatch.delattr(Article, "_difference")
    await make.verb(owner, thing, "unpublish")
    assert await _told(reader) != await _counted(database)


async def test_the_worker_settles_and_one_without_the_lease_does_not(
    site: None, owner: httpx.AsyncClient, database: db.Database
) -> None:
    for _ in range(2):
        await make.published(owner, at="2020-01-01T00:00:00Z")
    workers = [
        asyncio.create_task(service.keep(Article, tally_keys, db.now, pause=0.01)) for _ in range(2)
    ]
    while await database["articles"].count_documents(tallies.UNSETTLED):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await ending.end(workers)
    assert await database["tallies"].find_one({"_id": "articles"}) == {"_id": "articles", "n": 2}

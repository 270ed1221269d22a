"""Every public read walks an index: no collection scan, no sort in memory, no more than shown."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from bson import ObjectId

from cms.articles.documents import Article
from cms.articles.pipelines import (
    BY_POSITION,
    BY_PUBLICATION,
    BY_PUBLICATION_OLDEST_FIRST,
    PublicFilter,
    beside,
    candidates,
    public_list,
    tally_keys,
)
from cms.articles.schemas import ArticleSummary
from cms.core import db
from cms.core.paging import Keyset, ListQuery
from cms.tallies import documents as tallies
from tests.explain import explained

MANY = 600
LIMIT = 15
PERSON: dict[str, Any] = {
    "headline": "",
    "lang": "en",
    "location": "",
    "since": None,
    "links": [],
    "skills": [],
    "experience": [],
    "education": [],
}
SEO = {"title": "", "description": "", "canonical_url": None, "no_index": False}
START = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
async def many(database: db.Database, owner: httpx.AsyncClient) -> db.Database:
    """600 public articles by 3 authors with 5 tags in 2 languages, and 200 drafts."""
    people = [
        {
            "slug": f"a{n}",
            "slugs": [f"a{n}"],
            "name": f"A{n}",
            "is_public": True,
            "content": PERSON,
            "bio_html": "",
            "updated_at": START,
        }
        for n in range(3)
    ]
    await database["profiles"].insert_many(people)
    await database["tags"].insert_many(
        [{"slug": f"t{n}", "name": f"T{n}", "updated_at": START} for n in range(5)]
    )
    await database["series"].insert_many(
        [
            {"slug": f"x{n}", "slugs": [f"x{n}"], "title": f"X{n}", "description": ""}
            for n in range(10)
        ]
    )
    await database["media"].insert_many([_picture(f"{n:024x}") for n in range(7)])
    await database["site"].insert_one(
        {"_id": "site", "revision": 1, "content": {"fallback_languages": ["en", "id"]}}
    )
    await database["articles"].insert_many([_article(number) for number in range(MANY)])
    await database["articles"].insert_many(
        [{**_article(number), "slugs": [f"d{number}"], "live": None} for number in range(200)]
    )
    return database


def _picture(ref: str) -> dict[str, Any]:
    file = {
        "key": f"{ref}-{ref}.jpg",
        "mime": "image/jpeg",
        "size": 9,
        "digest": ref,
        "width": 4,
        "height": 3,
    }
    about = {"alt": {}, "focal_point": {"x": 0.5, "y": 0.5}}
    return {"ref": ref, "owner_id": None, "file": file, "about": about, "variants": []}


def _article(number: int) -> dict[str, Any]:
    content = {
        "title": f"Article {number}",
        "slug": f"s{number}",
        "lang": "id" if number % 2 else "en",
        "tag_slugs": [f"t{number % 5}"],
        "author_slugs": [f"a{number % 3}"],
        "series": {"slug": f"x{number % 10}", "position": number // 10 + 1},
        "featured": number % 50 == 0,
        "cover_id": f"{number % 7:024x}",
        "markdown": "text",
        "seo": SEO,
    }
    at = START + timedelta(hours=number)
    ident = ObjectId()
    live = {
        **content,
        "html": "<p>text</p>",
        "toc": [],
        "summary": "text",
        "word_count": 1,
        "reading_minutes": 1,
        "publish_at": at,
        "unpublish_at": db.NEVER,
        "updated_at": at,
        "group_id": ident,
        "media_ids": [content["cover_id"]],
    }
    return {
        "_id": ident,
        "group_id": ident,
        "revision": 1,
        "former_slugs": [],
        "slugs": [f"s{number}"],
        "working": content,
        "live": live,
        "updated_at": at,
        "owner_id": None,
        "trashed_at": None,
    }


def _stages(plan: Any) -> list[dict[str, Any]]:
    """Every stage of an explained plan, however deep."""
    found = []
    if isinstance(plan, dict):
        if "stage" in plan or "$lookup" in plan:
            found.append(plan)
        for name, value in plan.items():
            # What the planner looked at and left, and the echo of what was asked, never ran.
            if name not in {"rejectedPlans", "command", "allPlansExecution"}:
                found += _stages(value)
    elif isinstance(plan, list):
        for value in plan:
            found += _stages(value)
    return found


def _assert_indexed(plan: Any) -> None:
    stages = _stages(plan)
    names = {stage.get("stage") for stage in stages}
    assert "IXSCAN" in names or "IDHACK" in names, names
    # The site's row is the only document of its collection; scanning it is reading it.
    assert not names & {"SORT", "SORT_MERGE_GENERIC", "SORT_KEY_GENERATOR"}, names
    assert "COLLSCAN" not in names, names
    for stage in stages:
        # A join inside a join is only echoed; the outer one's figures hold its own.
        if "collectionScans" in stage:
            assert stage["collectionScans"] == 0, stage
            assert stage["indexesUsed"], stage


PLANS = [
    (PublicFilter(), BY_PUBLICATION),
    (PublicFilter(), BY_PUBLICATION_OLDEST_FIRST),
    (PublicFilter(tag="t1"), BY_PUBLICATION),
    (PublicFilter(author="a1"), BY_PUBLICATION),
    (PublicFilter(lang="id"), BY_PUBLICATION),
    (PublicFilter(tag="t1", lang="id"), BY_PUBLICATION),
    (PublicFilter(series="x1"), BY_PUBLICATION),
    (PublicFilter(series="x1"), BY_POSITION),
    (PublicFilter(featured=True), BY_PUBLICATION),
    (PublicFilter(since=START, until=START + timedelta(days=10)), BY_PUBLICATION),
    (PublicFilter(tag="t1", author="a1", lang="id"), BY_PUBLICATION_OLDEST_FIRST),
]


@pytest.mark.parametrize(("wanted", "order"), PLANS)
async def test_a_public_list_reads_an_index_in_order(
    wanted: PublicFilter, order: Keyset, many: db.Database
) -> None:
    params = ListQuery(limit=LIMIT)
    plan = await explained(
        many, "articles", public_list(wanted, order, params, db.now(), ArticleSummary.PROJECTION)
    )
    _assert_indexed(plan)
    cursor = plan["stages"][0]["$cursor"]["executionStats"]
    # 15 asked, one more to know of the next page; combined filters walk the keys of one of them.
    combined = sum(value is not None for value in (wanted.tag, wanted.author, wanted.lang)) > 1
    assert cursor["totalDocsExamined"] <= (LIMIT + 1) * (10 if combined else 1)


async def test_a_page_far_down_costs_what_the_first_does(many: db.Database) -> None:
    key = START + timedelta(hours=MANY // 2)
    cursor = BY_PUBLICATION.write({"_key": key, "_id": ObjectId()}, backwards=False)
    params = ListQuery(limit=LIMIT, cursor=cursor)
    stages = public_list(PublicFilter(), BY_PUBLICATION, params, db.now(), {})
    plan = await explained(many, "articles", stages)
    _assert_indexed(plan)
    assert plan["stages"][0]["$cursor"]["executionStats"]["totalKeysExamined"] <= LIMIT + 3


async def _profiled(
    many: db.Database, reader: httpx.AsyncClient, path: str
) -> list[dict[str, Any]]:
    """The profiler's records of the commands behind a request."""
    await many.command({"profile": 2})
    answer = await reader.get(path)
    await many.command({"profile": 0})
    rows = await many["system.profile"].find({"ns": {"$not": {"$regex": "system"}}}).to_list()
    await many["system.profile"].drop()
    assert answer.status_code == 200, answer.text
    return rows


@pytest.mark.parametrize(
    "path",
    [
        "articles",
        "articles?tag=t1&author=a1",
        "articles/s7",
        "articles/s7.md",
        "profiles",
        "profiles/a1",
        "tags",
        "tags/t1",
        "articles?series=x1&sort=position",
        "articles?lang=fr&fallback=true",
        "articles?year=2020&tag=t1",
        "series",
        "series/x1",
    ],
)
async def test_no_public_read_sorts_in_memory_or_scans(
    path: str, many: db.Database, uncached: httpx.AsyncClient
) -> None:
    for seen in await _profiled(many, uncached, f"/api/v1/{path}"):
        assert "hasSortStage" not in seen, seen
        assert "COLLSCAN" not in seen.get("planSummary", "")
        # Between a join and its limit MongoDB reads ahead, up to 4 MB of documents.
        if path.startswith("articles") and "fallback" not in path:
            assert seen["docsExamined"] < 300, seen["docsExamined"]


@pytest.mark.parametrize(
    "path",
    [
        "articles?total=true&limit=1",
        "articles?tag=t1&total=true&limit=1",
        "articles?lang=id&author=a1&total=true&limit=1",
        "tags",
        "tags/t1",
        "profiles",
        "profiles/a1",
        "series",
    ],
)
async def test_counts_are_kept_not_taken(
    path: str, many: db.Database, uncached: httpx.AsyncClient
) -> None:
    while await tallies.settle(Article, tally_keys, db.now()):
        pass
    seen = await _profiled(many, uncached, f"/api/v1/{path}")
    assert sum(row["docsExamined"] for row in seen) < 60
    assert sum(row["keysExamined"] for row in seen) < 120


async def test_fallback_languages_read_a_bounded_stretch(
    many: db.Database, uncached: httpx.AsyncClient
) -> None:
    seen = await _profiled(many, uncached, "/api/v1/articles?lang=fr&fallback=true&limit=5")
    assert sum(row["docsExamined"] for row in seen) < 200


async def test_what_stands_around_an_article_costs_the_same_however_many_there_are(
    many: db.Database,
) -> None:
    middle = await many["articles"].find_one({"slugs": f"s{MANY // 2}", "live": {"$ne": None}})
    assert middle is not None
    row = {
        "_id": middle["_id"],
        "lang": middle["live"]["lang"],
        "publish_at": middle["live"]["publish_at"],
        "group_id": middle["group_id"],
        "place": middle["live"]["series"],
        "tag_slugs": ["t0", "t1", "t2", "t3", "t4"],
    }
    now = db.now()
    # Branch by branch: explaining unions inside unions ends mongod 6.0.5.
    alike = [found["_id"] async for found in many["articles"].find({}, {"_id": 1}).limit(8)]
    branches = [*beside(row, now), *candidates(row, now, ArticleSummary.PROJECTION, alike)]
    assert len(branches) == 8
    for branch in branches:
        plan = await explained(many, "articles", branch)
        _assert_indexed(plan)
        assert _examined(plan) <= 20, branch


def _examined(plan: Any) -> int:
    where = plan["stages"][0]["$cursor"] if "stages" in plan else plan
    return int(where["executionStats"]["totalDocsExamined"])


async def test_the_control_without_its_index_sorts_in_memory(many: db.Database) -> None:
    stages = [{"$match": {}}, {"$sort": {"working.markdown": 1}}, {"$limit": 5}]
    with pytest.raises(AssertionError):
        _assert_indexed(await explained(many, "articles", stages))

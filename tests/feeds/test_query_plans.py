"""What feeds, sitemaps and sync ask of the database: a fixed number of queries over indexes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from bson import ObjectId

from cms.core import db
from cms.sync import public as sync
from tests import make
from tests.sync.following import Follower

START = datetime(2020, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


def _article(number: int) -> Row:
    ident, at = ObjectId(), START + timedelta(hours=number)
    live = {
        "slug": f"s{number}",
        "lang": "id" if number % 2 else "en",
        "title": f"T{number}",
        "summary": "",
        "html": "<p>a</p>",
        "toc": [],
        "seo": {"title": "", "description": "", "canonical_url": None, "no_index": False},
        "author_slugs": ["rani"],
        "tag_slugs": [f"t{number % 3}"],
        "series": None,
        "featured": False,
        "word_count": 1,
        "reading_minutes": 1,
        "publish_at": at,
        "unpublish_at": db.NEVER,
        "updated_at": at,
        "group_id": ident,
    }
    return {"_id": ident, "slugs": [live["slug"]], "former_slugs": [], "live": live}


@pytest.fixture
async def many(owner: httpx.AsyncClient, database: db.Database) -> db.Database:
    await make.profile(owner, name="Rani")
    for number in range(3):
        await owner.post("/api/v1/admin/tags", json={"name": f"T{number}"})
    await database["articles"].insert_many([_article(number) for number in range(300)])
    return database


async def _profiled(many: db.Database, reader: httpx.AsyncClient, path: str) -> list[Row]:
    await many.command({"profile": 2})
    answer = await reader.get(path)
    await many.command({"profile": 0})
    rows = await many["system.profile"].find({"ns": {"$not": {"$regex": "system"}}}).to_list()
    await many["system.profile"].drop()
    assert answer.status_code == 200, answer.text
    return [row for row in rows if row["op"] != "getmore"]  # the same query's next rows


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/feed.xml", 2),
        ("/atom.xml?lang=id", 2),
        ("/feed.json?tag=t1", 2),
        ("/feed.xml?author=rani", 2),
        ("/sitemap.xml", 7),
        ("/sitemaps/articles-1.xml", 3),  # a fourth where an article has a cover
        ("/sitemaps/pages-1.xml", 2),
        ("/llms.txt", 4),
        ("/robots.txt", 0),
    ],
)
async def test_a_file_takes_so_many_queries_and_sorts_nothing(
    path: str, queries: int, many: db.Database, reader: httpx.AsyncClient
) -> None:
    seen = await _profiled(many, reader, path)
    assert len(seen) == queries, [row["command"] for row in seen]
    for row in seen:
        assert "hasSortStage" not in row, row
        # The site is one row; its collection has no other index than that of ids.
        assert row["ns"].endswith((".site", ".series")) or "COLLSCAN" not in row.get(
            "planSummary", ""
        ), row
    if "sitemaps/articles" in path:
        assert sum(row.get("docsExamined", 0) for row in seen) < 20


async def test_following_takes_few_queries_and_scans_nothing(
    many: db.Database, reader: httpx.AsyncClient
) -> None:
    follower = Follower(reader, limit=10)
    for _ in range(4):  # people and tags first, then into the articles
        await follower.step()
    seen = await _profiled(many, reader, f"/api/v1/sync?limit=10&since={follower.token}")
    assert len(seen) <= 5
    for row in seen:
        assert "hasSortStage" not in row, row
        assert row["ns"].endswith(".site") or "COLLSCAN" not in row.get("planSummary", ""), row
    assert max(row.get("docsExamined", 0) for row in seen) < 200
    assert sync.ASK_AGAIN["Cache-Control"].endswith("no-cache")

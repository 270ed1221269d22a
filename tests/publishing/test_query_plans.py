"""Public reads of projects and pages: one query, in the order of an index, nothing read in vain."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from bson import ObjectId

from cms.core import db
from cms.core.paging import ListQuery
from cms.pages.documents import BY_SLUG
from cms.projects.documents import BY_POSITION, PublicFilter, order_of
from cms.publishing.languages import LanguageFilter
from cms.publishing.lists import public_list
from tests import make
from tests.explain import explained

MANY = 600
LIMIT = 15
START = datetime(2020, 1, 1, tzinfo=UTC)


def _document(number: int) -> dict[str, Any]:
    at = START + timedelta(hours=number)
    live = {
        "title": f"T{number}",
        "slug": f"s{number:04d}",
        "lang": "id" if number % 2 else "en",
        "technology_keys": [f"t{number % 5}"],
        "featured": number % 3 == 0,
        "order": order_of(number % 7, at),
        "publish_at": at,
        "unpublish_at": db.NEVER,
    }
    return {"_id": ObjectId(), "slugs": [live["slug"]], "live": live, "updated_at": at}


@pytest.fixture
async def many(database: db.Database) -> db.Database:
    """600 readable ones, 200 that time has taken from readers, 200 drafts."""
    for collection in ("projects", "pages"):
        rows = [_document(number) for number in range(MANY)]
        for number in range(MANY, MANY + 200):
            row = _document(number)
            row["live"]["unpublish_at"] = START
            rows.append(row)
        rows += [
            {"_id": ObjectId(), "slugs": [f"d{number}"], "live": None, "updated_at": START}
            for number in range(200)
        ]
        await database[collection].insert_many(rows)
    return database


async def _explained(database: db.Database, collection: str, stages: list[Any]) -> Any:
    plan = await explained(database, collection, stages)
    return plan["stages"][0]["$cursor"]


def _names(plan: Any) -> set[str]:
    found = {plan["stage"]} if "stage" in plan else set()
    for inner in plan.values():
        for item in inner if isinstance(inner, list) else [inner]:
            if isinstance(item, dict):
                found |= _names(item)
    return found


def _assert_in_order(cursor: Any) -> None:
    names = _names(cursor["queryPlanner"]["winningPlan"])
    assert "IXSCAN" in names
    assert not names & {"SORT", "COLLSCAN"}, names


NOTHING: dict[str, Any] = {}
PROJECT_FILTERS = [
    PublicFilter(),
    PublicFilter(technology="T1"),
    PublicFilter(featured=True),
    PublicFilter(lang="id"),
    PublicFilter(technology="t1", featured=True, lang="en"),
]


@pytest.mark.parametrize("wanted", PROJECT_FILTERS)
async def test_the_list_of_projects_reads_an_index_in_order(
    wanted: PublicFilter, many: db.Database
) -> None:
    params = ListQuery(limit=LIMIT)
    stages = public_list("projects", BY_POSITION, wanted, params, db.now(), projection=NOTHING)
    cursor = await _explained(many, "projects", stages)
    _assert_in_order(cursor)
    is_combined = wanted == PROJECT_FILTERS[-1]
    # 15 asked, one more to know of the next page; combined filters walk the keys of one of them.
    assert cursor["executionStats"]["totalDocsExamined"] <= (LIMIT + 1) * (10 if is_combined else 1)


@pytest.mark.parametrize("lang", [None, "id"])
async def test_the_list_of_pages_reads_an_index_in_order(
    lang: str | None, many: db.Database
) -> None:
    params, wanted = ListQuery(limit=LIMIT), LanguageFilter(lang=lang)
    stages = public_list("pages", BY_SLUG, wanted, params, db.now(), projection=NOTHING)
    cursor = await _explained(many, "pages", stages)
    _assert_in_order(cursor)
    assert cursor["executionStats"]["totalDocsExamined"] <= LIMIT + 1


async def test_the_control_without_its_index_sorts_in_memory(many: db.Database) -> None:
    stages = [{"$match": {}}, {"$sort": {"live.title": 1}}, {"$limit": 5}, {"$unset": "x"}]
    plan = await explained(many, "projects", stages)
    with pytest.raises(AssertionError):
        _assert_in_order(plan["stages"][0]["$cursor"] if "stages" in plan else plan)


@pytest.mark.parametrize("kinds", ["projects", "pages"])
@pytest.mark.parametrize("tail", ["", "?lang=en&total=true", "/a", "/a.md", "/nothing"])
async def test_a_public_read_is_one_query(
    kinds: str,
    tail: str,
    owner: httpx.AsyncClient,
    uncached: httpx.AsyncClient,
    database: db.Database,
) -> None:
    await make.live(owner, kinds, title="A")
    await database.command({"profile": 2})
    try:
        await uncached.get(f"/api/v1/{kinds}{tail}")
    finally:
        await database.command({"profile": 0})
    rows = await database["system.profile"].find({}).to_list()
    await database["system.profile"].drop()
    asked = [row["op"] for row in rows if "system.profile" not in row["ns"]]
    assert len(asked) == 1

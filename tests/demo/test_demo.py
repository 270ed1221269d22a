"""`cms demo`: a believable portfolio, once."""

import httpx
import pytest

from cms.core import db
from cms.core.errors import Conflict
from cms.demo import service
from tests import make


async def test_the_demo_fills_an_empty_site_and_changes_nothing_the_second_time(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    told: list[str] = []
    await service.fill(db.now(), told.append)
    assert len(told) >= 12
    listed = (await reader.get("/api/v1/articles?limit=100&total=true")).json()
    assert listed["page"]["total"] == 12
    assert {item["lang"] for item in listed["items"]} == {"id", "en"}
    assert all(item["authors"] and item["tags"] for item in listed["items"])
    assert len((await reader.get("/api/v1/profiles")).json()["items"]) == 2
    assert len((await reader.get("/api/v1/tags")).json()["items"]) >= 5
    assert (await reader.get("/api/v1/site")).json()["languages"] == ["id", "en"]
    series = (await reader.get("/api/v1/series")).json()["items"]
    assert {item["articles_count"] for item in series} == {4, 6}
    english = (await reader.get("/api/v1/articles/designing-a-friendly-api")).json()
    assert [item["slug"] for item in english["translations"]] == ["merancang-api-yang-ramah"]
    assert english["series_next"]["slug"] == "keyset-pagination-without-tears"

    before = (await owner.get("/api/v1/admin/articles?limit=100")).json()
    assert "nothing was changed" in await service.fill(db.now(), told.append)
    assert (await owner.get("/api/v1/admin/articles?limit=100")).json() == before


async def test_a_demo_that_was_cut_short_is_completed(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    await service.fill(db.now(), lambda _: None)
    await database["articles"].delete_many({"slugs": {"$regex": "^[a-k]"}})
    await service.fill(db.now(), lambda _: None)
    listed = (await reader.get("/api/v1/articles?total=true")).json()
    assert listed["page"]["total"] == 12


async def test_a_site_with_articles_of_its_own_is_left_alone(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, title="Mine")
    with pytest.raises(Conflict):
        await service.fill(db.now(), lambda _: None)
    assert len((await reader.get("/api/v1/articles")).json()["items"]) == 1

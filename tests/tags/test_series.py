"""Series: made on the desk, ordered by position, shown with their public articles alone."""

from typing import Any

import httpx
import pytest

from cms.accounts.permissions import Permission, Role
from tests import make

ADMIN = "/api/v1/admin/series"
PUBLIC = "/api/v1/series"
ARTICLES = "/api/v1/articles"


def _at(position: int, slug: str = "mongo") -> dict[str, Any]:
    return {"slug": slug, "position": position}


async def test_a_series_shows_its_public_articles_in_order(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.series(owner, title="Mongo", description="All of it.")
    assert (await reader.get(PUBLIC)).json()["items"] == []
    assert (await reader.get(f"{PUBLIC}/mongo")).status_code == 404
    await make.published(owner, title="Second", series=_at(2))
    await make.published(owner, title="First", series=_at(1))
    await make.article(owner, title="Secret draft", series=_at(3))

    found = (await reader.get(f"{PUBLIC}/mongo")).json()

    assert [(item["position"], item["title"]) for item in found["articles"]] == [
        (1, "First"),
        (2, "Second"),
    ]
    assert found["articles"][0]["url"] == "https://juri.example/articles/first"
    assert (found["title"], found["description"]) == ("Mongo", "All of it.")
    assert found["articles_count"] == 2
    assert found["url"] == "https://juri.example/series/mongo"
    listed = (await reader.get(PUBLIC)).json()["items"]
    assert listed == [{name: found[name] for name in listed[0]}]
    article = (await reader.get(f"{ARTICLES}/first")).json()
    assert article["series"] == {"slug": "mongo", "title": "Mongo", "position": 1}
    assert article["series_previous"] is None
    assert article["series_next"]["slug"] == "second"
    assert made["revision"] == 1


async def test_a_new_slug_is_taken_over_and_the_old_one_leads_on(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.series(owner, title="Mongo")
    live = await make.published(owner, title="A", series=_at(1))
    changed = await owner.patch(
        f"{ADMIN}/mongo",
        json={"slug": "mongodb", "title": "MongoDB"},
        headers=make.if_match(made),
    )
    assert changed.json()["revision"] == 2
    assert changed.headers["etag"] == '"2"'
    moved = await reader.get(f"{PUBLIC}/mongo")
    assert (moved.status_code, moved.headers["location"]) == (308, f"{PUBLIC}/mongodb")
    assert (await reader.get(f"{ARTICLES}/a")).json()["series"]["slug"] == "mongodb"
    assert len((await reader.get(f"{ARTICLES}?series=mongodb")).json()["items"]) == 1
    again = (await owner.get(f"/api/v1/admin/articles/{live['id']}")).json()
    assert again["series"] == _at(1, "mongodb")
    assert again["has_unpublished_changes"] is False
    assert again["revision"] > live["revision"]
    # The old slug still names it where an author writes it.
    draft = await make.article(owner, series=_at(2, "mongo"))
    assert draft["series"]["slug"] == "mongodb"
    taken = await owner.post(ADMIN, json={"title": "x", "slug": "mongo"})
    assert (taken.status_code, taken.json()["code"]) == (409, "slug_taken")


async def test_a_series_in_use_is_deleted_only_when_told_what_to_do(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.series(owner, title="Mongo")
    await make.series(owner, title="Other")
    live = await make.published(owner, title="A", series=_at(1))
    await make.article(owner, title="B", series=_at(2))
    usage = (await owner.get(f"{ADMIN}/mongo/usage")).json()
    assert (usage["count"], usage["published"]) == (2, 1)
    assert {item["title"] for item in usage["examples"]} == {"A", "B"}

    path, seen = f"{ADMIN}/mongo", make.if_match(made)
    refused = await owner.delete(path, headers=seen)
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert refused.json()["usage"]["count"] == 2
    for wrong in ("nothing", "mongo"):
        answer = await owner.delete(f"{path}?replace_with={wrong}", headers=seen)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "replace_with"
    assert (await owner.delete(f"{path}?replace_with=other", headers=seen)).status_code == 204
    assert (await reader.get(f"{ARTICLES}/a")).json()["series"]["slug"] == "other"
    other = (await owner.get(f"{ADMIN}/other")).json()
    assert (
        await owner.delete(f"{ADMIN}/other?force=true", headers=make.if_match(other))
    ).status_code == 204
    assert (await reader.get(f"{ARTICLES}/a")).json()["series"] is None
    again = (await owner.get(f"/api/v1/admin/articles/{live['id']}")).json()
    assert again["series"] is None
    assert again["has_unpublished_changes"] is False


async def test_writes_need_the_revision_that_was_seen(owner: httpx.AsyncClient) -> None:
    await make.series(owner, title="Mongo")
    for method, body in (("PATCH", {"title": "x"}), ("DELETE", None)):
        missing = await owner.request(method, f"{ADMIN}/mongo", json=body)
        assert missing.status_code == 428
        stale = await owner.request(
            method, f"{ADMIN}/mongo", json=body, headers={"If-Match": '"9"'}
        )
        assert stale.status_code == 412
        assert stale.json()["current"]["slug"] == "mongo"
        unknown = await owner.request(
            method, f"{ADMIN}/nothing", json=body, headers={"If-Match": '"1"'}
        )
        assert unknown.status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": 1}, "title"),
        ({"slug": "Not A Slug"}, "slug"),
        ({"description": "x" * 2001}, "description"),
        ({"articles": []}, "articles"),
    ],
)
async def test_bad_input_is_named(
    change: dict[str, Any], field: str, owner: httpx.AsyncClient
) -> None:
    answer = await owner.post(ADMIN, json={"title": "Fine", **change})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ({"slug": "nothing", "position": 1}, "series.slug"),
        ({"slug": "mongo"}, "series.position"),
        ({"slug": "mongo", "position": 0}, "series.position"),
        ({"slug": "mongo", "position": 10_001}, "series.position"),
        ({"slug": "mongo", "position": "1"}, "series.position"),
        ({"slug": "mongo", "position": 1, "title": "x"}, "series.title"),
        ("mongo", "series"),
    ],
)
async def test_a_bad_place_is_named(place: Any, field: str, owner: httpx.AsyncClient) -> None:
    await make.series(owner, title="Mongo")
    answer = await owner.post("/api/v1/admin/articles", json={"title": "x", "series": place})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def test_authors_may_look_and_not_touch(browser: httpx.AsyncClient) -> None:
    account = await make.account(role=Role.AUTHOR)
    browser.headers["Authorization"] = f"Bearer {await make.token(account)}"
    assert (await browser.get(ADMIN)).status_code == 200
    assert (await browser.post(ADMIN, json={"title": "x"})).status_code == 403
    owner = await make.account()
    browser.headers["Authorization"] = f"Bearer {await make.token(owner, Permission.READ)}"
    refused = await browser.post(ADMIN, json={"title": "x"})
    assert refused.json()["code"] == "missing_scope"


async def test_neighbours_in_a_series_stay_in_one_language(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.series(owner, title="Mongo")
    for position, lang in ((1, "en"), (1, "id"), (2, "id"), (2, "en"), (2, "en")):
        await make.published(owner, title=f"{lang} {position}", lang=lang, series=_at(position))
    first = (await reader.get(f"{ARTICLES}/en-1")).json()
    assert first["series_next"]["slug"] == "en-2"
    # Equal positions stand in the order of their making.
    second = (await reader.get(f"{ARTICLES}/en-2")).json()
    assert second["series_previous"]["slug"] == "en-1"
    assert second["series_next"]["slug"] == "en-2-2"
    last = (await reader.get(f"{ARTICLES}/en-2-2")).json()
    assert last["series_next"] is None
    ordered = (await reader.get(f"{ARTICLES}?series=mongo&sort=position&lang=en&limit=2")).json()
    assert [item["slug"] for item in ordered["items"]] == ["en-1", "en-2"]
    cursor = ordered["page"]["next"]
    rest = await reader.get(f"{ARTICLES}?series=mongo&sort=position&lang=en&cursor={cursor}")
    assert [item["slug"] for item in rest.json()["items"]] == ["en-2-2"]

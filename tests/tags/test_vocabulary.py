"""Tags for the desk alone, and what happens to content when a tag goes."""

from typing import Any

import httpx
import pytest

from cms.accounts.permissions import Role
from cms.core import db
from tests import make

ADMIN = "/api/v1/admin/tags"
PUBLIC = "/api/v1/tags"
ARTICLES = "/api/v1/articles"
DESK = "/api/v1/admin/articles"


async def _seen(client: httpx.AsyncClient, slug: str) -> dict[str, str]:
    """`If-Match` of a tag as it is now."""
    found = await client.get(f"{ADMIN}/{slug}")
    return make.if_match(found.json()) if found.status_code == 200 else {"If-Match": '"1"'}


async def _send(
    client: httpx.AsyncClient, method: str, slug: str, rest: str = "", data: Any = None
) -> httpx.Response:
    headers = await _seen(client, slug)
    return await client.request(method, f"{ADMIN}/{slug}{rest}", json=data, headers=headers)


async def test_an_internal_tag_is_shown_to_nobody_outside(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    made = await make.published(owner, title="A", tag_slugs=["API", "#Rahasia besar"])
    other = await make.published(owner, title="B", tag_slugs=["#rahasia-besar"])
    assert made["tag_slugs"] == ["api", "#rahasia-besar"]

    paths = [ARTICLES, f"{ARTICLES}/a", f"{ARTICLES}/b", f"{ARTICLES}?include=html", PUBLIC]
    paths += [f"{ARTICLES}?fields=slug,tags", f"{PUBLIC}?limit=1", "/api/v1/series"]
    seen = "\n".join([(await reader.get(path)).text for path in paths])
    assert "ahasia" not in seen
    assert '"api"' in seen
    # What is there and what is not answer alike.
    for slug in ("%23rahasia-besar", "%23nothing"):
        assert (await reader.get(f"{PUBLIC}/{slug}")).status_code == 404
        filtered = await reader.get(f"{ARTICLES}?tag={slug}")
        assert (filtered.status_code, filtered.json()["errors"][0]["field"]) == (422, "tag")
    assert (await reader.get(f"{ARTICLES}?tag=rahasia-besar")).json()["items"] == []
    # Nor do two articles become related by it.
    related = (await reader.get(f"{ARTICLES}/a")).json()["related"]
    assert [item["slug"] for item in related] == ["b"]
    rows = await database["articles"].find({}).to_list()
    events = [entry["event"] for row in rows for entry in row["pending"] if entry["event"]]
    assert len(events) == 2
    assert "ahasia" not in str(events)

    listed = (await owner.get(f"{DESK}?tag=%23rahasia-besar")).json()["items"]
    assert {item["id"] for item in listed} == {made["id"], other["id"]}
    tags = {item["slug"]: item["is_internal"] for item in (await owner.get(ADMIN)).json()["items"]}
    assert tags == {"#rahasia-besar": True, "api": False}


async def test_a_tag_has_a_description_that_a_renaming_leaves(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, tag_slugs=["API"])
    described = await _send(owner, "PATCH", "api", data={"description": "Interfaces."})
    assert (described.json()["name"], described.json()["description"]) == ("API", "Interfaces.")
    await _send(owner, "PATCH", "api", data={"name": "APIs"})
    found = (await reader.get(f"{PUBLIC}/api")).json()
    assert (found["name"], found["description"]) == ("APIs", "Interfaces.")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": None}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"description": 1}, "description"),
        ({"description": "x" * 2001}, "description"),
        ({"slug": "other"}, "slug"),
    ],
)
async def test_bad_input_is_named(
    change: dict[str, Any], field: str, owner: httpx.AsyncClient
) -> None:
    await owner.post(ADMIN, json={"name": "API"})
    answer = await _send(owner, "PATCH", "api", data=change)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def _used(owner: httpx.AsyncClient) -> dict[str, Any]:
    """A live article with a waiting draft and a change ahead, all of which carry `old`."""
    live = await make.published(owner, title="Live", tag_slugs=["new", "old", "third"])
    edited = await owner.patch(
        f"{DESK}/{live['id']}",
        json={"title": "Later", "tag_slugs": ["old"]},
        headers=make.if_match(live),
    )
    ahead = await make.verb(owner, edited.json(), "publish", {"at": "2999-01-01T00:00:00Z"})
    await make.article(owner, title="Draft", tag_slugs=["old"])
    return ahead


async def test_a_tag_in_use_is_deleted_only_when_told_what_to_do(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    live = await _used(owner)
    usage = (await owner.get(f"{ADMIN}/old/usage")).json()
    assert (usage["count"], usage["published"]) == (2, 1)
    assert usage["examples"][0]["kind"] == "article"

    refused = await _send(owner, "DELETE", "old")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert refused.json()["usage"] == usage
    assert (await _send(owner, "DELETE", "old", "?force=maybe")).status_code == 422
    assert (await _send(owner, "DELETE", "old", "?purge=true")).status_code == 400
    assert (await _send(owner, "DELETE", "old", "?replace_with=nothing")).status_code == 422
    assert (await _send(owner, "DELETE", "nothing")).status_code == 404

    assert (await _send(owner, "DELETE", "old", "?force=true")).status_code == 204
    tags = (await reader.get(f"{ARTICLES}/live")).json()["tags"]
    assert [tag["slug"] for tag in tags] == ["new", "third"]
    assert (await owner.get(f"{DESK}/{live['id']}")).json()["tag_slugs"] == []
    assert (await reader.get(f"{PUBLIC}/old")).status_code == 404
    assert (await _send(owner, "DELETE", "third", "?replace_with=new")).status_code == 204
    tags = (await reader.get(f"{ARTICLES}/live")).json()["tags"]
    assert [tag["slug"] for tag in tags] == ["new"]


async def test_an_unused_tag_is_simply_deleted(owner: httpx.AsyncClient) -> None:
    await owner.post(ADMIN, json={"name": "API"})
    assert (await _send(owner, "DELETE", "api")).status_code == 204
    assert (await owner.get(ADMIN)).json()["items"] == []


async def test_merging_moves_everything_once_and_in_place(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    live = await _used(owner)
    merged = await _send(owner, "POST", "old", "/merge", {"into": "new"})
    assert (merged.status_code, merged.json()["slug"]) == (200, "new")
    tags = (await reader.get(f"{ARTICLES}/live")).json()["tags"]
    assert [tag["slug"] for tag in tags] == ["new", "third"]
    kept = (await owner.get(f"{DESK}/{live['id']}")).json()
    assert kept["tag_slugs"] == ["new"]
    assert kept["has_unpublished_changes"] is False  # the change ahead was rewritten, too
    row = await database["articles"].find_one({"slugs": "live"})
    assert row is not None
    assert row["next"]["live"]["tag_slugs"] == ["new"]
    assert await database["articles"].count_documents({"working.tag_slugs": "old"}) == 0
    # Whoever saw the old tag must look again.
    stale = await owner.patch(
        f"{DESK}/{live['id']}", json={"title": "x"}, headers=make.if_match(live)
    )
    assert stale.status_code == 412


async def test_merging_refuses_what_is_not_there(owner: httpx.AsyncClient) -> None:
    await owner.post(ADMIN, json={"name": "API"})
    assert (await _send(owner, "POST", "nothing", "/merge", {"into": "api"})).status_code == 404
    for into in ("api", "nothing", ""):
        answer = await _send(owner, "POST", "api", "/merge", {"into": into})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "into"


async def test_authors_may_not_change_the_vocabulary(browser: httpx.AsyncClient) -> None:
    account = await make.account(role=Role.AUTHOR)
    browser.headers["Authorization"] = f"Bearer {await make.token(account)}"
    await make.article(browser, tag_slugs=["mine"])
    assert (await browser.get(ADMIN)).status_code == 200
    assert (await browser.get(f"{ADMIN}/mine/usage")).status_code == 403
    assert (await _send(browser, "DELETE", "mine", "?force=true")).status_code == 403
    assert (await _send(browser, "POST", "mine", "/merge", {"into": "x"})).status_code == 403
    assert (await _send(browser, "PATCH", "mine", data={"name": "x"})).status_code == 403

"""A database of the release before keeps what is in it, and gains groups."""

import importlib.util
from pathlib import Path
from typing import Any

import httpx
import pytest

from cms.core import db
from tests import make

MIGRATIONS = Path(__file__).parents[2] / "migrations"


async def _migrate(database: db.Database, name: str) -> None:
    (path,) = MIGRATIONS.glob(f"*_{name}.py")
    spec = importlib.util.spec_from_file_location("migration", path)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    await module.up(database)


async def test_articles_from_before_become_groups_of_their_own(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    live = await make.published(owner, title="Old", lang="id", tag_slugs=["API"])
    draft = await make.article(owner, title="Draft", lang="id")
    new = ("series", "translation_of", "group_id", "text_at")
    gone = {f"{part}{name}": 1 for part in ("", "working.", "live.") for name in new}
    await database["articles"].update_many({"live": None}, {"$unset": {
        name: 1 for name in gone if not name.startswith("live.")
    }})  # fmt: skip
    await database["articles"].update_many({"live": {"$ne": None}}, {"$unset": gone})
    await database["tags"].update_many({}, {"$unset": {"description": 1}})

    for _ in range(2):  # a migration that was cut off runs again
        await _migrate(database, "vocabulary_and_groups")

    again = (await owner.get(f"/api/v1/admin/articles/{live['id']}")).json()
    assert again == live
    body = {"title": "New", "lang": "en", "translation_of": "old"}
    assert (await owner.post("/api/v1/admin/articles", json=body)).status_code == 201
    taken = await owner.post("/api/v1/admin/articles", json={**body, "lang": "id"})
    assert taken.json()["code"] == "language_taken"
    found = (await reader.get("/api/v1/articles/old")).json()
    assert (found["translations"], found["series"]) == ([], None)
    assert (await reader.get("/api/v1/tags/api")).json()["description"] == ""
    edited = await owner.patch(
        f"/api/v1/admin/articles/{draft['id']}",
        json={"title": "Changed"},
        headers=make.if_match(draft),
    )
    assert edited.status_code == 200


@pytest.mark.parametrize("kinds", ["projects", "pages"])
async def test_projects_and_pages_from_before_become_groups_of_their_own(
    kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    live = await make.live(owner, kinds, title="Old", lang="id")
    changing = await make.live(owner, kinds, title="Changing", lang="id")
    changing = await make.verb(owner, changing, "publish", {"at": "2999-01-01T00:00:00Z"}, kinds)
    draft = await make.draft(owner, kinds, title="Draft", lang="id")
    new = ("translation_of", "group_id", "text_at")
    for part in ("", "working.", "live.", "next.live."):
        there = {part.strip(".") or "_id": {"$ne": None}}
        await database[kinds].update_many(there, {"$unset": {f"{part}{name}": 1 for name in new}})

    for _ in range(2):  # a migration that was cut off runs again
        await _migrate(database, "groups_and_redirects")

    for was in (live, changing, draft):
        assert (await owner.get(f"/api/v1/admin/{kinds}/{was['id']}")).json() == was
    body = {"title": "New", "lang": "en", "translation_of": "old"}
    made = await owner.post(f"/api/v1/admin/{kinds}", json=body)
    assert made.status_code == 201
    await make.verb(owner, made.json(), "publish", kinds=kinds)
    taken = await owner.post(f"/api/v1/admin/{kinds}", json={**body, "lang": "id"})
    assert taken.json()["code"] == "language_taken"
    found = (await reader.get(f"/api/v1/{kinds}/old")).json()
    assert [item["slug"] for item in found["translations"]] == ["new"]
    changed = await database[kinds].find_one({"slugs": "changing"})
    assert changed is not None
    assert changed["next"]["live"]["group_id"] == changed["_id"]

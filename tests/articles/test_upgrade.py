"""A database of the release before keeps its articles, and gains groups."""

import importlib.util
from pathlib import Path
from typing import Any

import httpx

from cms.core import db
from tests import make

MIGRATIONS = Path(__file__).parents[2] / "migrations"


async def _migrate(database: db.Database) -> None:
    (path,) = MIGRATIONS.glob("*_vocabulary_and_groups.py")
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
        await _migrate(database)

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

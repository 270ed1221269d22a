"""The demo's own pictures: a few covers and a face for everybody, once."""

import httpx
from litestar import Litestar

from cms.core import db
from cms.core.db import Database
from cms.demo import pictures
from cms.media.library import Library


async def test_the_demo_hangs_its_pictures_once(
    reader: httpx.AsyncClient, served: Litestar, database: Database
) -> None:
    library: Library = served.state["library"]
    for _ in range(2):
        await pictures.fill(library, db.now(), lambda _: None)
    people = await database["profiles"].count_documents({})
    assert await database["media"].count_documents({}) == pictures.COVERS + people
    shown = (await reader.get("/api/v1/articles?limit=100")).json()["items"]
    assert sum(item["cover"] is not None for item in shown) == pictures.COVERS
    assert all(author["avatar"] for item in shown for author in item["authors"])
    assert pictures.draw("a", 64, 36) == pictures.draw("a", 64, 36) != pictures.draw("b", 64, 36)

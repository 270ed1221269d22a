"""Revisions of tags, what the relay looks for in words and removals, pins of revisions."""

from typing import Any

from pymongo import IndexModel
from pymongo.asynchronous.database import AsyncDatabase

# Partial: only the few documents that wait for the relay stand in them.
PENDING = IndexModel("pending.id", partialFilterExpression={"pending.id": {"$exists": True}})
AGAIN = IndexModel("again_at", partialFilterExpression={"again_at": {"$type": "date"}})


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    for name in ("tags", "series"):
        words = database[name]
        await words.update_many({"revision": {"$exists": False}}, {"$set": {"revision": 1}})
        await words.create_indexes([PENDING])
    await database["remains"].create_indexes([PENDING, AGAIN])
    async for link in database["preview_links"].find({"revision": {"$ne": None}}):
        await database["revisions"].update_many(
            {"item_id": link["item_id"], "number": link["revision"]},
            {"$max": {"pinned_until": link["expires_at"]}},
        )

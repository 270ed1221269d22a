"""Revisions of tags, and what the relay looks for in tags, series and what is left of removals."""

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

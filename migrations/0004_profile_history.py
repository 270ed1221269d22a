"""What the relay looks for in profiles, and in what is left of removed ones."""

from typing import Any

from pymongo import IndexModel
from pymongo.asynchronous.database import AsyncDatabase

# Partial: only the few documents that wait for the relay stand in it.
PENDING = IndexModel("pending.id", partialFilterExpression={"pending.id": {"$exists": True}})


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    existing = set(await database.list_collection_names())
    if "remains" not in existing:
        await database.create_collection("remains")
    await database["profiles"].create_indexes([PENDING])

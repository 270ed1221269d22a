"""The media library, and the index by which its items find who shows them."""

from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase

USED = IndexModel("media_refs")
INDEXES: dict[str, list[IndexModel]] = {
    "media": [
        IndexModel("ref", unique=True),
        IndexModel([("owner_id", ASCENDING), ("file.digest", ASCENDING)], unique=True),
        IndexModel([("created_at", DESCENDING), ("_id", DESCENDING)]),
        IndexModel([("owner_id", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)]),
        IndexModel([("about.name", ASCENDING), ("_id", ASCENDING)]),
        IndexModel("about.tags"),
        IndexModel("words"),
        # Partial: only what waits for variants stands in it.
        IndexModel("work_at", partialFilterExpression={"work_at": {"$type": "date"}}),
        IndexModel("pending.id", partialFilterExpression={"pending.id": {"$exists": True}}),
    ],
    "articles": [USED],
    "pages": [USED],
    "projects": [USED],
    "profiles": [USED],
}


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    existing = set(await database.list_collection_names())
    for collection, indexes in INDEXES.items():
        if collection not in existing:
            await database.create_collection(collection)
        await database[collection].create_indexes(indexes)

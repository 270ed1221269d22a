"""What search looks up: entries of what readers may find, and of working copies apart from it."""

from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase

INDEXES: dict[str, list[IndexModel]] = {
    "search_entries": [
        IndexModel([("item_id", ASCENDING), ("stamp", ASCENDING)], unique=True),
        # The window stands in the index, so that what nobody may read yet is never fetched.
        IndexModel(
            [("tokens", ASCENDING), ("publish_at", DESCENDING), ("unpublish_at", DESCENDING)]
        ),
    ],
    "search_drafts": [
        IndexModel("item_id", unique=True),
        IndexModel([("tokens", ASCENDING), ("owner_id", ASCENDING)]),
    ],
    "search_state": [],
}


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    existing = set(await database.list_collection_names())
    for collection, indexes in INDEXES.items():
        if collection not in existing:
            await database.create_collection(collection)
        if indexes:
            await database[collection].create_indexes(indexes)

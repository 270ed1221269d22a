"""Revisions, audit log, events and leases, and what the relay looks for in articles."""

from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase

INDEXES: dict[str, list[IndexModel]] = {
    "revisions": [
        IndexModel(
            [("item_id", ASCENDING), ("number", DESCENDING), ("_id", DESCENDING)], unique=True
        )
    ],
    "audit": [
        IndexModel([("at", DESCENDING), ("_id", DESCENDING)]),
        IndexModel([("item_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)]),
    ],
    "events": [IndexModel("entry_id", unique=True)],
    "leases": [],
    "articles": [
        # Partial: only the few documents that wait for the relay stand in them.
        IndexModel("pending.id", partialFilterExpression={"pending.id": {"$exists": True}}),
        IndexModel("announce_at", partialFilterExpression={"announce_at": {"$type": "date"}}),
    ],
}


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    existing = set(await database.list_collection_names())
    for collection, indexes in INDEXES.items():
        if collection not in existing:
            await database.create_collection(collection)
        if indexes:
            await database[collection].create_indexes(indexes)

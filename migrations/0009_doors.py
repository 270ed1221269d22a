"""Links, throttles and the policy of accounts; one founder; sessions that name their lineage."""

from typing import Any

from pymongo import IndexModel
from pymongo.asynchronous.database import AsyncDatabase

INDEXES: dict[str, list[IndexModel]] = {
    "accounts": [IndexModel("founder", unique=True, partialFilterExpression={"founder": True})],
    "links": [
        IndexModel("digest", unique=True),
        IndexModel([("purpose", 1), ("created_at", -1)]),
        IndexModel("account_id"),
        IndexModel("expires_at", expireAfterSeconds=0),
    ],
    "throttles": [IndexModel("until", expireAfterSeconds=0)],
    "account_policy": [],
    "account_turns": [],
}


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    existing = set(await database.list_collection_names())
    for collection, indexes in INDEXES.items():
        if collection not in existing:
            await database.create_collection(collection)
        if indexes:
            await database[collection].create_indexes(indexes)
    # Sessions made before have neither lineage nor epoch: whoever has one signs in again.
    await database["sessions"].delete_many({"lineage": {"$exists": False}})

"""Projects and pages, and the keys of creations that may be sent again."""

from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase


def _lifecycle() -> list[IndexModel]:
    """What every published kind is found by: addresses, changes, owner, what the relay seeks."""
    return [
        IndexModel("slugs", unique=True),
        IndexModel([("updated_at", DESCENDING), ("_id", DESCENDING)]),
        IndexModel([("owner_id", ASCENDING), ("updated_at", DESCENDING), ("_id", DESCENDING)]),
        IndexModel("pending.id", partialFilterExpression={"pending.id": {"$exists": True}}),
        IndexModel("announce_at", partialFilterExpression={"announce_at": {"$type": "date"}}),
    ]


def _list_index(order: str, *equal: str) -> IndexModel:
    """For a public list: what is asked for, then its order, then id; readability is read here."""
    keys = [(field, ASCENDING) for field in (*equal, order, "_id")]
    times = [(f"live.{name}", ASCENDING) for name in ("publish_at", "unpublish_at")]
    return IndexModel([*keys, *times])


INDEXES: dict[str, list[IndexModel]] = {
    "projects": [
        *_lifecycle(),
        _list_index("live.order"),
        _list_index("live.order", "live.technology_keys"),
        _list_index("live.order", "live.featured"),
        _list_index("live.order", "live.lang"),
    ],
    "pages": [
        *_lifecycle(),
        _list_index("live.slug"),
        _list_index("live.slug", "live.lang"),
    ],
    "retries": [IndexModel("expires_at", expireAfterSeconds=0), IndexModel("item_id")],
}


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    existing = set(await database.list_collection_names())
    for collection, indexes in INDEXES.items():
        if collection not in existing:
            await database.create_collection(collection)
        await database[collection].create_indexes(indexes)

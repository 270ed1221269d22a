"""Collections and indexes of accounts, site, tags, profiles and articles."""

from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase


def _list_index(*equal: str) -> IndexModel:
    """For a public list, both ways: what is asked for, then publication, then id."""
    keys = [(field, ASCENDING) for field in equal]
    return IndexModel([*keys, ("live.publish_at", DESCENDING), ("_id", DESCENDING)])


INDEXES: dict[str, list[IndexModel]] = {
    "accounts": [IndexModel("email", unique=True)],
    "sessions": [IndexModel("account_id"), IndexModel("expires_at", expireAfterSeconds=0)],
    "tokens": [IndexModel("digest", unique=True), IndexModel("account_id")],
    "setup": [],
    "site": [],
    "tags": [IndexModel("slug", unique=True), IndexModel([("slug", 1), ("_id", 1)])],
    "profiles": [
        IndexModel("slugs", unique=True),
        IndexModel([("name", ASCENDING), ("_id", ASCENDING)]),
        IndexModel([("is_public", ASCENDING), ("name", ASCENDING), ("_id", ASCENDING)]),
    ],
    "articles": [
        IndexModel("slugs", unique=True),
        _list_index(),
        _list_index("live.tag_slugs"),
        _list_index("live.author_slugs"),
        _list_index("live.lang"),
        IndexModel([("working.tag_slugs", ASCENDING)]),
        IndexModel([("working.author_slugs", ASCENDING)]),
        IndexModel([("updated_at", DESCENDING), ("_id", DESCENDING)]),
        IndexModel([("owner_id", ASCENDING), ("updated_at", DESCENDING), ("_id", DESCENDING)]),
    ],
}


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    existing = set(await database.list_collection_names())
    for collection, indexes in INDEXES.items():
        if collection not in existing:
            await database.create_collection(collection)
        if indexes:
            await database[collection].create_indexes(indexes)

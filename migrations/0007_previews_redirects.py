"""Preview links, redirects, and what lists the former slugs of what is published."""

from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase

# Partial: only the few that have had another slug stand in it.
MOVED = IndexModel("former_slugs.0", partialFilterExpression={"former_slugs.0": {"$exists": True}})
INDEXES: dict[str, list[IndexModel]] = {
    "preview_links": [
        IndexModel("digest", unique=True),
        IndexModel([("item_id", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)]),
        IndexModel("expires_at", expireAfterSeconds=0),
    ],
    "redirects": [IndexModel("from_path", unique=True), IndexModel("to_path")],
    "redirect_turns": [],
    "articles": [MOVED],
    "projects": [MOVED],
    "pages": [MOVED],
    "profiles": [IndexModel("slugs.1", partialFilterExpression={"slugs.1": {"$exists": True}})],
}


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    existing = set(await database.list_collection_names())
    for collection, indexes in INDEXES.items():
        if collection not in existing:
            await database.create_collection(collection)
        if indexes:
            await database[collection].create_indexes(indexes)

"""What sitemaps are read from without a look at any article, and who is told of what changes."""

from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase

# Whole in the index: of 100,000 articles not one has to be fetched.
LISTED = ["live.unpublish_at", "live.seo.no_index", "live.slug", "live.lang", "live.updated_at"]
SITEMAP = IndexModel(
    [(name, ASCENDING) for name in ("live.publish_at", "_id", *LISTED, "live.group_id")],
    name="sitemap",
)
GROUPS = IndexModel(
    [
        (name, ASCENDING)
        for name in (
            "live.group_id",
            "live.lang",
            "live.slug",
            "live.publish_at",
            "live.unpublish_at",
            "live.seo.no_index",
        )
    ],
    name="sitemap_groups",
)
# Partial: only the few documents that wait for the relay stand in it.
PENDING = IndexModel("pending.id", partialFilterExpression={"pending.id": {"$exists": True}})


DELIVERIES = [
    # An event is handed to a webhook once, whoever is killed; tests tell of no event.
    IndexModel(
        [("webhook_id", ASCENDING), ("events", ASCENDING)],
        unique=True,
        partialFilterExpression={"first_event": {"$gt": 0}},
    ),
    IndexModel([("webhook_id", ASCENDING), ("state", ASCENDING), ("items", ASCENDING)]),
    IndexModel([("webhook_id", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)]),
    IndexModel(
        [("webhook_id", ASCENDING), ("state", 1), ("created_at", DESCENDING), ("_id", DESCENDING)]
    ),
    IndexModel(
        "due_at",
        name="due",
        partialFilterExpression={"state": {"$in": ["collecting", "waiting"]}},
    ),
    IndexModel("finished_at", expireAfterSeconds=30 * 24 * 3600),
]
COLLECTIONS = {
    "webhooks": [PENDING, IndexModel([("name", ASCENDING), ("_id", ASCENDING)])],
    "webhook_deliveries": DELIVERIES,
    "webhook_outbox": [],
}


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    await database["articles"].create_indexes([SITEMAP, GROUPS])
    for collection in ("tags", "series"):
        await database[collection].create_indexes([PENDING])
    existing = set(await database.list_collection_names())
    for collection, indexes in COLLECTIONS.items():
        if collection not in existing:
            await database.create_collection(collection)
        if indexes:
            await database[collection].create_indexes(indexes)

"""The inbox of the site, and the pictures of its sitemap."""

from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase

NEWEST = [("received_at", DESCENDING), ("_id", DESCENDING)]
INDEXES = [
    IndexModel("token_digest", unique=True),
    IndexModel([("is_spam", ASCENDING), *NEWEST]),
    IndexModel([("is_spam", ASCENDING), ("is_read", ASCENDING), *NEWEST]),
    IndexModel("email"),
    # Partial: only the few that wait for the relay or to be told stand in these.
    IndexModel("pending.id", partialFilterExpression={"pending.id": {"$exists": True}}),
    IndexModel("is_told", name="untold", partialFilterExpression={"is_told": False}),
]


# In place of `sitemap`, with the cover behind: whole in the index, no article has to be fetched.
PICTURED = IndexModel(
    [
        (name, ASCENDING)
        for name in (
            *("live.publish_at", "_id", "live.unpublish_at", "live.seo.no_index", "live.slug"),
            *("live.lang", "live.updated_at", "live.group_id", "live.cover_id"),
        )
    ],
    name="sitemap_pictured",
)


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    articles = database["articles"]
    await articles.create_indexes([PICTURED])
    if "sitemap" in await articles.index_information():
        await articles.drop_index("sitemap")
    if "contact_messages" not in await database.list_collection_names():
        await database.create_collection("contact_messages")
    await database["contact_messages"].create_indexes(INDEXES)

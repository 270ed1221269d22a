"""What sitemaps are read from without a look at any article, and tags and series that tell."""

from typing import Any

from pymongo import ASCENDING, IndexModel
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


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    await database["articles"].create_indexes([SITEMAP, GROUPS])
    for collection in ("tags", "series"):
        await database[collection].create_indexes([PENDING])

"""Groups of translations of projects and pages, and redirects that leave something to be told."""

from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase

IN_A_GROUP = ("live.group_id", "live.lang", "live.slug", "live.publish_at", "live.unpublish_at")
INDEXES = [
    # Begins with the group, by which readers' queries join; the rest is what a sitemap shows.
    IndexModel(
        [(name, ASCENDING) for name in (*IN_A_GROUP, "live.seo.no_index")], name="sitemap_groups"
    ),
    # One member per language and group; what lies in the trash holds no place.
    IndexModel(
        [("group_id", ASCENDING), ("working.lang", ASCENDING)],
        unique=True,
        partialFilterExpression={"group_id": {"$type": "objectId"}, "trashed_at": None},
    ),
    IndexModel("group_id"),
]
# Partial: only the few documents that wait for the relay stand in it.
PENDING = IndexModel("pending.id", partialFilterExpression={"pending.id": {"$exists": True}})


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    for name in ("projects", "pages"):
        items = database[name]
        await items.update_many(
            {"group_id": {"$exists": False}},
            [{"$set": {"group_id": "$_id", "text_at": "$updated_at"}}],
        )
        for part in ("live", "next.live"):
            await items.update_many(
                {f"{part}.publish_at": {"$exists": True}, f"{part}.group_id": {"$exists": False}},
                [
                    {
                        "$set": {
                            f"{part}.group_id": "$_id",
                            f"{part}.text_at": f"${part}.updated_at",
                            f"{part}.translation_of": None,
                        }
                    }
                ],
            )
        await items.create_indexes(INDEXES)
    await database["redirects"].create_indexes([PENDING])

"""Series, descriptions of tags, groups of translations, and the indexes of richer lists."""

from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase

Database = AsyncDatabase[dict[str, Any]]


def _list_index(*equal: str) -> IndexModel:
    """For a public list, both ways: what is asked for, then publication, then id."""
    keys = [(field, ASCENDING) for field in equal]
    return IndexModel([*keys, ("live.publish_at", DESCENDING), ("_id", DESCENDING)])


def _desk_index(*equal: str) -> IndexModel:
    """For the admin's list: what is asked for, then the last change."""
    keys = [(field, ASCENDING) for field in equal]
    return IndexModel([*keys, ("updated_at", DESCENDING), ("_id", DESCENDING)])


PLACE = ("live.series.position", ASCENDING)
SERIES = [
    IndexModel("slug", unique=True),
    IndexModel("slugs", unique=True),
    IndexModel([("slug", ASCENDING), ("_id", ASCENDING)]),
]
ARTICLES = [
    _list_index("live.series.slug"),
    _list_index("live.featured"),
    # Related articles: of one language, with any of a few tags, newest first.
    _list_index("live.lang", "live.tag_slugs"),
    IndexModel([("live.series.slug", ASCENDING), PLACE, ("_id", ASCENDING)]),
    IndexModel(
        [("live.series.slug", ASCENDING), ("live.lang", ASCENDING), PLACE, ("_id", ASCENDING)]
    ),
    IndexModel("live.group_id"),
    # One article per language and group; what lies in the trash holds no place.
    IndexModel(
        [("group_id", ASCENDING), ("working.lang", ASCENDING)],
        unique=True,
        partialFilterExpression={"group_id": {"$type": "objectId"}, "trashed_at": None},
    ),
    IndexModel("group_id"),
    IndexModel("next.at", partialFilterExpression={"next.at": {"$type": "date"}}),
    _desk_index("working.tag_slugs"),
    _desk_index("working.author_slugs"),
    _desk_index("working.lang"),
    _desk_index("working.series.slug"),
    _desk_index("working.featured"),
    IndexModel([("created_at", DESCENDING), ("_id", DESCENDING)]),
    IndexModel([("working.title", ASCENDING), ("_id", ASCENDING)]),
]
# What the longer ones above begin with.
REPLACED = ["working.tag_slugs_1", "working.author_slugs_1"]


async def up(database: Database) -> None:
    if "series" not in await database.list_collection_names():
        await database.create_collection("series")
    await database["series"].create_indexes(SERIES)
    await database["tags"].update_many(
        {"description": {"$exists": False}}, {"$set": {"description": ""}}
    )
    articles = database["articles"]
    await articles.update_many(
        {"group_id": {"$exists": False}},
        [{"$set": {"group_id": "$_id", "text_at": "$updated_at"}}],
    )
    for part in ("live", "next.live"):
        await articles.update_many(
            {f"{part}.publish_at": {"$exists": True}, f"{part}.group_id": {"$exists": False}},
            [
                {
                    "$set": {
                        f"{part}.group_id": "$_id",
                        f"{part}.text_at": f"${part}.updated_at",
                        f"{part}.series": None,
                        f"{part}.translation_of": None,
                    }
                }
            ],
        )
    await articles.create_indexes(ARTICLES)
    there = set(await articles.index_information())
    for name in REPLACED:
        if name in there:
            await articles.drop_index(name)

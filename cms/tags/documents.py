"""What is stored of a tag: its slug is what content refers to, its name is what people read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from beanie import Document
from pydantic import BaseModel
from pymongo import ReturnDocument, UpdateOne

from cms.core import references
from cms.core.paging import Keyset, ListQuery

BY_SLUG = Keyset("slug", kind="text")


class NewTag(BaseModel):
    slug: str
    name: str


class Tag(Document):
    slug: str
    name: str
    created_at: datetime
    updated_at: datetime

    class Settings:
        name = "tags"

    @classmethod
    async def by_slug(cls, slug: str) -> "Tag | None":
        return await cls.find_one({"slug": slug})

    @classmethod
    async def public_names(cls, slugs: Sequence[str]) -> dict[str, str]:
        """The names of those tags that readers may know of."""
        if not slugs:
            return {}
        rows = cls.get_pymongo_collection().find({"slug": {"$in": list(slugs)}})
        return {row["slug"]: row["name"] async for row in rows if not row["name"].startswith("#")}

    @classmethod
    async def ensure(cls, tags: Sequence[NewTag], now: datetime) -> None:
        """Make the tags that are missing; a name that is there already stays as it is."""
        if not tags:
            return
        await cls.get_pymongo_collection().bulk_write(
            [
                UpdateOne(
                    {"slug": tag.slug},
                    {"$setOnInsert": {"name": tag.name, "created_at": now, "updated_at": now}},
                    upsert=True,
                )
                for tag in tags
            ],
            ordered=False,
        )

    @classmethod
    async def rename(cls, slug: str, name: str, now: datetime) -> "Tag | None":
        found = await cls.get_pymongo_collection().find_one_and_update(
            {"slug": slug},
            {"$set": {"name": name, "updated_at": now}},
            return_document=ReturnDocument.AFTER,
        )
        return cls.model_validate(found) if found else None

    @classmethod
    async def list_public(cls, params: ListQuery, now: datetime) -> list[dict[str, Any]]:
        """Only tags of public articles: a tag of a draft alone would betray the draft."""
        narrowing = [
            *references.public_count("tags", now),
            {"$match": {"articles_count": {"$gt": 0}}},
        ]
        return await cls.aggregate(BY_SLUG.stages({}, params, narrowing)).to_list()

    @classmethod
    async def find_public(cls, slug: str, now: datetime) -> dict[str, Any] | None:
        stages = [{"$match": {"slug": slug}}, *references.public_count("tags", now)]
        rows = await cls.aggregate([*stages, {"$match": {"articles_count": {"$gt": 0}}}]).to_list()
        return rows[0] if rows else None

    @classmethod
    async def list_all(cls, params: ListQuery) -> list[dict[str, Any]]:
        return await cls.aggregate(BY_SLUG.stages({}, params)).to_list()


def cards(slugs_field: str) -> dict[str, Any]:
    """A `$lookup` of `{slug, name}` for the slugs in `slugs_field`, as `tag_cards`."""
    return {
        "$lookup": {
            "from": "tags",
            "localField": slugs_field,
            "foreignField": "slug",
            "pipeline": [{"$project": {"_id": 0, "slug": 1, "name": 1, "updated_at": 1}}],
            "as": "tag_cards",
        }
    }

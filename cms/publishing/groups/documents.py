"""Groups of translations of any published kind, and the queries over them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from beanie import PydanticObjectId
from bson import ObjectId

from cms.publishing import languages
from cms.publishing.contents import Content
from cms.publishing.found.documents import Found


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Something of the same kind that readers see, and whose page shows the other."""

    ident: PydanticObjectId
    lang: str
    slug: str


class Grouped(Found):
    """In one language; those of one `group_id` are translations of each other.

    A source is the group of its own; one member per language and group is an index's promise.
    `text_at` is when the words last changed, or were confirmed to say what the source says.
    """

    created_at: datetime
    working: Any
    live: Any = None
    group_id: PydanticObjectId | None = None
    text_at: datetime | None = None

    @property
    def group(self) -> PydanticObjectId | None:
        return self.group_id or self.id

    def is_outdated(self, source: Self | None) -> bool:
        """Whether the source says something that this translation was never compared with."""
        if source is None or source.id == self.id:
            return False
        shown = source.live.text_at if source.live else source.text_at
        return shown is not None and shown > (self.text_at or self.created_at)

    @classmethod
    async def group_named(cls, ref: str) -> PydanticObjectId | None:
        """The group of the one with this id or slug; an id lives on in its translations."""
        collection = cls.get_pymongo_collection()
        wanted: list[dict[str, Any]] = [{"slugs": ref}]
        if ObjectId.is_valid(ref):
            ident = ObjectId(ref)
            wanted = [{"_id": ident}, {"group_id": ident}, *wanted]
        for match in wanted:
            row = await collection.find_one(match, {"group_id": 1})
            if row is not None:
                return PydanticObjectId(row.get("group_id") or row["_id"])
        return None

    @classmethod
    async def has_translations(cls, ident: PydanticObjectId) -> bool:
        match = {"group_id": ident, "_id": {"$ne": ident}}
        return await cls.get_pymongo_collection().find_one(match, {"_id": 1}) is not None

    @classmethod
    async def in_group(cls, group_id: PydanticObjectId, limit: int = 100) -> list[Self]:
        return await cls.find({"group_id": group_id}).sort("_id").limit(limit).to_list()

    async def find_beside(self, live: Any, now: datetime) -> list[Neighbour]:
        """One query: whose pages show it beside its own, by a version that may not be stored."""
        return await self._neighbours([languages.siblings(live.group_id or self.id, self.id, now)])

    async def _neighbours(self, branches: list[list[dict[str, Any]]]) -> list[Neighbour]:
        first, *others = branches
        name = self.get_collection_name()
        unions = [{"$unionWith": {"coll": name, "pipeline": one}} for one in others]
        rows = await type(self).aggregate([*first, *unions]).to_list()
        return [
            Neighbour(row["_id"], row["lang"], row["slug"]) for row in rows if row["_id"] != self.id
        ]


def group_of(content: Content, ident: PydanticObjectId) -> PydanticObjectId:
    return PydanticObjectId(content.translation_of) if content.translation_of else ident

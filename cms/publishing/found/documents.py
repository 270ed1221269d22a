"""What other rooms ask of any published kind: its addresses, its slugs, the pictures it shows."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId

from cms.core import references
from cms.core.places import Move, Place
from cms.history.documents import Carrier
from cms.publishing import pictured
from cms.publishing.rows import readable

# What names media items, by the fields of a document.
PARTS = ("working", "live", "next")
# An event names the pages that it makes wrong up to here; the key of the item is for the rest.
MOST_SHOWN = 200
# What tells where something stands and stood.
MOVES = {"_id": 0, "live.slug": 1, "live.lang": 1, "former_slugs": 1}


class Found(Carrier):
    """Something that is published under slugs, and may show items of the library."""

    @classmethod
    async def find_places(cls, slugs: Collection[str], now: datetime) -> dict[str, Place]:
        """What readers find now under these slugs, former ones included."""
        rows = cls.get_pymongo_collection().find(
            {"slugs": {"$in": list(slugs)}, **readable(now)}, MOVES
        )
        found = {}
        async for row in rows:
            place = Place(row["live"]["slug"], row["live"]["lang"])
            found.update(dict.fromkeys([place.slug, *row["former_slugs"]], place))
        return {slug: place for slug, place in found.items() if slug in slugs}

    @classmethod
    async def list_moved(cls, now: datetime) -> list[Move]:
        """Every former slug of what readers see now; an index holds only those that moved."""
        rows = cls.get_pymongo_collection().find(
            {"former_slugs.0": {"$exists": True}, **readable(now)}, MOVES
        )
        return [
            Move(old, row["live"]["slug"], row["live"]["lang"])
            async for row in rows
            for old in row["former_slugs"]
        ]

    @classmethod
    async def media_usage(cls, ref: str, now: datetime) -> references.Usage:
        """Who names a media item, drafts and the trash included."""
        items, kind = cls.get_pymongo_collection(), cls.__name__.lower()
        rows = items.find({"media_refs": ref}, {"working.title": 1}).limit(10)
        live = {"media_refs": ref, "live.media_ids": ref, **readable(now)}
        return references.Usage(
            count=await items.count_documents({"media_refs": ref}),
            published=await items.count_documents(live),
            examples=[
                references.User(kind, str(row["_id"]), row["working"]["title"])
                async for row in rows
            ],
        )

    @classmethod
    async def replace_media(cls, old: str, new: str | None, session: Any) -> None:
        """Name another item, or none; the revision rises, since an author would notice."""
        stages = pictured.replaced(PARTS, old, new)
        await cls.get_pymongo_collection().update_many({"media_refs": old}, stages, session=session)

    @classmethod
    async def showing_media(cls, ref: str, now: datetime) -> list[references.Shown]:
        """The readable ones that show a media item."""
        match = {"media_refs": ref, "live.media_ids": ref, **readable(now)}
        fields = {"live.lang": 1, "live.slug": 1}
        rows = cls.get_pymongo_collection().find(match, fields).limit(MOST_SHOWN)
        kind = cls.__name__.lower()
        return [(kind, row["live"]["lang"], row["live"]["slug"]) async for row in rows]

    @classmethod
    async def taken_slugs(
        cls, wanted: Sequence[str], but_of: PydanticObjectId | None = None
    ) -> set[str]:
        """Which of the wanted slugs somebody holds, other than the one named."""
        rows = cls.get_pymongo_collection().find(
            {"slugs": {"$in": list(wanted)}, "_id": {"$ne": but_of}}, {"slugs": 1, "_id": 0}
        )
        return {slug async for row in rows for slug in row["slugs"]}

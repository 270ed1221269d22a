"""What is stored of a media item, and every query over items."""

import re
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Self

from beanie import PydanticObjectId
from pydantic import BaseModel
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from cms.core import references
from cms.core.paging import Keyset, ListQuery
from cms.history.documents import Carrier
from cms.history.entries import Editor, Entry, spread
from cms.media import plan
from cms.media.plan import Crop, Spec
from cms.removals.documents import Remains
from cms.retries.documents import AlreadyMade, is_about_id

Row = dict[str, Any]
State = Literal["ready", "processing", "failed"]
# How often a picture is tried again, each time after twice the pause.
MOST_TRIES: Final = 5
FIRST_PAUSE: Final = timedelta(seconds=15)
MOST_FAILURES: Final = 50


class SameBytes(Exception):
    """Another item was made of the very same bytes."""


class FocalPoint(BaseModel):
    """What crops keep in view: shares of the width and height."""

    x: float = 0.5
    y: float = 0.5


class Variant(BaseModel):
    """`focus` is what a crop was cut around."""

    key: str
    width: int
    height: int
    mime: str
    size: int
    crop: Crop = ""
    focus: str = ""
    spec: str


class About(BaseModel):
    """What people write of an item; texts by language."""

    name: str
    alt: dict[str, str] = {}
    caption: dict[str, str] = {}
    credit: str = ""
    focal_point: FocalPoint = FocalPoint()
    tags: list[str] = []


class File(BaseModel):
    """One version of the bytes. `salt` goes into the name of each of its files.

    So a name never comes back, not even with the bytes of an earlier version: what takes old
    files away can't meet what brings new ones. `digest` is of the bytes as they were sent.
    """

    key: str
    mime: str
    size: int
    digest: str
    salt: str
    width: int | None = None
    height: int | None = None
    frames: int = 1
    thumbhash: str | None = None
    dominant_color: str | None = None


class Media(Carrier):
    """An item of the library; `ref` is its id as text, which is how content names it.

    `work_at` is when variants are to be made next; None when there is nothing to make. `words`
    are for the search.
    """

    revision: int = 1
    ref: str
    owner_id: PydanticObjectId | None
    about: About
    file: File
    variants: list[Variant] = []
    failures: list[str] = []
    tries: int = 0
    work_at: datetime | None = None
    bytes: int
    words: list[str] = []
    created_at: datetime
    updated_at: datetime
    updated_by: Editor

    class Settings:
        name = "media"

    @property
    def heading(self) -> str:
        return self.about.name

    @property
    def is_picture(self) -> bool:
        return self.file.mime.startswith("image/")

    def wanted(self) -> list[Spec]:
        """Every variant that this item should have."""
        file = self.file
        if not file.thumbhash or not file.width or not file.height:
            return []
        point = self.about.focal_point
        focus = plan.focus_of(point.x, point.y)
        return plan.specs(file.width, file.height, file.mime, file.frames, focus)

    def missing(self) -> list[Spec]:
        """Those that are to be made; what failed before comes last."""
        there = {(variant.spec, variant.focus) for variant in self.variants}
        found = [spec for spec in self.wanted() if (spec.name, spec.focus) not in there]
        return sorted(found, key=lambda spec: spec.name in self.failures)

    def state(self) -> State:
        if not self.missing():
            return "ready"
        return "processing" if self.work_at is not None else "failed"

    def keys(self) -> list[str]:
        """Every file that belongs to it."""
        return [self.file.key, *(variant.key for variant in self.variants)]

    async def create(self) -> Self:  # type: ignore[override]  # Beanie's takes a session
        """Insert.

        Raises:
            SameBytes: the owner's library has these bytes.
            AlreadyMade: one has the very id.
        """
        try:
            await self.insert()
        except DuplicateKeyError as error:
            if is_about_id(error):
                raise AlreadyMade from error
            raise SameBytes from error
        return self

    async def replace_guarded(self, after: Self, entry: Entry) -> Self | None:
        """Write what people may change, and the entry; None when somebody saved in between.

        Raises:
            SameBytes: another item has these bytes.
        """
        values = {
            "about": after.about.model_dump(),
            "file": after.file.model_dump(),
            "work_at": after.work_at,
            "tries": 0,
            "failures": [],
            "words": after.words,
            "updated_at": after.updated_at,
            "updated_by": after.updated_by.model_dump(),
        }
        told = await self._told(entry)
        if after.file.key != self.file.key:
            values |= {"variants": [], "bytes": after.file.size}
        try:
            found = await self.get_pymongo_collection().find_one_and_update(
                {"_id": self.id, "revision": self.revision},
                {
                    "$set": values,
                    "$inc": {"revision": 1},
                    "$push": {"pending": {"$each": [each.model_dump() for each in told]}},
                },
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError as error:
            raise SameBytes from error
        return type(self).model_validate(found) if found else None

    async def delete_guarded(self, entry: Entry, into: str | None, *, is_used: bool) -> bool:
        """Remove it and leave the entry behind; what refers to it refers to `into`, or nothing."""
        collection = self.get_pymongo_collection()
        pending = [item.model_dump() for item in self.pending]

        async def write(session: AsyncClientSession) -> bool:
            match = {"_id": self.id, "revision": self.revision}
            gone = await collection.delete_one(match, session=session)
            if gone.deleted_count:
                told = await self._told(entry, session)
                left = [*pending, *(each.model_dump() for each in told)]
                remains = {"_id": self.id, "kind": "media", "pending": left}
                await Remains.get_pymongo_collection().insert_one(remains, session=session)
                if is_used:
                    await references.replace_everywhere("media", self.ref, into, session)
            return gone.deleted_count == 1

        async with collection.database.client.start_session() as session:
            return await session.with_transaction(write)

    async def _told(self, entry: Entry, session: AsyncClientSession | None = None) -> list[Entry]:
        """The entry, and what looks otherwise to readers with it."""
        return spread(entry, await references.items("media", [self.ref], session))

    async def add_variant(self, variant: Variant) -> list[str] | None:
        """Name a file that is there; the keys it takes the place of, or None when it came late.

        No revision rises: no author did anything.
        """
        collection = self.get_pymongo_collection()
        before = await collection.find_one_and_update(
            {"_id": self.id, "file.key": self.file.key},
            [
                {
                    "$set": {
                        "variants": {
                            "$concatArrays": [
                                _others(variant.spec),
                                [{"$literal": variant.model_dump()}],
                            ]
                        },
                        "failures": {"$setDifference": ["$failures", [variant.spec]]},
                    }
                },
                {"$set": {"bytes": {"$add": ["$file.size", {"$sum": "$variants.size"}]}}},
            ],
            projection={"variants": 1},
        )
        if before is None:
            return None
        same = [row for row in before["variants"] if row["spec"] == variant.spec]
        return [row["key"] for row in same if row["key"] != variant.key]

    async def rest(self, failed: Sequence[str], work_at: datetime | None, tries: int) -> None:
        """Say how a round of work ended, unless the item was changed meanwhile."""
        await self.get_pymongo_collection().update_one(
            {"_id": self.id, "revision": self.revision, "file.key": self.file.key},
            {"$set": {"failures": list(failed), "work_at": work_at, "tries": tries}},
        )

    async def finish(self, entry: Entry) -> Self | None:
        """Nothing is left to make; tell so where readers see it."""
        told = await self._told(entry)
        found = await self.get_pymongo_collection().find_one_and_update(
            {"_id": self.id, "revision": self.revision, "file.key": self.file.key},
            {
                "$set": {"failures": [], "work_at": None, "tries": 0},
                "$push": {"pending": {"$each": [each.model_dump() for each in told]}},
            },
            return_document=ReturnDocument.AFTER,
        )
        return type(self).model_validate(found) if found else None

    async def lose(self, keys: Sequence[str], now: datetime) -> None:
        """Variants whose files are gone are made again."""
        await self.get_pymongo_collection().update_one(
            {"_id": self.id},
            {
                "$pull": {"variants": {"key": {"$in": list(keys)}}},
                "$set": {"work_at": now, "tries": 0},
            },
        )

    @classmethod
    async def by_id(cls, ident: PydanticObjectId) -> Self | None:
        return await cls.find_one({"_id": ident})

    @classmethod
    async def by_ref(cls, ref: str) -> Self | None:
        return await cls.find_one({"ref": ref})

    @classmethod
    async def by_digest(cls, digest: str, owner_id: PydanticObjectId | None) -> Self | None:
        """The item of an owner that was made of these bytes."""
        return await cls.find_one({"file.digest": digest, "owner_id": owner_id})

    @classmethod
    async def cards_of(cls, refs: Collection[str]) -> dict[str, Row]:
        """What pictures are shown by, for those of the ids that are there."""
        if not refs:
            return {}
        rows = cls.get_pymongo_collection().find({"ref": {"$in": list(refs)}}, CARD)
        return {row["ref"]: row async for row in rows}

    @classmethod
    async def due(cls, now: datetime) -> Self | None:
        """The one whose variants waited longest."""
        return await cls.find({"work_at": {"$lte": now}}).sort("work_at").limit(1).first_or_none()

    @classmethod
    async def used_bytes(cls) -> int:
        rows = await cls.aggregate([{"$group": {"_id": None, "n": {"$sum": "$bytes"}}}]).to_list()
        return int(rows[0]["n"]) if rows else 0

    @classmethod
    async def tallies(cls) -> dict[str, int]:
        """How many there are, wait for variants, and were given up."""
        collection = cls.get_pymongo_collection()
        return {
            "items": await collection.count_documents({}),
            "waiting": await collection.count_documents({"work_at": {"$type": "date"}}),
            "failed": await collection.count_documents(FAILED),
        }

    @classmethod
    async def list_admin(cls, match: Row, order: Keyset, params: ListQuery) -> list[Row]:
        return await cls.aggregate(order.stages(match, params)).to_list()

    @classmethod
    async def count_admin(cls, match: Row) -> int:
        return await cls.get_pymongo_collection().count_documents(match)

    @classmethod
    async def everything(cls) -> AsyncIterator[Self]:
        async for item in cls.find().sort("_id"):
            yield item


FAILED: Row = {"failures.0": {"$exists": True}, "work_at": None}
# What stands for an item wherever it is shown; no owner, no name, no key of a former version.
CARD: Row = {
    "_id": 0,
    "ref": 1,
    "file.key": 1,
    "file.mime": 1,
    "file.size": 1,
    "file.width": 1,
    "file.height": 1,
    "file.thumbhash": 1,
    "file.dominant_color": 1,
    "about.alt": 1,
    "about.focal_point": 1,
    "variants": 1,
}


def cards(field: str, crop: Crop | None = None) -> Row:
    """A `$lookup` of the items whose ids stand in `field`, as `picture_cards`.

    With `crop`, only the variants of that crop: a list of a hundred covers stays small.
    """
    stages: list[Row] = [{"$project": CARD}]
    if crop is not None:
        kept = {"$filter": {"input": "$variants", "cond": {"$eq": ["$$this.crop", crop]}}}
        stages.append({"$set": {"variants": kept}})
    return {
        "$lookup": {
            "from": "media",
            "localField": field,
            "foreignField": "ref",
            "pipeline": stages,
            "as": "picture_cards",
        }
    }


def _others(spec: str) -> Row:
    return {"$filter": {"input": "$variants", "cond": {"$ne": ["$$this.spec", spec]}}}


def matching(
    *,
    owner_id: PydanticObjectId | None = None,
    kind: Literal["image", "document"] | None = None,
    tag: str | None = None,
    state: State | None = None,
    words: Sequence[str] = (),
) -> Row:
    """A filter over items; each word has to begin one of an item's."""
    every: list[Mapping[str, Any]] = [
        {"words": {"$regex": f"^{re.escape(word)}"}} for word in words
    ]
    if owner_id is not None:
        every.append({"owner_id": owner_id})
    if kind is not None:
        picture = {"$regex": "^image/"}
        every.append({"file.mime": picture if kind == "image" else {"$not": picture}})
    if tag is not None:
        every.append({"about.tags": tag})
    if state is not None:
        every.append(
            {
                "processing": {"work_at": {"$type": "date"}},
                "failed": FAILED,
                "ready": {"work_at": None, "failures": []},
            }[state]
        )
    return {"$and": every} if every else {}

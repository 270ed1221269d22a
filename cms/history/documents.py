"""What is stored of the past: revisions, audit records, events in a gap-free order, leases."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from beanie import Document, PydanticObjectId
from bson import ObjectId
from pydantic import BaseModel, Field
from pymongo.errors import DuplicateKeyError

from cms.accounts.documents import Door
from cms.core.paging import MOST_STORED, Keyset, ListQuery

Row = dict[str, Any]
NEWEST_FIRST = Keyset("at", descending=True)
EventType = Literal["published", "updated", "unpublished", "deleted"]
# Kept by the revision itself; an audit record stays small.
LONG_FIELDS = {"markdown", "bio_markdown"}
# A relay that fell behind is helped before a document grows towards MongoDB's 16 MB.
MOST_PENDING = 20
# One event names so many others that changed with it; more take more events.
MOST_ITEMS = 50


class Editor(BaseModel):
    """Who wrote; `id` is null for the command line."""

    id: PydanticObjectId | None
    name: str


class EventBody(BaseModel):
    """What readers will notice, and whose caches it makes wrong.

    `keys` name nothing that readers never saw. `items` are others, such as `article:<id>`, that
    show what changed and so changed with it.
    """

    type: EventType
    slug: str
    old_slug: str | None = None
    lang: str
    keys: list[str]
    paths: list[str]
    items: list[str] = []


class Change(BaseModel):
    """One field before and after; long texts are kept by the revision alone."""

    field: str
    before: Any = None
    after: Any = None


class Entry(BaseModel):
    """What one write leaves behind, carried inside the document until the relay moves it out.

    `revision_id` is shared by a burst of autosaves, so that they become one revision.
    """

    id: PydanticObjectId
    at: datetime
    by: Editor
    door: Door
    verb: str
    why: str | None = None
    revision: int
    revision_id: PydanticObjectId | None = None
    content: Row | None = None
    changes: list[Change] = []
    event: EventBody | None = None
    # The continuation of another entry's event: the audit has that one.
    is_more: bool = False


def spread(entry: Entry, items: Sequence[str]) -> list[Entry]:
    """The entry and as many more as it takes to name all items that changed with it."""
    if entry.event is None or not items:
        return [entry]
    chunks = [list(items[at : at + MOST_ITEMS]) for at in range(0, len(items), MOST_ITEMS)]
    bodies = [entry.event.model_copy(update={"items": chunk}) for chunk in chunks]
    kept: Row = {"content": None, "changes": [], "is_more": True}
    more = [entry.model_copy(update={**kept, "id": new_id(), "event": it}) for it in bodies[1:]]
    return [entry.model_copy(update={"event": bodies[0]}), *more]


class Carrier(Document):
    """A document that carries what writes left behind until the relay moves it out."""

    pending: list[Entry] = []

    @property
    def item_id(self) -> PydanticObjectId:
        """What the past of this document is filed under."""
        assert self.id is not None  # noqa: S101 - it was stored
        return self.id

    @property
    def heading(self) -> str:
        """What people call it in the audit log."""
        return ""

    def is_laden(self) -> bool:
        return len(self.pending) >= MOST_PENDING

    async def drop_pending(self, entries: Sequence[Entry]) -> None:
        await self.get_pymongo_collection().update_one(
            {"_id": self.id}, {"$pull": {"pending": {"id": {"$in": [item.id for item in entries]}}}}
        )

    @classmethod
    async def with_pending(cls, limit: int = 100) -> list[Self]:
        return await cls.find({"pending.id": {"$exists": True}}).limit(limit).to_list()

    async def drain(self, kind: str) -> None:
        """Move what writes left behind out of the document; harmless to repeat at any point."""
        if self.pending:
            await keep(kind, self.item_id, self.heading, self.pending)
            await self.drop_pending(self.pending)


class Revision(Document):
    """The whole working content as it was saved; `number` is the document's revision then."""

    kind: str
    item_id: PydanticObjectId
    number: int
    at: datetime
    by: Editor
    door: Door
    verb: str
    why: str | None
    content: Row

    class Settings:
        name = "revisions"

    @classmethod
    async def of_item(cls, item_id: PydanticObjectId, params: ListQuery) -> list[Row]:
        stages = BY_NUMBER.stages({"item_id": item_id}, params)
        return await cls.aggregate([*stages, {"$unset": "content"}]).to_list()

    @classmethod
    async def by_number(cls, item_id: PydanticObjectId, number: int) -> "Revision | None":
        if number > MOST_STORED:  # a path may name any number
            return None
        return await cls.find_one({"item_id": item_id, "number": number})

    @classmethod
    async def forget(cls, item_id: PydanticObjectId) -> None:
        await cls.get_pymongo_collection().delete_many({"item_id": item_id})

    @classmethod
    async def thin(cls, item_id: PydanticObjectId, keep: int) -> None:
        """Keep the newest `keep` revisions of an item."""
        collection = cls.get_pymongo_collection()
        last = (
            await collection.find({"item_id": item_id}, {"number": 1})
            .sort("number", -1)
            .skip(keep)
            .limit(1)
            .to_list()
        )
        if last:
            await collection.delete_many(
                {"item_id": item_id, "number": {"$lte": last[0]["number"]}}
            )


BY_NUMBER = Keyset("number", descending=True, kind="number")


class AuditRecord(Document):
    """Who did what to what, from which door."""

    kind: str
    item_id: PydanticObjectId
    title: str
    at: datetime
    by: Editor
    door: Door
    verb: str
    why: str | None
    revision: int
    changes: list[Change]

    class Settings:
        name = "audit"

    @classmethod
    async def forget_content(cls, item_id: PydanticObjectId) -> None:
        """Keep who did what and when to a purged item, and nothing of what stood in it."""
        await cls.get_pymongo_collection().update_many(
            {"item_id": item_id}, {"$set": {"title": "", "changes": [], "why": None}}
        )

    @classmethod
    async def list_all(cls, params: ListQuery, match: Row) -> list[Row]:
        return await cls.aggregate(NEWEST_FIRST.stages(match, params)).to_list()


class Event(Document):
    """One thing that readers notice; `_id` counts 1, 2, 3, … without gaps, in order of commit."""

    id: int = Field(alias="_id")  # type: ignore[assignment]
    entry_id: PydanticObjectId
    kind: str
    item_id: PydanticObjectId
    at: datetime
    body: EventBody

    class Settings:
        name = "events"

    @classmethod
    async def append(cls, kind: str, item_id: PydanticObjectId, entry: Entry) -> None:
        """Give the entry's event the next number, once, however often this is called."""
        assert entry.event is not None  # noqa: S101 - the caller filters
        collection = cls.get_pymongo_collection()
        while await collection.find_one({"entry_id": entry.id}, {"_id": 1}) is None:
            last = await collection.find_one({}, {"_id": 1}, sort=[("_id", -1)])
            row = {
                "_id": last["_id"] + 1 if last else 1,
                "entry_id": entry.id,
                "kind": kind,
                "item_id": item_id,
                "at": entry.at,
                "body": entry.event.model_dump(),
            }
            try:
                await collection.insert_one(row)
            except DuplicateKeyError:
                continue  # another relay took the number, or put this very entry in

    @classmethod
    async def after(cls, number: int, limit: int) -> list["Event"]:
        return await cls.find({"_id": {"$gt": number}}).sort("_id").limit(limit).to_list()

    @classmethod
    async def last(cls) -> "Event | None":
        return await cls.find({}).sort("-_id").first_or_none()

    @classmethod
    async def first(cls) -> "Event | None":
        return await cls.find({}).sort("_id").first_or_none()

    @classmethod
    async def by_number(cls, number: int) -> "Event | None":
        return await cls.find_one({"_id": number})


async def keep(kind: str, item_id: PydanticObjectId, title: str, entries: Sequence[Entry]) -> None:
    """Store what the entries tell, once, however often this is called."""
    for entry in entries:
        if entry.content is not None:
            await _keep_revision(_revision(kind, item_id, entry), entry.revision_id or entry.id)
        if not entry.is_more:
            audit = _audit(kind, item_id, title, entry)
            await AuditRecord.get_pymongo_collection().replace_one(
                {"_id": entry.id}, audit, upsert=True
            )
        if entry.event is not None:
            await Event.append(kind, item_id, entry)


class Remains(Carrier):
    """What a removed item leaves behind until the relay has moved it out and forgotten the rest.

    It is written in the transaction that removes the item, under the item's own id.
    """

    kind: str

    class Settings:
        name = "remains"

    async def drain(self, kind: str = "") -> None:  # noqa: ARG002 - each row has its own kind
        """Keep that it was there and went; forget what stood in it."""
        await keep(self.kind, self.item_id, "", self.pending)
        await Revision.forget(self.item_id)
        await AuditRecord.forget_content(self.item_id)
        await self.get_pymongo_collection().delete_one({"_id": self.id})


async def _keep_revision(row: Row, ident: PydanticObjectId) -> None:
    """Store a revision, unless a newer save of the same burst stands there already."""
    older = {"_id": ident, "number": {"$lte": row["number"]}}
    with suppress(DuplicateKeyError):
        await Revision.get_pymongo_collection().replace_one(older, row, upsert=True)


def _revision(kind: str, item_id: PydanticObjectId, entry: Entry) -> Row:
    return {
        **entry.model_dump(include={"at", "by", "door", "verb", "why", "content"}),
        "kind": kind,
        "item_id": item_id,
        "number": entry.revision,
    }


def _audit(kind: str, item_id: PydanticObjectId, title: str, entry: Entry) -> Row:
    return {
        **entry.model_dump(include={"at", "by", "door", "verb", "why", "revision", "changes"}),
        "kind": kind,
        "item_id": item_id,
        "title": title,
    }


def changed(before: Row | None, after: Row) -> list[Change]:
    """The fields that differ; of a new item, those that say something."""
    old = before or {}
    return [
        Change(field=name)
        if name in LONG_FIELDS
        else Change(field=name, before=old.get(name), after=value)
        for name, value in after.items()
        if old.get(name) != value and (before is not None or value)
    ]


class Lease(Document):
    """Who does a piece of background work now; a killed holder loses it when it expires."""

    id: str = Field(alias="_id")  # type: ignore[assignment]
    holder: str
    expires_at: datetime

    class Settings:
        name = "leases"

    @classmethod
    async def hold(cls, name: str, holder: str, now: datetime, length: timedelta) -> bool:
        """Take or renew the lease; False while somebody else has it."""
        # One that ends further away than any lease was taken before the clock was set back.
        free = [{"expires_at": {"$lt": now}}, {"expires_at": {"$gt": now + 2 * length}}]
        mine_or_free = {"_id": name, "$or": [{"holder": holder}, *free]}
        lease = {"holder": holder, "expires_at": now + length}
        try:
            await cls.get_pymongo_collection().update_one(
                mine_or_free, {"$set": lease}, upsert=True
            )
        except DuplicateKeyError:
            return False
        return True

    @classmethod
    async def let_go(cls, name: str, holder: str) -> None:
        await cls.get_pymongo_collection().delete_one({"_id": name, "holder": holder})


def new_id() -> PydanticObjectId:
    return PydanticObjectId(ObjectId())

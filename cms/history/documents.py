"""What is stored of the past: revisions, audit records, events in a gap-free order, leases."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final, Self

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo.errors import DuplicateKeyError

from cms.accounts.documents import Door
from cms.accounts.trail import Deed, Renamer
from cms.core.paging import MOST_STORED, Keyset, ListQuery
from cms.history.entries import Change, Editor, Entry, EventBody, new_id, spread

Row = dict[str, Any]
NEWEST_FIRST = Keyset("at", descending=True)
# A relay that fell behind is helped before a document grows towards MongoDB's 16 MB.
MOST_PENDING = 20
PENDING: Final[Row] = {"pending.id": {"$exists": True}}


class Carrier(Document):
    """A document that carries what writes left behind until the relay moves it out.

    `IS_FORGOTTEN`: whether removing it for good also removes what its past says of it.
    """

    IS_FORGOTTEN: ClassVar[bool] = False
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

    async def drop_pending(self, entries: Sequence[Entry]) -> bool:
        """False when the document itself is gone."""
        dropped = await self.get_pymongo_collection().update_one(
            {"_id": self.id}, {"$pull": {"pending": {"id": {"$in": [item.id for item in entries]}}}}
        )
        return dropped.matched_count == 1

    async def tell_late(
        self,
        entry: Entry,
        shown: Sequence[str],
        event: Callable[[], Awaitable[EventBody | None]],
    ) -> Self:
        """An event more, for what is `shown` and was not named when `entry` was written.

        It was published while readers were looked at: the two writes have nothing in common, so
        neither waits for the other, and it may have been told with this as it was.
        """
        mine = [each for each in self.pending if each.at == entry.at and each.event]
        named = {item for each in mine if each.event for item in each.event.items}
        late = [item for item in shown if item not in named]
        body = await event() if late else None
        if body is None:
            return self
        bare: Row = {"id": new_id(), "content": None, "changes": [], "is_more": True}
        more = spread(entry.model_copy(update={**bare, "event": body}), late)
        rows = [each.model_dump() for each in more]
        await self.get_pymongo_collection().update_one(
            {"_id": self.id}, {"$push": {"pending": {"$each": rows}}}
        )
        told: Self = self.model_copy(update={"pending": [*self.pending, *more]})
        return told

    @classmethod
    def waits(cls, now: datetime) -> list[Row]:  # noqa: ARG003 - time alone changes nothing here
        """What the relay looks for, each served by an index of its own."""
        return [PENDING]

    @classmethod
    async def with_pending(cls, limit: int = 100) -> list[Self]:
        return await cls.find(PENDING).limit(limit).to_list()

    @classmethod
    async def last_pending_change(cls) -> datetime | None:
        """When readers last noticed something that the relay has not moved out yet."""
        stages: list[Row] = [
            {"$match": PENDING},
            {"$unwind": "$pending"},
            {"$match": {"pending.event": {"$ne": None}}},
            {"$project": {"_id": 0, "entry_id": "$pending.id", "at": "$pending.at"}},
        ]
        rows = await cls.aggregate(stages).to_list()
        return max((_noticed_at(row) for row in rows), default=None)

    async def drain(self, kind: str) -> None:
        """Move what writes left behind out of the document; harmless to repeat at any point."""
        if self.pending:
            await keep(kind, self.item_id, self.heading, self.pending)
            if not await self.drop_pending(self.pending) and self.IS_FORGOTTEN:
                # Removed since it was loaded: what was kept just now must not outlive it.
                await forget(self.item_id)


class Revision(Document):
    """The whole working content as it was saved; `number` is the document's revision then.

    Until `pinned_until`, a preview link shows it.
    """

    kind: str
    item_id: PydanticObjectId
    number: int
    at: datetime
    by: Editor
    door: Door
    verb: str
    why: str | None
    content: Row
    pinned_until: datetime | None = None

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
    async def pin(cls, item_id: PydanticObjectId, number: int, until: datetime) -> bool:
        """Keep a revision from being thinned or folded; False when there is none."""
        if number > MOST_STORED:
            return False
        pinned = await cls.get_pymongo_collection().update_one(
            {"item_id": item_id, "number": number}, {"$max": {"pinned_until": until}}
        )
        return pinned.matched_count == 1

    @classmethod
    async def next_item(
        cls, after: PydanticObjectId | None, before: datetime
    ) -> PydanticObjectId | None:
        """The next item, by id, that has a revision from before that moment."""
        match: Row = {"at": {"$lt": before}, **({"item_id": {"$gt": after}} if after else {})}
        row = await cls.get_pymongo_collection().find_one(
            match, {"item_id": 1}, sort=[("item_id", 1)]
        )
        return row["item_id"] if row else None

    @classmethod
    async def saves(cls, item_id: PydanticObjectId) -> list[tuple[int, datetime]]:
        """Number and moment of every revision of an item, newest first."""
        rows = cls.get_pymongo_collection().find({"item_id": item_id}, {"number": 1, "at": 1})
        return [(row["number"], row["at"]) async for row in rows.sort("number", -1)]

    @classmethod
    async def thin(cls, item_id: PydanticObjectId, numbers: Sequence[int], now: datetime) -> int:
        """Remove these revisions, but those that are pinned at that very moment; how many went."""
        gone = await cls.get_pymongo_collection().delete_many(
            {
                "item_id": item_id,
                "number": {"$in": list(numbers)},
                "$or": [{"pinned_until": None}, {"pinned_until": {"$lte": now}}],
            }
        )
        return gone.deleted_count


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
    async def revisions_with(cls, item_id: PydanticObjectId, verbs: Sequence[str]) -> list[int]:
        """The revisions that an item came to have by these verbs."""
        match = {"item_id": item_id, "verb": {"$in": list(verbs)}}
        rows = cls.get_pymongo_collection().find(match, {"revision": 1})
        return [row["revision"] async for row in rows]

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
    async def last_change(cls) -> datetime | None:
        """When readers last noticed something; the relay moves events out nearly in order."""
        found = cls.get_pymongo_collection().find({}, {"entry_id": 1, "at": 1})
        rows = await found.sort("_id", -1).limit(100).to_list()
        return max((_noticed_at(row) for row in rows), default=None)

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
            await _keep_revision(_revision(kind, item_id, entry), entry)
        if not entry.is_more:
            audit = _audit(kind, item_id, title, entry)
            await AuditRecord.get_pymongo_collection().replace_one(
                {"_id": entry.id}, audit, upsert=True
            )
        if entry.event is not None:
            await Event.append(kind, item_id, entry)


async def forget(item_id: PydanticObjectId) -> None:
    """Drop the revisions of something that was removed for good, and what the audit says of it."""
    await Revision.forget(item_id)
    await AuditRecord.forget_content(item_id)


async def _keep_revision(row: Row, entry: Entry) -> None:
    """Store a revision, unless a newer save of the same burst stands there already.

    One that a preview link is pinned to stays; the burst goes on beside it.
    """
    revisions = Revision.get_pymongo_collection()
    ident = entry.revision_id or entry.id
    older = {"_id": ident, "number": {"$lte": row["number"]}, "pinned_until": None}
    try:
        await revisions.replace_one(older, row, upsert=True)
    except DuplicateKeyError:
        if await revisions.find_one({"_id": ident, "number": {"$lt": row["number"]}}, {"_id": 1}):
            await revisions.replace_one({"_id": entry.id}, row, upsert=True)


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


def _noticed_at(row: Row) -> datetime:
    """A scheduled change has its own time, and is seen when the clock's work is done: its id's."""
    noted: datetime = row["entry_id"].generation_time
    at: datetime = row["at"]
    return max(at, noted)


async def keep_deed(deed: Deed) -> None:
    """File what was done to somebody's account."""
    changes = [Change(field=name, before=a, after=b) for name, (a, b) in deed.changes.items()]
    await AuditRecord(
        kind="account",
        item_id=deed.account_id,
        title=deed.account_name,
        at=deed.at,
        by=Editor(id=deed.actor_id, name=deed.actor_name),
        door=deed.door,
        verb=deed.verb,
        why=None,
        revision=0,
        changes=changes,
    ).insert()


def renamer(document: type[Document], *paths: str) -> Renamer:
    """What puts another name where a person stands at these paths; `[]` is every item of a list."""

    async def rename(ident: PydanticObjectId, name: str) -> None:
        collection = document.get_pymongo_collection()
        for path in paths:
            items, is_list, field = path.partition("[].")
            if is_list:
                await collection.update_many(
                    {f"{items}.{field}.id": ident},
                    {"$set": {f"{items}.$[item].{field}.name": name}},
                    array_filters=[{f"item.{field}.id": ident}],
                )
            else:
                await collection.update_many(
                    {f"{path}.id": ident}, {"$set": {f"{path}.name": name}}
                )
        if document is AuditRecord:
            about = {"kind": "account", "item_id": ident}
            await collection.update_many(about, {"$set": {"title": name}})

    return rename

"""What is stored of webhooks: whom to tell, what is on its way, how far events were read."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from beanie import Document, PydanticObjectId
from pydantic import BaseModel, Field
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from cms.core.paging import Keyset, ListQuery
from cms.history.documents import Carrier
from cms.history.entries import Editor, Entry
from cms.removals.documents import Remains

Row = dict[str, Any]
State = Literal["collecting", "waiting", "delivered", "failed"]
UNFINISHED: Final = ("collecting", "waiting")
BY_NAME = Keyset("name", kind="text")
NEWEST_FIRST = Keyset("created_at", descending=True)
# What is kept of a delivery's attempts, and of a webhook's finished deliveries.
MOST_ATTEMPTS: Final = 20
MOST_KEPT: Final = 500
OUTBOX: Final = "outbox"


class Secret(BaseModel):
    """What a secret is derived from; `check` tells when the installation's key is another one."""

    nonce: str
    check: str
    created_at: datetime
    expires_at: datetime | None = None


class Webhook(Carrier):
    """`from_event` is the last event before it was made; `failing_since` is background's word."""

    revision: int = 1
    name: str
    url: str
    kinds: list[str]
    is_enabled: bool
    secrets: list[Secret]
    from_event: int
    failing_since: datetime | None = None
    disabled_because: str | None = None
    created_at: datetime
    updated_at: datetime
    updated_by: Editor

    class Settings:
        name = "webhooks"

    @property
    def heading(self) -> str:
        return self.name

    def takes(self, number: int, kind: str) -> bool:
        return (
            self.is_enabled and number > self.from_event and (not self.kinds or kind in self.kinds)
        )

    def takes_notices(self, kind: str, at: datetime) -> bool:
        """What is no content says something of people: nobody gets it who did not ask."""
        return self.is_enabled and kind in self.kinds and at >= self.created_at

    def valid_secrets(self, now: datetime) -> list[Secret]:
        return [it for it in self.secrets if it.expires_at is None or it.expires_at > now]

    @classmethod
    async def by_id(cls, ident: PydanticObjectId) -> "Webhook | None":
        return await cls.find_one({"_id": ident})

    @classmethod
    async def enabled(cls) -> list["Webhook"]:
        return await cls.find({"is_enabled": True}).sort("_id").to_list()

    @classmethod
    async def list_all(cls, params: ListQuery) -> list[Row]:
        return await cls.aggregate(BY_NAME.stages({}, params)).to_list()

    @classmethod
    async def count_all(cls) -> int:
        return await cls.get_pymongo_collection().count_documents({})

    async def replace_guarded(self, after: "Webhook", entry: Entry) -> "Webhook | None":
        """None when somebody saved in between."""
        written = await self.get_pymongo_collection().update_one(
            {"_id": self.id, "revision": self.revision},
            {
                "$set": after.model_dump(exclude={"id", "revision", "pending", "failing_since"}),
                "$inc": {"revision": 1},
                "$push": {"pending": entry.model_dump()},
            },
        )
        raised: Webhook = after.model_copy(update={"revision": self.revision + 1})
        return raised if written.matched_count else None

    async def delete_guarded(self, entry: Entry) -> bool:
        """Remove it with all that is on its way, and leave the entry behind, in one transaction."""
        collection = self.get_pymongo_collection()
        left = [item.model_dump() for item in (*self.pending, entry)]

        async def write(session: AsyncClientSession) -> bool:
            match = {"_id": self.id, "revision": self.revision}
            gone = await collection.delete_one(match, session=session)
            if gone.deleted_count:
                row = {"_id": self.id, "kind": "webhook", "pending": left}
                await Remains.get_pymongo_collection().insert_one(row, session=session)
                deliveries = Delivery.get_pymongo_collection()
                await deliveries.delete_many({"webhook_id": self.id}, session=session)
            return gone.deleted_count == 1

        async with collection.database.client.start_session() as session:
            return await session.with_transaction(write)

    @classmethod
    async def fails(cls, ident: PydanticObjectId, since: datetime) -> None:
        await cls.get_pymongo_collection().update_one(
            {"_id": ident, "failing_since": None}, {"$set": {"failing_since": since}}
        )

    @classmethod
    async def works(cls, ident: PydanticObjectId) -> None:
        await cls.get_pymongo_collection().update_one(
            {"_id": ident, "failing_since": {"$ne": None}}, {"$set": {"failing_since": None}}
        )

    @classmethod
    async def disable(cls, ident: PydanticObjectId, because: str) -> None:
        await cls.get_pymongo_collection().update_one(
            {"_id": ident}, {"$set": {"is_enabled": False, "disabled_because": because}}
        )


class Attempt(BaseModel):
    at: datetime
    status: int | None
    error: str | None
    ms: int


class Delivery(Document):
    """One message to one webhook: it collects changes, waits for its turn, and is tried.

    `due_at` is when collecting ends, then when it is tried next. `is_behind` is one that waits
    for an earlier message about the same item. `events` are the numbers that it tells of.
    """

    webhook_id: PydanticObjectId
    state: State
    type: str
    first_event: int
    events: list[int]
    items: list[str]
    changes: list[Row]
    is_behind: bool = False
    payload: Row | None = None
    created_at: datetime
    due_at: datetime
    give_up_at: datetime | None = None
    attempts: list[Attempt] = []
    attempts_count: int = 0
    finished_at: datetime | None = None

    class Settings:
        name = "webhook_deliveries"

    @classmethod
    async def tells_of(cls, webhook_id: PydanticObjectId, number: int) -> bool:
        match = {"webhook_id": webhook_id, "events": number, "first_event": {"$gt": 0}}
        found = await cls.get_pymongo_collection().find_one(match, {"_id": 1})
        return found is not None

    @classmethod
    async def collecting(
        cls, webhook_id: PydanticObjectId, item: str, room: int
    ) -> "tuple[Delivery | None, bool]":
        """What a change of the item joins, if anything, and whether it must stay behind another."""
        mine = {"webhook_id": webhook_id, "first_event": {"$gt": 0}}
        joined = await cls.find_one({**mine, "state": "collecting", "items": item})
        if joined is not None:
            return joined, joined.is_behind
        waits = await cls.find_one({**mine, "state": "waiting", "items": item}) is not None
        has_room = {f"changes.{room - 1}": {"$exists": False}}
        lane = {**mine, "state": "collecting", "is_behind": waits, **has_room}
        return await cls.find_one(lane), waits

    async def add(self) -> None:
        """Insert; an event that is told of already is not told twice."""
        try:
            await self.insert()
        except DuplicateKeyError:
            return

    async def join(self, number: int, item: str, changes: Sequence[Row], due_at: datetime) -> bool:
        """Take in one more event; False when it does not collect any more."""
        written = await self.get_pymongo_collection().update_one(
            {"_id": self.id, "state": "collecting"},
            {
                "$addToSet": {"events": number, "items": item},
                "$set": {"changes": list(changes), "due_at": due_at},
            },
        )
        return written.matched_count == 1

    @classmethod
    async def due(cls, now: datetime, limit: int = 100) -> list["Delivery"]:
        """Unfinished ones whose time has come, the oldest first."""
        match = {"state": {"$in": list(UNFINISHED)}, "due_at": {"$lte": now}}
        return await cls.find(match).sort("first_event", "_id").limit(limit).to_list()

    async def is_held_up(self) -> bool:
        """Whether an earlier message about one of its items has not arrived yet."""
        earlier = {
            "webhook_id": self.webhook_id,
            "state": {"$in": list(UNFINISHED)},
            "items": {"$in": self.items},
            "first_event": {"$lt": self.first_event, "$gt": 0},
        }
        found = await self.get_pymongo_collection().find_one(earlier, {"_id": 1})
        return found is not None

    async def seal(self, payload: Row, give_up_at: datetime) -> bool:
        """From here on it says the same at each attempt; False when that was done already."""
        written = await self.get_pymongo_collection().update_one(
            {"_id": self.id, "state": "collecting", "events": {"$size": len(self.events)}},
            {"$set": {"state": "waiting", "payload": payload, "give_up_at": give_up_at}},
        )
        return written.matched_count == 1

    async def mark(self, attempt: Attempt, values: Row) -> None:
        await self.get_pymongo_collection().update_one(
            {"_id": self.id, "state": "waiting"},
            {
                "$set": values,
                "$inc": {"attempts_count": 1},
                "$push": {"attempts": {"$each": [attempt.model_dump()], "$slice": -MOST_ATTEMPTS}},
            },
        )

    @classmethod
    async def by_id(
        cls, webhook_id: PydanticObjectId, ident: PydanticObjectId
    ) -> "Delivery | None":
        return await cls.find_one({"_id": ident, "webhook_id": webhook_id})

    async def again(self, now: datetime, give_up_at: datetime) -> "Delivery | None":
        """Let a finished one wait for another attempt."""
        written = await self.get_pymongo_collection().update_one(
            {"_id": self.id, "state": {"$in": ["delivered", "failed"]}},
            {
                "$set": {
                    "state": "waiting",
                    "due_at": now,
                    "give_up_at": give_up_at,
                    "finished_at": None,
                }
            },
        )
        return await Delivery.find_one({"_id": self.id}) if written.matched_count else None

    @classmethod
    async def list_of(
        cls, webhook_id: PydanticObjectId, state: State | None, params: ListQuery
    ) -> list[Row]:
        match: Row = {"webhook_id": webhook_id, **({"state": state} if state else {})}
        return await cls.aggregate(NEWEST_FIRST.stages(match, params)).to_list()

    @classmethod
    async def thin(cls, webhook_id: PydanticObjectId) -> None:
        """Keep the newest finished ones; those that are old go by themselves."""
        collection = cls.get_pymongo_collection()
        match: Row = {"webhook_id": webhook_id, "finished_at": {"$type": "date"}}
        rows = collection.find(match, {"created_at": 1}).sort("created_at", -1)
        last = await rows.skip(MOST_KEPT).limit(1).to_list()
        if last:
            older = {**match, "created_at": {"$lte": last[0]["created_at"]}}
            await collection.delete_many(older)


class Outbox(Document):
    """How far the events were handed to deliveries."""

    id: str = Field(default=OUTBOX, alias="_id")  # type: ignore[assignment]  # a singleton
    number: int

    class Settings:
        name = "webhook_outbox"

    @classmethod
    async def position(cls) -> int | None:
        found = await cls.find_one({"_id": OUTBOX})
        return found.number if found else None

    @classmethod
    async def reached(cls, number: int) -> None:
        await cls.get_pymongo_collection().update_one(
            {"_id": OUTBOX}, {"$set": {"number": number}}, upsert=True
        )


def latest(moments: Collection[datetime], most: timedelta, created_at: datetime) -> datetime:
    """When a burst is told: after the last of these moments, yet not later than `most`."""
    return min(max(moments), created_at + most)

"""What is stored of messages: what somebody wrote, whether it was read, whether it is spam."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from cms.core.notices import Notice
from cms.core.paging import Keyset, ListQuery
from cms.history.documents import Carrier
from cms.history.entries import Entry
from cms.removals.documents import Remains

Row = dict[str, Any]
Folder = Literal["inbox", "spam"]
CaughtBy = Literal["honeypot", "too_fast"]
NEWEST_FIRST = Keyset("received_at", descending=True)
WRITTEN: Final = ("name", "email", "subject", "message", "lang", "page")


class Message(Carrier):
    """One message; `token_digest` is of the form that it was written in, `is_told` of webhooks.

    No address and no browser: who writes says who they are.
    """

    revision: int = 1
    token_digest: str
    name: str
    email: str
    subject: str | None
    message: str
    lang: str | None
    page: str | None
    is_read: bool = False
    is_spam: bool
    caught_by: CaughtBy | None
    is_told: bool = False
    received_at: datetime
    updated_at: datetime

    class Settings:
        name = "contact_messages"

    @property
    def heading(self) -> str:
        """The audit keeps what was done to it longer than the message: no word of it, no name."""
        return f"Message of {self.received_at:%Y-%m-%d}"

    @classmethod
    async def by_id(cls, ident: PydanticObjectId) -> "Message | None":
        return await cls.find_one({"_id": ident})

    @classmethod
    async def by_token(cls, digest: str) -> "Message | None":
        return await cls.find_one({"token_digest": digest})

    def says(self, words: Row) -> bool:
        return all(getattr(self, name) == words[name] for name in WRITTEN)

    async def add(self) -> bool:
        """False when its form brought a message already."""
        try:
            await self.insert()
        except DuplicateKeyError:
            return False
        return True

    @classmethod
    def _match(cls, folder: Folder, is_read: bool | None) -> Row:
        read = {} if is_read is None else {"is_read": is_read}
        return {"is_spam": folder == "spam", **read}

    @classmethod
    async def list_of(cls, folder: Folder, is_read: bool | None, params: ListQuery) -> list[Row]:
        stages = NEWEST_FIRST.stages(cls._match(folder, is_read), params)
        return await cls.aggregate(stages).to_list()

    @classmethod
    async def count_of(cls, folder: Folder, is_read: bool | None) -> int:
        return await cls.get_pymongo_collection().count_documents(cls._match(folder, is_read))

    async def replace_guarded(self, after: "Message", entry: Entry) -> "Message | None":
        """None when somebody saved in between."""
        written = await self.get_pymongo_collection().update_one(
            {"_id": self.id, "revision": self.revision},
            {
                "$set": after.model_dump(include={"is_read", "is_spam", "updated_at"}),
                "$inc": {"revision": 1},
                "$push": {"pending": entry.model_dump()},
            },
        )
        raised: Message = after.model_copy(update={"revision": self.revision + 1})
        return raised if written.matched_count else None

    async def delete_guarded(self, entry: Entry) -> bool:
        """Remove it and leave the entry behind, in one transaction; False as above."""
        collection = self.get_pymongo_collection()
        left = [item.model_dump() for item in (*self.pending, entry)]

        async def write(session: AsyncClientSession) -> bool:
            match = {"_id": self.id, "revision": self.revision}
            gone = await collection.delete_one(match, session=session)
            if gone.deleted_count:
                row = {"_id": self.id, "kind": "contact", "pending": left}
                await Remains.get_pymongo_collection().insert_one(row, session=session)
            return gone.deleted_count == 1

        async with collection.database.client.start_session() as session:
            return await session.with_transaction(write)

    @classmethod
    async def of_sender(cls, email: str) -> list["Message"]:
        return await cls.find({"email": email}).to_list()

    @classmethod
    async def remove(cls, idents: Sequence[PydanticObjectId]) -> int:
        match = {"_id": {"$in": list(idents)}}
        return (await cls.get_pymongo_collection().delete_many(match)).deleted_count

    @classmethod
    async def remove_older(cls, folder: Folder, before: datetime) -> int:
        match = {**cls._match(folder, None), "received_at": {"$lt": before}}
        return (await cls.get_pymongo_collection().delete_many(match)).deleted_count

    @classmethod
    async def moment_of(cls, folder: Folder, number: int) -> datetime | None:
        """When the message came that so many newer ones of the folder stand before."""
        rows = cls.get_pymongo_collection().find(cls._match(folder, None), {"received_at": 1})
        found = await rows.sort("received_at", -1).skip(number).limit(1).to_list()
        return found[0]["received_at"] if found else None

    @classmethod
    async def untold(cls, limit: int) -> list[Notice]:
        """Those that webhooks were not told of yet, the oldest first; spam is told of to nobody."""
        rows = await cls.find({"is_told": False, "is_spam": False}).sort("_id").to_list(limit)
        return [_notice(row) for row in rows]

    @classmethod
    async def told(cls, idents: Sequence[PydanticObjectId]) -> None:
        await cls.get_pymongo_collection().update_many(
            {"_id": {"$in": list(idents)}}, {"$set": {"is_told": True}}
        )


def _notice(message: Message) -> Notice:
    """What leaves the house of it: nothing that tells who wrote or what."""
    where = {"lang": message.lang, "page": message.page}
    told = {name: value for name, value in where.items() if value is not None}
    return Notice(message.item_id, message.received_at, told)

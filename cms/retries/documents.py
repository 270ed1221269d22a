"""What is stored of an Idempotency-Key: whom it belongs to, what it makes, the first answer."""

from datetime import datetime

from beanie import Document, PydanticObjectId
from bson import ObjectId
from pydantic import Field
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError


class AlreadyMade(Exception):
    """Something stands under the id that the key reserved: a request before this one made it."""


def is_about_id(error: DuplicateKeyError) -> bool:
    """Whether an insertion failed since the very id is there, not a slug."""
    return "_id" in (error.details or {}).get("keyPattern", {})


class Retry(Document):
    """One key of one account; MongoDB removes it when it expires.

    `item_id` is drawn before anything is made and is what is made under, so that a crash
    between the two, or two requests at once, can't make a second one.
    """

    id: str = Field(alias="_id")  # type: ignore[assignment]
    fingerprint: str
    item_id: PydanticObjectId
    answer: str | None
    is_gone: bool
    expires_at: datetime

    class Settings:
        name = "retries"

    @classmethod
    async def claim(cls, key: str, fingerprint: str, expires_at: datetime) -> "Retry":
        """The record of the first request with the key, which may be this one."""
        first = {
            "fingerprint": fingerprint,
            "item_id": ObjectId(),
            "answer": None,
            "is_gone": False,
            "expires_at": expires_at,
        }
        while True:
            try:
                found = await cls.get_pymongo_collection().find_one_and_update(
                    {"_id": key},
                    {"$setOnInsert": first},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
            except DuplicateKeyError:  # the other one of two at once was faster
                continue
            claimed: Retry = cls.model_validate(found)
            return claimed

    async def keep(self, answer: str) -> str:
        """Keep the answer, unless there is one; the one that is kept is the one to give."""
        found = await self.get_pymongo_collection().find_one_and_update(
            {"_id": self.id, "item_id": self.item_id, "is_gone": False},
            [{"$set": {"answer": {"$ifNull": ["$answer", {"$literal": answer}]}}}],
            return_document=ReturnDocument.AFTER,
        )
        return found["answer"] if found else answer

    @classmethod
    async def forget(cls, item_id: PydanticObjectId) -> None:
        """Drop what is kept of an item that was removed for good, and never make it again."""
        await cls.get_pymongo_collection().update_many(
            {"item_id": item_id}, {"$set": {"answer": None, "is_gone": True}}
        )

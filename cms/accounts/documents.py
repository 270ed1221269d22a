"""What is stored of people who sign in: accounts, sessions, bearer tokens, the setup link."""

from datetime import datetime
from typing import Any, Literal

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from cms.accounts.permissions import Role

Door = Literal["session", "token", "cli", "clock"]


class Account(Document):
    """Someone who may sign in; `email` is normalised and unique."""

    email: str
    name: str
    role: Role
    password_hash: str
    created_at: datetime
    updated_at: datetime
    disabled_at: datetime | None = None

    class Settings:
        name = "accounts"

    @classmethod
    async def by_email(cls, email: str) -> "Account | None":
        return await cls.find_one({"email": email})

    @classmethod
    async def by_id(cls, ident: PydanticObjectId) -> "Account | None":
        return await cls.find_one({"_id": ident})

    @classmethod
    async def any_exists(cls) -> bool:
        return await cls.get_pymongo_collection().find_one({}, {"_id": 1}) is not None

    async def insert_unique(self) -> bool:
        """False when the address is taken."""
        try:
            await self.insert()
        except DuplicateKeyError:
            return False
        return True

    async def store_hash(self, password_hash: str, at: datetime) -> None:
        """Replace the hash only if it is still the one that was verified."""
        await self.get_pymongo_collection().update_one(
            {"_id": self.id, "password_hash": self.password_hash},
            {"$set": {"password_hash": password_hash, "updated_at": at}},
        )


class Session(Document):
    """A signed-in browser; `_id` is the SHA-256 of the cookie's value, which is stored nowhere."""

    id: str = Field(alias="_id")  # type: ignore[assignment]
    account_id: PydanticObjectId
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    address: str
    user_agent: str

    class Settings:
        name = "sessions"

    @classmethod
    async def by_digest(cls, digest: str) -> "Session | None":
        return await cls.find_one({"_id": digest})

    @classmethod
    async def touch(cls, digest: str, at: datetime) -> None:
        await cls.get_pymongo_collection().update_one(
            {"_id": digest}, {"$max": {"last_used_at": at}}
        )

    @classmethod
    async def end(cls, digest: str) -> None:
        await cls.get_pymongo_collection().delete_one({"_id": digest})

    @classmethod
    async def end_all(cls, account_id: PydanticObjectId) -> None:
        await cls.get_pymongo_collection().delete_many({"account_id": account_id})


class Token(Document):
    """A bearer token: scoped, expiring, stored as its SHA-256."""

    digest: str
    account_id: PydanticObjectId
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None

    class Settings:
        name = "tokens"

    @classmethod
    async def by_digest(cls, digest: str) -> "Token | None":
        return await cls.find_one({"digest": digest})

    @classmethod
    async def of_account(cls, account_id: PydanticObjectId) -> list["Token"]:
        return await cls.find({"account_id": account_id}).sort("-created_at").to_list()

    @classmethod
    async def touch(cls, ident: Any, at: datetime) -> None:
        await cls.get_pymongo_collection().update_one(
            {"_id": ident}, {"$max": {"last_used_at": at}}
        )

    @classmethod
    async def revoke(cls, ident: PydanticObjectId, account_id: PydanticObjectId) -> "Token | None":
        """The token that is gone now; None when the account has no such token."""
        gone = await cls.get_pymongo_collection().find_one_and_delete(
            {"_id": ident, "account_id": account_id}
        )
        return cls.model_validate(gone) if gone else None


class Setup(Document):
    """The one open setup link, if any."""

    id: str = Field(default="setup", alias="_id")  # type: ignore[assignment]
    digest: str
    expires_at: datetime

    class Settings:
        name = "setup"

    @classmethod
    async def replace_link(cls, digest: str, expires_at: datetime) -> None:
        await cls.get_pymongo_collection().find_one_and_update(
            {"_id": "setup"},
            {"$set": {"digest": digest, "expires_at": expires_at}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )

    @classmethod
    async def is_open(cls, digest: str, now: datetime) -> bool:
        return await cls.find_one(cls._usable(digest, now)) is not None

    @classmethod
    async def claim(cls, digest: str, now: datetime) -> bool:
        """Use the link up; of two claims one wins."""
        gone = await cls.get_pymongo_collection().delete_one(cls._usable(digest, now))
        return gone.deleted_count == 1

    @classmethod
    async def close(cls) -> None:
        await cls.get_pymongo_collection().delete_many({})

    @staticmethod
    def _usable(digest: str, now: datetime) -> dict[str, Any]:
        return {"_id": "setup", "digest": digest, "expires_at": {"$gt": now}}

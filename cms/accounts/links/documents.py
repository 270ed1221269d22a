"""What is stored of ways in that work once; never their secret, only its digest."""

from datetime import datetime
from typing import Any, Literal

from beanie import Document, PydanticObjectId

from cms.accounts.documents import Row, Tongue
from cms.accounts.permissions import Role

Purpose = Literal["invitation", "reset", "email"]


class Link(Document):
    """A way in that works once, for one purpose; the digest is of the purpose and the secret."""

    digest: str
    purpose: Purpose
    created_at: datetime
    expires_at: datetime
    account_id: PydanticObjectId | None = None
    email: str
    role: Role | None = None
    tongue: Tongue = "en"
    made_by: PydanticObjectId | None = None

    class Settings:
        name = "links"

    @classmethod
    async def find_open(cls, purpose: Purpose, digest: str, now: datetime) -> "Link | None":
        return await cls.find_one(cls._usable(purpose, digest, now))

    @classmethod
    async def claim(cls, purpose: Purpose, digest: str, now: datetime) -> bool:
        """Use the link up; of many claims one wins."""
        gone = await cls.get_pymongo_collection().delete_one(cls._usable(purpose, digest, now))
        return gone.deleted_count == 1

    @classmethod
    async def list_invitations(cls, now: datetime) -> list["Link"]:
        match = {"purpose": "invitation", "expires_at": {"$gt": now}}
        return await cls.find(match).sort("-created_at").to_list()

    @classmethod
    async def invitation(cls, ident: PydanticObjectId) -> "Link | None":
        return await cls.find_one({"_id": ident, "purpose": "invitation"})

    @classmethod
    async def withdraw(cls, ident: PydanticObjectId) -> bool:
        gone = await cls.get_pymongo_collection().delete_one({"_id": ident})
        return gone.deleted_count == 1

    @classmethod
    async def close_all(cls, purpose: Purpose, **about: Any) -> None:
        """End every open link of a purpose about an account or an address."""
        await cls.get_pymongo_collection().delete_many({"purpose": purpose, **about})

    @staticmethod
    def _usable(purpose: Purpose, digest: str, now: datetime) -> Row:
        return {"digest": digest, "purpose": purpose, "expires_at": {"$gt": now}}

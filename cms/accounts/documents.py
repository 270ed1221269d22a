"""What is stored of people who sign in: accounts, sessions, bearer tokens, policy."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Literal, TypeVar

from beanie import Document, PydanticObjectId
from pydantic import BaseModel, Field
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from cms.accounts.permissions import Role

Door = Literal["session", "token", "cli", "clock"]
Stage = Literal["whole", "code"]
Tongue = Literal["en", "id"]
Row = dict[str, Any]
T = TypeVar("T")
TURN = "owners"


class LastOwner(Exception):
    """The site would have no owner left who can sign in."""


class SecondFactor(BaseModel):
    """An authenticator app: its secret sealed, the time step of the last code that was taken."""

    secret: str
    last_step: int
    recovery: list[str]
    since: datetime


class Account(Document):
    """Someone who may sign in; `email` is normalised and unique.

    `epoch` rises with whatever ends all sessions and tokens at once: they carry the one they were
    made in. `founder` is set on the first account alone, under a unique index: of two that are
    made first at the same time, one is.
    """

    email: str
    name: str
    role: Role
    password_hash: str
    created_at: datetime
    updated_at: datetime
    disabled_at: datetime | None = None
    tongue: Tongue = "en"
    epoch: int = 0
    founder: bool = False
    second_factor: SecondFactor | None = None
    unconfirmed_secret: str | None = None

    class Settings:
        name = "accounts"

    @classmethod
    async def by_email(cls, email: str) -> "Account | None":
        return await cls.find_one({"email": email})

    @classmethod
    async def by_id(cls, ident: PydanticObjectId) -> "Account | None":
        return await cls.find_one({"_id": ident})

    @classmethod
    async def list_all(cls) -> list["Account"]:
        return await cls.find({}).sort("name", "_id").to_list()

    @classmethod
    async def any_exists(cls) -> bool:
        return await cls.get_pymongo_collection().find_one({}, {"_id": 1}) is not None

    async def insert_unique(self) -> bool:
        """False when the address is taken, or another was first."""
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

    @classmethod
    async def change(
        cls, ident: PydanticObjectId, update: Row, match: Row | None = None
    ) -> "Account | None":
        """The account after the update; None when there is none that still matches."""
        found = await cls.get_pymongo_collection().find_one_and_update(
            {"_id": ident, **(match or {})}, update, return_document=ReturnDocument.AFTER
        )
        return cls.model_validate(found) if found else None

    @classmethod
    async def change_email(
        cls, ident: PydanticObjectId, before: str, after: str, at: datetime
    ) -> bool:
        """False when it was changed meanwhile, or somebody has the new address."""
        try:
            changed = await cls.change(
                ident, {"$set": {"email": after, "updated_at": at}}, {"email": before}
            )
        except DuplicateKeyError:
            return False
        return changed is not None

    @classmethod
    async def take_step(cls, ident: PydanticObjectId, step: int) -> bool:
        """Use the code of a time step up; False when it, or a later one, was used already."""
        taken = await cls.get_pymongo_collection().update_one(
            {"_id": ident, "second_factor.last_step": {"$lt": step}},
            {"$set": {"second_factor.last_step": step}},
        )
        return taken.modified_count == 1

    @classmethod
    async def take_recovery(cls, ident: PydanticObjectId, digest: str) -> bool:
        """Use a recovery code up; of two attempts one wins."""
        taken = await cls.get_pymongo_collection().update_one(
            {"_id": ident, "second_factor.recovery": digest},
            {"$pull": {"second_factor.recovery": digest}},
        )
        return taken.modified_count == 1

    @classmethod
    async def keeping_an_owner(cls, work: Callable[[AsyncClientSession], Awaitable[T]]) -> T:
        """Do the work in a transaction that stands only if an owner is left who can sign in.

        Whoever changes owners takes their turn at one document, so that two who demote each
        other at once don't both see the other one there.

        Raises:
            LastOwner: nobody would be left; nothing was written.
        """
        collection = cls.get_pymongo_collection()
        turns = collection.database["account_turns"]

        async def in_turn(session: AsyncClientSession) -> T:
            await turns.update_one({"_id": TURN}, {"$inc": {"n": 1}}, upsert=True, session=session)
            done = await work(session)
            owner = {"role": Role.OWNER, "disabled_at": None}
            if await collection.find_one(owner, {"_id": 1}, session=session) is None:
                raise LastOwner
            return done

        async with collection.database.client.start_session() as session:
            return await session.with_transaction(in_turn)

    @classmethod
    async def change_keeping_an_owner(
        cls, ident: PydanticObjectId, update: Row, match: Row | None = None
    ) -> bool:
        """False when there is none (any more) that matches."""

        async def work(session: AsyncClientSession) -> bool:
            changed = await cls.get_pymongo_collection().update_one(
                {"_id": ident, **(match or {})}, update, session=session
            )
            return changed.matched_count == 1

        return await cls.keeping_an_owner(work)

    @classmethod
    async def hand_over(
        cls, giver: PydanticObjectId, taker: PydanticObjectId, at: datetime
    ) -> bool:
        """The taker is the owner and the giver an admin, or neither; both begin a new epoch."""
        collection = cls.get_pymongo_collection()

        async def work(session: AsyncClientSession) -> bool:
            raised = await collection.update_one(
                {"_id": taker, "disabled_at": None, "role": {"$ne": Role.OWNER}},
                {"$set": {"role": Role.OWNER, "updated_at": at}, "$inc": {"epoch": 1}},
                session=session,
            )
            if not raised.matched_count:
                return False
            lowered = await collection.update_one(
                {"_id": giver, "disabled_at": None, "role": Role.OWNER},
                {"$set": {"role": Role.ADMIN, "updated_at": at}, "$inc": {"epoch": 1}},
                session=session,
            )
            if not lowered.matched_count:
                raise LastOwner  # somebody took the role from the giver meanwhile
            return True

        return await cls.keeping_an_owner(work)

    @classmethod
    async def remove(cls, ident: PydanticObjectId) -> None:
        await cls.get_pymongo_collection().delete_one({"_id": ident})


class Session(Document):
    """A signed-in browser; `_id` is the SHA-256 of the cookie's value, which is stored nowhere.

    `lineage` stays when the id is renewed: it names the session in lists, and binds the CSRF
    token, so that the person's other tabs go on.
    """

    id: str = Field(alias="_id")  # type: ignore[assignment]
    lineage: PydanticObjectId
    account_id: PydanticObjectId
    epoch: int
    stage: Stage
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    proven_at: datetime
    address: str
    user_agent: str

    class Settings:
        name = "sessions"

    @classmethod
    async def by_digest(cls, digest: str) -> "Session | None":
        return await cls.find_one({"_id": digest})

    @classmethod
    async def of_account(cls, account_id: PydanticObjectId) -> list["Session"]:
        return await cls.find({"account_id": account_id}).sort("-last_used_at").to_list()

    @classmethod
    async def touch(cls, digest: str, at: datetime, address: str) -> None:
        await cls.get_pymongo_collection().update_one(
            {"_id": digest}, {"$max": {"last_used_at": at}, "$set": {"address": address}}
        )

    @classmethod
    async def end(cls, digest: str) -> bool:
        """False when it had ended: of two who renew one session, one does."""
        gone = await cls.get_pymongo_collection().delete_one({"_id": digest})
        return gone.deleted_count == 1

    @classmethod
    async def end_one(cls, lineage: PydanticObjectId, account_id: PydanticObjectId) -> bool:
        gone = await cls.get_pymongo_collection().delete_many(
            {"lineage": lineage, "account_id": account_id}
        )
        return gone.deleted_count > 0

    @classmethod
    async def end_all(
        cls, account_id: PydanticObjectId, but: PydanticObjectId | None = None
    ) -> None:
        match: Row = {"account_id": account_id}
        if but is not None:
            match["lineage"] = {"$ne": but}
        await cls.get_pymongo_collection().delete_many(match)


class Token(Document):
    """A bearer token: scoped, expiring, stored as its SHA-256."""

    digest: str
    account_id: PydanticObjectId
    epoch: int = 0
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

    @classmethod
    async def revoke_all(cls, account_id: PydanticObjectId) -> None:
        await cls.get_pymongo_collection().delete_many({"account_id": account_id})


class Policy(Document):
    """What the owner asks of everybody who signs in; one document, with defaults until then."""

    id: str = Field(default="policy", alias="_id")  # type: ignore[assignment]
    revision: int = 0
    second_factor_required: bool = False

    class Settings:
        name = "account_policy"

    @classmethod
    async def load(cls) -> "Policy":
        return await cls.find_one({"_id": "policy"}) or cls()

    async def replace_guarded(self, *, second_factor_required: bool) -> "Policy | None":
        """None when somebody saved in between."""
        try:
            found = await self.get_pymongo_collection().find_one_and_update(
                {"_id": "policy", "revision": self.revision},
                {
                    "$set": {"second_factor_required": second_factor_required},
                    "$inc": {"revision": 1},
                },
                upsert=self.revision == 0,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            return None
        return Policy.model_validate(found) if found else None


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
    def _usable(digest: str, now: datetime) -> Row:
        return {"_id": "setup", "digest": digest, "expires_at": {"$gt": now}}

"""Who does a piece of background work now."""

from datetime import datetime, timedelta
from typing import Final

from beanie import Document
from pydantic import Field
from pymongo.errors import DuplicateKeyError

# Held while a backup reads: files that it may still want to read are not taken away.
BACKUP: Final = "backup"


class Lease(Document):
    """Who does a piece of background work now; a killed holder loses it when it expires."""

    id: str = Field(alias="_id")  # type: ignore[assignment]
    holder: str
    expires_at: datetime

    class Settings:
        name = "leases"

    @classmethod
    async def hold(cls, name: str, holder: str, now: datetime, length: timedelta) -> bool:
        """Take or renew the lease; False while somebody else has it.

        Whoever holds it does so for four fifths of its length at least: one that was renewed just
        now is only looked at. A write waits for the journal, and work that finds nothing to do
        asks twice a second.
        """
        fresh = {"$gt": now + length * 4 / 5, "$lte": now + length}
        mine = {"_id": name, "holder": holder, "expires_at": fresh}
        if await cls.get_pymongo_collection().find_one(mine, {"_id": 1}) is not None:
            return True
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
    async def is_held(cls, name: str, now: datetime) -> bool:
        """Whether somebody does that work now."""
        return await cls.find_one({"_id": name, "expires_at": {"$gt": now}}) is not None

    @classmethod
    async def held(cls, now: datetime) -> dict[str, datetime]:
        """What is being done now, and until when at least."""
        rows = await cls.find({"expires_at": {"$gt": now}}).sort("_id").to_list()
        return {row.id: row.expires_at for row in rows}

    @classmethod
    async def let_go(cls, name: str, holder: str) -> None:
        await cls.get_pymongo_collection().delete_one({"_id": name, "holder": holder})

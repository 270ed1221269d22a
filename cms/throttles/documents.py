"""What is stored of knocking: how often in the window that runs, by limit and by whom."""

from datetime import datetime, timedelta
from typing import Any

from beanie import Document
from pydantic import Field
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError


class Throttle(Document):
    """One counter; MongoDB removes it when its window is over."""

    id: str = Field(alias="_id")  # type: ignore[assignment]
    taken: int
    until: datetime

    class Settings:
        name = "throttles"

    @classmethod
    async def count_one(cls, key: str, now: datetime, window: timedelta) -> "Throttle":
        """Count one more in the window that runs, or the first of a new one: one atomic update."""
        # A window that ends further away than any can was begun before the clock was set back.
        runs = {"$and": [{"$gt": ["$until", now]}, {"$lte": ["$until", now + window]}]}
        counted: list[dict[str, Any]] = [
            {
                "$set": {
                    "taken": {"$cond": [runs, {"$add": ["$taken", 1]}, 1]},
                    "until": {"$cond": [runs, "$until", now + window]},
                }
            }
        ]
        while True:
            try:
                found = await cls.get_pymongo_collection().find_one_and_update(
                    {"_id": key}, counted, upsert=True, return_document=ReturnDocument.AFTER
                )
            except DuplicateKeyError:  # the other one of two at once made it
                continue
            throttle: Throttle = cls.model_validate(found)
            return throttle

    @classmethod
    async def give_back(cls, key: str) -> None:
        await cls.get_pymongo_collection().update_one(
            {"_id": key, "taken": {"$gt": 0}}, {"$inc": {"taken": -1}}
        )

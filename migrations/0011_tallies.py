"""Counts that are kept: their collection, and what finds the articles that are not in them yet."""

from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase

# Few articles lack `settled`, which is null in an index; the others are true.
UNSETTLED = IndexModel([("settled", ASCENDING)])


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    if "tallies" not in await database.list_collection_names():
        await database.create_collection("tallies")
    await database["articles"].create_indexes([UNSETTLED])

"""The inbox of the site."""

from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase

NEWEST = [("received_at", DESCENDING), ("_id", DESCENDING)]
INDEXES = [
    IndexModel("token_digest", unique=True),
    IndexModel([("is_spam", ASCENDING), *NEWEST]),
    IndexModel([("is_spam", ASCENDING), ("is_read", ASCENDING), *NEWEST]),
    IndexModel("email"),
    # Partial: only the few that wait for the relay or to be told stand in these.
    IndexModel("pending.id", partialFilterExpression={"pending.id": {"$exists": True}}),
    IndexModel("is_told", name="untold", partialFilterExpression={"is_told": False}),
]


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    if "contact_messages" not in await database.list_collection_names():
        await database.create_collection("contact_messages")
    await database["contact_messages"].create_indexes(INDEXES)

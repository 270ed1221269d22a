"""Ended sessions are swept two days late: a clock that jumps ahead sweeps none that live."""

from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

LATE = 2 * 24 * 3600


async def up(database: AsyncDatabase[dict[str, Any]]) -> None:
    index = {"keyPattern": {"expires_at": 1}, "expireAfterSeconds": LATE}
    await database.command("collMod", "sessions", index=index)

"""A tiny ASGI app that counts in MongoDB, so that the processes are tested without the CMS."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pymongo import AsyncMongoClient, ReturnDocument

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def create_app() -> Callable[[Message, Receive, Send], Awaitable[None]]:
    if os.environ.get("DUMMY") == "broken":
        raise RuntimeError("the app is broken")
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(os.environ["CMS_MONGODB_URL"])

    async def lifespan(receive: Receive, send: Send) -> None:
        await receive()
        if os.environ.get("DUMMY") == "sick":
            await send({"type": "lifespan.startup.failed", "message": "the app is sick"})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await client.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
            return
        if scope["path"] == "/slow":
            await asyncio.sleep(1.5)
        if scope["path"] == "/endless":
            await asyncio.sleep(3600)
        count = await client["test"]["count"].find_one_and_update(
            {"_id": "all"}, {"$inc": {"n": 1}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        body = json.dumps({"pid": os.getpid(), "n": count["n"] if count else 0}).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    return app

"""Tells whoever knocks how often they still may, on every answer, whatever came of it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from cms.throttles.service import Standing, headers, standings

Message = MutableMapping[str, Any]


class Telling:
    """Around routes that count: adds the RateLimit headers, where a 429 has not its own."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        counted: dict[str, Standing] = {}

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and counted:
                present = {name.lower() for name, _ in message["headers"]}
                if b"ratelimit" not in present:
                    added = headers([*counted.values()])
                    message["headers"] = [
                        *message["headers"],
                        *((name.lower().encode(), value.encode()) for name, value in added.items()),
                    ]
            await send(message)

        before = standings.set(counted)
        try:
            await self.app(scope, receive, told)
        finally:
            standings.reset(before)

"""Serves public reads from answers that were built before, never older than the last write.

RFC 9111 speaks of caches that may be stale; this one stands at the origin and must not be. An
answer is filed with the content generation that was read before its query, and is given out only
while that is still the generation, inside the time in which nothing changes by the clock alone.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final

from cms.core.conditions import is_known
from cms.core.db import DatabaseError
from cms.core.edge import ASGIApp, Headers, Message, Receive, Scope, Send
from cms.core.generation import Generation
from cms.core.watching import Hearing, Watch

PREFIX: Final = "/api/v1/"
ADMIN: Final = "/api/v1/admin"
CONDITIONS: Final = {b"if-none-match", b"if-modified-since"}
MAX_BYTES: Final = 16 * 1024 * 1024
MAX_ENTRY_BYTES: Final = 1024 * 1024
ENTRY_OVERHEAD: Final = 2048  # keys, headers and Python's own, so that small answers count as well
KEPT_AWAY_SECONDS: Final = 600.0
# HTTP dates are whole seconds, and a write may take a while from its time to being seen: until
# then a date would stand for two states (RFC 9110 8.8.2.2).
SETTLING: Final = timedelta(seconds=10)
Key = tuple[str, bytes]
Call = tuple[Scope, Receive, Send]


@dataclass(frozen=True, slots=True)
class Moments:
    """When readers last noticed a change, and when time alone will make the next one."""

    changed_at: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer; `since` and `until` are seconds since 1970, quicker to compare than dates."""

    generation: int
    since: float
    until: float
    etag: str
    modified: datetime | None
    full: Headers
    body: bytes
    short: Headers  # of the 304

    @property
    def size(self) -> int:
        return len(self.body) + ENTRY_OVERHEAD

    def answer(self, asked: dict[bytes, bytes]) -> tuple[int, Headers, bytes]:
        """Status, headers and body for a request with these headers."""
        tags, since = asked.get(b"if-none-match"), asked.get(b"if-modified-since")
        is_asked = tags is not None or since is not None
        if is_asked and is_known(tags, since, self.etag, self.modified):
            return 304, self.short, b""
        return 200, self.full, self.body


class CachedReads:
    """An ASGI layer; whatever is no anonymous read passes through it untouched."""

    def __init__(
        self,
        app: ASGIApp,
        generation: Generation,
        moments: Callable[[datetime], Awaitable[Moments]],
        *,
        clock: Callable[[], float],
        watch: Watch | None = None,
        max_bytes: int = MAX_BYTES,
        finish: Callable[[Headers], Headers] = list,
    ) -> None:
        """`clock` tells seconds since 1970.

        `watch` is None where nobody else writes to the database (a test).

        `finish` adds what the outer layers would, once instead of at every read.
        """
        self._app = app
        self._generation = generation
        self._find_moments = moments
        self._clock = clock
        self._watch = watch
        self._max_bytes = max_bytes
        self._finish = finish
        self._bytes = 0
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._flights: dict[tuple[Key, int], asyncio.Future[Entry | None]] = {}
        self._moments: tuple[int, datetime, Moments] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what is known, or ask the application and remember."""
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or not scope["path"].startswith(PREFIX)
            or scope["path"].startswith(ADMIN)
        ):
            await self._app(scope, receive, send)
            return
        hearing = Hearing.WELL if self._watch is None else self._watch.hearing
        if hearing is Hearing.DEAF:
            await self._app(scope, receive, send)
            return
        if hearing is Hearing.AWAY:
            await self._app(scope, receive, send)
        else:
            await self._ask((scope["path"], scope["query_string"]), (scope, receive, send))

    def known(self, scope: Scope) -> Entry | None:
        """The answer that may be given to this read now, without asking anybody."""
        key = (scope["path"], scope["query_string"])
        entry = self._entries.get(key)
        if (
            entry is None
            or entry.generation != self._generation.value
            or not entry.since <= self._clock() < entry.until
            or (self._watch is not None and not self._may_trust(self._watch))
        ):
            return None
        self._entries.move_to_end(key)
        return entry

    @staticmethod
    def _may_trust(watch: Watch) -> bool:
        if watch.hearing is Hearing.WELL:
            return True
        # Nobody reaches the database, so nobody's writes were acknowledged since.
        since = watch.away_since
        return since is not None and time.monotonic() - since < KEPT_AWAY_SECONDS

    async def _ask(self, key: Key, call: Call) -> None:
        """One request asks the application, the others of this generation wait for its answer."""
        scope, receive, send = call
        now, generation = datetime.fromtimestamp(self._clock(), UTC), self._generation.value
        under_way = self._flights.get((key, generation))
        if under_way is not None:
            entry = await asyncio.shield(under_way)
            if entry is None:  # not for everybody: ask on one's own
                await self._app(scope, receive, send)
            else:
                await _send(entry, scope, send)
            return
        flight: asyncio.Future[Entry | None] = asyncio.get_running_loop().create_future()
        self._flights[key, generation] = flight
        entry = None
        try:
            entry = await self._fill(key, generation, now, call)
        finally:
            del self._flights[key, generation]
            flight.set_result(entry)
        if entry is not None:
            await _send(entry, scope, send)

    async def _fill(self, key: Key, generation: int, now: datetime, call: Call) -> Entry | None:
        """The application's answer as an entry; None when it was sent on instead."""
        scope, receive, send = call
        try:
            moments = await self._moments_of(generation, now)
        except DatabaseError:
            # The application says it in its own words.
            await self._app(scope, receive, send)
            return None
        taken = _Taken(send)
        asked = [pair for pair in scope["headers"] if pair[0] not in CONDITIONS]
        await self._app({**scope, "headers": asked}, receive, taken)
        if not taken.is_whole:
            return None
        entry = self._entry(taken, generation, now, moments)
        if self._clock() < entry.until:
            self._keep(key, entry)
        return entry

    async def _moments_of(self, generation: int, now: datetime) -> Moments:
        known = self._moments
        # A clock that was set back may have a moment in front of it that was looked past.
        if known is None or known[0] != generation or not known[1] <= now < known[2].until:
            known = self._moments = (generation, now, await self._find_moments(now))
        return known[2]

    def _keep(self, key: Key, entry: Entry) -> None:
        before = self._entries.pop(key, None)
        if before is not None:
            self._bytes -= before.size
        self._entries[key] = entry
        self._bytes += entry.size
        while self._bytes > self._max_bytes:
            self._bytes -= self._entries.popitem(last=False)[1].size

    def _entry(self, taken: "_Taken", generation: int, now: datetime, moments: Moments) -> Entry:
        headers = [pair for pair in taken.headers if pair[0] != b"last-modified"]
        changed, until = moments.changed_at, moments.until
        modified: datetime | None = None
        if changed is not None:
            settled = changed + SETTLING
            if settled <= now:
                modified = changed.astimezone(UTC).replace(microsecond=0)
                headers.append((b"last-modified", format_datetime(modified, usegmt=True).encode()))
            else:
                until = min(until, settled)
        headers = self._finish(headers)
        return Entry(
            generation=generation,
            since=now.timestamp(),
            until=until.timestamp(),
            etag=dict(headers)[b"etag"].decode(),
            modified=modified,
            full=headers,
            body=taken.body,
            # RFC 9110 15.4.5: what a 200 would have said, without what describes the content.
            short=[pair for pair in headers if pair[0] not in {b"content-length", b"content-type"}],
        )


class _Taken:
    """Holds a public answer back to keep it; sends anything else on as it comes."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self.is_whole = False

    @property
    def headers(self) -> Headers:
        return list(self._start["headers"]) if self._start else []

    @property
    def body(self) -> bytes:
        return b"".join(self._parts)

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] == 200 and _is_public(message["headers"]):
                self._start = message
            else:
                await self._send(message)
        elif self._start is None:
            await self._send(message)
        else:
            await self._take(message)

    async def _take(self, message: Message) -> None:
        body = message.get("body", b"")
        self._parts.append(body)
        self._size += len(body)
        if self._size > MAX_ENTRY_BYTES:
            # Too much to keep; it goes out as it is.
            start, self._start = self._start, None
            assert start is not None  # noqa: S101 - the caller looked
            await self._send(start)
            await self._send({**message, "body": self.body})
            self._parts = []
        elif not message.get("more_body", False):
            self.is_whole = True


def _is_public(headers: Headers) -> bool:
    found = dict(headers)
    return b"etag" in found and found.get(b"cache-control", b"").startswith(b"public")


async def _send(entry: Entry, scope: Scope, send: Send) -> None:
    status, headers, body = entry.answer(dict(scope["headers"]))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

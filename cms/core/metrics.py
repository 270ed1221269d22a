"""Numbers for whoever watches over a CMS, in the text format of Prometheus; labels are few.

Each process counts for itself and adds to what all processes of the host share once a second: so
any of them can be asked. Nothing of what was asked for becomes a label but its area.
"""

import asyncio
import hmac
import mmap
import os
import struct
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from itertools import accumulate, product
from pathlib import Path
from typing import Any, Final

from cms.core.generation import Locked
from cms.core.logs import Request

METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST", "PATCH", "DELETE", "other")
CLASSES: Final = ("1xx", "2xx", "3xx", "4xx", "5xx")
AREAS: Final = ("public", "admin", "media", "pages", "health")
BOUNDS: Final = (0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0)  # seconds
FLUSH_SECONDS: Final = 1.0
AT_ONCE: Final = 64  # counted one behind the other, which costs less than between two answers
PATH: Final = "/metrics"
TYPE: Final = b"text/plain; version=0.0.4; charset=utf-8"
_REQUESTS: Final = {labels: place for place, labels in enumerate(product(AREAS, METHODS, CLASSES))}
_BUCKETS: Final = len(_REQUESTS)
_WIDTH: Final = len(BOUNDS) + 2  # one for what took longer, one for microseconds altogether
_CELLS: Final = _BUCKETS + len(AREAS) * _WIDTH
_SHAPE: Final = struct.Struct(f"={_CELLS}Q")
# A number that is of now and no sum: its name, its labels, its value.
Gauge = tuple[str, str, float]
Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]


class Meter:
    """Counts requests; with a `path`, together with the other processes of this host."""

    def __init__(self, path: Path | None = None) -> None:
        self._file = None if path is None else os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if self._file is None:
            self._shared = mmap.mmap(-1, _SHAPE.size)
        else:
            os.ftruncate(self._file, _SHAPE.size)
            self._shared = mmap.mmap(self._file, _SHAPE.size)
        self._own = [0] * _CELLS
        self._noted: list[Request] = []
        self._is_due = False

    def count(self, request: Request) -> None:
        self._noted.append(request)
        if len(self._noted) >= AT_ONCE:
            self._tally()
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)

    def _tally(self) -> None:
        places: dict[tuple[str, str, int], tuple[int, int]] = {}  # a path may be any text
        for method, path, status, seconds, *_ in self._noted:
            labels = method, path, status
            if labels not in places:
                places[labels] = self._places(*labels)
            place, first = places[labels]
            self._own[place] += 1
            self._own[first + bisect_left(BOUNDS, seconds)] += 1
            self._own[first + _WIDTH - 1] += int(seconds * 1_000_000)
        self._noted.clear()

    @staticmethod
    def _places(method: str, path: str, status: int) -> tuple[int, int]:
        """The cell of its count, and the first of its area's histogram."""
        area = area_of(path)
        method = method if method in METHODS else "other"
        kind = CLASSES[status // 100 - 1] if 100 <= status < 600 else "5xx"
        return _REQUESTS[area, method, kind], _BUCKETS + AREAS.index(area) * _WIDTH

    def flush(self) -> None:
        """Add what was counted here to what all have."""
        self._is_due = False
        self._tally()
        with Locked(self._file):
            sums = _SHAPE.unpack_from(self._shared)
            _SHAPE.pack_into(self._shared, 0, *map(int.__add__, sums, self._own))
        self._own = [0] * _CELLS

    def lines(self) -> Iterator[str]:
        """All sums, of every process."""
        self.flush()
        cells = _SHAPE.unpack_from(self._shared)
        yield "# TYPE lontar_requests_total counter"
        for (area, method, kind), place in _REQUESTS.items():
            if cells[place]:
                labels = f'area="{area}",method="{method}",status="{kind}"'
                yield f"lontar_requests_total{{{labels}}} {cells[place]}"
        yield "# TYPE lontar_request_seconds histogram"
        for number, area in enumerate(AREAS):
            first = _BUCKETS + number * _WIDTH
            counts = list(accumulate(cells[first : first + _WIDTH - 1]))
            for bound, count in zip((*BOUNDS, "+Inf"), counts, strict=True):
                yield f'lontar_request_seconds_bucket{{area="{area}",le="{bound}"}} {count}'
            took = cells[first + _WIDTH - 1] / 1_000_000
            yield f'lontar_request_seconds_sum{{area="{area}"}} {took}'
            yield f'lontar_request_seconds_count{{area="{area}"}} {counts[-1]}'


def area_of(path: str) -> str:
    for start, area in (
        ("/api/v1/admin", "admin"),
        ("/api/", "public"),
        ("/media/", "media"),
        ("/health/", "health"),
        ("/admin", "pages"),
    ):
        if path.startswith(start):
            return area
    return "public"


def written(meter: Meter, gauges: Iterable[Gauge]) -> bytes:
    """The answer to whoever scrapes."""
    lines = list(meter.lines())
    seen: set[str] = set()
    for name, labels, value in gauges:
        if name not in seen:
            seen.add(name)
            lines.append(f"# TYPE {name} gauge")
        lines.append(f"{name}{{{labels}}} {value:g}" if labels else f"{name} {value:g}")
    return ("\n".join(lines) + "\n").encode()


class MetricsDoor:
    """Answers `/metrics` to whoever has the token; without a token there is no such page."""

    def __init__(
        self,
        app: App,
        meter: Meter,
        token: str | None,
        gauges: Callable[[], Awaitable[list[Gauge]]],
    ) -> None:
        self._app, self._meter, self._token, self._gauges = app, meter, token, gauges

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["path"] != PATH or not self._lets_in(scope):
            await self._app(scope, receive, send)
            return
        body = written(self._meter, await self._gauges())
        headers = [
            (b"content-type", TYPE),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _lets_in(self, scope: Scope) -> bool:
        if self._token is None or scope["method"] != "GET":
            return False
        sent = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        return hmac.compare_digest(sent, b"Bearer " + self._token.encode())

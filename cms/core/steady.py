"""A clock that does not jump when the machine's does: for what must neither revive nor die early.

Sessions and tokens go by it. It follows the machine's clock as long as that moves like time; of a
jump it goes on by itself, and believes it when the clock has kept to it for an hour.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from cms.core import db

SLACK: Final = timedelta(seconds=30)
BELIEVED_AFTER: Final = timedelta(hours=1)


def _elapsed() -> float:
    """Seconds that passed, those in which the machine slept included where that can be told."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(clock) if clock is not None else time.monotonic()


class Steady:
    """Time by the machine's clock `wall`, held steady by how much time passed in truth."""

    def __init__(self, wall: Callable[[], datetime], elapsed: Callable[[], float]) -> None:
        self._wall, self._elapsed = wall, elapsed
        self._seen, self._seen_at = wall(), elapsed()
        self._apart_since: float | None = None

    def now(self) -> datetime:
        wall, at = self._wall(), self._elapsed()
        steady = self._seen + timedelta(seconds=at - self._seen_at)
        if abs(wall - steady) > SLACK and not self._is_believed(at):
            return steady.replace(microsecond=steady.microsecond // 1000 * 1000)
        self._seen, self._seen_at, self._apart_since = wall, at, None
        return wall

    def _is_believed(self, at: float) -> bool:
        if self._apart_since is None:
            self._apart_since = at
        return at - self._apart_since >= BELIEVED_AFTER.total_seconds()


_clock = Steady(db.now, _elapsed)


def now() -> datetime:
    """The process's own steady time."""
    return _clock.now()

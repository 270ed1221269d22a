"""What every process of `cms serve` shares: ending with its parent, and one shape of log line."""

import contextlib
import ctypes
import json
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
STOPS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextlib.contextmanager
def stops_held_back() -> Iterator[None]:
    """Fork in here: a child begins with its parent's handlers, which would swallow a stop.

    It waits until the child calls `heed_stops`.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def heed_stops() -> None:
    """End at a stop, also at one that came since this process was forked."""
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)


def die_with_parent() -> None:
    """End this process when its parent's main thread is gone, also after `kill -9` (Linux only).

    Call it in a child made by multiprocessing; elsewhere (tests, an app run by another server) it
    does nothing. Without it Granian's workers go on serving when Granian is killed.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent.pid:  # it went before we asked
        os._exit(1)


def log(level: str, event: str, **fields: object) -> None:
    print(_line(level, event, fields), file=sys.stderr, flush=True)  # noqa: T201 - this is the log


class LogFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {"logger": record.name.lstrip("_")}
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return _line(record.levelname.lower(), record.getMessage(), fields)


def _line(level: str, event: str, fields: dict[str, object]) -> str:
    if sys.stderr.isatty():
        return f"[{level}] {event} " + " ".join(f"{name}={value}" for name, value in fields.items())
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"timestamp": at, "level": level, "event": event, **fields}, default=str)

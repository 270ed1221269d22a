"""Ends tasks for good: one cancellation may be lost on its way.

On Python 3.11 `asyncio.wait_for` gives its result back instead of a cancellation that arrives in
the same moment (python/cpython#86296, mended in 3.12), and the driver sends every message in one.
A loop that works for ever would then go on, and whoever waits for its end would wait for ever.
"""

import asyncio
from collections.abc import Iterable
from typing import Any, Final

PATIENCE_SECONDS: Final = 1.0  # for what a task does when it is told; asked again after it


async def end(tasks: Iterable[asyncio.Task[Any]], patience: float = PATIENCE_SECONDS) -> None:
    """Cancel the tasks until each of them is over; what they raise meanwhile is not told."""
    asked = list(tasks)
    pending = {task for task in asked if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=patience)
    for task in asked:
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not complain of it

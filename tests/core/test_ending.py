"""Tasks end although a cancellation was lost on its way."""

import asyncio
import contextlib

from cms.core import ending
from cms.core.db import Database

LOST = 2


class _Deaf:
    """Works for ever, and loses the first cancellations as `wait_for` does on Python 3.11."""

    def __init__(self) -> None:
        self.lost = 0

    async def run(self) -> None:
        while True:
            try:
                await asyncio.sleep(0.001)
            except asyncio.CancelledError:
                self.lost += 1
                if self.lost > LOST:
                    raise


async def test_a_task_that_loses_cancellations_ends_all_the_same() -> None:
    worker = _Deaf()
    task = asyncio.create_task(worker.run())
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await ending.end([task], patience=0.01)
    assert task.cancelled()
    assert worker.lost == LOST + 1


async def test_asked_once_it_goes_on() -> None:
    """The control."""
    task = asyncio.create_task(_Deaf().run())
    await asyncio.sleep(0)
    task.cancel()
    _, pending = await asyncio.wait([task], timeout=0.05)
    assert pending
    await ending.end([task], patience=0.01)


async def test_what_a_task_raises_in_the_end_is_looked_at() -> None:
    async def fail() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        raise ValueError("at the end")

    tasks = [asyncio.create_task(fail()), asyncio.create_task(asyncio.sleep(0))]
    await asyncio.sleep(0)
    await ending.end(tasks)
    assert all(task.done() for task in tasks)


async def test_work_at_the_database_ends_at_any_moment(database: Database) -> None:
    async def work() -> None:
        while True:
            await database["ending"].update_one({"_id": 1}, {"$inc": {"n": 1}}, upsert=True)

    async with asyncio.timeout(120):
        for number in range(200):
            task = asyncio.create_task(work())
            await asyncio.sleep(number % 20 / 2000)
            await ending.end([task], patience=0.05)
            assert task.done()

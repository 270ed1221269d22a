"""A process that used the storage ends as it should."""

import asyncio
import sys
from pathlib import Path

from cms.core.storage import Storage
from tests.reliability.running import GUARD

PROCESSES, AT_ONCE = 48, 6
# What every command does: some work, then the end of Python.
WORK = """
import asyncio, sys
from cms.core.storage import Storage

async def main() -> None:
    assert [item.key async for item in Storage(sys.argv[1]).names()] == ["a.txt"]

asyncio.run(main())
"""


async def test_a_process_ends_right_after_a_listing(tmp_path: Path) -> None:
    """Decision 0081: with obstore's own coroutines one in six died of SIGABRT."""
    await Storage(str(tmp_path)).put("a.txt", b"a")
    gate = asyncio.Semaphore(AT_ONCE)

    async def run() -> int:
        async with gate:
            child = await asyncio.create_subprocess_exec(sys.executable, "-c", WORK, str(tmp_path))
            async with asyncio.timeout(GUARD):
                return await child.wait()

    assert set(await asyncio.gather(*(run() for _ in range(PROCESSES)))) == {0}

"""One number that all processes of a host share: it rises whenever content may have changed."""

import mmap
import os
from pathlib import Path
from types import TracebackType
from typing import Final, Self

try:
    import fcntl
except ImportError:  # Windows: one process, so there is nobody to lock out
    fcntl = None  # type: ignore[assignment]

SIZE: Final = 8


class Generation:
    """Eight bytes in shared memory; reading them costs less than a function call.

    Whoever fills a cache reads `value` before the query; whoever has written bumps after the
    commit and before the answer. A reader that starts after an answer so never sees what was there
    before it. Without a `path` the number belongs to this process alone.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._file = None if path is None else os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if self._file is None:
            self._memory = mmap.mmap(-1, SIZE)
        else:
            os.ftruncate(self._file, SIZE)
            self._memory = mmap.mmap(self._file, SIZE)
        # Read and written in one piece: no reader sees half a number.
        self._numbers = memoryview(self._memory).cast("Q")

    @property
    def value(self) -> int:
        return self._numbers[0]

    def bump(self) -> None:
        """Count one up, under a lock: two processes that both read 7 would both write 8."""
        with Locked(self._file):
            self._numbers[0] += 1

    def close(self) -> None:
        self._numbers.release()
        self._memory.close()
        if self._file is not None:
            os.close(self._file)
            self._file = None


class Locked:
    """Held for the time of a change; the kernel lets it go when its process dies.

    The lock belongs to the open file, so it is none between threads of one process: there each
    bump runs in the event loop's thread.
    """

    def __init__(self, file: int | None) -> None:
        self._file = file

    def __enter__(self) -> Self:
        if self._file is not None and fcntl is not None:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._file is not None and fcntl is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)

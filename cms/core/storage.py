"""Where bytes live: a folder or an S3 bucket, by one interface. Keys are flat and never change.

Written whole or not at all: on disk a file is renamed into its place once it is complete and
flushed, in S3 one request puts it. `names` lists everything, for sweeps and backups.

obstore is called from threads, never by its own coroutines: those are finished by threads of its
own that want the interpreter, and one that comes while Python ends takes the process down with
SIGABRT (decision 0081).
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO, Final, Literal, ParamSpec, TypeVar

from cms.core.errors import Unavailable

if TYPE_CHECKING:
    from cms.core.bucket import Bucket

S3: Final = "s3://"
# As many as may wait for a bucket at once; apart from the loop's own, which others need meanwhile.
THREADS: Final = 16
# The mark of an interrupted write: obstore writes `key#1` and renames it.
STAGED: Final = "#"

P = ParamSpec("P")
T = TypeVar("T")


class StoredNot(Exception):
    """There is nothing under the key."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of a file without its bytes."""

    key: str
    size: int
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class S3Access:
    """How an S3 bucket is reached; an empty endpoint is AWS's own."""

    endpoint: str = ""
    region: str = "us-east-1"
    access_key_id: str = ""
    secret_access_key: str = ""


class Storage:
    """Files by key; every failure of what lies below is `Unavailable` to whoever asks."""

    def __init__(self, location: str, access: S3Access | None = None) -> None:
        self.kind: Literal["disk", "s3"] = "s3" if location.startswith(S3) else "disk"
        self._folder = Path(location) if self.kind == "disk" else None
        self._location, self._access = location, access or S3Access()
        self._opened: Bucket | None = None
        self._opening = Lock()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="storage")

    @property
    def _bucket(self) -> "Bucket":
        """Opened when first used: its threads do not survive a fork, and it is large to import."""
        with self._opening:
            if self._opened is None:
                from cms.core.bucket import Bucket  # noqa: PLC0415

                self._opened = Bucket(self.folder or self._location, self._access)
            return self._opened

    async def _do(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, partial(work, *args, **named))
        except OSError as error:
            raise away(error) from None

    async def _each(self, items: Iterator[T]) -> AsyncIterator[T]:
        while found := await self._do(_taken, items):
            yield found[0]

    async def put(self, key: str, data: bytes) -> None:
        """Write it, whole or not at all; what stands under the key already is replaced.

        Raises:
            Unavailable: the disk is full, or the storage does not answer.
        """
        await self._do(self._put, key, data)

    def _put(self, key: str, data: bytes) -> None:
        self._bucket.put(key, data)
        if self._folder is not None:
            _flush(self._folder, key)

    @property
    def folder(self) -> Path | None:
        """Where files lie on disk; None in a bucket."""
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._folder

    async def take(self, key: str, path: Path) -> None:
        """Bring a finished file in under the key; on disk it has to lie in the same folder.

        Raises:
            Unavailable: the storage does not answer.
        """
        await self._do(self._take, key, path)

    def _take(self, key: str, path: Path) -> None:
        if self._folder is None:
            self._bucket.put(key, path)
            return
        path.replace(self._folder / key)
        _flush(self._folder, key)

    async def fetch(self, key: str, file: BinaryIO) -> None:
        """Write it all to an open file, a little at a time.

        Raises:
            StoredNot: nothing has the key.
            Unavailable: the storage does not answer.
        """
        await self._do(lambda: self._bucket.fetch(key, file))

    async def get(self, key: str) -> bytes:
        """All of it.

        Raises:
            StoredNot: nothing has the key.
            Unavailable: the storage does not answer.
        """
        return await self._do(lambda: self._bucket.get(key))

    async def head(self, key: str) -> Stored:
        """Size and time.

        Raises:
            StoredNot: nothing has the key.
            Unavailable: the storage does not answer.
        """
        return await self._do(lambda: self._bucket.head(key))

    async def stream(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to but without `end`, a little at a time."""
        if start >= end:
            return
        chunks = await self._do(lambda: self._bucket.stream(key, start, end))
        async for chunk in self._each(chunks):
            yield chunk

    async def delete(self, key: str) -> None:
        """Remove it; what is not there is gone already."""
        with suppress(StoredNot):
            await self._do(lambda: self._bucket.delete(key))

    async def names(self) -> AsyncIterator[Stored]:
        """Every file, in no order."""
        async for page in self._each(await self._do(self._pages)):
            for item in page:
                yield item

    def _pages(self) -> Iterator[list[Stored]]:
        return self._bucket.pages()

    async def clear_staged(self, before: datetime) -> int:
        """Remove what interrupted writes left on disk; how many that were."""
        if self._folder is None:
            return 0
        return await self._do(_clear_staged, self._folder, before)

    def free_bytes(self) -> int | None:
        """Room on the disk; None where nobody knows."""
        if self._folder is None:
            return None
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return shutil.disk_usage(self._folder).free
        except OSError:
            return None


def _taken(items: Iterator[T]) -> list[T]:
    """The next in a list, or an empty one: StopIteration can't leave a thread for a coroutine."""
    return list(islice(items, 1))


def _flush(folder: Path, key: str) -> None:
    """Down to the platters: what is acknowledged survives the power as well."""
    for path, flags in ((folder / key, os.O_RDONLY), (folder, os.O_RDONLY | os.O_DIRECTORY)):
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _clear_staged(folder: Path, before: datetime) -> int:
    count = 0
    for path in folder.iterdir():
        try:
            modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            if STAGED in path.name and modified < before:
                path.unlink()
                count += 1
        except FileNotFoundError:
            continue  # finished in between
    return count


def away(error: Exception) -> Unavailable:
    """What a caller is told of an error of the disk or of a bucket."""
    if "No space left" in str(error) or "Disk quota exceeded" in str(error):
        return Unavailable("The disk is full.", code="storage_full", retry_after=60)
    return Unavailable("The media storage does not answer.", code="storage_unavailable")

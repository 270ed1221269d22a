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
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, Literal, ParamSpec, TypeVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from cms.core.errors import Unavailable

S3: Final = "s3://"
CHUNK: Final = 256 * 1024
SECONDS: Final = 20
TRIES: Final = 3
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
        self._opened: LocalStore | S3Store | None = None
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="storage")

    async def _do(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(work, *args, **named))

    async def _each(self, items: Iterator[T]) -> AsyncIterator[T]:
        end = object()
        while (item := await self._do(next, items, end)) is not end:
            yield item  # type: ignore[misc]

    @property
    def _store(self) -> LocalStore | S3Store:
        # Opened when first used: the threads of obstore do not survive a fork.
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> LocalStore | S3Store:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return LocalStore(str(self._folder))
        parts = urlsplit(self._location)
        keys = {
            "access_key_id": self._access.access_key_id,
            "secret_access_key": self._access.secret_access_key,
            "endpoint": self._access.endpoint,
        }
        return S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            region=self._access.region,
            client_options={
                "timeout": timedelta(seconds=SECONDS),
                "allow_http": self._access.endpoint.startswith("http://"),
            },
            retry_config={"max_retries": TRIES, "retry_timeout": timedelta(seconds=SECONDS)},
            **{name: value for name, value in keys.items() if value},  # type: ignore[arg-type]
        )

    async def put(self, key: str, data: bytes) -> None:
        """Write it, whole or not at all; what stands under the key already is replaced.

        Raises:
            Unavailable: the disk is full, or the storage does not answer.
        """
        try:
            await self._do(obstore.put, self._store, key, data, use_multipart=False)
            if self._folder is not None:
                await self._do(_flush, self._folder, key)
        except (BaseError, OSError) as error:
            raise _away(error) from None

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
        try:
            if self._folder is None:
                await self._do(obstore.put, self._store, key, path)
            else:
                await self._do(path.replace, self._folder / key)
                await self._do(_flush, self._folder, key)
        except (BaseError, OSError) as error:
            raise _away(error) from None

    async def fetch(self, key: str, file: BinaryIO) -> None:
        """Write it all to an open file, a little at a time.

        Raises:
            StoredNot: nothing has the key.
            Unavailable: the storage does not answer.
        """
        try:
            await self._do(self._copy, key, file)
        except FileNotFoundError:
            raise StoredNot(key) from None
        except (BaseError, OSError) as error:
            raise _away(error) from None

    def _copy(self, key: str, file: BinaryIO) -> None:
        file.writelines(obstore.get(self._store, key).stream(min_chunk_size=CHUNK))

    async def get(self, key: str) -> bytes:
        """All of it.

        Raises:
            StoredNot: nothing has the key.
            Unavailable: the storage does not answer.
        """
        try:
            return await self._do(lambda: bytes(obstore.get(self._store, key).bytes()))
        except FileNotFoundError:
            raise StoredNot(key) from None
        except (BaseError, OSError) as error:
            raise _away(error) from None

    async def head(self, key: str) -> Stored:
        """Size and time.

        Raises:
            StoredNot: nothing has the key.
            Unavailable: the storage does not answer.
        """
        try:
            return _stored(await self._do(obstore.head, self._store, key))
        except FileNotFoundError:
            raise StoredNot(key) from None
        except (BaseError, OSError) as error:
            raise _away(error) from None

    async def stream(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to but without `end`, a little at a time."""
        if start >= end:
            return
        found = await self._do(obstore.get, self._store, key, options={"range": (start, end)})
        async for chunk in self._each(found.stream(min_chunk_size=CHUNK)):
            yield bytes(chunk)

    async def delete(self, key: str) -> None:
        """Remove it; what is not there is gone already."""
        try:
            await self._do(obstore.delete, self._store, key)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise _away(error) from None

    async def names(self) -> AsyncIterator[Stored]:
        """Every file, in no order."""
        try:
            async for page in self._each(await self._do(obstore.list, self._store)):
                for item in page:
                    yield _stored(item)
        except (BaseError, OSError) as error:
            raise _away(error) from None

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


def _stored(meta: Mapping[str, object]) -> Stored:
    size, modified = meta["size"], meta["last_modified"]
    assert isinstance(size, int)  # noqa: S101 - obstore's promise
    assert isinstance(modified, datetime)  # noqa: S101 - obstore's promise
    return Stored(str(meta["path"]), size, modified)


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


def _away(error: Exception) -> Unavailable:
    if "No space left" in str(error) or "Disk quota exceeded" in str(error):
        return Unavailable("The disk is full.", code="storage_full", retry_after=60)
    return Unavailable("The media storage does not answer.", code="storage_unavailable")

"""What `cms.core.storage` does in its threads: obstore's blocking calls on a folder or S3 bucket.

Nobody else imports this: obstore is 7 MB of memory that a process without files needs not have.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from cms.core.storage import S3Access, Stored, StoredNot, away

CHUNK: Final = 256 * 1024
SECONDS: Final = 20
TRIES: Final = 3


class Bucket:
    """Files by key. Each method raises `Unavailable` where the storage or the disk fails."""

    def __init__(self, location: str | Path, access: S3Access) -> None:
        """A folder as a path, a bucket as `s3://name/prefix`."""
        self._store: LocalStore | S3Store = (
            LocalStore(str(location)) if isinstance(location, Path) else _s3(location, access)
        )

    def put(self, key: str, content: bytes | Path) -> None:
        with _told():
            obstore.put(self._store, key, content, use_multipart=isinstance(content, Path))

    def get(self, key: str) -> bytes:
        with _told(key):
            return bytes(obstore.get(self._store, key).bytes())

    def fetch(self, key: str, file: BinaryIO) -> None:
        with _told(key):
            file.writelines(obstore.get(self._store, key).stream(min_chunk_size=CHUNK))

    def head(self, key: str) -> Stored:
        with _told(key):
            return _stored(obstore.head(self._store, key))

    def stream(self, key: str, start: int, end: int) -> Iterator[bytes]:
        with _told(key):
            found = obstore.get(self._store, key, options={"range": (start, end)})
            for chunk in found.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)

    def delete(self, key: str) -> None:
        with _told(key):
            obstore.delete(self._store, key)

    def pages(self) -> Iterator[list[Stored]]:
        with _told():
            for page in obstore.list(self._store):
                yield [_stored(item) for item in page]


@contextmanager
def _told(key: str = "") -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise StoredNot(key) from None
    except (BaseError, OSError) as error:
        raise away(error) from None


def _s3(location: str, access: S3Access) -> S3Store:
    parts = urlsplit(location)
    keys = {
        "access_key_id": access.access_key_id,
        "secret_access_key": access.secret_access_key,
        "endpoint": access.endpoint,
    }
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        region=access.region,
        client_options={
            "timeout": timedelta(seconds=SECONDS),
            "allow_http": access.endpoint.startswith("http://"),
        },
        retry_config={"max_retries": TRIES, "retry_timeout": timedelta(seconds=SECONDS)},
        **{name: value for name, value in keys.items() if value},  # type: ignore[arg-type]
    )


def _stored(meta: Mapping[str, object]) -> Stored:
    size, modified = meta["size"], meta["last_modified"]
    assert isinstance(size, int)  # noqa: S101 - obstore's promise
    assert isinstance(modified, datetime)  # noqa: S101 - obstore's promise
    return Stored(str(meta["path"]), size, modified)

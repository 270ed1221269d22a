"""The format of a backup: a tar inside zstd, written in one way alone and read with bounds.

`tar` and `zstd` open it without us. A member's head is accepted only if it is byte for byte the
one that we would have written: so there are no links, paths, owners or extensions to be wary of.
"""

import hashlib
import re
import sys
import tarfile
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

from cms.core.pictures import KEY_SHAPE
from cms.transfer.schemas import COLLECTION, ArchiveRefused, Member

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["DOCUMENTS", "HEADER", "MANIFEST", "MEDIA", "SEAL", "Writer", "members", "zstd"]
HEADER, MANIFEST, SEAL = "lontar.json", "manifest.json", "seal"
DOCUMENTS, MEDIA = "documents/", "media/"
MIB: Final = 1024 * 1024
BLOCK: Final = tarfile.BLOCKSIZE
END: Final = bytes(2 * BLOCK)
LEVEL: Final = 6
# 2 to this power is what unpacking may remember: a frame that asks for more is refused.
WINDOW: Final = 27
MOST_MEMBERS: Final = 5_000_000
# Text that repeats itself shrinks 50 times; what grows a thousandfold is a bomb.
FREE: Final = 64 * MIB
MOST_GROWTH: Final = 1000
_PARTS: Final = (
    (re.compile(re.escape(HEADER)), MIB),
    (re.compile(rf"{DOCUMENTS}{COLLECTION.pattern}/\d{{8}}\.bson"), 40 * MIB),
    (re.compile(rf"{MEDIA}{KEY_SHAPE}"), 64 * MIB),
    (re.compile(re.escape(MANIFEST)), 256 * MIB),
    (re.compile(re.escape(SEAL)), BLOCK),
)


class Writer:
    """Members one after the other; what was written is remembered for the manifest."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = zstd.ZstdFile(file, "wb", level=LEVEL)
        self.members: list[Member] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if kind is None:
            self._file.write(END)
        self._file.close()

    def add(self, name: str, data: bytes) -> None:
        if len(data) > limit_of(name):
            raise ArchiveRefused(f"{name} is larger than a backup may hold.")
        self._file.write(_head(name, len(data)))
        self._file.write(data)
        self._file.write(bytes(-len(data) % BLOCK))
        digest = hashlib.sha256(data).hexdigest()
        self.members.append(Member(name=name, size=len(data), sha256=digest))


class _Counted:
    """A file that knows how much was read of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.count += len(data)
        return data


def members(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Every member with its bytes, one in memory at a time.

    Raises:
        ArchiveRefused: it is cut off, damaged, a bomb, or none of ours.
    """
    source = _Counted(file)
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: WINDOW}
    unpacked = 0
    try:
        packed = zstd.ZstdFile(cast("BinaryIO", source), "rb", options=options)
        for _ in range(MOST_MEMBERS):
            head = _exactly(packed, BLOCK)
            if head == bytes(BLOCK):
                if _exactly(packed, BLOCK) != bytes(BLOCK) or packed.read(1):
                    raise ArchiveRefused("There is something behind the end of the archive.")
                return
            name, size = _read_head(head)
            padded = size + -size % BLOCK
            unpacked += BLOCK + padded
            if unpacked > FREE + MOST_GROWTH * source.count:
                raise ArchiveRefused("The archive grows out of all proportion when unpacked.")
            data = _exactly(packed, padded)
            if any(data[size:]):
                raise ArchiveRefused(f"{name} is followed by something.")
            yield name, data[:size]
    except (zstd.ZstdError, EOFError):
        raise ArchiveRefused("The archive is damaged, cut off, or no backup of Lontar.") from None
    raise ArchiveRefused("The archive has more members than a backup may hold.")


def limit_of(name: str) -> int:
    """How many bytes a member of this name may have.

    Raises:
        ArchiveRefused: no member is called so.
    """
    for pattern, most in _PARTS:
        if pattern.fullmatch(name):
            return most
    raise ArchiveRefused(f"A backup has no member called {name[:100]!r}.")


def _head(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict")


def _read_head(head: bytes) -> tuple[str, int]:
    try:
        info = tarfile.TarInfo.frombuf(head, "utf-8", "strict")
    except (tarfile.HeaderError, ValueError):
        raise ArchiveRefused("The archive is damaged, or no backup of Lontar.") from None
    if not 0 <= info.size <= limit_of(info.name) or _head(info.name, info.size) != head:
        raise ArchiveRefused(f"{info.name[:100]!r} is not described as in a backup of Lontar.")
    return info.name, info.size


def _exactly(file: "zstd.ZstdFile", size: int) -> bytes:
    parts, left = [], size
    while left:
        part = file.read(min(left, MIB))
        if not part:
            raise EOFError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)

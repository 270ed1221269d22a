"""The backups in one place: how they are called, which is the newest, which may go."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from cms.core.storage import Storage

WEEK_HOURS: Final = 7 * 24
Kind = Literal["whole", "documents"]
NAME: Final = re.compile(r"lontar-(\d{8}T\d{6})Z-[0-9a-f]{6}-(whole|documents)\.tar\.zst(?:\.age)?")


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup by its name; `documents` is one without the files of the library."""

    name: str
    size: int
    made_at: datetime
    kind: str


def name_for(now: datetime, kind: Kind, *, is_encrypted: bool) -> str:
    """A name that sorts by time and that no other backup has."""
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    end = ".age" if is_encrypted else ""
    return f"lontar-{stamp}-{secrets.token_hex(3)}-{kind}.tar.zst{end}"


async def kept(place: Storage) -> list[Kept]:
    """All of them, newest first; what is called otherwise is not ours."""
    found = []
    async for stored in place.names():
        if shape := NAME.fullmatch(stored.key):
            at = datetime.strptime(shape[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            found.append(Kept(stored.key, stored.size, at, shape[2]))
    return sorted(found, key=lambda item: item.name, reverse=True)


async def thin(place: Storage, most: int) -> list[str]:
    """Keep the newest of each kind, so many of them; the names of those that went."""
    found = await kept(place)
    gone = []
    for kind in ("whole", "documents"):
        gone += [item.name for item in found if item.kind == kind][most:]
    for name in gone:
        await place.delete(name)
    return gone


def verdict(found: Sequence[Kept], every_hours: int, now: datetime) -> tuple[str, bool]:
    """What to say of these backups, and whether it is good."""
    whole = [item.made_at for item in found if item.kind == "whole"]
    if not whole:
        return "there is none: cms backup, and set CMS_BACKUP_EVERY_HOURS", False
    hours = int((now - max(whole)).total_seconds() // 3600)
    says = f"the newest of {len(whole)} is {hours} h old"
    if hours > 2 * (every_hours or WEEK_HOURS):
        return f"{says}: cms backup, and set CMS_BACKUP_EVERY_HOURS", False
    return says, True

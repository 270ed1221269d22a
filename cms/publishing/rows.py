"""What queries over published kinds share: stages, and what their rows tell."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from beanie import PydanticObjectId

from cms.core.paging import ListQuery

Row = dict[str, Any]
# What tells whether a row is readable, and under which slug.
ADDRESS: Row = {
    "former_slugs": 1,
    "publish_at": "$live.publish_at",
    "unpublish_at": "$live.unpublish_at",
}

# Which pictures belong to a row: all that it names are joined at once.
PICTURED: Row = {name: f"$live.{name}" for name in ("cover_id", "gallery_ids", "media_ids")}


def is_readable_row(row: Row, now: datetime) -> bool:
    """`Published.is_readable` for a row that was projected with `ADDRESS`."""
    if row.get("publish_at") is None:
        return False
    is_readable: bool = row["publish_at"] <= now < row["unpublish_at"]
    return is_readable


def owned(match: Row, owner_id: PydanticObjectId | None) -> Row:
    return match if owner_id is None else {**match, "owner_id": owner_id}


def split_total(rows: list[Row], params: ListQuery) -> tuple[list[Row], int | None]:
    """The rows, and their total if it was asked for: an empty count leaves no row."""
    if not params.total:
        return rows, None
    counted = [row["total"] for row in rows if row["_id"] == "total"]
    return [row for row in rows if row["_id"] != "total"], counted[0] if counted else 0


class Status(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    TRASHED = "trashed"


def readable(now: datetime) -> Row:
    """What anonymous readers may see, as a filter; no worker has to be alive for it to be true."""
    return {"live.publish_at": {"$lte": now}, "live.unpublish_at": {"$gt": now}}


def in_status(status: Status | None, now: datetime) -> Row:
    """`Published.status` as a filter; None is everything but the trash."""
    match status:
        case None:
            return {"trashed_at": None}
        case Status.TRASHED:
            return {"trashed_at": {"$ne": None}}
        case Status.DRAFT:
            return {"trashed_at": None, "live": None}
        case Status.SCHEDULED:
            return {"trashed_at": None, "live.publish_at": {"$gt": now}}
        case Status.PUBLISHED:
            return {"trashed_at": None, **readable(now)}
        case Status.UNPUBLISHED:
            return {
                "trashed_at": None,
                "live.publish_at": {"$lte": now},
                "live.unpublish_at": {"$lte": now},
            }


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminFilter:
    """Over working copies; `owner_id` None is everybody's."""

    status: Status | None = None
    owner_id: PydanticObjectId | None = None
    # What a text leaves of the list.
    text: Row = field(default_factory=dict)

    def match(self, now: datetime) -> Row:
        return {**owned(in_status(self.status, now), self.owner_id), **self.text}


def dated(comparison: str, moment: datetime) -> Row:
    """A comparison that the partial index on moments serves: it holds dates alone."""
    return {comparison: moment, "$type": "date"}

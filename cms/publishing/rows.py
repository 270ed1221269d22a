"""What queries over published kinds share: stages, and what their rows tell."""

from datetime import datetime
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


def is_readable_row(row: Row, now: datetime) -> bool:
    """`Published.is_readable` for a row that was projected with `ADDRESS`."""
    if row.get("publish_at") is None:
        return False
    is_readable: bool = row["publish_at"] <= now < row["unpublish_at"]
    return is_readable


def owned(match: Row, owner_id: PydanticObjectId | None) -> Row:
    return match if owner_id is None else {**match, "owner_id": owner_id}


def counting(collection: str, match: Row) -> Row:
    """A stage that appends how many match; `split_total` takes it off again."""
    stages = [{"$match": match}, {"$count": "total"}, {"$set": {"_id": "total"}}]
    return {"$unionWith": {"coll": collection, "pipeline": stages}}


def split_total(rows: list[Row], params: ListQuery) -> tuple[list[Row], int | None]:
    """The rows, and their total if it was asked for: an empty count leaves no row."""
    if not params.total:
        return rows, None
    counted = [row["total"] for row in rows if row["_id"] == "total"]
    return [row for row in rows if row["_id"] != "total"], counted[0] if counted else 0

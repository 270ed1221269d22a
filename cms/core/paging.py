"""Lists: keyset cursors over an index, pages for people."""

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from bson import ObjectId
from bson.errors import InvalidId
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json, to_json

from cms.core.errors import FieldError, Malformed
from cms.core.shapes import View

Slug = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\s./?#]+$")]
ItemT = TypeVar("ItemT")
Row = dict[str, Any]
# MongoDB's integers have 64 bits, Python's and JSON's any number.
MOST_STORED = 2**63 - 1


class Query(BaseModel):
    """Query parameters; unlike bodies they are text, so numbers and booleans are read from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ListQuery(Query):
    limit: int = Field(15, ge=1, le=100, description="How many items a page holds.")
    cursor: str | None = Field(
        None, max_length=1000, description="Opaque; from `page.next` or `page.prev`."
    )
    page: int | None = Field(
        None, ge=1, le=100, description="Page number, for people; cursors are steadier."
    )
    total: bool = Field(False, description="Also count everything that matches.")


class Page(View):
    limit: Annotated[int, Field(examples=[15])]
    next: str | None = None
    prev: str | None = None
    total: int | None = Field(None, exclude_if=lambda value: value is None)


class Listing(View, Generic[ItemT]):
    items: list[ItemT]
    page: Page


# How many rows stand in a window for each that a page needs.
WINDOW = 8


async def windowed(
    params: ListQuery,
    read: Callable[[int | None], Awaitable[list[Row]]],
    most: Callable[[], Awaitable[int]],
) -> list[Row]:
    """The rows of a list that is narrowed by joins, read through a window first.

    Before a join MongoDB reads megabytes ahead, whatever the limit behind it. A few times what a
    page needs nearly always holds the page. Where it does not, and `most` says that there may be
    more rows than the window showed, it is read without one.
    """
    if params.page is None or params.page == 1:
        window = WINDOW * (params.limit + 1)
        rows = await read(window)
        if sum("_key" in row for row in rows) > params.limit or await most() <= window:
            return rows
    return await read(None)


@dataclass(frozen=True, slots=True)
class Keyset:
    """An order by one stored field and `_id`, which an index `(field, _id)` serves both ways."""

    field: str
    descending: bool = False
    kind: Literal["time", "text", "number"] = "time"

    def read(self, cursor: str) -> tuple[bool, Any, ObjectId]:
        """(backwards, key, id) of a cursor that `write` made.

        Raises:
            Malformed: it is none of ours.
        """
        try:
            packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            backwards, key, ident = from_json(packed)
            if not isinstance(backwards, bool) or not isinstance(ident, str):
                raise TypeError
            if self.kind == "time":
                key = datetime.fromtimestamp(key / 1000, UTC)
            elif type(key) is not {"text": str, "number": int}[self.kind]:
                raise TypeError
            elif isinstance(key, int) and abs(key) > MOST_STORED:
                raise OverflowError
            return backwards, key, ObjectId(ident)
        except (ValueError, TypeError, OverflowError, OSError, InvalidId):
            raise Malformed(
                "That cursor is none of ours.",
                code="bad_cursor",
                errors=[FieldError("cursor", "is none of ours", "bad_cursor")],
            ) from None

    def write(self, row: Mapping[str, Any], *, backwards: bool) -> str:
        key = row["_key"]
        shown = round(key.timestamp() * 1000) if self.kind == "time" else key
        packed = to_json([backwards, shown, str(row["_id"])])
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    def stages(self, match: Row, params: ListQuery, narrowing: Sequence[Row] = ()) -> list[Row]:
        """`$match`, `$sort`, (`$skip`,) `$limit`: one row more than asked shows that there is more.

        `narrowing` stands between sort and limit, for what only other collections can tell.
        Every row carries the sort key as `_key`, which `page` makes cursors of.
        """
        backwards = False
        after: Row = {}
        if params.cursor is not None:
            backwards, key, ident = self.read(params.cursor)
            after = self._after(key, ident, descending=self.descending != backwards)
        direction = -1 if self.descending != backwards else 1
        stages: list[Row] = [
            {"$match": {"$and": [match, after]} if after else match},
            {"$sort": {self.field: direction, "_id": direction}},
            *narrowing,
        ]
        if params.page is not None and params.page > 1:
            stages.append({"$skip": (params.page - 1) * params.limit})
        return [*stages, {"$limit": params.limit + 1}, {"$set": {"_key": f"${self.field}"}}]

    def _after(self, key: Any, ident: ObjectId, *, descending: bool) -> Row:
        beyond, bound = ("$lt", "$lte") if descending else ("$gt", "$gte")
        return {
            # The plain bound lets the index start at the key; the $or drops the ties before it.
            self.field: {bound: key},
            "$or": [{self.field: {beyond: key}}, {self.field: key, "_id": {beyond: ident}}],
        }

    def page(
        self, rows: list[Row], params: ListQuery, total: int | None = None
    ) -> tuple[list[Row], Page]:
        """The rows in reading order and the page that describes them."""
        backwards = params.cursor is not None and self.read(params.cursor)[0]
        has_more = len(rows) > params.limit
        rows = rows[: params.limit]
        if backwards:
            rows.reverse()
        came_from_somewhere = params.cursor is not None or (params.page or 1) > 1
        has_next = has_more if not backwards else True
        has_prev = has_more if backwards else came_from_somewhere
        return rows, Page(
            limit=params.limit,
            next=self.write(rows[-1], backwards=False) if rows and has_next else None,
            prev=self.write(rows[0], backwards=True) if rows and has_prev else None,
            total=total,
        )

"""Shapes of what followers get."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field
from pydantic.config import JsonDict

from cms.core.paging import Query
from cms.core.shapes import View

Kind = Literal["article", "project", "page", "profile", "tag", "series", "site", "redirects"]
TOKEN: Final = "y1mZ0Xw3q2-7wD9m0uX1c3sibnVtYmVyIjo0Mn0"  # noqa: S105 - an example
ITEM: Final[JsonDict] = {
    "examples": [
        {
            "kind": "tag",
            "id": "basis-data",
            "data": {"slug": "basis-data", "name": "Basis data", "description": ""},
        }
    ]
}
STORY: Final[JsonDict] = {"examples": [{"next": TOKEN, "has_more": False}]}


class SyncQuery(Query):
    since: Annotated[str, Field(min_length=1, max_length=2000)] | None = Field(
        None, description="`next` of the answer before; without it, everything is told."
    )
    limit: int = Field(25, ge=1, le=100, description="About how many items an answer holds.")


class SyncGone(View, json_schema_extra=ITEM):
    kind: Kind
    id: str


class SyncItem(SyncGone):
    """The whole item as readers see it now; put it in the place of the one with this id.

    Articles name their authors, tags and series by slug; those are items of their own.
    """

    data: dict[str, Any]


class SyncView(View, json_schema_extra=STORY):
    """Apply `removed` and `changed`, keep `next`; while `has_more`, ask again at once."""

    changed: list[SyncItem]
    removed: list[SyncGone]
    next: str
    has_more: bool

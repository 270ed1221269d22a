"""Shapes that all published kinds share."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field
from pydantic.config import JsonDict

from cms.core.fields import Moment
from cms.core.paging import ListQuery, Query
from cms.core.shapes import Input, View
from cms.history.schemas import EditorView
from cms.publishing.documents import Status

WHEN: Final[JsonDict] = {"examples": [{"at": "2026-03-14T02:00:00Z"}]}
ITEM: Final[JsonDict] = {"examples": [{"id": "674000000000000000000003", "revision": 7}]}
MANY: Final[JsonDict] = {"examples": [{"verb": "publish", "at": None}]}
REFUSED: Final[JsonDict] = {
    "examples": [
        {
            "id": "674000000000000000000003",
            "type": "/problems/not_trashed",
            "title": "Conflict",
            "status": 409,
            "detail": "Move it to the trash first.",
            "code": "not_trashed",
            "errors": [],
        }
    ]
}
FIELD: Final[JsonDict] = {
    "examples": [{"field": "slug", "message": "is taken", "code": "slug_taken"}]
}


class DiffQuery(Query):
    to: int = Field(ge=1, description="The revision to compare with.")


class At(Input, json_schema_extra=WHEN):
    """When the verb takes effect; null or no body means now."""

    at: Moment | None = None


class AdminQuery(ListQuery):
    status: Status | None = Field(None, description="Everything but the trash when left out.")
    q: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        None, description="Words of the working copy. At most 1,000 matches are looked at."
    )


class Revisioned(View):
    id: str
    revision: int


class AdminSummary(Revisioned):
    """What a row of every admin list shows."""

    status: Status
    has_unpublished_changes: bool
    title: str
    slug: str
    lang: str
    publish_at: datetime | None
    unpublish_at: datetime | None
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime
    updated_by: EditorView


class AdminView(AdminSummary):
    """What every working copy shows beside the fields that its author writes."""

    trashed_at: datetime | None
    change_at: datetime | None = Field(
        None, description="When the scheduled change of what is live takes effect."
    )


BulkVerb = Literal["publish", "unpublish", "trash", "restore", "purge"]


class BulkItem(Input, json_schema_extra=ITEM):
    id: Annotated[str, Field(max_length=100)]
    revision: Annotated[int, Field(ge=0, lt=10**15, description="The revision that was seen.")]


class BulkInput(Input, json_schema_extra=MANY):
    verb: BulkVerb
    items: Annotated[list[BulkItem], Field(min_length=1, max_length=100)]
    at: Moment | None = Field(None, description="For `publish` and `unpublish`; null is now.")


class ItemFieldProblem(View, json_schema_extra=FIELD):
    field: str
    message: str
    code: str


class ItemProblem(View, json_schema_extra=REFUSED):
    """Why one item was refused; a single call would have answered this."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[ItemFieldProblem]


class BulkResult(View, json_schema_extra=REFUSED):
    """`revision` is the one after the verb; null when the item is gone or was refused."""

    id: str
    status: int = Field(description="The status that a call for this item alone would have had.")
    code: str = Field(description="`ok`, or the code of the problem.")
    revision: int | None
    problem: ItemProblem | None


class BulkView(View):
    """One result per item, in the order of the request."""

    results: list[BulkResult]

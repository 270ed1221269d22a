"""Shapes that all published kinds share."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from cms.core.fields import Moment
from cms.core.paging import ListQuery, Query
from cms.core.shapes import Input, View
from cms.publishing.documents import Status


class DiffQuery(Query):
    to: int = Field(ge=1, description="The revision to compare with.")


class At(Input):
    """When the verb takes effect; null or no body means now."""

    at: Moment | None = None


class EditorView(View):
    id: str | None
    name: str


class AdminQuery(ListQuery):
    status: Status | None = Field(None, description="Everything but the trash when left out.")


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


class BulkItem(Input):
    id: Annotated[str, Field(max_length=100, examples=["6741c0de5b2f4a0012ab34ce"])]
    revision: Annotated[int, Field(ge=0, lt=10**15, description="The revision that was seen.")]


class BulkInput(Input):
    verb: BulkVerb
    items: Annotated[list[BulkItem], Field(min_length=1, max_length=100)]
    at: Moment | None = Field(None, description="For `publish` and `unpublish`; null is now.")


class ItemFieldProblem(View):
    field: str
    message: str
    code: str


class ItemProblem(View):
    """Why one item was refused; a single call would have answered this."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[ItemFieldProblem]


class BulkResult(View):
    """`revision` is the one after the verb; null when the item is gone or was refused."""

    id: str
    status: int = Field(description="The status that a call for this item alone would have had.")
    code: str = Field(description="`ok`, or the code of the problem.")
    revision: int | None
    problem: ItemProblem | None


class BulkView(View):
    """One result per item, in the order of the request."""

    results: list[BulkResult]

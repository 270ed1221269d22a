"""Shapes of revisions, differences and the audit log."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from cms.accounts.documents import Door
from cms.core.paging import Listing, ListQuery
from cms.core.shapes import View

Operation = Literal["equal", "insert", "delete"]


class EditorView(View):
    id: str | None
    name: str


class RevisionSummary(View):
    """`number` is the revision that the write made; `why` says which one a restore brought back."""

    number: int
    at: datetime
    by: EditorView
    door: Door
    verb: str
    why: str | None


class RevisionView(RevisionSummary):
    """`content` holds every field that an author writes, as it was."""

    content: dict[str, Any]


class Span(View):
    op: Operation
    text: str


class FieldDifference(View):
    """`words` tells long texts apart word by word; other fields are shown before and after."""

    field: str
    before: Any = None
    after: Any = None
    words: list[Span] | None = None


class Difference(View):
    from_number: int
    to_number: int
    fields: list[FieldDifference]


class ChangeView(View):
    field: str
    before: Any = None
    after: Any = None


class AuditView(View):
    id: str
    kind: str
    item_id: str
    title: str
    at: datetime
    by: EditorView
    door: Door
    verb: str
    why: str | None
    revision: int
    changes: list[ChangeView]


class AuditQuery(ListQuery):
    item: Annotated[str, Field(pattern="^[0-9a-f]{24}$")] | None = Field(
        None, description="Only what was done to the item with this id."
    )


class RevisionList(Listing[RevisionSummary]):
    pass


class AuditList(Listing[AuditView]):
    pass

"""Shapes of revisions, differences and the audit log."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import Field
from pydantic.config import JsonDict

from cms.accounts.documents import Door
from cms.core.paging import Listing, ListQuery
from cms.core.shapes import View

# One save for the examples of the documentation; each shape shows what it has of it.
SAVE: Final[JsonDict] = {
    "examples": [
        {
            "id": "674000000000000000000005",
            "number": 7,
            "kind": "article",
            "item_id": "674000000000000000000003",
            "title": "Apa itu backend developer?",
            "at": "2026-03-14T02:00:00Z",
            "door": "session",
            "verb": "updated",
            "why": "revision 5",
            "revision": 7,
            "content": {"title": "Apa itu backend developer?", "lang": "id"},
            "from_number": 5,
            "to_number": 7,
        }
    ]
}
WORDS: Final[JsonDict] = {
    "examples": [
        {"field": "markdown", "before": None, "after": None, "op": "insert", "text": "kata"}
    ]
}
Operation = Literal["equal", "insert", "delete"]


class EditorView(View):
    id: str | None
    name: Annotated[str, Field(examples=["Rani Wulandari"])]


class RevisionSummary(View, json_schema_extra=SAVE):
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


class Span(View, json_schema_extra=WORDS):
    op: Operation
    text: str


class FieldDifference(View, json_schema_extra=WORDS):
    """`words` tells long texts apart word by word; other fields are shown before and after."""

    field: str
    before: Any = None
    after: Any = None
    words: list[Span] | None = None


class Difference(View, json_schema_extra=SAVE):
    from_number: int
    to_number: int
    fields: list[FieldDifference]


class ChangeView(View, json_schema_extra=WORDS):
    field: str
    before: Any = None
    after: Any = None


class AuditView(View, json_schema_extra=SAVE):
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

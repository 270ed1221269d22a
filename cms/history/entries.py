"""What one write leaves behind: who, when, what changed, what readers notice. Pure."""

from datetime import datetime
from typing import Any, Literal

from beanie import PydanticObjectId
from bson import ObjectId
from pydantic import BaseModel

from cms.accounts.documents import Door

Row = dict[str, Any]
EventType = Literal["published", "updated", "unpublished", "deleted"]
# Kept by the revision itself; an audit record stays small.
LONG_FIELDS = {"markdown", "bio_markdown"}


class Editor(BaseModel):
    """Who wrote; `id` is null for the command line."""

    id: PydanticObjectId | None
    name: str


class EventBody(BaseModel):
    """What readers will notice, and whose caches it makes wrong."""

    type: EventType
    slug: str
    old_slug: str | None = None
    lang: str
    keys: list[str]
    paths: list[str]


class Change(BaseModel):
    """One field before and after; long texts are kept by the revision alone."""

    field: str
    before: Any = None
    after: Any = None


class Entry(BaseModel):
    """What one write leaves behind, carried inside the document until the relay moves it out.

    `revision_id` is shared by a burst of autosaves, so that they become one revision.
    """

    id: PydanticObjectId
    at: datetime
    by: Editor
    door: Door
    verb: str
    why: str | None = None
    revision: int
    revision_id: PydanticObjectId | None = None
    content: Row | None = None
    changes: list[Change] = []
    event: EventBody | None = None


def changed(before: Row | None, after: Row) -> list[Change]:
    """The fields that differ; of what is new or gone, those that say something."""
    old = before or {}
    fields = {name: (old.get(name), after.get(name)) for name in (*after, *old)}
    return [
        Change(field=name) if name in LONG_FIELDS else Change(field=name, before=was, after=value)
        for name, (was, value) in fields.items()
        if was != value and (was or value or (before and after))
    ]


def new_id() -> PydanticObjectId:
    return PydanticObjectId(ObjectId())

"""What one write leaves behind: who, when, what changed, what readers notice. Pure."""

from collections.abc import Sequence
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
# One event names so many others that changed with it; more take more events.
MOST_ITEMS = 50


class Editor(BaseModel):
    """Who wrote; `id` is null for the command line."""

    id: PydanticObjectId | None
    name: str


class EventBody(BaseModel):
    """What readers will notice, and whose caches it makes wrong.

    `slug` is what the thing stands under: of a redirect, its path. `keys` name nothing that readers
    never saw. `items` are others, such as `article:<id>`, that
    show what changed and so changed with it.
    """

    type: EventType
    slug: str
    old_slug: str | None = None
    lang: str
    keys: list[str]
    paths: list[str]
    items: list[str] = []


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
    # The continuation of another entry's event: the audit has that one.
    is_more: bool = False


def spread(entry: Entry, items: Sequence[str]) -> list[Entry]:
    """The entry and as many more as it takes to name all items that changed with it.

    The pages are named once: a document carries all of these until the relay comes.
    """
    if entry.event is None or not items:
        return [entry]
    first, *more = [list(items[at : at + MOST_ITEMS]) for at in range(0, len(items), MOST_ITEMS)]
    told = entry.model_copy(update={"event": entry.event.model_copy(update={"items": first})})
    kept: Row = {"content": None, "changes": [], "is_more": True}
    bodies = [entry.event.model_copy(update={"items": it, "paths": []}) for it in more]
    return [
        told,
        *(entry.model_copy(update={**kept, "id": new_id(), "event": body}) for body in bodies),
    ]


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

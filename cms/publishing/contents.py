"""The contents of a published thing: what is written, what is live, what comes next. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from beanie import PydanticObjectId
from pydantic import BaseModel

from cms.core.db import NEVER
from cms.history.entries import Editor


class SlugTaken(Exception):
    """Another document of the kind holds the slug, now or from before."""


class LanguageTaken(Exception):
    """The group of translations has one in this language already."""


class Content(BaseModel):
    """What an author writes, whatever the kind.

    `translation_of` is the id of the group's source; a source itself has none. `WORDS` are the
    fields that a translation has to say in its own language.
    """

    WORDS: ClassVar[tuple[str, ...]] = ("title", "markdown")
    title: str
    slug: str
    lang: str
    markdown: str
    translation_of: str | None = None

    def words(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.WORDS)


class Window(BaseModel):
    """When readers see the live content: `publish_at <= now < unpublish_at`.

    `media_ids` are all items that it names, so that one query joins them.
    """

    slug: str
    html: str
    group_id: PydanticObjectId | None = None
    text_at: datetime | None = None
    media_ids: list[str] = []
    publish_at: datetime
    unpublish_at: datetime = NEVER
    updated_at: datetime


class Burst(BaseModel):
    """A run of autosaves by one person, which becomes one revision."""

    id: PydanticObjectId
    by: Editor
    started_at: datetime


ContentT = TypeVar("ContentT", bound=Content)
LiveT = TypeVar("LiveT", bound=Window)


class Next(BaseModel, Generic[LiveT]):
    """A change that goes live at `at`, frozen when it was scheduled."""

    at: datetime
    live: LiveT


def taken(details: Mapping[str, Any] | None, slug: str) -> Exception:
    """Which unique index refused a write, by what the database tells of it."""
    keys = (details or {}).get("keyPattern", {})
    return LanguageTaken() if "group_id" in keys else SlugTaken(slug)

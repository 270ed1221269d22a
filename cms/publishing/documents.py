"""What every published kind stores: a working copy, what is live, and the slugs of both."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Self, TypeVar

from beanie import Document, PydanticObjectId
from pydantic import BaseModel
from pymongo.errors import DuplicateKeyError

from cms.core.db import NEVER


class Status(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    TRASHED = "trashed"


class SlugTaken(Exception):
    """Another document of the kind holds the slug, now or from before."""


class Editor(BaseModel):
    """Who wrote last; `id` is null for the command line."""

    id: PydanticObjectId | None
    name: str


class Content(BaseModel):
    """What an author writes, whatever the kind."""

    title: str
    slug: str
    lang: str


class Window(BaseModel):
    """When readers see the live content: `publish_at <= now < unpublish_at`."""

    slug: str
    publish_at: datetime
    unpublish_at: datetime = NEVER
    updated_at: datetime


ContentT = TypeVar("ContentT", bound=Content)
LiveT = TypeVar("LiveT", bound=Window)


class Published(Document, Generic[ContentT, LiveT]):
    """The lifecycle of one published thing; moves are pure and return a changed copy.

    `slugs` holds the working, the live and all former slugs, and stands under a unique index, so
    that an address never comes to mean something else. `status` is derived, never stored.
    """

    revision: int = 1
    slugs: list[str]
    former_slugs: list[str] = []
    owner_id: PydanticObjectId | None
    created_at: datetime
    updated_at: datetime
    updated_by: Editor
    trashed_at: datetime | None = None
    working: ContentT
    live: LiveT | None = None

    def status(self, now: datetime) -> Status:
        if self.trashed_at is not None:
            return Status.TRASHED
        if self.live is None:
            return Status.DRAFT
        if now < self.live.publish_at:
            return Status.SCHEDULED
        return Status.PUBLISHED if now < self.live.unpublish_at else Status.UNPUBLISHED

    def is_readable(self, now: datetime) -> bool:
        return self.live is not None and self.live.publish_at <= now < self.live.unpublish_at

    def has_unpublished_changes(self) -> bool:
        """Whether the working copy says something else than what is (or was) live."""
        if self.live is None:
            return False
        live = self.live.model_dump()
        return any(live[name] != value for name, value in self._comparable(self.working).items())

    def _comparable(self, content: ContentT) -> dict[str, Any]:
        """The working fields that the live content keeps under the same name."""
        return content.model_dump()

    def edited(self, content: ContentT, editor: Editor, now: datetime) -> Self:
        return self._moved(editor, now, working=content)

    def published(self, live: LiveT, editor: Editor, now: datetime) -> Self:
        """Working becomes live; a slug that readers knew stays theirs for ever."""
        former = [slug for slug in self.former_slugs if slug != live.slug]
        before = self.live
        was_seen = before is not None and before.publish_at <= now
        if before is not None and was_seen and before.slug not in {live.slug, *former}:
            former.append(before.slug)
        return self._moved(editor, now, live=live, former_slugs=former)

    def unpublished(self, at: datetime, editor: Editor, now: datetime) -> Self:
        """Readers lose it at `at`; what was only scheduled goes back to being a draft."""
        if self.live is None or (self.live.publish_at > now and at <= now):
            return self._moved(editor, now, live=None)
        return self._moved(editor, now, live=self.live.model_copy(update={"unpublish_at": at}))

    def trashed(self, editor: Editor, now: datetime) -> Self:
        gone = self.unpublished(now, editor, now) if self.is_live_or_scheduled(now) else self
        changes = {"trashed_at": now, "updated_at": now, "updated_by": editor}
        moved: Self = gone.model_copy(update=changes)
        return moved

    def restored(self, editor: Editor, now: datetime) -> Self:
        return self._moved(editor, now, trashed_at=None)

    def is_live_or_scheduled(self, now: datetime) -> bool:
        return self.live is not None and now < self.live.unpublish_at

    def _moved(self, editor: Editor, now: datetime, **changes: Any) -> Self:
        changes = {"updated_at": now, "updated_by": editor, **changes}
        moved = self.model_copy(update=changes)
        held = [moved.working.slug, *([moved.live.slug] if moved.live else []), *moved.former_slugs]
        kept: Self = moved.model_copy(update={"slugs": list(dict.fromkeys(held))})
        return kept

    async def create(self) -> Self:  # type: ignore[override]  # Beanie's takes a session
        """Insert.

        Raises:
            SlugTaken: another one has the slug.
        """
        try:
            await self.insert()
        except DuplicateKeyError as error:
            raise SlugTaken(self.working.slug) from error
        return self

    async def replace_guarded(self, after: Self) -> Self | None:
        """Write what `after` changed if the revision still stands; None if it does not.

        Raises:
            SlugTaken: another one has the slug.
        """
        before, now_is = self._stored(), after._stored()
        changes = {name: value for name, value in now_is.items() if before[name] != value}
        try:
            written = await self.get_pymongo_collection().update_one(
                {"_id": self.id, "revision": self.revision},
                {"$set": changes, "$inc": {"revision": 1}},
            )
        except DuplicateKeyError as error:
            raise SlugTaken(after.working.slug) from error
        if written.matched_count == 0:
            return None
        written_as: Self = after.model_copy(update={"revision": self.revision + 1})
        return written_as

    async def delete_guarded(self) -> bool:
        gone = await self.get_pymongo_collection().delete_one(
            {"_id": self.id, "revision": self.revision}
        )
        return gone.deleted_count == 1

    def _stored(self) -> dict[str, Any]:
        stored: dict[str, Any] = self.model_dump(exclude={"id", "revision"})
        return stored

    @classmethod
    async def by_id(cls, ident: PydanticObjectId) -> Self | None:
        return await cls.find_one({"_id": ident})

    @classmethod
    async def any_exists(cls) -> bool:
        return await cls.get_pymongo_collection().find_one({}, {"_id": 1}) is not None

    @classmethod
    async def taken_slugs(cls, wanted: Sequence[str]) -> set[str]:
        """Which of the wanted slugs somebody holds."""
        rows = cls.get_pymongo_collection().find(
            {"slugs": {"$in": list(wanted)}}, {"slugs": 1, "_id": 0}
        )
        return {slug async for row in rows for slug in row["slugs"]}


def readable(now: datetime) -> dict[str, Any]:
    """What anonymous readers may see, as a filter; no worker has to be alive for it to be true."""
    return {"live.publish_at": {"$lte": now}, "live.unpublish_at": {"$gt": now}}


def in_status(status: Status | None, now: datetime) -> dict[str, Any]:
    """`Published.status` as a filter; None is everything but the trash."""
    match status:
        case None:
            return {"trashed_at": None}
        case Status.TRASHED:
            return {"trashed_at": {"$ne": None}}
        case Status.DRAFT:
            return {"trashed_at": None, "live": None}
        case Status.SCHEDULED:
            return {"trashed_at": None, "live.publish_at": {"$gt": now}}
        case Status.PUBLISHED:
            return {"trashed_at": None, **readable(now)}
        case Status.UNPUBLISHED:
            return {
                "trashed_at": None,
                "live.publish_at": {"$lte": now},
                "live.unpublish_at": {"$lte": now},
            }

"""What every published kind stores: a working copy, what is live and next, the slugs of all."""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, Self

from beanie import PydanticObjectId
from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from cms.core.db import NEVER
from cms.core.paging import Keyset, ListQuery, windowed
from cms.history.entries import Editor, Entry
from cms.media import documents as media
from cms.publishing import languages, lists, pictured
from cms.publishing.contents import Burst, ContentT, LiveT, Next, Window, taken
from cms.publishing.groups.documents import Grouped, group_of
from cms.publishing.languages import LanguageFilter
from cms.publishing.rows import ADDRESS, PICTURED, AdminFilter, Status, dated, readable
from cms.publishing.windows import Planned, boundaries, held_media, held_slugs
from cms.removals.documents import Remains
from cms.retries.documents import AlreadyMade, is_about_id
from cms.site.documents import Site

Row = dict[str, Any]
BY_CHANGE = Keyset("updated_at", descending=True)
MOST_OVERDUE = 1000
# What no author would notice: left out of the comparison that makes up a write.
UNSEEN = {"id", "revision", "pending"}


class Published(Grouped, Generic[ContentT, LiveT]):
    """The lifecycle of one published thing; moves are pure and return a changed copy.

    `slugs` holds the working, live, next and all former slugs, and stands under a unique index,
    so that an address never comes to mean something else. `status` is derived, never stored.
    `pending` holds what writes leave behind until the relay moves it out; `announce_at` is the
    next moment at which time alone changes what readers see. `announced` are those of its moments
    that were told already: a clock that is set back must not make them told again.
    """

    IS_FORGOTTEN: ClassVar[bool] = True
    revision: int = 1
    slugs: list[str]
    former_slugs: list[str] = []
    owner_id: PydanticObjectId | None
    updated_at: datetime
    updated_by: Editor
    trashed_at: datetime | None = None
    working: ContentT
    live: LiveT | None = None
    next: Next[LiveT] | None = None
    burst: Burst | None = None
    announce_at: datetime | None = None
    announced: list[datetime] = []
    media_refs: list[str] = []

    @property
    def heading(self) -> str:
        title: str = self.working.title
        return title

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

    def is_known(self, now: datetime) -> bool:
        """Whether readers see it, or were told so before the clock was set back."""
        live = self.live
        return (
            live is not None
            and now < live.unpublish_at
            and (live.publish_at <= now or live.publish_at in self.announced)
        )

    def is_live_or_scheduled(self, now: datetime) -> bool:
        return self.live is not None and now < self.live.unpublish_at

    def has_unpublished_changes(self) -> bool:
        """Whether the working copy says something else than what is, was or will be live."""
        shown = self.next.live if self.next else self.live
        if shown is None:
            return False
        live = shown.model_dump()
        return any(live[name] != value for name, value in self.working.model_dump().items())

    def edited(
        self, content: ContentT, editor: Editor, now: datetime, burst: Burst | None = None
    ) -> Self:
        reworded = {"text_at": now} if content.words() != self.working.words() else {}
        return self._moved(editor, now, working=content, burst=burst, **reworded)

    def confirmed(self, editor: Editor, now: datetime) -> Self:
        """The translation says what its source says now."""
        return self._moved(editor, now, text_at=now)

    def published(self, live: LiveT, editor: Editor, now: datetime) -> Self:
        """Working becomes live; a slug that readers knew stays theirs for ever."""
        return self._moved(editor, now, **self._going_live(live, now), next=None)

    def change_scheduled(self, change: Next[LiveT], editor: Editor, now: datetime) -> Self:
        """What is live stays until the change's time comes."""
        return self._moved(editor, now, next=change)

    def unscheduled(self, what: Collection[Planned], editor: Editor, now: datetime) -> Self:
        """What was planned does not happen; what readers see stays."""
        changes: Row = {"next": None} if "change" in what else {}
        if self.live is not None and "unpublish" in what:
            changes["live"] = self.live.model_copy(update={"unpublish_at": NEVER})
        if "publish" in what:
            changes = {"live": None, "next": None}
        return self._moved(editor, now, **changes)

    def unpublished(self, at: datetime, editor: Editor, now: datetime) -> Self:
        """Readers lose it at `at`; what they would never have seen goes back to being a draft."""
        if self.live is None or (self.live.publish_at > now and at <= self.live.publish_at):
            return self._moved(editor, now, live=None, next=None)
        end = {"unpublish_at": at}
        live, coming = self.live.model_copy(update=end), None
        if self.next is not None and self.next.at < at:
            # The change that comes before the end must not undo it.
            ending = self.next.live.model_copy(update=end)
            coming = self.next.model_copy(update={"live": ending})
        return self._moved(editor, now, live=live, next=coming)

    def trashed(self, editor: Editor, now: datetime) -> Self:
        gone = self.unpublished(now, editor, now) if self.is_live_or_scheduled(now) else self
        changes = {"trashed_at": now, "updated_at": now, "updated_by": editor, "burst": None}
        moved: Self = gone.model_copy(update=changes)
        return moved

    def restored(self, editor: Editor, now: datetime) -> Self:
        return self._moved(editor, now, trashed_at=None)

    def passed(self, moment: datetime) -> Self:
        """The copy after time alone has passed `moment`, which is this copy's `announce_at`."""
        changes: Row = {}
        if self.next is not None and self.next.at <= moment:
            changes = {**self._going_live(self.next.live, moment), "next": None}
        return self._with(changes, moment)

    def _going_live(self, live: LiveT, now: datetime) -> Row:
        former = [slug for slug in self.former_slugs if slug != live.slug]
        before = self.live
        if (
            before is not None
            and before.publish_at <= now
            and before.slug not in {live.slug, *former}
        ):
            former.append(before.slug)
        return {"live": live, "former_slugs": former}

    def _moved(self, editor: Editor, now: datetime, **changes: Any) -> Self:
        changes = {"updated_at": now, "updated_by": editor, "burst": None, **changes}
        return self._with(changes, now)

    def _with(self, changes: Row, now: datetime) -> Self:
        """A copy with the changes and what follows from them."""
        moved: Self = self.model_copy(update=changes)
        if moved.live is not None:
            shown = {"media_ids": pictured.named_by(moved.live)}
            moved = moved.model_copy(update={"live": moved.live.model_copy(update=shown)})
        moments = boundaries(moved)
        told = [at for at in moments if at <= now or at in self.announced]
        derived: Row = {
            "slugs": held_slugs(moved),
            "media_refs": held_media(moved),
            "announced": told,
            "announce_at": min((at for at in moments if at not in told), default=None),
        }
        if moved.id is not None:
            derived["group_id"] = group_of(moved.working, moved.id)
        kept: Self = moved.model_copy(update=derived)
        return kept

    async def create(self) -> Self:  # type: ignore[override]  # Beanie's takes a session
        """Insert.

        Raises:
            SlugTaken: another one has the slug.
            AlreadyMade: one has the very id.
            LanguageTaken: another translation has the language.
        """
        self.id = self.id or PydanticObjectId(ObjectId())
        self.group_id = group_of(self.working, self.id)
        self.text_at = self.created_at
        self.media_refs = held_media(self)
        try:
            await self.insert()
        except DuplicateKeyError as error:
            if is_about_id(error):
                raise AlreadyMade from error
            raise taken(error.details, self.working.slug) from error
        return self

    async def replace_guarded(self, after: Self, entry: Entry) -> Self | None:
        """Write what `after` changed, and the entry with it, if nobody was faster; else None.

        `announce_at` is guarded beside the revision, since the clock writes without raising it.

        Raises:
            SlugTaken: another one has the slug.
            LanguageTaken: another translation has the language.
        """
        try:
            written = await self.get_pymongo_collection().update_one(
                {"_id": self.id, "revision": self.revision, "announce_at": self.announce_at},
                {
                    "$set": self._difference(after),
                    "$inc": {"revision": 1},
                    "$push": {"pending": entry.model_dump()},
                },
            )
        except DuplicateKeyError as error:
            raise taken(error.details, after.working.slug) from error
        if written.matched_count == 0:
            return None
        moved: Self = after.model_copy(
            update={"revision": self.revision + 1, "pending": [*self.pending, entry]}
        )
        return moved

    async def pass_guarded(self, after: Self, entry: Entry) -> bool:
        """Write what time alone did; no revision rises, since no author did anything."""
        written = await self.get_pymongo_collection().update_one(
            {"_id": self.id, "revision": self.revision, "announce_at": self.announce_at},
            {"$set": self._difference(after), "$push": {"pending": entry.model_dump()}},
        )
        return written.matched_count == 1

    async def delete_guarded(self, kind: str, entry: Entry) -> Remains | None:
        """Remove it and leave behind what is still to be told and forgotten, in one transaction."""
        return await Remains.take_away(self, {"revision": self.revision}, kind, entry)

    def _difference(self, after: Self) -> Row:
        before, now_is = self.model_dump(exclude=UNSEEN), after.model_dump(exclude=UNSEEN)
        return {name: value for name, value in now_is.items() if before[name] != value}

    @classmethod
    async def by_id(cls, ident: PydanticObjectId) -> Self | None:
        return await cls.find_one({"_id": ident})

    @classmethod
    async def list_admin(
        cls, wanted: "AdminFilter", order: Keyset, params: ListQuery, now: datetime
    ) -> list[Row]:
        return await cls.aggregate(order.stages(wanted.match(now), params)).to_list()

    @classmethod
    async def count_admin(cls, wanted: "AdminFilter", now: datetime) -> int:
        return await cls.get_pymongo_collection().count_documents(wanted.match(now))

    @classmethod
    async def list_shown(
        cls,
        wanted: LanguageFilter,
        order: Keyset,
        params: ListQuery,
        now: datetime,
        projection: Mapping[str, Any],
    ) -> list[Row]:
        """One query: the page, the total if asked, the site's row.

        With fallback languages, a last page may take two.
        """
        collection = cls.get_pymongo_collection()

        async def read(window: int | None) -> list[Row]:
            stages = lists.public_list(
                collection.name, order, wanted, params, now, projection=projection, window=window
            )
            return await cls.aggregate(stages).to_list()

        if not wanted.fallbacks:
            return await read(None)
        return await windowed(params, read, collection.estimated_document_count)

    @classmethod
    async def find_shown(
        cls,
        slug: str,
        projection: Mapping[str, Any],
        now: datetime,
        preview: Window | None = None,
    ) -> list[Row]:
        """One query: whoever holds the slug, readable or not, its translations, the site's row.

        The caller must check `is_readable_row`: the query can't, since a former slug of
        something readable and the working slug of something hidden stand in the same index.
        With `preview`, that stands in for what is live, so that a preview is made like the real
        thing.
        """
        shown = [{"$set": {"live": {"$literal": preview.model_dump()}}}] if preview else []
        stages = [
            {"$match": {"slugs": slug}},
            *shown,
            {"$project": {**projection, **cls.joined_fields(), **ADDRESS}},
            *cls.joins(now),
            *Site.LOOKUP,
        ]
        return await cls.aggregate(stages).to_list()

    @classmethod
    def joined_fields(cls) -> Row:
        """What the joins of a single read start from."""
        return {**PICTURED, **languages.GROUP}

    @classmethod
    def joins(cls, now: datetime) -> list[Row]:
        """Stages that join what a single read refers to."""
        return [media.cards("media_ids"), languages.joined(cls.get_collection_name(), now)]

    @classmethod
    async def find_source(cls, slug: str, now: datetime) -> Row | None:
        """The live Markdown as it was written, under its present slug."""
        return await cls.get_pymongo_collection().find_one(
            {"slugs": slug, "live.slug": slug, **readable(now)},
            {"live.markdown": 1, "live.updated_at": 1},
        )

    @classmethod
    async def any_exists(cls) -> bool:
        return await cls.get_pymongo_collection().find_one({}, {"_id": 1}) is not None

    @classmethod
    def waits(cls, now: datetime) -> list[Row]:
        return [*super().waits(now), {"announce_at": dated("$lte", now)}]

    @classmethod
    async def due(cls, now: datetime, limit: int = 100) -> list[Self]:
        """Those at which time alone changed something that nobody announced yet."""
        return (
            await cls.find({"announce_at": dated("$lte", now)})
            .sort("announce_at")
            .limit(limit)
            .to_list()
        )

    @classmethod
    async def moments(cls, now: datetime) -> tuple[datetime | None, datetime]:
        """The last moment up to now that is not announced, and the first one after now."""
        collection = cls.get_pymongo_collection()
        ahead = await collection.find_one(
            {"announce_at": dated("$gt", now)}, {"announce_at": 1}, sort=[("announce_at", 1)]
        )
        fields = {"live.publish_at": 1, "live.unpublish_at": 1}
        overdue = collection.find({"announce_at": dated("$lte", now)}, fields)
        rows = [row["live"] async for row in overdue.limit(MOST_OVERDUE + 1)]
        known = [at for row in rows for at in (row["publish_at"], row["unpublish_at"])]
        following = [ahead["announce_at"]] if ahead else []
        following += [at for at in known if at > now]
        if len(rows) > MOST_OVERDUE:  # a relay that stands still for long: look again soon
            following.append(now + timedelta(seconds=1))
        return max((at for at in known if at <= now), default=None), min(following, default=NEVER)

    @classmethod
    async def working_copies(cls, slug: str | None) -> AsyncIterator[Self]:
        """Those outside the trash, or the one that holds the slug."""
        match: Row = {"trashed_at": None, **({"slugs": slug} if slug is not None else {})}
        async for document in cls.find(match).sort("_id"):
            yield document

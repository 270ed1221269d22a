"""What is stored of tags and series: content refers to their slugs, people read their names."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from beanie import PydanticObjectId
from pydantic import BaseModel
from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from cms.core import events, references
from cms.core.events import Changed
from cms.core.paging import Keyset, ListQuery, windowed
from cms.core.places import Place
from cms.history.documents import Carrier
from cms.history.entries import Entry, spread
from cms.removals.documents import Remains, Replaced
from cms.retries.documents import AlreadyMade, is_about_id
from cms.site.documents import Site
from cms.tallies import documents as tallies

Row = dict[str, Any]
BY_SLUG = Keyset("slug", kind="text")
INTERNAL = "#"
# Slugs of public tags start with a letter or digit, all of which come after `#`: a range of the
# index, so that no public query ever reads an internal tag.
PUBLIC: Row = {"slug": {"$gte": "0"}}


def is_internal(slug: str) -> bool:
    """Whether this is a tag for the desk alone, such as `#campaign`."""
    return slug.startswith(INTERNAL)


class NewTag(BaseModel):
    slug: str
    name: str
    description: str = ""


class Word(Carrier):
    """What tags and series share: a slug that content refers to, and a revision."""

    # Where `core.references` knows its users, and what its past is filed as.
    REFERRED: ClassVar[str]
    KIND: ClassVar[str]
    revision: int = 1
    slug: str
    description: str = ""
    created_at: datetime
    updated_at: datetime

    @classmethod
    async def by_slug(cls, slug: str) -> Self | None:
        return await cls.find_one({"slug": slug})

    @classmethod
    async def by_id(cls, ident: PydanticObjectId) -> Self | None:
        return await cls.find_one({"_id": ident})

    async def replace_guarded(self, after: Self, entry: Entry) -> Self | None:
        """None when somebody saved in between; a new slug is taken over by what has the old one.

        The entry's event is kept only if readers see something that refers to it.

        Raises:
            DuplicateKeyError: another one has the slug.
        """
        values = after.model_dump(exclude={"id", "revision", "pending"})
        collection = self.get_pymongo_collection()
        is_moved = after.slug != self.slug

        async def write(session: AsyncClientSession) -> list[Entry]:
            shown = await references.items(self.REFERRED, [self.slug], session)
            told = entry if shown else entry.model_copy(update={"event": None})
            left = spread(told, shown if is_moved else [])
            pushed = {"$push": {"pending": {"$each": [each.model_dump() for each in left]}}}
            written = await collection.update_one(
                {"_id": self.id, "revision": self.revision},
                {"$set": values, "$inc": {"revision": 1}, **pushed},
                session=session,
            )
            if written.matched_count and is_moved:
                await references.rename(self.REFERRED, self.slug, after.slug, session)
            return left if written.matched_count else []

        async with collection.database.client.start_session() as session:
            left = await session.with_transaction(write)
        if not left:
            return None
        carried = {"revision": self.revision + 1, "pending": [*self.pending, *left]}
        written_as: Self = after.model_copy(update=carried)
        return written_as

    async def let_go(self, into: str | None, entry: Entry) -> Remains | None:
        """Delete it unless somebody saved in between; what referred to it refers to `into`."""
        return await Remains.take_away(
            self,
            {"revision": self.revision},
            self.KIND,
            entry,
            replaced=Replaced(self.REFERRED, self.slug, into, by_use=True),
            forgets=False,
        )


class Tag(Word):
    REFERRED: ClassVar[str] = "tags"
    KIND: ClassVar[str] = "tag"
    name: str

    class Settings:
        name = "tags"

    @property
    def heading(self) -> str:
        return self.name

    async def add(self) -> Self:
        """Insert, unless one with the slug is there: that one stays as it is."""
        try:
            await self.insert()
        except DuplicateKeyError:
            return await self.by_slug(self.slug) or self
        return self

    async def drain(self, kind: str) -> None:
        """As of all; and what carries a renamed tag is found by its new name from now on."""
        if any(change.field == "name" for entry in self.pending for change in entry.changes):
            for user in await references.users("tags", self.slug):
                ident = PydanticObjectId(user.id)
                await events.announce(Changed(user.kind, ident, is_thorough=True))
        await super().drain(kind)

    @classmethod
    async def public_names(cls, slugs: Sequence[str]) -> dict[str, str]:
        """The names of those tags that readers may know of."""
        if not slugs:
            return {}
        rows = cls.get_pymongo_collection().find({"slug": {"$in": list(slugs)}})
        return {row["slug"]: row["name"] async for row in rows if not row["name"].startswith("#")}

    @classmethod
    async def ensure(cls, tags: Sequence[NewTag], now: datetime) -> None:
        """Make the tags that are missing; what is there already stays as it is."""
        if not tags:
            return
        await cls.get_pymongo_collection().bulk_write(
            [
                UpdateOne(
                    {"slug": tag.slug},
                    {
                        "$setOnInsert": {
                            **tag.model_dump(exclude={"slug"}),
                            "revision": 1,
                            "pending": [],
                            "created_at": now,
                            "updated_at": now,
                        }
                    },
                    upsert=True,
                )
                for tag in tags
            ],
            ordered=False,
        )

    @classmethod
    async def present(cls, slugs: Collection[str]) -> set[str]:
        """Those of the slugs that a tag has."""
        found = cls.get_pymongo_collection().find(
            {"slug": {"$in": list(slugs)}}, {"_id": 0, "slug": 1}
        )
        return {row["slug"] async for row in found}

    @classmethod
    async def find_places(cls, slugs: Collection[str], _now: datetime) -> dict[str, Place]:
        return {slug: Place(slug, None) for slug in await cls.present(slugs)}

    @classmethod
    async def list_public(cls, params: ListQuery, now: datetime) -> list[Row]:
        """Only tags of public articles: a tag of a draft alone would betray the draft."""

        async def read(window: int | None) -> list[Row]:
            narrowing = _counted("tags", now, window)
            return await tallies.read(cls, BY_SLUG.stages(PUBLIC, params, narrowing))

        return await windowed(params, read, cls.get_pymongo_collection().estimated_document_count)

    @classmethod
    async def find_public(cls, slug: str, now: datetime) -> Row | None:
        if is_internal(slug):
            return None
        stages = [{"$match": {"slug": slug}}, *references.public_count("tags", now)]
        rows = await tallies.read(cls, [*stages, {"$match": {"articles_count": {"$gt": 0}}}])
        return rows[0] if rows else None

    @classmethod
    async def list_all(cls, params: ListQuery) -> list[Row]:
        return await cls.aggregate(BY_SLUG.stages({}, params)).to_list()


def _counted(collection: str, now: datetime, window: int | None) -> list[Row]:
    """Stages that keep rows of public articles, with their number, out of a window if any."""
    first: list[Row] = [{"$limit": window}] if window is not None else []
    counted = references.public_count(collection, now)
    return [*first, *counted, {"$match": {"articles_count": {"$gt": 0}}}]


def cards(slugs_field: str) -> Row:
    """A `$lookup` of `{slug, name}` for the public slugs in `slugs_field`, as `tag_cards`."""
    return {
        "$lookup": {
            "from": "tags",
            "localField": slugs_field,
            "foreignField": "slug",
            "pipeline": [{"$match": PUBLIC}, {"$project": {"_id": 0, "slug": 1, "name": 1}}],
            "as": "tag_cards",
        }
    }


class SeriesSlugTaken(Exception):
    """Another series has or had the slug."""


class Series(Word):
    """Articles that belong together in an order; `slugs` holds the present and all former slugs."""

    REFERRED: ClassVar[str] = "series"
    KIND: ClassVar[str] = "series"
    slugs: list[str]
    title: str

    class Settings:
        name = "series"

    @property
    def heading(self) -> str:
        return self.title

    @classmethod
    async def canonical_slug(cls, slug: str) -> str | None:
        """The present slug of the series that has or had this one."""
        row = await cls.get_pymongo_collection().find_one({"slugs": slug}, {"slug": 1, "_id": 0})
        return row["slug"] if row else None

    @classmethod
    async def taken_slugs(
        cls, wanted: Sequence[str], but_of: PydanticObjectId | None = None
    ) -> set[str]:
        """Which of the wanted slugs a series has or had, other than the one named."""
        rows = cls.get_pymongo_collection().find(
            {"slugs": {"$in": list(wanted)}, "_id": {"$ne": but_of}}, {"slugs": 1, "_id": 0}
        )
        return {slug async for row in rows for slug in row["slugs"]}

    async def create(self) -> "Series":  # type: ignore[override]  # Beanie's takes a session
        """Insert.

        Raises:
            SeriesSlugTaken: another series has it.
            AlreadyMade: one has the very id.
        """
        try:
            await self.insert()
        except DuplicateKeyError as error:
            if is_about_id(error):
                raise AlreadyMade from error
            raise SeriesSlugTaken(self.slug) from error
        return self

    async def replace_guarded(self, after: Self, entry: Entry) -> Self | None:
        """As of every word.

        Raises:
            SeriesSlugTaken: another series has the slug.
        """
        try:
            return await super().replace_guarded(after, entry)
        except DuplicateKeyError as error:
            raise SeriesSlugTaken(after.slug) from error

    @classmethod
    async def list_admin(cls, params: ListQuery) -> list[Row]:
        return await cls.aggregate(BY_SLUG.stages({}, params)).to_list()

    @classmethod
    async def list_public(cls, params: ListQuery, now: datetime, projection: Row) -> list[Row]:
        """The page of series that have public articles, and the site's row."""

        async def read(window: int | None) -> list[Row]:
            stages = [
                *BY_SLUG.stages({}, params, _counted("series", now, window)),
                {"$project": {**projection, "_key": 1}},
                *Site.LOOKUP,
            ]
            return await tallies.read(cls, stages)

        return await windowed(params, read, cls.get_pymongo_collection().estimated_document_count)

    @classmethod
    async def find_public(cls, slug: str, now: datetime, projection: Row) -> list[Row]:
        """One query: the series that has or had the slug, with its public articles."""
        stages = [
            {"$match": {"slugs": slug}},
            *references.public_count("series", now),
            {"$match": {"articles_count": {"$gt": 0}}},
            references.public_users("series", now),
            {"$project": projection},
            *Site.LOOKUP,
        ]
        return await tallies.read(cls, stages)


def series_cards(slug_field: str) -> Row:
    """A `$lookup` of `{slug, title}` for the slug in `slug_field`, as `series_cards`."""
    return {
        "$lookup": {
            "from": "series",
            "localField": slug_field,
            "foreignField": "slug",
            "pipeline": [{"$project": {"_id": 0, "slug": 1, "title": 1}}],
            "as": "series_cards",
        }
    }

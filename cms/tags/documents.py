"""What is stored of tags and series: content refers to their slugs, people read their names."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from beanie import Document
from pydantic import BaseModel
from pymongo import ReturnDocument, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from cms.core import references
from cms.core.paging import Keyset, ListQuery
from cms.core.places import Place
from cms.history.documents import Carrier, Entry, Remains, spread
from cms.site.documents import Site

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


class Tag(Carrier):
    slug: str
    name: str
    description: str = ""
    created_at: datetime
    updated_at: datetime

    class Settings:
        name = "tags"

    @property
    def heading(self) -> str:
        return self.name

    @classmethod
    async def by_slug(cls, slug: str) -> "Tag | None":
        return await cls.find_one({"slug": slug})

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
    async def find_places(cls, slugs: Collection[str], _now: datetime) -> dict[str, Place]:
        rows = cls.get_pymongo_collection().find({"slug": {"$in": list(slugs)}}, {"slug": 1})
        return {row["slug"]: Place(row["slug"], None) async for row in rows}

    @classmethod
    async def change(cls, slug: str, values: Row, now: datetime, entry: Entry) -> "Tag | None":
        found = await cls.get_pymongo_collection().find_one_and_update(
            {"slug": slug},
            {"$set": {**values, "updated_at": now}, "$push": {"pending": entry.model_dump()}},
            return_document=ReturnDocument.AFTER,
        )
        return cls.model_validate(found) if found else None

    @classmethod
    async def let_go(cls, slug: str, into: str | None, now: datetime, entry: Entry) -> bool:
        """Delete it, and let all that carries it carry `into`, or nothing, in one transaction."""
        return await _let_go(cls, ("tags", "tag"), {"slug": slug}, into, now=now, entry=entry)

    @classmethod
    async def list_public(cls, params: ListQuery, now: datetime) -> list[Row]:
        """Only tags of public articles: a tag of a draft alone would betray the draft."""
        narrowing = [
            *references.public_count("tags", now),
            {"$match": {"articles_count": {"$gt": 0}}},
        ]
        return await cls.aggregate(BY_SLUG.stages(PUBLIC, params, narrowing)).to_list()

    @classmethod
    async def find_public(cls, slug: str, now: datetime) -> Row | None:
        if is_internal(slug):
            return None
        stages = [{"$match": {"slug": slug}}, *references.public_count("tags", now)]
        rows = await cls.aggregate([*stages, {"$match": {"articles_count": {"$gt": 0}}}]).to_list()
        return rows[0] if rows else None

    @classmethod
    async def list_all(cls, params: ListQuery) -> list[Row]:
        return await cls.aggregate(BY_SLUG.stages({}, params)).to_list()


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


class Series(Carrier):
    """Articles that belong together in an order; `slugs` holds the present and all former slugs."""

    revision: int = 1
    slug: str
    slugs: list[str]
    title: str
    description: str
    created_at: datetime
    updated_at: datetime

    class Settings:
        name = "series"

    @property
    def heading(self) -> str:
        return self.title

    @classmethod
    async def by_slug(cls, slug: str) -> "Series | None":
        return await cls.find_one({"slug": slug})

    @classmethod
    async def canonical_slug(cls, slug: str) -> str | None:
        """The present slug of the series that has or had this one."""
        row = await cls.get_pymongo_collection().find_one({"slugs": slug}, {"slug": 1, "_id": 0})
        return row["slug"] if row else None

    async def create(self) -> "Series":  # type: ignore[override]  # Beanie's takes a session
        """Insert.

        Raises:
            SeriesSlugTaken: another series has it.
        """
        try:
            await self.insert()
        except DuplicateKeyError as error:
            raise SeriesSlugTaken(self.slug) from error
        return self

    async def replace_guarded(self, after: "Series", entry: Entry) -> "Series | None":
        """None when somebody saved in between; a new slug is taken over by the articles.

        The entry's event is kept only if readers see the series.

        Raises:
            SeriesSlugTaken: another series has it.
        """
        values = after.model_dump(exclude={"id", "revision", "pending"})
        collection = self.get_pymongo_collection()

        async def write(session: AsyncClientSession) -> bool:
            shown = await references.items("series", [self.slug], entry.at, session)
            told = entry if shown else entry.model_copy(update={"event": None})
            entries = spread(told, shown if after.slug != self.slug else [])
            written = await collection.update_one(
                {"_id": self.id, "revision": self.revision},
                {
                    "$set": values,
                    "$inc": {"revision": 1},
                    "$push": {"pending": {"$each": [item.model_dump() for item in entries]}},
                },
                session=session,
            )
            if written.matched_count and after.slug != self.slug:
                await references.rename("series", self.slug, after.slug, session)
            return written.matched_count == 1

        try:
            async with collection.database.client.start_session() as session:
                is_written = await session.with_transaction(write)
        except DuplicateKeyError as error:
            raise SeriesSlugTaken(after.slug) from error
        return after.model_copy(update={"revision": self.revision + 1}) if is_written else None

    async def let_go(self, into: str | None, now: datetime, entry: Entry) -> bool:
        """Delete it if nobody saved in between; its articles move to `into`, or to none."""
        match = {"_id": self.id, "revision": self.revision, "slug": self.slug}
        return await _let_go(type(self), ("series", "series"), match, into, now=now, entry=entry)

    @classmethod
    async def list_admin(cls, params: ListQuery) -> list[Row]:
        return await cls.aggregate(BY_SLUG.stages({}, params)).to_list()

    @classmethod
    async def list_public(cls, params: ListQuery, now: datetime, projection: Row) -> list[Row]:
        """One query: the page of series that have public articles, and the site's row."""
        narrowing = [
            *references.public_count("series", now),
            {"$match": {"articles_count": {"$gt": 0}}},
        ]
        stages = [
            *BY_SLUG.stages({}, params, narrowing),
            {"$project": {**projection, "_key": 1}},
            *Site.LOOKUP,
        ]
        return await cls.aggregate(stages).to_list()

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
        return await cls.aggregate(stages).to_list()


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


async def _let_go(
    kind: type[Document],
    names: tuple[str, str],
    match: Row,
    into: str | None,
    *,
    now: datetime,
    entry: Entry,
) -> bool:
    """`names` are those of the collection and of the kind; the entry's event is kept only if
    readers see something that carried it."""
    name, kind_name = names
    collection = kind.get_pymongo_collection()

    async def write(session: AsyncClientSession) -> bool:
        gone = await collection.find_one_and_delete(match, session=session)
        if gone is None:
            return False
        if into is not None:
            # Written, not only read: whoever deletes it meanwhile conflicts with this.
            kept = await collection.update_one(
                {"slug": into}, {"$set": {"updated_at": now}}, session=session
            )
            if kept.matched_count == 0:
                await session.abort_transaction()
                return False
        shown = await references.items(name, [gone["slug"]], now, session)
        told = entry if shown else entry.model_copy(update={"event": None})
        left = [item.model_dump() for item in spread(told, shown)]
        row = {"_id": gone["_id"], "kind": kind_name, "pending": [*gone.get("pending", []), *left]}
        await Remains.get_pymongo_collection().insert_one(row, session=session)
        await references.rename(name, gone["slug"], into, session)
        return True

    async with collection.database.client.start_session() as session:
        return await session.with_transaction(write)

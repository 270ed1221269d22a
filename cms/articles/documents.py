"""What is stored of an article, and every query over articles."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel

from cms.articles.pipelines import (
    JOINS,
    PICTURED,
    REFERENCES,
    PublicFilter,
    beside,
    public_list,
    surroundings,
)
from cms.core import references
from cms.core.markdown import Rendered
from cms.core.paging import Keyset, ListQuery, windowed
from cms.history.entries import Entry
from cms.publishing.contents import Content, Window
from cms.publishing.documents import Published
from cms.publishing.groups.documents import Neighbour
from cms.publishing.languages import siblings
from cms.publishing.rows import AdminFilter, readable
from cms.publishing.windows import live_fields
from cms.removals.documents import Remains
from cms.tallies import documents as tallies

Row = dict[str, Any]


class Seo(BaseModel):
    title: str = ""
    description: str = ""
    canonical_url: str | None = None
    no_index: bool = False


class Place(BaseModel):
    """Where in which series; equal positions stand in the order of their making."""

    slug: str
    position: int


class ArticleContent(Content):
    WORDS: ClassVar[tuple[str, ...]] = ("title", "markdown", "excerpt")
    excerpt: str | None
    author_slugs: list[str]
    tag_slugs: list[str]
    series: Place | None = None
    featured: bool
    cover_id: str | None = None
    seo: Seo


class LiveArticle(ArticleContent, Window):
    """What readers see: the content as it was published, rendered once."""

    toc: list[Row]
    summary: str
    word_count: int
    reading_minutes: int


def live_copy(
    article: "Article",
    content: ArticleContent,
    rendered: Rendered,
    publish_at: datetime,
    now: datetime,
) -> LiveArticle:
    """What publishing makes of an article's content, and what a preview of it shows."""
    return LiveArticle(
        **live_fields(article, content, rendered, publish_at, now),
        toc=[asdict(heading) for heading in rendered.toc],
        summary=content.excerpt or rendered.excerpt,
        word_count=rendered.word_count,
        reading_minutes=rendered.reading_minutes,
    )


class Measures(BaseModel):
    """What rendering told of the working copy's text."""

    excerpt: str
    word_count: int
    reading_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFilter(AdminFilter):
    """Over working copies of articles."""

    tag: str | None = None
    author: str | None = None
    lang: str | None = None
    series: str | None = None
    featured: bool | None = None

    def match(self, now: datetime) -> Row:
        wanted = {
            "working.tag_slugs": self.tag,
            "working.author_slugs": self.author,
            "working.lang": self.lang,
            "working.series.slug": self.series,
            "working.featured": self.featured,
        }
        narrowed = {field: value for field, value in wanted.items() if value is not None}
        return {**AdminFilter.match(self, now), **narrowed}


class Article(Published[ArticleContent, LiveArticle]):
    measures: Measures
    # Nobody sees a draft, so it is counted rightly; `cms.tallies` looks after the rest.
    settled: bool | None = True

    class Settings:
        name = "articles"

    def _difference(self, after: "Article") -> Row:
        values = super()._difference(after)
        # Always written, since it may have been settled after this copy was loaded.
        return {**values, "settled": None} if "live" in values else values

    async def delete_guarded(self, kind: str, entry: Entry) -> Remains | None:
        match = {"revision": self.revision}
        return await Remains.take_away(self, match, kind, entry, as_well=tallies.uncount)

    @classmethod
    async def list_public(
        cls,
        wanted: PublicFilter,
        order: Keyset,
        params: ListQuery,
        now: datetime,
        projection: Mapping[str, Any],
        *,
        joined: Sequence[str] = tuple(JOINS),
    ) -> list[Row]:
        """One query: the page with what it refers to, the total if asked, the site's row.

        With fallback languages or a text, a last page may take two.
        """

        async def read(window: int | None) -> list[Row]:
            stages = public_list(
                wanted, order, params, now, projection, joined=joined, window=window
            )
            return await tallies.read(cls, stages)

        if not wanted.narrowing(now):
            return await read(None)
        if wanted.found.match:
            return await windowed(params, read, wanted.found.count)
        return await windowed(params, read, cls.get_pymongo_collection().estimated_document_count)

    @classmethod
    def joined_fields(cls) -> Row:
        return {**super().joined_fields(), **REFERENCES, **PICTURED}

    @classmethod
    def joins(cls, now: datetime) -> list[Row]:
        return [*JOINS.values(), *super().joins(now)]

    async def find_beside(self, live: LiveArticle, now: datetime) -> list[Neighbour]:
        """As of every kind, with the neighbours by date and inside the series."""
        at = live.series
        place = {"slug": at.slug, "position": at.position} if at else None
        row = {"_id": self.id, "lang": live.lang, "publish_at": live.publish_at, "place": place}
        translations = siblings(live.group_id or self.id, self.id, now)
        return await self._neighbours([*beside(row, now), translations])

    @classmethod
    async def find_around(
        cls, row: Row, now: datetime, projection: Mapping[str, Any], alike: Sequence[Any]
    ) -> list[Row]:
        """One query: neighbours and related articles of a row of `find_shown`.

        `alike` are ids of others whose words are like its own, best first.
        """
        return await cls.aggregate(surroundings(row, now, projection, alike)).to_list()


LISTS = {"tags": "tag_slugs", "profiles": "author_slugs"}
REFERRING = {**LISTS, "series": "series.slug"}
PARTS = ("working", "live", "next.live")


def _holding(collection: str, part: str, slug: str) -> Row:
    match: Row = {f"{part}.{REFERRING[collection]}": slug}
    # The few documents with a change ahead stand in an index of their own.
    return {"next.at": {"$type": "date"}, **match} if part == "next.live" else match


def _rewritten(collection: str, part: str, old: str, new: str | None) -> Row:
    """What a part is set to: the new slug once and in the old one's place, or without it."""
    if collection not in LISTS:
        field = f"{part}.series.slug"
        return {f"{part}.series": {"$literal": None}} if new is None else {field: new}
    field = f"{part}.{LISTS[collection]}"
    if new is None:
        return {field: {"$filter": {"input": f"${field}", "cond": {"$ne": ["$$this", old]}}}}
    renamed = {
        "$map": {"input": f"${field}", "in": {"$cond": [{"$eq": ["$$this", old]}, new, "$$this"]}}
    }
    once = {
        "$cond": [
            {"$in": ["$$this", "$$value"]},
            "$$value",
            {"$concatArrays": ["$$value", ["$$this"]]},
        ]
    }
    return {field: {"$reduce": {"input": renamed, "initialValue": [], "in": once}}}


def users_of(collection: str) -> Callable[..., Awaitable[list[references.User]]]:
    """How `core.references` finds every article that refers to a tag, profile or series."""

    async def finder(slug: str, session: Any = None) -> list[references.User]:
        match = {"$or": [_holding(collection, part, slug) for part in PARTS]}
        rows = Article.get_pymongo_collection().find(match, {"_id": 1}, session=session)
        return [references.User("article", str(row["_id"]), "") async for row in rows]

    return finder


def rename_in(collection: str) -> references.Renamer:
    """How `core.references` rewrites the slug of a tag, profile or series in articles.

    The revision rises: a save that started before must not bring the old slug back.
    """

    async def renamer(old: str, new: str | None, session: Any) -> list[references.User]:
        raised: Row = {"revision": {"$add": ["$revision", 1]}}
        users = await users_of(collection)(old, session)
        for part in PARTS:
            if part == "live":
                raised["settled"] = None
            await Article.get_pymongo_collection().update_many(
                _holding(collection, part, old),
                [{"$set": {**_rewritten(collection, part, old, new), **raised}}],
                session=session,
            )
        return users

    return renamer


# An event names the pages that it makes wrong up to here; the key of the list is for the rest.
MOST_SHOWN = 200


def finder_for(collection: str) -> references.Finder:
    """How `core.references` finds the public articles of a tag or profile, newest first."""
    field = f"live.{REFERRING[collection]}"

    async def finder(slug: str, now: datetime) -> list[references.Shown]:
        rows = (
            Article.get_pymongo_collection()
            .find({field: slug, **readable(now)}, {"live.lang": 1, "live.slug": 1})
            .sort([("live.publish_at", -1), ("_id", -1)])
            .limit(MOST_SHOWN)
        )
        return [("article", row["live"]["lang"], row["live"]["slug"]) async for row in rows]

    return finder


def count_for(collection: str) -> references.Counter:
    """How `core.references` counts the public articles of a tag, profile or series."""
    field = f"$live.{REFERRING[collection]}"
    holds: Row = {"$eq": [field, "$$slug"]}
    if collection in LISTS:
        holds = {"$in": ["$$slug", {"$ifNull": [field, []]}]}
    return lambda now: tallies.counted("articles", collection, holds, now)


def usage_of(collection: str) -> references.UsageFinder:
    """How `core.references` finds the articles that refer to a tag, profile or series."""

    async def finder(slug: str, now: datetime) -> references.Usage:
        articles = Article.get_pymongo_collection()
        match = {"$or": [_holding(collection, part, slug) for part in PARTS]}
        live = {**_holding(collection, "live", slug), **readable(now)}
        rows = articles.find(match, {"working.title": 1}).limit(10)
        return references.Usage(
            count=await articles.count_documents(match),
            published=await articles.count_documents(live),
            examples=[
                references.User("article", str(row["_id"]), row["working"]["title"])
                async for row in rows
            ],
        )

    return finder

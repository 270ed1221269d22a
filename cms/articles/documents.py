"""What is stored of an article, and every query over articles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from cms.core import references
from cms.core.finding import Narrowing
from cms.core.paging import Keyset, ListQuery
from cms.profiles import documents as profiles
from cms.publishing.documents import (
    Content,
    Published,
    Window,
    readable,
)
from cms.site.documents import Site
from cms.tags import documents as tags

Row = dict[str, Any]
BY_PUBLICATION = Keyset("live.publish_at", descending=True)
BY_PUBLICATION_OLDEST_FIRST = Keyset("live.publish_at")


class Seo(BaseModel):
    title: str = ""
    description: str = ""
    canonical_url: str | None = None
    no_index: bool = False


class ArticleContent(Content):
    markdown: str
    excerpt: str | None
    author_slugs: list[str]
    tag_slugs: list[str]
    featured: bool
    seo: Seo


class LiveArticle(ArticleContent, Window):
    """What readers see: the content as it was published, rendered once."""

    html: str
    toc: list[Row]
    summary: str
    word_count: int
    reading_minutes: int


class Measures(BaseModel):
    """What rendering told of the working copy's text."""

    excerpt: str
    word_count: int
    reading_minutes: int


@dataclass(frozen=True, slots=True)
class PublicFilter:
    tag: str | None = None
    author: str | None = None
    lang: str | None = None
    found: Narrowing = field(default_factory=Narrowing)

    def match(self, now: datetime) -> Row:
        wanted = {
            "live.tag_slugs": self.tag,
            "live.author_slugs": self.author,
            "live.lang": self.lang,
        }
        return {
            **{k: v for k, v in wanted.items() if v is not None},
            **readable(now),
            **self.found.match,
        }


class Article(Published[ArticleContent, LiveArticle]):
    measures: Measures

    class Settings:
        name = "articles"

    @classmethod
    async def list_public(
        cls,
        wanted: PublicFilter,
        order: Keyset,
        params: ListQuery,
        now: datetime,
        projection: Mapping[str, Any],
    ) -> list[Row]:
        """One query: the page with its authors and tags, the total if asked, the site's row."""
        return await cls.aggregate(public_list(wanted, order, params, now, projection)).to_list()

    @classmethod
    async def find_public(cls, slug: str, projection: Mapping[str, Any]) -> list[Row]:
        """One query: whoever holds the slug, readable or not, and the site's row.

        The caller must check `is_readable_row`: the query can't, since a former slug of a
        readable article and the working slug of a hidden one stand in the same index.
        """
        stages = [
            {"$match": {"slugs": slug}},
            profiles.cards("live.author_slugs"),
            tags.cards("live.tag_slugs"),
            {
                "$project": {
                    **projection,
                    **CARDS,
                    "former_slugs": 1,
                    "publish_at": "$live.publish_at",
                    "unpublish_at": "$live.unpublish_at",
                }
            },
            *Site.LOOKUP,
        ]
        return await cls.aggregate(stages).to_list()


CARDS = {
    "author_cards": 1,
    "tag_cards": 1,
    "author_slugs": "$live.author_slugs",
    "tag_slugs": "$live.tag_slugs",
}


def public_list(
    wanted: PublicFilter,
    order: Keyset,
    params: ListQuery,
    now: datetime,
    projection: Mapping[str, Any],
) -> list[Row]:
    """The pipeline of the public list; `explain` is shown for it in a test."""
    match = wanted.match(now)
    stages = [
        *order.stages(match, params, wanted.found.stages),
        profiles.cards("live.author_slugs"),
        tags.cards("live.tag_slugs"),
        {"$project": {**projection, **CARDS, "_key": 1}},
    ]
    if params.total:
        counting = [
            {"$match": match},
            *wanted.found.stages,
            {"$count": "total"},
            {"$set": {"_id": "total"}},
        ]
        stages.append({"$unionWith": {"coll": "articles", "pipeline": counting}})
    return [*stages, *Site.LOOKUP]


REFERRING = {"tags": "tag_slugs", "profiles": "author_slugs"}


def rename_in(collection: str) -> references.Renamer:
    """How `core.references` rewrites the slug of a tag or profile in articles.

    The revision rises: a save that started before must not bring the old slug back.
    """
    field = REFERRING[collection]

    async def renamer(old: str, new: str, session: Any) -> None:
        for part in ("working", "live"):
            await Article.get_pymongo_collection().update_many(
                {f"{part}.{field}": old},
                {"$set": {f"{part}.{field}.$[slug]": new}, "$inc": {"revision": 1}},
                array_filters=[{"slug": old}],
                session=session,
            )

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
    """How `core.references` counts the public articles of a tag or profile."""

    def counter(now: datetime) -> Row:
        return {
            "$lookup": {
                "from": "articles",
                "localField": "slug",
                "foreignField": f"live.{REFERRING[collection]}",
                "pipeline": [{"$match": readable(now)}, {"$count": "n"}],
                "as": "used_by",
            }
        }

    return counter

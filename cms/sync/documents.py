"""The queries of followers: public things as they are now, by id or in order of their ids."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId

from cms.articles.documents import REFERRING, Article
from cms.articles.pipelines import JOINS, PICTURED, REFERENCES
from cms.articles.schemas import ArticleView
from cms.core import references
from cms.media import documents as media
from cms.pages.documents import Page
from cms.pages.schemas import SitePageView
from cms.profiles.documents import PUBLIC as PUBLIC_PROFILES
from cms.profiles.documents import Profile
from cms.profiles.schemas import ProfileView
from cms.projects.documents import Project
from cms.projects.schemas import ProjectView
from cms.publishing.rows import readable
from cms.tags.documents import PUBLIC as PUBLIC_TAGS
from cms.tags.documents import Series, Tag
from cms.tags.schemas import SeriesSummary, TagSummary

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind: `key` names an item of it; what is `counted` must be in use to be public.

    Of its `view` for readers, an item has the `fields` and `pictures`: what depends on that thing
    alone, and on the pictures that it shows.
    """

    kind: str
    document: Any
    key: str
    match: Row
    view: Any
    fields: Row
    joins: Sequence[Row] = ()
    counted: str | None = None
    pictures: Sequence[str] = ()

    def ids(self, names: Collection[str]) -> list[Any]:
        return [PydanticObjectId(name) if self.key == "_id" else name for name in names]


def _named(view: Any, *without: str) -> Row:
    return {name: field for name, field in view.PROJECTION.items() if name not in without}


def sources(now: datetime) -> list[Source]:
    """Every kind with items of its own, in the order in which they are told."""
    live = readable(now)
    tag = {"slug": 1, "name": 1, "description": 1}
    series = {"slug": 1, "title": 1, "description": 1}
    profile = _named(ProfileView, "articles_count")
    profile |= {"avatar_id": "$content.avatar_id", "media_refs": 1}
    article = {**_named(ArticleView), **REFERENCES, **PICTURED}
    referred = [stage for name, stage in JOINS.items() if name != "cover"]
    project = {**_named(ProjectView), **PICTURED}
    project |= {"cover_id": "$live.cover_id", "gallery_ids": "$live.gallery_ids"}
    page = {**_named(SitePageView), **PICTURED}
    shown, shown_by_profile = media.cards("media_ids"), media.cards("media_refs")
    return [
        Source(
            "profile", Profile, "_id", PUBLIC_PROFILES, ProfileView, profile,
            [shown_by_profile], pictures=["avatar"],
        ),
        Source("tag", Tag, "slug", PUBLIC_TAGS, TagSummary, tag, counted="tags"),
        Source("series", Series, "slug", {}, SeriesSummary, series, counted="series"),
        Source(
            "article", Article, "_id", live, ArticleView, article,
            [*referred, shown], pictures=["cover"],
        ),
        Source(
            "project", Project, "_id", live, ProjectView, project,
            [shown], pictures=["cover", "gallery"],
        ),
        Source("page", Page, "_id", live, SitePageView, page, [shown]),
    ]  # fmt: skip


async def walk(source: Source, after: str, limit: int, now: datetime) -> list[Row]:
    """One query: the next public items in the order of their ids."""
    match = {**source.match}
    if after:
        match = {"$and": [match, {source.key: {"$gt": source.ids([after])[0]}}]}
    return await _found(source, match, [{"$limit": limit}], now)


async def some(source: Source, names: Collection[str], now: datetime) -> list[Row]:
    """One query: those of the named items that readers see now."""
    match = {"$and": [source.match, {source.key: {"$in": source.ids(names)}}]}
    return await _found(source, match, [], now)


async def _found(source: Source, match: Row, limit: list[Row], now: datetime) -> list[Row]:
    in_use = (
        [
            *references.public_count(source.counted, now),
            {"$match": {"articles_count": {"$gt": 0}}},
        ]
        if source.counted
        else []
    )
    stages = [
        {"$match": match},
        {"$sort": {source.key: 1}},
        *in_use,
        *limit,
        {"$project": source.fields},
        *source.joins,
    ]
    rows: list[Row] = await source.document.aggregate(stages).to_list()
    return rows


def articles_of(collection: str) -> references.ItemFinder:
    """How `core.references` names the public articles of tags, profiles or series."""
    field = f"live.{REFERRING[collection]}"

    async def finder(slugs: Sequence[str], now: datetime, session: Any) -> list[str]:
        match = {field: {"$in": list(slugs)}, **readable(now)}
        rows = Article.get_pymongo_collection().find(match, {"_id": 1}, session=session)
        return [f"article:{row['_id']}" async for row in rows]

    return finder


def showing_media(document: Any, kind: str) -> references.ItemFinder:
    """How `core.references` names the public things of a kind that show items of the library."""

    async def finder(refs: Sequence[str], now: datetime, session: Any) -> list[str]:
        held: Row = {"media_refs": {"$in": list(refs)}}
        live = {"live.media_ids": {"$in": list(refs)}, **readable(now)}
        match = {**held, **(PUBLIC_PROFILES if kind == "profile" else live)}
        rows = document.get_pymongo_collection().find(match, {"_id": 1}, session=session)
        return [f"{kind}:{row['_id']}" async for row in rows]

    return finder

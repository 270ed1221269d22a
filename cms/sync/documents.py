"""The queries of followers: public things as they are now, by id or in order of their ids."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId

from cms.articles.documents import Article
from cms.articles.pipelines import JOINS, REFERENCES
from cms.articles.schemas import ArticleView
from cms.core import references
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

    Of its `view` for readers, an item has the `fields`: what depends on that thing alone.
    """

    kind: str
    document: Any
    key: str
    match: Row
    view: Any
    fields: Row
    joins: Sequence[Row] = ()
    counted: str | None = None

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
    article = {**_named(ArticleView), **REFERENCES}
    return [
        Source("profile", Profile, "_id", PUBLIC_PROFILES, ProfileView, profile),
        Source("tag", Tag, "slug", PUBLIC_TAGS, TagSummary, tag, counted="tags"),
        Source("series", Series, "slug", {}, SeriesSummary, series, counted="series"),
        Source("article", Article, "_id", live, ArticleView, article, list(JOINS.values())),
        Source("project", Project, "_id", live, ProjectView, _named(ProjectView)),
        Source("page", Page, "_id", live, SitePageView, _named(SitePageView)),
    ]


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

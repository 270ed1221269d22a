"""The queries of feeds and sitemaps; each is one aggregation over indexes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cms.articles.documents import Article
from cms.articles.pipelines import BY_PUBLICATION, PublicFilter
from cms.core.paging import ListQuery
from cms.history.documents import Event
from cms.media.documents import Media
from cms.pages.documents import Page
from cms.profiles.documents import PUBLIC as PUBLIC_PROFILES
from cms.profiles.documents import Profile
from cms.projects.documents import Project
from cms.publishing.rows import readable
from cms.removals.documents import Remains
from cms.site.documents import Site, SiteContent, split_site
from cms.tags.documents import PUBLIC as PUBLIC_TAGS
from cms.tags.documents import Series, Tag

Row = dict[str, Any]
# What a feed holds, with full content; older ones are for the site's own lists.
ITEMS: Final = 20
# The protocol takes 50,000 addresses and 50 MB per file: with pictures and alternates in many
# languages the second limit comes first.
FILE: Final = 10_000
LINKED: Final = 100
# A change younger than this may still be outrun by an older one that commits later.
SETTLED: Final = timedelta(seconds=60)
LAST_EVENTS: Final = 200
PUBLISHED: Final = (Article, Page, Project)
CARRIERS: Final = (Article, Page, Project, Profile, Tag, Series, Media, Remains)
IN_A_FEED: Final[Mapping[str, Any]] = {
    "slug": "$live.slug",
    "lang": "$live.lang",
    "title": "$live.title",
    "excerpt": "$live.summary",
    "published_at": "$live.publish_at",
    "updated_at": "$live.updated_at",
    "html": "$live.html",
}
IN_A_LIST: Final[Mapping[str, Any]] = {
    name: source for name, source in IN_A_FEED.items() if name != "html"
}


async def newest(
    wanted: PublicFilter, limit: int, now: datetime, fields: Mapping[str, Any]
) -> tuple[list[Row], SiteContent]:
    """One query: public articles, newest first, and the site."""
    params = ListQuery(limit=limit)
    rows = await Article.list_public(wanted, BY_PUBLICATION, params, now, fields)
    found, site = split_site(rows)
    return found[:limit], site


async def last_change(now: datetime) -> datetime | None:
    """One query: since when nothing that readers see has changed; None when that can't be told.

    It can't while something waits for the relay, or changed so lately that a write which began
    earlier may still be under way: a reader with that time would be told 304 wrongly.
    """
    events: list[Row] = [
        {"$sort": {"_id": -1}},
        {"$limit": LAST_EVENTS},
        {"$group": {"_id": "events", "at": {"$max": "$at"}}},
    ]
    waiting: list[Row] = [
        {"$match": {"pending.id": {"$exists": True}}},
        {"$limit": 1},
        {"$project": {"_id": "waits"}},
    ]
    overdue: list[Row] = [{"$match": {"announce_at": {"$lte": now, "$type": "date"}}}, *waiting[1:]]
    site: list[Row] = [{"$project": {"_id": "site", "at": "$updated_at"}}]
    branches = [(carrier.get_collection_name(), waiting) for carrier in (*CARRIERS, Site)]
    branches += [(kind.get_collection_name(), overdue) for kind in PUBLISHED]
    branches.append((Site.get_collection_name(), site))
    unions: list[Row] = [
        {"$unionWith": {"coll": name, "pipeline": stages}} for name, stages in branches
    ]
    rows = await Event.aggregate([*events, *unions]).to_list()
    moments: list[datetime] = [row["at"] for row in rows if "at" in row]
    if any(row["_id"] == "waits" for row in rows) or not moments:
        return None
    return max(moments) if max(moments) <= now - SETTLED else None


@dataclass(frozen=True, slots=True)
class Located:
    """How the things of one sort are found for a sitemap: `kind` is that of their address."""

    kind: str
    document: Any
    match: Row
    narrowing: Sequence[Row]
    order: str
    fields: Row
    hint: str | None = None


def _listed(now: datetime) -> Row:
    return {**readable(now), "live.seo.no_index": {"$ne": True}}


def _carried(field: str, now: datetime) -> list[Row]:
    """Stages that keep what a public article carries: the rest would betray drafts."""
    lookup = {
        "from": "articles",
        "localField": "slug",
        "foreignField": f"live.{field}",
        "pipeline": [{"$match": readable(now)}, {"$limit": 1}, {"$project": {"_id": 1}}],
        "as": "carriers",
    }
    return [{"$lookup": lookup}, {"$match": {"carriers.0": {"$exists": True}}}]


def located(name: str, now: datetime) -> Located | None:
    """The sort of things that a sitemap's name stands for."""
    return _sorts(now).get(name)


def _sorts(now: datetime) -> dict[str, Located]:
    live = {
        "slug": "$live.slug",
        "lang": "$live.lang",
        "updated_at": "$live.updated_at",
        "group_id": "$live.group_id",
    }
    own = {"slug": "$slug", "updated_at": "$updated_at"}
    covered = {"picture": "$live.cover_id"}
    listed = _listed(now)
    pages = {"live.slug": {"$gt": ""}, **listed}
    projects = {"live.order": {"$gt": ""}, **readable(now)}
    person = {**own, "lang": "$content.lang", "picture": "$content.avatar_id"}
    tagged, serial = _carried("tag_slugs", now), _carried("series.slug", now)
    return {
        "pages": Located("page", Page, pages, (), "live.slug", live),
        "articles": Located(
            *("article", Article, listed, (), "live.publish_at"),
            {**live, **covered},
            "sitemap_pictured",
        ),
        "projects": Located("project", Project, projects, (), "live.order", {**live, **covered}),
        "profiles": Located("profile", Profile, PUBLIC_PROFILES, (), "name", person),
        "series": Located("series", Series, {}, serial, "slug", own),
        "tags": Located("tag", Tag, PUBLIC_TAGS, tagged, "slug", own),
    }


async def count_files(now: datetime) -> dict[str, int]:
    """One query per sort of things: how many files each fills; the home page is a page."""
    found = {}
    for name, sort in _sorts(now).items():
        stages = [{"$match": sort.match}, *sort.narrowing, {"$count": "n"}]
        rows = await _aggregate(sort, stages)
        count = rows[0]["n"] if rows else 0
        found[name] = max(-(-count // FILE), 1 if name == "pages" else 0)
    return found


async def in_file(sort: Located, number: int) -> tuple[list[Row], SiteContent]:
    """One query: what stands in the file, oldest first so that full files stay as they are."""
    stages = [
        {"$match": sort.match},
        {"$sort": {sort.order: 1, "_id": 1}},
        *sort.narrowing,
        {"$skip": (number - 1) * FILE},
        {"$limit": FILE},
        {"$project": sort.fields},
        *Site.LOOKUP,
    ]
    return split_site(await _aggregate(sort, stages))


async def translations(
    sort: Located, groups: Sequence[Any], now: datetime
) -> dict[Any, dict[str, str]]:
    """One query: of each group that has several languages, the slug of each."""
    match = {"live.group_id": {"$in": list(groups)}, **_listed(now)}
    fields = {"_id": 0, "live.group_id": 1, "live.lang": 1, "live.slug": 1}
    items = sort.document.get_pymongo_collection()
    rows = items.find(match, fields).hint("sitemap_groups")
    found: dict[Any, dict[str, str]] = {}
    async for row in rows:
        live = row["live"]
        found.setdefault(live["group_id"], {})[live["lang"]] = live["slug"]
    return {group: slugs for group, slugs in found.items() if len(slugs) > 1}


async def pictures(refs: Sequence[str]) -> dict[str, str]:
    """One query: of each picture the key of its file."""
    match = {"ref": {"$in": list(refs)}}
    rows = Media.get_pymongo_collection().find(match, {"_id": 0, "ref": 1, "file.key": 1})
    return {row["ref"]: row["file"]["key"] async for row in rows}


async def _aggregate(sort: Located, stages: list[Row]) -> list[Row]:
    options = {"hint": sort.hint} if sort.hint else {}
    cursor = await sort.document.get_pymongo_collection().aggregate(stages, **options)
    rows: list[Row] = await cursor.to_list()
    return rows


async def everything_else(now: datetime) -> tuple[list[Row], list[Row]]:
    """Two queries: public pages and projects, as far as a list of links goes."""
    found = []
    for name in ("pages", "projects"):
        sort = _sorts(now)[name]
        more = {"summary": "$live.summary"} if name == "projects" else {}
        stages: list[Row] = [
            {"$match": sort.match},
            {"$sort": {sort.order: 1, "_id": 1}},
            {"$limit": LINKED},
            {"$project": {**sort.fields, "title": "$live.title", **more}},
        ]
        found.append(await _aggregate(sort, stages))
    return found[0], found[1]

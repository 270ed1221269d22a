"""Anonymous reads of tags and series; one query each, and up to two more where a long list ends."""

from typing import Any

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from cms.core.db import now
from cms.core.errors import Moved, NotFound
from cms.core.http import Answer, CMSRequest, fresh
from cms.core.paging import ListQuery
from cms.core.queries import links, query
from cms.site.documents import SiteContent, split_site
from cms.tags.documents import BY_SLUG, Series, Tag
from cms.tags.schemas import (
    SeriesArticle,
    SeriesList,
    SeriesSummary,
    SeriesView,
    TagList,
    TagSummary,
)

Row = dict[str, Any]


def _view(row: Row) -> TagSummary:
    return TagSummary(**{name: row.get(name, "") for name in TagSummary.PROJECTION})


@get(
    "/",
    summary="Tags of public articles",
    dependencies={"params": Provide(query(ListQuery), sync_to_thread=False)},
)
async def list_tags(request: CMSRequest, params: NamedDependency[ListQuery]) -> Answer[TagList]:
    """By slug."""
    rows, page = BY_SLUG.page(await Tag.list_public(params, now()), params)
    view = TagList(items=[_view(row) for row in rows], page=page)
    keys = ("tags", "articles")
    return fresh(request, view, keys=keys, headers=links(request, params, page))


@get("/{slug:str}", summary="One tag")
async def get_tag(request: CMSRequest, slug: FromPath[str]) -> Answer[TagSummary]:
    row = await Tag.find_public(slug, now())
    if row is None:
        raise NotFound
    return fresh(request, _view(row), keys=[f"tag:{slug}"])


def _series_url(row: Row, site: SiteContent, base: str) -> str:
    # A series has no language of its own: its page stands under the site's main one.
    return site.url(base, "series", site.languages[0], row["slug"])


@get(
    "/",
    summary="Series with public articles",
    dependencies={"params": Provide(query(ListQuery), sync_to_thread=False)},
)
async def list_series(
    request: CMSRequest, params: NamedDependency[ListQuery], site_url: NamedDependency[str]
) -> Answer[SeriesList]:
    """By slug."""
    names = SeriesSummary.PROJECTION
    rows, site = split_site(await Series.list_public(params, now(), dict(names)))
    rows, page = BY_SLUG.page(rows, params)
    items = [
        SeriesSummary(**{name: row[name] for name in names}, url=_series_url(row, site, site_url))
        for row in rows
    ]
    view = SeriesList(items=items, page=page)
    keys = ("series", "articles", "site")
    return fresh(request, view, keys=keys, headers=links(request, params, page))


@get("/{slug:str}", summary="One series")
async def get_series(
    request: CMSRequest, slug: FromPath[str], site_url: NamedDependency[str]
) -> Answer[SeriesView]:
    """With its public articles in order; a former slug answers 308 with the present one."""
    rows, site = split_site(await Series.find_public(slug, now(), dict(SeriesView.PROJECTION)))
    if not rows:
        raise NotFound
    row = rows[0]
    if row["slug"] != slug:
        raise Moved(f"/api/v1/series/{row['slug']}")
    articles = [
        SeriesArticle(**item, url=site.url(site_url, "article", item["lang"], item["slug"]))
        for item in row["articles"]
    ]
    shown = {name: row[name] for name in SeriesSummary.PROJECTION}
    view = SeriesView(**shown, url=_series_url(row, site, site_url), articles=articles)
    return fresh(request, view, keys=[f"series:{slug}", "site"])


router = Router(
    "/",
    route_handlers=[
        Router("/tags", route_handlers=[list_tags, get_tag], tags=["tags"]),
        Router("/series", route_handlers=[list_series, get_series], tags=["series"]),
    ],
)

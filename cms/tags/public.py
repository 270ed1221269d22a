"""Anonymous reads of tags; one query each."""

from typing import Any

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from cms.core.db import now
from cms.core.errors import NotFound
from cms.core.http import Answer, CMSRequest, fresh
from cms.core.paging import ListQuery
from cms.core.queries import links, query
from cms.tags.documents import BY_SLUG, Tag
from cms.tags.schemas import TagList, TagSummary


def _view(row: dict[str, Any]) -> TagSummary:
    return TagSummary(**{name: row[name] for name in TagSummary.PROJECTION})


@get(
    "/",
    summary="Tags of public articles",
    dependencies={"params": Provide(query(ListQuery), sync_to_thread=False)},
)
async def list_tags(request: CMSRequest, params: NamedDependency[ListQuery]) -> Answer[TagList]:
    """By slug."""
    rows, page = BY_SLUG.page(await Tag.list_public(params, now()), params)
    view = TagList(items=[_view(row) for row in rows], page=page)
    return fresh(request, view, headers=links(request, params, page))


@get("/{slug:str}", summary="One tag")
async def get_tag(request: CMSRequest, slug: FromPath[str]) -> Answer[TagSummary]:
    row = await Tag.find_public(slug, now())
    if row is None:
        raise NotFound
    return fresh(request, _view(row))


router = Router("/tags", route_handlers=[list_tags, get_tag], tags=["tags"])

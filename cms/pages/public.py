"""Anonymous reads of pages; one query each."""

from collections.abc import Iterable
from typing import Any

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from cms.core.db import now
from cms.core.http import Answer, CMSRequest, fresh
from cms.core.queries import links, query
from cms.media import showing
from cms.pages.documents import BY_SLUG, Page
from cms.pages.schemas import PageList, PageQuery, PageSummary, SitePageView
from cms.publishing import public
from cms.publishing.rows import split_total
from cms.site.documents import SiteContent, split_site

ADDRESS = "/api/v1/pages"
Row = dict[str, Any]


def _fields(row: Row, names: Iterable[str], site: SiteContent, base: str) -> Row:
    shown = {name: row[name] for name in names}
    if "html" in shown:
        shown["html"] = showing.filled(shown["html"], showing.by_ref(row), row["lang"])
    return {
        **shown,
        "id": str(row["_id"]),
        "url": site.url(base, "page", row["lang"], row["slug"]),
    }


@get(
    "/",
    summary="Public pages",
    dependencies={"params": Provide(query(PageQuery), sync_to_thread=False)},
)
async def list_pages(
    request: CMSRequest, params: NamedDependency[PageQuery], site_url: NamedDependency[str]
) -> Answer[PageList]:
    """By slug, for static builds."""
    found = await Page.list_public(params.lang, params, now(), PageSummary.PROJECTION)
    rows, site = split_site(found)
    rows, total = split_total(rows, params)
    rows, page = BY_SLUG.page(rows, params, total)
    names = PageSummary.PROJECTION
    items = [PageSummary(**_fields(row, names, site, site_url)) for row in rows]
    view = PageList(items=items, page=page)
    return fresh(request, view, headers=links(request, params, page))


@get("/{slug:str}", summary="One public page", responses={200: public.SOURCE})
async def get_page(
    request: CMSRequest, slug: FromPath[str], site_url: NamedDependency[str]
) -> Answer[SitePageView]:
    """A former slug answers 308 with the present one; `{slug}.md` is the source as written."""
    if slug.endswith(".md"):
        return await public.source(request, Page, slug.removesuffix(".md"), now())
    names = SitePageView.PROJECTION
    row, site = await public.find(Page, slug, names, ADDRESS, now())
    return fresh(request, SitePageView(**_fields(row, names, site, site_url)))


router = Router("/pages", route_handlers=[list_pages, get_page], tags=["pages"])

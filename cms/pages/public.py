"""Anonymous reads of pages; one query each, four or five for a preview."""

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.core.queries import query
from cms.core.signing import Signer
from cms.pages.documents import BY_SLUG, Page, live_copy
from cms.pages.schemas import PageList, PageQuery, PageSummary, SitePageView
from cms.previews.schemas import PreviewQuery
from cms.publishing import public
from cms.publishing.public import Row
from cms.site.documents import SiteContent


def _view(row: Row, site: SiteContent, base: str) -> SitePageView:
    return SitePageView(**public.fields("page", row, SitePageView.PROJECTION, site, base))


@get(
    "/",
    summary="Public pages",
    dependencies={"params": Provide(query(PageQuery), sync_to_thread=False)},
)
async def list_pages(
    request: CMSRequest, params: NamedDependency[PageQuery], site_url: NamedDependency[str]
) -> Answer[PageList]:
    """By slug, for static builds."""
    names = PageSummary.PROJECTION
    found = await Page.list_public(params.lang, params, now(), names)

    def item(row: Row, site: SiteContent) -> PageSummary:
        return PageSummary(**public.fields("page", row, names, site, site_url))

    return public.listed(
        request, found, params, BY_SLUG, kinds="pages", listing=PageList, item=item
    )


@get(
    "/{slug:str}",
    summary="One public page",
    dependencies={"params": Provide(query(PreviewQuery), sync_to_thread=False)},
    responses={200: public.SOURCE},
)
async def get_page(
    request: CMSRequest,
    slug: FromPath[str],
    params: NamedDependency[PreviewQuery],
    signer: NamedDependency[Signer],
    site_url: NamedDependency[str],
) -> Answer[SitePageView]:
    """A former slug answers 308 with the present one; `{slug}.md` is the source as written.

    With `preview`, what the token names: never cached, 404 unless it opens exactly this page.
    """
    return await public.single(SHELF, request, slug, params, signer=signer, site_url=site_url)


SHELF = public.Shelf(
    kind="page",
    document=Page,
    projection=SitePageView.PROJECTION,
    view=_view,
    live_copy=live_copy,
)
router = Router("/pages", route_handlers=[list_pages, get_page], tags=["pages"])

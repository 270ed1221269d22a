"""Anonymous reads of pages."""

from cms.pages.documents import BY_SLUG, Page, live_copy
from cms.pages.schemas import PageList, PageSummary, SitePageView
from cms.publishing import public
from cms.publishing.public import Row
from cms.site.documents import SiteContent


def _item(row: Row, site: SiteContent, base: str) -> PageSummary:
    return PageSummary(**public.fields("page", row, PageSummary.PROJECTION, site, base))


def _shown(row: Row, _around: list[Row], site: SiteContent, base: str) -> SitePageView:
    return SitePageView(
        **public.fields("page", row, SitePageView.PROJECTION, site, base),
        translations=public.translations("page", row, site, base),
    )


SHELF = public.Shelf(
    kind="page",
    document=Page,
    view=SitePageView,
    shown=_shown,
    live_copy=live_copy,
    line=public.PublicList(
        summary=PageSummary,
        listing=PageList,
        order=BY_SLUG,
        about="By slug, for static builds.",
        item=_item,
    ),
)
router = public.router(SHELF)

"""What pages add to the verbs of `publishing`: their shapes and rendering."""

from datetime import datetime

from cms.accounts.permissions import Permission
from cms.pages.documents import LivePage, Page, PageContent, PageSeo, live_copy
from cms.pages.schemas import LivePageView, PageAdmin, PageAdminSummary, PageInput
from cms.publishing import shown
from cms.publishing.service import SITEMAP, Kind
from cms.site import service as site


def show(page: Page, now: datetime) -> PageAdmin:
    live = page.live
    return PageAdmin(
        **shown.whole(page, now),
        **page.working.model_dump(),
        live=_show_live(live) if live else None,
    )


def show_row(page: Page, now: datetime) -> PageAdminSummary:
    fields = page.working.model_dump(include={"title", "slug", "lang"})
    return PageAdminSummary(**shown.summary(page, now), **fields)


def _show_live(live: LivePage) -> LivePageView:
    fields = live.model_dump(exclude={"toc", "unpublish_at", "media_ids"})
    return LivePageView(**fields, unpublish_at=shown.or_never(live.unpublish_at))


async def _content(data: PageInput, now: datetime) -> PageContent:  # noqa: ARG001 - a Kind's
    return PageContent(
        title=data.title,
        slug=data.slug or "",
        lang=data.lang or (await site.get()).content.languages[0],
        markdown=data.markdown,
        seo=PageSeo(**data.seo.model_dump()),
    )


PAGES: Kind[Page, PageInput] = Kind(
    name="page",
    document=Page,
    input=PageInput,
    write=Permission.PAGES_WRITE,
    publish=Permission.PAGES_PUBLISH,
    purge=Permission.PAGES_PURGE,
    show=show,
    content=_content,
    live_copy=live_copy,
    listed_in=SITEMAP,
)

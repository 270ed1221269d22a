"""What pages add to the verbs of `publishing`: their shapes and rendering."""

from dataclasses import asdict
from datetime import datetime

from cms.accounts.permissions import Permission
from cms.pages.documents import LivePage, Page, PageContent, PageSeo
from cms.pages.schemas import LivePageView, PageAdmin, PageAdminSummary, PageInput
from cms.publishing import service as publishing
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


async def _measures(content: PageContent) -> dict[str, object]:
    """Nothing is kept of it, but a text that can't be published is refused when it is saved."""
    await publishing.render(content.markdown)
    return {}


async def _live(page: Page, publish_at: datetime, now: datetime) -> LivePage:
    rendered = await publishing.render(page.working.markdown)
    return LivePage(
        **page.working.model_dump(),
        html=rendered.html,
        toc=[asdict(heading) for heading in rendered.toc],
        publish_at=publish_at,
        updated_at=now,
    )


def _keys(content: PageContent) -> list[str]:  # noqa: ARG001 - a Kind's
    """Nothing else shows a page."""
    return []


PAGES: Kind[Page, PageInput] = Kind(
    name="page",
    document=Page,
    input=PageInput,
    write=Permission.PAGES_WRITE,
    publish=Permission.PAGES_PUBLISH,
    purge=Permission.PAGES_PURGE,
    show=show,
    content=_content,
    measures=_measures,
    live=_live,
    keys=_keys,
    listed_in=SITEMAP,
)

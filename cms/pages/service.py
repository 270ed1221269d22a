"""What pages add to the verbs of `publishing`: their shapes and rendering."""

from datetime import datetime
from functools import partial

from cms.accounts.permissions import Permission
from cms.pages.documents import Page, PageContent, live_copy
from cms.pages.schemas import LivePageView, PageAdmin, PageAdminSummary, PageInput
from cms.publishing import service, shown
from cms.publishing.service import Kind
from cms.site.documents import LLMS, SITEMAP

show = partial(shown.working, PageAdmin, LivePageView)
show_row = partial(shown.row, PageAdminSummary)


async def _content(data: PageInput, now: datetime) -> PageContent:  # noqa: ARG001 - a Kind's
    return PageContent.model_validate(await service.written(Page, data))


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
    listed_in=(SITEMAP, LLMS),
)

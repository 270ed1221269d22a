"""What is stored of a page, and every query over pages."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from cms.core.markdown import Rendered
from cms.core.paging import Keyset
from cms.publishing.contents import Content, Window
from cms.publishing.documents import Published
from cms.publishing.windows import live_fields

Row = dict[str, Any]
BY_SLUG = Keyset("live.slug", kind="text")


class PageSeo(BaseModel):
    title: str = ""
    description: str = ""
    canonical_url: str | None = None
    no_index: bool = False


class PageContent(Content):
    seo: PageSeo


class LivePage(PageContent, Window):
    """What readers see: the content as it was published, rendered once."""

    toc: list[Row]


def live_copy(
    page: "Page", content: PageContent, rendered: Rendered, publish_at: datetime, now: datetime
) -> LivePage:
    """What publishing makes of a page's content, and what a preview of it shows."""
    return LivePage(
        **live_fields(page, content, rendered, publish_at, now),
        toc=[asdict(heading) for heading in rendered.toc],
    )


class Page(Published[PageContent, LivePage]):
    class Settings:
        name = "pages"

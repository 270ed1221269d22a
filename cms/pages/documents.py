"""What is stored of a page, and every query over pages."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from cms.core.markdown import Rendered
from cms.core.paging import Keyset, ListQuery
from cms.publishing import rows
from cms.publishing.contents import Content, Window
from cms.publishing.documents import Published
from cms.publishing.rows import readable

Row = dict[str, Any]
BY_SLUG = Keyset("live.slug", kind="text")


class PageSeo(BaseModel):
    title: str = ""
    description: str = ""
    canonical_url: str | None = None
    no_index: bool = False


class PageContent(Content):
    markdown: str
    seo: PageSeo


class LivePage(PageContent, Window):
    """What readers see: the content as it was published, rendered once."""

    html: str
    toc: list[Row]


def live_copy(
    _page: "Page", content: PageContent, rendered: Rendered, publish_at: datetime, now: datetime
) -> LivePage:
    """What publishing makes of a page's content, and what a preview of it shows."""
    return LivePage(
        **content.model_dump(),
        html=rendered.html,
        toc=[asdict(heading) for heading in rendered.toc],
        publish_at=publish_at,
        updated_at=now,
    )


class Page(Published[PageContent, LivePage]):
    class Settings:
        name = "pages"

    @classmethod
    async def list_public(
        cls, lang: str | None, params: ListQuery, now: datetime, projection: Mapping[str, Any]
    ) -> list[Row]:
        """One query: the page of the list, the total if asked, the site's row."""
        return await cls.aggregate(public_list(lang, params, now, projection)).to_list()


def public_list(
    lang: str | None, params: ListQuery, now: datetime, projection: Mapping[str, Any]
) -> list[Row]:
    """The pipeline of the public list; `explain` is shown for it in a test."""
    # The order's bound leaves out what was never published: there it is null.
    match: Row = {"live.slug": {"$gt": ""}, **readable(now)}
    if lang is not None:
        match["live.lang"] = lang
    return rows.public_list("pages", BY_SLUG, match, params, projection)

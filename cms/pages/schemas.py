"""Shapes of pages: what an author writes, what the admin sees, what readers get."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field
from pydantic.config import JsonDict

from cms.core.fields import HttpUrl
from cms.core.paging import Listing
from cms.core.shapes import Input, View
from cms.publishing.schemas import (
    AdminSummary,
    AdminView,
    LiveView,
    Shown,
    Translated,
    WrittenInput,
)

# One for the examples of the documentation; each shape shows what it has of it.
STORY: Final[JsonDict] = {
    "examples": [
        {
            "title": "What I use",
            "slug": "uses",
            "lang": "en",
            "markdown": "## Desk\n\nA lamp and a keyboard.\n",
            "html": '<h2 id="h-desk">Desk</h2>\n<p>A lamp and a keyboard.</p>\n',
            "id": "674000000000000000000007",
            "revision": 7,
            "status": "published",
            "publish_at": "2026-03-14T02:00:00Z",
            "published_at": "2026-03-14T02:00:00Z",
            "url": "https://juri.example/uses",
        }
    ]
}
SEO: Final[JsonDict] = {"examples": [{"title": "", "description": "My desk, my tools."}]}
HEADING: Final[JsonDict] = {"examples": [{"id": "h-desk", "level": 2, "title": "Desk"}]}


class PageSeoInput(Input, json_schema_extra=SEO):
    title: Annotated[str, Field(max_length=120)] = ""
    description: Annotated[str, Field(max_length=300)] = ""
    canonical_url: HttpUrl | None = None
    no_index: bool = False


class PageInput(WrittenInput, json_schema_extra=STORY):
    """What an author writes; only `title` is needed."""

    seo: PageSeoInput = PageSeoInput()


class PageSeoView(View, json_schema_extra=SEO):
    title: str
    description: str
    canonical_url: str | None
    og_image: None = None
    no_index: bool


class PageHeading(View, json_schema_extra=HEADING):
    id: str
    level: int
    title: str
    children: list["PageHeading"] = []


class PageSummary(Shown, json_schema_extra=STORY):
    """A page in a list: no text."""


class SitePageView(PageSummary, Translated):
    """Not called `Page`: that is the page of a list."""

    PROJECTION: ClassVar[Mapping[str, Any]] = {
        **PageSummary.PROJECTION,
        "html": "$live.html",
        "toc": "$live.toc",
        "seo": "$live.seo",
    }
    html: str
    toc: list[PageHeading]
    seo: PageSeoView


class PageList(Listing[PageSummary]):
    pass


class LivePageView(LiveView, json_schema_extra=STORY):
    seo: PageSeoView


class PageAdminSummary(AdminSummary, json_schema_extra=STORY):
    """A row of the admin's list: no text."""


class PageAdmin(AdminView, json_schema_extra=STORY):
    seo: PageSeoView
    live: LivePageView | None


class PageAdminList(Listing[PageAdminSummary]):
    pass

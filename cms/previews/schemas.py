"""Shapes of preview links."""

from datetime import datetime

from pydantic import Field

from cms.core.paging import Listing, Query
from cms.core.shapes import Input, View
from cms.history.schemas import EditorView

HOURS, MOST_HOURS = 72, 720


class PreviewLinkInput(Input):
    """No body at all means the defaults."""

    expires_in_hours: int = Field(HOURS, ge=1, le=MOST_HOURS)
    revision: int | None = Field(
        None,
        ge=1,
        description="Show this revision for ever; the working copy, as it is then, when left out.",
    )


class PreviewLinkView(View):
    id: str
    revision: int | None
    created_at: datetime
    created_by: EditorView
    expires_at: datetime


class PreviewLinkMade(PreviewLinkView):
    """The only answer that holds the token."""

    token: str = Field(examples=["lpv_…"])
    url: str = Field(
        description="The site's `preview_url`, or the address that the item has or will have, "
        "with the token in `preview`.",
        examples=["https://example.com/articles/apa-itu-api?preview=lpv_…"],
    )


class PreviewLinkList(Listing[PreviewLinkView]):
    pass


class PreviewQuery(Query):
    preview: str | None = Field(
        None, description="Token of a preview link: shows what it names, published or not."
    )

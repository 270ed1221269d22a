"""Shapes of preview links."""

from datetime import datetime
from typing import ClassVar, Final

from pydantic import Field
from pydantic.config import JsonDict

from cms.core.paging import Listing, Query
from cms.core.shapes import Input, View
from cms.history.schemas import EditorView

HOURS, MOST_HOURS = 72, 720
# One link for the examples of the documentation; each shape shows what it has of it.
STORY: Final[JsonDict] = {
    "examples": [
        {
            "expires_in_hours": 72,
            "id": "674000000000000000000008",
            "revision": None,
            "created_at": "2026-03-14T02:00:00Z",
            "expires_at": "2026-03-17T02:00:00Z",
            "token": "lpv_not-a-real-one",  # nosec B105 - an example
            "url": "https://juri.example/articles/apa-itu-api?preview=lpv_not-a-real-one",
        }
    ]
}


class PreviewLinkInput(Input, json_schema_extra=STORY):
    """No body at all means the defaults."""

    expires_in_hours: int = Field(HOURS, ge=1, le=MOST_HOURS)
    revision: int | None = Field(
        None,
        ge=1,
        description="Show this revision for ever; the working copy, as it is then, when left out.",
    )


class PreviewLinkView(View, json_schema_extra=STORY):
    OWN_REVISION: ClassVar[bool] = False
    id: str
    revision: int | None
    created_at: datetime
    created_by: EditorView
    expires_at: datetime


class PreviewLinkMade(PreviewLinkView, json_schema_extra=STORY):
    """The only answer that holds the token."""

    token: str
    url: str = Field(
        description="The site's `preview_url`, or the address that the item has or will have, "
        "with the token in `preview`."
    )


class PreviewLinkList(Listing[PreviewLinkView]):
    pass


class PreviewQuery(Query):
    preview: str | None = Field(
        None, description="Token of a preview link: shows what it names, published or not."
    )

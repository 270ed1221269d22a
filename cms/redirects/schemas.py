"""Shapes of redirects."""

from datetime import datetime
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic.config import JsonDict

from cms.core.paging import Listing, ListQuery, Query
from cms.core.shapes import Input, View
from cms.history.schemas import EditorView
from cms.redirects.everything import Source
from cms.redirects.paths import read_from_path, read_target

Status = Literal[301, 302, 307, 308, 410]
Format = Literal["nginx", "next", "netlify"]
# One redirect for the examples of the documentation; each shape shows what it has of it.
STORY: Final[JsonDict] = {
    "examples": [
        {
            "from_path": "/old",
            "to": "/articles/apa-itu-api",
            "status": 308,
            "source": "manual",
            "id": "674000000000000000000009",
            "revision": 1,
            "created_at": "2026-03-14T02:00:00Z",
            "updated_at": "2026-03-14T02:00:00Z",
            "updated_by": {"id": "674000000000000000000001", "name": "Rani Wulandari"},
        }
    ]
}


class RedirectInput(Input, json_schema_extra=STORY):
    from_path: Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(read_from_path)]
    to: (
        Annotated[
            str,
            Field(
                min_length=1,
                max_length=2000,
                description="A path of this site, or an https address; null with 410.",
            ),
            AfterValidator(read_target),
        ]
        | None
    ) = None
    status: Status = Field(308, description="410 says that the page is gone for good.")

    @model_validator(mode="after")
    def _goes_somewhere_or_is_gone(self) -> Self:
        if (self.to is None) != (self.status == 410):
            raise ValueError("`to` is needed for a redirect, and must be null with status 410")
        return self


class RedirectView(View, json_schema_extra=STORY):
    from_path: str
    to: str | None
    status: int


class RedirectAdmin(RedirectView, json_schema_extra=STORY):
    """Those of former slugs come from what is published: they have no id and can't be changed."""

    source: Source
    id: str | None
    revision: int | None
    created_at: datetime | None
    updated_at: datetime | None
    updated_by: EditorView | None


class RedirectList(Listing[RedirectView]):
    pass


class RedirectAdminList(Listing[RedirectAdmin]):
    pass


class RedirectAdminQuery(ListQuery):
    source: Source | None = None


class ExportQuery(Query):
    format: Format

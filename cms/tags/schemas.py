"""Shapes of tags."""

from datetime import datetime
from typing import ClassVar, Final

from pydantic.config import JsonDict

from cms.core.fields import ShortLine
from cms.core.paging import Listing
from cms.core.shapes import Input, View

STORY: Final[JsonDict] = {
    "examples": [{"name": "Basis Data", "slug": "basis-data", "articles_count": 4}]
}


class TagRef(View, json_schema_extra=STORY):
    """A tag as content shows it."""

    slug: str
    name: str


class TagSummary(TagRef):
    """A tag that at least one public article carries."""

    PROJECTION: ClassVar[dict[str, object]] = {"slug": 1, "name": 1, "articles_count": 1}
    articles_count: int


class TagInput(Input, json_schema_extra=STORY):
    name: ShortLine


class TagAdmin(TagRef):
    created_at: datetime
    updated_at: datetime


class TagList(Listing[TagSummary]):
    pass


class TagAdminList(Listing[TagAdmin]):
    pass

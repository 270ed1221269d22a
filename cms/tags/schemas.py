"""Shapes of tags."""

from datetime import datetime
from typing import ClassVar

from cms.core.fields import ShortLine
from cms.core.paging import Listing
from cms.core.shapes import Input, View


class TagRef(View):
    """A tag as content shows it."""

    slug: str
    name: str


class TagSummary(TagRef):
    """A tag that at least one public article carries."""

    PROJECTION: ClassVar[dict[str, object]] = {"slug": 1, "name": 1, "articles_count": 1}
    articles_count: int


class TagInput(Input):
    name: ShortLine


class TagAdmin(TagRef):
    created_at: datetime
    updated_at: datetime


class TagList(Listing[TagSummary]):
    pass


class TagAdminList(Listing[TagAdmin]):
    pass

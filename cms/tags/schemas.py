"""Shapes of tags and series."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from pydantic import Field
from pydantic.config import JsonDict

from cms.core.fields import Line, ShortLine, SlugInput, Text
from cms.core.paging import Listing
from cms.core.shapes import Input, View
from cms.core.usages import WordSlug

# As `paging.Slug`, and with the `#` of internal tags: for the desk alone.
TagSlug = WordSlug

STORY: Final[JsonDict] = {
    "examples": [
        {
            "name": "Basis Data",
            "slug": "basis-data",
            "description": "Menyimpan dan menemukan kembali.",
            "articles_count": 4,
            "into": "basis-data",
            "revision": 3,
        }
    ]
}
SERIES: Final[JsonDict] = {
    "examples": [
        {
            "slug": "karier",
            "title": "Karier",
            "description": "Dari pekerjaan pertama.",
            "articles_count": 4,
            "position": 1,
            "lang": "id",
            "excerpt": "Menyimpan, menghitung, dan menjaga data.",
            "url": "https://juri.example/series/karier",
        }
    ]
}


class TagRef(View, json_schema_extra=STORY):
    """A tag as content shows it."""

    slug: str
    name: str


class TagSummary(TagRef):
    """A tag that at least one public article carries."""

    PROJECTION: ClassVar[Mapping[str, Any]] = {
        "slug": 1,
        "name": 1,
        "description": 1,
        "articles_count": 1,
    }
    description: str
    articles_count: int


class TagInput(Input, json_schema_extra=STORY):
    name: ShortLine = Field(
        description="A name that starts with `#` makes an internal tag: readers never see it.",
        examples=["Basis Data", "#campaign"],
    )
    description: Text = ""


class TagAdmin(TagRef):
    revision: int
    description: str
    is_internal: bool
    created_at: datetime
    updated_at: datetime


class TagList(Listing[TagSummary]):
    pass


class TagAdminList(Listing[TagAdmin]):
    pass


class MergeInput(Input, json_schema_extra=STORY):
    into: TagSlug = Field(description="Slug of the tag that stays.")


class SeriesPlace(View, json_schema_extra=SERIES):
    """The series of an article and its place there."""

    slug: str
    title: str
    position: int


class SeriesInput(Input, json_schema_extra=SERIES):
    title: Line
    slug: SlugInput | None = Field(None, description="Made from the title when it is left out.")
    description: Text = ""


class SeriesAdmin(View, json_schema_extra=SERIES):
    revision: int
    slug: str
    title: str
    description: str
    created_at: datetime
    updated_at: datetime


class SeriesAdminList(Listing[SeriesAdmin]):
    pass


class SeriesSummary(View, json_schema_extra=SERIES):
    """A series with at least one public article."""

    PROJECTION: ClassVar[Mapping[str, Any]] = {
        "slug": 1,
        "title": 1,
        "description": 1,
        "articles_count": 1,
    }
    slug: str
    title: str
    description: str
    articles_count: int
    url: str


class SeriesArticle(View, json_schema_extra=SERIES):
    """An article in its series' table of contents."""

    slug: str
    lang: str
    title: str
    excerpt: str
    position: int
    published_at: datetime
    reading_minutes: int
    url: str


class SeriesView(SeriesSummary):
    PROJECTION: ClassVar[Mapping[str, Any]] = {**SeriesSummary.PROJECTION, "articles": "$shown"}
    articles: list[SeriesArticle] = Field(
        description="In order, the first hundred; `GET /articles?series=…&sort=position` has all."
    )


class SeriesList(Listing[SeriesSummary]):
    pass

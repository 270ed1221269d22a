"""Shapes of search: what is asked and what is found."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field
from pydantic.config import JsonDict

from cms.core.paging import Listing, ListQuery, Slug
from cms.core.shapes import View

SPAN: Final[JsonDict] = {"examples": [{"text": "backend", "is_match": True}]}
HIT: Final[JsonDict] = {
    "examples": [
        {
            "kind": "article",
            "id": "674000000000000000000003",
            "slug": "apa-itu-backend-developer",
            "lang": "id",
            "title": "Apa itu backend developer?",
            "title_spans": [
                {"text": "Apa itu ", "is_match": False},
                {"text": "backend", "is_match": True},
                {"text": " developer?", "is_match": False},
            ],
            "snippet": [
                {"text": "Bagian ", "is_match": False},
                {"text": "backend", "is_match": True},
                {"text": " menyimpan dan menjaga data.", "is_match": False},
            ],
            "url": "https://juri.example/articles/apa-itu-backend-developer",
        }
    ]
}


class SearchQuery(ListQuery):
    q: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        description="Words, or the beginnings of them; every one has to be there.",
        examples=["belajar api"],
    )
    kind: Slug | None = Field(None, description="Only this kind.", examples=["article"])
    lang: Annotated[str, Field(min_length=2, max_length=35)] | None = Field(
        None, description="Language tag.", examples=["id"]
    )


class Span(View, json_schema_extra=SPAN):
    """A piece of text; those that match are to be highlighted. It is text, never HTML."""

    text: str
    is_match: bool


class SearchHit(View, json_schema_extra=HIT):
    """`title_spans` and `snippet` are pieces to be shown one after the other."""

    kind: str
    id: str
    slug: str
    lang: str
    title: str
    title_spans: list[Span]
    snippet: list[Span]
    published_at: datetime
    updated_at: datetime
    url: str


class SearchResults(Listing[SearchHit]):
    """The best first; at most the 1,000 nearest candidates are ranked and counted."""

"""What may be asked of a feed, and what one is made of before it is written in some format."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from cms.core.paging import Query, Slug


class FeedQuery(Query):
    tag: Slug | None = Field(None, description="Slug of a tag.")
    author: Slug | None = Field(None, description="Slug of a profile.")
    lang: Annotated[str, Field(min_length=2, max_length=35)] | None = Field(
        None, description="Language tag."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article: `html` is whole, and every address in it is absolute."""

    ident: str
    url: str
    title: str
    lang: str
    summary: str
    html: str
    authors: Sequence[tuple[str, str]]
    tags: Sequence[str]
    published_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    title: str
    description: str
    lang: str
    home: str
    address: str
    items: Sequence[Item]

    @property
    def updated_at(self) -> datetime | None:
        return max((item.updated_at for item in self.items), default=None)

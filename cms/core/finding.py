"""Full-text search as a seam: a search engine is registered at start, lists and routes ask it.

The engine that stands behind it today keeps folded tokens in MongoDB (`cms.search`); Atlas Search
or another one takes its place by answering the same four questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from cms.core.paging import Keyset, ListQuery

Row = dict[str, Any]
# Ranked hits are rows of `_key`: relevance first, then the newer one, then the id.
BY_RELEVANCE = Keyset("score", descending=True, kind="number")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a text leaves of a list: a filter, and stages between its sort and its limit."""

    match: Row = field(default_factory=dict)
    stages: Sequence[Row] = ()
    most: int = 0

    async def count(self) -> int:
        """How many rows the filter lets through at most."""
        return self.most


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader searches for."""

    text: str
    kind: str | None = None
    lang: str | None = None


class Engine(Protocol):
    async def ranked(self, wanted: Wanted, params: ListQuery, now: datetime) -> list[Row]:
        """Readable hits by relevance as `BY_RELEVANCE` pages them, then the site's row.

        Each holds `_id, kind, slug, lang, title, published_at, updated_at, text`; with
        `params.total`, a row `{_id: "total", total}` stands before the site's.
        """
        ...

    async def live(self, kind: str, text: str, now: datetime) -> Narrowing:
        """How a list of readable things is narrowed to those whose live text matches."""
        ...

    async def drafts(self, kind: str, text: str, owner_id: Any) -> Narrowing:
        """How a list of working copies is narrowed; `owner_id` None is everybody's."""
        ...

    async def alike(self, kind: str, ident: Any, lang: str, now: datetime) -> Sequence[Any]:
        """The ids of a few readable things whose words are most like this one's, best first."""
        ...


_engines: Final[list[Engine]] = []


def register(engine: Engine) -> None:
    """The engine that answers from now on."""
    _engines[:] = [engine]


def engine() -> Engine:
    """The registered engine.

    Raises:
        IndexError: `app` forgot to wire one.
    """
    return _engines[0]

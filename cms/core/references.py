"""Who uses what: registered by the rooms above at start, asked by the rooms below."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

Row = dict[str, Any]
# From the time to a `$lookup` that leaves `[{n: count}]` of public users in `used_by`.
Counter = Callable[[datetime], Row]
# Rewrites one slug to another in whatever refers to it, inside the given transaction.
Renamer = Callable[[str, str, Any], Awaitable[None]]

# The readable things that show a row: kind, language and slug of each, at most so many.
Shown = tuple[str, str, str]
Finder = Callable[[str, datetime], Awaitable[list[Shown]]]

_counters: Final[dict[str, Counter]] = {}
_renamers: Final[dict[str, Renamer]] = {}
_finders: Final[dict[str, dict[str, Finder]]] = {}


def register(collection: str, counter: Counter, renamer: Renamer) -> None:
    """Say how the public articles that refer to a row of `collection` are counted and rewritten."""
    _counters[collection] = counter
    _renamers[collection] = renamer


def register_finder(collection: str, kind: str, finder: Finder) -> None:
    """Say how the readable things of a kind that show a row of `collection` are found."""
    _finders.setdefault(collection, {})[kind] = finder


async def shown_by(collection: str, slug: str, now: datetime) -> list[Shown]:
    """Whose pages show the row, of every kind that registered."""
    found: list[Shown] = []
    for finder in _finders.get(collection, {}).values():
        found += await finder(slug, now)
    return found


async def rename(collection: str, old: str, new: str, session: Any) -> None:
    """Let everything that refers to `old` refer to `new`."""
    await _renamers[collection](old, new, session)


def public_count(collection: str, now: datetime) -> list[Row]:
    """Pipeline stages that set `articles_count` on every row.

    Raises:
        KeyError: nobody registered for the collection: `app` forgot to wire it.
    """
    return [
        _counters[collection](now),
        {"$set": {"articles_count": {"$ifNull": [{"$first": "$used_by.n"}, 0]}}},
        {"$unset": "used_by"},
    ]

"""Who uses what: registered by the rooms above at start, asked by the rooms below."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

Row = dict[str, Any]
# From the time to a `$lookup` that leaves `[{n: count}]` of public users in `used_by`.
Counter = Callable[[datetime], Row]
# Rewrites one slug to another in whatever refers to it, inside the given transaction; to None:
# takes it out.
Renamer = Callable[[str, str | None, Any], Awaitable[None]]
# From the time to a `$lookup` that leaves the public users themselves, in order, in `shown`.
Shower = Callable[[datetime], Row]


@dataclass(frozen=True, slots=True)
class User:
    """Something that refers to the row: enough to find it."""

    kind: str
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Usage:
    """How many refer to a row, how many of them readers see now, and the first few."""

    count: int = 0
    published: int = 0
    examples: Sequence[User] = ()


UsageFinder = Callable[[str, datetime], Awaitable[Usage]]

# The readable things that show a row: kind, language and slug of each, at most so many.
Shown = tuple[str, str, str]
Finder = Callable[[str, datetime], Awaitable[list[Shown]]]

# The readable things that refer to any of the slugs, as `kind:id`, inside the transaction.
ItemFinder = Callable[[Sequence[str], datetime, Any], Awaitable[list[str]]]

_counters: Final[dict[str, Counter]] = {}
_renamers: Final[dict[str, Renamer]] = {}
_finders: Final[dict[str, dict[str, Finder]]] = {}
_usages: Final[dict[str, UsageFinder]] = {}
_showers: Final[dict[str, Shower]] = {}
_item_finders: Final[dict[str, ItemFinder]] = {}


def register(
    collection: str, counter: Counter, renamer: Renamer, usage_finder: UsageFinder | None = None
) -> None:
    """Say how the public articles that refer to a row of `collection` are counted and rewritten."""
    _counters[collection] = counter
    _renamers[collection] = renamer
    if usage_finder is not None:
        _usages[collection] = usage_finder


def register_shower(collection: str, shower: Shower) -> None:
    """Say how a row of `collection` finds the public things that stand in it."""
    _showers[collection] = shower


def register_finder(collection: str, kind: str, finder: Finder) -> None:
    """Say how the readable things of a kind that show a row of `collection` are found."""
    _finders.setdefault(collection, {})[kind] = finder


def register_item_finder(collection: str, finder: ItemFinder) -> None:
    """Say how all readable things that refer to rows of `collection` are named."""
    _item_finders[collection] = finder


async def items(collection: str, slugs: Sequence[str], now: datetime, session: Any) -> list[str]:
    """What changes for readers when one of these rows does, as `kind:id`."""
    finder = _item_finders.get(collection)
    return await finder(slugs, now, session) if finder and slugs else []


async def shown_by(collection: str, slug: str, now: datetime) -> list[Shown]:
    """Whose pages show the row, of every kind that registered."""
    found: list[Shown] = []
    for finder in _finders.get(collection, {}).values():
        found += await finder(slug, now)
    return found


async def rename(collection: str, old: str, new: str | None, session: Any) -> None:
    """Let everything that refers to `old` refer to `new`, or to nothing."""
    await _renamers[collection](old, new, session)


async def usage(collection: str, slug: str, now: datetime) -> Usage:
    """Who refers to the row, drafts and the trash included."""
    return await _usages[collection](slug, now)


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


def public_users(collection: str, now: datetime) -> Row:
    """A `$lookup` of what stands in a row, as `shown`."""
    return _showers[collection](now)

"""Who uses what: registered by the rooms above at start, asked by the rooms below."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cms.core.db import now

Row = dict[str, Any]
# From the time to stages that set `articles_count`, the number of public users, on every row.
Counter = Callable[[datetime], list[Row]]
# Rewrites one slug to another in whatever refers to it, inside the given transaction; to None:
# takes it out. Says what it rewrote.
Renamer = Callable[[str, str | None, Any], Awaitable[Sequence["User"]]]
# The same for what refers by id, of one kind; says nothing.
Replacer = Callable[[str, str | None, Any], Awaitable[None]]
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

# Everything that refers to a row, drafts and the trash too; enough to find it.
Users = Callable[[str], Awaitable[Sequence[User]]]

# The readable things that show any of the rows, as `kind:id`, inside the transaction if any.
ItemFinder = Callable[[Sequence[str], datetime, Any], Awaitable[list[str]]]

_users: Final[dict[str, Users]] = {}
_counters: Final[dict[str, Counter]] = {}
_renamers: Final[dict[str, Renamer]] = {}
_finders: Final[dict[str, dict[str, Finder]]] = {}
_usages: Final[dict[str, UsageFinder]] = {}
# What refers by id, of many kinds: by collection and kind.
_kinds: Final[dict[str, dict[str, tuple[UsageFinder, Replacer]]]] = {}
_showers: Final[dict[str, Shower]] = {}
_item_finders: Final[dict[str, dict[str, ItemFinder]]] = {}


def register(
    collection: str, counter: Counter, renamer: Renamer, usage_finder: UsageFinder | None = None
) -> None:
    """Say how the public articles that refer to a row of `collection` are counted and rewritten."""
    _counters[collection] = counter
    _renamers[collection] = renamer
    if usage_finder is not None:
        _usages[collection] = usage_finder


def register_users(collection: str, users_finder: Users) -> None:
    """Say how everything that refers to a row of `collection` is found."""
    _users[collection] = users_finder


async def users(collection: str, slug: str) -> Sequence[User]:
    """All that refers to the row, without titles."""
    return await _users[collection](slug)


def register_shower(collection: str, shower: Shower) -> None:
    """Say how a row of `collection` finds the public things that stand in it."""
    _showers[collection] = shower


def register_finder(collection: str, kind: str, finder: Finder) -> None:
    """Say how the readable things of a kind that show a row of `collection` are found."""
    _finders.setdefault(collection, {})[kind] = finder


def register_item_finder(collection: str, kind: str, finder: ItemFinder) -> None:
    """Say how the readable things of a kind that show rows of `collection` are named."""
    _item_finders.setdefault(collection, {})[kind] = finder


async def items(collection: str, names: Sequence[str], session: Any) -> list[str]:
    """All that looks otherwise to readers when one of these rows does, as `kind:id`.

    Readers of this very moment, not of when the request came in: a write that waited, say for a
    database that was away, must tell what was published meanwhile.
    """
    finders = _item_finders.get(collection, {}).values() if names else ()
    return [item for finder in finders for item in await finder(names, now(), session)]


async def shown_by(collection: str, slug: str, now: datetime) -> list[Shown]:
    """Whose pages show the row, of every kind that registered."""
    found: list[Shown] = []
    for finder in _finders.get(collection, {}).values():
        found += await finder(slug, now)
    return found


async def rename(collection: str, old: str, new: str | None, session: Any) -> Sequence[User]:
    """Let everything that refers to `old` refer to `new`, or to nothing; says what did."""
    return await _renamers[collection](old, new, session)


async def usage(collection: str, slug: str, now: datetime) -> Usage:
    """Who refers to the row, drafts and the trash included."""
    return await _usages[collection](slug, now)


def register_kind(collection: str, kind: str, finder: UsageFinder, replacer: Replacer) -> None:
    """Say how the things of a kind that refer to a row of `collection` are found and rewritten."""
    _kinds.setdefault(collection, {})[kind] = (finder, replacer)


async def used_everywhere(collection: str, ident: str, now: datetime, most: int = 10) -> Usage:
    """Who refers to the row, of every kind that registered."""
    found = [await finder(ident, now) for finder, _ in _kinds.get(collection, {}).values()]
    return Usage(
        count=sum(each.count for each in found),
        published=sum(each.published for each in found),
        examples=[user for each in found for user in each.examples][:most],
    )


async def replace_everywhere(collection: str, old: str, new: str | None, session: Any) -> None:
    """Let everything that refers to `old` refer to `new`, or to nothing, in a transaction."""
    for _, replacer in _kinds.get(collection, {}).values():
        await replacer(old, new, session)


def public_count(collection: str, now: datetime) -> list[Row]:
    """Pipeline stages that set `articles_count` on every row.

    Raises:
        KeyError: nobody registered for the collection: `app` forgot to wire it.
    """
    return _counters[collection](now)


def public_users(collection: str, now: datetime) -> Row:
    """A `$lookup` of what stands in a row, as `shown`."""
    return _showers[collection](now)

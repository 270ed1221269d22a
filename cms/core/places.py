"""Which addresses of the frontend lead somewhere: registered from above, asked from below.

The addresses follow from the site's patterns (`/articles/{slug}`), what stands there from slugs.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol


@dataclass(frozen=True, slots=True)
class Place:
    """Where readers find something now; `lang` None is a thing without a language."""

    slug: str
    lang: str | None


@dataclass(frozen=True, slots=True)
class Move:
    """A slug that readers knew, and the one that the same thing has now."""

    old_slug: str
    slug: str
    lang: str


class Patterns(Protocol):
    def path(self, kind: str, lang: str, slug: str) -> str: ...

    def read(self, path: str) -> list[tuple[str, str]]:
        """Every (kind, slug) that the path may mean."""
        ...


# From slugs, present or former, to what readers find under them now; one query.
Finder = Callable[[Collection[str], datetime], Awaitable[Mapping[str, Place]]]
# Every former slug of what readers see now; one query.
Mover = Callable[[datetime], Awaitable[Sequence[Move]]]
# Which of the paths something else answers, such as a redirect; one query.
PathFinder = Callable[[Collection[str]], Awaitable[Collection[str]]]

_frontend: Final[dict[str, str]] = {}
_media: Final[dict[str, str]] = {}
_finders: Final[dict[str, Finder]] = {}
_movers: Final[dict[str, Mover]] = {}
_others: Final[dict[str, PathFinder]] = {}


def frontend_is_at(site_url: str) -> None:
    """Say where the site is reached, so that a full address of our own is known as one."""
    _frontend["url"] = site_url


def frontend() -> str:
    return _frontend.get("url", "")


def media_are_at(base: str) -> None:
    """Say where readers reach our files, such as `https://cms.example/media`."""
    _media["base"] = base


def cms_is_at(base: str) -> None:
    """Say where this CMS is reached, such as `https://cms.example`."""
    _media["cms"] = base


def cms_base() -> str:
    return _media.get("cms", "")


def media_base() -> str:
    return _media.get("base", "/media")


def register(kind: str, finder: Finder, mover: Mover | None = None) -> None:
    """Say how slugs of a kind are looked up, and which ones it gave up."""
    _finders[kind] = finder
    if mover is not None:
        _movers[kind] = mover


def register_paths(name: str, finder: PathFinder) -> None:
    _others[name] = finder


async def found(
    patterns: Patterns, paths: Collection[str], now: datetime
) -> dict[str, tuple[str, Place]]:
    """The paths at which readers find something now, each with its kind; one query per kind."""
    wanted: dict[str, dict[str, list[str]]] = {}
    for path in paths:
        for kind, slug in patterns.read(path):
            wanted.setdefault(kind, {}).setdefault(slug, []).append(path)
    known: dict[str, tuple[str, Place]] = {}
    for kind, by_slug in wanted.items():
        if kind not in _finders:
            continue
        for slug, place in (await _finders[kind](by_slug, now)).items():
            for path in by_slug.get(slug, ()):
                # The pattern of another language may read the same slug out of another path.
                if place.lang is None or patterns.path(kind, place.lang, slug) == path:
                    known[path] = (kind, place)
    return known


async def answered(paths: Collection[str]) -> set[str]:
    """The paths that something beside content answers."""
    return {path for finder in _others.values() for path in await finder(paths)}


async def moves(now: datetime) -> list[tuple[str, Move]]:
    """Every former slug with its kind; one query per kind."""
    return [(kind, move) for kind, mover in _movers.items() for move in await mover(now)]

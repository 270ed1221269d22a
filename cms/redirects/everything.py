"""All redirects that are in force: the owner's own, and those of former slugs. It only reads.

What readers find at a path goes before a redirect from it, and the owner's redirects before those
of former slugs, so that no later publication can close a loop. One query for the owner's redirects
and the site, one per kind for former slugs, one per kind for what stands at the owner's paths.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bson import ObjectId

from cms.core import places
from cms.core.paging import ListQuery, Page
from cms.redirects.documents import BY_PATH, Redirect, Row
from cms.redirects.paths import path_of
from cms.site.documents import SiteContent, split_site

Source = Literal["manual", "automatic"]
FORMER_STATUS = 308
# The keyset wants an id behind the path; here the path alone is unique.
NO_ID = ObjectId("0" * 24)


@dataclass(frozen=True, slots=True)
class Rule:
    """One redirect; `stored` is None for that of a former slug."""

    from_path: str
    to: str | None
    status: int
    stored: Redirect | None = None

    @property
    def source(self) -> Source:
        return "manual" if self.stored else "automatic"


async def rules(now: datetime, *, inactive: bool = False) -> list[Rule]:
    """Every redirect, by path; with `inactive`, also those that something published overrides."""
    rows, site = split_site(await Redirect.list_with_site())
    stored = {row["from_path"]: Redirect.model_validate(row) for row in rows}
    former = await former_paths(site, now)
    shown = set() if inactive else await shadowed(site, stored, now)
    found = {path: Rule(path, to, FORMER_STATUS) for path, to in former.items()}
    for path, redirect in stored.items():
        if path not in shown:
            # A former slug may have come to stand where this leads: go there at once.
            to = former.get(path_of(redirect.to or "") or "", redirect.to)
            target = redirect.to if inactive else to
            if target != path:
                found[path] = Rule(path, target, redirect.status, redirect)
    return [found[path] for path in sorted(found)]


async def former_paths(site: SiteContent, now: datetime) -> dict[str, str]:
    """From every path that a former slug stood at to where that thing stands now."""
    found = {}
    present = set()
    for kind, move in await places.moves(now):
        to = site.path(kind, move.lang, move.slug)
        found[site.path(kind, move.lang, move.old_slug)] = to
        present.add(to)
    # Two kinds under one pattern: what stands there now goes first.
    return {path: to for path, to in found.items() if path not in present}


async def shadowed(site: SiteContent, paths: Collection[str], now: datetime) -> set[str]:
    """The paths at which readers find something under its present slug."""
    asked = [path for path in paths if site.read(path)]
    found = await places.found(site, asked, now) if asked else {}
    return {path for path, (kind, place) in found.items() if _is_present(site, path, kind, place)}


def _is_present(site: SiteContent, path: str, kind: str, place: places.Place) -> bool:
    return place.lang is None or site.path(kind, place.lang, place.slug) == path


def page(found: list[Rule], params: ListQuery) -> tuple[list[Rule], Page]:
    """A page of rules in order of their paths, with cursors as lists from an index have them."""
    by_path: Mapping[str, Rule] = {rule.from_path: rule for rule in found}
    listed = sorted(by_path)
    backwards = False
    if params.cursor is not None:
        backwards, key, _ = BY_PATH.read(params.cursor)
        listed = [path for path in listed if (path < key if backwards else path > key)]
    if backwards:
        listed.reverse()
    if params.page is not None:
        listed = listed[(params.page - 1) * params.limit :]
    rows: list[Row] = [{"_key": path, "_id": NO_ID} for path in listed[: params.limit + 1]]
    shown, described = BY_PATH.page(rows, params, len(by_path) if params.total else None)
    return [by_path[row["_key"]] for row in shown], described

"""What a follower is told next: everything once, then whatever an event says has changed.

Events are numbered without gaps in the order of commit, and are there only for what readers
noticed. What an item is, is read when it is told: an event says where to look, never what to see.
So whoever has told all events up to a number has told every change that was committed before.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from pydantic import create_model
from pydantic_core import to_json

from cms.core.errors import Gone
from cms.core.shapes import View
from cms.history.documents import Event
from cms.media import showing
from cms.media.plan import Crop
from cms.redirects import everything
from cms.site.documents import Site, SiteContent
from cms.site.schemas import SiteView
from cms.sync import documents
from cms.sync.documents import Source
from cms.sync.schemas import SyncGone, SyncItem
from cms.sync.tokens import FOLLOWING, Position

Row = dict[str, Any]
JOINED: Final = {
    *("author_cards", "tag_cards", "series_cards", "author_slugs", "tag_slugs", "place"),
    *("cover_id", "gallery_ids", "avatar_id", "media_ids", "media_refs"),
}
# Things without an id of their own are named by what everyone calls them.
CROPS: Final[dict[str, Crop]] = {"cover": "cover", "avatar": "avatar"}
BY_SLUG: Final = {"tag", "series"}
Told = tuple[list[SyncItem], list[SyncGone], Position, bool]


async def since(position: Position | None, limit: int, now: datetime, base: str) -> Told:
    """What changed and what went away, where the follower stands then, and whether there is more.

    Two queries for where it stands, one per kind that is touched (six at most), and at the end of
    what there is to tell those of `redirects.everything`.

    Raises:
        Gone: the events since then are not known any more, or were others.
    """
    site = (await Site.load()).content
    last = await Event.last()
    head = last.id if last else 0
    addresses = _digest([base, site.languages[0], site.model_dump(include={"url_patterns"})])
    if position is None:
        entry = str(last.entry_id) if last else ""
        position = Position(number=head, entry=entry, addresses=addresses)
    else:
        await _require_known(position)
    if position.addresses != addresses:
        # Every `url` is another one: all is told again. What went away comes by the events.
        position = position.moved(walk=0, after="", addresses=addresses)
    if not position.is_following:
        changed, position = await _walk(position, limit, now, site, base)
        return changed, [], position, True
    changed, removed, position = await _follow(position, limit, now, site, base)
    if position.number < head:
        return changed, removed, position, True
    whole, position = await _whole(position, site, base, now)
    return [*changed, *whole], removed, position, False


async def _require_known(position: Position) -> None:
    """The event that was told last must still be there and be the same one."""
    if position.number:
        found = await Event.by_number(position.number)
        is_known = found is not None and str(found.entry_id) == position.entry
    else:
        first = await Event.first()
        is_known = first is None or first.id == 1
    if not is_known:
        raise Gone(
            "What happened since then is not known any more: start again without since.",
            code="sync_token_outdated",
        )


async def _walk(
    position: Position, limit: int, now: datetime, site: SiteContent, base: str
) -> tuple[list[SyncItem], Position]:
    changed: list[SyncItem] = []
    sources = documents.sources(now)
    while len(changed) < limit:
        source = sources[position.walk]
        room = limit - len(changed)
        rows = await documents.walk(source, position.after, room, now)
        changed += [_item(source, row, site, base) for row in rows]
        if len(rows) == room:
            return changed, position.moved(after=changed[-1].id)
        if position.walk + 1 == len(sources):
            return changed, position.moved(walk=FOLLOWING, after="")
        position = position.moved(walk=position.walk + 1, after="")
    return changed, position


async def _follow(
    position: Position, limit: int, now: datetime, site: SiteContent, base: str
) -> tuple[list[SyncItem], list[SyncGone], Position]:
    touched: dict[str, dict[str, None]] = {}
    count = 0
    for event in await Event.after(position.number, limit):
        if event.id != position.number + 1:
            raise Gone("Events are missing: start again without since.", code="sync_token_outdated")
        for kind, name in _touched(event):
            names = touched.setdefault(kind, {})
            count += name not in names
            names[name] = None
        position = position.moved(number=event.id, entry=str(event.entry_id))
        if count >= limit:
            break
    changed: list[SyncItem] = []
    removed: list[SyncGone] = []
    for source in documents.sources(now):
        names = touched.get(source.kind, {})
        rows = await documents.some(source, names, now) if names else []
        found = [_item(source, row, site, base) for row in rows]
        there = {item.id for item in found}
        changed += found
        removed += [_gone(source.kind, name) for name in names if name not in there]
    return changed, removed, position


def _touched(event: Event) -> Iterable[tuple[str, str]]:
    """Whatever may be another one now; an event is there only for what readers saw."""
    if event.kind not in BY_SLUG:
        yield event.kind, str(event.item_id)
    for key in event.body.keys:
        kind, _, name = key.partition(":")
        if kind in BY_SLUG and name:
            yield kind, name
    for item in event.body.items:
        kind, _, name = item.partition(":")
        yield kind, name


async def _whole(
    position: Position, site: SiteContent, base: str, now: datetime
) -> tuple[list[SyncItem], Position]:
    """The site and its redirects, each as one item, where the follower has others."""
    about = SiteView(**site.shown(base)).model_dump(mode="json")
    rules = await everything.rules(now)
    listed = [{"from_path": r.from_path, "to": r.to, "status": r.status} for r in rules]
    present = {"site": about, "redirects": {"items": listed}}
    has = {"site": position.site, "redirects": position.redirects}
    digests = {kind: _digest(data) for kind, data in present.items()}
    items = [
        SyncItem.model_validate({"kind": kind, "id": kind, "data": data})
        for kind, data in present.items()
        if has[kind] != digests[kind]
    ]
    return items, position.moved(**digests)


def _item(source: Source, row: Row, site: SiteContent, base: str) -> SyncItem:
    name = str(row[source.key])
    lang = row.get("lang", site.languages[0])
    names = (*(key for key in source.fields if key not in JOINED), *source.pictures)
    own = {**row, **_pictured(source, row, lang)}
    part = _part(source.view, names).model_validate({key: own[key] for key in names if key in own})
    fields = part.model_dump(mode="json")
    if source.kind == "article":
        # What is drawn for one without a cover names its authors: that depends on others.
        del fields["seo"]["og_image"]
        fields |= _refers_to(row)
    url = site.url(base, source.kind, lang, row["slug"])
    return SyncItem.model_validate(
        {"kind": source.kind, "id": name, "data": {**fields, "url": url}}
    )


def _pictured(source: Source, row: Row, lang: str) -> Row:
    """Texts and pictures as readers get them: filled in from the library as it is now."""
    cards = showing.by_ref(row)
    found: Row = {
        name: showing.filled(row[name], cards, lang) for name in ("html", "bio_html") if name in row
    }
    for name in source.pictures:
        if name == "gallery":
            images = [showing.image(cards, ref, lang) for ref in row.get("gallery_ids") or ()]
            found[name] = [image for image in images if image]
        else:
            found[name] = showing.image(cards, row.get(f"{name}_id"), lang, CROPS[name])
    return found


@lru_cache(maxsize=16)
def _part(view: type[View], names: tuple[str, ...]) -> type[View]:
    """The view with these fields alone."""
    told: dict[str, Any] = {
        name: (view.model_fields[name].annotation, view.model_fields[name]) for name in names
    }
    made: type[View] = create_model(f"{view.__name__}Part", __base__=View, **told)
    return made


def _refers_to(row: Row) -> Row:
    """The public authors and tags, by their present slugs and in the author's order."""
    authors = {slug: card["slug"] for card in row["author_cards"] for slug in card["slugs"]}
    tags = {card["slug"] for card in row["tag_cards"]}
    series = row["series_cards"]
    return {
        "author_slugs": [authors[slug] for slug in row["author_slugs"] if slug in authors],
        "tag_slugs": [slug for slug in row["tag_slugs"] if slug in tags],
        "series": (
            {"slug": series[0]["slug"], "position": row["place"]["position"]} if series else None
        ),
    }


def _gone(kind: str, name: str) -> SyncGone:
    return SyncGone.model_validate({"kind": kind, "id": name})


def _digest(value: Any) -> str:
    return hashlib.blake2b(to_json(value), digest_size=8).hexdigest()

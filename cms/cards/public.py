"""The pictures of links: drawn when first asked for, kept by what stands on them."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final, cast, get_args

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from cms.articles import public as articles
from cms.core import places
from cms.core.db import now
from cms.core.errors import Moved, NotFound, Unavailable
from cms.core.http import Answer, CMSRequest, is_known
from cms.core.storage import StoredNot
from cms.media import processing
from cms.media.cards import MIME, NAME, Card, CardKind
from cms.media.library import Library
from cms.media.processing import JobBroke, JobRefused
from cms.media.public import CSP, FOR_EVER
from cms.profiles import public as profiles
from cms.projects import public as projects

FINDERS: Final[Mapping[CardKind, Callable[[str, datetime], Awaitable[tuple[str, Card]]]]] = {
    "article": articles.find_card,
    "profile": profiles.find_card,
    "project": projects.find_card,
}


@get(
    "/{kind:str}/{name:str}",
    summary="The picture of a link",
    opt={"serves": [MIME]},
)
async def get_card(
    request: CMSRequest,
    kind: FromPath[str],
    name: FromPath[str],
    library: NamedDependency[Library],
) -> Answer[bytes]:
    """Title, byline and site as PNG, 1200 by 630, for what readers see now.

    A name that was right before the title changed answers 308 with the present one.
    """
    asked = NAME.fullmatch(name)
    if asked is None or kind not in get_args(CardKind):
        raise NotFound
    known: CardKind = cast("CardKind", kind)
    slug, card = await _found(known, asked[1])
    if (slug, card.digest) != (asked[1], asked[2]):
        raise Moved(card.address(known, slug).removeprefix(places.cms_base()))
    headers = {
        "ETag": f'"{card.digest}"',
        "Cache-Control": FOR_EVER,
        "Content-Security-Policy": CSP,
    }
    if is_known(request, headers["ETag"], None):
        return Answer(b"", status_code=304, headers=headers, media_type=MIME)
    return Answer(await _drawn(library, card), headers=headers, media_type=MIME)


async def _found(kind: CardKind, slug: str) -> tuple[str, Card]:
    """The card of what the slug means now, former slugs included."""
    try:
        return await FINDERS[kind](slug, now())
    except Moved as moved:
        return await FINDERS[kind](moved.headers["Location"].rpartition("/")[2], now())


async def _drawn(library: Library, card: Card) -> bytes:
    try:
        return await library.storage.get(card.key)
    except StoredNot:
        pass
    try:
        drawn = await processing.draw(card)
    except (JobBroke, JobRefused):
        raise Unavailable("The picture could not be drawn just now.") from None
    await library.storage.put(card.key, drawn)
    return drawn


router = Router("/media/cards", route_handlers=[get_card], tags=["media"])

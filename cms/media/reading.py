"""Look into the library: one item, lists, who uses it, how full it is, what content may name."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from anyascii import anyascii
from beanie import PydanticObjectId

from cms.accounts.actor import Actor, permit_reading
from cms.core import references
from cms.core.errors import FieldError, Invalid, NotFound
from cms.core.paging import Keyset, Page
from cms.history import service as history
from cms.media.documents import Media, matching
from cms.media.library import Library
from cms.media.schemas import (
    FocalPointView,
    MediaAdmin,
    MediaQuery,
    MediaUsage,
    MediaUser,
    MediaVariantView,
    ProgressView,
    RoomView,
)
from cms.media.showing import address

LOW_FREE: Final = 1024 * 1024 * 1024
ORDERS: Final = {
    "-created_at": Keyset("created_at", descending=True),
    "created_at": Keyset("created_at"),
    "name": Keyset("about.name", kind="text"),
    "-name": Keyset("about.name", descending=True, kind="text"),
}
WORD: Final = re.compile(r"[a-z0-9]+")
MOST_WORDS: Final = 200


def show(item: Media) -> MediaAdmin:
    file, wanted = item.file, len(item.wanted())
    return MediaAdmin(
        id=item.ref,
        revision=item.revision,
        url=address(file.key),
        stable_url=address(item.ref),
        **file.model_dump(exclude={"key", "digest", "salt"}),
        **item.about.model_dump(exclude={"focal_point"}),
        focal_point=FocalPointView(**item.about.focal_point.model_dump()),
        state=item.state(),
        progress=ProgressView(done=wanted - len(item.missing()), total=wanted),
        failures=item.failures,
        variants=[
            MediaVariantView(
                url=address(variant.key),
                **variant.model_dump(include={"width", "height", "mime", "size", "crop"}),
            )
            for variant in sorted(item.variants, key=lambda each: (each.crop, each.width))
        ],
        total_bytes=item.bytes,
        created_at=item.created_at,
        updated_at=item.updated_at,
        updated_by=history.show_editor(item.updated_by),
    )


async def get(actor: Actor, ident: PydanticObjectId) -> Media:
    """One item.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
    """
    permit_reading(actor)
    found = await Media.by_id(ident)
    if found is None or not (actor.sees_all() or found.owner_id == actor.account_id):
        raise NotFound
    return found


async def list_all(actor: Actor, params: MediaQuery) -> tuple[list[Media], Page, int | None]:
    """Newest first; who may not see everything sees their own."""
    permit_reading(actor)
    match = matching(
        owner_id=None if actor.sees_all() else actor.account_id,
        kind=params.kind,
        tag=params.tag.casefold() if params.tag else None,
        state=params.state,
        # Nothing begins with what is no word: as in every other list, it finds nothing.
        words=(words_of(params.q)[:10] or ["^"]) if params.q else (),
    )
    order = ORDERS[params.sort]
    total = await Media.count_admin(match) if params.total else None
    rows, page = order.page(await Media.list_admin(match, order, params), params, total)
    return [Media.model_validate(row) for row in rows], page, total


async def usage(actor: Actor, ident: PydanticObjectId, now: datetime) -> MediaUsage:
    return await usage_of((await get(actor, ident)).ref, now)


async def usage_of(ref: str, now: datetime) -> MediaUsage:
    found = await references.used_everywhere("media", ref, now)
    return MediaUsage(
        count=found.count,
        published=found.published,
        examples=[MediaUser(kind=u.kind, id=u.id, title=u.title) for u in found.examples],
    )


async def room(actor: Actor, library: Library) -> RoomView:
    """What the library takes; warns before it is full."""
    permit_reading(actor)
    used, free = await Media.used_bytes(), library.storage.free_bytes()
    is_low = free is not None and free < LOW_FREE
    return RoomView(
        storage=library.storage.kind,
        **await Media.tallies(),
        used_bytes=used,
        quota_bytes=library.quota_bytes,
        free_bytes=free,
        is_low=is_low or bool(library.quota_bytes and used > library.quota_bytes * 0.9),
    )


async def require(refs: Sequence[str], field: str) -> list[str]:
    """The ids, if every one of them is a picture of the library.

    Raises:
        Invalid: one is not; its place is named.
    """
    cards = await Media.cards_of(refs)
    many = field.endswith("_ids")
    wrong = [
        FieldError(
            f"{field}.{index}" if many else field, "is no picture of the library", "unknown_media"
        )
        for index, ref in enumerate(refs)
        if ref not in cards or not cards[ref]["file"]["mime"].startswith("image/")
    ]
    if wrong:
        raise Invalid(f"Not acceptable: {field}.", errors=wrong)
    return list(dict.fromkeys(refs))


async def require_one(ref: str | None, field: str) -> str | None:
    """As `require`, for a field that may name one."""
    return (await require([ref], field))[0] if ref is not None else None


def words_of(text: str) -> list[str]:
    found = WORD.findall(anyascii(text).lower())
    return list(dict.fromkeys(found))[:MOST_WORDS]

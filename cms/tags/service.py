"""The vocabulary: tags come into being by being used, series are made; both can be replaced."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, Final, TypeVar

from beanie import PydanticObjectId

from cms.accounts.actor import Actor, permit, permit_reading
from cms.accounts.permissions import Permission
from cms.core import db, references, usages
from cms.core.errors import Conflict, FieldError, Invalid, NotFound, Stale
from cms.core.paging import ListQuery, Page
from cms.core.shapes import Patch
from cms.core.slugs import candidates, slugify
from cms.core.usages import DeleteQuery, UsageView
from cms.history import service as history
from cms.history.entries import Entry, EventBody
from cms.tags import telling
from cms.tags.documents import (
    BY_SLUG,
    INTERNAL,
    NewTag,
    Series,
    SeriesSlugTaken,
    Tag,
    Word,
    is_internal,
)
from cms.tags.schemas import SeriesAdmin, SeriesInput, TagAdmin, TagInput

SLUG_TRIES: Final = 50
WordT = TypeVar("WordT", bound=Word)


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does what, when."""

    actor: Actor
    verb: str
    now: datetime
    why: str | None = None


def show(tag: Tag) -> TagAdmin:
    return TagAdmin(is_internal=is_internal(tag.slug), **tag.model_dump(exclude={"id", "pending"}))


def show_series(series: Series) -> SeriesAdmin:
    return SeriesAdmin(**series.model_dump(exclude={"id", "slugs", "pending"}))


def canonical(names: Sequence[str], field: str) -> list[NewTag]:
    """Names or slugs as tags, without doubles, in order.

    Raises:
        Invalid: a name has no letter or digit that a slug could be made of.
    """
    found: dict[str, NewTag] = {}
    for index, name in enumerate(names):
        slug = slugify(name, fallback="")
        if not slug:
            place = f"{field}.{index}"
            message = "needs at least one letter or digit"
            raise Invalid(f"{place}: {message}", errors=[FieldError(place, message, "bad_tag")])
        slug = INTERNAL + slug if is_internal(name) else slug
        found.setdefault(slug, NewTag(slug=slug, name=name))
    return list(found.values())


async def ensure(names: Sequence[str], now: datetime, field: str = "tag_slugs") -> list[str]:
    """The slugs of the named tags; those that are missing are made.

    The audit tells of them by the item that named them first.
    """
    tags = canonical(names, field)
    await Tag.ensure(tags, now)
    return [tag.slug for tag in tags]


async def missing(slugs: Sequence[str]) -> set[str]:
    """Those that no tag has."""
    return set(slugs) - await Tag.present(slugs) if slugs else set()


async def create(actor: Actor, data: TagInput, now: datetime) -> Tag:
    """A tag; one whose slug is there already stays as it is."""
    permit(actor, Permission.TAGS_WRITE)
    new = canonical([data.name], "name")[0].model_copy(update={"description": data.description})
    made = Tag(**new.model_dump(), created_at=now, updated_at=now)
    entry = _entry(Doing(actor, "created", now), None, made)
    told: Tag = made.model_copy(update={"pending": [entry]})
    return await told.add()


async def get(actor: Actor, slug: str) -> Tag:
    permit_reading(actor)
    found = await Tag.by_slug(slug)
    if found is None:
        raise NotFound
    return found


async def update(
    actor: Actor, slug: str, revision: int, patch: Patch[TagInput], now: datetime
) -> Tag:
    """Change what people read; the slug, and so every address, stays.

    Raises:
        Stale: somebody saved in between.
        Invalid: the name would make a public tag of an internal one, or the other way.
    """
    permit(actor, Permission.TAGS_WRITE)
    tag = await _tag_seen(actor, slug, revision)
    data = patch.apply(TagInput(name=tag.name, description=tag.description))
    if is_internal(data.name) != is_internal(slug):
        message = "must start with # exactly if the tag is internal: make another one and merge"
        raise Invalid.of("name", message, "internal_tag")
    after = tag.model_copy(update={**data.model_dump(), "updated_at": now})
    event = await telling.of_tag("updated", tag, None, now)
    await _make_room(tag)
    entry = _entry(Doing(actor, "updated", now), tag, after, event)
    written = await tag.replace_guarded(after, entry)
    if written is None:
        raise await _stale_tag(slug)
    return await _told(written, entry, lambda: telling.of_tag("updated", tag, None, db.now()))


async def list_all(actor: Actor, params: ListQuery) -> tuple[list[Tag], Page]:
    """Every tag, used or not."""
    permit_reading(actor)
    rows, page = BY_SLUG.page(await Tag.list_all(params), params)
    return [Tag.model_validate(row) for row in rows], page


async def usage(actor: Actor, slug: str, now: datetime) -> UsageView:
    permit(actor, Permission.TAGS_WRITE)
    return await usages.of("tags", (await get(actor, slug)).slug, now)


async def delete(
    actor: Actor, slug: str, revision: int, params: DeleteQuery, now: datetime
) -> None:
    """Remove a tag that nothing carries, or take it out of or replace it in all that does.

    Raises:
        InUse: something refers to it and the caller did not say what to do.
        Invalid: there is no tag to replace it with.
        Stale: somebody saved in between.
    """
    permit(actor, Permission.TAGS_WRITE)
    tag = await _tag_seen(actor, slug, revision)
    into = params.replace_with
    if into is not None and (into == slug or await Tag.by_slug(into) is None):
        raise usages.no_replacement("replace_with", into)
    await usages.require_unused("tags", slug, params, now)
    await _let_tag_go(Doing(actor, "deleted", now, _into(into)), tag, into)


async def merge(actor: Actor, slug: str, revision: int, into: str, now: datetime) -> Tag:
    """Let everything with the one tag carry the other; the one is gone.

    Raises:
        Invalid: there is no other tag with the slug `into`.
        Stale: somebody saved in between.
    """
    permit(actor, Permission.TAGS_WRITE)
    tag = await _tag_seen(actor, slug, revision)
    if into == slug or await Tag.by_slug(into) is None:
        raise usages.no_replacement("into", into)
    await _let_tag_go(Doing(actor, "merged", now, _into(into)), tag, into)
    return await get(actor, into)


def _into(slug: str | None) -> str | None:
    return f"into {slug}" if slug is not None else None


async def _let_tag_go(doing: Doing, tag: Tag, into: str | None) -> None:
    event = await telling.of_tag("deleted", tag, into, doing.now)
    remains = await tag.let_go(into, _entry(doing, tag, None, event))
    if remains is None:
        raise await _stale_tag(tag.slug)
    await remains.drain_early()


async def create_series(
    actor: Actor, data: SeriesInput, now: datetime, *, ident: PydanticObjectId | None = None
) -> Series:
    """A series, under the id if one is given; it shows once it has a public article.

    Raises:
        AlreadyMade: something stands under the id.
        Conflict: the wanted slug is taken.
    """
    permit(actor, Permission.TAGS_WRITE)
    derived = slugify(data.title, "series")
    wanted = [data.slug] if data.slug else islice(candidates(derived), SLUG_TRIES)
    for slug in wanted:
        made = Series(
            id=ident,
            slug=slug,
            slugs=[slug],
            title=data.title,
            description=data.description,
            created_at=now,
            updated_at=now,
        )
        entry = _entry(Doing(actor, "created", now), None, made)
        told: Series = made.model_copy(update={"pending": [entry]})
        try:
            return await told.create()
        except SeriesSlugTaken:
            continue
    raise _slug_taken(data.slug or derived)


async def find_series(ident: PydanticObjectId) -> SeriesAdmin | None:
    found = await Series.by_id(ident)
    return show_series(found) if found else None


async def get_series(actor: Actor, slug: str) -> Series:
    permit_reading(actor)
    found = await Series.by_slug(slug)
    if found is None:
        raise NotFound
    return found


async def update_series(
    actor: Actor, slug: str, revision: int, patch: Patch[SeriesInput], now: datetime
) -> Series:
    """Merge the patch; a new slug is taken over by the articles, and the old one leads on.

    Raises:
        Stale: somebody saved in between.
        Conflict: the slug is taken.
    """
    permit(actor, Permission.TAGS_WRITE)
    series = await _series_seen(actor, slug, revision)
    current = SeriesInput(title=series.title, slug=series.slug, description=series.description)
    data = patch.apply(current)
    new = data.slug or await _free_slug(series, slugify(data.title, "series"))
    after = series.model_copy(
        update={
            "slug": new,
            "slugs": list(dict.fromkeys([new, *series.slugs])),
            "title": data.title,
            "description": data.description,
            "updated_at": now,
        }
    )
    event = await telling.of_series("updated", series, new, now)
    await _make_room(series)
    try:
        entry = _entry(Doing(actor, "updated", now), series, after, event)
        written = await series.replace_guarded(after, entry)
    except SeriesSlugTaken:
        raise _slug_taken(new) from None
    if written is None:
        raise await _stale_series(slug)
    again = partial(telling.of_series, "updated", series, new)
    return await _told(written, entry, lambda: again(db.now()))


async def delete_series(
    actor: Actor, slug: str, revision: int, params: DeleteQuery, now: datetime
) -> None:
    """Remove a series; its articles stay, in another series or in none.

    Raises:
        InUse: something refers to it and the caller did not say what to do.
        Invalid: there is no series to replace it with.
        Stale: somebody saved in between.
    """
    permit(actor, Permission.TAGS_WRITE)
    series = await _series_seen(actor, slug, revision)
    into = params.replace_with
    if into is not None and (into == slug or await Series.by_slug(into) is None):
        raise usages.no_replacement("replace_with", into)
    await usages.require_unused("series", slug, params, now)
    doing = Doing(actor, "deleted", now, _into(into))
    event = await telling.of_series("deleted", series, into, now)
    remains = await series.let_go(into, _entry(doing, series, None, event))
    if remains is None:
        raise await _stale_series(slug)
    await remains.drain_early()


async def list_series(actor: Actor, params: ListQuery) -> tuple[list[Series], Page]:
    """Every series, used or not."""
    permit_reading(actor)
    rows, page = BY_SLUG.page(await Series.list_admin(params), params)
    return [Series.model_validate(row) for row in rows], page


async def series_usage(actor: Actor, slug: str, now: datetime) -> UsageView:
    permit(actor, Permission.TAGS_WRITE)
    return await usages.of("series", (await get_series(actor, slug)).slug, now)


async def require_series(slug: str, field: str = "series.slug") -> str:
    """The present slug of the series that has or had this one.

    Raises:
        Invalid: there is none.
    """
    found = await Series.canonical_slug(slug)
    if found is None:
        raise Invalid.of(field, f"there is no series {slug!r}", "unknown_series")
    return found


async def _told(
    written: WordT, entry: Entry, event: Callable[[], Awaitable[EventBody | None]]
) -> WordT:
    """Tell after all if something that carries it was published while it was written."""
    if entry.event is None or any(each.event for each in written.pending if each.at == entry.at):
        return written
    shown = await references.items(written.REFERRED, [written.slug], None)
    return await written.tell_late(entry, shown, event)


async def _make_room(word: Tag | Series) -> None:
    """A relay that fell behind is helped before the document grows."""
    if word.is_laden():
        await word.drain(word.KIND)


async def _free_slug(series: Series, derived: str) -> str:
    wanted = list(islice(candidates(derived), SLUG_TRIES))
    taken = await Series.taken_slugs(wanted, series.id)
    return next((slug for slug in wanted if slug not in taken), derived)


async def _tag_seen(actor: Actor, slug: str, revision: int) -> Tag:
    tag = await get(actor, slug)
    if tag.revision != revision:
        raise Stale(show(tag).model_dump(mode="json"))
    return tag


async def _stale_tag(slug: str) -> Stale | NotFound:
    current = await Tag.by_slug(slug)
    return Stale(show(current).model_dump(mode="json")) if current else NotFound()


async def _series_seen(actor: Actor, slug: str, revision: int) -> Series:
    series = await get_series(actor, slug)
    if series.revision != revision:
        raise Stale(show_series(series).model_dump(mode="json"))
    return series


async def _stale_series(slug: str) -> Stale | NotFound:
    current = await Series.by_slug(slug)
    return Stale(show_series(current).model_dump(mode="json")) if current else NotFound()


def _entry(
    doing: Doing,
    before: Tag | Series | None,
    after: Tag | Series | None,
    event: EventBody | None = None,
) -> Entry:
    return history.note(
        doing.actor,
        doing.now,
        verb=doing.verb,
        revision=before.revision + 1 if before else 1,
        before=_written(before) if before else None,
        after=_written(after),
        event=event,
        why=doing.why,
        has_revisions=False,
    )


def _written(word: Tag | Series | None) -> dict[str, Any]:
    """What a person wrote of it; nothing of what is gone."""
    names = {"name", "title", "slug", "description"}
    return word.model_dump(include=names) if word else {}


def _slug_taken(slug: str) -> Conflict:
    message = f"The slug {slug!r} is taken, now or by an old address that still redirects."
    return Conflict(message, code="slug_taken", errors=[FieldError("slug", message, "slug_taken")])

"""The vocabulary: tags come into being by being used, series are made; both can be replaced."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from cms.accounts.actor import Actor, permit, permit_reading
from cms.accounts.permissions import Permission
from cms.core import references
from cms.core.errors import Conflict, FieldError, InUse, Invalid, NotFound, Stale
from cms.core.paging import ListQuery, Page
from cms.core.shapes import Patch
from cms.core.slugs import candidates, slugify
from cms.history import documents as history
from cms.history.documents import Entry, EventBody, EventType
from cms.history.service import editor
from cms.site import service as site
from cms.tags.documents import BY_SLUG, INTERNAL, NewTag, Series, SeriesSlugTaken, Tag, is_internal
from cms.tags.schemas import (
    DeleteQuery,
    SeriesAdmin,
    SeriesInput,
    TagAdmin,
    TagInput,
    UsageView,
    UserView,
)

SLUG_TRIES = 50


def show(tag: Tag) -> TagAdmin:
    fields = tag.model_dump(exclude={"id", "pending"})
    return TagAdmin(is_internal=is_internal(tag.slug), **fields)


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
    """The slugs of the named tags; those that are missing are made."""
    tags = canonical(names, field)
    await Tag.ensure(tags, now)
    return [tag.slug for tag in tags]


async def create(actor: Actor, data: TagInput, now: datetime) -> Tag:
    permit(actor, Permission.TAGS_WRITE)
    made = canonical([data.name], "name")[0].model_copy(update={"description": data.description})
    await Tag.ensure([made], now)
    return await get(made.slug)


async def get(slug: str) -> Tag:
    found = await Tag.by_slug(slug)
    if found is None:
        raise NotFound
    return found


async def update(actor: Actor, slug: str, patch: Patch[TagInput], now: datetime) -> Tag:
    """Change what people read; the slug, and so every address, stays."""
    permit(actor, Permission.TAGS_WRITE)
    tag = await get(slug)
    current = TagInput(name=tag.name, description=tag.description)
    values = patch.apply(current).model_dump()
    # Only what the patch names: two people may mend the name and the description at once.
    given = {name: values[name] for name in patch.changes}
    changes = history.changed(current.model_dump(), values)
    is_shown = bool(await references.items("tags", [slug], now, None))
    event = await _event("tag", "updated", [slug], now) if is_shown else None
    entry = _entry(actor, now, verb="updated", event=event, changes=changes)
    changed = await Tag.change(slug, given, now, entry)
    if changed is None:
        raise NotFound
    return changed


async def list_all(actor: Actor, params: ListQuery) -> tuple[list[Tag], Page]:
    """Every tag, used or not."""
    permit_reading(actor)
    rows, page = BY_SLUG.page(await Tag.list_all(params), params)
    return [Tag.model_validate(row) for row in rows], page


async def usage(actor: Actor, slug: str, now: datetime) -> UsageView:
    permit(actor, Permission.TAGS_WRITE)
    return await _usage("tags", (await get(slug)).slug, now)


async def delete(actor: Actor, slug: str, params: DeleteQuery, now: datetime) -> None:
    """Remove a tag that nothing carries, or take it out of or replace it in all that does.

    Raises:
        InUse: something refers to it and the caller did not say what to do.
        Invalid: there is no tag to replace it with.
    """
    permit(actor, Permission.TAGS_WRITE)
    tag = await get(slug)
    into = params.replace_with
    if into is not None and (into == slug or await Tag.by_slug(into) is None):
        raise _no_replacement("replace_with", into)
    await _require_unused("tags", slug, params, now)
    event = await _gone("tag", tag.slug, into, now)
    entry = _entry(actor, now, verb="deleted", event=event, why=_into(into))
    if not await Tag.let_go(tag.slug, into, now, entry):
        raise NotFound


async def merge(actor: Actor, slug: str, into: str, now: datetime) -> Tag:
    """Let everything with the one tag carry the other; the one is gone.

    Raises:
        Invalid: there is no other tag with the slug `into`.
    """
    permit(actor, Permission.TAGS_WRITE)
    await get(slug)
    if into == slug or await Tag.by_slug(into) is None:
        raise _no_replacement("into", into)
    event = await _gone("tag", slug, into, now)
    entry = _entry(actor, now, verb="merged", event=event, why=_into(into))
    if not await Tag.let_go(slug, into, now, entry):
        raise NotFound
    return await get(into)


async def create_series(actor: Actor, data: SeriesInput, now: datetime) -> Series:
    """A series; it shows once it has a public article.

    Raises:
        Conflict: the wanted slug is taken.
    """
    permit(actor, Permission.TAGS_WRITE)
    derived = slugify(data.title, "series")
    wanted = [data.slug] if data.slug else islice(candidates(derived), SLUG_TRIES)
    for slug in wanted:
        try:
            return await Series(
                slug=slug,
                slugs=[slug],
                title=data.title,
                description=data.description,
                created_at=now,
                updated_at=now,
            ).create()
        except SeriesSlugTaken:
            continue
    raise _slug_taken(data.slug or derived)


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
    new = data.slug or slugify(data.title, "series")
    after = series.model_copy(
        update={
            "slug": new,
            "slugs": list(dict.fromkeys([new, *series.slugs])),
            "title": data.title,
            "description": data.description,
            "updated_at": now,
        }
    )
    slugs = list(dict.fromkeys([series.slug, new]))
    event = await _event("series", "updated", slugs, now)
    changes = history.changed(current.model_dump(), data.model_dump())
    entry = _entry(actor, now, verb="updated", event=event, changes=changes, revision=revision + 1)
    try:
        written = await series.replace_guarded(after, entry)
    except SeriesSlugTaken:
        raise _slug_taken(new) from None
    if written is None:
        raise await _stale_series(slug)
    return written


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
        raise _no_replacement("replace_with", into)
    await _require_unused("series", slug, params, now)
    event = await _gone("series", slug, into, now)
    entry = _entry(actor, now, verb="deleted", event=event, why=_into(into), revision=revision + 1)
    if not await series.let_go(into, now, entry):
        raise await _stale_series(slug)


async def list_series(actor: Actor, params: ListQuery) -> tuple[list[Series], Page]:
    """Every series, used or not."""
    permit_reading(actor)
    rows, page = BY_SLUG.page(await Series.list_admin(params), params)
    return [Series.model_validate(row) for row in rows], page


async def series_usage(actor: Actor, slug: str, now: datetime) -> UsageView:
    permit(actor, Permission.TAGS_WRITE)
    return await _usage("series", (await get_series(actor, slug)).slug, now)


async def require_series(slug: str, field: str = "series.slug") -> str:
    """The present slug of the series that has or had this one.

    Raises:
        Invalid: there is none.
    """
    found = await Series.canonical_slug(slug)
    if found is None:
        raise Invalid.of(field, f"there is no series {slug!r}", "unknown_series")
    return found


def _entry(
    actor: Actor,
    now: datetime,
    *,
    verb: str,
    event: EventBody | None,
    changes: Sequence[history.Change] = (),
    why: str | None = None,
    revision: int = 1,
) -> Entry:
    """For the audit, and for those who follow; the vocabulary keeps no revisions."""
    return Entry(
        id=history.new_id(),
        at=now,
        by=editor(actor),
        door=actor.door,
        verb=verb,
        why=why,
        revision=revision,
        changes=list(changes),
        event=event,
    )


def _into(slug: str | None) -> str | None:
    return f"into {slug}" if slug is not None else None


async def _gone(kind: str, slug: str, into: str | None, now: datetime) -> EventBody | None:
    """What readers notice of a row that is gone; of an internal one, only what took its place."""
    if not is_internal(slug):
        public = [slug, *([into] if into is not None and not is_internal(into) else [])]
        return await _event(kind, "deleted", public, now)
    if into is None or is_internal(into):
        return None
    return await _event(kind, "updated", [into], now)


async def _event(
    kind: str, type_: EventType, slugs: Sequence[str], now: datetime
) -> EventBody | None:
    """`slugs`: the one that it is about, and the others that it concerns; no internal ones.

    Of an updated row the last slug is the one that it has now.
    """
    if any(is_internal(slug) for slug in slugs):
        return None
    content = (await site.get()).content
    lang, collection = content.languages[0], {"tag": "tags", "series": "series"}[kind]
    paths = [content.path(kind, language, slug) for slug in slugs for language in content.languages]
    for slug in slugs:
        shown = await references.shown_by(collection, slug, now)
        paths += [content.path(*each) for each in shown]
    is_renamed = type_ == "updated" and len(slugs) > 1
    return EventBody(
        type=type_,
        slug=slugs[-1] if is_renamed else slugs[0],
        old_slug=slugs[0] if is_renamed else None,
        lang=lang,
        keys=[collection, *(f"{kind}:{slug}" for slug in slugs)],
        paths=list(dict.fromkeys([*paths, *site.PATHS[1:]])),
    )


async def _series_seen(actor: Actor, slug: str, revision: int) -> Series:
    series = await get_series(actor, slug)
    if series.revision != revision:
        raise Stale(show_series(series).model_dump(mode="json"))
    return series


async def _stale_series(slug: str) -> Stale | NotFound:
    current = await Series.by_slug(slug)
    return Stale(show_series(current).model_dump(mode="json")) if current else NotFound()


async def _usage(collection: str, slug: str, now: datetime) -> UsageView:
    found = await references.usage(collection, slug, now)
    examples = [UserView(kind=user.kind, id=user.id, title=user.title) for user in found.examples]
    return UsageView(count=found.count, published=found.published, examples=examples)


async def _require_unused(collection: str, slug: str, params: DeleteQuery, now: datetime) -> None:
    if params.force or params.replace_with is not None:
        return
    found = await _usage(collection, slug, now)
    if found.count:
        raise InUse(
            f"{found.count} refer to it: name a replacement in replace_with, or force it.",
            found.model_dump(mode="json"),
        )


def _no_replacement(field: str, slug: str) -> Invalid:
    return Invalid.of(field, f"there is no other one with the slug {slug!r}", "unknown_slug")


def _slug_taken(slug: str) -> Conflict:
    message = f"The slug {slug!r} is taken, now or by an old address that still redirects."
    return Conflict(message, code="slug_taken", errors=[FieldError("slug", message, "slug_taken")])

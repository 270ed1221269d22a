"""The verbs of every published kind: load, permit, move, write under the guard."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from beanie import PydanticObjectId
from pydantic_core import to_json

from cms.accounts.actor import Actor, permit
from cms.core.errors import Conflict, NotFound
from cms.core.shapes import Patch, read_input
from cms.core.slugs import slugify
from cms.history import entries
from cms.history.documents import Revision
from cms.history.entries import Entry, EventType
from cms.publishing import checking, naming, service, translating, windows
from cms.publishing.contents import Burst, Next
from cms.publishing.service import DocumentT, InputT, Kind, Seen
from cms.publishing.windows import Planned

# A pause longer than this, or a burst longer than that, starts a new revision.
BURST = timedelta(minutes=10)
# Fields that belong to one document alone: a copy starts without them.
OWN = ("slug", "translation_of")


async def create(
    kind: Kind[DocumentT, InputT],
    actor: Actor,
    data: InputT,
    now: datetime,
    *,
    ident: PydanticObjectId | None = None,
) -> DocumentT:
    """A draft of the actor's own, under the id if one is given.

    Raises:
        AlreadyMade: something stands under the id.
        Conflict: the slug is taken.
        Invalid: a reference is unknown, or the text can't be rendered.
    """
    permit(actor, kind.write, actor.account_id)
    content = await kind.content(data, now)
    measures = await kind.measures(content)

    async def build(slug: str) -> DocumentT:
        made = kind.document(
            id=ident,
            slugs=[slug],
            owner_id=actor.account_id,
            created_at=now,
            updated_at=now,
            updated_by=service.editor(actor),
            working=content.model_copy(update={"slug": slug}),
            **measures,
        )
        entry = await service.note(kind, None, made, actor, verb="created", now=now)
        kept: DocumentT = made.model_copy(update={"pending": [entry]})
        return kept

    made = await naming.create_under_slug(
        kind.document, content.slug or None, slugify(content.title), build
    )
    await kind.keep_named(made, now)
    return made


async def update(
    kind: Kind[DocumentT, InputT],
    actor: Actor,
    seen: Seen,
    patch: Patch[InputT],
    now: datetime,
    *,
    autosave: bool = False,
    why: str | None = None,
) -> DocumentT:
    """Merge the patch into the working copy; what readers see stays as it is.

    Raises:
        Stale: somebody saved in between.
        Conflict: the slug is taken, or it lies in the trash.
        Invalid: naming the fields.
    """
    document = await service.to_write(kind, actor, seen, now)
    service.not_in_trash(document)
    current = read_input(kind.input, document.working.model_dump_json().encode())
    content = await kind.content(patch.apply(current), now)
    await translating.require_fit(document, content)
    measures = await kind.measures(content) if content != document.working else {}
    verb = "autosaved" if autosave else "updated"

    async def under(slug: str) -> DocumentT:
        named = content.model_copy(update={"slug": slug})

        async def move(before: DocumentT) -> DocumentT:
            burst = _burst(before, actor, now) if autosave else None
            after = before.edited(named, service.editor(actor), now, burst)
            measured: DocumentT = after.model_copy(update=dict(measures))
            return measured

        written = await service.write(kind, document, move, actor, verb=verb, now=now, why=why)
        await kind.keep_named(written, now)
        return written

    if content.slug:
        return await under(content.slug)
    derived = slugify(content.title)
    return await naming.under_free_slug(kind.document, derived, document.id, under)


def _burst(before: Any, actor: Actor, now: datetime) -> Burst:
    burst: Burst | None = before.burst
    by = service.editor(actor)
    is_same = burst is not None and burst.by == by and now - burst.started_at < BURST
    if burst is not None and is_same:
        return burst
    return Burst(id=entries.new_id(), by=by, started_at=now)


async def publish(
    kind: Kind[DocumentT, Any],
    actor: Actor,
    seen: Seen,
    at: datetime | None,
    now: datetime,
) -> DocumentT:
    """Put the working copy live, now or at a time; a time in the past dates it back.

    What readers see already stays until the time ahead comes, then changes to what the working
    copy is now.

    Raises:
        Stale: somebody saved in between.
        Conflict: it lies in the trash, or is to be unpublished before the time ahead.
        Invalid: a check that the site calls an error found something.
    """
    document = await service.to_write(kind, actor, seen, now, kind.publish)
    service.not_in_trash(document)
    await checking.require(kind, document, now)
    await kind.keep_named(document, now)
    if document.is_readable(now) and at is not None and at > now:
        return await _schedule_change(kind, actor, document, at, now)
    is_update = document.is_readable(now)

    async def move(before: DocumentT) -> DocumentT:
        live = await kind.live(before, at or _first_seen(before, now) or now, now)
        if is_update and before.live is not None:
            live = live.model_copy(update={"unpublish_at": before.live.unpublish_at})
        return before.published(live, service.editor(actor), now)

    starts_now = at is None or at <= now

    def event(before: Any) -> EventType | None:
        if not starts_now:
            return None
        return "updated" if before.is_known(now) else "published"

    return await service.write(kind, document, move, actor, verb="published", now=now, event=event)


async def _schedule_change(
    kind: Kind[DocumentT, Any], actor: Actor, document: DocumentT, at: datetime, now: datetime
) -> DocumentT:
    if document.live is not None and document.live.unpublish_at <= at:
        raise Conflict(
            "It is to be unpublished before then: move that first.", code="unpublished_before"
        )

    async def move(before: DocumentT) -> DocumentT:
        assert before.live is not None  # noqa: S101 - readers see it
        live = await kind.live(before, before.live.publish_at, at)
        live = live.model_copy(update={"unpublish_at": before.live.unpublish_at})
        return before.change_scheduled(Next(at=at, live=live), service.editor(actor), now)

    return await service.write(kind, document, move, actor, verb="change_scheduled", now=now)


async def unpublish(
    kind: Kind[DocumentT, Any],
    actor: Actor,
    seen: Seen,
    at: datetime | None,
    now: datetime,
) -> DocumentT:
    """Take it from readers, now or at a time ahead.

    Raises:
        Stale: somebody saved in between.
        Conflict: it is neither live nor scheduled.
    """
    document = await service.to_write(kind, actor, seen, now, kind.publish)
    if not document.is_live_or_scheduled(now):
        raise Conflict("It is not published.", code="not_published")
    moment = max(at or now, now)

    def event(before: Any) -> EventType | None:
        return "unpublished" if moment <= now and before.is_known(now) else None

    async def move(before: DocumentT) -> DocumentT:
        return before.unpublished(moment, service.editor(actor), now)

    return await service.write(
        kind, document, move, actor, verb="unpublished", now=now, event=event
    )


async def unschedule(
    kind: Kind[DocumentT, Any],
    actor: Actor,
    seen: Seen,
    what: Sequence[Planned] | None,
    now: datetime,
) -> DocumentT:
    """Call off what was planned, all of it or the named; what readers see now stays.

    Raises:
        Stale: somebody saved in between.
        Conflict: nothing of that is planned.
    """
    document = await service.to_write(kind, actor, seen, now, kind.publish)
    service.not_in_trash(document)
    ahead = windows.planned(document, now)
    off = ahead if what is None else set(what)
    if not off or off - ahead:
        named = " or ".join(sorted(off - ahead)) or "anything"
        raise Conflict(f"There is no plan to {named} it.", code="not_scheduled")

    # Only after a clock was set back: readers were told of a publication that is ahead again.
    def event(before: Any) -> EventType | None:
        return "unpublished" if "publish" in off and before.is_known(now) else None

    async def move(before: DocumentT) -> DocumentT:
        return before.unscheduled(off, service.editor(actor), now)

    why = ", ".join(sorted(off))
    return await service.write(
        kind, document, move, actor, verb="unscheduled", now=now, event=event, why=why
    )


async def discard_draft(
    kind: Kind[DocumentT, Any],
    actor: Actor,
    seen: Seen,
    now: datetime,
) -> DocumentT:
    """Make the working copy what is live again.

    Raises:
        Conflict: it was never published.
    """
    document = await service.to_write(kind, actor, seen, now)
    service.not_in_trash(document)
    if document.live is None:
        raise Conflict("It was never published.", code="not_published")
    content_type = type(document.working)
    fields = document.live.model_dump(include=set(content_type.model_fields))
    content = content_type.model_validate(fields)
    measures = await kind.measures(content)

    async def move(before: DocumentT) -> DocumentT:
        after = before.edited(content, service.editor(actor), now)
        measured: DocumentT = after.model_copy(update=dict(measures))
        return measured

    return await service.write(kind, document, move, actor, verb="draft_discarded", now=now)


async def trash(
    kind: Kind[DocumentT, Any],
    actor: Actor,
    seen: Seen,
    now: datetime,
) -> DocumentT:
    """Move it to the trash, out of readers' sight."""
    document = await service.to_write(kind, actor, seen, now)
    service.not_in_trash(document)
    if document.is_live_or_scheduled(now):
        permit(actor, kind.publish, document.owner_id)  # readers lose it

    def event(before: Any) -> EventType | None:
        return "deleted" if before.is_known(now) else None

    async def move(before: DocumentT) -> DocumentT:
        return before.trashed(service.editor(actor), now)

    return await service.write(kind, document, move, actor, verb="trashed", now=now, event=event)


async def restore(
    kind: Kind[DocumentT, Any],
    actor: Actor,
    seen: Seen,
    now: datetime,
) -> DocumentT:
    """Take it out of the trash; it stays out of readers' sight until it is published again.

    Raises:
        Conflict: it is not in the trash.
    """
    document = await service.to_write(kind, actor, seen, now)
    if document.trashed_at is None:
        raise Conflict("It is not in the trash.", code="not_trashed")

    async def move(before: DocumentT) -> DocumentT:
        return before.restored(service.editor(actor), now)

    return await service.write(kind, document, move, actor, verb="restored", now=now)


async def duplicate(
    kind: Kind[DocumentT, InputT],
    actor: Actor,
    source: PydanticObjectId,
    now: datetime,
    *,
    ident: PydanticObjectId | None = None,
) -> DocumentT:
    """A draft of the actor's own with the same content under a slug of its own."""
    document = await service.get(kind, actor, source)
    copied = {**document.working.model_dump(mode="json"), **dict.fromkeys(OWN)}
    data = read_input(kind.input, to_json(copied))
    return await create(kind, actor, data, now, ident=ident)


async def purge(
    kind: Kind[DocumentT, Any],
    actor: Actor,
    seen: Seen,
    now: datetime,
) -> None:
    """Remove it for good with its revisions; the audit log keeps that it was there, not what.

    Raises:
        Conflict: it is not in the trash.
        Stale: somebody saved in between.
    """
    document = await service.to_write(kind, actor, seen, now, kind.purge)
    if document.trashed_at is None:
        raise Conflict("Move it to the trash first.", code="not_trashed")
    entry = Entry(
        id=entries.new_id(),
        at=now,
        by=service.editor(actor),
        door=actor.door,
        verb="purged",
        revision=seen.revision,
    )
    remains = await document.delete_guarded(kind.name, entry)
    if remains is None:
        current = await kind.document.by_id(seen.ident)
        raise NotFound if current is None else kind.stale(current, now)
    await remains.drain_early()


async def restore_revision(
    kind: Kind[DocumentT, InputT],
    actor: Actor,
    seen: Seen,
    number: int,
    now: datetime,
) -> DocumentT:
    """Make the working copy what it was at revision `number`; this is a revision too.

    Raises:
        NotFound: there is no such revision.
        Invalid: it refers to something that is gone.
    """
    document = await service.to_write(kind, actor, seen, now)
    service.not_in_trash(document)
    await service.drain(kind, document)
    found = await Revision.by_number(seen.ident, number)
    if found is None:
        raise NotFound("There is no such revision.")
    data = read_input(kind.input, to_json(found.content))
    content = await kind.content(data, now)
    await translating.require_fit(document, content)
    measures = await kind.measures(content)

    async def move(before: DocumentT) -> DocumentT:
        after = before.edited(content, service.editor(actor), now)
        measured: DocumentT = after.model_copy(update=dict(measures))
        return measured

    why = f"revision {number}"
    written = await service.write(
        kind, document, move, actor, verb="revision_restored", now=now, why=why
    )
    await kind.keep_named(written, now)
    return written


def _first_seen(document: Any, now: datetime) -> datetime | None:
    """When readers first saw it: publishing again does not make it new."""
    live = document.live
    return live.publish_at if live is not None and live.publish_at <= now else None

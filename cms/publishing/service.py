"""What every published kind does alike: name itself, find a slug, load, write under the guard."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from beanie import PydanticObjectId

from cms.accounts.actor import Actor, permit, permit_reading
from cms.accounts.permissions import Permission
from cms.core import events, rendering
from cms.core.db import NEVER
from cms.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale, Unavailable
from cms.core.events import Changed
from cms.core.markdown import Rendered, Unrenderable
from cms.core.shapes import View
from cms.history import entries
from cms.history.entries import Editor, Entry, EventBody, EventType
from cms.publishing import naming, translating
from cms.publishing.contents import LanguageTaken, SlugTaken
from cms.publishing.documents import Published
from cms.publishing.schemas import WrittenInput
from cms.site import service as site
from cms.site.documents import FEEDS, LLMS, SITEMAP, SiteContent

DocumentT = TypeVar("DocumentT", bound=Published[Any, Any])
InputT = TypeVar("InputT", bound=WrittenInput)
GUARD_TRIES = 5
# Times are stored to the millisecond.
TICK = timedelta(milliseconds=1)


async def _only_renderable(content: Any) -> Mapping[str, Any]:
    """Nothing is kept of it, but a text that can't be published is refused when it is saved."""
    await render(content.markdown)
    return {}


async def _names_nothing(_document: Any, _now: datetime) -> None:
    """It names nothing that is made by being named."""


def _nothing_else(_content: Any) -> Sequence[str]:
    """Nothing but its own page shows it."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[DocumentT, InputT]):
    """One published kind: its documents, who may do what, and how its input becomes content."""

    name: str
    document: type[DocumentT]
    input: type[InputT]
    write: Permission
    publish: Permission
    purge: Permission
    show: Callable[[DocumentT, datetime], View]
    content: Callable[[InputT, datetime], Awaitable[Any]]
    live_copy: Callable[[DocumentT, Any, Rendered, datetime, datetime], Any]
    measures: Callable[[Any], Awaitable[Mapping[str, Any]]] = _only_renderable
    # After a working copy was written: what it names is there.
    keep_named: Callable[[DocumentT, datetime], Awaitable[None]] = _names_nothing
    keys: Callable[[Any], Sequence[str]] = _nothing_else
    # Files on the frontend that list the kind, made anew when one of it changes.
    listed_in: Sequence[str] = (*FEEDS, SITEMAP, LLMS)

    def stale(self, document: DocumentT, now: datetime) -> Stale:
        return Stale(self.show(document, now).model_dump(mode="json"))

    async def live(self, document: DocumentT, publish_at: datetime, now: datetime) -> Any:
        """What publishing makes of the working copy."""
        rendered = await render(document.working.markdown)
        return self.live_copy(document, document.working, rendered, publish_at, now)


async def written(document: type[Published[Any, Any]], data: WrittenInput) -> dict[str, Any]:
    """The content of any kind as far as all have it, of what its author sent.

    Raises:
        Invalid: there is no such source to translate.
    """
    ref = data.translation_of
    return {
        **data.model_dump(),
        "slug": data.slug or "",
        "lang": data.lang or (await site.get()).content.languages[0],
        "translation_of": await translating.source_named(document, ref) if ref else None,
    }


def editor(actor: Actor) -> Editor:
    return Editor(id=actor.account_id, name=actor.name)


async def render(markdown: str, field: str = "markdown") -> Rendered:
    """Markdown as publishing shows it, made off the event loop.

    Raises:
        Invalid: it is too large, too deep or too slow to render; names `field`.
    """
    try:
        return await rendering.render(markdown)
    except Unrenderable as refusal:
        raise Invalid.of(field, str(refusal), "not_renderable") from None


async def get(kind: Kind[DocumentT, Any], actor: Actor, ident: PydanticObjectId) -> DocumentT:
    """One working copy.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
    """
    permit_reading(actor)
    found = await kind.document.by_id(ident)
    if found is None or not (actor.sees_all() or found.owner_id == actor.account_id):
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Seen:
    """A document and the revision of it that the caller saw."""

    ident: PydanticObjectId
    revision: int


async def to_write(
    kind: Kind[DocumentT, Any],
    actor: Actor,
    seen: Seen,
    now: datetime,
    permission: Permission | None = None,
) -> DocumentT:
    """The document, if the actor may write it and saw its present revision.

    Raises:
        NotFound, Forbidden: see `get` and `permit`.
        Stale: it moved on; carries what it is now.
    """
    document = await get(kind, actor, seen.ident)
    needed = permission or kind.write
    permit(actor, needed, document.owner_id)
    # Only people who may publish write what readers see or will see: a contributor's own draft
    # is no longer theirs once it is published.
    if document.is_live_or_scheduled(now) and not can_publish(kind, actor, document):
        raise Forbidden("This is published: whoever may publish has to change it.")
    if document.revision != seen.revision:
        raise kind.stale(document, now)
    return document


def can_publish(kind: Kind[Any, Any], actor: Actor, document: Published[Any, Any]) -> bool:
    """By role alone: a token that lacks the scope to publish may still edit a working copy."""
    return actor.role_reaches(kind.publish, document.owner_id)


def not_in_trash(document: Published[Any, Any]) -> None:
    if document.trashed_at is not None:
        raise Conflict("It lies in the trash: restore it first.", code="trashed")


Move = Callable[[DocumentT], Awaitable[DocumentT]]
# What readers notice of it, if anything; asked again of what the clock changed in between.
Notice = Callable[[Published[Any, Any]], EventType | None]


def _unnoticed(_before: Published[Any, Any]) -> None:
    """Readers see what they saw."""


async def write(
    kind: Kind[DocumentT, Any],
    before: DocumentT,
    move: Move[DocumentT],
    actor: Actor,
    *,
    verb: str,
    now: datetime,
    event: Notice = _unnoticed,
    why: str | None = None,
) -> DocumentT:
    """Apply the move and write it with its history, audit and event in one guarded update.

    Raises:
        Stale: somebody was faster; carries what it is now.
        Conflict: the slug is taken.
    """
    assert before.id is not None  # noqa: S101 - it was loaded
    ident, revision = before.id, before.revision
    for _ in range(GUARD_TRIES):
        if before.announce_at is not None and before.announce_at <= now:
            await pass_time(kind, before, now)
        elif before.is_laden():
            await drain(kind, before)
        else:
            after = await move(before)
            noticed = event(before)
            entry = await note(
                kind, before, after, actor, verb=verb, now=now, event=noticed, why=why
            )
            try:
                written = await before.replace_guarded(after, entry)
            except SlugTaken:
                raise naming.slug_taken(after.working.slug) from None
            except LanguageTaken:
                raise naming.language_taken() from None
            if written is not None:
                # Readers shall see it at once; of working copies the relay tells soon enough.
                if (written.live, written.next) != (before.live, before.next):
                    await events.announce_early(Changed(kind.name, ident))
                return written
        before = await _reload(kind, ident)
        if before.revision != revision:
            raise kind.stale(before, now)
        # The same revision: the clock or the relay wrote in between, and no author has to know.
    raise Unavailable("This keeps changing by itself; try again.")


async def _reload(kind: Kind[DocumentT, Any], ident: PydanticObjectId) -> DocumentT:
    found = await kind.document.by_id(ident)
    if found is None:
        raise NotFound
    return found


async def note(
    kind: Kind[DocumentT, Any],
    before: DocumentT | None,
    after: DocumentT,
    actor: Actor,
    *,
    verb: str,
    now: datetime,
    event: EventType | None = None,
    why: str | None = None,
) -> Entry:
    """What a write leaves behind: a revision if the content changed, an audit record, an event."""
    changes = entries.changed(
        before.working.model_dump() if before else None, after.working.model_dump()
    )
    return Entry(
        id=entries.new_id(),
        at=now,
        by=editor(actor),
        door=actor.door,
        verb=verb,
        why=why,
        revision=before.revision + 1 if before else 1,
        revision_id=after.burst.id if after.burst else None,
        content=after.working.model_dump() if changes or before is None else None,
        changes=[*changes, *(entries.changed(_state(before, now), _state(after, now)))],
        event=await event_of(kind, before, after, event, now) if event else None,
    )


def _state(document: Published[Any, Any] | None, now: datetime) -> dict[str, Any]:
    """What the audit tells beside the content: the state, and the moments that time brings."""
    if document is None:
        return {}
    live, coming = document.live, document.next
    ends = live.unpublish_at if live is not None and live.unpublish_at < NEVER else None
    return {
        "status": document.status(now).value,
        "publish_at": live.publish_at if live else None,
        "unpublish_at": ends,
        "change_at": coming.at if coming else None,
    }


async def event_of(
    kind: Kind[DocumentT, Any],
    before: DocumentT | None,
    after: DocumentT,
    event: EventType,
    now: datetime,
) -> EventBody:
    """Whose caches are wrong now: keys for CDNs, paths for the frontend, of both states.

    What was planned and never seen is left out: its slug and tags are still nobody's business.
    """
    content = (await site.get()).content
    shown = [
        copy.live
        for copy in (before, after)
        if copy is not None and copy.live is not None and _was_seen(copy, now)
    ]
    last = shown[-1] if shown else None
    slug, lang = (last.slug, last.lang) if last else (after.working.slug, after.working.lang)
    old = shown[0].slug if len(shown) > 1 and shown[0].slug != slug else None
    near = [each for live in shown for each in await after.find_beside(live, now)]
    keys = [
        f"{kind.name}:{after.id}",
        f"{kind.name}s",
        *(k for live in shown for k in kind.keys(live)),
        *(f"{kind.name}:{each.ident}" for each in near),
    ]
    paths = [path for live in shown for path in _paths(kind, content, live)]
    paths += [content.path(kind.name, each.lang, each.slug) for each in near]
    return EventBody(
        type=event,
        slug=slug,
        old_slug=old,
        lang=lang,
        keys=list(dict.fromkeys(keys)),
        paths=list(dict.fromkeys(paths)),
    )


def _was_seen(item: Published[Any, Any], now: datetime) -> bool:
    live = item.live
    return live is not None and (live.publish_at <= now or live.publish_at in item.announced)


def _paths(kind: Kind[Any, Any], content: SiteContent, live: Any) -> list[str]:
    own = content.path(kind.name, live.lang, live.slug)
    # `keys` of what it stands under, such as `tag:api`, name pages by the same patterns; such a
    # page stands under its own language (an author's) or under every one (a tag's).
    langs = dict.fromkeys([live.lang, *content.languages])
    names = [key.split(":") for key in kind.keys(live)]
    under = [content.path(name, lang, slug) for name, slug in names for lang in langs]
    return [own, *under, *kind.listed_in]


async def pass_time(kind: Kind[DocumentT, Any], document: DocumentT, now: datetime) -> None:
    """Announce every moment up to now at which time alone changed what readers see."""
    current = document
    while current.announce_at is not None and current.announce_at <= now:
        moment = current.announce_at
        after = current.passed(moment)
        entry = Entry(
            id=entries.new_id(),
            at=moment,
            by=Editor(id=None, name="schedule"),
            door="clock",
            verb=_verb_of(current, moment),
            revision=current.revision,
            changes=entries.changed(_state(current, moment - TICK), _state(after, moment)),
            event=await event_of(kind, current, after, _verb_of(current, moment), moment),
        )
        if not await current.pass_guarded(after, entry):
            return  # somebody else did, or an author wrote: the next round looks again
        current = after.model_copy(update={"pending": [*current.pending, entry]})


def _verb_of(document: Published[Any, Any], moment: datetime) -> EventType:
    live = document.live
    if live is not None and live.unpublish_at <= moment:
        return "unpublished"
    if document.next is not None and document.next.at <= moment:
        return "updated"
    return "published"


async def drain(kind: Kind[DocumentT, Any], document: DocumentT) -> None:
    """Move what writes left behind out of the document; harmless to repeat at any point."""
    if document.pending and document.id is not None:
        # Whoever was not told when it was written, by a crash in between, is told here.
        await events.announce(Changed(kind.name, document.id))
    await document.drain(kind.name)


async def settled(
    kind: Kind[DocumentT, Any], actor: Actor, ident: PydanticObjectId
) -> PydanticObjectId:
    """The id of an item that the actor may see, with nothing of its past still pending."""
    await drain(kind, await get(kind, actor, ident))
    return ident

"""Keep the index what the items are: told by writes that readers notice, of all by the relay."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import anyio.to_thread
import structlog
from beanie import PydanticObjectId

from cms.core.events import Changed
from cms.history import entries
from cms.leases.documents import Lease
from cms.publishing.documents import Published
from cms.search import documents, texts
from cms.search.documents import SearchDraft, SearchEntry, SearchState
from cms.tags.documents import Tag

# Raise it when words are cut or folded in another way: every installation rebuilds at its start.
VERSION: Final = 1
BATCH: Final = 200
LEASE: Final = timedelta(minutes=10)
WAIT_SECONDS: Final = 5.0
log = structlog.get_logger("cms.search")


async def hear(changed: Changed, now: datetime) -> None:
    """What search does about a change below."""
    if changed.kind in documents.sources():
        await refresh(changed.kind, changed.ident, now, again=changed.is_thorough)


async def refresh(
    kind: str, ident: PydanticObjectId, now: datetime, *, again: bool = False
) -> None:
    """Make the index say of an item what the item is; harmless to repeat and to race with.

    `again` writes what seems to be there already.
    """
    document = documents.sources()[kind]
    item = await document.by_id(ident)
    if item is None:
        await documents.forget([ident])
        return
    live_seen = _live_side(item, now)
    seen = None if again else await SearchDraft.seen(ident)
    if seen == (item.revision, live_seen):
        return
    entries, draft = await _build(kind, item, live_seen, now)
    # A new draft has no entries to look after.
    is_new = seen is None and not entries and not again
    if not is_new and (seen is None or seen[1] != live_seen):
        await SearchEntry.keep(ident, item.revision, entries)
    # Last, since it says that the entries are there.
    if not await draft.keep():
        # Somebody wrote a later revision meanwhile: our entries must not stay beside theirs.
        await refresh(kind, ident, now, again=True)
    elif not await documents.existing(document, [ident]):
        await documents.forget([ident])  # purged since we looked


def _shown(item: Published[Any, Any], now: datetime) -> list[tuple[Any, datetime]]:
    """The versions that readers see now or will see, each with the time from which they do."""
    if item.live is None or not item.is_live_or_scheduled(now):
        return []
    coming = [(item.next.live, item.next.at)] if item.next else []
    return [(item.live, item.live.publish_at), *coming]


def _live_side(item: Published[Any, Any], now: datetime) -> str:
    shown = [
        f"{live.updated_at.isoformat()}/{since.isoformat()}/{live.unpublish_at.isoformat()}"
        for live, since in _shown(item, now)
    ]
    # A change that is scheduled anew for the same moment differs by its revision alone.
    return " ".join([*shown, str(item.revision) if item.next else ""])


async def _build(
    kind: str, item: Published[Any, Any], live_seen: str, now: datetime
) -> tuple[list[SearchEntry], SearchDraft]:
    shown = _shown(item, now)
    slugs = {slug for live, _ in shown for slug in getattr(live, "tag_slugs", ())}
    names = await Tag.public_names(sorted(slugs))
    assert item.id is not None  # noqa: S101 - it was loaded
    ident, revision = item.id, item.revision

    def build() -> tuple[list[SearchEntry], SearchDraft]:
        entries = [
            SearchEntry(
                kind=kind,
                item_id=ident,
                stamp=live.updated_at,
                revision=revision,
                lang=live.lang,
                publish_at=since,
                unpublish_at=live.unpublish_at,
                **_fields(texts.of_live(live, names)),
            )
            for live, since in shown
        ]
        draft = SearchDraft(
            kind=kind,
            item_id=ident,
            revision=revision,
            live_seen=live_seen,
            owner_id=item.owner_id,
            tokens=texts.of_working(item.working),
        )
        return entries, draft

    return await anyio.to_thread.run_sync(build)


def _fields(zones: texts.Zones) -> dict[str, Any]:
    return {name: getattr(zones, name) for name in texts.Zones.__slots__}


async def rebuild(
    now: Callable[[], datetime], progress: Callable[[int], None] = lambda _: None
) -> int:
    """Write every entry anew and drop those of items that are gone; the number of items.

    Searching goes on meanwhile: entries are replaced one by one, never emptied.
    """
    done = 0
    for kind, document in documents.sources().items():
        last = None
        while idents := await documents.ids_after(document, "_id", last, BATCH, {}):
            for ident in idents:
                await refresh(kind, ident, now(), again=True)
            last = idents[-1]
            done += len(idents)
            progress(done)
        await _sweep(kind, document)
    await SearchState.built(VERSION)
    return done


async def _sweep(kind: str, document: type[Published[Any, Any]]) -> None:
    for index in (SearchEntry, SearchDraft):
        last = None
        while idents := await documents.ids_after(index, "item_id", last, BATCH, {"kind": kind}):
            await documents.forget(sorted({*idents} - await documents.existing(document, idents)))
            last = idents[-1]


async def keep_built(now: Callable[[], datetime]) -> None:
    """Build the index once after an upgrade that needs it, in one process of all."""
    holder = str(entries.new_id())
    while await SearchState.version_built() != VERSION:
        if await Lease.hold("search", holder, now(), LEASE):
            log.info("search_rebuilding", version=VERSION)
            await rebuild(now)
            await Lease.let_go("search", holder)
        else:
            await asyncio.sleep(WAIT_SECONDS)

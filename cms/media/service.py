"""Keep the library: take files in, describe, replace, find and delete them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from beanie import PydanticObjectId

from cms.accounts.actor import Actor, permit
from cms.accounts.permissions import Permission
from cms.core import db, references
from cms.core.errors import Conflict, InUse, Invalid, NotFound, Stale, Unavailable
from cms.core.shapes import Patch
from cms.core.storage import Storage
from cms.core.uploads import Part
from cms.history import entries as past
from cms.history import service as history
from cms.history.entries import Entry, EventBody
from cms.leases.documents import BACKUP, Lease
from cms.media import intake, reading
from cms.media.documents import About, Media, SameBytes
from cms.media.library import Library
from cms.media.schemas import (
    DeleteMediaQuery,
    MediaInput,
)
from cms.site import service as site
from cms.site.documents import FEEDS, SITEMAP

KIND: Final = "media"
# Below this no upload is taken: the database and the logs need room as well.
LEAST_FREE: Final = 256 * 1024 * 1024


async def upload(
    actor: Actor, library: Library, part: Part, now: datetime, alt: Mapping[str, str] | None = None
) -> tuple[Media, bool]:
    """The item made of a file, and whether it was there before: the same bytes are the same item.

    Raises:
        TooLarge, Invalid: see `intake.take`.
        Conflict: it does not fit into the quota.
        Unavailable: the storage is full or does not answer.
    """
    permit(actor, Permission.MEDIA_WRITE, actor.account_id)
    ident = past.new_id()
    if not part.is_too_large and (same := await _same(actor, part.data)):
        return same, True
    taken = await intake.take(part, str(ident))
    await _require_room(library, taken.file.size)
    # The file first: no document ever names one that is not there.
    await _store(library.storage, taken)
    item = Media(
        id=ident,
        ref=str(ident),
        owner_id=actor.account_id,
        about=About(name=part.name, alt=dict(alt or {})),
        file=taken.file,
        bytes=taken.file.size,
        created_at=now,
        updated_at=now,
        updated_by=history.editor(actor),
    )
    item = _derived(item, now)
    entry = await _entry(actor, "uploaded", now, None, item)
    try:
        return await item.model_copy(update={"pending": [entry]}).create(), False
    except SameBytes:  # the same file, sent twice at once
        await library.storage.delete(taken.file.key)
        same = await _same(actor, part.data)
        if same is None:
            raise _same_bytes() from None
        return same, True


async def _store(storage: Storage, taken: intake.Taken) -> None:
    await storage.put(taken.file.key, taken.data)


async def _same(actor: Actor, data: bytes) -> Media | None:
    return await Media.by_digest(intake.digest_of(data), actor.account_id)


async def update(
    actor: Actor, ident: PydanticObjectId, revision: int, patch: Patch[MediaInput], now: datetime
) -> Media:
    """Merge the patch; another focal point has the crops made anew.

    Raises:
        Stale: somebody saved in between.
        Invalid: naming the fields.
    """
    item = await _to_write(actor, ident, revision)
    data = patch.apply(MediaInput.model_validate(item.about.model_dump()))
    about = About.model_validate(data.model_dump())
    after = item.model_copy(
        update={"about": about, "updated_at": now, "updated_by": history.editor(actor)}
    )
    return await _write(actor, "updated", now, item, _derived(after, now))


async def replace(
    actor: Actor,
    library: Library,
    ident: PydanticObjectId,
    revision: int,
    part: Part,
    *,
    now: datetime,
) -> Media:
    """Other bytes under the same id: every address and reference goes on leading here.

    Raises:
        Stale: somebody saved in between.
        TooLarge, Invalid: see `intake.take`.
        Conflict: another item has these bytes, it shows a picture and these are none, or the quota.
        Unavailable: the storage is full or does not answer.
    """
    item = await _to_write(actor, ident, revision)
    taken = await intake.take(part, item.ref)
    if item.is_picture != taken.file.mime.startswith("image/"):
        raise Conflict("A picture takes a picture's place alone.", code="other_kind")
    await _require_room(library, taken.file.size - item.bytes)
    await _store(library.storage, taken)
    after = item.model_copy(
        update={
            "file": taken.file,
            "variants": [],
            "updated_at": now,
            "updated_by": history.editor(actor),
        }
    )
    try:
        written = await _write(actor, "replaced", now, item, _derived(after, now))
    except Stale:
        await library.storage.delete(taken.file.key)
        raise
    await forget(library.storage, item.keys(), now)
    return written


async def delete(
    actor: Actor,
    library: Library,
    ident: PydanticObjectId,
    revision: int,
    params: DeleteMediaQuery,
    *,
    now: datetime,
) -> None:
    """Remove it and its files.

    Raises:
        InUse: something shows it, and the caller did not say what to do.
        Invalid: there is no such item to take its place.
        Stale: somebody saved in between.
    """
    item = await _to_write(actor, ident, revision)
    into = params.replace_with
    if into is not None:
        other = await Media.by_ref(into)
        if into == item.ref or other is None or other.is_picture != item.is_picture:
            message = "there is no other item of its kind with this id"
            raise Invalid.of("replace_with", message, "unknown_media")
    found = await reading.usage_of(item.ref, now)
    if found.count and into is None and not params.force:
        raise InUse(
            f"{found.count} refer to it: name a replacement in replace_with, or force it.",
            found.model_dump(mode="json"),
        )
    entry = await _entry(actor, "deleted", now, item, None)
    if not await item.delete_guarded(entry, into, is_used=found.count > 0):
        raise await _stale(ident)
    await forget(library.storage, item.keys(), now)


async def forget(storage: Storage, keys: Sequence[str], now: datetime) -> None:
    """Take files away that nothing names any more; the sweep takes what this can't.

    A backup reads the files of a moment that has passed: while one does, all stay.
    """
    if await Lease.is_held(BACKUP, now):
        return
    for key in keys:
        try:
            await storage.delete(key)
        except Unavailable:
            return


async def _require_room(library: Library, more: int) -> None:
    free = library.storage.free_bytes()
    if free is not None and free - more < LEAST_FREE:
        raise Unavailable("The disk is all but full.", code="storage_full", retry_after=60)
    if library.quota_bytes and await Media.used_bytes() + more > library.quota_bytes:
        megabytes = library.quota_bytes // 1024 // 1024
        message = f"It does not fit into the library's {megabytes} MB (CMS_MEDIA_QUOTA_MB)."
        raise Conflict(message, code="quota_exceeded")


async def _to_write(actor: Actor, ident: PydanticObjectId, revision: int) -> Media:
    item = await reading.get(actor, ident)
    permit(actor, Permission.MEDIA_WRITE, item.owner_id)
    if item.revision != revision:
        raise Stale(reading.show(item).model_dump(mode="json"))
    return item


def _derived(item: Media, now: datetime) -> Media:
    """What follows from its fields: the words it is found by, and whether there is work."""
    about = item.about
    texts = [about.name, *about.alt.values(), *about.caption.values(), about.credit, *about.tags]
    work_at = now if item.missing() else None
    changes = {"words": reading.words_of(" ".join(texts)), "work_at": work_at}
    derived: Media = item.model_copy(update=changes)
    return derived


async def _write(actor: Actor, verb: str, now: datetime, before: Media, after: Media) -> Media:
    if before.is_laden():
        await before.drain(KIND)
    entry = await _entry(actor, verb, now, before, after)
    try:
        written = await before.replace_guarded(after, entry)
    except SameBytes:
        raise _same_bytes() from None
    if written is None:
        raise await _stale(before.item_id)
    return await tell_late(written, entry)


async def tell_late(written: Media, entry: Entry) -> Media:
    """Tell of what was published with it as it was, while `entry` was written."""
    shown = await references.items(KIND, [written.ref], None)
    return await written.tell_late(entry, shown, lambda: event(written, db.now()))


def _same_bytes() -> Conflict:
    return Conflict("Another item of the library has these very bytes.", code="same_bytes")


async def _stale(ident: PydanticObjectId) -> Stale | NotFound:
    current = await Media.by_id(ident)
    return NotFound() if current is None else Stale(reading.show(current).model_dump(mode="json"))


async def _entry(
    actor: Actor, verb: str, now: datetime, before: Media | None, after: Media | None
) -> Entry:
    """For the audit log, with no revision: of what people write there is little."""
    noted = history.note(
        actor,
        now,
        verb=verb,
        revision=before.revision + 1 if before else 1,
        before=_told(before) if before else None,
        after=_told(after) if after else {},
        event=await event(before, now) if before else None,
    )
    return noted.model_copy(update={"content": None})


def _told(item: Media) -> dict[str, Any]:
    return {**item.about.model_dump(), "mime": item.file.mime, "size": item.file.size}


async def event(item: Media, now: datetime) -> EventBody | None:
    """Whose pages look otherwise now; None when nobody's do."""
    shown = await references.shown_by(KIND, item.ref, now)
    if not shown:
        return None
    content = (await site.get()).content
    files = FEEDS if any(kind == "article" for kind, _, _ in shown) else ()
    return EventBody(
        type="updated",
        slug=item.ref,
        lang=content.languages[0],
        keys=[
            f"media:{item.ref}",
            "media",
            *dict.fromkeys(f"{kind}:{slug}" for kind, _, slug in shown),
        ],
        paths=list(dict.fromkeys([*(content.path(*each) for each in shown), *files, SITEMAP])),
    )

"""Take messages in, read them, mark them, and remove them for good."""

from datetime import datetime
from typing import Final

from beanie import PydanticObjectId

from cms.accounts.actor import Actor, permit
from cms.accounts.permissions import Permission
from cms.contact.documents import NEWEST_FIRST, CaughtBy, Message
from cms.contact.schemas import ContactInput, ContactMark, ContactMessage, ContactQuery
from cms.contact.trap import Ticket, Trap
from cms.core.errors import Conflict, NotFound, Stale
from cms.core.paging import Page
from cms.core.shapes import Patch
from cms.history import documents as history
from cms.history import entries
from cms.history import service as past
from cms.history.entries import Change, Entry
from cms.throttles import service as throttles
from cms.throttles.service import Bucket, Limit, network_of

HOUR: Final = 60 * 60
FROM_ADDRESS: Final = Limit("contact", 5, HOUR)
FROM_ADDRESS_DAY: Final = Limit("contact-day", 20, 24 * HOUR)
# From everywhere together. What is caught counts by itself: it must not shut the door to people.
FROM_ALL: Final = Limit("contact-all", 100, HOUR, others=True)
CAUGHT: Final = Limit("contact-caught", 50, HOUR, others=True)
MARKS: Final = {"is_read", "is_spam"}


def show(message: Message) -> ContactMessage:
    fields = message.model_dump(exclude={"id", "token_digest", "is_told", "pending"})
    return ContactMessage(id=str(message.id), **fields)


async def receive(data: ContactInput, *, trap: Trap, address: str, now: datetime) -> datetime:
    """Take a message in; when it was received. A program that was caught is told the same.

    Raises:
        Invalid: the token is none of ours, or too old.
        Conflict: the token brought another message before.
        TooManyRequests: enough was written from there, or by everybody.
    """
    ticket = trap.read(data.token, now)
    sent_before = await _sent_before(data, ticket)
    if sent_before is not None:
        return sent_before
    caught_by = _caught_by(data, ticket)
    network = network_of(address)
    own = [Bucket(FROM_ADDRESS, network), Bucket(FROM_ADDRESS_DAY, network)]
    await throttles.take(own if caught_by else [*own, Bucket(FROM_ALL, "")], now)
    if caught_by and not await throttles.fits([Bucket(CAUGHT, "")], now):
        return now
    message = Message(
        id=entries.new_id(),
        token_digest=ticket.digest,
        **data.model_dump(exclude={"token", "website"}),
        is_spam=caught_by is not None,
        caught_by=caught_by,
        received_at=now,
        updated_at=now,
    )
    if not await message.add():
        return await _sent_before(data, ticket) or now
    return now


def _caught_by(data: ContactInput, ticket: Ticket) -> CaughtBy | None:
    if data.website:
        return "honeypot"
    return "too_fast" if ticket.is_early else None


async def _sent_before(data: ContactInput, ticket: Ticket) -> datetime | None:
    """A retry of what arrived is no second message."""
    known = await Message.by_token(ticket.digest)
    if known is None:
        return None
    if not known.says(data.model_dump()):
        code = "contact_token_used"
        raise Conflict("This form was sent before: fetch a new token.", code=code)
    return known.received_at


async def list_all(actor: Actor, params: ContactQuery) -> tuple[list[ContactMessage], Page]:
    permit(actor, Permission.CONTACT_READ)
    folder, is_read = params.folder, params.is_read
    found = await Message.list_of(folder, is_read, params)
    total = await Message.count_of(folder, is_read) if params.total else None
    rows, page = NEWEST_FIRST.page(found, params, total)
    return [show(Message.model_validate(row)) for row in rows], page


async def get(actor: Actor, ident: PydanticObjectId) -> Message:
    permit(actor, Permission.CONTACT_READ)
    found = await Message.by_id(ident)
    if found is None:
        raise NotFound
    return found


async def update(
    actor: Actor, ident: PydanticObjectId, revision: int, patch: Patch[ContactMark], now: datetime
) -> Message:
    """Mark it as read or not, as spam or not.

    Raises:
        Stale: somebody marked it in between.
        Invalid: naming the fields.
    """
    before = await _seen(actor, ident, revision)
    marks = patch.apply(ContactMark.model_validate(before.model_dump(include=MARKS)))
    after: Message = before.model_copy(update={**marks.model_dump(), "updated_at": now})
    if before.is_laden():
        await before.drain("contact")
    changes = entries.changed(before.model_dump(include=MARKS), marks.model_dump())
    entry = _entry(actor, "updated", before.revision + 1, changes, now)
    written = await before.replace_guarded(after, entry)
    if written is None:
        raise await _stale(ident)
    return written


async def delete(actor: Actor, ident: PydanticObjectId, revision: int, now: datetime) -> None:
    """Remove it for good; the audit keeps that somebody did, and nothing of what it said."""
    message = await _seen(actor, ident, revision)
    entry = _entry(actor, "deleted", message.revision + 1, [], now)
    if not await message.delete_guarded(entry):
        raise await _stale(ident)


async def erase(actor: Actor, email: str, now: datetime) -> int:
    """Remove all that somebody sent, as they may ask; how many messages went."""
    permit(actor, Permission.CONTACT_WRITE)
    found = await Message.of_sender(email)
    for message in found:
        await message.drain("contact")
    removed = await Message.remove([message.item_id for message in found])
    changes = [Change(field="removed", after=removed)]
    entry = _entry(actor, "sender_erased", 1, changes, now)
    # Under an id of its own: it is about somebody whom nothing may name any more.
    await history.keep("contact", entries.new_id(), "Messages of one sender", [entry])
    return removed


async def _seen(actor: Actor, ident: PydanticObjectId, revision: int) -> Message:
    permit(actor, Permission.CONTACT_WRITE)
    message = await Message.by_id(ident)
    if message is None:
        raise NotFound
    if message.revision != revision:
        raise Stale(show(message).model_dump(mode="json"))
    return message


async def _stale(ident: PydanticObjectId) -> Stale | NotFound:
    current = await Message.by_id(ident)
    return Stale(show(current).model_dump(mode="json")) if current else NotFound()


def _entry(actor: Actor, verb: str, revision: int, changes: list[Change], now: datetime) -> Entry:
    return Entry(
        id=entries.new_id(),
        at=now,
        by=past.editor(actor),
        door=actor.door,
        verb=verb,
        revision=revision,
        changes=changes,
    )

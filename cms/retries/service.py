"""Make something once, however often the request for it arrives."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from beanie import PydanticObjectId
from pydantic import ValidationError

from cms.accounts.actor import Actor, permit
from cms.accounts.permissions import Permission
from cms.core.errors import Conflict, FieldError, Invalid, NotFound
from cms.core.shapes import View
from cms.retries.documents import AlreadyMade, Retry

KEPT: Final = timedelta(hours=24)
ViewT = TypeVar("ViewT", bound=View)


async def _nothing(_: PydanticObjectId) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation(Generic[ViewT]):
    """What is to be made: `make` inserts under the id it gets, `find` shows what stands there.

    `request` is all that the result depends on: a key means this and nothing else. Without `find`
    it does no harm to make it twice.
    """

    permission: Permission
    request: str
    view: type[ViewT]
    make: Callable[[PydanticObjectId | None], Awaitable[ViewT]]
    find: Callable[[PydanticObjectId], Awaitable[ViewT | None]] = _nothing


async def once(actor: Actor, key: str | None, creation: Creation[ViewT], now: datetime) -> ViewT:
    """Make it, or give the first answer again if this account used the key before.

    A refusal is not kept: the same request may succeed later under its key.

    Raises:
        Invalid: the key was used for another request.
        NotFound: what the key made was removed for good since.
    """
    permit(actor, creation.permission, actor.account_id)
    if key is None or actor.account_id is None:
        return await creation.make(None)
    fingerprint = hashlib.sha256(creation.request.encode()).hexdigest()
    record = await Retry.claim(f"{actor.account_id}:{key}", fingerprint, now + KEPT)
    if record.fingerprint != fingerprint:
        raise _reused()
    if record.is_gone:
        raise NotFound("What this Idempotency-Key made was removed for good since.")
    if record.answer is not None and (kept := _read(creation.view, record.answer)):
        return kept
    made = await _made(creation, record.item_id)
    return _read(creation.view, await record.keep(made.model_dump_json())) or made


async def _made(creation: Creation[ViewT], ident: PydanticObjectId) -> ViewT:
    """What the request makes, or what one before it made without living to say so."""
    try:
        return await creation.make(ident)
    except (AlreadyMade, Conflict):  # its slug is taken, perhaps by itself
        found = await creation.find(ident)
        if found is None:
            raise
        return found


def _read(view: type[ViewT], answer: str) -> ViewT | None:
    """None when a release since then gave the view another shape."""
    try:
        return view.model_validate_json(answer)
    except ValidationError:
        return None


def _reused() -> Invalid:
    message = "was used for another request: take a new key for a new body"
    code = "idempotency_key_reused"
    return Invalid(
        f"Idempotency-Key {message}.",
        code=code,
        errors=[FieldError("Idempotency-Key", message, code)],
    )


async def forget(ident: PydanticObjectId) -> None:
    await Retry.forget(ident)

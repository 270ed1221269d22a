"""Keep webhooks: make, change and delete them, rotate secrets, look at what was sent."""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from beanie import PydanticObjectId

from cms.accounts.actor import Actor, permit
from cms.accounts.permissions import Permission
from cms.core.errors import Conflict, NotFound, Stale
from cms.core.paging import ListQuery, Page
from cms.core.shapes import Patch
from cms.history import entries
from cms.history import service as past
from cms.history.documents import Event
from cms.history.entries import Entry
from cms.webhooks import messages, secrets
from cms.webhooks.documents import BY_NAME, NEWEST_FIRST, Delivery, Secret, Webhook
from cms.webhooks.schemas import (
    AttemptView,
    DeliveryQuery,
    DeliveryView,
    RotateInput,
    SecretView,
    WebhookAdmin,
    WebhookInput,
    WebhookMade,
)
from cms.webhooks.secrets import Secrets

MOST: Final = 50
FIELDS: Final = {"name", "url", "kinds", "is_enabled"}


def show(webhook: Webhook, now: datetime) -> WebhookAdmin:
    fields = webhook.model_dump(exclude={"id", "secrets", "pending", "from_event", "updated_by"})
    return WebhookAdmin(
        **fields,
        id=str(webhook.id),
        secrets=[
            SecretView(created_at=one.created_at, expires_at=one.expires_at)
            for one in webhook.valid_secrets(now)
        ],
        updated_by=past.show_editor(webhook.updated_by),
    )


def _made(webhook: Webhook, secret: str, now: datetime) -> WebhookMade:
    return WebhookMade(**show(webhook, now).model_dump(), secret=secret)


def show_delivery(delivery: Delivery) -> DeliveryView:
    is_open = delivery.finished_at is None
    return DeliveryView(
        id=str(delivery.id),
        message_id=f"msg_{delivery.id}",
        changes_count=len(delivery.changes),
        attempts=[AttemptView(**one.model_dump()) for one in delivery.attempts],
        due_at=delivery.due_at if is_open else None,
        **delivery.model_dump(
            include={"state", "type", "payload", "attempts_count", "created_at", "finished_at"}
        ),
    )


async def list_all(
    actor: Actor, params: ListQuery, now: datetime
) -> tuple[list[WebhookAdmin], Page]:
    permit(actor, Permission.WEBHOOKS_WRITE)
    found = await Webhook.list_all(params)
    rows, page = BY_NAME.page(found, params, await Webhook.count_all() if params.total else None)
    return [show(Webhook.model_validate(row), now) for row in rows], page


async def get(actor: Actor, ident: PydanticObjectId) -> Webhook:
    """One webhook; an address such as that of a build hook is a secret, so not all may look."""
    permit(actor, Permission.WEBHOOKS_WRITE)
    found = await Webhook.by_id(ident)
    if found is None:
        raise NotFound
    return found


async def create(actor: Actor, data: WebhookInput, keys: Secrets, now: datetime) -> WebhookMade:
    """A webhook and its secret; it is told of what happens from now on.

    Raises:
        Conflict: there are too many.
    """
    permit(actor, Permission.WEBHOOKS_WRITE)
    if await Webhook.count_all() >= MOST:
        raise Conflict(f"There are {MOST} webhooks already.", code="too_many_webhooks")
    ident = entries.new_id()
    secret, stored = _new_secret(ident, keys, now)
    last = await Event.last()
    webhook = Webhook(
        id=ident,
        **data.model_dump(),
        secrets=[stored],
        from_event=last.id if last else 0,
        created_at=now,
        updated_at=now,
        updated_by=past.editor(actor),
    )
    entry = _entry(actor, "created", None, webhook, now)
    kept: Webhook = webhook.model_copy(update={"pending": [entry]})
    await kept.insert()
    return _made(kept, secret, now)


async def update(
    actor: Actor,
    ident: PydanticObjectId,
    revision: int,
    patch: Patch[WebhookInput],
    now: datetime,
) -> Webhook:
    """Merge the patch.

    Raises:
        Stale: somebody saved in between.
        Invalid: naming the fields.
    """
    webhook = await _seen(actor, ident, revision, now)
    data = patch.apply(WebhookInput.model_validate(webhook.model_dump(include=FIELDS)))
    changes = {**data.model_dump(), "disabled_because": None}
    return await _write(actor, "updated", webhook, changes, now)


async def rotate(
    actor: Actor,
    ident: PydanticObjectId,
    revision: int,
    data: RotateInput,
    *,
    keys: Secrets,
    now: datetime,
) -> WebhookMade:
    """A new secret; the one before signs beside it for a while, so that none is refused.

    Raises:
        Stale: somebody saved in between.
    """
    webhook = await _seen(actor, ident, revision, now)
    secret, stored = _new_secret(ident, keys, now)
    until = now + timedelta(hours=data.keep_old_hours)
    # The newest of the old: a third one would never be asked for.
    old = [one.model_copy(update={"expires_at": until}) for one in webhook.secrets[:1]]
    known = [one for one in old if data.keep_old_hours and _is_readable(webhook, one, keys)]
    written = await _write(actor, "secret_rotated", webhook, {"secrets": [stored, *known]}, now)
    return _made(written, secret, now)


async def delete(actor: Actor, ident: PydanticObjectId, revision: int, now: datetime) -> None:
    """Remove it, with all that was or is on its way to it."""
    webhook = await _seen(actor, ident, revision, now)
    if not await webhook.delete_guarded(_entry(actor, "deleted", webhook, None, now)):
        raise await _stale(ident, now)


async def test(actor: Actor, ident: PydanticObjectId, now: datetime) -> DeliveryView:
    """Send a message that says nothing; what became of it shows among the deliveries."""
    webhook = await get(actor, ident)
    if not webhook.is_enabled:
        raise Conflict("It is disabled: enable it first.", code="webhook_disabled")
    delivery = Delivery(
        webhook_id=ident,
        state="waiting",
        type=messages.TEST,
        first_event=0,
        events=[],
        items=[],
        changes=[],
        payload=messages.test_payload(now),
        created_at=now,
        due_at=now,
        give_up_at=now,  # whoever tests wants to see what happens, not what would in the end
    )
    await delivery.insert()
    return show_delivery(delivery)


async def deliveries(
    actor: Actor, ident: PydanticObjectId, params: DeliveryQuery
) -> tuple[list[DeliveryView], Page]:
    await get(actor, ident)
    rows, page = NEWEST_FIRST.page(await Delivery.list_of(ident, params.state, params), params)
    return [show_delivery(Delivery.model_validate(row)) for row in rows], page


async def redeliver(
    actor: Actor, ident: PydanticObjectId, delivery_id: PydanticObjectId, now: datetime
) -> DeliveryView:
    """Send a finished message once more, under its own id.

    Raises:
        NotFound: there is no such delivery.
        Conflict: it is on its way.
    """
    await get(actor, ident)
    found = await Delivery.by_id(ident, delivery_id)
    if found is None:
        raise NotFound
    again = await found.again(now, now + messages.PATIENCE)
    if again is None:
        raise Conflict("It is on its way already.", code="delivery_under_way")
    return show_delivery(again)


def _new_secret(ident: PydanticObjectId, keys: Secrets, now: datetime) -> tuple[str, Secret]:
    nonce = secrets.new_nonce()
    secret = keys.of(str(ident), nonce)
    return secret, Secret(nonce=nonce, check=keys.check(secret), created_at=now)


def _is_readable(webhook: Webhook, stored: Secret, keys: Secrets) -> bool:
    return keys.known(str(webhook.id), stored.nonce, stored.check) is not None


async def _seen(actor: Actor, ident: PydanticObjectId, revision: int, now: datetime) -> Webhook:
    webhook = await get(actor, ident)
    if webhook.revision != revision:
        raise Stale(show(webhook, now).model_dump(mode="json"))
    return webhook


async def _write(
    actor: Actor, verb: str, before: Webhook, changes: dict[str, object], now: datetime
) -> Webhook:
    own = {"updated_at": now, "updated_by": past.editor(actor)}
    after: Webhook = before.model_copy(update={**changes, **own})
    if before.is_laden():
        await before.drain("webhook")
    written = await before.replace_guarded(after, _entry(actor, verb, before, after, now))
    if written is None:
        raise await _stale(before.item_id, now)
    return written


async def _stale(ident: PydanticObjectId, now: datetime) -> Stale | NotFound:
    current = await Webhook.by_id(ident)
    return Stale(show(current, now).model_dump(mode="json")) if current else NotFound()


def _entry(
    actor: Actor, verb: str, before: Webhook | None, after: Webhook | None, now: datetime
) -> Entry:
    changes = entries.changed(_told(before) if before else None, _told(after) if after else {})
    return Entry(
        id=entries.new_id(),
        at=now,
        by=past.editor(actor),
        door=actor.door,
        verb=verb,
        revision=before.revision + 1 if before else 1,
        changes=changes,
    )


def _told(webhook: Webhook) -> dict[str, object]:
    """What the audit keeps: of the address its host alone, since the rest may be a secret."""
    fields = webhook.model_dump(include=FIELDS)
    return {**fields, "url": urlsplit(webhook.url).hostname or ""}

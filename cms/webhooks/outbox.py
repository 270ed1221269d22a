"""Hands events to deliveries and sends those; any number of processes run it, a lease lets one.

Killed anywhere, it leaves nothing that the next one does not finish: an event is handed over once
per webhook (an index's promise), and what was sent and not marked is sent again under the same id.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from beanie import PydanticObjectId
from pydantic_core import to_json

from cms.core import ending, notices
from cms.core.db import DatabaseError
from cms.core.notices import Notice
from cms.core.outbound import Outbound, OutboundFailed, OutboundRefused, Reply
from cms.history import entries
from cms.history.documents import Event
from cms.leases.documents import Lease
from cms.webhooks import messages
from cms.webhooks import secrets as signing
from cms.webhooks.documents import Attempt, Delivery, Outbox, Webhook, latest
from cms.webhooks.secrets import Secrets

NAME: Final = "webhooks"
LEASE: Final = timedelta(seconds=10)
PAUSE_SECONDS: Final = 0.5
BATCH: Final = 100
AT_ONCE: Final = 8
MOST_ANSWER: Final = 16 * 1024
GONE: Final = 410
log = structlog.get_logger("cms.webhooks")


@dataclass(slots=True)
class Sender:
    """What one process sends just now: one message at a time to each webhook."""

    outbound: Outbound
    secrets: Secrets
    now: Callable[[], datetime]
    under_way: dict[PydanticObjectId, "asyncio.Task[None]"] = field(default_factory=dict)

    async def step(self) -> None:
        """One round: hand over what is new, start what is due."""
        moment = self.now()
        webhooks = await hand_over(moment)
        await hand_over_notices(list(webhooks.values()), moment)
        for ident in [ident for ident, task in self.under_way.items() if task.done()]:
            del self.under_way[ident]
        for delivery in await Delivery.due(moment):
            webhook = webhooks.get(delivery.webhook_id)
            is_free = delivery.webhook_id not in self.under_way and len(self.under_way) < AT_ONCE
            if webhook is None or not is_free or await delivery.is_held_up():
                continue
            if delivery.state == "collecting":
                sealed = await _seal(delivery, moment)
                if sealed is None:
                    continue
                delivery = sealed  # noqa: PLW2901 - the same one, as it is now
            task = asyncio.create_task(self.send(webhook, delivery))
            self.under_way[delivery.webhook_id] = task

    async def send(self, webhook: Webhook, delivery: Delivery) -> None:
        """One attempt, and what became of it. A database that is away leaves it as it was."""
        try:
            await self._attempt(webhook, delivery)
        except DatabaseError as error:
            log.warning("webhook_unmarked", error=type(error).__name__)

    async def _attempt(self, webhook: Webhook, delivery: Delivery) -> None:
        at, began = self.now(), time.perf_counter()
        reply, error = await self._post(webhook, delivery, at)
        ms = round((time.perf_counter() - began) * 1000)
        status = reply.status if reply else None
        attempt = Attempt(at=at, status=status, error=error, ms=ms)
        assert webhook.id is not None  # noqa: S101 - it was read
        if status is not None and 200 <= status < 300:
            await delivery.mark(attempt, {"state": "delivered", "finished_at": self.now()})
            await Webhook.works(webhook.id)
            await Delivery.thin(webhook.id)
            return
        failures = delivery.attempts_count + 1
        asked = reply.headers.get("retry-after") if reply else None
        due_at = self.now() + messages.delay(failures, asked)
        is_over = delivery.give_up_at is None or due_at > delivery.give_up_at or status == GONE
        over = {"state": "failed", "finished_at": self.now()}
        await delivery.mark(attempt, over if is_over else {"due_at": due_at})
        await Webhook.fails(webhook.id, at)
        if status == GONE:
            await Webhook.disable(webhook.id, "the receiver answered 410")

    async def _post(
        self, webhook: Webhook, delivery: Delivery, at: datetime
    ) -> tuple[Reply | None, str | None]:
        stored = webhook.valid_secrets(at)
        found = [self.secrets.known(str(webhook.id), one.nonce, one.check) for one in stored]
        shared = [secret for secret in found if secret is not None]
        if len(shared) < len(stored):
            return None, "CMS_SECRET_KEY is another one since: rotate the secret"
        body = to_json(delivery.payload)
        headers = signing.headers(f"msg_{delivery.id}", at, body, shared)
        try:
            reply = await self.outbound.post(
                webhook.url, body, headers=headers, limit=MOST_ANSWER, cut=True
            )
        except (OutboundFailed, OutboundRefused) as refusal:
            return None, refusal.errors[0].message
        ok = 200 <= reply.status < 300
        return reply, None if ok else f"answered {reply.status}"

    async def stop(self) -> None:
        await ending.end(self.under_way.values())
        self.under_way.clear()


async def run(sender: Sender, pause: float = PAUSE_SECONDS) -> None:
    """Work until cancelled; a database that is away is waited for."""
    holder = str(entries.new_id())
    try:
        while True:
            try:
                if await Lease.hold(NAME, holder, sender.now(), LEASE):
                    await sender.step()
                else:
                    await sender.stop()
            except DatabaseError as error:
                log.warning("webhooks_wait", error=type(error).__name__)
            await asyncio.sleep(pause)
    finally:
        await sender.stop()
        await _let_go(holder)


async def _let_go(holder: str) -> None:
    try:
        await asyncio.wait_for(Lease.let_go(NAME, holder), timeout=1)
    except (DatabaseError, TimeoutError):
        return  # it expires by itself


async def hand_over(now: datetime) -> dict[PydanticObjectId, Webhook]:
    """Give every new event to the deliveries of those who want it; the enabled webhooks."""
    # In this order: a webhook that is made after the last event was read starts after it.
    last = await Event.last()
    enabled = await Webhook.enabled()
    webhooks = {webhook.id: webhook for webhook in enabled if webhook.id is not None}
    head = last.id if last else 0
    reached = await Outbox.position()
    if not enabled:
        if reached != head:
            await Outbox.reached(head)
        return webhooks
    if reached is None or reached > head:  # the first time, or the database is an older one
        reached = min([webhook.from_event for webhook in enabled] + [head])
    while reached < head:
        events = await Event.after(reached, BATCH)
        for event in events:
            await _hand_over(event, enabled, now)
            reached = event.id
        if not events:  # thinned away below the head
            reached = head
        await Outbox.reached(reached)
    return webhooks


async def _hand_over(event: Event, webhooks: Sequence[Webhook], now: datetime) -> None:
    for webhook in webhooks:
        assert webhook.id is not None  # noqa: S101 - it was read
        if not webhook.takes(event.id, event.kind) or await Delivery.tells_of(webhook.id, event.id):
            continue
        item, change = messages.item_of(event), messages.change_of(event)
        joined, is_behind = await Delivery.collecting(webhook.id, item, messages.MOST_CHANGES)
        if joined is not None:
            due_at = latest([now + messages.QUIET], messages.MOST_QUIET, joined.created_at)
            changes = messages.merged(joined.changes, change)
            if await joined.join(event.id, item, changes, due_at):
                continue
        await Delivery(
            webhook_id=webhook.id,
            state="collecting",
            type=messages.CHANGED,
            first_event=event.id,
            events=[event.id],
            items=[item],
            changes=[change],
            is_behind=is_behind,
            created_at=now,
            due_at=now + messages.QUIET,
        ).add()


async def hand_over_notices(webhooks: Sequence[Webhook], now: datetime) -> None:
    """Give what other rooms have to tell to those who asked for it."""
    for kind, source in notices.sources().items():
        untold = await source.untold(BATCH)
        for notice in untold:
            for webhook in webhooks:
                if webhook.takes_notices(kind, notice.at):
                    await _notify(webhook, kind, source.type, notice, now)
        if untold:
            await source.told([notice.ident for notice in untold])


async def _notify(webhook: Webhook, kind: str, type_: str, notice: Notice, now: datetime) -> None:
    assert webhook.id is not None  # noqa: S101 - it was read
    await Delivery(
        id=messages.notice_id(webhook.id, notice),
        webhook_id=webhook.id,
        state="waiting",
        type=type_,
        first_event=0,
        events=[],
        items=[f"{kind}:{notice.ident}"],
        changes=[],
        payload=messages.notice_payload(type_, notice),
        created_at=now,
        due_at=now,
        give_up_at=now + messages.PATIENCE,
    ).add()


async def _seal(delivery: Delivery, now: datetime) -> Delivery | None:
    payload = messages.payload(delivery.changes, now)
    give_up_at = now + messages.PATIENCE
    if not await delivery.seal(payload, give_up_at):
        return None
    values: dict[str, Any] = {"state": "waiting", "payload": payload, "give_up_at": give_up_at}
    sealed: Delivery = delivery.model_copy(update=values)
    return sealed

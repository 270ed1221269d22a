"""What a webhook says: one entry per item that changed, however often; and when it says it again.

Pure: `outbox` stores and sends.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from beanie import PydanticObjectId

from cms.core.notices import Notice
from cms.history.documents import Event

Row = dict[str, Any]
CHANGED: Final = "content.changed"
TEST: Final = "webhook.test"
# A burst is over when nothing came for so long; it is told after that long in any case.
QUIET: Final = timedelta(seconds=1)
MOST_QUIET: Final = timedelta(seconds=5)
MOST_CHANGES: Final = 100
# How long it is tried, and how long each failure is waited after; the last one from then on.
PATIENCE: Final = timedelta(days=3)
DELAYS: Final = [
    timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400)
]
JITTER: Final = 0.2
MOST_ASKED: Final = timedelta(hours=6)


def item_of(event: Event) -> str:
    return f"{event.kind}:{event.item_id}"


def change_of(event: Event) -> Row:
    """What one event says; what there is nothing to say of is left out, never null."""
    body = event.body
    found = {
        "kind": event.kind,
        "id": str(event.item_id),
        "type": body.type,
        "slug": body.slug,
        "old_slug": body.old_slug,
        "lang": body.lang,
        "at": shown(event.at),
        "number": event.id,
        "paths": body.paths,
        "cache_tags": body.keys,
    }
    return {name: value for name, value in found.items() if value is not None}


def merged(changes: Sequence[Row], new: Row) -> list[Row]:
    """The changes with one more; of one item there is one entry, and it says the outcome."""
    for at, old in enumerate(changes):
        if (old["kind"], old["id"]) == (new["kind"], new["id"]):
            return [*changes[:at], _both(old, new), *changes[at + 1 :]]
    return [*changes, new]


def _both(old: Row, new: Row) -> Row:
    both = {**new}
    for name in ("paths", "cache_tags"):
        both[name] = list(dict.fromkeys([*old[name], *new[name]]))
    if old["slug"] != new["slug"] or "old_slug" in old:
        both["old_slug"] = old.get("old_slug", old["slug"])
    if both.get("old_slug") == both["slug"]:
        del both["old_slug"]
    match old["type"], new["type"]:
        case "published", "updated":
            both["type"] = "published"
        case (("unpublished" | "deleted"), "published"):
            both["type"] = "updated"
    return both


def payload(changes: Sequence[Row], at: datetime) -> Row:
    """The body: what changed, and of all of it the paths and cache tags that are wrong now."""
    data: Row = {"changes": list(changes)}
    for name in ("paths", "cache_tags"):
        data[name] = list(dict.fromkeys(value for change in changes for value in change[name]))
    return {"type": CHANGED, "timestamp": shown(at), "data": data}


def test_payload(at: datetime) -> Row:
    empty: Row = {"changes": [], "paths": [], "cache_tags": []}
    return {"type": TEST, "timestamp": shown(at), "data": empty}


def notice_payload(type_: str, notice: Notice) -> Row:
    data = {"id": str(notice.ident), "received_at": shown(notice.at), **notice.data}
    return {"type": type_, "timestamp": shown(notice.at), "data": data}


def notice_id(webhook_id: PydanticObjectId, notice: Notice) -> PydanticObjectId:
    """The id of the delivery, always the same: told twice after a crash, it is there once."""
    named = hashlib.blake2b(webhook_id.binary + notice.ident.binary, digest_size=12)
    return PydanticObjectId(named.digest())


def delay(failures: int, asked: str | None = None) -> timedelta:
    """How long to wait after so many failures; `asked` is the receiver's Retry-After."""
    usual = DELAYS[min(failures, len(DELAYS)) - 1]
    # Not all at once after an outage: this is no secret, so any dice will do.
    spread = usual * secrets.SystemRandom().uniform(1 - JITTER, 1 + JITTER)
    wanted = timedelta(seconds=int(asked)) if asked and asked.isdigit() and len(asked) < 7 else None
    return max(spread, min(wanted, MOST_ASKED)) if wanted else spread


def shown(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

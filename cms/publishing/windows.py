"""What a published thing holds and awaits: addresses, moments ahead, plans. Pure."""

from datetime import datetime
from typing import Any, Literal

from cms.core.db import NEVER
from cms.core.markdown import Rendered
from cms.publishing import pictured

# What lies ahead: a first publication, the end of one, a change of what is live.
Planned = Literal["publish", "unpublish", "change"]


def live_fields(
    item: Any, content: Any, rendered: Rendered, publish_at: datetime, now: datetime
) -> dict[str, Any]:
    """What publishing makes of any content, and what a preview of it shows."""
    return {
        **content.model_dump(),
        "html": rendered.html,
        "publish_at": publish_at,
        "updated_at": now,
        "group_id": item.group_id,
        "text_at": item.text_at,
        "media_ids": pictured.named_by(content),
    }


def held_slugs(item: Any) -> list[str]:
    """Every address that means this item and nothing else."""
    shown = [item.live.slug] if item.live else []
    coming = [item.next.live.slug] if item.next else []
    return list(dict.fromkeys([item.working.slug, *shown, *coming, *item.former_slugs]))


def held_media(item: Any) -> list[str]:
    """Every media item that any of its contents names."""
    contents = [item.working, item.live, item.next.live if item.next else None]
    found = [ref for content in contents if content for ref in pictured.named_by(content)]
    return list(dict.fromkeys(found))


def boundaries(item: Any) -> list[datetime]:
    """The moments at which time alone changes what readers see."""
    if item.live is None or item.trashed_at is not None:
        return []
    moments = [item.live.publish_at, item.live.unpublish_at]
    moments += [item.next.at] if item.next else []
    return [at for at in moments if at < NEVER]


def planned(item: Any, now: datetime) -> set[Planned]:
    """What is to happen by time alone and has not happened yet."""
    if item.live is None or item.trashed_at is not None:
        return set()
    ahead: set[tuple[Planned, datetime]] = {
        ("publish", item.live.publish_at),
        ("unpublish", item.live.unpublish_at),
    }
    if item.next is not None:
        ahead.add(("change", item.next.at))
    return {what for what, at in ahead if now < at < NEVER}

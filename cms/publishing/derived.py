"""What follows from the contents of a published thing: slugs, pictures, moments. Pure."""

from datetime import datetime
from typing import Any

from cms.core.db import NEVER
from cms.publishing import pictured


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

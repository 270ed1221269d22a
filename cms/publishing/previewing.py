"""What a preview link opens: the one thing of a draft that anonymous readers may be shown.

It only reads, so public routes may import it. Three indexed queries, one more for a pinned
revision: the link, the item, the revision; the route's own pipeline is the last.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from cms.history.documents import Revision
from cms.previews.documents import PreviewLink
from cms.publishing.contents import Content
from cms.publishing.documents import Published

DocumentT = TypeVar("DocumentT", bound=Published[Any, Any])


@dataclass(frozen=True, slots=True)
class Preview(Generic[DocumentT]):
    """The document, the content to show of it, and since when readers know it, or would."""

    document: DocumentT
    content: Any
    publish_at: datetime


async def opened(
    kind: str, model: type[DocumentT], digest: str | None, slug: str, now: datetime
) -> Preview[DocumentT] | None:
    """What the link shows under `slug`, or None when it shows nothing (any more)."""
    link = await PreviewLink.opened(digest, kind, now) if digest else None
    document = await model.by_id(link.item_id) if link else None
    if link is None or document is None or document.trashed_at is not None:
        return None
    if slug not in document.slugs and not await _is_abandoned(model, link, slug):
        return None
    content = await _content(document, link)
    if content is None:
        return None
    live = document.live
    is_known = live is not None and live.publish_at <= now
    return Preview(document, content, live.publish_at if live is not None and is_known else now)


async def _is_abandoned(model: type[Published[Any, Any]], link: PreviewLink, slug: str) -> bool:
    """Whether the draft was renamed after the link was made, and nobody took the old name."""
    return slug == link.slug and not await model.taken_slugs([slug])


async def _content(document: Published[Any, Any], link: PreviewLink) -> Content | None:
    if link.revision is None:
        working: Content = document.working
        return working
    found = await Revision.by_number(link.item_id, link.revision)
    content_type: type[Content] = type(document.working)
    try:
        return content_type.model_validate(found.content) if found else None
    except ValidationError:
        return None  # written by a release whose shape can't be read any more

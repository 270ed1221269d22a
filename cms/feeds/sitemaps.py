"""Sitemaps by the protocol of sitemaps.org: an index, and files with pictures and alternates."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from cms.feeds.xml import DECLARATION, element, leaf, lines

NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
MORE: Final = {
    "xmlns__image": "http://www.google.com/schemas/sitemap-image/1.1",
    "xmlns__xhtml": "http://www.w3.org/1999/xhtml",
}
# Addresses that are written before others get a turn at the event loop.
AT_ONCE: Final = 500
MOST_IMAGES: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One address; `alternates` are its languages, its own among them; `images` are absolute."""

    url: str
    changed_at: datetime | None = None
    alternates: Mapping[str, str] = field(default_factory=dict)
    images: Sequence[str] = ()


def index(addresses: Iterable[str]) -> bytes:
    files = (element("sitemap", leaf("loc", address)) for address in addresses)
    document = element("sitemapindex", lines(files), xmlns=NAMESPACE)
    return (DECLARATION + document + "\n").encode()


async def file(places: Sequence[Place]) -> bytes:
    written = []
    for start in range(0, len(places), AT_ONCE):
        written.append(lines(_url(place) for place in places[start : start + AT_ONCE]))
        await asyncio.sleep(0)
    document = element("urlset", "\n".join(written), xmlns=NAMESPACE, **MORE)
    return (DECLARATION + document + "\n").encode()


def _url(place: Place) -> str:
    alternates = (
        element("xhtml:link", rel="alternate", hreflang=lang, href=url)
        for lang, url in place.alternates.items()
    )
    images = (element("image:image", leaf("image:loc", url)) for url in place.images[:MOST_IMAGES])
    changed = place.changed_at
    parts = [
        leaf("loc", place.url),
        leaf("lastmod", changed.astimezone(UTC).isoformat(timespec="seconds")) if changed else "",
        *alternates,
        *images,
    ]
    return element("url", "".join(parts))

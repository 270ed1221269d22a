"""Whose caches are wrong when a tag or a series changes: its own pages and all that shows it."""

from datetime import datetime
from typing import Final

from cms.core import references
from cms.history.entries import EventBody, EventType
from cms.site.documents import Site
from cms.tags.documents import Series, Tag, is_internal

# They may show the names of tags and series.
FILES: Final = ("/feed.xml", "/atom.xml", "/feed.json", "/sitemap.xml")


async def of_tag(event: EventType, tag: Tag, into: str | None, now: datetime) -> EventBody | None:
    """None of a tag that readers never see."""
    public = [slug for slug in (tag.slug, into) if slug is not None and not is_internal(slug)]
    if not public:
        return None
    return await _of(event, "tag", tag.slug, public, now)


async def of_series(
    event: EventType, series: Series, other: str | None, now: datetime
) -> EventBody | None:
    """`other` is the slug it has from now on, or of the series that replaces it."""
    slugs = [series.slug, *([other] if other is not None and other != series.slug else [])]
    return await _of(event, "series", series.slug, slugs, now)


async def _of(
    event: EventType, kind: str, collection_slug: str, slugs: list[str], now: datetime
) -> EventBody | None:
    collection = "tags" if kind == "tag" else "series"
    shown = await references.shown_by(collection, collection_slug, now)
    if not shown:
        return None
    content = (await Site.load()).content
    langs = dict.fromkeys([*content.languages, *(lang for _, lang, _ in shown)])
    own = [content.path(kind, lang, slug) for slug in slugs for lang in langs]
    renamed = event == "updated" and len(slugs) > 1
    return EventBody(
        type=event,
        slug=slugs[-1] if renamed else collection_slug,
        old_slug=collection_slug if renamed else None,
        lang=content.languages[0],
        keys=[*(f"{kind}:{slug}" for slug in slugs), collection, "articles"],
        paths=list(dict.fromkeys([*own, *(content.path(*each) for each in shown), *FILES])),
    )

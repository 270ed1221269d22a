"""Whose caches are wrong when a tag or a series changes: its own pages and all that shows it.

Whether readers see it at all is looked at when it is written: `documents` drops what nobody sees.
"""

from datetime import datetime
from typing import Final

from cms.core import references
from cms.history.entries import EventBody, EventType
from cms.site.documents import FEEDS, SITEMAP, Site
from cms.tags.documents import Series, Tag, is_internal

# They may show the names of tags and series.
FILES: Final = (*FEEDS, SITEMAP)


async def of_tag(event: EventType, tag: Tag, into: str | None, now: datetime) -> EventBody | None:
    """None of a tag that readers never see; of one in whose place comes another, that other one."""
    public = [slug for slug in (tag.slug, into) if slug is not None and not is_internal(slug)]
    if not public:
        return None
    shown = await references.shown_by("tags", tag.slug, now)
    if is_internal(tag.slug):
        return await _of("updated", "tag", public, shown)
    return await _of(event, "tag", public, shown)


async def of_series(
    event: EventType, series: Series, other: str | None, now: datetime
) -> EventBody | None:
    """`other` is the slug it has from now on, or of the series that replaces it."""
    slugs = [series.slug, *([other] if other is not None and other != series.slug else [])]
    shown = await references.shown_by("series", series.slug, now)
    return await _of(event, "series", slugs, shown)


async def _of(
    event: EventType, kind: str, slugs: list[str], shown: list[references.Shown]
) -> EventBody:
    """`slugs`: the one that it is about, and the one that it has or that replaces it."""
    collection = "tags" if kind == "tag" else "series"
    content = (await Site.load()).content
    langs = dict.fromkeys([*content.languages, *(lang for _, lang, _ in shown)])
    own = [content.path(kind, lang, slug) for slug in slugs for lang in langs]
    renamed = event == "updated" and len(slugs) > 1
    return EventBody(
        type=event,
        slug=slugs[-1] if renamed else slugs[0],
        old_slug=slugs[0] if renamed else None,
        lang=content.languages[0],
        keys=[*(f"{kind}:{slug}" for slug in slugs), collection, "articles"],
        paths=list(dict.fromkeys([*own, *(content.path(*each) for each in shown), *FILES])),
    )

"""A public article as schema.org JSON-LD, for a frontend to put into its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cms.core.json_ld import breadcrumbs, picture, said, shown

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What a `BlogPosting` is made of; empty texts fall back or are left out.

    `url` is what search engines shall show, `page` where it stands on this site, `image` the
    fields of a public `Image`.
    """

    title: str
    description: str
    url: str
    page: str
    lang: str
    published_at: datetime
    updated_at: datetime
    word_count: int
    authors: Sequence[tuple[str, str]]
    keywords: Sequence[str]
    series: tuple[str, str] | None
    publisher: str
    site_url: str
    image: Mapping[str, Any]


def blog_posting(posting: Posting) -> Row:
    """The object; `headline` and `description` are what search engines should show.

    Whoever writes it into a `<script>` must escape `<`: titles are free text.
    """
    found: Row = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "@id": posting.url,
        "mainEntityOfPage": {
            "@type": "WebPage",
            "@id": posting.url,
            "inLanguage": posting.lang,
            "breadcrumb": breadcrumbs(
                [
                    (posting.publisher, f"{posting.site_url}/"),
                    *([posting.series] if posting.series is not None else []),
                    (posting.title, posting.page),
                ]
            ),
        },
        "url": posting.url,
        "headline": posting.title,
        "description": posting.description,
        "image": picture(posting.image, posting.page),
        "inLanguage": posting.lang,
        "datePublished": shown(posting.published_at),
        "dateModified": shown(max(posting.updated_at, posting.published_at)),
        "wordCount": posting.word_count,
        "author": [{"@type": "Person", "name": name, "url": url} for name, url in posting.authors],
        "publisher": {
            "@type": "Organization",
            "name": posting.publisher,
            "url": posting.site_url,
        },
        "keywords": list(posting.keywords),
    }
    if posting.series is not None:
        title, url = posting.series
        found["isPartOf"] = {"@type": "CreativeWorkSeries", "name": title, "url": url}
    return said(found)

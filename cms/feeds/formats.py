"""One feed in three formats: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1."""

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final

from pydantic_core import to_json

from cms.feeds.schemas import Feed, Item
from cms.feeds.xml import DECLARATION, element, leaf, lines

# Atom wants a time of change even of a feed in which there is nothing.
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
RSS_NAMESPACES: Final = {
    "xmlns__atom": "http://www.w3.org/2005/Atom",
    "xmlns__content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns__dc": "http://purl.org/dc/elements/1.1/",
}


def rss(feed: Feed) -> bytes:
    own = {"href": feed.address, "rel": "self", "type": "application/rss+xml"}
    about = [
        leaf("title", feed.title),
        leaf("link", feed.home),
        leaf("description", feed.description or feed.title),
        leaf("language", feed.lang),
        leaf("lastBuildDate", _mail_time(feed.updated_at)) if feed.updated_at else "",
        element("atom:link", **own),
    ]
    channel = lines([*about, *(_rss_item(item) for item in feed.items)])
    document = element("rss", element("channel", channel), version="2.0", **RSS_NAMESPACES)
    return (DECLARATION + document + "\n").encode()


def _rss_item(item: Item) -> str:
    parts = [
        leaf("title", item.title),
        leaf("link", item.url),
        leaf("guid", item.ident, isPermaLink="false"),
        leaf("pubDate", _mail_time(item.published_at)),
        *(leaf("dc:creator", name) for name, _ in item.authors),
        leaf("dc:language", item.lang),
        *(leaf("category", tag) for tag in item.tags),
        leaf("description", item.summary),
        leaf("content:encoded", item.html),
    ]
    return element("item", lines(parts))


def atom(feed: Feed) -> bytes:
    about = [
        leaf("title", feed.title),
        leaf("subtitle", feed.description) if feed.description else "",
        leaf("id", feed.address),
        element("link", href=feed.home, rel="alternate", type="text/html"),
        element("link", href=feed.address, rel="self", type="application/atom+xml"),
        leaf("updated", _time(feed.updated_at or BEGINNING)),
        # An entry without a named author inherits this one: Atom wants every entry to have one.
        element("author", leaf("name", feed.title)),
    ]
    document = element(
        "feed",
        lines([*about, *(_atom_entry(item) for item in feed.items)]),
        xmlns="http://www.w3.org/2005/Atom",
        xml__lang=feed.lang,
    )
    return (DECLARATION + document + "\n").encode()


def _atom_entry(item: Item) -> str:
    parts = [
        leaf("title", item.title),
        leaf("id", item.ident),
        element("link", href=item.url, rel="alternate", type="text/html"),
        leaf("published", _time(item.published_at)),
        leaf("updated", _time(item.updated_at)),
        *(element("author", leaf("name", name) + leaf("uri", url)) for name, url in item.authors),
        *(element("category", term=tag) for tag in item.tags),
        leaf("summary", item.summary) if item.summary else "",
        leaf("content", item.html, type="html"),
    ]
    return element("entry", lines(parts), xml__lang=item.lang)


def json_feed(feed: Feed) -> bytes:
    found = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "description": feed.description,
        "language": feed.lang,
        "items": [_json_item(item) for item in feed.items],
    }
    return to_json(_said(found))


def _json_item(item: Item) -> dict[str, Any]:
    return _said(
        {
            "id": item.ident,
            "url": item.url,
            "title": item.title,
            "content_html": item.html,
            "summary": item.summary,
            "date_published": _time(item.published_at),
            "date_modified": _time(item.updated_at),
            "authors": [{"name": name, "url": url} for name, url in item.authors],
            "tags": list(item.tags),
            "language": item.lang,
        }
    )


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing; `items` and a body may be empty."""
    kept = {"items", "content_html"}
    return {name: value for name, value in fields.items() if value or name in kept}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _mail_time(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)

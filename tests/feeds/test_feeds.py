"""Feeds as readers get them: three formats, narrowed, hostile, conditional."""

import json
import os
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from openapi_schema_validator import OAS31Validator

from cms.app import CARRIERS, KINDS
from cms.core import db
from cms.feeds.addresses import absolute
from cms.publishing import relay
from tests import make

FEEDS = ("/feed.xml", "/atom.xml", "/feed.json")
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
HOSTILE = "]]> <script>&amp; & \"q\" 'a' \U0001f408 שלום \u202eevil <b>x</b> \ufffe\uffff"
# What XML 1.0 can't hold is left out; all else comes back letter for letter.
READ = HOSTILE.replace("\ufffe", "").replace("\uffff", "")
ADMIN = "/api/v1/admin"
# jsonfeed.org/version/1.1: what it asks for, and nothing that it does not know.
AUTHOR = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "url": {"type": "string", "pattern": "^https?://"}},
    "minProperties": 1,
    "additionalProperties": False,
}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
TEXT = {"type": "string", "minLength": 1}
ITEM = {
    "type": "object",
    "required": ["id", "content_html"],
    "properties": {
        **dict.fromkeys(("id", "url", "title", "summary", "language"), TEXT),
        "content_html": {"type": "string"},
        "date_published": TIME,
        "date_modified": TIME,
        "authors": {"type": "array", "minItems": 1, "items": AUTHOR},
        "tags": {"type": "array", "minItems": 1, "items": TEXT},
    },
    "additionalProperties": False,
}
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        **dict.fromkeys(("title", "home_page_url", "feed_url", "description", "language"), TEXT),
        "items": {"type": "array", "items": ITEM},
    },
    "additionalProperties": False,
}


async def _settle() -> None:
    while await relay.step(KINDS, db.now(), CARRIERS):
        pass


async def _rss(reader: httpx.AsyncClient, query: str = "") -> list[dict[str, Any]]:
    channel = ET.fromstring((await reader.get(f"/feed.xml{query}")).content).find("channel")
    assert channel is not None
    return [
        {
            "title": item.findtext("title"),
            "link": item.findtext("link"),
            "guid": item.findtext("guid"),
            "html": item.findtext(CONTENT),
            "at": parsedate_to_datetime(item.findtext("pubDate") or ""),
        }
        for item in channel.findall("item")
    ]


async def _atom(reader: httpx.AsyncClient, query: str = "") -> list[dict[str, Any]]:
    feed = ET.fromstring((await reader.get(f"/atom.xml{query}")).content)
    assert feed.tag == f"{ATOM}feed"
    for part in [feed, *feed.findall(f"{ATOM}entry")]:
        # RFC 4287 4.1.1 and 4.1.2: exactly one of each, and an author somewhere.
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1, name
            assert datetime.fromisoformat(part.findtext(f"{ATOM}updated") or "").tzinfo
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"https://juri.example/atom.xml{query}"
    return [
        {
            "title": entry.findtext(f"{ATOM}title"),
            "link": entry.find(f"{ATOM}link").get("href"),  # type: ignore[union-attr]
            "guid": entry.findtext(f"{ATOM}id"),
            "html": entry.findtext(f"{ATOM}content"),
            "at": datetime.fromisoformat(entry.findtext(f"{ATOM}published") or ""),
        }
        for entry in feed.findall(f"{ATOM}entry")
    ]


async def _json(reader: httpx.AsyncClient, query: str = "") -> list[dict[str, Any]]:
    found = (await reader.get(f"/feed.json{query}")).json()
    assert list(OAS31Validator(JSON_FEED).iter_errors(found)) == []
    assert found["feed_url"] == f"https://juri.example/feed.json{query}"
    return [
        {
            "title": item["title"],
            "link": item["url"],
            "guid": item["id"],
            "html": item["content_html"],
            "at": datetime.fromisoformat(item["date_published"]),
        }
        for item in found["items"]
    ]


READERS = {"/feed.xml": _rss, "/atom.xml": _atom, "/feed.json": _json}


@pytest.mark.parametrize("feed", FEEDS)
async def test_a_hostile_title_comes_back_letter_for_letter(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, feed: str
) -> None:
    await make.profile(owner, name="A <&> B ]]>", slug="rani")
    text = f"Read `]]>` & <i>this</i>: {HOSTILE}\n\n[there](/articles/two) ![x](/y.jpg)\n"
    made = await make.published(
        owner, title=HOSTILE, slug="one", markdown=text, author_slugs=["rani"], tag_slugs=["A & B"]
    )
    (item,) = await READERS[feed](reader)
    expected = HOSTILE if feed == "/feed.json" else READ
    html = made["live"]["html"].replace('"/', '"https://juri.example/')
    assert item["title"].strip() == expected.strip()
    assert item["link"] == "https://juri.example/articles/one"
    assert item["html"] == (html if feed == "/feed.json" else html.replace("\ufffe\uffff", ""))
    assert item["guid"].startswith("urn:uuid:")
    assert abs(item["at"] - db.now()) < timedelta(minutes=5)
    answer = await reader.get(feed)
    if directory := os.environ.get("LONTAR_KEEP_FEEDS"):  # for validators that are not installed
        (Path(directory) / feed.strip("/")).write_bytes(answer.content)
    assert "https://juri.example/authors/rani" in answer.text or feed == "/feed.xml"


@pytest.mark.parametrize("feed", FEEDS)
async def test_a_feed_is_narrowed_by_tag_author_and_language(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, feed: str
) -> None:
    read = READERS[feed]
    await make.profile(owner, name="Rani", slug="rani")
    await make.published(owner, title="One", lang="en", tag_slugs=["API", "#secret"])
    await make.published(owner, title="Dua", lang="id", tag_slugs=["api"], author_slugs=["rani"])
    await make.article(owner, title="Draft", tag_slugs=["API"])
    later = (db.now() + timedelta(hours=1)).isoformat()
    await make.published(owner, title="Later", tag_slugs=["API"], at=later)

    async def titles(query: str = "") -> list[str]:
        return [item["title"] for item in await read(reader, query)]

    assert await titles() == ["Dua", "One"]
    assert await titles("?tag=api") == ["Dua", "One"]
    assert await titles("?lang=en") == ["One"]
    assert await titles("?tag=api&author=rani&lang=id") == ["Dua"]
    assert await titles("?author=nobody") == []
    assert "secret" not in (await reader.get(feed)).text


@pytest.mark.parametrize("feed", FEEDS)
async def test_a_feed_holds_the_twenty_newest(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, feed: str
) -> None:
    for number in range(22):
        await make.published(owner, title=f"T{number}", markdown="a")
    found = [item["title"] for item in await READERS[feed](reader)]
    assert found == [f"T{number}" for number in range(21, 1, -1)]


@pytest.mark.parametrize("query", ["?nope=1", "?tag=", "?tag=a&tag=b", "?lang=x"])
async def test_a_feed_refuses_what_it_does_not_know(reader: httpx.AsyncClient, query: str) -> None:
    for feed in FEEDS:
        assert (await reader.get(feed + query)).status_code in {400, 422}


@pytest.mark.parametrize(
    "path", [*FEEDS, "/sitemap.xml", "/sitemaps/articles-1.xml", "/robots.txt", "/llms.txt"]
)
async def test_whoever_has_it_gets_304(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, path: str
) -> None:
    await make.published(owner, title="One")
    first = await reader.get(path)
    head = await reader.head(path)
    again = await reader.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, head.status_code, again.status_code) == (200, 200, 304)
    assert head.headers["ETag"] == first.headers["ETag"]
    assert (head.content, again.content) == (b"", b"")


async def _age(database: db.Database, by: timedelta) -> None:
    """As if everything had happened longer ago."""
    earlier = [{"$set": {"at": {"$subtract": ["$at", by / timedelta(milliseconds=1)]}}}]
    await database["events"].update_many({}, earlier)


async def test_last_modified_is_told_only_when_it_is_true(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    made = await make.published(owner, title="One")
    assert "Last-Modified" not in (await reader.get("/feed.xml")).headers  # the relay was not here
    await _settle()
    assert "Last-Modified" not in (await reader.get("/feed.xml")).headers  # too young
    await _age(database, timedelta(hours=1))
    told = (await reader.get("/feed.xml")).headers["Last-Modified"]
    since = {"If-Modified-Since": told}
    assert (await reader.get("/feed.xml", headers=since)).status_code == 304
    gone = await make.verb(owner, made, "unpublish")
    assert (await reader.get("/feed.xml", headers=since)).status_code == 200
    await _settle()
    assert (await reader.get("/feed.xml", headers=since)).status_code == 200
    await _age(database, timedelta(minutes=2))
    assert (await reader.get("/feed.xml", headers=since)).status_code == 200
    assert gone["status"] == "unpublished"


async def test_a_moment_that_nobody_announced_yet_takes_last_modified_away(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    await make.published(owner, title="One")
    await _settle()
    await _age(database, timedelta(hours=1))
    assert "Last-Modified" in (await reader.get("/feed.xml")).headers
    await database["articles"].update_one({}, {"$set": {"announce_at": db.now()}})
    assert "Last-Modified" not in (await reader.get("/feed.xml")).headers


BASE = "https://juri.example/articles/one"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('<a href="/x">', '<a href="https://juri.example/x">'),
        ('<a href="#h-a">', f'<a href="{BASE}#h-a">'),
        ('<a href="two?a=1&amp;b=2">', '<a href="https://juri.example/articles/two?a=1&amp;b=2">'),
        ('<img alt="a > b" src="/y.jpg">', '<img alt="a > b" src="https://juri.example/y.jpg">'),
        (
            '<img srcset="/a.jpg 1x, /b.jpg 2x">',
            '<img srcset="https://juri.example/a.jpg 1x, https://juri.example/b.jpg 2x">',
        ),
        ('<a href="mailto:a@b.c">', '<a href="mailto:a@b.c">'),
        ('<code>&lt;a href="/x"&gt;</code>', '<code>&lt;a href="/x"&gt;</code>'),
        ('a href="/x" < b', 'a href="/x" < b'),
        ('<a href="//[">', '<a href="//[">'),
    ],
)
def test_addresses_become_absolute_and_nothing_else_does(given: str, expected: str) -> None:
    assert absolute(given, BASE) == expected


def test_absolute_addresses_take_linear_time() -> None:
    text = '<a href="' * 50_000 + "<a " * 50_000 + '<a a="b" ' * 20_000
    assert absolute(text, BASE) is not None


async def test_llms_and_robots_are_plain_and_escaped(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, title="[x](javascript:1) `b`", slug="one", excerpt="two\nlines")
    await make.live(owner, "projects", title="Tool", slug="tool", summary="S")
    await make.live(owner, "pages", title="Uses", slug="uses")
    text = (await reader.get("/llms.txt")).text
    assert text.startswith("# Lontar\n")
    assert r"- [\[x\](javascript:1) \`b\`](https://juri.example/articles/one): two lines" in text
    assert "- [Tool](https://juri.example/projects/tool): S" in text
    assert "- [Uses](https://juri.example/uses)" in text
    robots = (await reader.get("/robots.txt")).text
    assert "Sitemap: https://juri.example/sitemap.xml" in robots
    assert json.dumps(robots)

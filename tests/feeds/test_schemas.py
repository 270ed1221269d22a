"""Feeds, sitemaps and JSON-LD against their grammars and by a reader that others use.

The grammars are of our own writing, after RFC 4287 and sitemaps.org: stricter than the published
ones, since they hold what we write and nothing else.
"""

from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]  # it has no types
import httpx
import pytest
from lxml import etree  # type: ignore[import-untyped]  # nor has this

from tests import make
from tests.media import samples

HERE = Path(__file__).parent / "schemas"
SITE = "https://juri.example"
TITLES = (
    "]]> & <b>bold</b> \"quoted\" 'so'",
    "Tanaman 🌿 👩🏽‍💻 dan 日本語",
    "مرحبا بالعالم \u202e reversed \u2067",
    "a \ufffe b \x7f c &amp; &#0;",
)
# What schema.org says of the types we write: which properties each has of its own or inherits.
THING = {"@type", "@id", "name", "description", "url", "image", "sameAs", "mainEntityOfPage"}
WORK = THING | {
    *("headline", "author", "publisher", "datePublished", "dateModified", "dateCreated"),
    *("inLanguage", "keywords", "wordCount", "timeRequired", "isPartOf", "about", "mainEntity"),
}
TYPES: dict[str, set[str]] = {
    "BlogPosting": WORK | {"articleBody", "articleSection"},
    "WebPage": WORK | {"breadcrumb"},
    "ProfilePage": WORK | {"breadcrumb"},
    "WebSite": WORK,
    "CreativeWorkSeries": WORK,
    "Blog": WORK,
    "Organization": THING | {"logo"},
    "Person": THING | {"jobTitle", "knowsAbout", "homeLocation", "worksFor", "alumniOf", "address"},
    "BreadcrumbList": THING | {"itemListElement"},
    "ListItem": THING | {"position", "item"},
    "ImageObject": WORK | {"width", "height", "caption"},
    "Place": THING | {"address"},
}


@pytest.fixture
async def site(owner: httpx.AsyncClient) -> list[str]:
    """Hostile titles, names and tags; the titles as they are stored."""
    face = await make.media(owner, samples.png(), "a.png")
    await make.profile(owner, name="A <&> ]]> 🌿", slug="rani", avatar_id=face["id"])
    stored = []
    for number, title in enumerate(TITLES):
        kept = title.replace("\x7f", "")  # one line: the control character is refused
        made = await make.published(
            owner,
            title=kept,
            slug=f"a{number}",
            author_slugs=["rani"],
            tag_slugs=["a & b"],
            cover_id=face["id"],
            markdown=f"Text ]]> & {kept}\n\n`</content>`\n",
        )
        stored.append(made["title"])
    return stored


@pytest.mark.parametrize("path", ["/feed.xml", "/atom.xml", "/atom.xml?lang=id&author=rani"])
async def test_a_feed_reader_finds_nothing_odd(
    reader: httpx.AsyncClient, site: list[str], path: str
) -> None:
    answer = await reader.get(path)
    kind = answer.headers["content-type"]
    found: Any = feedparser.parse(answer.content, response_headers={"content-type": kind})
    assert found.bozo == 0, found.get("bozo_exception")
    plain = [title.replace("\ufffe", "") for title in reversed(site)]
    titles = [entry.title for entry in found.entries]
    assert len(titles) == (len(plain) if "lang" not in path else len(titles))
    # A reader takes markup out of titles that say they are plain; all else is letter for letter.
    assert [title for title in titles if "<b>" not in title] == [
        title for title in plain if "<b>" not in title
    ][: len(titles)]


async def test_atom_holds_to_its_grammar(reader: httpx.AsyncClient, site: list[str]) -> None:
    grammar = etree.RelaxNG(etree.parse(HERE / "atom.rng"))
    answer = (await reader.get("/atom.xml")).content
    feed = etree.fromstring(answer)
    assert grammar.validate(feed), grammar.error_log
    assert len(feed.findall("{*}entry")) == len(site)
    broken = etree.fromstring(answer.replace(b"<updated>", b"<updated>at ", 1))
    assert not grammar.validate(broken)


async def test_sitemaps_hold_to_the_protocol(reader: httpx.AsyncClient, site: list[str]) -> None:
    schema = etree.XMLSchema(etree.parse(HERE / "sitemap.xsd"))
    index = etree.fromstring((await reader.get("/sitemap.xml")).content)
    assert schema.validate(index), schema.error_log
    addresses = index.xpath("//*[local-name()='loc']/text()")
    assert len(addresses) >= 4
    for address in addresses:
        file = etree.fromstring((await reader.get(address.removeprefix(SITE))).content)
        assert schema.validate(file), (address, schema.error_log)
        file[0].remove(file[0][0])
        assert not schema.validate(file)


def _things(found: Any) -> list[dict[str, Any]]:
    if isinstance(found, list):
        return [thing for each in found for thing in _things(each)]
    if not isinstance(found, dict):
        return []
    own = [found] if "@type" in found else []
    return own + [thing for value in found.values() for thing in _things(value)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/articles/a0", {"BlogPosting", "Person", "BreadcrumbList"}),
        ("/api/v1/profiles/rani", {"ProfilePage", "Person"}),
    ],
)
async def test_json_ld_holds_what_schema_org_knows(
    reader: httpx.AsyncClient, site: list[str], path: str, expected: set[str]
) -> None:
    json_ld = (await reader.get(path)).json()["json_ld"]
    assert json_ld["@context"] == "https://schema.org"
    things = _things(json_ld)
    assert expected <= {thing["@type"] for thing in things}
    for thing in things:
        unknown = set(thing) - TYPES[thing["@type"]] - {"@context", "@graph"}
        assert unknown == set(), (thing["@type"], unknown)
        assert None not in thing.values()

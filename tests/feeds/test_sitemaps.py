"""The sitemap: its index, its files, alternates, pictures, and what must not stand in it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from bson import ObjectId

from cms.core import db
from cms.feeds import documents, sitemaps
from cms.feeds.sitemaps import Place
from tests import make
from tests.explain import explained
from tests.media import samples

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"
SITE = "https://juri.example"


async def _files(reader: httpx.AsyncClient) -> list[str]:
    index = ET.fromstring((await reader.get("/sitemap.xml")).content)
    assert index.tag == f"{MAP}sitemapindex"
    return [item.findtext(f"{MAP}loc") or "" for item in index]


async def _urls(reader: httpx.AsyncClient) -> dict[str, ET.Element]:
    found = {}
    for address in await _files(reader):
        assert address.startswith(f"{SITE}/sitemaps/")
        answer = await reader.get(address.removeprefix(SITE))
        assert answer.status_code == 200, address
        for item in ET.fromstring(answer.content):
            found[item.findtext(f"{MAP}loc") or ""] = item
    return found


async def test_everything_public_is_in_it_and_nothing_else(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    assert set(await _urls(reader)) == {f"{SITE}/"}
    await make.profile(owner, name="Rani")
    hidden = await make.profile(owner, name="Hidden")
    await owner.post(
        f"/api/v1/admin/profiles/{hidden['id']}/unpublish", headers=make.if_match(hidden)
    )
    await make.series(owner, title="Karier")
    await make.series(owner, title="Empty")
    place = {"slug": "karier", "position": 1}
    await make.published(owner, slug="one", tag_slugs=["API", "#desk"], series=place)
    await make.published(owner, slug="hushed", seo={"no_index": True})
    await make.article(owner, slug="draft", tag_slugs=["drafted"])
    later = (db.now() + timedelta(hours=1)).isoformat()
    await make.published(owner, slug="later", tag_slugs=["planned"], at=later)
    gone = await make.published(owner, slug="gone")
    await make.verb(owner, gone, "unpublish")
    await make.live(owner, "projects", slug="tool")
    await make.live(owner, "pages", slug="uses")
    await make.live(owner, "pages", slug="quiet", seo={"no_index": True})
    await make.draft(owner, "pages", slug="unsaid")
    found = await _urls(reader)
    assert {url.removeprefix(SITE) for url in found} == {
        *("/", "/articles/one", "/projects/tool", "/uses", "/authors/rani"),
        *("/tags/api", "/series/karier"),
    }
    changed = datetime.fromisoformat(found[f"{SITE}/articles/one"].findtext(f"{MAP}lastmod") or "")
    assert abs(changed - db.now()) < timedelta(minutes=5)


async def test_covers_and_faces_stand_beside_their_pages(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    picture = await make.media(owner, samples.png(), "a.png")
    cover = {"cover_id": picture["id"]}
    await make.published(owner, slug="one", **cover)
    await make.published(owner, slug="bare")
    await make.live(owner, "projects", slug="tool", **cover)
    await make.profile(owner, name="Rani", avatar_id=picture["id"])
    found = await _urls(reader)
    shown = {
        url.removeprefix(SITE): [each.text for each in item.iter(f"{IMAGE}loc")]
        for url, item in found.items()
    }
    address = (await reader.get("/api/v1/articles/one")).json()["cover"]["url"]
    for path in ("/articles/one", "/projects/tool", "/authors/rani"):
        assert len(shown[path]) == 1
        assert (await reader.get(shown[path][0] or "")).status_code == 200
    assert address.rpartition("/")[0] == (shown["/articles/one"][0] or "").rpartition("/")[0]
    assert shown["/articles/bare"] == []


@pytest.mark.parametrize("kinds", ["articles", "projects", "pages"])
async def test_translations_are_each_others_alternates(
    kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    site = await owner.get("/api/v1/admin/site")
    patterns = {kinds[:-1]: {"*": "/x/{slug}", "en": "/en/{slug}"}}
    patch = {"languages": ["id", "en"], "url_patterns": patterns}
    await owner.patch("/api/v1/admin/site", json=patch, headers={"If-Match": site.headers["ETag"]})
    source = await make.live(owner, kinds, slug="satu", lang="id")
    await make.live(owner, kinds, slug="one", lang="en", translation_of=source["id"])
    await make.draft(owner, kinds, slug="un", lang="fr", translation_of=source["id"])
    found = await _urls(reader)
    expected = {
        "id": f"{SITE}/x/satu",
        "en": f"{SITE}/en/one",
        "x-default": f"{SITE}/x/satu",
    }
    for url in (f"{SITE}/x/satu", f"{SITE}/en/one"):
        links = {item.get("hreflang"): item.get("href") for item in found[url].findall(LINK)}
        assert links == expected


@pytest.mark.parametrize(
    "name",
    ["articles-1.xml", "articles-0.xml", "articles-01.xml", "articles-2.xml", "evil-1.xml", "x",
     "pages-2.xml", "articles-999999.xml"],
)  # fmt: skip
async def test_a_file_that_the_index_does_not_name_is_not_there(
    reader: httpx.AsyncClient, name: str
) -> None:
    assert (await reader.get(f"/sitemaps/{name}")).status_code == 404


async def test_pictures_and_hostile_addresses_are_written_as_the_protocol_says() -> None:
    at = datetime(2026, 3, 14, tzinfo=UTC)
    place = Place(url="https://a.example/?a=1&b=<2>", changed_at=at, images=["https://a/x&y.jpg"])
    (url,) = ET.fromstring(await sitemaps.file([place]))
    assert [part.tag for part in url] == [f"{MAP}loc", f"{MAP}lastmod", f"{IMAGE}image"]
    assert url.findtext(f"{MAP}loc") == place.url
    assert url.findtext(f"{MAP}lastmod") == "2026-03-14T00:00:00+00:00"
    assert url.findtext(f"{IMAGE}image/{IMAGE}loc") == "https://a/x&y.jpg"


def _row(number: int) -> dict[str, Any]:
    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    ident = ObjectId()
    live = {
        "slug": f"s{number}",
        "lang": "en",
        "publish_at": at,
        "unpublish_at": db.NEVER,
        "updated_at": at,
        "group_id": ident,
        "seo": {"no_index": False},
    }
    return {"_id": ident, "slugs": [f"s{number}"], "live": live}


async def test_full_files_split_and_read_nothing_but_an_index(
    reader: httpx.AsyncClient, database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "FILE", 100)
    await database["articles"].insert_many([_row(number) for number in range(250)])
    files = [name for name in await _files(reader) if "articles" in name]
    assert files == [f"{SITE}/sitemaps/articles-{number}.xml" for number in (1, 2, 3)]
    found = await _urls(reader)
    assert {f"{SITE}/articles/s{number}" for number in range(250)} < set(found)
    sort = documents.located("articles", db.now())
    assert sort is not None
    stages = [
        {"$match": sort.match},
        {"$sort": {sort.order: 1, "_id": 1}},
        {"$skip": 100},
        {"$limit": 100},
        {"$project": {**sort.fields, "_id": 0}},
    ]
    plan = await explained(database, "articles", stages, hint="sitemap_pictured")
    assert "'totalDocsExamined': 0" in str(plan)
    assert "'SORT'" not in str(plan)

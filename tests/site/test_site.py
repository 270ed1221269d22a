"""The site's settings: defaults at first, guarded changes, addresses that follow them."""

from typing import Any

import httpx
import pytest

from tests import make

ADMIN = "/api/v1/admin/site"


async def _change(owner: httpx.AsyncClient, **change: Any) -> httpx.Response:
    now = (await owner.get(ADMIN)).json()
    return await owner.patch(ADMIN, json=change, headers=make.if_match(now))


async def test_an_untouched_site_has_sensible_settings(reader: httpx.AsyncClient) -> None:
    found = (await reader.get("/api/v1/site")).json()
    assert found["languages"] == ["en"]
    assert found["time_zone"] == "UTC"
    assert found["url"] == "https://juri.example"


async def test_a_change_shows_and_a_stale_one_is_refused(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    answer = await _change(owner, title="Juri", languages=["id", "en"], time_zone="Asia/Jakarta")
    assert answer.status_code == 200
    assert (await reader.get("/api/v1/site")).json()["title"] == "Juri"
    stale = await owner.patch(ADMIN, json={"title": "x"}, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    assert stale.json()["current"]["title"] == "Juri"


async def test_new_articles_are_in_the_main_language(owner: httpx.AsyncClient) -> None:
    await _change(owner, languages=["id", "en"])
    assert (await make.article(owner))["lang"] == "id"


async def test_addresses_follow_the_patterns_by_language(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    patterns = {"article": {"id": "/{slug}", "en": "/en/articles/{slug}"}}
    assert (await _change(owner, url_patterns=patterns)).status_code == 200
    for lang, expected in (("id", "/satu"), ("en", "/en/articles/one"), ("de", "/articles/eins")):
        title = {"id": "Satu", "en": "One", "de": "Eins"}[lang]
        made = await make.published(owner, title=title, lang=lang)
        found = (await reader.get(f"/api/v1/articles/{made['slug']}")).json()
        assert found["url"] == f"https://juri.example{expected}"
    listed = (await reader.get("/api/v1/articles")).json()["items"]
    assert {item["url"] for item in listed} >= {"https://juri.example/satu"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"languages": []}, "languages"),
        ({"languages": ["id", "id"]}, "languages"),
        ({"navigation": [{"label": "x", "url": "//evil.example"}]}, "navigation.0.url"),
        ({"navigation": [{"label": "x", "url": "javascript:1"}]}, "navigation.0.url"),
        ({"url_patterns": {"article": {"*": "/no-slug"}}}, "url_patterns.article.*"),
        ({"url_patterns": {"article": {"*": "/{slug}/{0}"}}}, "url_patterns.article.*"),
        ({"url_patterns": {"nothing": {"*": "/{slug}"}}}, "url_patterns.nothing.[key]"),
        ({"preview_url": "ftp://x"}, "preview_url"),
        ({"site_url": "x"}, "site_url"),
    ],
)
async def test_bad_input_is_named(
    change: dict[str, Any], field: str, owner: httpx.AsyncClient
) -> None:
    answer = await _change(owner, **change)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field

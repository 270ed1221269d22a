"""Missing and stale translations are told before publishing, as grave as the site says."""

import json
from typing import Any

import httpx
import pytest

from tests import make

ADMIN = "/api/v1/admin"
CODES = {"missing_translation", "stale_translation"}


async def _site(owner: httpx.AsyncClient, **data: Any) -> None:
    site = (await owner.get(f"{ADMIN}/site")).json()
    answer = await owner.patch(f"{ADMIN}/site", json=data, headers=make.if_match(site))
    assert answer.status_code == 200, answer.text


async def _found(owner: httpx.AsyncClient, thing: Any) -> list[tuple[str, str, str]]:
    told = (await owner.get(f"{ADMIN}/articles/{thing['id']}/checks")).json()
    return [
        (item["code"], item["level"], item["field"])
        for item in told["findings"]
        if item["code"] in CODES
    ]


async def _edit(owner: httpx.AsyncClient, thing: Any, **data: Any) -> Any:
    answer = await owner.patch(
        f"{ADMIN}/articles/{thing['id']}", json=data, headers=make.if_match(thing)
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def two_languages(owner: httpx.AsyncClient) -> None:
    await _site(owner, languages=["id", "en"])


async def test_a_language_that_the_group_lacks_is_missing(
    owner: httpx.AsyncClient, two_languages: None
) -> None:
    source = await make.article(owner, lang="id")
    assert await _found(owner, source) == [("missing_translation", "warning", "lang")]
    other = await make.article(owner, lang="en", translation_of=source["id"])
    assert await _found(owner, source) == []
    assert await _found(owner, other) == []
    await owner.delete(f"{ADMIN}/articles/{other['id']}", headers=make.if_match(other))
    assert await _found(owner, source) == [("missing_translation", "warning", "lang")]


async def test_a_site_in_one_language_misses_none(owner: httpx.AsyncClient) -> None:
    assert await _found(owner, await make.article(owner)) == []


async def test_a_translation_older_than_its_source_is_stale_until_it_is_mended(
    owner: httpx.AsyncClient, two_languages: None
) -> None:
    source = await make.published(owner, lang="id")
    other = await make.article(owner, lang="en", translation_of=source["id"])
    source = await _edit(owner, source, markdown="Baru.")
    assert await _found(owner, source) == [("stale_translation", "warning", "markdown")]
    assert await _found(owner, other) == []  # readers of the source see the old words still
    await make.verb(owner, source, "publish")
    stale = [("stale_translation", "warning", "translation_of")]
    assert await _found(owner, other) == stale
    other = await make.verb(owner, other, "confirm-translation")
    assert await _found(owner, other) == []


async def test_the_site_says_how_grave_it_is(owner: httpx.AsyncClient, two_languages: None) -> None:
    source = await make.article(owner, lang="id")
    await _site(owner, checks={"missing_translation": "error"})
    refused = await owner.post(
        f"{ADMIN}/articles/{source['id']}/publish", headers=make.if_match(source)
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "checks_failed")
    assert refused.json()["errors"][0]["code"] == "missing_translation"
    # Both can be published once both are written: none waits for the other.
    other = await make.article(owner, lang="en", translation_of=source["id"])
    await _site(owner, checks={"missing_translation": "error", "stale_translation": "error"})
    await make.verb(owner, source, "publish")
    await make.verb(owner, other, "publish")
    await _site(owner, checks={"missing_translation": "off"})
    assert await _found(owner, await make.article(owner, lang="id")) == []


async def test_the_command_line_says_the_same(
    owner: httpx.AsyncClient, two_languages: None, database_url: str
) -> None:
    await make.article(owner, lang="id", slug="sumber")
    code, out, _ = await make.command(database_url, "check", "sumber", "--json")
    told = [item["code"] for item in json.loads(out)[0]["findings"]]
    assert (code, "missing_translation" in told) == (0, True)
    await _site(owner, checks={"missing_translation": "error"})
    code, out, _ = await make.command(database_url, "check", "sumber")
    assert code == 1
    assert "there is no translation into en (missing_translation)" in out

"""Missing and stale translations are told before publishing, as grave as the site says."""

import json
from typing import Any

import httpx
import pytest

from tests import make

ADMIN = "/api/v1/admin"
every_kind = pytest.mark.parametrize("kinds", ["articles", "projects", "pages"])
CODES = {"missing_translation", "stale_translation"}


async def _site(owner: httpx.AsyncClient, **data: Any) -> None:
    site = (await owner.get(f"{ADMIN}/site")).json()
    answer = await owner.patch(f"{ADMIN}/site", json=data, headers=make.if_match(site))
    assert answer.status_code == 200, answer.text


async def _found(owner: httpx.AsyncClient, kinds: str, thing: Any) -> list[tuple[str, str, str]]:
    told = (await owner.get(f"{ADMIN}/{kinds}/{thing['id']}/checks")).json()
    return [
        (item["code"], item["level"], item["field"])
        for item in told["findings"]
        if item["code"] in CODES
    ]


async def _edit(owner: httpx.AsyncClient, kinds: str, thing: Any, **data: Any) -> Any:
    answer = await owner.patch(
        f"{ADMIN}/{kinds}/{thing['id']}", json=data, headers=make.if_match(thing)
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def two_languages(owner: httpx.AsyncClient) -> None:
    await _site(owner, languages=["id", "en"])


@every_kind
async def test_a_language_that_the_group_lacks_is_missing(
    kinds: str, owner: httpx.AsyncClient, two_languages: None
) -> None:
    source = await make.draft(owner, kinds, lang="id")
    assert await _found(owner, kinds, source) == [("missing_translation", "warning", "lang")]
    other = await make.draft(owner, kinds, lang="en", translation_of=source["id"])
    assert await _found(owner, kinds, source) == []
    assert await _found(owner, kinds, other) == []
    await owner.delete(f"{ADMIN}/{kinds}/{other['id']}", headers=make.if_match(other))
    assert await _found(owner, kinds, source) == [("missing_translation", "warning", "lang")]


@every_kind
async def test_a_site_in_one_language_misses_none(kinds: str, owner: httpx.AsyncClient) -> None:
    assert await _found(owner, kinds, await make.draft(owner, kinds)) == []


@every_kind
async def test_a_translation_older_than_its_source_is_stale_until_it_is_mended(
    kinds: str, owner: httpx.AsyncClient, two_languages: None
) -> None:
    source = await make.live(owner, kinds, lang="id")
    other = await make.draft(owner, kinds, lang="en", translation_of=source["id"])
    source = await _edit(owner, kinds, source, markdown="Baru.")
    assert await _found(owner, kinds, source) == [("stale_translation", "warning", "markdown")]
    assert await _found(owner, kinds, other) == []  # readers of the source see the old words still
    await make.verb(owner, source, "publish", kinds=kinds)
    stale = [("stale_translation", "warning", "translation_of")]
    assert await _found(owner, kinds, other) == stale
    other = await make.verb(owner, other, "confirm-translation", kinds=kinds)
    assert await _found(owner, kinds, other) == []


@every_kind
async def test_the_site_says_how_grave_it_is(
    kinds: str, owner: httpx.AsyncClient, two_languages: None
) -> None:
    source = await make.draft(owner, kinds, lang="id")
    await _site(owner, checks={"missing_translation": "error"})
    refused = await owner.post(
        f"{ADMIN}/{kinds}/{source['id']}/publish", headers=make.if_match(source)
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "checks_failed")
    assert refused.json()["errors"][0]["code"] == "missing_translation"
    # Both can be published once both are written: none waits for the other.
    other = await make.draft(owner, kinds, lang="en", translation_of=source["id"])
    await _site(owner, checks={"missing_translation": "error", "stale_translation": "error"})
    await make.verb(owner, source, "publish", kinds=kinds)
    await make.verb(owner, other, "publish", kinds=kinds)
    await _site(owner, checks={"missing_translation": "off"})
    assert await _found(owner, kinds, await make.draft(owner, kinds, lang="id")) == []


@every_kind
async def test_the_command_line_says_the_same(
    kinds: str, owner: httpx.AsyncClient, two_languages: None, database_url: str
) -> None:
    await make.draft(owner, kinds, lang="id", slug="sumber")
    code, out, _ = await make.command(database_url, "check", "sumber", "--json")
    told = [item["code"] for item in json.loads(out)[0]["findings"]]
    assert (code, "missing_translation" in told) == (0, True)
    await _site(owner, checks={"missing_translation": "error"})
    code, out, _ = await make.command(database_url, "check", "sumber")
    assert code == 1
    assert "there is no translation into en (missing_translation)" in out

"""Translations: a group with one article per language, each with a slug and state of its own."""

import asyncio
from typing import Any

import httpx
import pytest

from cms.accounts.permissions import Role
from tests import make

ADMIN = "/api/v1/admin/articles"
PUBLIC = "/api/v1/articles"


async def _patch(client: httpx.AsyncClient, thing: dict[str, Any], **change: Any) -> httpx.Response:
    return await client.patch(f"{ADMIN}/{thing['id']}", json=change, headers=make.if_match(thing))


async def _members(client: httpx.AsyncClient, thing: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.get(f"{ADMIN}/{thing['id']}/translations")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_readers_see_the_public_translations_of_an_article(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    source = await make.published(owner, title="Satu", lang="id")
    english = await make.published(owner, title="One", lang="en", translation_of="satu")
    await make.article(owner, title="Ein Entwurf", lang="de", translation_of=source["id"])
    assert english["translation_of"] == source["id"]

    found = (await reader.get(f"{PUBLIC}/satu")).json()
    assert found["translations"] == [
        {"lang": "en", "slug": "one", "url": "https://juri.example/articles/one"}
    ]
    back = (await reader.get(f"{PUBLIC}/one")).json()["translations"]
    assert [(item["lang"], item["slug"]) for item in back] == [("id", "satu")]
    await make.verb(owner, english, "unpublish")
    assert (await reader.get(f"{PUBLIC}/satu")).json()["translations"] == []


async def test_a_translation_of_a_translation_joins_the_same_group(
    owner: httpx.AsyncClient,
) -> None:
    source = await make.article(owner, title="Satu", lang="id")
    english = await make.article(owner, title="One", lang="en", translation_of="satu")
    german = await make.article(owner, title="Eins", lang="de", translation_of=english["id"])
    assert german["translation_of"] == source["id"]
    members = await _members(owner, german)
    assert [(item["lang"], item["is_source"]) for item in members] == [
        ("id", True),
        ("en", False),
        ("de", False),
    ]
    assert {item["status"] for item in members} == {"draft"}


async def test_a_group_has_one_article_per_language(owner: httpx.AsyncClient) -> None:
    await make.article(owner, title="Satu", lang="id")
    english = await make.article(owner, title="One", lang="en", translation_of="satu")
    for lang in ("id", "en"):
        answer = await owner.post(
            ADMIN, json={"title": "x", "lang": lang, "translation_of": "satu"}
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "language_taken")
        assert answer.json()["errors"][0]["field"] == "lang"
    moved = await _patch(owner, english, lang="id")
    assert (moved.status_code, moved.json()["code"]) == (409, "language_taken")
    # What lies in the trash holds no place, and has to find it free when it comes back.
    trashed = await owner.delete(f"{ADMIN}/{english['id']}", headers=make.if_match(english))
    await make.article(owner, title="Two", lang="en", translation_of="satu")
    back = await owner.post(
        f"{ADMIN}/{english['id']}/restore", headers=make.if_match(trashed.json())
    )
    assert (back.status_code, back.json()["code"]) == (409, "language_taken")


async def test_of_twenty_translations_into_one_language_one_is_made(
    owner: httpx.AsyncClient,
) -> None:
    await make.article(owner, title="Satu", lang="id")
    body = {"title": "One", "lang": "en", "translation_of": "satu"}
    answers = await asyncio.gather(*(owner.post(ADMIN, json=body) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19


@pytest.mark.parametrize("ref", ["nothing", "0" * 24])
async def test_an_unknown_source_is_named(ref: str, owner: httpx.AsyncClient) -> None:
    answer = await owner.post(ADMIN, json={"title": "x", "translation_of": ref})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "translation_of"
    assert answer.json()["errors"][0]["code"] == "unknown_article"


async def test_an_article_translates_neither_itself_nor_leaves_its_translations(
    owner: httpx.AsyncClient,
) -> None:
    source = await make.article(owner, title="Satu", lang="id")
    await make.article(owner, title="Lain", lang="en")
    itself = await _patch(owner, source, translation_of="satu")
    assert itself.json()["errors"][0]["code"] == "own_translation"
    one = await make.article(owner, title="One", lang="de", translation_of="satu")
    leaving = await _patch(owner, source, translation_of="lain")
    assert (leaving.status_code, leaving.json()["errors"][0]["code"]) == (422, "has_translations")
    # A translation may leave, and be a source again.
    free = (await _patch(owner, one, translation_of=None)).json()
    assert free["translation_of"] is None
    assert [item["id"] for item in await _members(owner, source)] == [source["id"]]
    assert (await _patch(owner, source, translation_of="lain")).status_code == 200


async def test_a_translation_older_than_its_source_is_flagged_until_it_is_looked_at(
    owner: httpx.AsyncClient,
) -> None:
    async def outdated() -> dict[str, bool]:
        return {item["lang"]: item["is_outdated"] for item in await _members(owner, source)}

    source = await make.published(owner, title="Satu", lang="id")
    english = await make.article(owner, title="One", lang="en", translation_of="satu")
    assert await outdated() == {"id": False, "en": False}
    source = (await _patch(owner, source, markdown="Lebih banyak.")).json()
    assert not (await outdated())["en"]  # readers don't see the change yet
    source = await make.verb(owner, source, "publish")
    assert await outdated() == {"id": False, "en": True}
    english = (await _patch(owner, english, featured=True)).json()
    assert (await outdated())["en"]  # a flag is no translation
    english = (await _patch(owner, english, markdown="More.")).json()
    assert not (await outdated())["en"]
    source = (await _patch(owner, source, markdown="Salah ketik.")).json()
    source = await make.verb(owner, source, "publish")
    assert (await outdated())["en"]
    english = await make.verb(owner, english, "confirm-translation")
    assert not (await outdated())["en"]
    source = (await _patch(owner, source, featured=True)).json()
    await make.verb(owner, source, "publish")
    assert not (await outdated())["en"]


async def test_only_a_translation_can_be_confirmed(owner: httpx.AsyncClient) -> None:
    source = await make.article(owner, title="Satu", lang="id")
    path = f"{ADMIN}/{source['id']}/confirm-translation"
    refused = await owner.post(path, headers=make.if_match(source))
    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_translation")
    assert (await owner.post(path)).status_code == 428
    assert (await owner.post(path, headers={"If-Match": '"9"'})).status_code == 412
    unknown = f"{ADMIN}/{'0' * 24}"
    assert (await owner.get(f"{unknown}/translations")).status_code == 404


async def test_a_copy_is_no_translation(owner: httpx.AsyncClient) -> None:
    await make.article(owner, title="Satu", lang="id")
    english = await make.article(owner, title="One", lang="en", translation_of="satu")
    copy = await owner.post(f"{ADMIN}/{english['id']}/duplicate")
    assert copy.status_code == 201
    assert copy.json()["translation_of"] is None


async def test_translations_outlive_their_source(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    source = await make.article(owner, title="Satu", lang="id")
    english = await make.published(owner, title="One", lang="en", translation_of="satu")
    await make.published(owner, title="Eins", lang="de", translation_of="satu")
    gone = await owner.delete(f"{ADMIN}/{source['id']}", headers=make.if_match(source))
    purge = f"{ADMIN}/{source['id']}/purge"
    assert (await owner.post(purge, headers=make.if_match(gone.json()))).status_code == 204
    assert (await _patch(owner, english, markdown="Still editable.")).status_code == 200
    found = (await reader.get(f"{PUBLIC}/one")).json()["translations"]
    assert [item["slug"] for item in found] == ["eins"]
    assert not any(item["is_outdated"] for item in await _members(owner, english))


async def test_a_contributor_sees_only_their_own_of_a_group(
    owner: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    source = await make.published(owner, title="Satu", lang="id")
    account = await make.account(role=Role.CONTRIBUTOR)
    browser.headers["Authorization"] = f"Bearer {await make.token(account)}"
    mine = await make.article(browser, title="One", lang="en", translation_of="satu")
    assert [item["lang"] for item in await _members(browser, mine)] == ["en"]
    assert (await browser.get(f"{ADMIN}/{source['id']}/translations")).status_code == 404


async def test_where_a_language_lacks_the_sites_fallbacks_stand_in(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    async def listed(query: str) -> list[str]:
        answer = await reader.get(f"{PUBLIC}?sort=published_at&{query}")
        assert answer.status_code == 200, answer.text
        found = answer.json()
        slugs = [item["slug"] for item in found["items"]]
        assert found["page"].get("total", len(slugs)) == len(slugs)
        return slugs

    for title, lang, source in (
        ("Satu", "id", None),
        ("One", "en", "satu"),
        ("Dua", "id", None),
        ("Zwei", "de", "dua"),
        ("Three", "en", None),
        ("Vier", "de", None),
    ):
        await make.published(owner, title=title, lang=lang, translation_of=source)
    await make.article(owner, title="Two draft", lang="en", translation_of="dua")

    assert await listed("lang=en&fallback=true") == ["one", "three"]  # none are set
    site = (await owner.get("/api/v1/admin/site")).json()
    await owner.patch(
        "/api/v1/admin/site",
        json={"fallback_languages": ["de", "id"]},
        headers=make.if_match(site),
    )
    assert await listed("lang=en&fallback=true&total=true") == ["one", "zwei", "three", "vier"]
    assert await listed("lang=id&fallback=true") == ["satu", "dua", "vier"]
    assert await listed("lang=fr&fallback=true") == ["satu", "zwei", "vier"]
    assert await listed("lang=en&fallback=false") == ["one", "three"]
    assert (await reader.get(f"{PUBLIC}?fallback=true")).status_code == 422

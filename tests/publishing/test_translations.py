"""Translations: a group with one of a kind per language, each with a slug and state of its own."""

import asyncio
from typing import Any

import httpx
import pytest

from cms.accounts.permissions import Role
from cms.app import CARRIERS, KINDS
from cms.core import db
from cms.history.documents import Event
from cms.history.entries import EventBody
from cms.publishing import relay
from tests import make

every_kind = pytest.mark.parametrize("kinds", ["articles", "projects", "pages"])
# What is changed without a word being changed.
LOOKS: dict[str, dict[str, Any]] = {
    "articles": {"featured": True},
    "projects": {"featured": True},
    "pages": {"seo": {"no_index": True}},
}
PATHS = {"articles": "/articles/", "projects": "/projects/", "pages": "/"}


def _at(kinds: str, thing: dict[str, Any] | None = None, verb: str = "") -> str:
    parts = [f"/api/v1/admin/{kinds}", thing["id"] if thing else "", verb]
    return "/".join(filter(None, parts))


async def _patch(
    client: httpx.AsyncClient, kinds: str, thing: dict[str, Any], **change: Any
) -> httpx.Response:
    return await client.patch(_at(kinds, thing), json=change, headers=make.if_match(thing))


async def _members(
    client: httpx.AsyncClient, kinds: str, thing: dict[str, Any]
) -> list[dict[str, Any]]:
    answer = await client.get(_at(kinds, thing, "translations"))
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


@every_kind
async def test_readers_see_the_public_translations_of_an_article(
    kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    source = await make.live(owner, kinds, title="Satu", lang="id")
    english = await make.live(owner, kinds, title="One", lang="en", translation_of="satu")
    await make.draft(owner, kinds, title="Ein Entwurf", lang="de", translation_of=source["id"])
    assert english["translation_of"] == source["id"]

    found = (await reader.get(f"/api/v1/{kinds}/satu")).json()
    assert found["translations"] == [
        {"lang": "en", "slug": "one", "url": f"https://juri.example{PATHS[kinds]}one"}
    ]
    back = (await reader.get(f"/api/v1/{kinds}/one")).json()["translations"]
    assert [(item["lang"], item["slug"]) for item in back] == [("id", "satu")]
    await make.verb(owner, english, "unpublish", kinds=kinds)
    assert (await reader.get(f"/api/v1/{kinds}/satu")).json()["translations"] == []


@every_kind
async def test_a_translation_of_a_translation_joins_the_same_group(
    kinds: str, owner: httpx.AsyncClient
) -> None:
    source = await make.draft(owner, kinds, title="Satu", lang="id")
    english = await make.draft(owner, kinds, title="One", lang="en", translation_of="satu")
    german = await make.draft(owner, kinds, title="Eins", lang="de", translation_of=english["id"])
    assert german["translation_of"] == source["id"]
    members = await _members(owner, kinds, german)
    assert [(item["lang"], item["is_source"]) for item in members] == [
        ("id", True),
        ("en", False),
        ("de", False),
    ]
    assert {item["status"] for item in members} == {"draft"}


@every_kind
async def test_a_group_has_one_article_per_language(kinds: str, owner: httpx.AsyncClient) -> None:
    await make.draft(owner, kinds, title="Satu", lang="id")
    english = await make.draft(owner, kinds, title="One", lang="en", translation_of="satu")
    for lang in ("id", "en"):
        answer = await owner.post(
            _at(kinds), json={"title": "x", "lang": lang, "translation_of": "satu"}
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "language_taken")
        assert answer.json()["errors"][0]["field"] == "lang"
    moved = await _patch(owner, kinds, english, lang="id")
    assert (moved.status_code, moved.json()["code"]) == (409, "language_taken")
    # What lies in the trash holds no place, and has to find it free when it comes back.
    trashed = await owner.delete(_at(kinds, english), headers=make.if_match(english))
    await make.draft(owner, kinds, title="Two", lang="en", translation_of="satu")
    back = await owner.post(_at(kinds, english, "restore"), headers=make.if_match(trashed.json()))
    assert (back.status_code, back.json()["code"]) == (409, "language_taken")


@every_kind
async def test_of_twenty_translations_into_one_language_one_is_made(
    kinds: str, owner: httpx.AsyncClient
) -> None:
    await make.draft(owner, kinds, title="Satu", lang="id")
    body = {"title": "One", "lang": "en", "translation_of": "satu"}
    answers = await asyncio.gather(*(owner.post(_at(kinds), json=body) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19


@every_kind
@pytest.mark.parametrize("ref", ["nothing", "0" * 24])
async def test_an_unknown_source_is_named(kinds: str, ref: str, owner: httpx.AsyncClient) -> None:
    answer = await owner.post(_at(kinds), json={"title": "x", "translation_of": ref})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "translation_of"
    assert answer.json()["errors"][0]["code"] == f"unknown_{kinds[:-1]}"


@every_kind
async def test_an_article_translates_neither_itself_nor_leaves_its_translations(
    kinds: str, owner: httpx.AsyncClient
) -> None:
    source = await make.draft(owner, kinds, title="Satu", lang="id")
    await make.draft(owner, kinds, title="Lain", lang="en")
    itself = await _patch(owner, kinds, source, translation_of="satu")
    assert itself.json()["errors"][0]["code"] == "own_translation"
    one = await make.draft(owner, kinds, title="One", lang="de", translation_of="satu")
    leaving = await _patch(owner, kinds, source, translation_of="lain")
    assert (leaving.status_code, leaving.json()["errors"][0]["code"]) == (422, "has_translations")
    # A translation may leave, and be a source again.
    free = (await _patch(owner, kinds, one, translation_of=None)).json()
    assert free["translation_of"] is None
    assert [item["id"] for item in await _members(owner, kinds, source)] == [source["id"]]
    assert (await _patch(owner, kinds, source, translation_of="lain")).status_code == 200


@every_kind
async def test_a_translation_older_than_its_source_is_flagged_until_it_is_looked_at(
    kinds: str, owner: httpx.AsyncClient
) -> None:
    async def outdated() -> dict[str, bool]:
        return {item["lang"]: item["is_outdated"] for item in await _members(owner, kinds, source)}

    source = await make.live(owner, kinds, title="Satu", lang="id")
    english = await make.draft(owner, kinds, title="One", lang="en", translation_of="satu")
    assert await outdated() == {"id": False, "en": False}
    source = (await _patch(owner, kinds, source, markdown="Lebih banyak.")).json()
    assert not (await outdated())["en"]  # readers don't see the change yet
    source = await make.verb(owner, source, "publish", kinds=kinds)
    assert await outdated() == {"id": False, "en": True}
    english = (await _patch(owner, kinds, english, **LOOKS[kinds])).json()
    assert (await outdated())["en"]  # a flag is no translation
    english = (await _patch(owner, kinds, english, markdown="More.")).json()
    assert not (await outdated())["en"]
    source = (await _patch(owner, kinds, source, markdown="Salah ketik.")).json()
    source = await make.verb(owner, source, "publish", kinds=kinds)
    assert (await outdated())["en"]
    english = await make.verb(owner, english, "confirm-translation", kinds=kinds)
    assert not (await outdated())["en"]
    source = (await _patch(owner, kinds, source, **LOOKS[kinds])).json()
    await make.verb(owner, source, "publish", kinds=kinds)
    assert not (await outdated())["en"]


@every_kind
async def test_only_a_translation_can_be_confirmed(kinds: str, owner: httpx.AsyncClient) -> None:
    source = await make.draft(owner, kinds, title="Satu", lang="id")
    path = _at(kinds, source, "confirm-translation")
    refused = await owner.post(path, headers=make.if_match(source))
    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_translation")
    assert (await owner.post(path)).status_code == 428
    assert (await owner.post(path, headers={"If-Match": '"9"'})).status_code == 412
    unknown = _at(kinds, {"id": "0" * 24}, "translations")
    assert (await owner.get(unknown)).status_code == 404


@every_kind
async def test_a_copy_is_no_translation(kinds: str, owner: httpx.AsyncClient) -> None:
    await make.draft(owner, kinds, title="Satu", lang="id")
    english = await make.draft(owner, kinds, title="One", lang="en", translation_of="satu")
    copy = await owner.post(_at(kinds, english, "duplicate"))
    assert copy.status_code == 201
    assert copy.json()["translation_of"] is None


@every_kind
async def test_translations_outlive_their_source(
    kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    source = await make.draft(owner, kinds, title="Satu", lang="id")
    english = await make.live(owner, kinds, title="One", lang="en", translation_of="satu")
    await make.live(owner, kinds, title="Eins", lang="de", translation_of="satu")
    gone = await owner.delete(_at(kinds, source), headers=make.if_match(source))
    purge = _at(kinds, source, "purge")
    assert (await owner.post(purge, headers=make.if_match(gone.json()))).status_code == 204
    assert (await _patch(owner, kinds, english, markdown="Still editable.")).status_code == 200
    found = (await reader.get(f"/api/v1/{kinds}/one")).json()["translations"]
    assert [item["slug"] for item in found] == ["eins"]
    assert not any(item["is_outdated"] for item in await _members(owner, kinds, english))


@pytest.mark.parametrize("kinds", ["articles", "projects"])
async def test_an_author_sees_only_their_own_of_a_group(
    kinds: str, owner: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    source = await make.live(owner, kinds, title="Satu", lang="id")
    account = await make.account(role=Role.AUTHOR)
    browser.headers["Authorization"] = f"Bearer {await make.token(account)}"
    mine = await make.draft(browser, kinds, title="One", lang="en", translation_of="satu")
    assert [item["lang"] for item in await _members(browser, kinds, mine)] == ["en"]
    assert (await browser.get(_at(kinds, source, "translations"))).status_code == 404


@every_kind
async def test_where_a_language_lacks_the_sites_fallbacks_stand_in(
    kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    async def listed(query: str) -> list[str]:
        answer = await reader.get(f"/api/v1/{kinds}?{query}")
        assert answer.status_code == 200, answer.text
        found = answer.json()
        slugs = [item["slug"] for item in found["items"]]
        assert found["page"].get("total", len(slugs)) == len(slugs)
        return sorted(slugs)

    for title, lang, source in (
        ("Satu", "id", None),
        ("One", "en", "satu"),
        ("Dua", "id", None),
        ("Zwei", "de", "dua"),
        ("Three", "en", None),
        ("Vier", "de", None),
    ):
        await make.live(owner, kinds, title=title, lang=lang, translation_of=source)
    await make.draft(owner, kinds, title="Two draft", lang="en", translation_of="dua")

    assert await listed("lang=en&fallback=true") == ["one", "three"]  # none are set
    site = (await owner.get("/api/v1/admin/site")).json()
    await owner.patch(
        "/api/v1/admin/site",
        json={"fallback_languages": ["de", "id"]},
        headers=make.if_match(site),
    )
    assert await listed("lang=en&fallback=true&total=true") == ["one", "three", "vier", "zwei"]
    assert await listed("lang=id&fallback=true") == ["dua", "satu", "vier"]
    assert await listed("lang=fr&fallback=true") == ["satu", "vier", "zwei"]
    assert await listed("lang=en&fallback=false") == ["one", "three"]
    assert (await reader.get(f"/api/v1/{kinds}?fallback=true")).status_code == 422


@every_kind
async def test_a_preview_of_a_translation_links_to_the_others_and_leaks_no_draft(
    kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    source = await make.live(owner, kinds, title="Satu", lang="id")
    await make.draft(owner, kinds, title="Eins", lang="de", translation_of="satu")
    english = await make.draft(owner, kinds, title="One", lang="en", translation_of="satu")
    link = (await owner.post(_at(kinds, english, "preview-links"))).json()
    shown = await reader.get(f"/api/v1/{kinds}/one", params={"preview": link["token"]})
    assert [item["slug"] for item in shown.json()["translations"]] == ["satu"]
    assert (await reader.get(f"/api/v1/{kinds}/satu")).json()["translations"] == []
    await make.verb(owner, source, "unpublish", kinds=kinds)
    shown = await reader.get(f"/api/v1/{kinds}/one", params={"preview": link["token"]})
    assert shown.json()["translations"] == []


@every_kind
async def test_an_event_names_the_pages_of_every_translation(
    kinds: str, owner: httpx.AsyncClient
) -> None:
    async def last() -> EventBody:
        while await relay.step(KINDS, db.now(), CARRIERS):
            pass
        return (await Event.after(0, 100))[-1].body

    kind, path = kinds[:-1], PATHS[kinds]
    source = await make.live(owner, kinds, title="Satu", lang="id")
    english = await make.live(owner, kinds, title="One", lang="en", translation_of="satu")
    event = await last()
    assert (event.type, event.slug) == ("published", "one")
    assert {f"{path}one", f"{path}satu"} <= set(event.paths)
    assert {f"{kind}:{source['id']}", f"{kind}:{english['id']}"} <= set(event.keys)
    english = (await _patch(owner, kinds, english, slug="uno")).json()
    english = await make.verb(owner, english, "publish", kinds=kinds)
    event = await last()
    assert (event.type, event.old_slug) == ("updated", "one")
    assert {f"{path}one", f"{path}uno", f"{path}satu"} <= set(event.paths)
    await owner.delete(_at(kinds, english), headers=make.if_match(english))
    event = await last()
    assert (event.type, f"{path}satu" in event.paths) == ("deleted", True)
    alone = await make.live(owner, kinds, title="Lain", lang="en")
    event = await last()
    assert f"{path}satu" not in event.paths
    assert f"{kind}:{alone['id']}" in event.keys

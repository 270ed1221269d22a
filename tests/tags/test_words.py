"""Tags and series are written under a guard, noted in the audit, and told to who shows them."""

import asyncio
from typing import Any

import httpx
import pytest

from cms.app import CARRIERS, KINDS
from cms.core import db
from cms.history.documents import Event
from cms.publishing import relay
from tests import make

ADMIN = "/api/v1/admin"
TAGS, SERIES = f"{ADMIN}/tags", f"{ADMIN}/series"


async def _settle() -> None:
    while await relay.step(KINDS, db.now(), CARRIERS):
        pass


async def _audit(owner: httpx.AsyncClient, kind: str) -> list[Any]:
    await _settle()
    found = (await owner.get(f"{ADMIN}/audit?limit=100")).json()["items"]
    return [item for item in reversed(found) if item["kind"] == kind]


async def _events(kind: str) -> list[Any]:
    await _settle()
    return [event.body for event in await Event.after(0, 100) if event.kind == kind]


async def _make(owner: httpx.AsyncClient, path: str, name: str) -> Any:
    made = await owner.post(path, json={"name" if path == TAGS else "title": name})
    assert made.status_code == 201
    assert made.headers["etag"] == '"1"'
    assert made.headers["location"].startswith(path)
    return made.json()


both = pytest.mark.parametrize(("path", "field"), [(TAGS, "name"), (SERIES, "title")])


@both
async def test_a_word_is_changed_under_a_guard(
    path: str, field: str, owner: httpx.AsyncClient
) -> None:
    made = await _make(owner, path, "One")
    at = f"{path}/one"
    assert (await owner.patch(at, json={field: "Two"})).status_code == 428
    changed = await owner.patch(at, json={field: "Two"}, headers=make.if_match(made))
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    for method, target in (("PATCH", at), ("DELETE", at)):
        stale = await owner.request(
            method, target, json={field: "x"} if method == "PATCH" else None,
            headers=make.if_match(made),
        )  # fmt: skip
        assert (stale.status_code, stale.json()["current"][field]) == (412, "Two")
    if path == TAGS:
        await _make(owner, path, "Other")
        stale = await owner.post(f"{at}/merge", json={"into": "other"}, headers=make.if_match(made))
        assert (stale.status_code, stale.json()["current"]["name"]) == (412, "Two")
    found = await owner.get(at)
    assert (found.json()["revision"], found.headers["etag"]) == (2, '"2"')


@both
async def test_of_many_who_write_at_once_one_wins(
    path: str, field: str, owner: httpx.AsyncClient
) -> None:
    made = await _make(owner, path, "One")
    answers = await asyncio.gather(
        *(
            owner.patch(f"{path}/one", json={field: f"n{n}"}, headers=make.if_match(made))
            for n in range(5)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]


@both
async def test_every_change_is_in_the_audit_with_before_and_after(
    path: str, field: str, owner: httpx.AsyncClient
) -> None:
    made = await _make(owner, path, "One")
    changed = await owner.patch(
        f"{path}/one", json={"description": "New."}, headers=make.if_match(made)
    )
    await owner.delete(f"{path}/one", headers=make.if_match(changed.json()))
    kind = "tag" if path == TAGS else "series"
    found = await _audit(owner, kind)
    assert [item["verb"] for item in found] == ["created", "updated", "deleted"]
    assert {item["door"] for item in found} == {"token"}
    assert all(item["by"]["id"] for item in found)
    assert found[1]["changes"] == [{"field": "description", "before": "", "after": "New."}]
    gone = {change["field"]: (change["before"], change["after"]) for change in found[2]["changes"]}
    assert gone[field] == ("One", None)
    assert gone["description"] == ("New.", None)
    assert {item["title"] for item in found} == {"One"}


async def test_a_series_is_made_once_by_one_key(owner: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "once"}
    first, again = [await owner.post(SERIES, json={"title": "One"}, headers=key) for _ in range(2)]
    assert first.json() == again.json()
    other = await owner.post(SERIES, json={"title": "Two"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert [item["slug"] for item in (await owner.get(SERIES)).json()["items"]] == ["one"]
    for _ in range(2):
        made = await owner.post(TAGS, json={"name": "One"}, headers={"Idempotency-Key": "tag"})
        assert made.status_code == 201
    assert [item["verb"] for item in await _audit(owner, "tag")] == ["created"]


async def test_renaming_a_tag_is_found_by_its_new_name_and_told(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, slug="a", tag_slugs=["Kapal"], lang="id")
    site = (await owner.get(f"{ADMIN}/site")).json()
    languages = {"languages": ["en", "id"], "url_patterns": {"tag": {"id": "/id/tag/{slug}"}}}
    await owner.patch(f"{ADMIN}/site", json=languages, headers=make.if_match(site))
    await _settle()

    async def hits(word: str) -> int:
        return len((await reader.get("/api/v1/search", params={"q": word})).json()["items"])

    assert (await hits("kapal"), await hits("perahu")) == (1, 0)
    tag = (await owner.get(f"{TAGS}/kapal")).json()
    await owner.patch(f"{TAGS}/kapal", json={"name": "Perahu"}, headers=make.if_match(tag))
    (event,) = await _events("tag")
    assert (await hits("kapal"), await hits("perahu")) == (0, 1)
    assert (event.type, event.slug, event.old_slug) == ("updated", "kapal", None)
    assert {"tag:kapal", "tags", "articles"} == set(event.keys)
    assert {"/tags/kapal", "/id/tag/kapal", "/articles/a", "/feed.xml", "/sitemap.xml"} <= set(
        event.paths
    )


async def test_merging_and_deleting_refresh_the_search_and_are_told(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, slug="a", tag_slugs=["Kapal"])
    await make.published(owner, slug="b", tag_slugs=["Perahu"])
    await make.article(owner, tag_slugs=["Draft"])
    await _settle()
    one = {"If-Match": '"1"'}
    merged = await owner.post(f"{TAGS}/kapal/merge", json={"into": "perahu"}, headers=one)
    assert merged.status_code == 200

    async def hits(word: str) -> list[str]:
        found = await reader.get("/api/v1/search", params={"q": word})
        return sorted(item["slug"] for item in found.json()["items"])

    assert (await hits("kapal"), await hits("perahu")) == ([], ["a", "b"])
    assert (await owner.delete(f"{TAGS}/draft?force=true", headers=one)).status_code == 204
    found = await owner.delete(f"{TAGS}/perahu?force=true", headers=one)
    assert found.status_code == 204
    assert await hits("perahu") == []
    events = await _events("tag")  # of the draft's tag nobody knew
    assert [(event.type, event.slug) for event in events] == [
        ("deleted", "kapal"),
        ("deleted", "perahu"),
    ]
    assert {"/tags/kapal", "/tags/perahu", "/articles/a"} <= set(events[0].paths)
    assert {"tag:kapal", "tag:perahu"} <= set(events[0].keys)
    assert {"/articles/a", "/articles/b"} <= set(events[1].paths)
    assert [(item["verb"], item["why"]) for item in await _audit(owner, "tag")] == [
        ("merged", "into perahu"),
        ("deleted", None),
        ("deleted", None),
    ]


async def test_a_series_that_moves_names_its_old_and_new_pages(
    owner: httpx.AsyncClient,
) -> None:
    made = await make.series(owner, title="Karier")
    place = {"slug": "karier", "position": 1}
    await make.published(owner, slug="a", series=place)
    await owner.patch(f"{SERIES}/karier", json={"slug": "kerja"}, headers=make.if_match(made))
    (event,) = await _events("series")
    assert (event.type, event.slug, event.old_slug) == ("updated", "kerja", "karier")
    assert {"/series/karier", "/series/kerja", "/articles/a"} <= set(event.paths)
    assert {"series:karier", "series:kerja", "series"} <= set(event.keys)


async def test_an_internal_tag_is_told_to_nobody_and_offers_a_replacement_too(
    owner: httpx.AsyncClient,
) -> None:
    live = await make.published(owner, tag_slugs=["#kampanye"])
    await _make(owner, TAGS, "#lain")
    one, at = {"If-Match": '"1"'}, f"{TAGS}/%23kampanye"
    renamed = await owner.patch(at, json={"name": "#Kampanye besar"}, headers=one)
    assert renamed.status_code == 200
    seen = make.if_match(renamed.json())
    refused = await owner.patch(at, json={"name": "Kampanye"}, headers=seen)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "name")
    refused = await owner.delete(at, headers=seen)
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert (refused.json()["usage"]["count"], refused.json()["usage"]["published"]) == (1, 1)
    done = await owner.delete(f"{at}?replace_with=%23lain", headers=seen)
    assert done.status_code == 204
    found = (await owner.get(f"{ADMIN}/articles/{live['id']}")).json()
    assert found["tag_slugs"] == ["#lain"]
    assert await _events("tag") == []

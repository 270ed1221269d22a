"""Every verb of an article: what it does, and what it refuses."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.core import db
from tests import make

ADMIN = "/api/v1/admin/articles"
PUBLIC = "/api/v1/articles"


def _moment(days: int) -> str:
    return (db.now() + timedelta(days=days)).isoformat()


async def _verb(client: httpx.AsyncClient, thing: dict[str, Any], name: str, **data: Any) -> Any:
    return await client.post(
        f"{ADMIN}/{thing['id']}/{name}", json=data or None, headers=make.if_match(thing)
    )


async def test_an_article_needs_only_a_title(owner: httpx.AsyncClient) -> None:
    answer = await owner.post(ADMIN, json={"title": "Ćevapi & 東京: apa?"})
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{ADMIN}/{made['id']}"
    assert answer.headers["etag"] == '"1"'
    assert made["slug"] == "cevapi-dong-jing-apa"
    assert made["status"] == "draft"
    assert made["live"] is None
    assert made["lang"] == "en"


async def test_a_slug_made_from_the_title_steps_aside(owner: httpx.AsyncClient) -> None:
    slugs = [(await make.article(owner, title="Same"))["slug"] for _ in range(7)]
    assert slugs == ["same", *(f"same-{number}" for number in range(2, 8))]


async def test_sixty_creations_of_one_slug_make_one_article(owner: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(owner.post(ADMIN, json={"title": "Race", "slug": "race"}) for _ in range(60))
    )
    assert sorted({answer.status_code for answer in answers}) == [201, 409]
    assert sum(answer.status_code == 201 for answer in answers) == 1
    refused = next(answer for answer in answers if answer.status_code == 409).json()
    assert refused["code"] == "slug_taken"
    assert refused["errors"][0]["field"] == "slug"


async def test_sixty_creations_of_one_title_all_find_a_slug(owner: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(owner.post(ADMIN, json={"title": "Race"}) for _ in range(60)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["slug"] for answer in answers}) == 60


async def test_of_three_editors_at_once_one_wins_and_none_loses_a_letter(
    owner: httpx.AsyncClient,
) -> None:
    made = await make.article(owner)
    for round_number in range(10):
        texts = [f"editor {editor} in round {round_number}" for editor in range(3)]
        answers = await asyncio.gather(
            *(
                owner.patch(
                    f"{ADMIN}/{made['id']}", json={"markdown": text}, headers=make.if_match(made)
                )
                for text in texts
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
        winner = next(answer.json() for answer in answers if answer.status_code == 200)
        for answer in answers:
            if answer.status_code == 412:
                assert answer.json()["current"]["markdown"] == winner["markdown"]
                assert answer.json()["current"]["revision"] == winner["revision"]
        made = (await owner.get(f"{ADMIN}/{made['id']}")).json()
        assert made["markdown"] == winner["markdown"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"title": "x"}),
        ("DELETE", "", None),
        ("POST", "/publish", None),
        ("POST", "/unpublish", None),
        ("POST", "/discard-draft", None),
        ("POST", "/restore", None),
        ("POST", "/purge", None),
    ],
)
async def test_every_write_needs_the_revision_that_was_seen(
    method: str, path: str, body: Any, owner: httpx.AsyncClient
) -> None:
    made = await make.article(owner)
    target = f"{ADMIN}/{made['id']}{path}"
    missing = await owner.request(method, target, json=body)
    assert missing.status_code == 428
    assert missing.json()["code"] == "if_match_required"
    stale = await owner.request(method, target, json=body, headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    assert stale.json()["current"]["id"] == made["id"]
    unknown = await owner.request(
        method, f"{ADMIN}/{'0' * 24}{path}", json=body, headers={"If-Match": '"1"'}
    )
    assert unknown.status_code == 404
    assert (await owner.get(f"{ADMIN}/{made['id']}")).json() == made


async def test_a_merge_patch_merges_objects_replaces_arrays_and_clears_by_null(
    owner: httpx.AsyncClient,
) -> None:
    made = await make.article(
        owner, excerpt="Mine", tag_slugs=["a", "b"], seo={"title": "T", "description": "D"}
    )
    patch = {"excerpt": None, "tag_slugs": ["c"], "seo": {"title": "New"}}
    answer = await owner.patch(
        f"{ADMIN}/{made['id']}",
        json=patch,
        headers={**make.if_match(made), "Content-Type": "application/merge-patch+json"},
    )
    found = answer.json()
    assert found["excerpt"] is None
    assert found["tag_slugs"] == ["c"]
    assert (found["seo"]["title"], found["seo"]["description"]) == ("New", "D")
    cleared = await owner.patch(
        f"{ADMIN}/{made['id']}", json={"title": None}, headers=make.if_match(found)
    )
    assert cleared.status_code == 422
    assert cleared.json()["errors"][0]["field"] == "title"


async def test_discarding_a_draft_brings_back_what_is_live(owner: httpx.AsyncClient) -> None:
    live = await make.published(owner, title="Kept", markdown="Kept.", tag_slugs=["kept"])
    edited = (
        await owner.patch(
            f"{ADMIN}/{live['id']}",
            json={"title": "Gone", "slug": "gone", "markdown": "Gone."},
            headers=make.if_match(live),
        )
    ).json()
    back = await make.verb(owner, edited, "discard-draft")
    assert (back["title"], back["slug"], back["markdown"]) == ("Kept", "kept", "Kept.")
    assert back["has_unpublished_changes"] is False
    # The slug that only the draft had is free again.
    assert (await make.article(owner, title="x", slug="gone"))["slug"] == "gone"


async def test_trash_restore_and_purge(owner: httpx.AsyncClient, reader: httpx.AsyncClient) -> None:
    live = await make.published(owner, title="Bin")
    refused = await _verb(owner, live, "purge")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_trashed")
    trashed = (
        await owner.request("DELETE", f"{ADMIN}/{live['id']}", headers=make.if_match(live))
    ).json()
    assert trashed["status"] == "trashed"
    assert (await reader.get(f"{PUBLIC}/bin")).status_code == 404
    assert (await owner.get(ADMIN)).json()["items"] == []
    for name in ("publish", "discard-draft"):
        assert (await _verb(owner, trashed, name)).json()["code"] == "trashed"
    restored = await make.verb(owner, trashed, "restore")
    assert restored["status"] == "unpublished"
    assert (await reader.get(f"{PUBLIC}/bin")).status_code == 404
    again = await make.verb(owner, restored, "publish")
    assert (await reader.get(f"{PUBLIC}/bin")).status_code == 200
    trashed = (
        await owner.request("DELETE", f"{ADMIN}/{live['id']}", headers=make.if_match(again))
    ).json()
    assert (await _verb(owner, trashed, "purge")).status_code == 204
    assert (await owner.get(f"{ADMIN}/{live['id']}")).status_code == 404


async def test_verbs_refuse_the_wrong_state(owner: httpx.AsyncClient) -> None:
    draft = await make.article(owner)
    for name in ("unpublish", "discard-draft"):
        assert (await _verb(owner, draft, name)).json()["code"] == "not_published"
    assert (await _verb(owner, draft, "restore")).json()["code"] == "not_trashed"
    live = await make.verb(owner, draft, "publish")
    ending = await make.verb(owner, live, "unpublish", {"at": _moment(1)})
    late = await _verb(owner, ending, "publish", at=_moment(2))
    assert (late.status_code, late.json()["code"]) == (409, "unpublished_before")


async def test_unpublishing_keeps_the_date_of_the_first_publication(
    owner: httpx.AsyncClient,
) -> None:
    live = await make.published(owner, at=_moment(-30))
    gone = await make.verb(owner, live, "unpublish")
    assert gone["status"] == "unpublished"
    again = await make.verb(owner, gone, "publish")
    assert again["published_at"] == live["published_at"]


async def test_what_was_only_scheduled_goes_back_to_a_draft(owner: httpx.AsyncClient) -> None:
    planned = await make.published(owner, title="Plan", at=_moment(1))
    assert planned["status"] == "scheduled"
    draft = await make.verb(owner, planned, "unpublish")
    assert (draft["status"], draft["live"]) == ("draft", None)


async def test_a_slug_that_readers_never_saw_does_not_redirect(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    planned = await make.published(owner, title="Never seen", at=_moment(1))
    moved = (
        await owner.patch(
            f"{ADMIN}/{planned['id']}", json={"slug": "seen"}, headers=make.if_match(planned)
        )
    ).json()
    await make.verb(owner, moved, "publish", {"at": _moment(-1)})
    assert (await reader.get(f"{PUBLIC}/seen")).status_code == 200
    assert (await reader.get(f"{PUBLIC}/never-seen")).status_code == 404


async def test_an_unknown_author_is_named_by_place(owner: httpx.AsyncClient) -> None:
    await make.profile(owner, name="Known")
    answer = await owner.post(ADMIN, json={"title": "x", "author_slugs": ["known", "nobody"]})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "field": "author_slugs.1",
            "message": "there is no profile 'nobody'",
            "code": "unknown_author",
        }
    ]


async def test_the_list_filters_by_status(owner: httpx.AsyncClient) -> None:
    await make.article(owner, title="draft")
    await make.published(owner, title="published")
    await make.published(owner, title="scheduled", at=_moment(1))
    live = await make.published(owner, title="unpublished")
    await make.verb(owner, live, "unpublish")
    live = await make.published(owner, title="trashed")
    await owner.request("DELETE", f"{ADMIN}/{live['id']}", headers=make.if_match(live))

    for status in ("draft", "published", "scheduled", "unpublished", "trashed"):
        found = (await owner.get(ADMIN, params={"status": status, "total": "true"})).json()
        assert [item["title"] for item in found["items"]] == [status]
        assert found["items"][0]["status"] == status
        assert found["page"]["total"] == 1
    assert len((await owner.get(ADMIN)).json()["items"]) == 4


async def test_rendering_shows_what_publishing_would(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    source = "## Satu\n\n```python\nprint(1)\n```\n\n<script>alert(1)</script>\n"
    shown = (await owner.post("/api/v1/admin/render", json={"markdown": source})).json()
    await make.published(owner, title="Same", markdown=source)
    read = (await reader.get(f"{PUBLIC}/same")).json()
    assert shown["html"] == read["html"]
    assert "script" not in shown["html"]


async def test_text_that_becomes_too_large_is_refused_by_name(owner: httpx.AsyncClient) -> None:
    too_long = await owner.post(ADMIN, json={"title": "x", "markdown": "a" * (256 * 1024 + 1)})
    assert too_long.status_code == 422
    assert too_long.json()["errors"][0]["field"] == "markdown"
    too_wide = await owner.post(ADMIN, json={"title": "x", "markdown": "é" * (256 * 1024)})
    assert too_wide.status_code == 422
    assert too_wide.json()["errors"][0]["field"] == "markdown"

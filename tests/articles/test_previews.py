"""Preview links: one item for whoever holds the token, until it expires or is revoked."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import structlog

from cms.accounts.permissions import Permission, Role
from cms.core import db
from cms.core.signing import Signer
from tests import make

ADMIN = "/api/v1/admin/articles"
PUBLIC = "/api/v1/articles"


async def _link(client: httpx.AsyncClient, thing: Any, **data: Any) -> Any:
    answer = await client.post(f"{ADMIN}/{thing['id']}/preview-links", json=data or None)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def _show(reader: httpx.AsyncClient, slug: str, token: str) -> httpx.Response:
    return await reader.get(f"{PUBLIC}/{slug}", params={"preview": token})


def _same_as_unknown(answer: httpx.Response, unknown: httpx.Response) -> None:
    assert answer.status_code == unknown.status_code == 404
    assert {**answer.json(), "instance": ""} == {**unknown.json(), "instance": ""}
    kept = {"cache-control", "content-type"}
    assert {k: v for k, v in answer.headers.items() if k in kept} == {
        k: v for k, v in unknown.headers.items() if k in kept
    }


async def test_a_draft_is_shown_to_who_holds_the_link_as_publishing_would(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    author = await make.profile(owner, name="Rani")
    draft = await make.article(
        owner,
        title="Soon",
        markdown="## Part\n\nSome *text*.\n",
        author_slugs=[author["slug"]],
        tag_slugs=["One"],
    )
    link = await _link(owner, draft)
    assert link["token"].startswith("lpv_")
    assert link["url"] == f"https://juri.example/articles/soon?preview={link['token']}"

    shown = await _show(reader, "soon", link["token"])

    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "private, no-store"
    assert shown.headers["x-robots-tag"] == "noindex"
    assert "etag" not in shown.headers
    assert "last-modified" not in shown.headers
    await make.verb(owner, draft, "publish")
    public = (await reader.get(f"{PUBLIC}/soon")).json()
    timely = {"published_at", "updated_at"}
    assert {k: v for k, v in shown.json().items() if k not in timely} == {
        k: v for k, v in public.items() if k not in timely
    }
    assert public["authors"][0]["name"] == "Rani"


async def test_a_link_to_the_working_copy_follows_it_and_a_pinned_one_does_not(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    live = await make.published(owner, title="Open", slug="open", markdown="First.")
    following, pinned = await _link(owner, live), await _link(owner, live, revision=1)
    await owner.patch(
        f"{ADMIN}/{live['id']}",
        json={"markdown": "Second.", "slug": "opened"},
        headers=make.if_match(live),
    )
    for slug in ("open", "opened"):  # what is live and what will be name the same article
        found = (await _show(reader, slug, following["token"])).json()
        assert "Second." in found["html"]
        assert found["slug"] == "opened"
        assert "First." in (await _show(reader, slug, pinned["token"])).json()["html"]
    found = (await _show(reader, "open", following["token"])).json()
    assert found["published_at"] == live["published_at"]
    assert "First." in (await reader.get(f"{PUBLIC}/open")).json()["html"]


async def test_a_preview_shares_no_cached_answer_with_the_public_one(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    live = await make.published(owner, slug="open", title="Open")
    link = await _link(owner, live)
    known = (await reader.get(f"{PUBLIC}/open")).headers["etag"]
    for tag in (known, "*"):
        again = await reader.get(
            f"{PUBLIC}/open", params={"preview": link["token"]}, headers={"If-None-Match": tag}
        )
        assert again.status_code == 200
        assert again.headers["cache-control"] == "private, no-store"


async def test_a_link_opens_nothing_but_its_own_article(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.article(owner, slug="other", title="Other")
    await make.published(owner, slug="public", title="Public")
    link = await _link(owner, await make.article(owner, slug="mine", title="Mine"))
    unknown = await reader.get(f"{PUBLIC}/nothing")
    for slug in ("other", "public", "nothing", "mine.md"):
        _same_as_unknown(await _show(reader, slug, link["token"]), unknown)
    listed = await reader.get(PUBLIC, params={"preview": link["token"]})
    assert listed.status_code == 400


@pytest.mark.parametrize("spoil", ["tampered", "foreign", "empty", "long", "cut", "spaced"])
async def test_a_token_that_is_not_ours_is_the_404_of_everyone(
    spoil: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    draft = await make.article(owner, slug="mine", title="Mine")
    token = (await _link(owner, draft))["token"]
    last = "A" if token[-1] != "A" else "B"
    sent = {
        "tampered": token[:-1] + last,
        "foreign": Signer("another installation's secret key......", "preview").issue(),
        "empty": "",
        "long": token * 100,
        "cut": token[:-1],
        "spaced": f" {token}",
    }[spoil]
    _same_as_unknown(await _show(reader, "mine", sent), await reader.get(f"{PUBLIC}/mine"))


async def test_a_revoked_link_never_opens_again(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    draft = await make.article(owner, slug="mine", title="Mine")
    first, second = await _link(owner, draft), await _link(owner, draft)
    target = f"{ADMIN}/{draft['id']}/preview-links/{first['id']}"
    assert (await owner.delete(target)).status_code == 204
    assert (await owner.delete(target)).status_code == 404
    _same_as_unknown(
        await _show(reader, "mine", first["token"]), await reader.get(f"{PUBLIC}/mine")
    )
    assert (await _show(reader, "mine", second["token"])).status_code == 200


async def test_an_expired_link_opens_nothing_and_is_listed_no_more(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    draft = await make.article(owner, slug="mine", title="Mine")
    link = await _link(owner, draft, expires_in_hours=720)
    # The clock can't be moved here, so the link's end is.
    await database["preview_links"].update_one({}, {"$set": {"expires_at": db.now()}})
    _same_as_unknown(await _show(reader, "mine", link["token"]), await reader.get(f"{PUBLIC}/mine"))
    listed = await owner.get(f"{ADMIN}/{draft['id']}/preview-links", params={"total": "true"})
    assert listed.json()["items"] == []
    assert listed.json()["page"]["total"] == 0


async def test_links_die_with_the_revision_the_trash_and_the_purge(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    draft = await make.article(owner, slug="mine", title="Mine")
    pinned, link = await _link(owner, draft, revision=1), await _link(owner, draft)
    unknown = await reader.get(f"{PUBLIC}/mine")
    await database["revisions"].delete_many({})
    _same_as_unknown(await _show(reader, "mine", pinned["token"]), unknown)
    gone = await owner.request("DELETE", f"{ADMIN}/{draft['id']}", headers=make.if_match(draft))
    _same_as_unknown(await _show(reader, "mine", link["token"]), unknown)
    answer = await owner.post(f"{ADMIN}/{draft['id']}/preview-links")
    assert (answer.status_code, answer.json()["code"]) == (409, "trashed")
    await owner.post(f"{ADMIN}/{draft['id']}/purge", headers=make.if_match(gone.json()))
    _same_as_unknown(await _show(reader, "mine", link["token"]), unknown)
    assert await database["preview_links"].count_documents({}) == 0


async def test_a_pinned_revision_of_an_unreadable_shape_opens_nothing(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    draft = await make.article(owner, slug="mine", title="Mine")
    pinned = await _link(owner, draft, revision=1)
    await database["revisions"].update_one({}, {"$unset": {"content.title": ""}})
    assert (await _show(reader, "mine", pinned["token"])).status_code == 404


async def test_a_renamed_draft_keeps_its_link_until_someone_takes_the_name(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    draft = await make.article(owner, slug="mine", title="Mine")
    link = await _link(owner, draft)
    await owner.patch(f"{ADMIN}/{draft['id']}", json={"slug": "new"}, headers=make.if_match(draft))
    assert (await _show(reader, "mine", link["token"])).json()["slug"] == "new"
    await make.article(owner, slug="mine", title="Another")
    assert (await _show(reader, "mine", link["token"])).status_code == 404
    assert (await _show(reader, "new", link["token"])).status_code == 200


async def test_links_are_listed_without_their_tokens_and_noted_in_the_audit(
    owner: httpx.AsyncClient, database: db.Database
) -> None:
    draft = await make.article(owner, title="Mine")
    made = [await _link(owner, draft, revision=revision) for revision in (None, 1)]
    await owner.delete(f"{ADMIN}/{draft['id']}/preview-links/{made[0]['id']}")
    listed = (await owner.get(f"{ADMIN}/{draft['id']}/preview-links")).json()["items"]
    assert listed == [{k: v for k, v in made[1].items() if k not in {"token", "url"}}]
    stored = str(await database["preview_links"].find({}).to_list())
    audit = (await owner.get(f"/api/v1/admin/audit?item={draft['id']}")).json()["items"]
    assert [item["verb"] for item in audit[:3]] == [
        "preview_link_revoked",
        "preview_link_created",
        "preview_link_created",
    ]
    for link in made:
        assert link["token"].removeprefix("lpv_") not in stored + str(audit)


async def test_the_sites_preview_url_is_told_what_to_fetch(owner: httpx.AsyncClient) -> None:
    draft = await make.article(owner, slug="mine", title="Mine", lang="id")
    for address in ("https://next.example/api/draft?key=k", "https://next.example/api/draft#top"):
        site = (await owner.get("/api/v1/admin/site")).json()
        await owner.patch(
            "/api/v1/admin/site", json={"preview_url": address}, headers=make.if_match(site)
        )
        link = await _link(owner, draft)
        found, wanted = urlsplit(link["url"]), urlsplit(address)
        assert (found.netloc, found.path, found.fragment) == (
            wanted.netloc,
            wanted.path,
            wanted.fragment,
        )
        told = {"kind": ["article"], "slug": ["mine"], "lang": ["id"], "preview": [link["token"]]}
        assert parse_qs(found.query) == {**parse_qs(wanted.query), **told}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"expires_in_hours": 0}, "expires_in_hours"),
        ({"expires_in_hours": 721}, "expires_in_hours"),
        ({"expires_in_hours": "72"}, "expires_in_hours"),
        ({"revision": 0}, "revision"),
        ({"revision": 9}, "revision"),
        ({"revision": "1"}, "revision"),
        ({"token": "mine"}, "token"),
    ],
)
async def test_a_bad_wish_is_named(data: Any, field: str, owner: httpx.AsyncClient) -> None:
    draft = await make.article(owner)
    answer = await owner.post(f"{ADMIN}/{draft['id']}/preview-links", json=data)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def test_only_who_may_write_the_article_makes_and_ends_its_links(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    author = await make.account(role=Role.CONTRIBUTOR)
    own = {"Authorization": f"Bearer {await make.token(author)}"}
    stranger = {"Authorization": f"Bearer {await make.token(await make.account(role='author'))}"}
    only_reads = {"Authorization": f"Bearer {await make.token(author, Permission.READ)}"}
    draft = (await reader.post(ADMIN, json={"title": "Mine"}, headers=own)).json()
    target = f"{ADMIN}/{draft['id']}/preview-links"
    made = await reader.post(target, headers=own)
    assert made.status_code == 201
    one = f"{target}/{made.json()['id']}"
    for headers, status in ((stranger, 404), (only_reads, 403), ({}, 401)):
        assert (await reader.post(target, headers=headers)).status_code == status
        assert (await reader.delete(one, headers=headers)).status_code == status
    assert (await reader.get(target, headers=stranger)).status_code == 404
    assert (await reader.get(target, headers=only_reads)).status_code == 200
    assert (await reader.delete(one, headers=own)).status_code == 204
    assert (await owner.post(f"{ADMIN}/{'0' * 24}/preview-links")).status_code == 404


async def test_a_link_of_another_article_is_not_revoked(owner: httpx.AsyncClient) -> None:
    one, two = await make.article(owner), await make.article(owner)
    link = await _link(owner, one)
    answer = await owner.delete(f"{ADMIN}/{two['id']}/preview-links/{link['id']}")
    assert answer.status_code == 404
    assert len((await owner.get(f"{ADMIN}/{one['id']}/preview-links")).json()["items"]) == 1


async def test_fifty_links_are_enough(owner: httpx.AsyncClient, database: db.Database) -> None:
    draft = await make.article(owner)
    await _link(owner, draft)
    row = await database["preview_links"].find_one({})
    assert row is not None
    copies = [{**row, "_id": db_id, "digest": str(db_id)} for db_id in range(49)]
    await database["preview_links"].insert_many(copies)
    answer = await owner.post(f"{ADMIN}/{draft['id']}/preview-links")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_preview_links")


async def test_no_log_line_holds_the_token(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    draft = await make.article(owner, slug="mine", title="Mine")
    token = (await _link(owner, draft))["token"]
    with structlog.testing.capture_logs() as lines:
        assert (await _show(reader, "mine", token)).status_code == 200
        assert (await _show(reader, "other", token)).status_code == 404
        twice = [("preview", token), ("preview", token)]
        refused = await reader.get(f"{PUBLIC}/mine", params=twice)
    assert refused.status_code == 400
    assert [line["path"] for line in lines] == [
        f"{PUBLIC}/mine",
        f"{PUBLIC}/other",
        f"{PUBLIC}/mine",
    ]
    assert token not in str(lines) + refused.text


def test_a_token_is_read_by_its_own_installation_and_purpose_alone() -> None:
    ours = Signer("a secret key", "preview")
    token = ours.issue()
    assert len(ours.digest(token) or "") == 64
    assert ours.digest(token) == ours.digest(token)
    assert ours.issue() != token
    assert Signer("a secret key", "other").digest(token) is None
    assert Signer("another key", "preview").digest(token) is None
    assert "secret" not in repr(ours)


async def test_an_open_link_lasts_as_long_as_it_says(owner: httpx.AsyncClient) -> None:
    draft = await make.article(owner)
    before = db.now()
    for hours, data in ((72, {}), (5, {"expires_in_hours": 5})):
        ends = datetime.fromisoformat((await _link(owner, draft, **data))["expires_at"])
        assert timedelta(hours=hours) <= ends - before <= timedelta(hours=hours, minutes=5)


@pytest.mark.parametrize(("pinned", "queries"), [(None, 3), (1, 4)])
async def test_a_preview_is_a_fixed_number_of_indexed_queries(
    pinned: int | None,
    queries: int,
    owner: httpx.AsyncClient,
    uncached: httpx.AsyncClient,
    database: db.Database,
) -> None:
    draft = await make.article(owner, slug="mine", title="Mine", tag_slugs=["One"])
    link = await _link(owner, draft, revision=pinned)
    await database.command({"profile": 2})
    answer = await _show(uncached, "mine", link["token"])
    await database.command({"profile": 0})
    seen = database["system.profile"].find({"ns": {"$not": {"$regex": "system"}}})
    rows = await seen.to_list()
    await database["system.profile"].drop()
    assert answer.status_code == 200
    assert len(rows) == queries
    assert not [row for row in rows if "COLLSCAN" in row.get("planSummary", "")]

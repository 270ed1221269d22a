"""Redirects: the owner's own, those of former slugs, and what is refused."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.app import CARRIERS, KINDS
from cms.core import db
from cms.history.documents import MOST_PENDING, Event
from cms.publishing import relay
from tests import make

ADMIN = "/api/v1/admin/redirects"
ARTICLES = "/api/v1/admin/articles"
PUBLIC = "/api/v1/redirects"


async def _make(client: httpx.AsyncClient, start: str, to: str | None, **more: Any) -> Any:
    answer = await client.post(ADMIN, json={"from_path": start, "to": to, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def _settle() -> None:
    while await relay.step(KINDS, db.now(), CARRIERS):
        pass


async def _refused(client: httpx.AsyncClient, start: str, to: str | None, **more: Any) -> Any:
    answer = await client.post(ADMIN, json={"from_path": start, "to": to, **more})
    assert answer.status_code == 409, answer.text
    return answer.json()["code"]


async def _public(reader: httpx.AsyncClient, **params: Any) -> dict[str, tuple[str | None, int]]:
    answer = await reader.get(PUBLIC, params={"limit": 100, **params})
    assert answer.status_code == 200, answer.text
    return {item["from_path"]: (item["to"], item["status"]) for item in answer.json()["items"]}


async def _renamed(client: httpx.AsyncClient, old: str, new: str, **more: Any) -> Any:
    live = await make.published(client, slug=old, **more)
    edited = await client.patch(
        f"{ARTICLES}/{live['id']}", json={"slug": new}, headers=make.if_match(live)
    )
    return await make.verb(client, edited.json(), "publish")


async def test_a_redirect_is_made_changed_and_deleted(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await _make(owner, "/old/", "/new?a=b#c")
    assert (made["from_path"], made["to"], made["status"]) == ("/old", "/new?a=b#c", 308)
    assert (made["source"], made["revision"]) == ("manual", 1)
    one = f"{ADMIN}/{made['id']}"
    assert (await owner.get(one)).json() == made
    changed = await owner.patch(one, json={"status": 302}, headers=make.if_match(made))
    assert changed.headers["etag"] == '"2"'
    assert await _public(reader) == {"/old": ("/new?a=b#c", 302)}
    gone = await owner.patch(
        one, json={"to": None, "status": 410}, headers=make.if_match(changed.json())
    )
    assert await _public(reader) == {"/old": (None, 410)}
    deleted = await owner.request("DELETE", one, headers=make.if_match(gone.json()))
    assert deleted.status_code == 204
    assert await _public(reader) == {}
    assert (await owner.get(one)).status_code == 404
    await _settle()
    audit = (await owner.get(f"/api/v1/admin/audit?item={made['id']}")).json()["items"]
    assert [item["verb"] for item in audit] == ["deleted", "updated", "updated", "created"]
    assert audit[-2]["changes"] == [{"field": "status", "before": 308, "after": 302}]


async def test_every_change_is_told_with_the_paths_that_it_makes_wrong(
    owner: httpx.AsyncClient, database: db.Database
) -> None:
    made = await _make(owner, "/old", "/new")
    one = f"{ADMIN}/{made['id']}"
    moved = await owner.patch(one, json={"from_path": "/older"}, headers=make.if_match(made))
    # The event stands in the redirect itself until the relay comes: there is no moment without it.
    stored = await database["redirects"].find_one({"from_path": "/older"})
    assert stored is not None
    assert [entry["event"]["type"] for entry in stored["pending"]] == ["published", "updated"]
    refused = await owner.delete(one, headers=make.if_match(made))
    assert refused.status_code == 412
    assert (await owner.delete(one, headers=make.if_match(moved.json()))).status_code == 204
    await _settle()
    events = await Event.after(0, 10)
    assert [(event.kind, event.body.type, event.body.paths) for event in events] == [
        ("redirect", "published", ["/old"]),
        ("redirect", "updated", ["/old", "/older"]),
        ("redirect", "deleted", ["/older"]),
    ]
    assert {tuple(event.body.keys) for event in events} == {(f"redirect:{made['id']}", "redirects")}
    assert (events[1].body.slug, events[1].body.old_slug) == ("/older", "/old")
    audit = (await owner.get(f"/api/v1/admin/audit?item={made['id']}")).json()["items"]
    assert [(item["verb"], item["title"]) for item in audit] == [
        ("deleted", "/older"),
        ("updated", "/older"),
        ("created", "/older"),
    ]


async def test_many_changes_do_not_pile_up_in_a_redirect(
    owner: httpx.AsyncClient, database: db.Database
) -> None:
    made = await _make(owner, "/old", "/new")
    for number in range(MOST_PENDING + 5):
        answer = await owner.patch(
            f"{ADMIN}/{made['id']}", json={"to": f"/n{number}"}, headers=make.if_match(made)
        )
        made = answer.json()
    stored = await database["redirects"].find_one({})
    assert stored is not None
    assert len(stored["pending"]) <= MOST_PENDING
    await _settle()
    assert len(await Event.after(0, 100)) == MOST_PENDING + 6


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"status": 301}), ("DELETE", None)])
async def test_a_stale_or_blind_write_is_refused(
    method: str, body: Any, owner: httpx.AsyncClient
) -> None:
    made = await _make(owner, "/old", "/new")
    one = f"{ADMIN}/{made['id']}"
    assert (await owner.request(method, one, json=body)).status_code == 428
    stale = await owner.request(method, one, json=body, headers={"If-Match": '"9"'})
    assert (stale.status_code, stale.json()["current"]) == (412, made)
    unknown = await owner.request(
        method, f"{ADMIN}/{'0' * 24}", json=body, headers={"If-Match": '"1"'}
    )
    assert unknown.status_code == 404
    assert (await owner.get(one)).json() == made


async def test_former_slugs_are_there_by_themselves_and_follow_what_is_live(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    live = await _renamed(owner, "one", "two")
    person = await make.profile(owner, name="Rani", slug="rani")
    await owner.patch(
        f"/api/v1/admin/profiles/{person['id']}",
        json={"slug": "rani-w"},
        headers=make.if_match(person),
    )
    assert await _public(reader) == {
        "/articles/one": ("/articles/two", 308),
        "/authors/rani": ("/authors/rani-w", 308),
    }
    listed = (await owner.get(ADMIN)).json()["items"]
    assert [(item["source"], item["id"], item["revision"]) for item in listed] == [
        ("automatic", None, None)
    ] * 2
    gone = await make.verb(owner, live, "unpublish")
    assert set(await _public(reader)) == {"/authors/rani"}
    await make.verb(owner, gone, "publish", {"at": (db.now() + timedelta(days=1)).isoformat()})
    assert set(await _public(reader)) == {"/authors/rani"}


async def test_loops_and_chains_are_refused_by_name(owner: httpx.AsyncClient) -> None:
    assert await _refused(owner, "/a", "/a#part") == "redirect_loop"
    assert await _refused(owner, "/a", "https://juri.example/a/") == "redirect_loop"
    await _make(owner, "/a", "/b")
    await _make(owner, "/gone", None, status=410)
    assert await _refused(owner, "/a/", "/c") == "redirect_exists"
    assert await _refused(owner, "/b", "/a") == "redirect_loop"
    assert await _refused(owner, "/b", "https://juri.example/a?x=1") == "redirect_loop"
    assert await _refused(owner, "/b", "/c") == "redirect_chain"
    assert await _refused(owner, "/z", "/a") == "redirect_chain"
    assert await _refused(owner, "/z", "/gone") == "redirect_chain"
    await _make(owner, "/y", "/b")  # two may lead to one place
    await _renamed(owner, "one", "two")
    assert await _refused(owner, "/x", "/articles/one") == "redirect_chain"
    assert await _refused(owner, "/articles/one", "/x") == "automatic"
    assert await _refused(owner, "/articles/two", "/x") == "in_use"


async def test_a_change_is_held_to_the_same_rules(owner: httpx.AsyncClient) -> None:
    await _make(owner, "/a", "/b")
    other = await _make(owner, "/c", "/d")
    for change, code in (
        ({"from_path": "/a"}, "redirect_exists"),
        ({"to": "/a"}, "redirect_chain"),
        ({"from_path": "/b"}, "redirect_chain"),
        ({"from_path": "/b", "to": "/a"}, "redirect_loop"),
        ({"to": "/c"}, "redirect_loop"),
    ):
        answer = await owner.patch(
            f"{ADMIN}/{other['id']}", json=change, headers=make.if_match(other)
        )
        assert (answer.status_code, answer.json()["code"]) == (409, code)
    kept = await owner.patch(
        f"{ADMIN}/{other['id']}", json={"to": "/b"}, headers=make.if_match(other)
    )
    assert kept.status_code == 200


async def test_redirects_made_at_once_close_no_loop(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    for number in range(5):
        pairs = [(f"/{number}a", f"/{number}b"), (f"/{number}b", f"/{number}a")]
        answers = await asyncio.gather(
            *(
                owner.post(ADMIN, json={"from_path": start, "to": to})
                for start, to in [*pairs, *pairs]
            )
        )
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len(await _public(reader)) == 5


async def test_what_readers_find_goes_before_a_redirect_and_no_rename_closes_a_loop(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await _make(owner, "/articles/new", "/articles/old")
    await _make(owner, "/short", "/articles/old#part")
    live = await make.published(owner, slug="old")
    assert (await _public(reader))["/articles/new"] == ("/articles/old", 308)
    edited = await owner.patch(
        f"{ARTICLES}/{live['id']}", json={"slug": "new"}, headers=make.if_match(live)
    )
    await make.verb(owner, edited.json(), "publish")
    assert await _public(reader) == {
        "/articles/old": ("/articles/new", 308),
        "/short": ("/articles/new", 308),
    }
    # The owner still sees what was written.
    listed = (await owner.get(ADMIN, params={"source": "manual"})).json()["items"]
    assert [item["from_path"] for item in listed] == ["/articles/new", "/short"]
    assert listed[1]["to"] == "/articles/old#part"


async def test_the_list_is_paged_both_ways_counted_and_conditional(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    for number in range(5):
        await _make(owner, f"/r{number}", "/to")
    first = (await reader.get(PUBLIC, params={"limit": 2, "total": "true"})).json()
    assert [item["from_path"] for item in first["items"]] == ["/r0", "/r1"]
    assert (first["page"]["total"], first["page"]["prev"]) == (5, None)
    second = await reader.get(PUBLIC, params={"limit": 2, "cursor": first["page"]["next"]})
    assert [item["from_path"] for item in second.json()["items"]] == ["/r2", "/r3"]
    assert 'rel="next"' in second.headers["link"]
    back = await reader.get(PUBLIC, params={"limit": 2, "cursor": second.json()["page"]["prev"]})
    assert back.json()["items"] == first["items"]
    last = (await reader.get(PUBLIC, params={"limit": 2, "page": 3})).json()
    assert [item["from_path"] for item in last["items"]] == ["/r4"]
    assert last["page"]["next"] is None
    tag = second.headers["etag"]
    again = await reader.get(str(second.url), headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert (await reader.get(PUBLIC, params={"cursor": "x"})).status_code == 400
    assert (await reader.get(PUBLIC, params={"source": "manual"})).status_code == 400


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("/Über uns".replace(" ", "%20"), "/%C3%9Cber%20uns"),
        ("/caf%c3%a9", "/caf%C3%A9"),
        ("/%61bc", "/abc"),
        ('/a"{b}', "/a%22%7Bb%7D"),
        ("/", "/"),
        ("/a.html", "/a.html"),
    ],
)
async def test_a_path_is_stored_in_one_way_of_writing(
    sent: str, stored: str, owner: httpx.AsyncClient
) -> None:
    assert (await _make(owner, sent, "/to"))["from_path"] == stored


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"from_path": "old"}, "from_path"),
        ({"from_path": "//evil.example"}, "from_path"),
        ({"from_path": "/a//b"}, "from_path"),
        ({"from_path": "/a/../b"}, "from_path"),
        ({"from_path": "/a/%2e%2e/b"}, "from_path"),
        ({"from_path": "/a?b"}, "from_path"),
        ({"from_path": "/a b"}, "from_path"),
        ({"from_path": "/a%0ab"}, "from_path"),
        ({"from_path": "/a%2Fb"}, "from_path"),
        ({"from_path": "/a%5Cb"}, "from_path"),
        ({"from_path": "/a\\b"}, "from_path"),
        ({"from_path": "/a%zz"}, "from_path"),
        ({"from_path": "/a%ff"}, "from_path"),
        ({"from_path": "/a\u202eb"}, "from_path"),
        ({"from_path": "/api/v1/articles"}, "from_path"),
        ({"from_path": "/admin"}, "from_path"),
        ({"from_path": "/" + "a" * 1000}, "from_path"),
        ({"to": "new"}, "to"),
        ({"to": "//evil.example"}, "to"),
        ({"to": "/\\evil.example"}, "to"),
        ({"to": "/%5Cevil.example"}, "to"),
        ({"to": "http://example.com"}, "to"),
        ({"to": "javascript:alert(1)"}, "to"),
        ({"to": "https://juri.example@evil.example/"}, "to"),
        ({"to": "https://evil.example\\@juri.example/"}, "to"),
        ({"to": "https://[::1]/"}, "to"),
        ({"to": "https://[bad/"}, "to"),
        ({"to": "https:///a"}, "to"),
        ({"to": "/a\r\nSet-Cookie: x"}, "to"),
        ({"to": "/a?b=\r\nc"}, "to"),
        ({"to": "/" + "a" * 2000}, "to"),
        ({"to": 1}, "to"),
        ({"status": 303}, "status"),
        ({"status": "301"}, "status"),
        ({"status": 410}, "body"),
        ({"to": None}, "body"),
        ({"revision": 2}, "revision"),
    ],
)
async def test_bad_input_is_named(
    change: dict[str, Any], field: str, owner: httpx.AsyncClient
) -> None:
    answer = await owner.post(ADMIN, json={"from_path": "/old", "to": "/new", **change})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == field


async def test_only_who_may_change_the_site_writes_redirects(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await _make(owner, "/old", "/new")
    one = f"{ADMIN}/{made['id']}"
    for role, status in (("admin", 201), ("editor", 403), ("author", 403), ("contributor", 403)):
        secret = await make.token(await make.account(role=role))
        bearer = {"Authorization": f"Bearer {secret}"}
        body = {"from_path": f"/by-{role}", "to": "/new"}
        answer = await reader.post(ADMIN, json=body, headers=bearer)
        assert answer.status_code == status
        assert (await reader.get(ADMIN, headers=bearer)).status_code == 200
        if status == 403:
            match = {**bearer, **make.if_match(made)}
            assert (await reader.patch(one, json={}, headers=match)).status_code == 403
            assert (await reader.delete(one, headers=match)).status_code == 403
    for path in (ADMIN, one, f"{ADMIN}/export?format=nginx"):
        assert (await reader.get(path)).status_code == 401


async def test_a_link_that_a_redirect_answers_is_not_dead(owner: httpx.AsyncClient) -> None:
    await _make(owner, "/articles/somewhere", "/new")
    await _make(owner, "/articles/gone", None, status=410)
    text = "[a](/articles/somewhere)\n[b](/articles/gone)\n"
    draft = await make.article(owner, markdown=text)
    found = (await owner.get(f"{ARTICLES}/{draft['id']}/checks")).json()["findings"]
    dead = [item["line"] for item in found if item["code"] == "dead_internal_link"]
    assert dead == [2]


async def test_the_number_of_queries_does_not_follow_the_content(
    owner: httpx.AsyncClient, uncached: httpx.AsyncClient, database: db.Database
) -> None:
    counts = []
    for number in range(2):
        await _make(owner, f"/articles/x{number}", "/to")
        await _renamed(owner, f"a{number}", f"b{number}")
        await database.command({"profile": 2})
        await uncached.get(PUBLIC)
        await database.command({"profile": 0})
        seen = database["system.profile"].find({"ns": {"$not": {"$regex": "system"}}})
        rows = await seen.to_list()
        await database["system.profile"].drop()
        counts.append(len(rows))
        assert not [row for row in rows if row.get("hasSortStage")]
        scans = [row for row in rows if "COLLSCAN" in row.get("planSummary", "")]
        assert not scans, scans
    assert counts == [6, 6]  # the owner's and the site; four kinds moved; one stands there


async def test_a_redirect_rests_while_readers_find_something_at_its_path(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await _make(owner, "/articles/later", "/elsewhere")
    draft = await make.article(owner, slug="later")
    assert await _public(reader) == {"/articles/later": ("/elsewhere", 308)}
    live = await make.verb(owner, draft, "publish")
    assert await _public(reader) == {}
    assert (await owner.get(f"{ADMIN}/export?format=netlify")).text.count("\n") == 1
    await make.verb(owner, live, "unpublish")
    assert await _public(reader) == {"/articles/later": ("/elsewhere", 308)}

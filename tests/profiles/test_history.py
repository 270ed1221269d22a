"""The past of profiles and of the site: revisions, audit, events that name whose caches lie."""

import asyncio
import base64
from typing import Any

import httpx
import pytest

from cms.app import CARRIERS, KINDS
from cms.core import db
from cms.history.documents import Event, Revision
from cms.history.entries import EventBody
from cms.publishing import relay
from tests import make
from tests.profiles.test_profiles import WHOLE

ADMIN = "/api/v1/admin/profiles"
SITE = "/api/v1/admin/site"
FAR = base64.urlsafe_b64encode(f'[false,{10**30},"{"0" * 24}"]'.encode()).decode().rstrip("=")


async def _relay() -> None:
    while await relay.step(KINDS, db.now(), CARRIERS):
        pass


async def _events(kind: str = "profile") -> list[EventBody]:
    await _relay()
    return [event.body for event in await Event.after(0, 1000) if event.kind == kind]


async def _change(client: httpx.AsyncClient, made: Any, **change: Any) -> Any:
    answer = await client.patch(f"{ADMIN}/{made['id']}", json=change, headers=make.if_match(made))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _audit(owner: httpx.AsyncClient, item: str) -> list[Any]:
    await _relay()
    found: list[Any] = (await owner.get(f"/api/v1/admin/audit?item={item}")).json()["items"]
    return found


async def test_every_change_of_a_profile_is_a_whole_revision(owner: httpx.AsyncClient) -> None:
    made = await make.profile(owner, **WHOLE)
    await _change(owner, made, bio_markdown="I like *loud* systems.", location="Medan")
    page = (await owner.get(f"{ADMIN}/{made['id']}/revisions")).json()
    assert [(item["number"], item["verb"]) for item in page["items"]] == [
        (2, "updated"),
        (1, "created"),
    ]
    first = (await owner.get(f"{ADMIN}/{made['id']}/revisions/1")).json()["content"]
    unset = {"account_id": None, "avatar_id": None}
    assert first == {**WHOLE, "slug": "rani-wulandari", **unset}
    diff = (await owner.get(f"{ADMIN}/{made['id']}/revisions/1/diff?to=2")).json()["fields"]
    fields = {item["field"]: item for item in diff}
    assert set(fields) == {"bio_markdown", "location"}
    assert {"op": "insert", "text": "loud"} in fields["bio_markdown"]["words"]
    assert (fields["location"]["before"], fields["location"]["after"]) == ("Bandung", "Medan")


async def test_restoring_a_revision_is_a_revision_and_shows_at_once(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.profile(owner, **WHOLE)
    changed = await _change(owner, made, name="Other", slug="other", talks=[], bio_markdown="x")
    address = f"{ADMIN}/{made['id']}/revisions/1/restore"
    stale = await owner.post(address, headers=make.if_match(made))
    assert stale.status_code == 412
    assert stale.json()["current"] == changed
    back = (await owner.post(address, headers=make.if_match(changed))).json()
    assert (back["revision"], back["talks"], back["slug"]) == (3, WHOLE["talks"], made["slug"])
    found = (await reader.get(f"/api/v1/profiles/{made['slug']}")).json()
    assert found["bio_html"] == made["bio_html"]
    newest = (await owner.get(f"{ADMIN}/{made['id']}/revisions")).json()["items"][0]
    assert (newest["verb"], newest["why"]) == ("revision_restored", "revision 1")
    missing = await owner.post(
        f"{ADMIN}/{made['id']}/revisions/9/restore", headers=make.if_match(back)
    )
    assert missing.status_code == 404
    assert (await owner.post(address)).status_code == 428


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/revisions?x=1", 400),
        ("/revisions?limit=0", 422),
        ("/revisions/9", 404),
        (f"/revisions?cursor={FAR}", 400),
        ("/revisions/1/diff", 422),
        ("/revisions/1/diff?to=0", 422),
        ("/revisions/1/diff?to=9", 404),
        ("/revisions/99999999999999999999999", 404),
        ("/revisions/1/diff?to=99999999999999999999999", 404),
    ],
)
async def test_what_the_past_does_not_have_is_refused(
    path: str, status: int, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.profile(owner)
    assert (await owner.get(f"{ADMIN}/{made['id']}{path}")).status_code == status
    assert (await owner.get(f"{ADMIN}/{'0' * 24}/revisions")).status_code == 404
    assert (await reader.get(f"{ADMIN}/{made['id']}{path}")).status_code == 401


async def test_an_event_names_the_person_and_every_page_that_shows_them(
    owner: httpx.AsyncClient,
) -> None:
    made = await make.profile(owner, name="Rani")
    await make.published(owner, title="Live", author_slugs=["rani"])
    await make.article(owner, title="Secret draft", author_slugs=["rani"])
    await make.published(
        owner, title="Secret plan", author_slugs=["rani"], at="2099-01-01T00:00:00Z"
    )
    made = await _change(owner, made, slug="rani-w")
    events = await _events()
    assert [event.type for event in events] == ["published", "updated"]
    assert (events[1].slug, events[1].old_slug, events[1].lang) == ("rani-w", "rani", "en")
    assert set(events[1].keys) == {
        f"profile:{made['id']}", "profiles", "profile:rani", "profile:rani-w"
    }  # fmt: skip
    assert set(events[1].paths) == {
        "/authors/rani", "/authors/rani-w", "/articles/live", "/sitemap.xml",
        *("/feed.xml", "/atom.xml", "/feed.json"),
    }  # fmt: skip


async def test_hiding_showing_and_removing_are_told_and_what_nobody_saw_is_not(
    owner: httpx.AsyncClient, database: db.Database
) -> None:
    made = await make.profile(owner, name="Rani", bio_markdown="private words")
    for verb in ("unpublish", "publish"):
        answer = await owner.post(f"{ADMIN}/{made['id']}/{verb}", headers=make.if_match(made))
        made = answer.json()
        if verb == "unpublish":
            made = await _change(owner, made, headline="private line")
            answer = await owner.post(
                f"{ADMIN}/{made['id']}/unpublish", headers=make.if_match(made)
            )
            assert answer.json() == made  # hidden already: nothing to write
    gone = await owner.request("DELETE", f"{ADMIN}/{made['id']}", headers=make.if_match(made))
    assert gone.status_code == 204
    events = [event.type for event in await _events()]
    assert events == ["published", "unpublished", "published", "deleted"]
    assert [item["verb"] for item in await _audit(owner, made["id"])] == [
        "deleted", "published", "updated", "unpublished", "created"
    ]  # fmt: skip
    for name in await database.list_collection_names():
        for row in await database[name].find({}).to_list():
            assert "private" not in str(row), name
    left = await database["remains"].find_one({})
    assert left is not None  # to be forgotten once more, and nothing in it
    assert (left["pending"], left["heading_kept"]) == ([], "")


@pytest.mark.parametrize("broken", ["keep", "forget"])
async def test_a_relay_killed_over_the_remains_is_finished_by_the_next(
    broken: str, owner: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make.profile(owner, name="Rani")

    async def die(*_: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        if broken == "keep":
            patched.setattr(Event, "append", die)
        else:
            patched.setattr(Revision, "forget", die)
        gone = await owner.request("DELETE", f"{ADMIN}/{made['id']}", headers=make.if_match(made))
        assert gone.status_code == 204
        with pytest.raises(RuntimeError):
            await relay.step(KINDS, db.now(), CARRIERS)
    assert [event.type for event in await _events()] == ["published", "deleted"]
    assert len(await _audit(owner, made["id"])) == 2
    assert await Revision.find({}).to_list() == []


async def test_a_burst_of_changes_never_piles_up_in_the_document(
    owner: httpx.AsyncClient, database: db.Database
) -> None:
    made = await make.profile(owner)
    for number in range(50):
        made = await _change(owner, made, headline=f"h{number}")
    row = await database["profiles"].find_one({})
    assert row is not None
    assert len(row["pending"]) <= 21
    page = (await owner.get(f"{ADMIN}/{made['id']}/revisions?limit=100")).json()
    assert [item["number"] for item in page["items"]] == list(range(51, 0, -1))


async def test_a_refused_change_leaves_no_trace(owner: httpx.AsyncClient) -> None:
    made = await make.profile(owner, name="One")
    await make.profile(owner, name="Two")
    for change, headers in (({"slug": "two"}, make.if_match(made)), ({"headline": "x"}, {})):
        await owner.patch(f"{ADMIN}/{made['id']}", json=change, headers=headers)
    await asyncio.gather(*(_try(owner, made, n) for n in range(3)))
    assert [item["verb"] for item in await _audit(owner, made["id"])] == ["updated", "created"]
    assert len(await _events()) == 3


async def _try(owner: httpx.AsyncClient, made: Any, number: int) -> None:
    await owner.patch(
        f"{ADMIN}/{made['id']}", json={"headline": f"h{number}"}, headers=make.if_match(made)
    )


async def test_an_account_may_change_its_own_profile_and_nothing_else(
    owner: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    account = await make.account(role="author")
    browser.headers["Authorization"] = f"Bearer {await make.token(account)}"
    other = await make.profile(owner, name="Other")
    made = await make.profile(owner, name="Mine", account_id=str(account.id))
    assert made["account_id"] == str(account.id)
    made = await _change(browser, made, headline="By myself")
    resume = await browser.post(
        f"{ADMIN}/{made['id']}/import-resume",
        json={"basics": {"label": "By file"}},
        headers=make.if_match(made),
    )
    made = resume.json()["profile"]
    assert made["headline"] == "By file"
    for thing, change in (
        (other, {"headline": "x"}),
        (made, {"slug": "new"}),
        (made, {"account_id": None}),
    ):
        answer = await browser.patch(
            f"{ADMIN}/{thing['id']}", json=change, headers=make.if_match(thing)
        )
        assert answer.status_code == 403, change
    for method, path in (("POST", "/unpublish"), ("DELETE", "")):
        answer = await browser.request(
            method, f"{ADMIN}/{made['id']}{path}", headers=make.if_match(made)
        )
        assert answer.status_code == 403
    assert (await browser.post(ADMIN, json={"name": "x"})).status_code == 403
    unknown = await owner.patch(
        f"{ADMIN}/{made['id']}", json={"account_id": "0" * 24}, headers=make.if_match(made)
    )
    assert unknown.status_code == 422
    assert unknown.json()["errors"][0]["field"] == "account_id"


async def test_a_change_of_the_site_is_audited_and_announced(owner: httpx.AsyncClient) -> None:
    for title in ("One", "Two"):
        found = (await owner.get(SITE)).json()
        answer = await owner.patch(SITE, json={"title": title}, headers=make.if_match(found))
        assert answer.status_code == 200
    refused = await owner.patch(SITE, json={"title": "Late"}, headers={"If-Match": '"1"'})
    assert refused.status_code == 412
    events = await _events("site")
    assert [(event.type, event.keys) for event in events] == [("updated", ["site"])] * 2
    assert "/sitemap.xml" in events[0].paths
    newest = (await owner.get("/api/v1/admin/audit")).json()["items"][0]
    assert (newest["kind"], newest["verb"], newest["revision"]) == ("site", "updated", 2)
    assert newest["changes"] == [{"field": "title", "before": "One", "after": "Two"}]


async def test_a_site_written_sixty_times_stays_small(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    for number in range(60):
        await owner.patch(SITE, json={"title": f"T{number}"}, headers={"If-Match": f'"{number}"'})
    row = await database["site"].find_one({})
    assert row is not None
    assert (row["revision"], len(row["pending"]) <= 21) == (60, True)
    assert "pending" not in (await reader.get("/api/v1/site")).json()


async def test_an_old_profile_without_the_new_fields_reads_as_blank(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    made = await make.profile(owner, **WHOLE)
    new = ("volunteer", "certificates", "talks", "publications", "awards", "languages")
    lacking = {f"content.{name}": "" for name in new}
    await database["profiles"].update_one(
        {}, {"$unset": {**lacking, "pending": "", "content.experience.0.highlights": ""}}
    )
    found = (await reader.get(f"/api/v1/profiles/{made['slug']}")).json()
    assert [found[name] for name in new] == [[]] * 6
    assert found["experience"][0]["highlights"] == []
    assert (await reader.get(f"/api/v1/profiles/{made['slug']}/resume.json")).status_code == 200
    await _change(owner, made, talks=WHOLE["talks"])

"""Sync: everything once, then every change and every loss, and nothing that was never public."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.app import CARRIERS, KINDS
from cms.articles.documents import Article
from cms.core import db, references
from cms.history.documents import Event
from cms.publishing import relay
from cms.tags import service as tags
from cms.tags import telling
from tests import make
from tests.core.test_http import fields, is_problem
from tests.media import samples
from tests.sync.following import Follower, held, present

ADMIN = "/api/v1/admin"


async def _settle() -> None:
    while await relay.step(KINDS, db.now(), CARRIERS):
        pass


async def _agree(follower: Follower, reader: httpx.AsyncClient) -> None:
    await _settle()
    await follower.catch_up()
    mine, theirs = held(follower), await present(reader)
    for kind, items in theirs.items():
        assert mine[kind] == items, kind


async def _furnish(owner: httpx.AsyncClient) -> dict[str, Any]:
    rani = await make.profile(owner, name="Rani")
    await make.series(owner, title="Karier")
    place = {"slug": "karier", "position": 1}
    refers = {"author_slugs": ["rani"], "tag_slugs": ["API", "#desk"], "series": place}
    article = await make.published(owner, slug="one", markdown="## H\n\nText.", **refers)
    await make.live(owner, "projects", slug="tool")
    await make.live(owner, "pages", slug="uses")
    await owner.post(f"{ADMIN}/redirects", json={"from_path": "/old", "to": "/uses"})
    return {"rani": rani, "article": article}


async def test_the_first_calls_tell_everything_in_pages(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await _furnish(owner)
    follower = Follower(reader, limit=2)
    await _agree(follower, reader)
    assert len(follower.answers) >= 4
    assert all(len(answer["changed"]) <= 4 for answer in follower.answers)
    assert {kind for kind, _ in follower.copy} == {
        *("article", "project", "page", "profile", "tag", "series", "site", "redirects")
    }
    assert follower.removed == []


async def test_nothing_is_told_twice_without_a_change(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await _furnish(owner)
    follower = Follower(reader)
    await _agree(follower, reader)
    count = len(follower.answers)
    await follower.catch_up()
    (last,) = follower.answers[count:]
    assert (last["changed"], last["removed"], last["has_more"]) == ([], [], False)


async def test_changes_of_every_kind_arrive(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    there = await _furnish(owner)
    follower = Follower(reader)
    await _agree(follower, reader)
    article = there["article"]
    at = f"{ADMIN}/articles/{article['id']}"
    edited = await owner.patch(at, json={"slug": "uno"}, headers=make.if_match(article))
    article = await make.verb(owner, edited.json(), "publish")
    await _agree(follower, reader)
    assert follower.slugs("article") == {"uno"}

    rani, at = there["rani"], f"{ADMIN}/profiles/{there['rani']['id']}"
    answer = await owner.patch(at, json={"slug": "rani-w"}, headers=make.if_match(rani))
    await _agree(follower, reader)
    assert next(iter(follower.of("article").values()))["author_slugs"] == ["rani-w"]
    answer = await owner.post(f"{at}/unpublish", headers=make.if_match(answer.json()))
    await _agree(follower, reader)
    assert next(iter(follower.of("article").values()))["author_slugs"] == []
    answer = await owner.post(f"{at}/publish", headers=make.if_match(answer.json()))
    await _agree(follower, reader)
    assert next(iter(follower.of("article").values()))["author_slugs"] == ["rani-w"]
    await owner.delete(f"{at}?force=true", headers=make.if_match(answer.json()))
    await _agree(follower, reader)
    assert follower.of("profile") == {}

    await owner.patch(f"{ADMIN}/tags/api", json={"name": "Interfaces"}, headers={"If-Match": '"1"'})
    await _agree(follower, reader)
    await owner.post(f"{ADMIN}/tags", json={"name": "Web"})
    await owner.post(f"{ADMIN}/tags/api/merge", json={"into": "web"}, headers={"If-Match": '"2"'})
    await _agree(follower, reader)
    assert follower.slugs("tag") == {"web"}
    assert next(iter(follower.of("article").values()))["tag_slugs"] == ["web"]

    change = {"slug": "kerja"}
    await owner.patch(f"{ADMIN}/series/karier", json=change, headers={"If-Match": '"1"'})
    await _agree(follower, reader)
    assert follower.slugs("series") == {"kerja"}
    await owner.delete(f"{ADMIN}/series/kerja?force=true", headers={"If-Match": '"2"'})
    await _agree(follower, reader)
    assert follower.of("series") == {}

    site = await owner.get(f"{ADMIN}/site")
    etag = {"If-Match": site.headers["ETag"]}
    site = await owner.patch(f"{ADMIN}/site", json={"title": "Juri"}, headers=etag)
    await _agree(follower, reader)
    etag = {"If-Match": site.headers["ETag"]}
    patterns = {"url_patterns": {"article": {"*": "/a/{slug}"}}}
    await owner.patch(f"{ADMIN}/site", json=patterns, headers=etag)
    await _agree(follower, reader)
    assert next(iter(follower.of("article").values()))["url"] == "https://juri.example/a/uno"

    now_is = (await owner.get(f"{ADMIN}/articles/{article['id']}")).json()
    await owner.delete(f"{ADMIN}/articles/{article['id']}", headers=make.if_match(now_is))
    await _agree(follower, reader)
    assert follower.of("article") == {}
    assert follower.slugs("tag") == set()


async def test_time_alone_brings_and_takes(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(reader)
    later, end = (db.now() + timedelta(hours=hours) for hours in (1, 2))
    made = await make.published(owner, slug="later", at=later.isoformat())
    await make.verb(owner, made, "unpublish", {"at": end.isoformat()})
    await _agree(follower, reader)
    assert follower.of("article") == {}
    for moment, slugs in ((later, {"later"}), (end, set())):
        monkeypatch.setattr("cms.sync.public.now", lambda moment=moment: moment)
        while await relay.step(KINDS, moment, CARRIERS):
            pass
        await follower.catch_up()
        assert follower.slugs("article") == slugs


async def _keep_secrets(owner: httpx.AsyncClient) -> set[str]:
    """Whatever can happen to things that no reader ever saw; their ids and slugs."""
    later = (db.now() + timedelta(hours=1)).isoformat()
    draft = await make.article(owner, slug="s-draft", tag_slugs=["s-drafted", "#s-desk"])
    gone = await owner.delete(f"{ADMIN}/articles/{draft['id']}", headers=make.if_match(draft))
    await owner.post(f"{ADMIN}/articles/{draft['id']}/purge", headers=make.if_match(gone.json()))
    await make.series(owner, title="S series")
    place = {"slug": "s-series", "position": 1}
    tags = ["s-planned"]
    plan = await make.published(owner, slug="s-plan", at=later, series=place, tag_slugs=tags)
    at = f"{ADMIN}/articles/{plan['id']}"
    changed: dict[str, Any] = {"slug": "shown", "tag_slugs": [], "series": None}
    edited = await owner.patch(at, json=changed, headers=make.if_match(plan))
    cancelled = await make.published(owner, slug="s-cancelled", at=later, tag_slugs=["s-maybe"])
    await make.verb(owner, cancelled, "unpublish")
    await owner.patch(f"{ADMIN}/tags/s-maybe", json={"name": "S"}, headers={"If-Match": '"1"'})
    await owner.patch(f"{ADMIN}/series/s-series", json={"title": "S"}, headers={"If-Match": '"1"'})
    await owner.delete(f"{ADMIN}/tags/s-maybe?force=true", headers={"If-Match": '"2"'})
    # Published at once in the place of the plan: only the new state was ever seen.
    await make.verb(owner, edited.json(), "publish", {"at": db.now().isoformat()})
    await owner.delete(f"{ADMIN}/series/s-series?force=true", headers={"If-Match": '"2"'})
    for kinds in ("projects", "pages"):
        made = await make.draft(owner, kinds, slug="s-draft")
        await owner.delete(f"{ADMIN}/{kinds}/{made['id']}", headers=make.if_match(made))
    return {draft["id"], cancelled["id"]}


async def test_what_was_never_public_leaves_no_tombstone(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    early, late = Follower(reader), Follower(reader)
    await early.catch_up()
    idents = await _keep_secrets(owner)
    await _agree(early, reader)
    await _agree(late, reader)
    assert early.slugs("article") == {"shown"}
    told = str(early.answers + late.answers)
    assert "s-" not in told
    assert not [ident for ident in idents if ident in told]
    assert early.removed == []


async def test_the_control_that_tells_of_every_plan_leaves_one(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cms.publishing.service._was_seen", lambda _item, _now: True)
    early = Follower(reader)
    await early.catch_up()
    await _keep_secrets(owner)
    await _settle()
    await early.catch_up()
    assert {("tag", "s-planned"), ("series", "s-series")} & set(early.removed)


@pytest.mark.parametrize("token", ["x", "a" * 60, "\u00e9", "AAAA==", "e30"])
async def test_a_foreign_token_is_refused_by_name(reader: httpx.AsyncClient, token: str) -> None:
    answer = await reader.get("/api/v1/sync", params={"since": token})
    assert fields(is_problem(answer, 400)) == ["since"]
    assert answer.json()["code"] == "bad_sync_token"


@pytest.mark.parametrize("query", ["?limit=0", "?limit=101", "?since=", "?nope=1"])
async def test_sync_refuses_what_it_does_not_take(reader: httpx.AsyncClient, query: str) -> None:
    assert (await reader.get(f"/api/v1/sync{query}")).status_code in {400, 422}


async def test_a_changed_token_is_refused(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await _furnish(owner)
    follower = Follower(reader)
    await follower.catch_up()
    assert follower.token is not None
    other = ("B" if follower.token[-2] == "A" else "A").join(
        [follower.token[:-2], follower.token[-1]]
    )
    answer = await reader.get("/api/v1/sync", params={"since": other})
    assert is_problem(answer, 400)["code"] == "bad_sync_token"


@pytest.mark.parametrize("loss", ["thinned", "restored", "emptied"])
async def test_a_token_whose_events_are_gone_or_others_is_410(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database, loss: str
) -> None:
    if loss != "thinned":
        await _furnish(owner)
        await _settle()
    follower = Follower(reader)
    await follower.catch_up()
    if loss == "restored":  # another history under the same numbers
        await database["events"].delete_many({})
        await make.published(owner, slug="other")
    elif loss == "emptied":
        await database["events"].delete_many({})
    else:
        await _furnish(owner)
    await _settle()
    if loss == "thinned":
        await database["events"].delete_many({"_id": {"$lte": 2}})
    answer = await reader.get("/api/v1/sync", params={"since": follower.token})
    assert is_problem(answer, 410)["code"] == "sync_token_outdated"


async def test_a_merge_of_more_than_one_event_can_name_tells_all(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cms.history.entries.MOST_ITEMS", 2)
    for number in range(5):
        await make.published(owner, slug=f"a{number}", tag_slugs=["One"])
    await owner.post(f"{ADMIN}/tags", json={"name": "Two"})
    follower = Follower(reader, limit=1)
    await _agree(follower, reader)
    await owner.post(f"{ADMIN}/tags/one/merge", json={"into": "two"}, headers={"If-Match": '"1"'})
    await _agree(follower, reader)
    assert {tuple(it["tag_slugs"]) for it in follower.of("article").values()} == {("two",)}
    audit = (await owner.get(f"{ADMIN}/audit?limit=100")).json()["items"]
    assert [item["verb"] for item in audit].count("merged") == 1


async def test_a_renaming_that_waited_tells_what_was_published_meanwhile(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = await make.article(owner, slug="one", tag_slugs=["API"])
    follower = Follower(reader)
    about, meanwhile = telling.of_tag, [draft]

    async def waiting(*args: Any) -> Any:
        while meanwhile:
            await make.verb(owner, meanwhile.pop(), "publish")
            await _agree(follower, reader)
        return await about(*args)

    monkeypatch.setattr("cms.tags.telling.of_tag", waiting)
    await owner.patch(f"{ADMIN}/tags/api", json={"name": "Interfaces"}, headers={"If-Match": '"1"'})
    assert follower.of("tag")["api"]["name"] == "API"
    await _agree(follower, reader)
    assert follower.of("tag")["api"]["name"] == "Interfaces"


@pytest.mark.parametrize("what", ["tag", "profile", "media"])
async def test_a_change_beside_the_first_publication_is_told(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """It sees that nothing is published; before it is written somebody is told of what is."""
    rani = await make.profile(owner, name="Rani")
    at = f"{ADMIN}/profiles/{rani['id']}"
    rani = (await owner.post(f"{at}/unpublish", headers=make.if_match(rani))).json()
    leaf = await make.media(owner, samples.png(400, 300), "leaf.png")
    refers = {"author_slugs": ["rani"], "tag_slugs": ["API"], "cover_id": leaf["id"]}
    draft = await make.article(owner, slug="one", **refers)
    follower = Follower(reader)
    await _agree(follower, reader)
    items, meanwhile = references.items, [draft]

    async def looked(*args: Any) -> list[str]:
        found = await items(*args)
        while meanwhile:
            await make.verb(owner, meanwhile.pop(), "publish")
            await _agree(follower, reader)
        return found

    monkeypatch.setattr("cms.core.references.items", looked)
    if what == "tag":
        change, seen = {"name": "Interfaces"}, {"If-Match": '"1"'}
        answer = await owner.patch(f"{ADMIN}/tags/api", json=change, headers=seen)
    elif what == "profile":
        answer = await owner.post(f"{at}/publish", headers=make.if_match(rani))
    else:
        text = {"alt": {"en": "A leaf"}}
        at = f"{ADMIN}/media/{leaf['id']}"
        answer = await owner.patch(at, json=text, headers=make.if_match(leaf))
    assert answer.is_success, answer.text
    (told,) = follower.of("article").values()
    before = told, follower.of("tag")
    await _agree(follower, reader)
    (told,) = follower.of("article").values()
    assert (told, follower.of("tag")) != before
    audit = (await owner.get(f"{ADMIN}/audit?limit=100")).json()["items"]
    doings = [item["verb"] for item in audit if item["kind"] == what]
    assert len(doings) == {"tag": 1, "profile": 3, "media": 2}[what]


@pytest.mark.parametrize("act", ["created", "updated", "restored"])
async def test_a_tag_that_is_removed_while_something_takes_it_up_stays(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    """Else it would come back to readers with the next that names it, and nobody would be told."""
    await owner.post(f"{ADMIN}/tags", json={"name": "Web"})
    there = await make.article(owner, slug="one", tag_slugs=["API"])
    at = f"{ADMIN}/articles/{there['id']}"
    there = (await owner.patch(at, json={"tag_slugs": []}, headers=make.if_match(there))).json()
    ensured, meanwhile = tags.ensure, ["api"]

    async def removed_behind(*args: Any) -> list[str]:
        found = await ensured(*args)
        while meanwhile:
            await owner.post(
                f"{ADMIN}/tags/{meanwhile.pop()}/merge",
                json={"into": "web"},
                headers={"If-Match": '"1"'},
            )
        return found

    monkeypatch.setattr("cms.tags.service.ensure", removed_behind)
    if act == "created":
        there = await make.article(owner, slug="two", tag_slugs=["API"])
    elif act == "updated":
        change = {"tag_slugs": ["API"]}
        there = (await owner.patch(at, json=change, headers=make.if_match(there))).json()
    else:
        answer = await owner.post(f"{at}/revisions/1/restore", headers=make.if_match(there))
        there = answer.json()
    assert not meanwhile
    assert there["tag_slugs"] == ["api"]
    await make.verb(owner, there, "publish")
    follower = Follower(reader)
    await _agree(follower, reader)
    await make.published(owner, slug="three", tag_slugs=["API"])
    await _agree(follower, reader)
    assert follower.slugs("tag") == {"api"}


async def test_what_the_clock_showed_meanwhile_is_told_when_it_goes(
    owner: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is taken back as of before its time, but its time came while that was written."""
    soon = db.now() + timedelta(hours=1)
    plan = await make.published(owner, slug="plan", at=soon.isoformat())
    write, moments = Article.replace_guarded, [soon]

    async def late(self: Article, after: Article, entry: Any) -> Any:
        while moments:
            await relay.step(KINDS, moments.pop(), CARRIERS)
        return await write(self, after, entry)

    monkeypatch.setattr(Article, "replace_guarded", late)
    await make.verb(owner, plan, "unpublish")
    await _settle()
    events = [event async for event in Event.find({"kind": "article"})]
    assert [event.body.type for event in events] == ["published", "unpublished"]

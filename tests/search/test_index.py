"""The index is what the items are: after every verb, after a crash, after a rebuild."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from cms.accounts.permissions import Role
from cms.app import KINDS
from cms.core import db, events
from cms.publishing import relay
from cms.search import service
from cms.search.documents import SearchDraft, SearchEntry, SearchState
from tests import make
from tests.search.test_search import titles

ADMIN = "/api/v1/admin/articles"


async def _edit(client: httpx.AsyncClient, seen: dict[str, Any], **changes: Any) -> dict[str, Any]:
    answer = await client.patch(f"{ADMIN}/{seen['id']}", json=changes, headers=make.if_match(seen))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _found(client: httpx.AsyncClient, **params: Any) -> list[str]:
    await _step(db.now())  # working copies are the relay's to tell of
    answer = await client.get(ADMIN, params=params)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


async def _step(moment: datetime) -> None:
    while await relay.step(KINDS, moment):
        pass


async def _stored(database: db.Database) -> dict[str, Any]:
    """The whole index without its own ids."""
    found = {}
    for name in ("search_entries", "search_drafts"):
        rows = await database[name].find({}, {"_id": 0}).sort("item_id").to_list()
        found[name] = sorted(rows, key=lambda row: (row["item_id"], str(row.get("stamp"))))
    return found


async def test_search_follows_every_verb(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.article(owner, title="Kopi", markdown="pertama")
    assert await titles(reader, "kopi") == []
    made = await make.verb(owner, made, "publish")
    assert await titles(reader, "pertama") == ["Kopi"]
    made = await _edit(owner, made, markdown="kedua")
    assert await titles(reader, "kedua") == []
    assert await titles(reader, "pertama") == ["Kopi"]
    made = await make.verb(owner, made, "publish")
    assert await titles(reader, "kedua") == ["Kopi"]
    assert await titles(reader, "pertama") == []
    made = await make.verb(owner, made, "unpublish")
    assert await titles(reader, "kedua") == []
    made = await make.verb(owner, made, "publish")
    assert await titles(reader, "kedua") == ["Kopi"]
    answer = await owner.request("DELETE", f"{ADMIN}/{made['id']}", headers=make.if_match(made))
    assert await titles(reader, "kedua") == []
    purged = await owner.post(f"{ADMIN}/{made['id']}/purge", headers=make.if_match(answer.json()))
    assert purged.status_code == 204
    assert await SearchEntry.find({}).count() == 0
    assert await SearchDraft.find({}).count() == 0


async def test_a_scheduled_article_is_found_at_its_second_without_a_worker(
    owner: httpx.AsyncClient, uncached: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = db.now() + timedelta(hours=1)
    made = await make.published(owner, title="Kopi", at=at.isoformat())
    await make.verb(owner, made, "unpublish", {"at": (at + timedelta(hours=1)).isoformat()})
    moment = at - timedelta(milliseconds=1)
    for module in ("cms.search.public", "cms.articles.public"):
        monkeypatch.setattr(f"{module}.now", lambda: moment)
    assert await titles(uncached, "kopi") == []
    moment = at
    assert await titles(uncached, "kopi") == ["Kopi"]
    assert len((await uncached.get("/api/v1/articles?q=kopi")).json()["items"]) == 1
    moment = at + timedelta(hours=1)
    assert await titles(uncached, "kopi") == []
    assert (await uncached.get("/api/v1/articles?q=kopi")).json()["items"] == []


async def test_a_scheduled_change_is_found_once_it_is_live(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.published(owner, title="Kopi", markdown="pertama")
    at = db.now() + timedelta(hours=1)
    edited = await _edit(owner, made, markdown="kedua")
    planned = await make.verb(owner, edited, "publish", {"at": at.isoformat()})
    # Scheduled anew for the same moment, with another text.
    edited = await _edit(owner, planned, markdown="ketiga")
    await make.verb(owner, edited, "publish", {"at": at.isoformat()})
    assert await titles(reader, "pertama") == ["Kopi"]
    assert await titles(reader, "ketiga") == []
    # The clock can't be moved for readers here: the entry's window is, and the relay's time.
    await _step(at + timedelta(seconds=1))
    await SearchEntry.find({}).update({"$set": {"publish_at": db.now()}})
    assert await titles(reader, "pertama") == []
    assert await titles(reader, "kedua") == []
    assert await titles(reader, "ketiga") == ["Kopi"]


async def test_what_a_crash_left_behind_is_mended_by_the_relay(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make.published(owner, title="Kopi", markdown="pertama")

    async def die(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(service, "refresh", die)
        edited = await _edit(owner, made, markdown="kedua")
        await make.verb(owner, edited, "publish")
        await make.published(owner, title="Teh", markdown="kedua")
        # Not found yet, but nothing is shown that is no longer so.
        assert await titles(reader, "pertama") == []
        with pytest.raises(RuntimeError):
            await relay.step(KINDS, db.now())
    await _step(db.now())
    assert sorted(await titles(reader, "kedua")) == ["Kopi", "Teh"]


@pytest.mark.parametrize("broken", ["cms.search.documents.SearchDraft.keep", "existing"])
async def test_a_refresh_killed_half_way_is_done_again(
    broken: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async def die(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed")

    target = broken if "." in broken else f"cms.search.documents.{broken}"
    with monkeypatch.context() as patched:
        patched.setattr(target, die)
        await make.published(owner, title="Kopi")
    await _step(db.now())
    assert await titles(reader, "kopi") == ["Kopi"]
    assert await _found(owner, q="kopi") == ["Kopi"]


async def test_a_late_refresh_never_undoes_a_later_one(
    owner: httpx.AsyncClient, database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make.published(owner, title="Kopi", markdown="pertama")
    build = service._build
    held, go = asyncio.Event(), asyncio.Event()

    async def slow(*args: Any) -> Any:
        built = await build(*args)
        held.set()
        await go.wait()
        return built

    with monkeypatch.context() as patched:
        patched.setattr(service, "_build", slow)
        ident = (await SearchDraft.find_all().to_list())[0].item_id
        late = asyncio.create_task(service.refresh("article", ident, db.now(), again=True))
        await held.wait()
    edited = await _edit(owner, made, markdown="kedua")
    await make.verb(owner, edited, "publish")
    after = await _stored(database)
    go.set()
    await late
    assert await _stored(database) == after


async def test_a_refresh_that_races_with_a_purge_leaves_nothing(
    owner: httpx.AsyncClient, database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make.published(owner, title="Kopi")
    ident = (await SearchDraft.find_all().to_list())[0].item_id
    build = service._build

    async def purged_meanwhile(*args: Any) -> Any:
        await database["articles"].delete_many({})
        return await build(*args)

    monkeypatch.setattr(service, "_build", purged_meanwhile)
    await service.refresh("article", ident, db.now(), again=True)
    assert await _stored(database) == {"search_entries": [], "search_drafts": []}


async def test_a_rebuild_makes_the_same_index_and_drops_what_is_gone(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    for number in range(3):
        await make.published(owner, title=f"Kopi {number}", tag_slugs=["Minum"])
    await make.article(owner, title="Kopi draf")
    await _step(db.now())
    kept = await _stored(database)
    await database["search_entries"].delete_many({"title": "1"})
    await database["search_drafts"].delete_many({"tokens": "draf"})
    gone = await make.published(owner, title="Kopi hilang")
    await database["articles"].delete_one({"slugs": gone["slug"]})
    told: list[int] = []
    assert await service.rebuild(db.now, told.append) == 4
    assert told == [4]
    assert await _stored(database) == kept
    assert len(await titles(reader, "kopi")) == 3


async def test_an_index_that_was_never_built_is_built_once(
    owner: httpx.AsyncClient, database: db.Database
) -> None:
    await make.published(owner, title="Kopi")
    kept = await _stored(database)
    for name in kept:
        await database[name].delete_many({})
    await asyncio.gather(service.keep_built(db.now), service.keep_built(db.now))
    assert await _stored(database) == kept
    assert await SearchState.version_built() == service.VERSION


async def test_the_same_write_told_twice_is_written_once(
    owner: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make.published(owner, title="Kopi")

    async def never(*_: Any) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr(service, "_build", never)
    await _step(db.now())


async def test_a_listener_that_fails_does_not_refuse_a_write_that_is_done(
    owner: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: events.Changed) -> None:
        raise ConnectionError

    monkeypatch.setitem(events._listeners, "broken", fail)
    made = await make.article(owner, title="Kopi")
    assert (await make.verb(owner, made, "publish"))["status"] == "published"


async def test_the_admin_list_searches_working_copies(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    live = await make.published(owner, title="Kopi", slug="minuman", markdown="pertama")
    await _edit(owner, live, title="Teh", markdown="kedua café")
    await make.article(owner, title="Lain")
    assert await _found(owner, q="teh") == ["Teh"]
    assert await _found(owner, q="CAFE") == ["Teh"]
    assert await _found(owner, q="minum") == ["Teh"]
    assert await _found(owner, q="kopi") == []
    assert await _found(owner, q="teh", status="draft") == []
    assert await _found(owner, q="teh", status="published") == ["Teh"]
    page = (await owner.get(f"{ADMIN}?q=teh&total=true")).json()["page"]
    assert page["total"] == 1
    assert await titles(reader, "teh") == []
    trashed = await make.article(owner, title="Buang")
    await owner.request("DELETE", f"{ADMIN}/{trashed['id']}", headers=make.if_match(trashed))
    assert await _found(owner, q="buang") == []
    assert await _found(owner, q="buang", status="trashed") == ["Buang"]


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.CONTRIBUTOR])
async def test_authors_find_only_their_own_working_copies(
    role: Role, owner: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    await make.article(owner, title="Kopi rahasia")
    account = await make.account(role=role)
    browser.headers["Authorization"] = f"Bearer {await make.token(account)}"
    assert await _found(browser, q="kopi") == []
    await make.article(browser, title="Kopi saya")
    assert await _found(browser, q="kopi") == ["Kopi saya"]
    assert sorted(await _found(owner, q="kopi")) == ["Kopi rahasia", "Kopi saya"]


async def test_anonymous_callers_search_no_working_copies(reader: httpx.AsyncClient) -> None:
    assert (await reader.get(ADMIN, params={"q": "kopi"})).status_code == 401


@pytest.mark.parametrize("q", ["", "a" * 201])
async def test_a_text_that_is_too_short_or_long_is_refused(
    q: str, owner: httpx.AsyncClient
) -> None:
    for path in (ADMIN, "/api/v1/articles"):
        answer = await owner.get(path, params={"q": q})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "q"

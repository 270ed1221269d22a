"""The relay: everything a write leaves behind arrives once, in order, whoever is killed."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from cms.app import KINDS
from cms.core import db
from cms.history import entries
from cms.history.documents import Event
from cms.leases.documents import Lease
from cms.publishing import relay
from tests import make

ADMIN = "/api/v1/admin/articles"


async def _events() -> list[tuple[str, str]]:
    return [(event.body.type, event.body.slug) for event in await Event.after(0, 1000)]


async def _at(moment: datetime) -> None:
    while await relay.step(KINDS, moment):
        pass


def _in(**delta: float) -> datetime:
    return db.now() + timedelta(**delta)


async def _schedule(client: httpx.AsyncClient, title: str, at: datetime, **more: Any) -> Any:
    return await make.published(client, title=title, at=at.isoformat(), **more)


async def test_each_move_that_readers_notice_is_one_event(owner: httpx.AsyncClient) -> None:
    live = await make.published(owner, title="One")
    edited = (
        await owner.patch(
            f"{ADMIN}/{live['id']}", json={"slug": "two"}, headers=make.if_match(live)
        )
    ).json()
    live = await make.verb(owner, edited, "publish")
    gone = await make.verb(owner, live, "unpublish")
    again = await make.verb(owner, gone, "publish")
    await owner.request("DELETE", f"{ADMIN}/{again['id']}", headers=make.if_match(again))
    await make.article(owner, title="Draft")
    await _at(db.now())
    assert await _events() == [
        ("published", "one"),
        ("updated", "two"),
        ("unpublished", "two"),
        ("published", "two"),
        ("deleted", "two"),
    ]
    assert [event.id for event in await Event.after(0, 10)] == [1, 2, 3, 4, 5]


async def test_an_event_names_whose_caches_are_wrong(owner: httpx.AsyncClient) -> None:
    await make.profile(owner, name="Rani")
    live = await make.published(owner, title="One", tag_slugs=["API"], author_slugs=["rani"])
    change = {"slug": "two", "tag_slugs": ["React"]}
    edited = await owner.patch(f"{ADMIN}/{live['id']}", json=change, headers=make.if_match(live))
    await make.verb(owner, edited.json(), "publish")
    await _at(db.now())
    body = (await Event.after(1, 1))[0].body
    assert (body.type, body.slug, body.old_slug) == ("updated", "two", "one")
    assert {f"article:{live['id']}", "articles", "tag:api", "tag:react", "profile:rani"} == set(
        body.keys
    )
    assert {"/articles/one", "/articles/two", "/tags/api", "/tags/react", "/authors/rani"} < set(
        body.paths
    )
    assert {"/feed.xml", "/sitemap.xml"} < set(body.paths)


async def test_time_alone_announces_publication_change_and_end_at_their_moments(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    planned = await _schedule(owner, "Plan", _in(hours=1), markdown="first")
    ending = await make.verb(owner, planned, "unpublish", {"at": _in(hours=3).isoformat()})
    await _at(db.now())
    assert await _events() == []
    await _at(_in(hours=2))
    assert await _events() == [("published", "plan")]
    await _at(_in(hours=4))
    await _at(_in(hours=5))
    assert await _events() == [("published", "plan"), ("unpublished", "plan")]
    seen = [event.at for event in await Event.after(0, 10)]
    assert [moment.isoformat() for moment in seen] == [
        datetime.fromisoformat(text).astimezone(UTC).isoformat()
        for text in (ending["publish_at"], ending["unpublish_at"])
    ]
    # No author did anything, so nobody's next save is refused.
    now_is = (await owner.get(f"{ADMIN}/{planned['id']}")).json()
    assert now_is["revision"] == ending["revision"]


async def test_a_scheduled_change_goes_live_at_its_time_as_it_was_frozen(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    live = await make.published(owner, title="One", markdown="first")
    edited = (
        await owner.patch(
            f"{ADMIN}/{live['id']}", json={"markdown": "second"}, headers=make.if_match(live)
        )
    ).json()
    planned = await make.verb(owner, edited, "publish", {"at": _in(hours=1).isoformat()})
    assert planned["status"] == "published"
    assert planned["change_at"] is not None
    await owner.patch(
        f"{ADMIN}/{live['id']}", json={"markdown": "third"}, headers=make.if_match(planned)
    )
    await _at(db.now())
    assert "first" in (await reader.get("/api/v1/articles/one")).json()["html"]
    await _at(_in(hours=2))
    read = (await reader.get("/api/v1/articles/one")).json()
    assert "second" in read["html"]
    assert read["published_at"] == live["published_at"]
    found = (await owner.get(f"{ADMIN}/{live['id']}")).json()
    assert (found["markdown"], found["change_at"]) == ("third", None)
    assert await _events() == [("published", "one"), ("updated", "one")]


async def test_an_end_holds_for_a_change_that_was_scheduled_before_it(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    live = await make.published(owner, title="One", markdown="first")
    edited = await owner.patch(
        f"{ADMIN}/{live['id']}", json={"markdown": "second"}, headers=make.if_match(live)
    )
    planned = await make.verb(owner, edited.json(), "publish", {"at": _in(hours=1).isoformat()})
    end = _in(hours=2)
    await make.verb(owner, planned, "unpublish", {"at": end.isoformat()})
    await _at(_in(hours=1.5))
    shown = (await owner.get(f"{ADMIN}/{live['id']}")).json()
    assert datetime.fromisoformat(shown["unpublish_at"]) == end
    await _at(_in(hours=3))
    kinds = [kind for kind, _ in await _events()]
    assert kinds == ["published", "updated", "unpublished"]


async def test_a_moment_that_nobody_announced_is_not_lost_to_a_later_write(
    owner: httpx.AsyncClient, database: db.Database
) -> None:
    planned = await _schedule(owner, "Plan", _in(hours=1))
    # The relay stood still while the moment passed; then the author unpublishes.
    past = _in(minutes=-1)
    await database["articles"].update_one(
        {}, {"$set": {"live.publish_at": past, "announce_at": past}}
    )
    await make.verb(owner, planned, "unpublish")
    await _at(db.now())
    assert await _events() == [("published", "plan"), ("unpublished", "plan")]


@pytest.mark.parametrize("broken", ["keep", "drop"])
async def test_a_relay_killed_anywhere_is_finished_by_the_next(
    broken: str, owner: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make.published(owner, title="One")

    async def die(*_: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        if broken == "keep":
            patched.setattr(Event, "append", die)
        else:
            patched.setattr(KINDS[0].document, "drop_pending", die)
        with pytest.raises(RuntimeError):
            await relay.step(KINDS, db.now())
    await _at(db.now())
    await _at(db.now())
    assert await _events() == [("published", "one")]
    revisions = (await owner.get(f"{ADMIN}/{made['id']}/revisions")).json()["items"]
    assert [item["number"] for item in revisions] == [1]


async def test_two_relays_at_once_send_each_event_once_and_without_gaps(
    owner: httpx.AsyncClient,
) -> None:
    for number in range(20):
        await make.published(owner, title=f"A{number}")
    await asyncio.gather(*(relay.step(KINDS, db.now()) for _ in range(4)))
    await _at(db.now())
    events = await Event.after(0, 100)
    assert [event.id for event in events] == list(range(1, 21))
    assert len({event.body.slug for event in events}) == 20


async def test_a_lease_has_one_holder_and_is_free_when_its_holder_is_gone(
    database: db.Database,
) -> None:
    now = db.now()
    length = timedelta(seconds=10)
    assert await Lease.hold("x", "first", now, length)
    assert not await Lease.hold("x", "second", now, length)
    assert await Lease.hold("x", "first", now + timedelta(seconds=5), length)
    assert not await Lease.hold("x", "second", now + timedelta(seconds=14), length)
    assert await Lease.hold("x", "second", now + timedelta(seconds=16), length)
    taken = await asyncio.gather(
        *(Lease.hold("y", str(entries.new_id()), now, length) for _ in range(20))
    )
    assert sum(taken) == 1


async def test_what_is_pending_never_piles_up_while_no_relay_runs(
    owner: httpx.AsyncClient, database: db.Database
) -> None:
    made = await make.article(owner)
    for number in range(60):
        answer = await owner.patch(
            f"{ADMIN}/{made['id']}",
            json={"markdown": f"text {number}"},
            headers=make.if_match(made),
        )
        made = answer.json()
    row = await database["articles"].find_one({})
    assert row is not None
    assert len(row["pending"]) <= 21
    page = (await owner.get(f"{ADMIN}/{made['id']}/revisions?limit=100")).json()
    assert len(page["items"]) == 61

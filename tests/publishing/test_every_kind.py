"""What every kind has through the one desk: checks, preview links, plans that are called off."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.app import CARRIERS, KINDS
from cms.core import db
from cms.history.documents import Event
from cms.publishing import relay
from tests import make

KINDS_OF_ALL = ["articles", "projects", "pages"]
every_kind = pytest.mark.parametrize("kinds", KINDS_OF_ALL)
ADMIN = "/api/v1/admin"


def _in(days: int) -> str:
    return (db.now() + timedelta(days=days)).isoformat().replace("+00:00", "Z")


async def _change(client: httpx.AsyncClient, kinds: str, thing: Any, **data: Any) -> Any:
    answer = await client.patch(
        f"{ADMIN}/{kinds}/{thing['id']}", json=data, headers=make.if_match(thing)
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _link(client: httpx.AsyncClient, kinds: str, thing: Any, **data: Any) -> Any:
    answer = await client.post(f"{ADMIN}/{kinds}/{thing['id']}/preview-links", json=data or None)
    assert answer.status_code == 201, answer.text
    return answer.json()


@every_kind
async def test_a_link_shows_the_working_copy_or_the_revision_it_is_pinned_to(
    kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.draft(owner, kinds, slug="soon", markdown="First.")
    links = [await _link(owner, kinds, made), await _link(owner, kinds, made, revision=1)]
    made = await _change(owner, kinds, made, markdown="Second.")
    at = f"/api/v1/{kinds}/soon"
    shown = [await reader.get(at, params={"preview": link["token"]}) for link in links]
    for answer, words in zip(shown, ("Second.", "First."), strict=True):
        assert words in answer.json()["html"]
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert "etag" not in answer.headers
    assert (await reader.get(at)).status_code == 404

    # It is what publishing shows.
    await make.verb(owner, made, "publish", kinds=kinds)
    public = (await reader.get(at)).json()
    timely = {"published_at", "updated_at", "json_ld"}
    draft = shown[0].json()
    assert {name for name in public if public[name] != draft[name]} <= timely

    # It opens nothing else, and nothing once it is revoked.
    other = await make.draft(owner, kinds, slug="other")
    refused = await reader.get(f"/api/v1/{kinds}/other", params={"preview": links[0]["token"]})
    assert refused.status_code == 404
    path = f"{ADMIN}/{kinds}/{other['id']}/preview-links/{links[0]['id']}"
    assert (await owner.delete(path)).status_code == 404
    path = f"{ADMIN}/{kinds}/{made['id']}/preview-links"
    assert len((await owner.get(path)).json()["items"]) == 2
    assert (await owner.delete(f"{path}/{links[0]['id']}")).status_code == 204
    gone = await reader.get(at, params={"preview": links[0]["token"]})
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("kinds", ["projects", "pages"])
async def test_a_link_of_another_kind_opens_nothing(
    kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.draft(owner, kinds, slug="same")
    link = await _link(owner, "articles", await make.article(owner, slug="same"))
    answer = await reader.get(f"/api/v1/{kinds}/same", params={"preview": link["token"]})
    assert answer.status_code == 404
    shown = await reader.get("/api/v1/articles/same", params={"preview": link["token"]})
    assert shown.status_code == 200


@every_kind
async def test_checks_tell_what_publishing_would_refuse(
    kinds: str, owner: httpx.AsyncClient
) -> None:
    site = (await owner.get(f"{ADMIN}/site")).json()
    await owner.patch(
        f"{ADMIN}/site", json={"checks": {"missing_alt": "error"}}, headers=make.if_match(site)
    )
    made = await make.draft(owner, kinds, markdown="![](/palm.jpg)\n\nTODO\n")
    at = f"{ADMIN}/{kinds}/{made['id']}"
    told = (await owner.get(f"{at}/checks")).json()
    assert (told["revision"], told["can_publish"]) == (1, False)
    assert told["findings"][0]["code"] == "missing_alt"
    assert "leftover_todo" in [found["code"] for found in told["findings"]]
    refused = await owner.post(f"{at}/publish", headers=make.if_match(made))
    assert (refused.status_code, refused.json()["code"]) == (422, "checks_failed")
    assert (await owner.get(f"{ADMIN}/{kinds}/{'0' * 24}/checks")).status_code == 404
    assert (await owner.get(f"{ADMIN}/{kinds}/nothing/checks")).status_code == 404


@every_kind
async def test_each_plan_can_be_called_off_and_readers_notice_nothing(
    kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    planned = await make.live(owner, kinds, slug="soon", at=_in(1))
    draft = await make.verb(owner, planned, "unschedule", kinds=kinds)
    assert (draft["status"], draft["publish_at"], draft["live"]) == ("draft", None, None)

    live = await make.live(owner, kinds, slug="now", markdown="Before.")
    live = await make.verb(owner, live, "unpublish", {"at": _in(2)}, kinds)
    edited = await _change(owner, kinds, live, markdown="After.")
    both = await make.verb(owner, edited, "publish", {"at": _in(1)}, kinds)
    assert (both["change_at"] is None, both["unpublish_at"] is None) == (False, False)
    one = await make.verb(owner, both, "unschedule", {"what": ["change"]}, kinds)
    assert (one["change_at"], one["unpublish_at"] is None) == (None, False)
    assert one["markdown"] == "After."  # the words stay in the working copy
    none = await make.verb(owner, one, "unschedule", kinds=kinds)
    assert (none["status"], none["unpublish_at"]) == ("published", None)
    assert "Before." in (await reader.get(f"/api/v1/{kinds}/now")).json()["html"]

    later = db.now() + timedelta(days=9)
    while await relay.step(KINDS, later, CARRIERS):
        pass
    assert [event.body.type for event in await Event.after(0, 10)] == ["published"]
    assert "Before." in (await reader.get(f"/api/v1/{kinds}/now")).json()["html"]
    audit = (await owner.get(f"{ADMIN}/audit?item={none['id']}")).json()["items"]
    assert [(item["verb"], item["why"]) for item in audit[:2]] == [
        ("unscheduled", "unpublish"),
        ("unscheduled", "change"),
    ]


@every_kind
async def test_what_is_not_planned_can_not_be_called_off(
    kinds: str, owner: httpx.AsyncClient
) -> None:
    draft, live = await make.draft(owner, kinds), await make.live(owner, kinds)
    for thing, data, status, code in (
        (draft, None, 409, "not_scheduled"),
        (live, None, 409, "not_scheduled"),
        (live, {"what": ["change"]}, 409, "not_scheduled"),
        (live, {"what": []}, 422, "invalid"),
        (live, {"what": ["publishing"]}, 422, "invalid"),
        (live, {"what": "change"}, 422, "invalid"),
        (live, {"at": None}, 422, "invalid"),
        ({**live, "revision": 9}, None, 412, "stale_revision"),
    ):
        path = f"{ADMIN}/{kinds}/{thing['id']}/unschedule"
        refused = await owner.post(path, json=data, headers=make.if_match(thing))
        assert (refused.status_code, refused.json()["code"]) == (status, code), data
    trashed = await owner.delete(f"{ADMIN}/{kinds}/{draft['id']}", headers=make.if_match(draft))
    path = f"{ADMIN}/{kinds}/{draft['id']}/unschedule"
    refused = await owner.post(path, headers=make.if_match(trashed.json()))
    assert (refused.status_code, refused.json()["code"]) == (409, "trashed")
    assert (await owner.post(path)).status_code == 428


@every_kind
async def test_many_plans_are_called_off_at_once(kinds: str, owner: httpx.AsyncClient) -> None:
    planned, draft = await make.live(owner, kinds, at=_in(1)), await make.draft(owner, kinds)
    items = [{"id": thing["id"], "revision": thing["revision"]} for thing in (planned, draft)]
    answer = await owner.post(f"{ADMIN}/{kinds}/bulk", json={"verb": "unschedule", "items": items})
    assert [item["code"] for item in answer.json()["results"]] == ["ok", "not_scheduled"]
    assert (await owner.get(f"{ADMIN}/{kinds}/{planned['id']}")).json()["status"] == "draft"


@every_kind
async def test_a_publication_that_was_told_before_the_clock_went_back_is_untold(
    kinds: str, owner: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = await make.live(owner, kinds, at=_in(1))
    while await relay.step(KINDS, db.now() + timedelta(days=2), CARRIERS):
        pass
    assert [event.body.type for event in await Event.after(0, 10)] == ["published"]
    await make.verb(owner, planned, "unschedule", kinds=kinds)
    while await relay.step(KINDS, db.now(), CARRIERS):
        pass
    assert [event.body.type for event in await Event.after(1, 10)] == ["unpublished"]


@every_kind
async def test_a_slug_that_is_given_up_becomes_the_next_free_one_of_the_title(
    kinds: str, owner: httpx.AsyncClient
) -> None:
    await make.draft(owner, kinds, title="Taken")
    made = await make.draft(owner, kinds, title="Mine", slug="wanted")
    made = await _change(owner, kinds, made, title="Taken", slug=None)
    assert made["slug"] == "taken-2"
    assert (await _change(owner, kinds, made, slug=None))["slug"] == "taken-2"  # its own
    made = (await owner.get(f"{ADMIN}/{kinds}/{made['id']}")).json()
    made = await _change(owner, kinds, made, title="Another")
    assert made["slug"] == "taken-2"  # an address stays until it is given up
    refused = await owner.patch(
        f"{ADMIN}/{kinds}/{made['id']}", json={"slug": "taken"}, headers=make.if_match(made)
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "slug_taken")
    assert refused.json()["errors"][0]["field"] == "slug"
    made = await _change(owner, kinds, made, slug=None)
    assert made["slug"] == "another"


@pytest.mark.parametrize(("kinds", "name"), [("profiles", "name"), ("series", "title")])
async def test_profiles_and_series_find_a_free_slug_as_well(
    kinds: str, name: str, owner: httpx.AsyncClient
) -> None:
    path = f"{ADMIN}/{kinds}"
    await owner.post(path, json={name: "Taken"})
    made = (await owner.post(path, json={name: "Mine"})).json()
    at = f"{path}/{made.get('id', 'mine')}"
    answer = await owner.patch(at, json={name: "Taken", "slug": None}, headers=make.if_match(made))
    assert (answer.status_code, answer.json()["slug"]) == (200, "taken-2")

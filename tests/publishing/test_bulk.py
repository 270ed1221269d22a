"""One verb for many items: each has its own guard and its own result."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from pymongo.errors import AutoReconnect

from cms.accounts.permissions import Permission, Role
from cms.core import db
from cms.publishing import verbs
from cms.publishing.service import Seen
from tests import make

KINDS = ["articles", "projects", "pages"]


async def _bulk(
    client: httpx.AsyncClient, kinds: str, verb: str, things: list[Any], **more: Any
) -> Any:
    items = [{"id": thing["id"], "revision": thing["revision"]} for thing in things]
    answer = await client.post(
        f"/api/v1/admin/{kinds}/bulk", json={"verb": verb, "items": items, **more}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


@pytest.mark.parametrize("kinds", KINDS)
async def test_every_verb_works_on_many(
    kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    things: list[Any] = [await make.draft(owner, kinds) for _ in range(3)]
    expected = [
        ("publish", 200, "published"),
        ("unpublish", 200, "unpublished"),
        ("trash", 200, "trashed"),
        ("restore", 200, "unpublished"),
        ("trash", 200, "trashed"),
        ("purge", 204, None),
    ]
    for verb, status, state in expected:
        results = await _bulk(owner, kinds, verb, things)
        assert [result["id"] for result in results] == [thing["id"] for thing in things]
        assert {(item["status"], item["code"], item["problem"]) for item in results} == {
            (status, "ok", None)
        }
        if verb == "publish":
            assert len((await reader.get(f"/api/v1/{kinds}")).json()["items"]) == 3
        for thing, result in zip(things, results, strict=True):
            found = await owner.get(f"/api/v1/admin/{kinds}/{thing['id']}")
            if state is None:
                assert (found.status_code, result["revision"]) == (404, None)
            else:
                assert found.json()["status"] == state
                assert found.json()["revision"] == result["revision"]
                thing["revision"] = result["revision"]


async def test_one_that_is_refused_hinders_no_other(owner: httpx.AsyncClient) -> None:
    first, stale, bin_, last = [await make.draft(owner, "projects") for _ in range(4)]
    trashed = await owner.request(
        "DELETE", f"/api/v1/admin/projects/{bin_['id']}", headers=make.if_match(bin_)
    )
    things = [
        first,
        {**stale, "revision": 99},
        trashed.json(),
        {"id": "0" * 24, "revision": 1},
        {"id": "no id at all", "revision": 1},
        last,
        first,
    ]
    results = await _bulk(owner, "projects", "publish", things)
    assert [(result["status"], result["code"]) for result in results] == [
        (200, "ok"),
        (412, "stale_revision"),
        (409, "trashed"),
        (404, "not_found"),
        (404, "not_found"),
        (200, "ok"),
        (412, "stale_revision"),  # the same one again: its revision has moved on
    ]
    problem = results[1]["problem"]
    assert (problem["status"], problem["type"]) == (412, "/problems/stale_revision")
    assert results[1]["revision"] is None
    kept = (await owner.get(f"/api/v1/admin/projects/{stale['id']}")).json()
    assert kept == stale


async def test_many_are_scheduled_at_one_time(owner: httpx.AsyncClient) -> None:
    things = [await make.draft(owner, "pages") for _ in range(2)]
    at = (db.now() + timedelta(days=1)).isoformat()
    await _bulk(owner, "pages", "publish", things, at=at)
    found = (await owner.get("/api/v1/admin/pages", params={"status": "scheduled"})).json()
    assert len(found["items"]) == 2


async def test_each_item_needs_its_own_permission(
    owner: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    author = await make.account(role=Role.AUTHOR)
    browser.headers["Authorization"] = f"Bearer {await make.token(author)}"
    mine, other = await make.draft(browser, "articles"), await make.draft(owner, "articles")
    results = await _bulk(browser, "articles", "publish", [other, mine])
    assert [result["status"] for result in results] == [404, 200]
    trashed = await _bulk(
        browser, "articles", "trash", [{**mine, "revision": results[1]["revision"]}]
    )
    purged = await _bulk(
        browser, "articles", "purge", [{**mine, "revision": trashed[0]["revision"]}]
    )
    assert (purged[0]["status"], purged[0]["code"]) == (403, "forbidden")


async def test_a_token_without_the_scope_is_refused_item_by_item(
    owner: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    made = await make.draft(owner, "articles")
    account = await make.account()
    secret = await make.token(account, Permission.ARTICLES_WRITE)
    browser.headers["Authorization"] = f"Bearer {secret}"
    results = await _bulk(browser, "articles", "publish", [made])
    assert (results[0]["status"], results[0]["code"]) == (403, "missing_scope")


async def test_a_database_that_fails_in_the_middle_takes_no_result_with_it(
    owner: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    things = [await make.draft(owner, "pages") for _ in range(3)]
    publish = verbs.publish

    async def fails_once(kind: Any, actor: Any, seen: Seen, *rest: Any) -> Any:
        if str(seen.ident) == things[1]["id"]:
            raise AutoReconnect("gone")
        return await publish(kind, actor, seen, *rest)

    monkeypatch.setattr(verbs, "publish", fails_once)
    results = await _bulk(owner, "pages", "publish", things)
    assert [result["status"] for result in results] == [200, 503, 200]
    assert "gone" not in str(results)


ITEM = {"id": "0" * 24, "revision": 1}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"items": [ITEM]}, "verb"),
        ({"verb": "delete", "items": [ITEM]}, "verb"),
        ({"verb": "publish"}, "items"),
        ({"verb": "publish", "items": []}, "items"),
        ({"verb": "publish", "items": [ITEM] * 101}, "items"),
        ({"verb": "publish", "items": [{"id": "0" * 24}]}, "items.0.revision"),
        ({"verb": "publish", "items": [{**ITEM, "revision": "1"}]}, "items.0.revision"),
        ({"verb": "publish", "items": [{**ITEM, "revision": 10**30}]}, "items.0.revision"),
        ({"verb": "publish", "items": [{**ITEM, "id": "x" * 101}]}, "items.0.id"),
        ({"verb": "publish", "items": [{**ITEM, "at": None}]}, "items.0.at"),
        ({"verb": "publish", "items": [ITEM], "at": "tomorrow"}, "at"),
        ({"verb": "trash", "items": [ITEM], "at": "2026-01-01T00:00:00Z"}, "at"),
        ({"verb": "publish", "items": [ITEM], "why": "x"}, "why"),
    ],
)
async def test_a_wrong_request_is_refused_whole(
    data: Any, field: str, owner: httpx.AsyncClient
) -> None:
    refused = await owner.post("/api/v1/admin/pages/bulk", json=data)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]


async def test_bulk_needs_somebody(reader: httpx.AsyncClient) -> None:
    data = {"verb": "publish", "items": [ITEM]}
    assert (await reader.post("/api/v1/admin/pages/bulk", json=data)).status_code == 401

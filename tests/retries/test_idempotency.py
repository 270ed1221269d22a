"""Promise 5: a creation that is sent again under its key makes one thing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from cms.core import db
from cms.core.db import Database
from cms.history.documents import AuditRecord
from cms.publishing.documents import Published
from cms.retries.documents import Retry
from tests import make

KEY = {"Idempotency-Key": "3f6f1c52-draft"}
BODIES: dict[str, dict[str, Any]] = {
    "articles": {"title": "Once", "tag_slugs": ["a"], "markdown": "Text."},
    "projects": {"title": "Once", "technologies": ["Python"], "started_on": "2025-01-31"},
    "pages": {"title": "Once", "seo": {"title": "Uses"}},
    "profiles": {"name": "Once", "links": [{"url": "https://example.com/"}]},
    "tags": {"name": "Once"},
    "series": {"title": "Once"},
    "redirects": {"from_path": "/once", "to": "/twice"},
}
every_creation = pytest.mark.parametrize("kinds", BODIES)
DOCUMENTS = ["articles", "projects", "pages", "profiles"]


def _same(answers: list[httpx.Response]) -> bool:
    told = {
        (item.status_code, item.content, item.headers.get("location"), item.headers.get("etag"))
        for item in answers
    }
    return len(told) == 1


@every_creation
async def test_a_retry_gets_the_first_answer_and_makes_nothing(
    kinds: str, owner: httpx.AsyncClient, database: Database
) -> None:
    target = f"/api/v1/admin/{kinds}"
    first = await owner.post(target, json=BODIES[kinds], headers=KEY)
    assert first.status_code == 201
    reordered = dict(reversed(BODIES[kinds].items()))
    again = [await owner.post(target, json=reordered, headers=KEY) for _ in range(2)]
    assert _same([first, *again])
    assert await database[kinds].count_documents({}) == 1


@every_creation
async def test_without_a_key_each_request_makes_its_own(
    kinds: str, owner: httpx.AsyncClient, database: Database
) -> None:
    """The control of the above; a tag is its name and a redirect its path, each there once."""
    for number in range(2):
        answer = await owner.post(f"/api/v1/admin/{kinds}", json=BODIES[kinds])
        assert answer.status_code == (409 if kinds == "redirects" and number else 201)
    count = await database[kinds].count_documents({})
    assert count == (1 if kinds in {"tags", "redirects"} else 2)


@pytest.mark.parametrize("kinds", DOCUMENTS)
async def test_the_first_answer_is_given_whatever_became_of_it(
    kinds: str, owner: httpx.AsyncClient
) -> None:
    target = f"/api/v1/admin/{kinds}"
    first = await owner.post(target, json=BODIES[kinds], headers=KEY)
    change = {"name": "Changed"} if kinds == "profiles" else {"title": "Changed"}
    changed = await owner.patch(
        f"{target}/{first.json()['id']}", json=change, headers=make.if_match(first.json())
    )
    assert changed.status_code == 200
    assert _same([first, await owner.post(target, json=BODIES[kinds], headers=KEY)])


@every_creation
async def test_another_body_under_the_same_key_is_refused(
    kinds: str, owner: httpx.AsyncClient, database: Database
) -> None:
    target = f"/api/v1/admin/{kinds}"
    await owner.post(target, json=BODIES[kinds], headers=KEY)
    name = {"profiles": "name", "tags": "name", "redirects": "to"}.get(kinds, "title")
    other = await owner.post(target, json={**BODIES[kinds], name: "/other"}, headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert other.json()["errors"][0]["field"] == "Idempotency-Key"
    assert await database[kinds].count_documents({}) == 1


async def test_another_kind_under_the_same_key_is_refused(owner: httpx.AsyncClient) -> None:
    data = {"title": "Once"}
    assert (await owner.post("/api/v1/admin/pages", json=data, headers=KEY)).status_code == 201
    other = await owner.post("/api/v1/admin/projects", json=data, headers=KEY)
    assert other.json()["code"] == "idempotency_key_reused"


async def test_a_key_belongs_to_one_account(
    owner: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    browser.headers["Authorization"] = f"Bearer {await make.token(await make.account())}"
    first = await owner.post("/api/v1/admin/pages", json={"title": "Mine"}, headers=KEY)
    other = await browser.post("/api/v1/admin/pages", json={"title": "Mine"}, headers=KEY)
    assert (first.status_code, other.status_code) == (201, 201)
    assert first.json()["id"] != other.json()["id"]


@every_creation
async def test_twenty_at_once_make_one_and_get_one_answer(
    kinds: str, owner: httpx.AsyncClient, database: Database
) -> None:
    target = f"/api/v1/admin/{kinds}"
    sent = [owner.post(target, json=BODIES[kinds], headers=KEY) for _ in range(20)]
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} == {201}
    assert _same(answers)
    assert await database[kinds].count_documents({}) == 1


async def test_twenty_at_once_with_a_slug_of_their_own_make_one(
    owner: httpx.AsyncClient, database: Database
) -> None:
    data = {"title": "Once", "slug": "once"}
    sent = [owner.post("/api/v1/admin/articles", json=data, headers=KEY) for _ in range(20)]
    answers = await asyncio.gather(*sent)
    assert _same(answers)
    assert answers[0].status_code == 201
    assert await database["articles"].count_documents({}) == 1


class Killed(BaseException):
    """Stands for a `kill -9`: nothing catches it, nothing is tidied up."""


def _dying(function: Callable[..., Awaitable[Any]], *, after: bool) -> Any:
    async def dies(*arguments: Any) -> Any:
        if after:
            await function(*arguments)
        raise Killed

    return dies


@pytest.mark.parametrize("after", [False, True], ids=["before the insertion", "after it"])
@pytest.mark.parametrize("kinds", ["articles", "projects", "pages"])
async def test_a_retry_after_a_crash_makes_one_with_one_history(
    kinds: str,
    after: bool,
    owner: httpx.AsyncClient,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = f"/api/v1/admin/{kinds}"
    with monkeypatch.context() as broken:
        broken.setattr(Published, "create", _dying(Published.create, after=after))
        with pytest.raises(BaseException):  # noqa: B017, PT011 - the framework may wrap it
            await owner.post(target, json=BODIES[kinds], headers=KEY)
    assert await database[kinds].count_documents({}) == (1 if after else 0)

    answers = [await owner.post(target, json=BODIES[kinds], headers=KEY) for _ in range(2)]
    assert answers[0].status_code == 201
    assert _same(answers)
    assert await database[kinds].count_documents({}) == 1
    found = await owner.get(f"{target}/{answers[0].json()['id']}/revisions")
    assert len(found.json()["items"]) == 1
    assert await AuditRecord.get_pymongo_collection().count_documents({}) == 1


async def test_a_retry_after_a_crash_past_the_insertion_of_a_profile(
    owner: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = "/api/v1/admin/profiles"
    with monkeypatch.context() as broken:
        broken.setattr(Retry, "keep", _dying(Retry.keep, after=False))
        with pytest.raises(BaseException):  # noqa: B017, PT011 - as above
            await owner.post(target, json=BODIES["profiles"], headers=KEY)
    answer = await owner.post(target, json=BODIES["profiles"], headers=KEY)
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert await database["profiles"].count_documents({}) == 1


async def test_a_refusal_is_not_kept(owner: httpx.AsyncClient) -> None:
    taken = await make.draft(owner, "articles", slug="taken")
    data = {"title": "x", "slug": "taken"}
    refused = await owner.post("/api/v1/admin/articles", json=data, headers=KEY)
    assert (refused.status_code, refused.json()["code"]) == (409, "slug_taken")
    freed = await owner.patch(
        f"/api/v1/admin/articles/{taken['id']}", json={"slug": "x"}, headers=make.if_match(taken)
    )
    assert freed.status_code == 200
    again = await owner.post("/api/v1/admin/articles", json=data, headers=KEY)
    assert again.status_code == 201


async def test_who_may_not_create_leaves_no_key_behind(
    browser: httpx.AsyncClient, database: Database
) -> None:
    account = await make.account(role="contributor")
    browser.headers["Authorization"] = f"Bearer {await make.token(account)}"
    refused = await browser.post("/api/v1/admin/pages", json={"title": "x"}, headers=KEY)
    assert refused.status_code == 403
    assert await database["retries"].count_documents({}) == 0


async def test_what_was_removed_for_good_is_forgotten_and_not_made_again(
    owner: httpx.AsyncClient, database: Database
) -> None:
    target = "/api/v1/admin/pages"
    data = {"title": "Personal words"}
    made = (await owner.post(target, json=data, headers=KEY)).json()
    trashed = await owner.request("DELETE", f"{target}/{made['id']}", headers=make.if_match(made))
    purged = await owner.post(f"{target}/{made['id']}/purge", headers=make.if_match(trashed.json()))
    assert purged.status_code == 204
    assert "Personal words" not in str(await database["retries"].find({}).to_list())
    again = await owner.post(target, json=data, headers=KEY)
    assert (again.status_code, again.json()["code"]) == (404, "not_found")
    assert await database["pages"].count_documents({}) == 0


async def test_a_duplicate_is_made_once_too(owner: httpx.AsyncClient, database: Database) -> None:
    made = await make.draft(owner, "pages", title="Source")
    target = f"/api/v1/admin/pages/{made['id']}/duplicate"
    answers = [await owner.post(target, headers=KEY) for _ in range(3)]
    assert answers[0].status_code == 201
    assert _same(answers)
    assert await database["pages"].count_documents({}) == 2


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "tab\there", "\xe9".encode("latin-1")])
async def test_a_key_that_is_none_is_refused(key: Any, owner: httpx.AsyncClient) -> None:
    headers = [("Idempotency-Key", key)]
    refused = await owner.post("/api/v1/admin/pages", json={"title": "x"}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_idempotency_key")
    assert refused.json()["errors"][0]["field"] == "Idempotency-Key"


async def test_two_keys_at_once_are_refused(owner: httpx.AsyncClient) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    refused = await owner.post("/api/v1/admin/pages", json={"title": "x"}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_idempotency_key")


@pytest.mark.parametrize("key", ["!", "~" * 255, '"quoted"'])
async def test_a_visible_key_is_taken(key: str, owner: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": key}
    first = await owner.post("/api/v1/admin/pages", json={"title": "x"}, headers=headers)
    again = await owner.post("/api/v1/admin/pages", json={"title": "x"}, headers=headers)
    assert first.status_code == 201
    assert _same([first, again])


async def test_a_key_is_kept_for_a_day(owner: httpx.AsyncClient, database: Database) -> None:
    before = db.now()
    await owner.post("/api/v1/admin/pages", json={"title": "x"}, headers=KEY)
    (record,) = await database["retries"].find({}).to_list()
    assert 0 <= (record["expires_at"] - before).total_seconds() - 24 * 3600 < 60
    indexes = await database["retries"].index_information()
    assert any(index.get("expireAfterSeconds") == 0 for index in indexes.values())
    await database["retries"].delete_many({})
    await owner.post("/api/v1/admin/pages", json={"title": "x"}, headers=KEY)
    assert await database["pages"].count_documents({}) == 2

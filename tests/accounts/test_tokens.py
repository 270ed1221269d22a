"""Bearer tokens: shown once, hashed, scoped, expiring, revocable, and never the key to more."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.accounts.permissions import SESSION_ONLY, Permission, Role
from cms.core import db
from cms.core.db import Database
from tests import make
from tests.accounts.signing import (
    ADMIN,
    SESSION,
    TOKENS,
    bearer,
    everything,
    sha256,
    signed_in,
)

ARTICLES = f"{ADMIN}/articles"
WANTED = {"name": "CI", "scopes": ["articles:write"]}


async def _made(browser: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    session = await signed_in(browser)
    answer = await browser.post(TOKENS, json={**WANTED, **changes}, headers=session.header)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_token_is_shown_once_and_stored_as_its_hash(
    browser: httpx.AsyncClient, database: Database
) -> None:
    made = await _made(browser)

    assert made["token"].startswith("ltr_")
    assert len(made["token"]) > 40
    listed = await browser.get(TOKENS)
    assert made["token"] not in listed.text
    assert [item["id"] for item in listed.json()["items"]] == [made["id"]]
    stored = await everything(database)
    assert made["token"] not in stored
    assert sha256(made["token"]) in stored


async def test_a_token_says_whose_it_is_and_what_it_may(
    browser: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await _made(browser)
    who = (await reader.get(SESSION, headers=bearer(made["token"]))).json()
    assert who["scopes"] == ["articles:write"]
    assert who["csrf_token"] is None


async def test_a_writing_token_can_create_but_not_publish(reader: httpx.AsyncClient) -> None:
    token = await make.token(await make.account(), Permission.ARTICLES_WRITE)
    headers = bearer(token)
    made = await reader.post(ARTICLES, json={"title": "A draft"}, headers=headers)
    assert made.status_code == 201

    answer = await reader.post(
        f"{ARTICLES}/{made.json()['id']}/publish", headers={**headers, "If-Match": '"1"'}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
    assert "articles:publish" in answer.json()["detail"]


@pytest.mark.parametrize("scope", [item for item in Permission if item not in SESSION_ONLY])
async def test_a_scope_never_reaches_further_than_the_role(
    reader: httpx.AsyncClient, scope: Permission
) -> None:
    contributor = await make.account(role=Role.CONTRIBUTOR)
    headers = {**bearer(await make.token(contributor, scope)), "If-Match": '"0"'}
    tag = await reader.post(f"{ADMIN}/tags", json={"name": "A"}, headers=headers)
    site = await reader.patch(f"{ADMIN}/site", json={"title": "Mine"}, headers=headers)
    assert (tag.status_code, site.status_code) == (403, 403)


async def test_an_expired_token_opens_nothing(
    reader: httpx.AsyncClient, database: Database
) -> None:
    token = await make.token(await make.account())
    assert (await reader.get(ARTICLES, headers=bearer(token))).status_code == 200
    await database["tokens"].update_one({}, {"$set": {"expires_at": db.now()}})

    answer = await reader.get(ARTICLES, headers=bearer(token))

    assert (answer.status_code, answer.json()["code"]) == (401, "bad_token")


async def test_a_token_made_90_days_ago_has_ended(reader: httpx.AsyncClient) -> None:
    account = await make.account()
    ended = await make.token(account, age=timedelta(days=90))
    alive = await make.token(account, age=timedelta(days=89))
    assert (await reader.get(ARTICLES, headers=bearer(ended))).status_code == 401
    assert (await reader.get(ARTICLES, headers=bearer(alive))).status_code == 200


async def test_a_revoked_token_ends_at_the_next_request(
    browser: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    session = await signed_in(browser)
    made = (await browser.post(TOKENS, json=WANTED, headers=session.header)).json()
    assert (await reader.get(ARTICLES, headers=bearer(made["token"]))).status_code == 200

    gone = await browser.delete(f"{TOKENS}/{made['id']}", headers=session.header)

    assert (gone.status_code, gone.content) == (204, b"")
    assert (await reader.get(ARTICLES, headers=bearer(made["token"]))).status_code == 401
    again = await browser.delete(f"{TOKENS}/{made['id']}", headers=session.header)
    assert again.status_code == 404


GARBAGE = [
    "Bearer", "Bearer ", "Bearer ltr_", "Bearer x", "bearer ltr_unknown", "Bearer ltr_" + "a" * 43,
    "Bearer " + "ltr_" * 25_000, "Bearer ltr_\xe9", "Bearer ltr_{\"$ne\":\"\"}", "Basic cmFuaTp4",
    "Digest x", "ltr_", " ", "Bearer\tltr_x", "Bearer ltr_a, Bearer ltr_b", "Bearer \"ltr_x\"",
]  # fmt: skip


@pytest.mark.parametrize("header", GARBAGE, ids=lambda text: text[:24])
async def test_garbage_is_no_token(reader: httpx.AsyncClient, header: str) -> None:
    await make.token(await make.account())
    answer = await reader.get(ARTICLES, headers=[(b"authorization", header.encode("latin-1"))])
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_token")
    assert answer.headers["www-authenticate"] == 'Bearer realm="lontar"'


async def test_the_stored_hash_is_no_token(reader: httpx.AsyncClient, database: Database) -> None:
    await make.token(await make.account())
    stored = await database["tokens"].find_one({})
    assert stored is not None
    for secret in (stored["digest"], f"ltr_{stored['digest']}"):
        assert (await reader.get(ARTICLES, headers=bearer(secret))).status_code == 401


async def test_a_token_can_neither_make_nor_revoke_tokens(owner: httpx.AsyncClient) -> None:
    made = await owner.post(TOKENS, json=WANTED)
    assert (made.status_code, made.json()["code"]) == (403, "session_required")
    mine = (await owner.get(TOKENS)).json()["items"][0]
    gone = await owner.delete(f"{TOKENS}/{mine['id']}")
    assert (gone.status_code, gone.json()["code"]) == (403, "session_required")
    assert (await owner.get(TOKENS)).status_code == 200


async def test_another_accounts_tokens_can_neither_be_seen_nor_revoked(
    browser: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    theirs = await make.account()
    token = await make.token(theirs)
    ident = (await reader.get(TOKENS, headers=bearer(token))).json()["items"][0]["id"]
    mine = await signed_in(browser)

    answer = await browser.delete(f"{TOKENS}/{ident}", headers=mine.header)

    assert answer.status_code == 404
    assert (await browser.get(TOKENS)).json()["items"] == []
    assert (await reader.get(TOKENS, headers=bearer(token))).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes.0"),
        ({"scopes": "read"}, "scopes"),
        ({"scopes": [["read"]]}, "scopes.0"),
        ({"scopes": {"$ne": ""}}, "scopes"),
        ({"name": ""}, "name"),
        ({"name": "\x00"}, "name"),
        ({"name": {"$gt": ""}}, "name"),
        ({"expires_in_days": 0}, "expires_in_days"),
        ({"expires_in_days": 3651}, "expires_in_days"),
        ({"expires_in_days": "90"}, "expires_in_days"),
        ({"expires_in_days": 10**30}, "expires_in_days"),
        ({"account_id": "a" * 24}, "account_id"),
        ({"digest": "a"}, "digest"),
        ({"expires_at": "2099-01-01T00:00:00Z"}, "expires_at"),
    ],
    ids=str,
)
async def test_a_token_that_makes_no_sense_is_refused_by_field(
    browser: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    session = await signed_in(browser)
    answer = await browser.post(TOKENS, json={**WANTED, **change}, headers=session.header)
    assert answer.status_code == 422
    assert [item["field"] for item in answer.json()["errors"]] == [field]


async def test_a_scope_that_a_release_took_away_is_worth_nothing(
    reader: httpx.AsyncClient, database: Database
) -> None:
    token = await make.token(await make.account())
    await database["tokens"].update_one({}, {"$set": {"scopes": ["articles:everything"]}})
    answer = await reader.get(ARTICLES, headers=bearer(token))
    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


async def test_use_is_noted_but_not_at_every_request(
    reader: httpx.AsyncClient, database: Database
) -> None:
    token = await make.token(await make.account())

    async def noted() -> Any:
        await reader.get(ARTICLES, headers=bearer(token))
        stored = await database["tokens"].find_one({})
        assert stored is not None
        return stored["last_used_at"]

    first = await noted()
    assert first is not None
    assert await noted() == first
    long_ago = db.now() - timedelta(hours=1)
    await database["tokens"].update_one({}, {"$set": {"last_used_at": long_ago}})
    assert await noted() > long_ago

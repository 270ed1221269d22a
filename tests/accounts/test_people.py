"""Keeping people: sessions of one's own, roles, ownership, disabling, erasure, the audit log."""

import asyncio
from pathlib import Path

import httpx
import pytest
from beanie import PydanticObjectId

from cms.accounts import people
from cms.accounts.actor import COMMAND_LINE, Actor
from cms.accounts.documents import Account
from cms.accounts.permissions import Role, as_markdown
from cms.app import CARRIERS, KINDS
from cms.core import db
from cms.core.db import Database
from cms.core.errors import Conflict
from cms.publishing import relay
from tests import make
from tests.accounts.signing import ADMIN, SESSION, bearer, everything, sha256, sign_in
from tests.core.test_http import is_problem

ACCOUNTS = f"{ADMIN}/accounts"
SESSIONS = f"{ADMIN}/sessions"
NEW = "bambu runcing kaca danau pagi"


def test_the_printed_permission_table_is_the_one_that_is_read() -> None:
    page = Path(__file__).parents[2] / "docs" / "permissions.md"
    assert page.read_text(encoding="utf-8") == as_markdown(), "cms account permissions > the page"


async def test_sessions_are_listed_with_device_and_address_and_end_one_or_all(
    browser: httpx.AsyncClient, database: Database
) -> None:
    account = await make.account()
    here, there, elsewhere = [await make.session(account) for _ in range(3)]
    other = await make.session(await make.account())
    rows = (await browser.get(SESSIONS, headers=here)).json()["items"]
    assert len(rows) == 3
    assert [row["is_current"] for row in rows].count(True) == 1
    assert {(row["address"], row["user_agent"]) for row in rows} == {("127.0.0.1", "a test")}
    for headers in (here, there, elsewhere):
        secret = headers["Cookie"].partition("=")[2]
        assert secret not in str(rows)
        assert sha256(secret) not in str(rows)

    foreign = next(row["id"] for row in rows if not row["is_current"])
    assert (await browser.delete(f"{SESSIONS}/{foreign}", headers=other)).status_code == 404
    assert (await browser.delete(f"{SESSIONS}/{foreign}", headers=here)).status_code == 204
    assert (await browser.delete(f"{SESSIONS}/{foreign}", headers=here)).status_code == 404
    left = [(await browser.get(SESSION, headers=item)).status_code for item in (there, elsewhere)]
    assert sorted(left) == [200, 401]
    assert (await browser.delete(SESSIONS, headers=here)).status_code == 204
    for headers, status in ((here, 200), (there, 401), (elsewhere, 401), (other, 200)):
        assert (await browser.get(SESSION, headers=headers)).status_code == status


async def test_changing_the_password_needs_the_old_one_and_ends_all_else(
    browser: httpx.AsyncClient, database: Database
) -> None:
    account = await make.account()
    mine, other = await make.session(account), await make.session(account)
    token = bearer(await make.token(account))
    path = f"{ADMIN}/account/password"
    for data, field in (
        ({"current_password": "wrong", "password": NEW}, "current_password"),
        ({"current_password": make.PASSWORD, "password": "short"}, "password"),
    ):
        refused = await browser.post(path, json=data, headers=mine)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)

    data = {"current_password": make.PASSWORD, "password": NEW}
    done = await browser.post(path, json=data, headers=mine)

    assert done.status_code == 200
    new = {"Cookie": f"lontar={done.cookies['lontar']}"}
    browser.cookies.clear()
    assert (await browser.get(SESSION, headers=new)).status_code == 200
    for headers in (mine, other, token):
        assert (await browser.get(SESSION, headers=headers)).status_code == 401
    assert (await sign_in(browser, account)).status_code == 401
    assert (await sign_in(browser, account, NEW)).status_code == 201


async def test_a_sign_in_that_began_before_the_password_changed_opens_nothing(
    browser: httpx.AsyncClient, database: Database
) -> None:
    account = await make.account()
    await Account.change(account.id, {"$inc": {"epoch": 1}})  # type: ignore[arg-type]
    late = await make.session(account)  # made of the account as it was read before
    assert (await browser.get(SESSION, headers=late)).status_code == 401


async def test_a_token_has_no_scope_beyond_its_makers_role(
    browser: httpx.AsyncClient, database: Database
) -> None:
    headers = await make.session(await make.account(role=Role.CONTRIBUTOR))
    for scope, status in (("read", 201), ("articles:publish", 422), ("accounts:write", 422)):
        data = {"name": "x", "scopes": ["articles:write", scope]}
        answer = await browser.post(f"{ADMIN}/tokens", json=data, headers=headers)
        assert answer.status_code == status, answer.text
        if status == 422:
            assert answer.json()["errors"][0]["field"] == "scopes.1"


async def test_a_lowered_role_ends_sessions_and_tokens(
    browser: httpx.AsyncClient, database: Database
) -> None:
    owner = await make.session(await make.account())
    admin = await make.account(role=Role.ADMIN)
    session, token = await make.session(admin), bearer(await make.token(admin))
    path = f"{ACCOUNTS}/{admin.id}/role"
    answer = await browser.post(path, json={"role": "author"}, headers=owner)
    assert answer.json()["role"] == "author"
    for headers in (session, token):
        assert (await browser.get(SESSION, headers=headers)).status_code == 401


async def test_two_owners_who_demote_each_other_leave_one(
    browser: httpx.AsyncClient, database: Database
) -> None:
    for _ in range(5):
        await database["accounts"].delete_many({})
        one, two = await make.account(), await make.account()
        tries = [
            browser.post(
                f"{ACCOUNTS}/{target.id}/{verb}",
                json={"role": "admin"} if verb == "role" else None,
                headers=await make.session(who),
            )
            for who, target, verb in ((one, two, "role"), (two, one, "disable"))
        ]
        statuses = sorted([answer.status_code for answer in await asyncio.gather(*tries)])
        assert statuses[0] == 200
        assert statuses[1] in {401, 403, 409}
        left = {"role": "owner", "disabled_at": None}
        assert await database["accounts"].count_documents(left) == 1


async def test_ownership_is_handed_over_whole_or_not_at_all(
    browser: httpx.AsyncClient, database: Database
) -> None:
    owner, heir = await make.account(), await make.account(role=Role.EDITOR)
    gone = await make.account(role=Role.EDITOR, disabled_at=db.now())
    headers = await make.session(owner)
    refused = await browser.post(f"{ACCOUNTS}/{gone.id}/transfer-ownership", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "cant_take")
    done = await browser.post(f"{ACCOUNTS}/{heir.id}/transfer-ownership", headers=headers)
    assert (done.status_code, done.json()["account"]["role"]) == (200, "admin")
    roles = {str(row["_id"]): row["role"] async for row in database["accounts"].find({})}
    assert roles[str(heir.id)] == "owner"
    assert roles[str(owner.id)] == "admin"
    browser.cookies.clear()
    assert (await browser.get(SESSION, headers=headers)).status_code == 401, "under a new id"


async def test_two_handings_over_at_once_make_one_owner(
    browser: httpx.AsyncClient, database: Database
) -> None:
    owner = await make.account()
    heirs = [await make.account(role=Role.ADMIN) for _ in range(4)]
    headers = await make.session(owner)
    tries = [
        browser.post(f"{ACCOUNTS}/{heir.id}/transfer-ownership", headers=headers) for heir in heirs
    ]
    statuses = [answer.status_code for answer in await asyncio.gather(*tries)]
    assert statuses.count(200) == 1, statuses
    assert await database["accounts"].count_documents({"role": "owner"}) == 1


async def test_a_disabled_person_is_out_and_comes_back_without_what_they_had(
    browser: httpx.AsyncClient, database: Database
) -> None:
    owner, author = await make.session(await make.account()), await make.account(role=Role.AUTHOR)
    session, token = await make.session(author), bearer(await make.token(author))
    answer = await browser.post(f"{ACCOUNTS}/{author.id}/disable", headers=owner)
    assert answer.json()["is_disabled"] is True
    assert (await sign_in(browser, author)).status_code == 401
    await browser.post(f"{ACCOUNTS}/{author.id}/enable", headers=owner)
    for headers in (session, token):
        assert (await browser.get(SESSION, headers=headers)).status_code == 401
    assert (await sign_in(browser, author)).status_code == 201


async def test_who_was_changed_meanwhile_is_not_let_in_again_and_nothing_says_so(
    browser: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await make.session(await make.account())
    author = await make.account(role=Role.AUTHOR, disabled_at=db.now())
    seen = people.get

    async def and_promoted(actor: Actor, ident: PydanticObjectId) -> Account:
        found = await seen(actor, ident)
        await database["accounts"].update_one({"_id": ident}, {"$set": {"role": "admin"}})
        return found

    with monkeypatch.context() as patched:
        patched.setattr(people, "get", and_promoted)
        answer = await browser.post(f"{ACCOUNTS}/{author.id}/enable", headers=owner)
    assert is_problem(answer, 409)["code"] == "changed_meanwhile"
    stored = await database["accounts"].find_one({"_id": author.id})
    assert stored is not None
    assert stored["disabled_at"] is not None
    assert await database["audit"].count_documents({"verb": "enabled"}) == 0
    answer = await browser.post(f"{ACCOUNTS}/{author.id}/enable", headers=owner)
    assert answer.json()["is_disabled"] is False
    assert await database["audit"].count_documents({"verb": "enabled"}) == 1


async def test_an_erased_person_is_named_nowhere(
    browser: httpx.AsyncClient, database: Database
) -> None:
    owner = await make.session(await make.account(name="Rani"))
    sari = await make.account(name="Sari Canary", email="canary@example.com", role=Role.EDITOR)
    browser.headers.update(bearer(await make.token(sari)))
    live = await make.published(browser)
    await make.live(browser, "pages")
    await browser.post(f"{ADMIN}/articles/{live['id']}/preview-links")
    await make.profile(browser)
    await relay.step(KINDS, db.now(), carriers=CARRIERS)
    await browser.patch(
        f"{ADMIN}/articles/{live['id']}/autosave",
        json={"title": "Pending"},
        headers=make.if_match(live),
    )
    del browser.headers["authorization"]
    await browser.post(f"{ACCOUNTS}/{sari.id}/role", json={"role": "author"}, headers=owner)
    assert "Canary" in await everything(database), "the control: it was named"

    answer = await browser.post(f"{ACCOUNTS}/{sari.id}/erase", headers=owner)

    pseudonym = answer.json()["pseudonym"]
    await relay.step(KINDS, db.now(), carriers=CARRIERS)
    stored = await everything(database)
    assert "anary" not in stored
    assert pseudonym in stored
    assert (await browser.get(f"{ACCOUNTS}/{sari.id}", headers=owner)).status_code == 404
    audit = (await browser.get(f"{ADMIN}/audit?limit=100", headers=owner)).json()["items"]
    assert {row["by"]["name"] for row in audit} == {"Rani", pseudonym}
    assert (await sign_in(browser, sari)).status_code == 401


async def test_the_command_line_can_not_erase_the_last_owner(database: Database) -> None:
    owner = await make.account()
    assert owner.id is not None
    for act in (people.erase, people.disable):
        with pytest.raises(Conflict, match="no owner left"):
            await act(COMMAND_LINE, owner.id, db.now())
    assert await database["accounts"].count_documents({"disabled_at": None}) == 1


async def test_what_is_done_to_accounts_stands_in_the_audit_log_without_secrets(
    browser: httpx.AsyncClient, database: Database
) -> None:
    owner = await make.session(await make.account())
    author = await make.account(role=Role.AUTHOR)
    at = f"{ACCOUNTS}/{author.id}"
    await browser.post(f"{at}/role", json={"role": "editor"}, headers=owner)
    link = (await browser.post(f"{at}/reset-link", headers=owner)).json()["link"]
    await browser.post(f"{at}/disable", headers=owner)
    data = {"name": "x", "scopes": ["read"]}
    token = (await browser.post(f"{ADMIN}/tokens", json=data, headers=owner)).json()["token"]
    answer = await browser.get(f"{ADMIN}/audit", headers=owner)
    rows = answer.json()["items"]
    assert {row["verb"] for row in rows} == {
        *("role_changed", "reset_link_made", "disabled", "token_created"),
    }
    changed = next(row for row in rows if row["verb"] == "role_changed")
    assert changed["changes"] == [{"field": "role", "before": "author", "after": "editor"}]
    for secret in (link.partition("=")[2], token):
        assert secret not in answer.text

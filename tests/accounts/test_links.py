"""Ways in that work once: invitations, new passwords, new addresses; by mail and without."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from cms.accounts import service
from cms.accounts.documents import Account
from cms.accounts.links import opening
from cms.accounts.permissions import Role
from cms.config import Settings
from cms.core import db
from cms.core.db import Database
from cms.core.errors import Conflict
from tests import make
from tests.accounts.signing import (
    ADMIN,
    ORIGIN,
    SESSION,
    bearer,
    everything,
    inbox,
    sign_in,
    turn_on_second_factor,
)

INVITATIONS = f"{ADMIN}/invitations"
RESET = f"{ADMIN}/password-reset"
EMAIL = f"{ADMIN}/account/email"
NEW = "bambu runcing kaca danau pagi"


def token_of(link: str) -> str:
    return link.partition("#token=")[2]


async def _invite(through: httpx.AsyncClient, headers: dict[str, str], **more: Any) -> str:
    data = {"email": "Sari@Example.com", "role": "author", **more}
    answer = await through.post(INVITATIONS, json=data, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["link"])


async def test_an_invitation_by_link_makes_the_account_and_signs_in(
    browser: httpx.AsyncClient, database: Database
) -> None:
    owner = await make.session(await make.account(name="Rani"))
    link = await _invite(browser, owner)

    assert link.startswith(f"{ORIGIN}/admin/accept-invitation#token=")
    assert token_of(link) not in await everything(database)
    listed = await browser.get(INVITATIONS, headers=owner)
    assert token_of(link) not in listed.text
    assert listed.json()["items"][0]["email"] == "sari@example.com"
    data = {"token": token_of(link), "name": "Sari", "password": NEW}
    answer = await browser.post(f"{INVITATIONS}/accept", json=data)
    assert (answer.status_code, answer.json()["account"]["role"]) == (201, "author")
    assert (await browser.get(SESSION)).json()["account"]["email"] == "sari@example.com"
    again = await browser.post(f"{INVITATIONS}/accept", json=data)
    assert (again.status_code, again.json()["code"]) == (403, "link_closed")
    assert (await browser.get(INVITATIONS, headers=owner)).json()["items"] == []


async def test_an_invitation_by_mail_shows_its_link_to_the_invited_alone(
    settings: Settings, database: Database
) -> None:
    owner = await make.session(await make.account(name="Rani"))
    async with inbox(settings) as mail:
        data = {"email": "sari@example.com", "role": "author", "tongue": "id"}
        answer = await mail.browser.post(INVITATIONS, json=data, headers=owner)
        assert answer.json()["link"] is None
        (letter,) = await mail.all()
        assert (letter["To"], letter["From"]) == ("sari@example.com", "Lontar <cms@example.com>")
        assert letter["Subject"] == "Anda diundang menulis di juri.example"
        assert "Rani mengundang Anda ke juri.example sebagai penulis" in letter.get_content()
        data = {"token": await mail.token(), "name": "Sari", "password": NEW}
        done = await mail.browser.post(f"{INVITATIONS}/accept", json=data)
        assert done.status_code == 201


async def test_an_invitation_ends_after_a_week_when_withdrawn_and_when_made_anew(
    browser: httpx.AsyncClient, database: Database
) -> None:
    owner = await make.session(await make.account())
    first, second = await _invite(browser, owner), await _invite(browser, owner)
    data = {"name": "Sari", "password": NEW}
    accept = f"{INVITATIONS}/accept"
    assert (await browser.post(accept, json={**data, "token": token_of(first)})).status_code == 403
    stored = await database["links"].find_one({})
    assert stored is not None
    assert stored["expires_at"] - stored["created_at"] == timedelta(days=7)
    await database["links"].update_one({}, {"$set": {"expires_at": db.now()}})
    assert (await browser.post(accept, json={**data, "token": token_of(second)})).status_code == 403
    third = await _invite(browser, owner)
    ident = (await browser.get(INVITATIONS, headers=owner)).json()["items"][0]["id"]
    assert (await browser.delete(f"{INVITATIONS}/{ident}", headers=owner)).status_code == 204
    assert (await browser.delete(f"{INVITATIONS}/{ident}", headers=owner)).status_code == 404
    assert (await browser.post(accept, json={**data, "token": token_of(third)})).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"disabled_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"role": "editor"},
        {"role": "contributor"},
    ],
    ids=str,
)
async def test_an_invitation_is_worth_what_its_maker_may_still_give(
    browser: httpx.AsyncClient, database: Database, change: dict[str, Any]
) -> None:
    admin = await make.account(role=Role.ADMIN)
    link = await _invite(browser, await make.session(admin))
    await database["accounts"].update_one({"_id": admin.id}, {"$set": change})
    data = {"token": token_of(link), "name": "Sari", "password": NEW}
    assert (await browser.post(f"{INVITATIONS}/accept", json=data)).status_code == 403


async def test_an_address_with_an_account_is_not_invited(browser: httpx.AsyncClient) -> None:
    owner = await make.session(await make.account())
    await make.account(email="sari@example.com")
    data = {"email": "SARI@example.com", "role": "author"}
    answer = await browser.post(INVITATIONS, json=data, headers=owner)
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")


async def test_a_weak_password_leaves_the_link_usable(browser: httpx.AsyncClient) -> None:
    link = await _invite(browser, await make.session(await make.account()))
    data = {"token": token_of(link), "name": "Sari Dewi", "password": "sari@example.com sari"}
    weak = await browser.post(f"{INVITATIONS}/accept", json=data)
    assert (weak.status_code, weak.json()["errors"][0]["field"]) == (422, "password")
    done = await browser.post(f"{INVITATIONS}/accept", json={**data, "password": NEW})
    assert done.status_code == 201


async def test_a_reset_by_mail_ends_everything_the_old_password_opened(
    settings: Settings, database: Database
) -> None:
    account = await make.account(email="rani@example.com")
    session, token = await make.session(account), bearer(await make.token(account))
    async with inbox(settings) as mail:
        browser = mail.browser
        asked = await browser.post(RESET, json={"email": "RANI@example.com "})
        assert (asked.status_code, asked.json()) == (202, {"by_mail": True})
        secret = await mail.token()
        assert secret not in await everything(database)
        stored = await database["links"].find_one({})
        assert stored is not None
        assert stored["expires_at"] - stored["created_at"] == timedelta(minutes=30)
        assert (await browser.get(SESSION, headers=session)).status_code == 200

        data = {"token": secret, "password": NEW}
        done = await browser.post(f"{RESET}/confirm", json=data)

        assert (done.status_code, done.content) == (204, b"")
        assert "set-cookie" not in done.headers, "a link signs nobody in"
        for headers in (session, token):
            assert (await browser.get(SESSION, headers=headers)).status_code == 401
        assert (await sign_in(browser, account)).status_code == 401
        assert (await sign_in(browser, account, NEW)).status_code == 201
        assert (await browser.post(f"{RESET}/confirm", json=data)).status_code == 403
        assert (await mail.all())[-1]["Subject"] == "Your password at juri.example was changed"


async def test_a_reset_does_not_take_the_second_factor_away(
    browser: httpx.AsyncClient, database: Database
) -> None:
    account = await make.account()
    await turn_on_second_factor(browser, account)
    _, link = await opening.make("reset", "", db.now(), account_id=account.id, email=account.email)
    data = {"token": token_of(link), "password": NEW}
    assert (await browser.post(f"{RESET}/confirm", json=data)).status_code == 204
    assert (await sign_in(browser, account, NEW)).json()["lacks"] == "code"


async def test_a_new_reset_closes_the_others_of_the_account(
    browser: httpx.AsyncClient, database: Database
) -> None:
    account = await make.account()
    about = {"account_id": account.id, "email": account.email}
    links = [(await opening.make("reset", "", db.now(), **about))[1] for _ in range(2)]
    data = {"password": NEW}
    for link, status in zip(links, (204, 403), strict=True):
        body = {**data, "token": token_of(link)}
        assert (await browser.post(f"{RESET}/confirm", json=body)).status_code == status


async def test_without_mail_whoever_keeps_an_account_passes_the_link_on(
    browser: httpx.AsyncClient, database: Database
) -> None:
    admin = await make.session(await make.account(role=Role.ADMIN))
    author = await make.account(role=Role.AUTHOR)
    asked = await browser.post(RESET, json={"email": author.email})
    assert asked.json() == {"by_mail": False}
    path = f"{ADMIN}/accounts/{author.id}/reset-link"
    link = (await browser.post(path, headers=admin)).json()["link"]
    assert link.startswith(f"{ORIGIN}/admin/reset-password#token=")
    data = {"token": token_of(link), "password": NEW}
    assert (await browser.post(f"{RESET}/confirm", json=data)).status_code == 204
    await database["accounts"].update_one({"_id": author.id}, {"$set": {"disabled_at": db.now()}})
    assert (await browser.post(path, headers=admin)).status_code == 409


async def test_few_mails_go_to_one_address_however_often_they_are_asked_for(
    settings: Settings, database: Database
) -> None:
    await make.account(email="rani@example.com")
    async with inbox(settings) as mail:
        answers = [
            await mail.browser.post(RESET, json={"email": "rani@example.com"}) for _ in range(8)
        ]
        assert {answer.status_code for answer in answers} == {202}
        assert len({answer.content for answer in answers}) == 1
        assert len(await mail.all()) == 5


async def test_a_new_address_is_confirmed_where_it_is_and_told_where_it_was(
    settings: Settings, database: Database
) -> None:
    account = await make.account(email="old@example.com")
    headers = await make.session(account)
    async with inbox(settings) as mail:
        asked = await mail.browser.post(EMAIL, json={"email": "New@example.com"}, headers=headers)
        assert (asked.status_code, asked.json()) == (202, {"link": None})
        letters = {letter["To"]: letter for letter in await mail.all()}
        assert set(letters) == {"new@example.com", "old@example.com"}
        assert "#token=" not in letters["old@example.com"].get_content()
        token = token_of(letters["new@example.com"].get_content()).split()[0]
        assert (await sign_in(mail.browser, account)).status_code == 201, "nothing changed yet"
        done = await mail.browser.post(f"{EMAIL}/confirm", json={"token": token})
        assert done.status_code == 204
    stored = await database["accounts"].find_one({})
    assert stored is not None
    assert stored["email"] == "new@example.com"


async def test_a_taken_address_is_neither_told_nor_confirmed(
    settings: Settings, browser: httpx.AsyncClient, database: Database
) -> None:
    await make.account(email="taken@example.com")
    headers = await make.session(await make.account(email="old@example.com"))
    async with inbox(settings) as mail:
        free, taken = [
            await mail.browser.post(EMAIL, json={"email": email}, headers=headers)
            for email in ("free@example.com", "taken@example.com")
        ]
        assert (taken.status_code, taken.content) == (free.status_code, free.content)
        assert "taken@example.com" not in {letter["To"] for letter in await mail.all()}
    shown = await browser.post(EMAIL, json={"email": "taken@example.com"}, headers=headers)
    data = {"token": token_of(shown.json()["link"])}
    answer = await browser.post(f"{EMAIL}/confirm", json=data)
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    same = await browser.post(EMAIL, json={"email": "old@example.com"}, headers=headers)
    assert same.status_code == 422


async def test_a_mail_server_that_is_away_is_no_failure_and_told_without_the_letter(
    settings: Settings, database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    await make.account(email="rani@example.com")
    async with inbox(settings) as mail:
        mail.app.state["postman"].url = "smtp://127.0.0.1:1"
        answer = await mail.browser.post(RESET, json={"email": "rani@example.com"})
        assert answer.status_code == 202
        assert await mail.all() == []
    said = capfd.readouterr()
    assert "mail_not_sent" in said.out + said.err
    assert "rani@example.com" not in said.out + said.err


async def test_letters_hold_no_lines_of_others(settings: Settings, database: Database) -> None:
    owner = await make.account(name="Rani\r\nBcc: evil@example.com\r\n\r\nhttps://evil.example")
    headers = await make.session(owner)
    async with inbox(settings) as mail:
        data = {"email": "sari@example.com", "role": "author"}
        await mail.browser.post(INVITATIONS, json=data, headers=headers)
        (letter,) = await mail.all()
        assert letter["Bcc"] is None
        assert "\nBcc:" not in letter.get_content()


async def test_two_first_owners_at_once_are_one(
    browser: httpx.AsyncClient, database: Database
) -> None:
    async def by_command(number: int) -> int:
        try:
            await service.create_owner(
                f"c{number}@example.com", "C", NEW, passwords=make.PASSWORDS, now=db.now()
            )
        except Conflict:
            return 409
        return 201

    for _ in range(3):
        await database["accounts"].delete_many({})
        link = await service.open_setup(db.now())
        data = {"token": link, "email": "s@example.com", "name": "S", "password": NEW}
        by_link = browser.post(f"{ADMIN}/setup", json=data)
        found = await asyncio.gather(by_link, by_command(1), by_command(2))
        statuses = [found[0].status_code, *found[1:]]
        assert statuses.count(201) == 1, statuses
        assert await database["accounts"].count_documents({"role": "owner"}) == 1


async def test_the_founder_guard_is_what_makes_it_one(database: Database) -> None:
    first, second = [
        Account(
            email=f"{name}@example.com",
            name=name,
            role=Role.OWNER,
            password_hash="x",
            created_at=db.now(),
            updated_at=db.now(),
            founder=True,
        )
        for name in ("a", "b")
    ]
    assert sorted(await asyncio.gather(first.insert_unique(), second.insert_unique())) == [
        False,
        True,
    ]

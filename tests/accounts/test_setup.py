"""The first owner: by a one-time link or by the command line, and nobody after them."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.accounts import service
from cms.core import db
from cms.core.db import Database
from cms.core.errors import Conflict, Invalid
from tests import make
from tests.accounts.signing import SESSION, everything, sha256

SETUP = "/api/v1/admin/setup"
PERSON = {"email": "Rani@Example.com", "name": "Rani Wulandari", "password": make.PASSWORD}


async def _link() -> str:
    secret = await service.open_setup(db.now())
    assert secret is not None
    return secret


async def test_the_setup_link_makes_the_owner_and_signs_in(
    browser: httpx.AsyncClient, database: Database
) -> None:
    answer = await browser.post(SETUP, json={**PERSON, "token": await _link()})

    assert answer.status_code == 201
    account = answer.json()["account"]
    assert (account["email"], account["role"]) == ("rani@example.com", "owner")
    who = await browser.get(SESSION)
    assert who.json()["account"] == account
    assert who.json()["csrf_token"] == answer.json()["csrf_token"]
    stored = await database["accounts"].find_one({})
    assert stored is not None
    assert stored["password_hash"].startswith("$argon2id$")


async def test_the_setup_link_works_once(browser: httpx.AsyncClient, database: Database) -> None:
    link = await _link()
    assert (await browser.post(SETUP, json={**PERSON, "token": link})).status_code == 201

    again = await browser.post(SETUP, json={**PERSON, "email": "b@example.com", "token": link})

    assert (again.status_code, again.json()["code"]) == (403, "setup_closed")
    assert await database["accounts"].count_documents({}) == 1


async def test_twenty_claims_of_one_link_make_one_owner(
    browser: httpx.AsyncClient, database: Database
) -> None:
    link = await _link()
    claims = [
        browser.post(SETUP, json={**PERSON, "email": f"p{number}@example.com", "token": link})
        for number in range(20)
    ]

    statuses = sorted([answer.status_code for answer in await asyncio.gather(*claims)])

    assert statuses == [201] + [403] * 19
    assert await database["accounts"].count_documents({}) == 1
    assert await database["sessions"].count_documents({}) == 1


async def test_an_expired_link_opens_nothing(
    browser: httpx.AsyncClient, database: Database
) -> None:
    link = await _link()
    await database["setup"].update_one({}, {"$set": {"expires_at": db.now()}})

    answer = await browser.post(SETUP, json={**PERSON, "token": link})

    assert (answer.status_code, answer.json()["code"]) == (403, "setup_closed")
    assert await database["accounts"].count_documents({}) == 0


@pytest.mark.parametrize("token", ["x", "setup", "$ne", "\0", "a" * 200])
async def test_a_made_up_link_opens_nothing(browser: httpx.AsyncClient, token: str) -> None:
    await _link()
    answer = await browser.post(SETUP, json={**PERSON, "token": token})
    assert (answer.status_code, answer.json()["code"]) == (403, "setup_closed")


async def test_a_new_link_closes_the_one_before(browser: httpx.AsyncClient) -> None:
    first, second = await _link(), await _link()
    assert (await browser.post(SETUP, json={**PERSON, "token": first})).status_code == 403
    assert (await browser.post(SETUP, json={**PERSON, "token": second})).status_code == 201


async def test_no_link_is_made_once_there_is_an_account(database: Database) -> None:
    await make.account()
    assert await service.open_setup(db.now()) is None


async def test_the_link_is_stored_as_its_hash(database: Database) -> None:
    link = await _link()
    stored = await everything(database)
    assert link not in stored
    assert sha256(link) in stored


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("too short", "password_length"),
        ("x" * 257, "password_length"),
        ("passwordpassword", "password_weak"),
        ("rani@example.com", "password_weak"),
        ("Rani Wulandari Rani", "password_weak"),
        ("example.com-rani-2026", "password_weak"),
        ("aaaaaaaaaaaaaaaaaaaa", "password_weak"),
    ],
)
async def test_a_weak_password_is_named_and_leaves_the_link_usable(
    browser: httpx.AsyncClient, password: str, code: str
) -> None:
    link = await _link()

    weak = await browser.post(SETUP, json={**PERSON, "password": password, "token": link})

    assert weak.status_code == 422
    assert [(item["field"], item["code"]) for item in weak.json()["errors"]] == [("password", code)]
    assert password not in weak.text
    assert (await browser.post(SETUP, json={**PERSON, "token": link})).status_code == 201


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"email": "a b@example.com"}, "email"),
        ({"email": "a@example.com\r\nBcc: b@example.com"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"role": "owner"}, "role"),
        ({"password_hash": "x"}, "password_hash"),
        ({"_id": "a" * 24}, "_id"),
        ({"token": {"$ne": ""}}, "token"),
    ],
)
async def test_setup_names_the_field_that_is_wrong(
    browser: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    answer = await browser.post(SETUP, json={**PERSON, "token": await _link(), **change})
    assert answer.status_code == 422
    assert [item["field"] for item in answer.json()["errors"]] == [field]


async def test_setup_is_refused_from_another_site(browser: httpx.AsyncClient) -> None:
    data = {**PERSON, "token": await _link()}
    answer = await browser.post(SETUP, json=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")


async def test_the_command_line_makes_the_first_owner_and_closes_the_link(
    browser: httpx.AsyncClient, database: Database
) -> None:
    link = await _link()

    made = await service.create_owner(
        "rani@example.com", "Rani", make.PASSWORD, passwords=make.PASSWORDS, now=db.now()
    )

    assert made.role == "owner"
    assert (await browser.post(SETUP, json={**PERSON, "token": link})).status_code == 403
    with pytest.raises(Conflict, match="There is an owner already"):
        await service.create_owner(
            "b@example.com", "B", make.PASSWORD, passwords=make.PASSWORDS, now=db.now()
        )
    assert await database["accounts"].count_documents({}) == 1


async def test_the_command_line_refuses_a_weak_password(database: Database) -> None:
    with pytest.raises(Invalid, match="password"):
        await service.create_owner(
            "rani@example.com", "Rani", "short", passwords=make.PASSWORDS, now=db.now()
        )
    assert await database["accounts"].count_documents({}) == 0


async def test_a_setup_link_lives_a_day(database: Database) -> None:
    await _link()
    stored = await database["setup"].find_one({})
    assert stored is not None
    left = stored["expires_at"] - db.now()
    assert timedelta(hours=23) < left <= timedelta(hours=24)

"""The second factor: codes that open once, recovery, and what a session reaches without it."""

import asyncio
from typing import Any

import httpx
import pytest

from cms.accounts.documents import Account, Policy
from cms.accounts.keys import Keys
from cms.accounts.permissions import Role
from cms.core import db
from cms.core.db import Database
from tests import make
from tests.accounts.signing import (
    ADMIN,
    SESSION,
    code_of,
    everything,
    sign_in,
    turn_on_second_factor,
)

FACTOR = f"{ADMIN}/second-factor"
CODE = f"{SESSION}/code"


async def _in_with(browser: httpx.AsyncClient, account: Account, code: str) -> httpx.Response:
    browser.cookies.clear()
    half = await sign_in(browser, account)
    assert half.json()["lacks"] == "code"
    return await browser.post(CODE, json={"code": code})


async def test_enrolling_shows_a_secret_and_a_picture_and_asks_for_codes_from_then_on(
    browser: httpx.AsyncClient, database: Database
) -> None:
    account = await make.account()
    headers = await make.session(account)
    begun = (await browser.post(FACTOR, headers=headers)).json()

    assert begun["uri"].startswith("otpauth://totp/juri.example:person")
    assert f"secret={begun['secret']}" in begun["uri"]
    assert begun["qr_svg"].startswith("<svg")
    assert "script" not in begun["qr_svg"]
    assert (await browser.get(FACTOR, headers=headers)).json()["is_on"] is False
    assert (await sign_in(browser, account)).json()["lacks"] is None, "not before it is confirmed"

    data = {"code": code_of(begun["secret"])}
    done = await browser.post(f"{FACTOR}/confirm", json=data, headers=headers)
    assert len(set(done.json()["recovery_codes"])) == 10
    half = await sign_in(browser, account)
    assert (half.status_code, half.json()["lacks"]) == (201, "code")
    stored = await everything(database)
    for secret in (begun["secret"], *done.json()["recovery_codes"]):
        assert secret not in stored


async def test_the_code_makes_the_session_whole_under_a_new_id(
    browser: httpx.AsyncClient, database: Database
) -> None:
    account = await make.account()
    secret, _ = await turn_on_second_factor(browser, account)
    half = await sign_in(browser, account)
    before = half.cookies["lontar"]
    assert "lontar-device" not in half.cookies, "half a sign-in makes no browser known"

    whole = await browser.post(CODE, json={"code": code_of(secret)})

    assert (whole.status_code, whole.json()["lacks"]) == (201, None)
    assert whole.cookies["lontar"] != before
    assert (await browser.get(SESSION)).status_code == 200
    browser.cookies.clear()
    old = await browser.get(SESSION, headers={"Cookie": f"lontar={before}"})
    assert old.status_code == 401


async def test_the_code_may_come_with_the_password(browser: httpx.AsyncClient) -> None:
    account = await make.account()
    secret, _ = await turn_on_second_factor(browser, account)
    data = {"email": account.email, "password": make.PASSWORD, "code": code_of(secret)}
    assert (await browser.post(SESSION, json={**data, "code": "000000"})).status_code == 401
    answer = await browser.post(SESSION, json=data)
    assert (answer.status_code, answer.json()["lacks"]) == (201, None)


async def test_a_code_opens_once_also_when_it_comes_ten_times_at_once(
    browser: httpx.AsyncClient, database: Database
) -> None:
    account = await make.account()
    secret, _ = await turn_on_second_factor(browser, account)
    await database["throttles"].delete_many({})
    code = code_of(secret)
    half = [await make.session(account, "code") for _ in range(5)]
    tries = [browser.post(CODE, json={"code": code}, headers=headers) for headers in half]
    statuses = sorted([answer.status_code for answer in await asyncio.gather(*tries)])
    assert statuses == [201, 401, 401, 401, 401]


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (0, 201), (1, 201), (2, 401), (3, 401)])
async def test_a_clock_may_be_off_by_one_step(
    browser: httpx.AsyncClient, database: Database, steps: int, status: int
) -> None:
    account = await make.account()
    secret, _ = await turn_on_second_factor(browser, account)
    assert (await _in_with(browser, account, code_of(secret, steps))).status_code == status


async def test_an_earlier_code_is_refused_after_a_later_one(browser: httpx.AsyncClient) -> None:
    account = await make.account()
    secret, _ = await turn_on_second_factor(browser, account)
    assert (await _in_with(browser, account, code_of(secret, 1))).status_code == 201
    answer = await _in_with(browser, account, code_of(secret, 0))
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_code")


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: code.replace("-", " ")])
async def test_a_recovery_code_opens_once_however_it_is_typed(
    browser: httpx.AsyncClient, typed: Any
) -> None:
    account = await make.account()
    _, codes = await turn_on_second_factor(browser, account)
    assert (await _in_with(browser, account, typed(codes[0]))).status_code == 201
    assert (await browser.get(FACTOR)).json()["recovery_codes_left"] == 9
    assert (await _in_with(browser, account, codes[0])).status_code == 401


async def test_new_recovery_codes_end_the_old_ones(browser: httpx.AsyncClient) -> None:
    account = await make.account()
    _, codes = await turn_on_second_factor(browser, account)
    headers = await make.session(account)
    made = await browser.post(f"{FACTOR}/recovery-codes", headers=headers)
    assert (await _in_with(browser, account, codes[1])).status_code == 401
    new = made.json()["recovery_codes"][0]
    assert (await _in_with(browser, account, new)).status_code == 201


async def test_too_many_wrong_codes_wait(browser: httpx.AsyncClient) -> None:
    account = await make.account()
    secret, codes = await turn_on_second_factor(browser, account)
    await sign_in(browser, account)
    for _ in range(5):
        assert (await browser.post(CODE, json={"code": "000000"})).status_code == 401
    # A new half session is no way around it, nor a recovery code, nor the right one.
    for code in ("000001", codes[0], code_of(secret)):
        refused = await _in_with(browser, account, code)
        assert (refused.status_code, refused.headers["ratelimit"][:6]) == (429, '"code"')


@pytest.mark.parametrize(
    "code", ["", "12345", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "0" * 41, "12 34 5"]
)
async def test_what_is_no_code_is_refused(browser: httpx.AsyncClient, code: str) -> None:
    account = await make.account()
    await turn_on_second_factor(browser, account)
    answer = await _in_with(browser, account, code)
    assert answer.status_code in {401, 422}


async def test_no_sign_in_waits_for_a_code_without_a_half_session(
    browser: httpx.AsyncClient,
) -> None:
    account = await make.account()
    for headers in ({}, {"Cookie": "lontar=x"}, await make.session(account)):
        answer = await browser.post(CODE, json={"code": "123456"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "no_sign_in")


async def test_a_half_session_waits_ten_minutes(
    browser: httpx.AsyncClient, database: Database
) -> None:
    account = await make.account()
    secret, _ = await turn_on_second_factor(browser, account)
    await sign_in(browser, account)
    await database["sessions"].update_many({"stage": "code"}, {"$set": {"expires_at": db.now()}})
    answer = await browser.post(CODE, json={"code": code_of(secret)})
    assert (answer.status_code, answer.json()["code"]) == (401, "no_sign_in")


async def test_turning_it_off_needs_password_and_code_just_typed(
    browser: httpx.AsyncClient, database: Database
) -> None:
    account = await make.account()
    secret, _ = await turn_on_second_factor(browser, account)
    headers = await make.session(account, proven_at=account.created_at.replace(year=2020))
    asked = await browser.delete(FACTOR, headers=headers)
    assert (asked.status_code, asked.json()["code"]) == (403, "reauthentication_required")
    reauth = f"{SESSION}/reauth"
    for data, status in (
        ({"password": "wrong"}, 422),
        ({"password": make.PASSWORD}, 403),
        ({"password": make.PASSWORD, "code": "000000"}, 422),
    ):
        refused = await browser.post(reauth, json=data, headers=headers)
        assert refused.status_code == status, refused.text
    data = {"password": make.PASSWORD, "code": code_of(secret)}
    answer = await browser.post(reauth, json=data, headers=headers)
    fresh = {"X-CSRF-Token": headers["X-CSRF-Token"]}
    assert answer.json()["csrf_token"] == headers["X-CSRF-Token"], "other tabs go on"
    assert (await browser.delete(FACTOR, headers=fresh)).status_code == 204
    assert (await sign_in(browser, account)).json()["lacks"] is None


async def test_the_owner_can_ask_owner_and_admins_for_one(
    browser: httpx.AsyncClient, database: Database
) -> None:
    owner = await make.session(await make.account())
    policy = f"{ADMIN}/account-policy"
    data = {"second_factor_required": True}
    stale = await browser.patch(policy, json=data, headers={**owner, "If-Match": '"7"'})
    assert stale.status_code == 412
    done = await browser.patch(policy, json=data, headers={**owner, "If-Match": '"0"'})
    assert done.json() == {"second_factor_required": True, "revision": 1}

    admin = await make.account(role=Role.ADMIN)
    browser.cookies.clear()
    assert (await sign_in(browser, admin)).json()["lacks"] == "enrolment"
    refused = await browser.get(f"{ADMIN}/articles")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")
    secret, _ = await turn_on_second_factor(browser, admin)
    assert (await _in_with(browser, admin, code_of(secret))).json()["lacks"] is None
    assert (await browser.get(f"{ADMIN}/articles")).status_code == 200
    off = await browser.delete(FACTOR, headers=await make.session(admin))
    assert (off.status_code, off.json()["code"]) == (409, "factor_required")


async def test_a_rotated_key_still_opens_what_the_one_before_sealed(database: Database) -> None:
    old, new = Keys("o" * 32), Keys("n" * 32, ("o" * 32,))
    sealed = old.seal(b"12345678901234567890")
    assert new.unseal(sealed) == b"12345678901234567890"
    assert Keys("n" * 32).unseal(sealed) is None
    assert new.fits_session(old.csrf_token("a"), "a")
    assert not new.fits_session(old.csrf_token("a"), "b")
    assert not Keys("n" * 32).fits_session(old.csrf_token("a"), "a")
    assert new.device_of(old.device_mark("a@b.example"), "a@b.example")
    assert new.device_of(old.device_mark("a@b.example"), "c@b.example") is None
    assert "o" * 32 not in repr(old) + repr(new)
    tampered = sealed[:-6] + ("AAAAA=" if not sealed.endswith("AAAAA=") else "BBBBB=")
    assert new.unseal(tampered) is None
    assert Policy().second_factor_required is False

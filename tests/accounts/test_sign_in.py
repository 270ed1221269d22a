"""Signing in: what is told to strangers, what is stored, and what ends a session."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from litestar import Litestar

from cms.accounts.passwords import Passwords
from cms.app import create_litestar
from cms.config import Settings
from cms.core import db
from cms.core.db import Database
from tests import make
from tests.accounts.signing import (
    ADMIN,
    SESSION,
    but_instance,
    client,
    everything,
    sha256,
    sign_in,
    signed_in,
)


@pytest.fixture
def verifications(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hash of each argon2 verification that was made."""
    calls: list[str] = []
    real = PasswordHasher.verify

    def counted(self: PasswordHasher, stored: str, password: str) -> Any:
        calls.append(stored)
        return real(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    return calls


async def test_unknown_wrong_and_disabled_answer_alike_and_hash_once(
    browser: httpx.AsyncClient, verifications: list[str], database: db.Database
) -> None:
    known = await make.account()
    disabled = await make.account(disabled_at=db.now())
    attempts = [
        ("nobody@example.com", make.PASSWORD),
        (known.email, "wrong " + make.PASSWORD),
        (disabled.email, make.PASSWORD),
        (disabled.email, "wrong"),
        ("not an address", "x"),
    ]

    answers, counts = [], []
    for email, password in attempts:
        verifications.clear()
        await database["throttles"].delete_many({})  # what is left for the address goes down
        answers.append(await browser.post(SESSION, json={"email": email, "password": password}))
        counts.append(len(verifications))

    assert counts == [1] * len(attempts)
    assert {answer.status_code for answer in answers} == {401}
    first = but_instance(answers[0])
    assert first["code"] == "wrong_credentials"
    changing = {"x-request-id", "content-length"}
    for answer in answers:
        assert but_instance(answer) == first
        assert len(answer.content) == len(answers[0].content)
        assert {n: v for n, v in answer.headers.items() if n not in changing} == {
            n: v for n, v in answers[0].headers.items() if n not in changing
        }


async def test_a_right_password_is_verified_once_against_the_stored_hash(
    browser: httpx.AsyncClient, verifications: list[str]
) -> None:
    account = await make.account()
    assert (await sign_in(browser, account)).status_code == 201
    assert verifications == [account.password_hash]


@pytest.mark.parametrize("typed", [" Rani@EXAMPLE.com ", "\uff52ani@example.com"])
async def test_the_address_is_normalised_as_when_it_was_stored(
    browser: httpx.AsyncClient, typed: str
) -> None:
    await make.account(email="rani@example.com")
    answer = await browser.post(SESSION, json={"email": typed, "password": make.PASSWORD})
    assert answer.status_code == 201


async def test_the_session_is_stored_as_its_hash_alone(
    browser: httpx.AsyncClient, database: Database
) -> None:
    session = await signed_in(browser)

    stored = await database["sessions"].find_one({})

    assert stored is not None
    assert stored["_id"] == sha256(session.secret)
    assert stored["expires_at"] - stored["created_at"] == timedelta(days=14)
    found = await everything(database)
    for secret in (session.secret, session.csrf, make.PASSWORD):
        assert secret not in found


async def test_a_cookie_that_the_client_chose_is_never_adopted(
    browser: httpx.AsyncClient, database: Database
) -> None:
    browser.cookies.set("lontar", "chosen-by-an-attacker")
    account = await make.account()

    answer = await sign_in(browser, account)

    assert answer.status_code == 201
    assert answer.cookies["lontar"] != "chosen-by-an-attacker"
    fixed = {"Cookie": "lontar=chosen-by-an-attacker"}
    browser.cookies.clear()
    assert (await browser.get(SESSION, headers=fixed)).status_code == 401
    assert await database["sessions"].find_one({"_id": sha256("chosen-by-an-attacker")}) is None


async def test_signing_in_again_takes_a_new_id_and_ends_the_old_session(
    browser: httpx.AsyncClient, database: Database
) -> None:
    before = await signed_in(browser)
    after = await signed_in(browser, before.account)

    assert after.secret != before.secret
    assert after.csrf != before.csrf
    assert await database["sessions"].count_documents({}) == 1
    browser.cookies.clear()
    old = await browser.get(SESSION, headers={"Cookie": f"lontar={before.secret}"})
    assert old.status_code == 401


async def test_a_failed_sign_in_leaves_the_session(browser: httpx.AsyncClient) -> None:
    session = await signed_in(browser)
    assert (await sign_in(browser, session.account, "wrong")).status_code == 401
    assert (await browser.get(SESSION)).status_code == 200


@pytest.mark.parametrize(
    ("moved", "status"),
    [
        ({"last_used_at": timedelta(hours=11, minutes=59)}, 200),
        ({"last_used_at": timedelta(hours=12)}, 401),
        ({"expires_at": timedelta(days=14) - timedelta(minutes=1)}, 200),
        ({"expires_at": timedelta(days=14)}, 401),
    ],
)
async def test_a_session_ends_after_12_idle_hours_or_14_days(
    browser: httpx.AsyncClient, database: Database, moved: dict[str, timedelta], status: int
) -> None:
    await signed_in(browser)
    stored = await database["sessions"].find_one({})
    assert stored is not None
    earlier = {name: stored[name] - delta for name, delta in moved.items()}
    await database["sessions"].update_one({}, {"$set": earlier})

    assert (await browser.get(SESSION)).status_code == status


async def test_use_keeps_a_session_from_idling(
    browser: httpx.AsyncClient, database: Database
) -> None:
    await signed_in(browser)
    before = db.now() - timedelta(hours=11)
    await database["sessions"].update_one({}, {"$set": {"last_used_at": before}})

    await browser.get(SESSION)

    stored = await database["sessions"].find_one({})
    assert stored is not None
    assert stored["last_used_at"] > before + timedelta(hours=10)
    assert stored["expires_at"] - stored["created_at"] == timedelta(days=14)


async def test_signing_out_ends_the_session_and_clears_the_browser(
    browser: httpx.AsyncClient, database: Database
) -> None:
    session = await signed_in(browser)

    answer = await browser.delete(SESSION, headers=session.header)

    assert answer.status_code == 204
    assert answer.content == b""
    # Not "cookies": the mark of a known device opens nothing and keeps strangers from locking out.
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert await database["sessions"].count_documents({}) == 0
    old = await browser.get(SESSION, headers={"Cookie": f"lontar={session.secret}"})
    assert old.status_code == 401


async def test_a_disabled_account_is_out_at_the_next_request(
    browser: httpx.AsyncClient, database: Database
) -> None:
    session = await signed_in(browser)
    token = await make.token(session.account)
    await database["accounts"].update_one({}, {"$set": {"disabled_at": db.now()}})

    assert (await browser.get(SESSION)).status_code == 401
    bearer = {"Authorization": f"Bearer {token}"}
    assert (await browser.get(SESSION, headers=bearer)).status_code == 401


async def test_a_removed_account_is_out_at_the_next_request(
    browser: httpx.AsyncClient, database: Database
) -> None:
    await signed_in(browser)
    await database["accounts"].delete_many({})
    assert (await browser.get(SESSION)).status_code == 401


def _attributes(answer: httpx.Response) -> tuple[str, set[str]]:
    pair, *attributes = [
        part.strip() for part in answer.headers.get_list("set-cookie")[0].split(";")
    ]
    return pair.partition("=")[0], {item.lower() for item in attributes}


async def test_the_cookie_is_http_only_strict_and_host_bound(browser: httpx.AsyncClient) -> None:
    answer = await sign_in(browser, await make.account())
    name, attributes = _attributes(answer)
    assert name == "lontar"
    assert attributes == {"httponly", "samesite=strict", "path=/", "max-age=1209600"}


async def test_over_tls_the_cookie_is_secure_and_carries_the_host_prefix(
    settings: Settings, served: Litestar, database: Database
) -> None:
    origin = "https://cms.example"
    over_tls = replace(settings, public_url=origin)
    app = create_litestar(over_tls, "mongodb://unused")
    async with client(app, over_tls, origin) as browser:
        answer = await sign_in(browser, await make.account())
        name, attributes = _attributes(answer)

        assert name == "__Host-lontar"
        assert attributes == {"httponly", "samesite=strict", "path=/", "max-age=1209600", "secure"}
        assert (await browser.get(SESSION)).status_code == 200
        assert "max-age=63072000" in answer.headers["strict-transport-security"]
        # The plain name is no way in once the site is behind TLS.
        secret = answer.cookies["__Host-lontar"]
        browser.cookies.clear()
        plain = await browser.get(SESSION, headers={"Cookie": f"lontar={secret}"})
        assert plain.status_code == 401


async def test_a_hash_of_weaker_parameters_is_renewed_at_sign_in(
    settings: Settings, served: Litestar, browser: httpx.AsyncClient, database: Database
) -> None:
    raised = replace(settings, argon2_time_cost=3)
    account = await make.account()
    async with client(create_litestar(raised, "mongodb://unused"), raised) as stronger:
        assert (await sign_in(stronger, account, "wrong")).status_code == 401
        kept = await database["accounts"].find_one({})
        assert kept is not None
        assert kept["password_hash"] == account.password_hash

        assert (await sign_in(stronger, account)).status_code == 201

    stored = await database["accounts"].find_one({})
    assert stored is not None
    assert "t=3" in stored["password_hash"]
    assert (await sign_in(browser, account)).status_code == 201


@pytest.mark.parametrize(("memory", "passes"), [(19455, 2), (19456, 1), (0, 0)])
def test_weaker_hashing_than_owasp_allows_is_refused(memory: int, passes: int) -> None:
    with pytest.raises(ValueError, match="argon2id"):
        Passwords(memory, passes)


@pytest.mark.parametrize(
    "cookie",
    ["lontar=", "lontar=x", "lontar=" + "a" * 8000, 'lontar="\\"', "lontar=%00%ff", "=;;=", "\xe9"],
)
async def test_a_made_up_cookie_is_not_signed_in(browser: httpx.AsyncClient, cookie: str) -> None:
    headers = [(b"cookie", cookie.encode("latin-1"))]
    answer = await browser.get(f"{ADMIN}/articles", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")

"""How often strangers may knock, by whom they are told apart, and who is never locked out."""

import asyncio
import re
from datetime import timedelta

import httpx
import pytest
from litestar import Litestar

from cms.accounts import limits
from cms.app import wrapped
from cms.config import Settings
from cms.core import db
from cms.core.db import Database
from cms.core.errors import TooManyRequests
from cms.core.openapi_operations import operations
from cms.throttles import service
from cms.throttles.service import Bucket, Limit
from cms.throttles.telling import Telling
from tests import make
from tests.accounts.signing import ADMIN, SESSION, sign_in

NOW = db.now()
THREE = Bucket(Limit("three", 3, 60), "somebody")


async def test_one_more_than_the_limit_is_refused_until_the_window_is_over(
    database: Database,
) -> None:
    for _ in range(3):
        await service.take([THREE], NOW)
    with pytest.raises(TooManyRequests) as refused:
        await service.take([THREE], NOW + timedelta(seconds=20))
    assert refused.value.headers == {
        "Retry-After": "40",
        "RateLimit-Policy": '"three";q=3;w=60',
        "RateLimit": '"three";r=0;t=40',
    }
    await service.take([THREE], NOW + timedelta(seconds=60))
    await service.take([Bucket(THREE.limit, "somebody else")], NOW)


async def test_sixty_at_once_are_counted_one_by_one(database: Database) -> None:
    async def knock() -> bool:
        return await service.fits([THREE], NOW)

    assert sum(await asyncio.gather(*(knock() for _ in range(60)))) == 3


async def test_a_clock_that_is_set_back_ends_the_window(database: Database) -> None:
    for _ in range(4):
        await service.fits([THREE], NOW + timedelta(days=1))
    assert await service.fits([THREE], NOW)


async def test_what_is_stored_names_nobody(database: Database) -> None:
    await service.take([Bucket(THREE.limit, "203.0.113.7 rani@example.com")], NOW)
    stored = await database["throttles"].find_one({})
    assert stored is not None
    assert "rani" not in str(stored)
    assert "203.0.113.7" not in str(stored)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("2001:DB8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("a host", "unknown"),
    ],
)
def test_an_address_stands_for_its_household(address: str, network: str) -> None:
    assert service.network_of(address) == network


async def test_the_eleventh_wrong_password_waits_and_says_until_when(
    browser: httpx.AsyncClient,
) -> None:
    account = await make.account()
    for _ in range(limits.SIGN_IN_PAIR.most):
        assert (await sign_in(browser, account, "wrong")).status_code == 401

    refused = await sign_in(browser, account, "wrong")

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(refused.headers["retry-after"]) <= 900
    assert refused.headers["ratelimit-policy"] == '"sign-in";q=10;w=900'
    assert refused.headers["ratelimit"].startswith('"sign-in";r=0;t=')
    assert (await sign_in(browser, account)).status_code == 429, "the right one neither"
    other = await make.account()
    assert (await sign_in(browser, other)).status_code == 201


async def test_an_unknown_account_is_throttled_as_a_known_one(browser: httpx.AsyncClient) -> None:
    data = {"email": "nobody@example.com", "password": "wrong"}
    statuses = [(await browser.post(SESSION, json=data)).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


async def test_signing_in_well_counts_nothing(browser: httpx.AsyncClient) -> None:
    account = await make.account()
    for _ in range(12):
        browser.cookies.clear()
        assert (await sign_in(browser, account)).status_code == 201


async def test_the_owner_is_not_locked_out_by_strangers(
    served: Litestar, settings: Settings, browser: httpx.AsyncClient, database: Database
) -> None:
    """Strangers who knock in vain, from everywhere and from the owner's own address."""
    owner = await make.account()
    assert (await sign_in(browser, owner)).status_code == 201  # this browser is known now
    for limit, subject in (
        (limits.SIGN_IN_ACCOUNT, owner.email),
        (limits.SIGN_IN_ADDRESS, "127.0.0.1"),
        (limits.SIGN_IN_PAIR, f"127.0.0.1 {owner.email}"),
    ):
        for _ in range(limit.most):
            await service.fits([Bucket(limit, subject)], db.now())
    stranger = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=wrapped(served, settings), client=("203.0.113.9", 1)),
        base_url="http://127.0.0.1:8000",
    )
    async with stranger:
        assert (await sign_in(stranger, owner)).status_code == 429, "the control: it is throttled"
        # The mark of another account, or a made-up one, is none.
        for mark in (make.KEYS.device_mark("other@example.com"), "x.y", "." * 10):
            headers = {"Cookie": f"lontar-device={mark}"}
            data = {"email": owner.email, "password": make.PASSWORD}
            assert (await stranger.post(SESSION, json=data, headers=headers)).status_code == 429

    out = await browser.delete(SESSION, headers={"X-CSRF-Token": await _csrf(browser)})
    assert out.status_code == 204
    assert (await sign_in(browser, owner)).status_code == 201


async def _csrf(browser: httpx.AsyncClient) -> str:
    return str((await browser.get(SESSION)).json()["csrf_token"])


async def test_a_known_browser_is_throttled_by_itself(browser: httpx.AsyncClient) -> None:
    account = await make.account()
    await sign_in(browser, account)
    statuses = [(await sign_in(browser, account, "wrong")).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


async def test_every_counted_answer_tells_what_is_left(browser: httpx.AsyncClient) -> None:
    """Of what the one who knocks did, never of what strangers did to the same account."""
    account = await make.account()
    policies = '"sign-in";q=10;w=900, "sign-in-address";q=50;w=900'
    for left in (9, 8):
        wrong = await sign_in(browser, account, "wrong")
        assert wrong.status_code == 401
        assert wrong.headers["ratelimit-policy"] == policies
        told = f'"sign-in";r={left};t=N, "sign-in-address";r={left + 40};t=N'
        assert re.sub(r"t=\d+", "t=N", wrong.headers["ratelimit"]) == told
    right = await sign_in(browser, account)
    assert right.status_code == 201
    assert right.headers["ratelimit"].startswith('"sign-in";r=8;t='), "what is right counts nothing"
    assert "ratelimit" not in (await browser.get(SESSION)).headers
    refused = await browser.post(SESSION, json={"email": account.email})
    assert (refused.status_code, "ratelimit" in refused.headers) == (422, False)


async def test_other_doors_tell_it_too(reader: httpx.AsyncClient) -> None:
    headers = await make.session(await make.account())
    wrong = {"password": "wrong"}
    reauth = await reader.post(f"{SESSION}/reauth", json=wrong, headers=headers)
    assert (reauth.status_code, reauth.headers["ratelimit"][:23]) == (
        422,
        '"reauthentication";r=9;',
    )
    asked = await reader.post(f"{ADMIN}/password-reset", json={"email": "a@example.com"})
    assert (asked.status_code, asked.headers["ratelimit"][:11]) == (202, '"reset";r=9')
    link = await reader.post(f"{ADMIN}/account/email/confirm", json={"token": "x"})
    assert (link.status_code, link.headers["ratelimit"][:11]) == (403, '"link";r=29')


def test_no_route_counts_without_telling(served: Litestar) -> None:
    counting = [item for item in operations(served) if TooManyRequests in item.reach.refusals]
    assert len(counting) > 8
    for item in counting:
        around = item.handler.resolve_middleware()
        assert [kind for kind in around if kind is Telling], item.name


@pytest.mark.parametrize(
    ("path", "data", "most"),
    [
        ("/setup", {"email": "a@example.com", "name": "A", "password": "x", "token": "x"}, 30),
        ("/invitations/accept", {"token": "x", "name": "A", "password": "x"}, 30),
        ("/password-reset/confirm", {"token": "x", "password": "x"}, 30),
        ("/account/email/confirm", {"token": "x"}, 30),
        ("/password-reset", {"email": "a@example.com"}, 10),
    ],
)
async def test_every_other_door_is_throttled_by_address(
    reader: httpx.AsyncClient, path: str, data: dict[str, str], most: int
) -> None:
    answers = [await reader.post(ADMIN + path, json=data) for _ in range(most + 1)]
    assert {answer.status_code for answer in answers[:-1]} <= {202, 403}
    assert answers[-1].status_code == 429


async def test_guessing_the_password_of_a_stolen_session_is_throttled(
    reader: httpx.AsyncClient,
) -> None:
    headers = await make.session(await make.account())
    path, data = f"{SESSION}/reauth", {"password": "wrong"}
    answers = [await reader.post(path, json=data, headers=headers) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]

"""The attacks on accounts that we know of; each has a control without the defence, which fires."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from litestar import Litestar

from cms.accounts import guards, limits, second_factor, service
from cms.accounts.documents import Account
from cms.accounts.links import documents as links
from cms.accounts.links import opening
from cms.accounts.passwords import Passwords
from cms.accounts.permissions import Role
from cms.app import wrapped
from cms.config import Settings
from cms.core import db
from cms.core.db import Database
from cms.throttles.documents import Throttle
from tests import make
from tests.accounts.signing import (
    ADMIN,
    SESSION,
    bearer,
    but_instance,
    code_of,
    everything,
    inbox,
    sign_in,
    turn_on_second_factor,
)

Patch = pytest.MonkeyPatch
RESET = f"{ADMIN}/password-reset"
NEW = "bambu runcing kaca danau pagi"
EVIL = "evil.example"


def token_of(link: str) -> str:
    return link.partition("#token=")[2].split()[0]


# Sessions alive after sign-out, disable, password change


async def _survivors(browser: httpx.AsyncClient) -> list[str]:
    """What ended a session that still answers afterwards."""
    found = []
    for ending in ("sign-out", "disable", "password", "reset", "role"):
        account = await make.account(role=Role.AUTHOR)
        session = await make.session(account)
        token = bearer(await make.token(account))
        owner = await make.session(await make.account())
        assert (await browser.get(SESSION, headers=session)).status_code == 200
        at, data = f"{ADMIN}/accounts/{account.id}", {"current_password": make.PASSWORD}
        if ending == "sign-out":
            await browser.delete(SESSION, headers=session)
        elif ending == "disable":
            await browser.post(f"{at}/disable", headers=owner)
        elif ending == "password":
            path = f"{ADMIN}/account/password"
            await browser.post(path, json={**data, "password": NEW}, headers=session)
        elif ending == "reset":
            link = await browser.post(f"{at}/reset-link", headers=owner)
            reset = {"token": token_of(link.json()["link"]), "password": NEW}
            assert (await browser.post(f"{RESET}/confirm", json=reset)).status_code == 204
        else:
            await browser.post(f"{at}/role", json={"role": "editor"}, headers=owner)
        browser.cookies.clear()
        ways = [session] if ending == "sign-out" else [session, token]
        statuses = [(await browser.get(SESSION, headers=way)).status_code for way in ways]
        found += [ending] if 200 in statuses else []
    return found


async def test_no_session_or_token_outlives_its_end(browser: httpx.AsyncClient) -> None:
    assert await _survivors(browser) == []


async def test_control_a_session_that_is_remembered_outlives_its_end(
    browser: httpx.AsyncClient, monkeypatch: Patch
) -> None:
    remembered: dict[str, Any] = {}
    real = service.by_session

    async def cached(secret: str, *more: Any) -> Any:
        remembered[secret] = remembered.get(secret) or await real(secret, *more)
        return remembered[secret]

    async def found(actor: Any) -> Any:
        return await Account.by_id(actor.account_id)

    monkeypatch.setattr(service, "by_session", cached)
    monkeypatch.setattr(service, "account_of", found)
    assert set(await _survivors(browser)) >= {"sign-out", "disable", "password"}


# Session fixation


async def _fixated(browser: httpx.AsyncClient, planted: str) -> bool:
    account = await make.account()
    browser.cookies.set("lontar", planted)
    assert (await sign_in(browser, account)).status_code == 201
    browser.cookies.clear()
    attacker = {"Cookie": f"lontar={planted}"}
    return (await browser.get(SESSION, headers=attacker)).status_code == 200


async def test_no_cookie_that_somebody_planted_is_ever_signed_in(
    browser: httpx.AsyncClient, database: Database
) -> None:
    assert not await _fixated(browser, "planted")
    half = await make.session(await make.account(), "code")
    assert not await _fixated(browser, half["Cookie"].partition("=")[2])


async def test_control_a_session_that_adopts_the_cookie_is_fixated(
    browser: httpx.AsyncClient, monkeypatch: Patch
) -> None:
    adopting = SimpleNamespace(token_urlsafe=lambda _: "planted")
    monkeypatch.setattr(service, "secrets", adopting)
    assert await _fixated(browser, "planted")


# Reset poisoning by Host and X-Forwarded-Host

POISON = [
    {"Host": EVIL},
    {"X-Forwarded-Host": EVIL},
    {"Host": f"127.0.0.1:8000@{EVIL}"},
    {"Forwarded": f"host={EVIL};proto=https", "X-Forwarded-Proto": "https"},
    {"X-Original-URL": f"https://{EVIL}/", "X-Host": EVIL, "X-Forwarded-Server": EVIL},
    {"Origin": f"https://{EVIL}", "Referer": f"https://{EVIL}/", "Sec-Fetch-Site": "same-origin"},
]


async def _poisoned(settings: Settings, **changes: Any) -> list[str]:
    await make.account(email="rani@example.com")
    async with inbox(settings, **changes) as mail:
        for headers in POISON:
            answer = await mail.browser.post(
                RESET, json={"email": "rani@example.com"}, headers=headers
            )
            assert answer.status_code in {202, 400, 403, 421}
        return [text for letter in await mail.all() if EVIL in (text := letter.get_content())]


async def test_no_header_says_where_a_reset_link_leads(
    settings: Settings, database: Database
) -> None:
    assert await _poisoned(settings) == []


async def test_control_a_poisoned_link_would_be_seen(
    settings: Settings, database: Database
) -> None:
    assert await _poisoned(settings, public_url=f"https://{EVIL}")


# Confusion of what a secret is for, and a race for one


async def _confused(browser: httpx.AsyncClient) -> list[tuple[str, str]]:
    """Which secret opened a door that it is not for."""
    account = await make.account()
    about = {"account_id": account.id, "email": "other@example.com", "role": Role.AUTHOR}
    ways: dict[str, Any] = {
        "reset": (f"{RESET}/confirm", {"password": NEW}),
        "invitation": (f"{ADMIN}/invitations/accept", {"name": "A", "password": NEW}),
        "email": (f"{ADMIN}/account/email/confirm", {}),
        "setup": (f"{ADMIN}/setup", {"email": "x@example.com", "name": "X", "password": NEW}),
    }
    secrets: dict[str, str] = {}
    for purpose in ("reset", "invitation", "email"):
        made = await opening.make(purpose, "", db.now(), **about)
        secrets[purpose] = token_of(made[1])
    secrets["session"] = (await make.session(account))["Cookie"].partition("=")[2]
    secrets["token"] = await make.token(account)
    found = []
    for kind, secret in secrets.items():
        for purpose, (path, data) in ways.items():
            if kind != purpose:
                answer = await browser.post(path, json={**data, "token": secret})
                found += [(kind, purpose)] if answer.is_success else []
        for headers in (bearer(secret), {"Cookie": f"lontar={secret}"}):
            is_own = kind == ("token" if "Authorization" in headers else "session")
            browser.cookies.clear()
            answer = await browser.get(SESSION, headers=headers)
            found += [(kind, "session")] if answer.status_code == 200 and not is_own else []
    return found


async def test_no_secret_opens_a_door_that_it_is_not_for(browser: httpx.AsyncClient) -> None:
    assert await _confused(browser) == []


async def test_control_secrets_without_a_purpose_are_confused(
    browser: httpx.AsyncClient, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(opening, "digest", lambda _, secret: service.digest(secret))
    monkeypatch.setattr(
        links.Link, "_usable", staticmethod(lambda _purpose, digest, _now: {"digest": digest})
    )
    assert ("invitation", "reset") in await _confused(browser)


async def _winners(browser: httpx.AsyncClient) -> int:
    account = await make.account()
    made = await opening.make("reset", "", db.now(), account_id=account.id, email=account.email)
    data = {"token": token_of(made[1])}
    tries = [
        browser.post(f"{RESET}/confirm", json={**data, "password": f"{NEW} {number}"})
        for number in range(20)
    ]
    statuses = [answer.status_code for answer in await asyncio.gather(*tries)]
    assert set(statuses) <= {204, 403}
    return statuses.count(204)


async def test_of_twenty_who_use_one_reset_link_one_wins(browser: httpx.AsyncClient) -> None:
    assert await _winners(browser) == 1


async def test_control_a_link_that_is_looked_up_and_then_removed_is_won_twice(
    browser: httpx.AsyncClient, monkeypatch: Patch
) -> None:
    async def claim(*_: Any) -> bool:
        return True

    monkeypatch.setattr(links.Link, "claim", claim)
    assert await _winners(browser) > 1


# Enumeration of accounts by bytes and time


async def _differences(browser: httpx.AsyncClient, monkeypatch: Patch) -> list[str]:
    """What tells a known account from an unknown one at the open doors."""
    hashes: list[str] = []
    real = PasswordHasher.verify

    def counted(self: PasswordHasher, stored: str, password: str) -> Any:
        hashes.append(stored)
        return real(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    account = await make.account()
    off = await make.account(disabled_at=db.now())
    shown: list[Any] = []
    for email in (account.email, off.email, "no@example.com"):
        hashes.clear()
        await Throttle.delete_all()  # each comes as the first from its address
        wrong = await browser.post(SESSION, json={"email": email, "password": "wrong"})
        asked = await browser.post(RESET, json={"email": email})
        headers = [
            {name: value for name, value in answer.headers.items() if name != "x-request-id"}
            for answer in (wrong, asked)
        ]
        shown.append((but_instance(wrong), asked.content, headers, len(hashes)))
    names = ("sign-in", "reset", "headers", "hashes")
    return [name for name, *values in zip(names, *shown, strict=True) if len(_unique(values)) > 1]


def _unique(values: list[Any]) -> set[str]:
    return {json.dumps(value, default=str, sort_keys=True) for value in values}


async def test_nobody_is_told_by_bytes_or_hashes_who_has_an_account(
    settings: Settings, browser: httpx.AsyncClient, monkeypatch: Patch, database: Database
) -> None:
    assert await _differences(browser, monkeypatch) == []
    async with inbox(settings) as mail:
        assert await _differences(mail.browser, monkeypatch) == []


async def test_control_an_early_answer_for_unknown_accounts_is_seen(
    browser: httpx.AsyncClient, monkeypatch: Patch
) -> None:
    real = Passwords.verify

    async def early(self: Passwords, stored: str | None, password: str) -> bool:
        return stored is not None and await real(self, stored, password)

    monkeypatch.setattr(Passwords, "verify", early)
    assert await _differences(browser, monkeypatch) == ["hashes"]


async def test_asking_for_a_reset_speaks_to_the_database_alike_before_the_answer(
    settings: Settings, database: Database, monkeypatch: Patch
) -> None:
    """Whatever depends on the account is put off, so that no time tells."""
    await make.account(email="rani@example.com")
    async with inbox(settings) as mail:
        put_off: list[Any] = []
        postman = mail.app.state["postman"]
        monkeypatch.setattr(type(postman), "beside", lambda _, work: put_off.append(work))
        lookups: list[str] = []
        monkeypatch.setattr(Account, "by_email", lookups.append)
        for email in ("rani@example.com", "no@example.com"):
            await mail.browser.post(RESET, json={"email": email})
        assert lookups == []
        assert len(put_off) == 2
        for work in put_off:
            work.close()


# Throttles that can be dodged


async def _attempts(served: Litestar, settings: Settings, email: str) -> int:
    """How many of sixty wrong passwords are looked at, however they are dressed up."""
    transport = httpx.ASGITransport(app=wrapped(served, settings), client=("203.0.113.9", 1))
    user, _, domain = email.partition("@")
    wide = email.translate({ord(letter): ord(letter) + 0xFEE0 for letter in "abcdefghijk"})
    dressed = [
        *(
            email,
            email.upper(),
            f" {email}",
            f"{email}\t",
            wide,
            email.title(),
            f"{user}@{domain} ",
        ),
    ]
    looked_at = 0
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        for number in range(60):
            hops = f"198.51.100.{number}"
            forged = [
                *(
                    "X-Forwarded-For",
                    "X-Real-IP",
                    "Forwarded",
                    "True-Client-IP",
                    "CF-Connecting-IP",
                ),
            ]
            headers = {forged[number % 5]: hops, "User-Agent": hops, "Cookie": f"lontar={number}"}
            answer = await client.post(
                SESSION + "/" * (number % 2),
                json={"email": dressed[number % len(dressed)], "password": "wrong"},
                headers=headers,
            )
            assert answer.status_code in {401, 429}, answer.text
            looked_at += answer.status_code == 401
    return looked_at


async def test_no_dress_dodges_the_throttle(
    served: Litestar, settings: Settings, database: Database
) -> None:
    account = await make.account()
    looked_at = await _attempts(served, settings, account.email)
    assert looked_at == limits.SIGN_IN_PAIR.most
    trusting = replace(settings, trusted_proxies=("10.0.0.0/8",))
    await database["throttles"].delete_many({})
    assert await _attempts(served, trusting, account.email) == limits.SIGN_IN_PAIR.most


async def test_control_an_address_as_it_was_typed_or_forwarded_dodges_the_throttle(
    served: Litestar, settings: Settings, database: Database, monkeypatch: Patch
) -> None:
    account = await make.account()
    trusting = replace(settings, trusted_proxies=("203.0.113.0/24",))
    assert await _attempts(served, trusting, account.email) > limits.SIGN_IN_PAIR.most
    monkeypatch.setattr(service, "normal", str)
    await database["throttles"].delete_many({})
    assert await _attempts(served, settings, account.email) > limits.SIGN_IN_PAIR.most


# Escalation to owner, and others' things by their id


async def _escalated(browser: httpx.AsyncClient, role: Role) -> list[str]:
    me = await make.account(role=role)
    mine = await make.session(me)
    owner, _ = await make.account(), await make.account()  # neither is the last
    owners = await make.session(owner)
    other = await make.account(role=Role.CONTRIBUTOR)
    token = await make.token(owner)
    ident = (await browser.get(f"{ADMIN}/tokens", headers=bearer(token))).json()["items"][0]["id"]
    session = (await browser.get(f"{ADMIN}/sessions", headers=owners)).json()["items"][0]["id"]
    data = {"email": "boss@example.com", "role": "owner"}
    invited = (await browser.post(f"{ADMIN}/invitations", json=data, headers=owners)).json()["id"]
    at, boss = f"{ADMIN}/accounts", {"role": "owner"}
    tries: list[tuple[str, str, Any]] = [
        ("POST", f"{at}/{me.id}/role", boss),
        ("POST", f"{at}/{other.id}/role", boss),
        ("POST", f"{at}/{owner.id}/role", {"role": "contributor"}),
        ("POST", f"{at}/{owner.id}/disable", None),
        ("POST", f"{at}/{owner.id}/reset-link", None),
        ("POST", f"{at}/{owner.id}/erase", None),
        ("DELETE", f"{at}/{owner.id}/sessions", None),
        ("POST", f"{at}/{me.id}/transfer-ownership", None),
        ("POST", f"{ADMIN}/invitations", {**data, "email": "me@example.com"}),
        ("DELETE", f"{ADMIN}/invitations/{invited}", None),
        ("DELETE", f"{ADMIN}/tokens/{ident}", None),
        ("DELETE", f"{ADMIN}/sessions/{session}", None),
    ]
    found = []
    for method, path, body in tries:
        answer = await browser.request(method, path, json=body, headers=mine)
        found += [path.removeprefix(ADMIN)] if answer.is_success else []
    stored = await Account.by_id(me.id)  # type: ignore[arg-type]
    assert stored is not None
    return found + (["owner"] if stored.role is Role.OWNER else [])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
async def test_nobody_rises_to_owner_or_touches_what_is_not_theirs(
    browser: httpx.AsyncClient, database: Database, role: Role
) -> None:
    assert await _escalated(browser, role) == []


async def test_control_an_admin_who_may_manage_everybody_rises(
    browser: httpx.AsyncClient, monkeypatch: Patch, database: Database
) -> None:
    for module in ("people", "links.resets"):
        monkeypatch.setattr(f"cms.accounts.{module}.may_manage", lambda *_: True)
    assert len(await _escalated(browser, Role.ADMIN)) >= 3


# A second factor that is skipped


async def _skipped(browser: httpx.AsyncClient) -> list[str]:
    account = await make.account()
    secret, codes = await turn_on_second_factor(browser, account)
    await sign_in(browser, account)
    csrf = {"X-CSRF-Token": "x"}
    found = []
    for method, path, data in (
        ("GET", "/session", None),
        ("GET", "/articles", None),
        ("POST", "/articles", {"title": "x"}),
        ("DELETE", "/second-factor", None),
        ("POST", "/session/reauth", {"password": make.PASSWORD}),
        ("POST", "/tokens", {"name": "x", "scopes": ["read"]}),
        ("POST", "/session/code", {"code": "000000"}),
    ):
        answer = await browser.request(method, ADMIN + path, json=data, headers=csrf)
        found += [path] if answer.is_success or answer.status_code == 403 else []
    for used in (codes[0], code_of(secret)):
        for attempt in range(2):
            browser.cookies.clear()
            await sign_in(browser, account)
            answer = await browser.post(f"{SESSION}/code", json={"code": used})
            found += ["replay"] if answer.is_success and attempt else []
    return found


async def test_the_second_factor_can_not_be_skipped(
    browser: httpx.AsyncClient, database: Database
) -> None:
    browser.event_hooks = {"response": []}
    assert await _skipped(browser) == []


async def test_control_a_half_session_that_is_not_looked_at_skips_it(
    browser: httpx.AsyncClient, monkeypatch: Patch, database: Database
) -> None:
    async def taken(*_: Any) -> bool:
        return True

    browser.event_hooks = {"response": []}
    monkeypatch.setattr(guards, "_require_whole", lambda *_: None)
    monkeypatch.setattr(Account, "take_step", taken)
    found = await _skipped(browser)
    assert {"/session", "/articles", "replay"} <= set(found)
    assert second_factor.STEP == 30


# Secrets in logs, revisions, audit, errors and answers that are not theirs


async def _told(
    browser: httpx.AsyncClient, database: Database, capfd: Any, leak: str = ""
) -> list[str]:
    """Which of the secrets of a whole life stand somewhere after it."""
    account = await make.account()
    secret, codes = await turn_on_second_factor(browser, account)
    answers: list[httpx.Response] = []

    async def keep(answer: httpx.Response) -> None:
        await answer.aread()
        answers.append(answer)

    browser.event_hooks = {"response": [keep]}
    signed = await browser.post(
        SESSION,
        json={"email": account.email, "password": make.PASSWORD, "code": codes[0]},
    )
    csrf = {"X-CSRF-Token": signed.json()["csrf_token"]}
    data = {"name": "x", "scopes": ["read"]}
    token = (await browser.post(f"{ADMIN}/tokens", json=data, headers=csrf)).json()["token"]
    invite = {"email": "sari@example.com", "role": "author"}
    made = await browser.post(f"{ADMIN}/invitations", json=invite, headers=csrf)
    invitation = token_of(made.json()["link"])
    weak = f"short-{leak or 'canary'}"
    for path, body in (
        ("/invitations/accept", {"token": invitation, "name": "S", "password": weak}),
        ("/session", {"email": account.email, "password": weak + "!", "role": weak}),
        ("/account/password", {"current_password": weak, "password": weak}),
        ("/session/reauth", {"password": weak, "code": codes[1], "x": codes[1]}),
        ("/password-reset/confirm", {"token": weak, "password": weak}),
    ):
        await browser.post(ADMIN + path, json=body, headers=csrf)
    secrets = {
        "password": make.PASSWORD,
        "weak": weak,
        "totp": secret,
        "recovery": codes[1],
        "cookie": signed.cookies["lontar"],
        "csrf": csrf["X-CSRF-Token"],
        "token": token,
        "invitation": invitation,
    }
    shows = {"token": f"{ADMIN}/tokens", "csrf": SESSION, "invitation": f"{ADMIN}/invitations"}
    if leak:
        await database["revisions"].insert_one({"canary": weak})
    said = capfd.readouterr()
    stored = await everything(database)
    log = said.out + said.err
    found = []
    for name, text in secrets.items():
        bodies = [
            answer.text for answer in answers if str(answer.request.url.path) != shows.get(name)
        ]
        found += (
            [name] if text in stored or text in log or any(text in body for body in bodies) else []
        )
    return found


async def test_no_secret_is_told_again(
    browser: httpx.AsyncClient, database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    assert await _told(browser, database, capfd) == []


async def test_control_a_secret_in_a_revision_is_found(
    browser: httpx.AsyncClient, database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    assert await _told(browser, database, capfd, "leak") == ["weak"]


# Default or guessable administrators, an open setup


async def _opened(browser: httpx.AsyncClient, guesses: list[str]) -> list[str]:
    found = []
    for name in ("admin", "owner", "root", "lontar"):
        for password in (name, "admin", "password", "changeme", "lontar", ""):
            data = {"email": f"{name}@example.com", "password": password or " "}
            answer = await browser.post(SESSION, json=data)
            found += [name] if answer.is_success else []
    for guess in guesses:
        data = {"token": guess, "email": "e@example.com", "name": "E", "password": NEW}
        answer = await browser.post(f"{ADMIN}/setup", json=data)
        found += [guess] if answer.is_success else []
    return found


GUESSES = ["setup", "admin", "0" * 43, "null", "undefined", "true", "token", "\u2028"]


async def test_no_account_is_there_by_default_and_setup_is_not_open(
    browser: httpx.AsyncClient, database: Database
) -> None:
    assert await database["accounts"].count_documents({}) == 0
    link = await service.open_setup(db.now())
    assert link is not None
    assert len(link) >= 43
    assert await _opened(browser, [*GUESSES, service.digest(link)]) == []
    await make.account()
    assert await _opened(browser, [link]) == [], "with an owner the door is gone"


async def test_control_the_real_link_opens(browser: httpx.AsyncClient, database: Database) -> None:
    link = await service.open_setup(db.now() - timedelta(hours=1))
    assert await _opened(browser, [str(link)]) == [link]

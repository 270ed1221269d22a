"""Promise 22: what is secret stands in the one answer that shows it, and nowhere else.

A real server with a canary in every secret setting lives a whole life: people come in by every
door, mail is sent, webhooks are told, everything is asked wrongly, too. Then its log, its database,
its commands, its processes, what it answered and what it sent out are searched. A word that the
owner wrote in public is the control: the same search finds it in each of these places.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from aiosmtpd.smtp import AuthResult
from pymongo import MongoClient

from tests import make
from tests.accounts.signing import post_office
from tests.security.served import ANSWER_GUARD, GUARD, Server
from tests.webhooks.receiving import Receiver, receiving

ADMIN = "/api/v1/admin"
WORD = "kanaritelur"  # the control: nothing secret
PAUSE = 0.05
NEW = "bambu runcing kaca danau pagi"
SETTINGS = {
    "CMS_SECRET_KEY": "canary-secret-key-0123456789abcdef",
    "CMS_SECRET_KEY_PREVIOUS": "canary-previous-key-0123456789abcdef",
    "CMS_S3_ACCESS_KEY_ID": "whoever",
    "CMS_S3_SECRET_ACCESS_KEY": "canary-s3-secret",
}
MAIL_PASSWORD = "canary-mail-password"
LINK = re.compile(r"#token=([\w-]+)")


@dataclass
class Life:
    """What was kept secret, by name, and what was seen meanwhile, by place."""

    server: Server
    client: httpx.AsyncClient
    letters: list[EmailMessage]
    receiver: Receiver
    secrets: dict[str, str] = field(default_factory=dict)
    # Where each secret is shown by design: to whom it belongs, once.
    shown: dict[str, set[str]] = field(default_factory=dict)
    answers: list[httpx.Response] = field(default_factory=list)

    async def ask(self, method: str, path: str, data: Any = None, **more: Any) -> httpx.Response:
        answer = await self.client.request(method, ADMIN + path, json=data, **more)
        self.answers.append(answer)
        return answer

    def keep(self, name: str, secret: str, *shown_by: str) -> str:
        self.secrets[name] = secret
        self.shown[name] = {ADMIN + path for path in shown_by}
        return secret

    async def letter(self, count: int) -> str:
        """The token in the letter of that number, once it came."""
        await until(lambda: len(self.letters) >= count)
        found = LINK.search(self.letters[count - 1].get_content())
        assert found is not None
        return found[1]

    def places(self) -> dict[str, str]:
        """Everything that is kept or said, as texts."""
        commands = (["settings"], ["doctor"], ["account", "list"], ["demo", "--help"])
        return {
            "log": self.server.log,
            "database": "\n".join(_stored(self.server)),
            "commands": "".join(self.server.command(*words) for words in commands),
            "processes": "".join(_command_lines(self.server.pid)),
            "webhooks": "".join(f"{head} {body!r}" for head, body in self.receiver.seen),
        }


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(int(GUARD / PAUSE)):
        if condition():
            return
        await asyncio.sleep(PAUSE)
    raise AssertionError("it never came")


def _stored(server: Server) -> list[str]:
    path = str(server.data_dir / "mongodb" / "m.sock").replace("/", "%2F")
    with MongoClient[dict[str, Any]](f"mongodb://{path}/?directConnection=true") as client:
        database = client["lontar"]
        return [str(list(database[name].find())) for name in database.list_collection_names()]


def _command_lines(pid: int) -> list[str]:
    """Of the server and of all that it started: any other program here may read them."""
    found = [Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += _command_lines(int(child))
    return found


@pytest.fixture
async def life(tmp_path: Path) -> AsyncIterator[Life]:
    def open_to_all(*_: Any) -> AuthResult:
        return AuthResult(success=True)

    mail = post_office(authenticator=open_to_all, auth_require_tls=False)
    async with mail as (port, letters), receiving() as receiver:
        server = await asyncio.to_thread(
            Server,
            tmp_path,
            **SETTINGS,
            CMS_SMTP_URL=f"smtp://lontar:{MAIL_PASSWORD}@127.0.0.1:{port}",
            CMS_MAIL_FROM="cms@example.com",
            CMS_OUTBOUND_ALLOW="127.0.0.1/32",
        )
        try:
            async with httpx.AsyncClient(base_url=server.url, timeout=ANSWER_GUARD) as client:
                yield Life(server, client, letters, receiver)
        finally:
            await asyncio.to_thread(server.stop)


async def live(life: Life) -> None:
    """Every secret there is, made, used and misused."""
    for name, value in SETTINGS.items():
        if name != "CMS_S3_ACCESS_KEY_ID":
            life.keep(name, value)
    life.keep("CMS_SMTP_URL", MAIL_PASSWORD)
    csrf = await _come_in(life)
    await _make_keys(life, csrf)
    await _write(life, csrf)
    await _open_links(life, csrf)
    await _misuse(life, csrf)


async def _come_in(life: Life) -> dict[str, str]:
    setup = LINK.search(life.server.said)
    assert setup is not None
    life.keep("setup", setup[1])
    person = {"email": "rani@example.com", "password": life.keep("password", make.PASSWORD)}
    await life.ask("POST", "/setup", {**person, "name": "Rani", "token": setup[1]})
    life.keep("first cookie", life.client.cookies["lontar"])
    await life.ask("POST", "/session", {**person, "password": life.keep("wrong", "canary-wrong-1")})
    signed = await life.ask("POST", "/session", person)
    assert signed.status_code == 201, signed.text
    life.keep("cookie", signed.cookies["lontar"])
    life.keep("device", signed.cookies["lontar-device"])
    csrf = life.keep("csrf", signed.json()["csrf_token"], "/session")
    return {"X-CSRF-Token": csrf}


async def _make_keys(life: Life, csrf: dict[str, str]) -> None:
    begun = await life.ask("POST", "/second-factor", headers=csrf)
    secret = life.keep("totp", begun.json()["secret"], "/second-factor")
    code = pyotp.TOTP(secret).now()  # six digits could stand anywhere: not looked for
    done = await life.ask("POST", "/second-factor/confirm", {"code": code}, headers=csrf)
    for number, recovery in enumerate(done.json()["recovery_codes"]):
        life.keep(f"recovery {number}", recovery, "/second-factor/confirm")
    life.keep("cookie after", done.cookies["lontar"])
    data = {"name": "CI", "scopes": ["read"]}
    made = await life.ask("POST", "/tokens", data, headers=csrf)
    token = life.keep("token", made.json()["token"], "/tokens")
    await life.client.get(f"{ADMIN}/articles", headers={"Authorization": f"Bearer {token}"})
    data = {"name": "Build", "url": life.receiver.url}
    hook = (await life.ask("POST", "/webhooks", data, headers=csrf)).json()
    life.keep("webhook", hook["secret"], "/webhooks")
    at = f"/webhooks/{hook['id']}"
    turned = await life.ask(
        "POST", f"{at}/rotate-secret", {}, headers={**csrf, "If-Match": f'"{hook["revision"]}"'}
    )
    life.keep("webhook after", turned.json()["secret"], f"{at}/rotate-secret")


async def _write(life: Life, csrf: dict[str, str]) -> None:
    data = {"title": f"A {WORD}", "markdown": WORD, "slug": WORD}
    article = (await life.ask("POST", "/articles", data, headers=csrf)).json()
    at, seen = (
        f"/articles/{article['id']}",
        {**csrf, "If-Match": make.if_match(article)["If-Match"]},
    )
    link = await life.ask("POST", f"{at}/preview-links", {}, headers=csrf)
    preview = life.keep("preview", link.json()["token"], f"{at}/preview-links")
    shown = await life.client.get(f"/api/v1/articles/{WORD}", params={"preview": preview})
    assert shown.status_code == 200, shown.text
    life.answers.append(shown)
    await life.ask("POST", f"{at}/publish", {}, headers=seen)
    moved = {"from_path": f"/{WORD}", "to": "/new"}
    await life.ask("POST", "/redirects", moved, headers=csrf)


async def _open_links(life: Life, csrf: dict[str, str]) -> None:
    data = {"email": "sari@example.com", "role": "author"}
    await life.ask("POST", "/invitations", data, headers=csrf)
    invitation = life.keep("invitation", await life.letter(1))
    life.keep("weak", "canary-weak-1")
    data = {"token": invitation, "name": "Sari", "password": "canary-weak-1"}
    assert (await life.ask("POST", "/invitations/accept", data)).status_code == 422
    async with httpx.AsyncClient(base_url=life.server.url) as other:
        data["password"] = life.keep("password of another", NEW)
        assert (await other.post(f"{ADMIN}/invitations/accept", json=data)).status_code == 201
    await life.ask("POST", "/password-reset", {"email": "sari@example.com"})
    reset = life.keep("reset", await life.letter(2))
    chosen = life.keep("password after", f"{NEW} sekali")
    data = {"token": reset, "password": chosen}
    assert (await life.ask("POST", "/password-reset/confirm", data)).status_code == 204


async def _misuse(life: Life, csrf: dict[str, str]) -> None:
    """Each secret once more, where it does not belong: refusals repeat none of it."""
    for secret in [*life.secrets.values()]:
        await life.ask("POST", "/session", {"email": secret, "password": 1, "code": [secret]})
        await life.ask("POST", "/setup", {"token": {"a": secret}})
        await life.ask("GET", "/articles", params={"limit": secret, "cursor": secret})
        broken = f'{{"token": "{secret}", '.encode()
        headers = {**csrf, "Content-Type": "application/json", "If-Match": secret}
        life.answers.append(
            await life.client.post(f"{ADMIN}/tokens", content=broken, headers=headers)
        )
        wrong = {"Authorization": f"Bearer {secret}x", "X-CSRF-Token": secret}
        await life.ask("GET", "/articles", headers=wrong)


async def test_no_canary_is_found_anywhere(life: Life) -> None:
    await live(life)
    await until(lambda: any(WORD.encode() in body for _, body in life.receiver.seen))
    for path in ("/api/v1/sync", "/feed.xml", "/sitemap.xml", "/metrics", "/api/v1/openapi.json"):
        life.answers.append(await life.client.get(path))
    for path in ("/audit", "/accounts", "/webhooks", "/sessions", "/redirects/export?format=nginx"):
        await life.ask("GET", path)

    places = await asyncio.to_thread(life.places)
    for answer in life.answers:
        path = answer.request.url.path
        told = f"{answer.headers} {answer.text}"
        for name, secret in life.secrets.items():
            is_set = (
                name.startswith(("cookie", "first", "device")) and "set-cookie" in answer.headers
            )
            assert secret not in told or path in life.shown[name] or is_set, (name, path)
    for place, text in places.items():
        for name, secret in life.secrets.items():
            assert secret not in text, (name, place)
    letters = "".join(letter.get_content() for letter in life.letters)
    for name in set(life.secrets) - {"invitation", "reset"}:
        assert life.secrets[name] not in letters, name

    # The control.
    assert {place for place, text in places.items() if WORD in text} >= {
        "log", "database", "webhooks"
    }  # fmt: skip
    assert "rani@example.com" in places["commands"]
    assert "mongod" in places["processes"]
    assert len([answer for answer in life.answers if WORD in answer.text]) > 5
    assert len(life.secrets) > 25

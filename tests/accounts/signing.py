"""What the tests of accounts share: clients, and a way to be signed in."""

import asyncio
import functools
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import httpx
import pyotp
from aiosmtpd.smtp import SMTP
from litestar import Litestar

from cms.accounts.documents import Account
from cms.app import create_litestar, wrapped
from cms.config import Settings
from cms.core import db
from cms.core.db import Database
from tests import make

ADMIN = "/api/v1/admin"
SESSION = f"{ADMIN}/session"
TOKENS = f"{ADMIN}/tokens"
ORIGIN = "http://127.0.0.1:8000"
NO_HASH = "this account never signs in"  # argon2 takes most of the time of making an account


@dataclass
class Browser:
    """A signed-in client: its cookie jar sends the cookie, `csrf` has to be sent by hand."""

    client: httpx.AsyncClient
    account: Account
    secret: str
    csrf: str

    @property
    def header(self) -> dict[str, str]:
        return {"X-CSRF-Token": self.csrf}


def client(app: Litestar, settings: Settings, origin: str = ORIGIN) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=wrapped(app, settings))
    return httpx.AsyncClient(transport=transport, base_url=origin)


async def sign_in(
    through: httpx.AsyncClient, account: Account, password: str = make.PASSWORD
) -> httpx.Response:
    return await through.post(SESSION, json={"email": account.email, "password": password})


async def signed_in(through: httpx.AsyncClient, account: Account | None = None) -> Browser:
    account = account or await make.account()
    answer = await sign_in(through, account)
    assert answer.status_code == 201, answer.text
    secret = cookie_of(answer)
    return Browser(through, account, secret, answer.json()["csrf_token"])


def cookie_of(answer: httpx.Response) -> str:
    """The session's secret in an answer that sets it."""
    found = {name: value for name, value in answer.cookies.items() if not name.endswith("-device")}
    return next(iter(found.values()))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def but_instance(answer: httpx.Response) -> dict[str, Any]:
    """A problem without what differs from request to request."""
    found: dict[str, Any] = answer.json()
    return {name: value for name, value in found.items() if name != "instance"}


async def everything(database: Database) -> str:
    """All that is stored, as one text to look for secrets in."""
    names = await database.list_collection_names()
    return "\n".join([str(await database[name].find({}).to_list()) for name in sorted(names)])


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@dataclass
class Inbox:
    """What a real SMTP server on this machine was given."""

    app: Litestar
    browser: httpx.AsyncClient
    letters: list[EmailMessage] = field(default_factory=list)

    async def all(self) -> list[EmailMessage]:
        await self.app.state["postman"].drain()
        return self.letters

    async def token(self) -> str:
        """The secret of the link in the last letter."""
        found = re.search(r"#token=(\S+)", (await self.all())[-1].get_content())
        assert found is not None
        return found[1]


class _Handler:
    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        made = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(made, EmailMessage)
        self.letters.append(made)
        return "250 OK"


@asynccontextmanager
async def post_office(**more: Any) -> AsyncIterator[tuple[int, list[EmailMessage]]]:
    """A mail server on this machine: its port, and the letters that it was given."""
    handler = _Handler()
    loop = asyncio.get_running_loop()
    make_one = functools.partial(SMTP, handler, loop=loop, **more)
    server = await loop.create_server(make_one, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], handler.letters
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def inbox(settings: Settings, **changes: Any) -> AsyncIterator[Inbox]:
    """The application with mail, and its letters; the database is the one that is open."""
    async with post_office() as (port, letters):
        mailing = replace(
            settings,
            smtp_url=f"smtp://127.0.0.1:{port}",
            mail_from="Lontar <cms@example.com>",
            **changes,
        )
        app = create_litestar(mailing, "mongodb://unused")
        async with client(app, mailing) as browser:
            yield Inbox(app, browser, letters)
            await app.state["postman"].drain()


async def before_a_step_ends() -> None:
    """Wait out the end of a 30 s step: the code of the last one is good until then."""
    left = 30 - db.now().timestamp() % 30
    if left < 4:
        await asyncio.sleep(left)


async def turn_on_second_factor(
    through: httpx.AsyncClient, account: Account
) -> tuple[str, list[str]]:
    """The app's secret and the recovery codes of an account that asks for codes from now on."""
    headers = await make.session(account)
    secret = (await through.post(f"{ADMIN}/second-factor", headers=headers)).json()["secret"]
    await before_a_step_ends()
    code = pyotp.TOTP(secret).at(db.now().timestamp() - 30)
    confirm = f"{ADMIN}/second-factor/confirm"
    answer = await through.post(confirm, json={"code": code}, headers=headers)
    assert answer.status_code == 200, answer.text
    through.cookies.clear()
    return secret, answer.json()["recovery_codes"]


def code_of(secret: str, steps: int = 0) -> str:
    """What the app shows now, or steps later."""
    return pyotp.TOTP(secret).at(db.now().timestamp() + 30 * steps)

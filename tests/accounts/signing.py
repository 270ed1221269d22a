"""What the tests of accounts share: clients, and a way to be signed in."""

import hashlib
from dataclasses import dataclass
from typing import Any

import httpx
from litestar import Litestar

from cms.accounts.documents import Account
from cms.app import wrapped
from cms.config import Settings
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

"""Factories: what a test needs to be there, with only what matters to it spelled out."""

import asyncio
import os
import sys
from datetime import timedelta
from itertools import count
from typing import Any

import httpx

from cms.accounts import service, tokens
from cms.accounts.documents import Account, Session, Stage
from cms.accounts.keys import Keys
from cms.accounts.limits import Visitor
from cms.accounts.passwords import Passwords
from cms.accounts.permissions import SESSION_ONLY, Permission, Role
from cms.accounts.schemas import TokenInput
from cms.contact.documents import Message
from cms.core import db

PASSWORD = "lontar daun palem dan tinta hitam"
KEY = "a key for tests, forty characters long...."
KEYS = Keys(KEY)
PASSWORDS = Passwords(memory_kib=19456, time_cost=2)
_numbers = count(1)
_hash: list[str] = []


async def _hash_of_password() -> str:
    """Made once in a process: each takes as long as several requests."""
    if not _hash:
        _hash.append(await PASSWORDS.hash(PASSWORD))
    return _hash[0]


async def account(**changes: Any) -> Account:
    """An account with `PASSWORD`; the owner unless `role` says otherwise."""
    number = next(_numbers)
    values = {
        "email": f"person{number}@example.com",
        "name": f"Person {number}",
        "role": Role.OWNER,
        "password_hash": await _hash_of_password(),
        "created_at": db.now(),
        "updated_at": db.now(),
        **changes,
    }
    return await Account(**values).insert()


async def token(owner: Account, *scopes: Permission, age: timedelta = timedelta()) -> str:
    """A bearer token with these scopes (all when none is named), made `age` ago, good 90 days."""
    data = TokenInput(name="a test", scopes=list(scopes or set(Permission) - SESSION_ONLY))
    assert owner.id is not None
    return (await tokens.issue_token(owner.id, data, db.now() - age))[1]


async def session(owner: Account, stage: Stage = "whole", **changes: Any) -> dict[str, str]:
    """The headers of a browser that is signed in, its password just typed."""
    visitor = Visitor("127.0.0.1", "a test")
    made = await service.start_session(owner, now=db.now(), visitor=visitor, stage=stage)
    if changes:
        await Session.get_pymongo_collection().update_one(
            {"_id": made.session.id}, {"$set": changes}
        )
    csrf = KEYS.csrf_token(str(made.session.lineage))
    return {"Cookie": f"lontar={made.secret}", "X-CSRF-Token": csrf}


async def article(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """A draft made through the admin route."""
    data = {"title": f"Title {next(_numbers)}", "markdown": "Some *text*.\n", **changes}
    answer = await client.post("/api/v1/admin/articles", json=data)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def published(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """A published article; `at` backdates or schedules it."""
    at = changes.pop("at", None)
    draft = await article(client, **changes)
    return await verb(client, draft, "publish", {"at": at} if at else None)


async def draft(client: httpx.AsyncClient, kinds: str, **changes: Any) -> dict[str, Any]:
    """A draft of any kind: "articles", "projects", "pages"."""
    data = {"title": f"Title {next(_numbers)}", **changes}
    answer = await client.post(f"/api/v1/admin/{kinds}", json=data)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def live(client: httpx.AsyncClient, kinds: str, **changes: Any) -> dict[str, Any]:
    """As `published`, of any kind."""
    at = changes.pop("at", None)
    made = await draft(client, kinds, **changes)
    return await verb(client, made, "publish", {"at": at} if at else None, kinds)


async def verb(
    client: httpx.AsyncClient,
    thing: dict[str, Any],
    name: str,
    data: Any = None,
    kinds: str = "articles",
) -> dict[str, Any]:
    """Apply a verb to something at the revision it was seen at."""
    answer = await client.post(
        f"/api/v1/admin/{kinds}/{thing['id']}/{name}", json=data, headers=if_match(thing)
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def profile(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    data = {"name": f"Author {next(_numbers)}", **changes}
    answer = await client.post("/api/v1/admin/profiles", json=data)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def command(database_url: str, *arguments: str) -> tuple[int, str, str]:
    """Run `cms` in a process of its own: (exit code, standard output, error output)."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cms", *arguments),
        env={**os.environ, "CMS_MONGODB_URL": database_url, "CMS_SITE_URL": "https://juri.example"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), timeout=60)
    return process.returncode or 0, out.decode(), err.decode()


def text() -> bytes:
    """A file whose bytes nobody sent before."""
    return f"Text {next(_numbers)}.\n".encode()


async def media(client: httpx.AsyncClient, data: bytes | None = None, name: str = "a.txt") -> Any:
    """An item of the library; a text, which needs no looking at, unless `data` is something."""
    files = {"file": (name, data or text(), "application/octet-stream")}
    answer = await client.post("/api/v1/admin/media", files=files)
    assert answer.status_code == 201, answer.text
    return answer.json()["results"][0]["media"]


async def series(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    data = {"title": f"Series {next(_numbers)}", **changes}
    answer = await client.post("/api/v1/admin/series", json=data)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def message(**changes: Any) -> str:
    """A message in the inbox that nobody read; its id."""
    at = db.now()
    words = {"name": "Budi", "email": "budi@example.com", "message": "Hello.", "lang": "en"}
    kept = {"subject": None, "page": "/contact", "is_spam": False, "caught_by": None}
    moments = {"received_at": at, "updated_at": at}
    made = Message(**{"token_digest": f"{next(_numbers)}", **words, **kept, **moments, **changes})
    await made.insert()
    return str(made.id)


def if_match(thing: dict[str, Any]) -> dict[str, str]:
    return {"If-Match": f'"{thing["revision"]}"'}

"""A blog written in haste, over the same database: every attack here gets what it came for.

It exists so that each attack is seen to work; an attack that fails on it proves nothing of ours.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
from bson import ObjectId

from cms.core.db import Database

Handler = Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]


def client(handler: Handler) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.MockTransport(handler), base_url="http://127.0.0.1:8000"
    )


def _shown(thing: Any) -> Any:
    return json.loads(json.dumps(thing, default=str))


def blog(database: Database) -> Handler:
    """Takes filters, sorts and bodies as they come."""
    articles = database["articles"]

    async def handle(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            made = json.loads(request.content)
            await articles.insert_one(made)
            return httpx.Response(201, json=_shown(made))
        slug = request.url.path.rpartition("/")[2]
        if slug not in {"articles", ""}:
            found = await articles.find_one({"slugs": slug.removesuffix(".md")})
            return httpx.Response(200 if found else 404, json=_shown(found))
        wanted: dict[str, Any] = {}
        order = ("_id", 1)
        for name, value in request.url.params.multi_items():
            field, bracket, operator = name.partition("[")
            if name == "sort":
                order = (value.lstrip("-"), -1 if value.startswith("-") else 1)
            elif name not in {"limit", "fields", "include"}:
                with_operator = _read(value)
                wanted[field] = {operator.rstrip("]"): value} if bracket else with_operator
        rows = await articles.find(wanted).sort([order]).to_list(1000)
        public = [row["working"]["title"] for row in rows if row.get("live")]
        return httpx.Response(200, json={"items": public})

    return handle


def _read(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def by_token(database: Database) -> Handler:
    """Finds the token that was sent, whatever was sent."""

    async def handle(request: httpx.Request) -> httpx.Response:
        sent = _read(request.headers.get("authorization", "").removeprefix("Bearer "))
        found = await database["tokens"].find_one({"digest": sent})
        return httpx.Response(200 if found else 401, json={})

    return handle


def files(folder: Path) -> Handler:
    """Serves what the path leads to."""

    async def handle(request: httpx.Request) -> httpx.Response:
        path = folder / unquote(request.url.raw_path.decode().partition("?")[0]).lstrip("/")
        found = path.is_file()
        return httpx.Response(200 if found else 404, content=path.read_bytes() if found else b"")

    return handle


def guarded_by_prefix(secret: str) -> Callable[[str, str], Awaitable[tuple[int, str, str]]]:
    """Guards the path as it was written, serves the path as it is meant."""

    async def ask(_method: str, written: str) -> tuple[int, str, str]:
        if written.startswith("/api/v1/admin/"):
            return 401, "", ""
        meant: list[str] = []
        for part in unquote(written).replace("\\", "/").lower().split("/"):
            if part == "..":
                meant = meant[:-1]
            elif part not in {"", "."}:
                meant.append(part.partition(";")[0].removesuffix(".json").strip())
        is_there = "/".join(meant).startswith("api/v1/admin/")
        return (200, "application/json", secret) if is_there else (404, "", "")

    return ask


def token_by_its_own_word(key: str, slug: str) -> Callable[[str], bool]:
    """A JWT that says itself how it is signed, as libraries once read it."""

    def opens(token: str) -> bool:
        try:
            head, body, signature = token.split(".")
            algorithm = json.loads(_unpacked(head))["alg"]
            if algorithm.lower() != "none":
                signed = hmac.new(key.encode(), f"{head}.{body}".encode(), hashlib.sha256)
                if not hmac.compare_digest(signed.digest(), _unpacked(signature)):
                    return False
            return bool(json.loads(_unpacked(body))["slug"] == slug)
        except (ValueError, KeyError):
            return False

    return opens


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def loosely_equal(sent: Any, stored: Any) -> bool:
    """`==` as PHP once had it, which text of numbers made famous."""
    try:
        return float(sent) == float(stored)
    except (TypeError, ValueError):
        return bool(sent) if isinstance(sent, bool) else str(sent) == str(stored)


def finds_by_any_type(rows: list[dict[str, Any]]) -> Handler:
    """Reads an id as whatever it could be."""

    async def handle(request: httpx.Request) -> httpx.Response:
        sent = _read(unquote(request.url.path.rpartition("/")[2]))
        if isinstance(sent, list) and sent:
            sent = sent[0]
        found = [row for row in rows if loosely_equal(sent, row["id"])]
        return httpx.Response(200 if found else 404, json=found)

    return handle


def some_id() -> str:
    return str(ObjectId())

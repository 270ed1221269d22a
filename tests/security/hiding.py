"""The ways in which content is there and not for readers, each with a word in it to look for."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx

from cms.core import db
from tests import make
from tests.security.aims import ADMIN, CANARY

Secret = Callable[[httpx.AsyncClient, str], Awaitable[dict[str, Any]]]
SLUG = f"{CANARY}-slug"


def content(kinds: str) -> dict[str, Any]:
    """The canary in everything that this kind holds."""
    found: dict[str, Any] = {
        "title": f"{CANARY} title", "slug": SLUG, "markdown": f"{CANARY} text\n\n## {CANARY}\n",
    }  # fmt: skip
    if kinds != "projects":
        found["seo"] = {"title": f"{CANARY} seo", "description": f"{CANARY} seo"}
    if kinds == "articles":
        found |= {"excerpt": f"{CANARY} excerpt", "tag_slugs": [f"{CANARY}-tag"], "featured": True}
    if kinds == "projects":
        found |= {"summary": f"{CANARY} summary", "technologies": [CANARY], "role": CANARY}
        found |= {"links": [{"kind": "source", "url": f"https://{CANARY}.example/"}]}
    return found


def ahead(days: int = 1) -> str:
    return (db.now() + timedelta(days=days)).isoformat()


async def drafted(owner: httpx.AsyncClient, kinds: str) -> dict[str, Any]:
    return await make.draft(owner, kinds, **content(kinds))


async def scheduled(owner: httpx.AsyncClient, kinds: str) -> dict[str, Any]:
    return await make.live(owner, kinds, **content(kinds), at=ahead())


async def unpublished(owner: httpx.AsyncClient, kinds: str) -> dict[str, Any]:
    made = await make.live(owner, kinds, **content(kinds))
    return await make.verb(owner, made, "unpublish", None, kinds)


async def trashed(owner: httpx.AsyncClient, kinds: str) -> dict[str, Any]:
    made = await make.live(owner, kinds, **content(kinds))
    await owner.request("DELETE", f"{ADMIN}{kinds}/{made['id']}", headers=make.if_match(made))
    return made


async def edited(owner: httpx.AsyncClient, kinds: str) -> dict[str, Any]:
    """A working copy beside what readers see."""
    made = await make.live(owner, kinds, title="Open", slug="open")
    answer = await owner.patch(
        f"{ADMIN}{kinds}/{made['id']}", json=content(kinds), headers=make.if_match(made)
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def changing(owner: httpx.AsyncClient, kinds: str) -> dict[str, Any]:
    """A change that readers will see tomorrow."""
    made = await edited(owner, kinds)
    return await make.verb(owner, made, "publish", {"at": ahead()}, kinds)


SECRETS: list[Secret] = [drafted, scheduled, unpublished, trashed, edited, changing]

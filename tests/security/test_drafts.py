"""Drafts and previews: what readers may not see is in no answer, by no route and no header."""

import os
from typing import Any

import httpx
import pytest

from cms.core.db import Database
from tests import make
from tests.security import hiding, weak
from tests.security.aims import ADMIN, CANARY, aims
from tests.security.hiding import SECRETS, SLUG, Secret

PROVING = os.environ.get("LONTAR_PROVE") == "1"
KINDS = ["articles", "projects", "pages"]
PUBLIC = [aim for aim in aims() if not aim.is_admin and aim.method == "GET"]
# What a reader could add in the hope of seeing more; a path takes these, too.
HEADERS: list[dict[str, str]] = [
    {},
    {"If-None-Match": "*"},
    {"Range": "bytes=0-"},
    {"X-HTTP-Method-Override": "PATCH", "X-Original-URL": f"{ADMIN}articles"},
    {"Cookie": "lontar=x; preview=true", "X-Preview": "true"},
]
FEEDS = ("/feed.xml", "/atom.xml", "/feed.json")
ASKED = ["", "?total=true", f"?q={CANARY}", f"?tag={CANARY}-tag", "?status=draft", "?preview=true",
         f"?preview=lpv_{'A' * 64}", "?include=html", "?fields=slug,title", "?featured=true",
         f"?technology={CANARY}", "?limit=100"]  # fmt: skip

TELLING = [asked for asked in ASKED if not asked or CANARY in asked]


async def leaks(reader: httpx.AsyncClient, kinds: str, made: dict[str, Any]) -> set[str]:
    """Which of all the questions a reader can ask show the canary."""
    names = [
        SLUG,
        f"{SLUG}.md",
        f"{SLUG}/",
        made["id"],
        f"{CANARY}-tag",
        f"{SLUG}%00",
        SLUG.upper(),
    ]
    names = names if PROVING else names[:4]
    paths = {
        aim.path.replace("{slug}", name)
        for aim in PUBLIC
        for name in (names if "{slug}" in aim.path else [""])
    }
    found = set()
    for path in sorted(paths):
        is_single = SLUG in path or made["id"] in path
        is_lasting = path.endswith((f"/{kinds}", f"/{kinds}/{SLUG}", "/search")) or PROVING
        some = ASKED[:1] if is_single else TELLING
        for asked in ASKED if is_lasting else some:
            for headers in HEADERS if asked == "" and is_lasting else HEADERS[:1]:
                answer = await reader.get(f"{path}{asked}", headers=headers)
                # What a refusal repeats of the question tells nothing.
                if CANARY in _own_words(answer, path + asked):
                    found.add(path + asked)
    return found


def _own_words(answer: httpx.Response, asked: str) -> str:
    if answer.status_code == 404:
        assert answer.json()["detail"] == "There is nothing here."
    if answer.status_code in {400, 422}:
        return ""
    own = answer.text
    if asked.startswith(FEEDS) and "?tag=" in asked:
        own = own.replace(f"{CANARY}-tag", "")  # a feed's title and address are the question
    links = answer.headers.get("link", "").replace(f"q={CANARY}", "").replace(f"{CANARY}-tag", "")
    return f"{own}{answer.headers.get('location', '')}{links}"


@pytest.mark.parametrize("kinds", KINDS)
@pytest.mark.parametrize("secret", SECRETS)
async def test_what_is_hidden_is_in_no_answer(
    secret: Secret, kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    reader.event_hooks = {"response": []}
    made = await secret(owner, kinds)
    assert await leaks(reader, kinds, made) == set()


@pytest.mark.parametrize("kinds", KINDS)
async def test_the_control_sees_what_is_published(
    kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    reader.event_hooks = {"response": []}
    made = await make.live(owner, kinds, **hiding.content(kinds))
    found = await leaks(reader, kinds, made)
    assert {f"/api/v1/{kinds}", f"/api/v1/{kinds}/{SLUG}", f"/api/v1/{kinds}/{SLUG}.md"} <= found
    assert f"/api/v1/search?q={CANARY}" in found
    if kinds == "articles":
        assert {f"{feed}{asked}" for feed in FEEDS for asked in ("", f"?tag={CANARY}-tag")} <= found


async def test_a_blog_that_forgets_to_ask_shows_it(
    owner: httpx.AsyncClient, database: Database
) -> None:
    await hiding.drafted(owner, "articles")
    async with weak.client(weak.blog(database)) as reader:
        assert CANARY in (await reader.get(f"/api/v1/articles/{SLUG}")).text


@pytest.mark.parametrize("kinds", KINDS)
@pytest.mark.parametrize(
    "secret", [hiding.drafted, hiding.scheduled, hiding.unpublished, hiding.trashed]
)
async def test_hidden_and_unknown_are_answered_alike(
    secret: Secret, kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await secret(owner, kinds)
    told = {"X-Request-Id": "the-same-one"}
    hidden = await reader.get(f"/api/v1/{kinds}/{SLUG}", headers=told)
    unknown = await reader.get(f"/api/v1/{kinds}/nobody-wrote-this", headers=told)
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.content == unknown.content
    assert hidden.headers == unknown.headers

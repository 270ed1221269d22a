"""Oracle: what readers must not know changes no byte of any answer of search."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.app import KINDS
from cms.core import db
from cms.publishing import relay
from cms.search import documents
from tests import make

ADMIN = "/api/v1/admin/articles"
QUERIES = ("rahasia", "rah", "r", "terbuka", "kopi", "rahasia terbuka", "kopi rahasia", "besar")


async def _answers(reader: httpx.AsyncClient) -> list[tuple[int, bytes, str]]:
    """Every answer about every query: bytes and ETag."""
    found = []
    for q in QUERIES:
        for path in ("search", "articles"):
            for more in ({}, {"total": "true"}, {"limit": "1"}, {"lang": "id"}, {"page": "2"}):
                answer = await reader.get(f"/api/v1/{path}", params={"q": q, **more})
                found.append((answer.status_code, answer.content, answer.headers["etag"]))
    return found


def _ahead(days: int = 1) -> str:
    return (db.now() + timedelta(days=days)).isoformat()


SECRET: dict[str, Any] = {
    "title": "Rahasia besar terbuka kopi",
    "tag_slugs": ["Rahasia"],
    "lang": "id",
    "markdown": "kopi rahasia " * 9,
}


async def _draft(owner: httpx.AsyncClient, _: Any) -> None:
    await make.article(owner, **SECRET)


async def _scheduled(owner: httpx.AsyncClient, _: Any) -> None:
    await make.published(owner, **SECRET, at=_ahead())


async def _unpublished(owner: httpx.AsyncClient, _: Any) -> None:
    await make.verb(owner, await make.published(owner, **SECRET), "unpublish")


async def _trashed(owner: httpx.AsyncClient, _: Any) -> None:
    made = await make.published(owner, **SECRET)
    await owner.request("DELETE", f"{ADMIN}/{made['id']}", headers=make.if_match(made))


async def _working_copy(owner: httpx.AsyncClient, live: dict[str, Any]) -> None:
    await owner.patch(f"{ADMIN}/{live['id']}", json=SECRET, headers=make.if_match(live))


async def _coming_change(owner: httpx.AsyncClient, live: dict[str, Any]) -> None:
    edited = await owner.patch(f"{ADMIN}/{live['id']}", json=SECRET, headers=make.if_match(live))
    await make.verb(owner, edited.json(), "publish", {"at": _ahead()})


async def _internal_tag(owner: httpx.AsyncClient, live: dict[str, Any]) -> None:
    await owner.post("/api/v1/admin/tags", json={"name": "#Rahasia"})


Secret = Callable[[httpx.AsyncClient, dict[str, Any]], Awaitable[None]]
SECRETS = [
    _draft, _scheduled, _unpublished, _trashed, _working_copy, _coming_change, _internal_tag,
]  # fmt: skip


@pytest.mark.parametrize("secret", SECRETS)
async def test_a_secret_changes_no_byte_of_any_search(
    secret: Secret, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    live = await make.published(owner, title="Terbuka", markdown="kopi untuk semua")
    await make.published(owner, title="Kopi", markdown="terbuka", lang="id")
    before = await _answers(reader)
    assert b"Terbuka" in b"".join(body for _, body, _ in before)
    await secret(owner, live)
    assert await _answers(reader) == before


async def test_the_control_sees_what_is_published(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    before = await _answers(reader)
    await make.published(owner, **SECRET)
    assert await _answers(reader) != before


@pytest.mark.parametrize("secret", SECRETS[:6])
async def test_entries_that_lie_show_nothing_that_the_item_does_not_allow(
    secret: Secret,
    owner: httpx.AsyncClient,
    reader: httpx.AsyncClient,
    database: db.Database,
) -> None:
    live = await make.published(owner, title="Terbuka", markdown="kopi untuk semua")
    before = await _answers(reader)
    await secret(owner, live)
    # An entry for every article, open to readers for ever, as no crash could leave it.
    for row in await database["articles"].find({}).to_list():
        entry = documents.SearchEntry(
            kind="article",
            item_id=row["_id"],
            stamp=db.now(),
            revision=99,
            lang="id",
            publish_at=db.now() - timedelta(days=1),
            unpublish_at=db.NEVER,
            title_line="rahasia",
            title=["rahasia"],
            tags=[],
            headings=[],
            often=[],
            tokens=["kopi", "rahasia", "besar"],
            text="rahasia",
        )
        await database["search_entries"].insert_one(entry.model_dump(exclude={"id"}))
    assert await _answers(reader) == before


async def test_many_secrets_do_not_crowd_out_what_is_public(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST_CANDIDATES", 2)
    await make.published(owner, title="Kopi terbuka")
    before = await _answers(reader)
    for number in range(4):
        await make.published(owner, title=f"Kopi rahasia {number}", at=_ahead(number + 1))
        await make.article(owner, title=f"Kopi rahasia {number}")
    assert await _answers(reader) == before


async def test_the_collections_keep_live_and_working_apart(
    owner: httpx.AsyncClient, database: db.Database
) -> None:
    live = await make.published(owner, title="Terbuka")
    await _working_copy(owner, live)
    await _draft(owner, live)
    await relay.step(KINDS, db.now())
    stored = str(await database["search_entries"].find({}).to_list())
    assert "terbuka" in stored
    assert "rahasia" not in stored
    assert "rahasia" in str(await database["search_drafts"].find({}).to_list())

"""What anonymous readers get, and what they never get."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.core import db
from tests import make

ADMIN = "/api/v1/admin/articles"
PUBLIC = "/api/v1/articles"


def _past(days: int) -> str:
    return (db.now() - timedelta(days=days)).isoformat()


def _ahead(days: int = 1) -> str:
    return (db.now() + timedelta(days=days)).isoformat()


async def _everything_public(reader: httpx.AsyncClient, *slugs: str) -> str:
    """All that an anonymous caller can fetch, as one text."""
    paths = ["articles", "profiles", "tags", "site", "articles?total=true", "articles?limit=100"]
    paths += ["articles?sort=published_at", "articles?tag=rahasia", "articles?lang=id"]
    paths += [f"articles/{slug}{tail}" for slug in slugs for tail in ("", ".md")]
    paths += ["tags/rahasia"]
    return "\n".join([(await reader.get(f"/api/v1/{path}")).text for path in paths])


@pytest.mark.parametrize("state", ["draft", "scheduled", "unpublished", "trashed", "expired"])
async def test_what_is_not_published_shows_nowhere(
    state: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    secret = {"title": "Rahasia besar", "tag_slugs": ["Rahasia"], "lang": "id"}
    draft = await make.article(owner, **secret, markdown="kata-kunci-rahasia")
    match state:
        case "scheduled":
            await make.verb(owner, draft, "publish", {"at": _ahead()})
        case "unpublished":
            live = await make.verb(owner, draft, "publish")
            await make.verb(owner, live, "unpublish")
        case "expired":
            live = await make.verb(owner, draft, "publish", {"at": _past(3)})
            await make.verb(owner, live, "unpublish", {"at": _past(1)})
        case "trashed":
            live = await make.verb(owner, draft, "publish")
            await owner.request("DELETE", f"{ADMIN}/{draft['id']}", headers=make.if_match(live))

    seen = await _everything_public(reader, "rahasia-besar")

    assert "rahasia besar" not in seen.lower()
    assert "kata-kunci" not in seen
    assert '"rahasia"' not in seen
    assert (await reader.get(f"{PUBLIC}/rahasia-besar")).status_code == 404
    assert (await reader.get("/api/v1/tags/rahasia")).status_code == 404
    assert (await reader.get(PUBLIC, params={"total": "true"})).json()["page"]["total"] == 0


async def test_the_control_of_the_above_sees_a_published_one(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(
        owner, title="Rahasia besar", tag_slugs=["Rahasia"], markdown="kata-kunci-rahasia"
    )
    seen = await _everything_public(reader, "rahasia-besar")
    assert "Rahasia besar" in seen
    assert "kata-kunci" in seen
    assert '"rahasia"' in seen


async def test_the_draft_of_a_published_article_shows_nowhere(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    live = await make.published(owner, title="Open", slug="open")
    change = {
        "title": "Hidden title",
        "slug": "hidden-slug",
        "markdown": "hidden text",
        "excerpt": "hidden excerpt",
        "tag_slugs": ["Hidden tag"],
        "lang": "id",
    }
    before = (await reader.get(f"{PUBLIC}/open")).headers["etag"]
    await owner.patch(f"{ADMIN}/{live['id']}", json=change, headers=make.if_match(live))

    seen = await _everything_public(reader, "open", "hidden-slug")

    assert "hidden" not in seen.lower()
    assert (await reader.get(f"{PUBLIC}/hidden-slug")).status_code == 404
    assert (await reader.get(f"{PUBLIC}/open")).headers["etag"] == before


async def test_a_scheduled_article_is_readable_at_its_second_without_a_worker(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: db.Database
) -> None:
    made = await make.published(owner, title="Soon", at=_ahead())
    assert made["status"] == "scheduled"
    assert made["published_at"] is None
    assert (await reader.get(f"{PUBLIC}/soon")).status_code == 404
    # The clock can't be moved here, so the time of publication is.
    await database["articles"].update_one({}, {"$set": {"live.publish_at": db.now()}})
    assert (await reader.get(f"{PUBLIC}/soon")).status_code == 200


async def test_filters_narrow_and_combine(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    rani = await make.profile(owner, name="Rani")
    await make.published(owner, title="A", lang="id", tag_slugs=["API"], author_slugs=["rani"])
    await make.published(owner, title="B", lang="en", tag_slugs=["API"])
    await make.published(owner, title="C", lang="id", tag_slugs=["React"])

    async def titles(**params: str) -> list[str]:
        found = (await reader.get(PUBLIC, params=params)).json()
        return sorted(item["title"] for item in found["items"])

    assert await titles() == ["A", "B", "C"]
    assert await titles(tag="api") == ["A", "B"]
    assert await titles(lang="id") == ["A", "C"]
    assert await titles(author=rani["slug"]) == ["A"]
    assert await titles(tag="api", lang="en") == ["B"]
    assert await titles(tag="nothing") == []


async def test_cursors_walk_every_article_once_there_and_back(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    same_day = _past(5)  # ties in time are told apart by id
    for number in range(7):
        await make.published(
            owner, title=f"T{number}", at=same_day if number < 4 else _past(number)
        )

    async def walk(path: str, relation: str) -> list[list[str]]:
        pages = []
        while path:
            answer = await reader.get(path)
            found = answer.json()
            pages.append([item["title"] for item in found["items"]])
            cursor = found["page"][relation]
            target = answer.links.get(relation, {}).get("url", "")
            assert bool(cursor) == bool(target)
            path = target
        return pages

    forward = await walk(f"{PUBLIC}?limit=3&lang=en", "next")
    assert [len(page) for page in forward] == [3, 3, 1]
    everything = [title for page in forward for title in page]
    assert sorted(everything) == [f"T{number}" for number in range(7)]
    oldest = await walk(f"{PUBLIC}?limit=3&sort=published_at", "next")
    assert [title for page in oldest for title in page] == everything[::-1]

    last = await reader.get(f"{PUBLIC}?limit=3")
    for _ in range(2):
        last = await reader.get(last.links["next"]["url"])
    back = await walk(last.links["prev"]["url"], "prev")
    assert [title for page in reversed(back) for title in page] == everything[:6]


async def test_a_cursor_stays_steady_while_articles_are_added(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    for number in range(4):
        await make.published(owner, title=f"T{number}", at=_past(10 + number))
    first = (await reader.get(f"{PUBLIC}?limit=2")).json()
    await make.published(owner, title="New")
    second = (await reader.get(f"{PUBLIC}?limit=2&cursor={first['page']['next']}")).json()
    assert [item["title"] for item in second["items"]] == ["T2", "T3"]


async def test_pages_and_totals_serve_people(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    for number in range(5):
        await make.published(owner, title=f"T{number}", at=_past(number + 1))
    found = (await reader.get(f"{PUBLIC}?limit=2&page=3&total=true")).json()
    assert [item["title"] for item in found["items"]] == ["T4"]
    assert found["page"]["total"] == 5
    assert "total" not in (await reader.get(PUBLIC)).json()["page"]


async def test_the_old_slug_leads_to_the_new_one_for_ever(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.published(owner, title="First name")
    for slug in ("second-name", "third-name"):
        made = (
            await owner.patch(
                f"{ADMIN}/{made['id']}", json={"slug": slug}, headers=make.if_match(made)
            )
        ).json()
        made = await make.verb(owner, made, "publish")

    for old in ("first-name", "second-name"):
        answer = await reader.get(f"{PUBLIC}/{old}")
        assert answer.status_code == 308
        assert answer.headers["location"] == f"{PUBLIC}/third-name"
        assert answer.json()["location"] == f"{PUBLIC}/third-name"
    taken = await owner.post(ADMIN, json={"title": "x", "slug": "first-name"})
    assert taken.status_code == 409
    assert taken.json()["errors"][0]["field"] == "slug"


async def test_the_source_comes_back_byte_for_byte(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    source = "# A\r\n\r\n\ttab  \r\n- [ ] b\n\n\n~~c~~ \u00a0 \U0001f334\n:::"
    made = await make.published(owner, title="Bytes", markdown=source)
    answer = await reader.get(f"{PUBLIC}/bytes.md")
    assert answer.content == source.encode()
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    kept = (await owner.get(f"{ADMIN}/{made['id']}")).json()
    assert kept["markdown"] == source


async def test_the_second_read_is_304(owner: httpx.AsyncClient, reader: httpx.AsyncClient) -> None:
    await make.published(owner, title="Etag")
    for path in (PUBLIC, f"{PUBLIC}/etag", f"{PUBLIC}/etag.md", "/api/v1/tags", "/api/v1/site"):
        first = await reader.get(path)
        tag = first.headers["etag"]
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = await reader.get(path, headers={"If-None-Match": known})
            assert again.status_code == 304, (path, known)
            assert again.content == b""
            assert again.headers["etag"] == tag
        other = await reader.get(path, headers={"If-None-Match": '"other"'})
        assert other.status_code == 200


async def test_renaming_a_tag_or_author_shows_at_once_and_changes_the_etag(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    author = await make.profile(owner, name="Old Name")
    await make.published(owner, title="A", tag_slugs=["old tag"], author_slugs=["old-name"])
    before = await reader.get(f"{PUBLIC}/a")

    await owner.patch(
        "/api/v1/admin/tags/old-tag", json={"name": "New tag"}, headers={"If-Match": '"1"'}
    )
    await owner.patch(
        f"/api/v1/admin/profiles/{author['id']}",
        json={"name": "New Name", "slug": "new-name"},
        headers=make.if_match(author),
    )

    after = await reader.get(f"{PUBLIC}/a")
    assert after.json()["tags"] == [{"slug": "old-tag", "name": "New tag"}]
    assert after.json()["authors"][0] == {"slug": "new-name", "name": "New Name", "avatar": None}
    assert after.headers["etag"] != before.headers["etag"]
    by_new = (await reader.get(PUBLIC, params={"author": "new-name"})).json()
    assert [item["title"] for item in by_new["items"]] == ["A"]


async def test_a_hidden_author_is_left_out(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    author = await make.profile(owner, name="Shy")
    await make.published(owner, title="A", author_slugs=["shy"])
    hidden = await owner.post(
        f"/api/v1/admin/profiles/{author['id']}/unpublish", headers=make.if_match(author)
    )
    assert hidden.json()["status"] == "unpublished"
    assert (await reader.get(f"{PUBLIC}/a")).json()["authors"] == []
    assert (await reader.get("/api/v1/profiles/shy")).status_code == 404
    assert (await reader.get("/api/v1/profiles")).json()["items"] == []


async def _count_commands(database: db.Database, call: Any) -> list[str]:
    """What MongoDB was asked while `call` ran, by its own profiler."""
    await database.command({"profile": 2})
    try:
        await call()
    finally:
        await database.command({"profile": 0})
    rows = await database["system.profile"].find({}).to_list()
    await database["system.profile"].drop()
    return [f"{row['op']} {row['ns']}" for row in rows if "system.profile" not in row["ns"]]


@pytest.mark.parametrize(
    "path",
    [
        PUBLIC,
        f"{PUBLIC}?tag=api&lang=en&total=true",
        f"{PUBLIC}?author=rani",
        f"{PUBLIC}?series=mongo&featured=false&sort=position&fields=slug&include=html",
        f"{PUBLIC}/a.md",
        "/api/v1/profiles",
        "/api/v1/profiles/rani",
        "/api/v1/series/mongo",
        "/api/v1/tags/api",
        "/api/v1/site",
    ],
)
async def test_a_public_read_is_one_query(
    path: str, owner: httpx.AsyncClient, uncached: httpx.AsyncClient, database: db.Database
) -> None:
    await _one_article(owner)
    asked = await _count_commands(database, lambda: uncached.get(path))
    assert len(asked) == 1, asked


@pytest.mark.parametrize(
    "path",
    [
        f"{PUBLIC}?year=2026&lang=en&fallback=true",  # the site's settings, and the list
        "/api/v1/series",  # the list, and the collection's own number of rows: the page isn't full
        "/api/v1/tags",
    ],
)
async def test_these_public_reads_are_two_queries(
    path: str, owner: httpx.AsyncClient, uncached: httpx.AsyncClient, database: db.Database
) -> None:
    await _one_article(owner)
    asked = await _count_commands(database, lambda: uncached.get(path))
    assert len(asked) == 2, asked


async def test_an_article_is_three_queries(
    owner: httpx.AsyncClient, uncached: httpx.AsyncClient, database: db.Database
) -> None:
    """The article, those alike by their words, and what stands around it."""
    await _one_article(owner)
    asked = await _count_commands(database, lambda: uncached.get(f"{PUBLIC}/a"))
    assert len(asked) == 3, asked


async def _one_article(owner: httpx.AsyncClient) -> None:
    await make.profile(owner, name="Rani")
    await make.series(owner, title="Mongo")
    place = {"slug": "mongo", "position": 1}
    await make.published(owner, title="A", tag_slugs=["API"], author_slugs=["rani"], series=place)

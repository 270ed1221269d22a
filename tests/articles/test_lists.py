"""What lists can be narrowed by, for readers and on the desk."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.core import db
from tests import make

ADMIN = "/api/v1/admin/articles"
PUBLIC = "/api/v1/articles"


async def _slugs(client: httpx.AsyncClient, path: str) -> list[str]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return [item["slug"] for item in answer.json()["items"]]


async def test_a_year_is_one_of_the_sites_time_zone(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    for slug, at in (
        ("last-hour", "2024-12-31T16:59:59Z"),
        ("first-hour", "2024-12-31T17:00:00Z"),
        ("utc-new-year", "2025-01-01T00:00:00Z"),
    ):
        await make.published(owner, title=slug, at=at)
    assert await _slugs(reader, f"{PUBLIC}?year=2025") == ["utc-new-year"]
    site = (await owner.get("/api/v1/admin/site")).json()
    await owner.patch(
        "/api/v1/admin/site", json={"time_zone": "Asia/Jakarta"}, headers=make.if_match(site)
    )
    assert await _slugs(reader, f"{PUBLIC}?year=2025") == ["utc-new-year", "first-hour"]
    counted = (await reader.get(f"{PUBLIC}?year=2024&total=true&limit=1")).json()
    assert counted["page"]["total"] == 1
    assert await _slugs(reader, f"{PUBLIC}?year=2999") == []


async def test_a_scheduled_article_is_in_no_year(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    ahead = db.now() + timedelta(days=800)
    await make.published(owner, title="Ahead", at=ahead.isoformat())
    found = (await reader.get(f"{PUBLIC}?year={ahead.year}&total=true")).json()
    assert (found["items"], found["page"]["total"]) == ([], 0)


async def test_featured_and_series_narrow(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.series(owner, title="Mongo")
    place = {"slug": "mongo", "position": 1}
    await make.published(owner, title="A", featured=True)
    await make.published(owner, title="B", series=place)
    await make.article(owner, title="C", featured=True, series={**place, "position": 2})
    assert await _slugs(reader, f"{PUBLIC}?featured=true") == ["a"]
    assert await _slugs(reader, f"{PUBLIC}?featured=false") == ["b"]
    assert await _slugs(reader, f"{PUBLIC}?series=mongo") == ["b"]
    assert await _slugs(reader, f"{PUBLIC}?series=nothing") == []


async def test_fields_narrow_and_html_comes_along(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.profile(owner, name="Rani")
    await make.published(
        owner, title="A", markdown="*Hi.*", tag_slugs=["API"], author_slugs=["rani"]
    )
    whole = (await reader.get(PUBLIC)).json()
    assert "html" not in whole["items"][0]
    for fields in (["slug", "title"], ["tags", "url"], ["series"], list(whole["items"][0])):
        found = (await reader.get(f"{PUBLIC}?fields={','.join(fields)}&total=true")).json()
        assert found["items"] == [{name: whole["items"][0][name] for name in fields}]
        assert found["page"] == {**whole["page"], "total": 1}
    html = "<p><em>Hi.</em></p>\n"
    both = (await reader.get(f"{PUBLIC}?fields=slug&include=html")).json()
    assert both["items"] == [{"slug": "a", "html": html}]
    full = (await reader.get(f"{PUBLIC}?include=html")).json()
    assert full["items"] == [{**whole["items"][0], "html": html}]
    narrowed = await reader.get(f"{PUBLIC}?fields=slug")
    tag = narrowed.headers["etag"]
    again = await reader.get(f"{PUBLIC}?fields=slug", headers={"If-None-Match": tag})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("fields=slug,markdown", 400, "fields"),
        ("fields=slug,", 400, "fields"),
        ("fields=html", 400, "fields"),
        ("fields=slug&fields=title", 400, "fields"),
        ("include=markdown", 422, "include"),
        ("include=html&limit=26", 422, "body"),
        ("year=nineteen", 422, "year"),
        ("year=1", 422, "year"),
        ("year=10000", 422, "year"),
        ("featured=perhaps", 422, "featured"),
        ("series=a.b", 422, "series"),
        ("sort=position", 422, "body"),
        ("sort=title", 422, "sort"),
        ("working=1", 400, "working"),
    ],
)
async def test_a_bad_query_is_named(
    query: str, status: int, field: str, reader: httpx.AsyncClient
) -> None:
    answer = await reader.get(f"{PUBLIC}?{query}")
    assert answer.status_code == status
    assert answer.json()["errors"][0]["field"] == field


async def test_an_unknown_field_is_named_in_the_answer(reader: httpx.AsyncClient) -> None:
    answer = (await reader.get(f"{PUBLIC}?fields=slug,owner_id")).json()
    assert answer["code"] == "unknown_field"
    assert "'owner_id'" in answer["detail"]


async def test_a_cursor_of_one_order_is_refused_by_another(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, title="A")
    await make.published(owner, title="B")
    cursor = (await reader.get(f"{PUBLIC}?limit=1")).json()["page"]["next"]
    key = await owner.get(f"{ADMIN}?sort=title&cursor={cursor}")
    assert (key.status_code, key.json()["code"]) == (400, "bad_cursor")


async def test_the_desk_filters_working_copies(owner: httpx.AsyncClient) -> None:
    await make.series(owner, title="Mongo")
    await make.profile(owner, name="Rani")
    place = {"slug": "mongo", "position": 1}
    await make.article(owner, title="A", tag_slugs=["API"], lang="id", featured=True)
    await make.article(owner, title="B", author_slugs=["rani"], series=place)
    live = await make.published(owner, title="C", tag_slugs=["api"])
    await owner.patch(
        f"{ADMIN}/{live['id']}", json={"tag_slugs": ["#later"]}, headers=make.if_match(live)
    )
    for query, expected in {
        "tag=api": ["a"],
        "tag=%23later": ["c"],
        "author=rani": ["b"],
        "lang=id": ["a"],
        "series=mongo": ["b"],
        "featured=true": ["a"],
        "featured=false": ["c", "b"],
        "featured=false&status=draft": ["b"],
        "sort=title": ["a", "b", "c"],
        "sort=-title": ["c", "b", "a"],
        "sort=created_at": ["a", "b", "c"],
        "sort=-created_at": ["c", "b", "a"],
        "sort=updated_at": ["a", "b", "c"],
    }.items():
        assert await _slugs(owner, f"{ADMIN}?{query}") == expected, query
        counted = (await owner.get(f"{ADMIN}?{query}&total=true")).json()["page"]["total"]
        assert counted == len(expected)


@pytest.mark.parametrize("sort", ["title", "-title", "created_at", "-updated_at"])
async def test_every_order_of_the_desk_is_walked_by_cursors(
    sort: str, owner: httpx.AsyncClient
) -> None:
    for number in range(5):
        await make.article(owner, title=f"T{number // 2}")
    whole = await _slugs(owner, f"{ADMIN}?sort={sort}")
    seen: list[str] = []
    path = f"{ADMIN}?sort={sort}&limit=2"
    while path:
        answer = await owner.get(path)
        seen += [item["slug"] for item in answer.json()["items"]]
        path = answer.links.get("next", {}).get("url", "")
    assert seen == whole
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("query", "field"),
    [("tag=%23", "tag"), ("sort=slug", "sort"), ("featured=2", "featured"), ("lang=x", "lang")],
)
async def test_a_bad_query_of_the_desk_is_named(
    query: str, field: str, owner: httpx.AsyncClient
) -> None:
    answer = await owner.get(f"{ADMIN}?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def test_neighbours_are_of_one_language_and_public(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    def past(days: int) -> str:
        return (db.now() - timedelta(days=days)).isoformat()

    same = past(5)  # ties in time are told apart by id
    for title, lang, at in (
        ("Oldest", "en", past(9)),
        ("Lama", "id", past(8)),
        ("First", "en", same),
        ("Second", "en", same),
        ("Newest", "en", past(1)),
    ):
        await make.published(owner, title=title, lang=lang, at=at)
    await make.article(owner, title="Secret draft")
    await make.published(owner, title="Secret plan", at=past(-1))

    async def around(slug: str) -> tuple[Any, Any]:
        found = (await reader.get(f"{PUBLIC}/{slug}")).json()
        assert "ecret" not in str(found)
        previous, following = found["previous"], found["next"]
        return previous and previous["slug"], following and following["slug"]

    assert await around("oldest") == (None, "first")
    assert await around("first") == ("oldest", "second")
    assert await around("second") == ("first", "newest")
    assert await around("newest") == ("second", None)
    assert await around("lama") == (None, None)


async def test_what_shares_nothing_else_is_related_by_its_words(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    text = "Indexes make queries fast. An index is a tree; queries walk the index. Queries!"
    await make.published(owner, slug="it", title="Indexes in MongoDB", markdown=text, lang="en")
    await make.published(owner, slug="alike", title="More on indexes", markdown=text, lang="en")
    await make.published(owner, slug="tagged", tag_slugs=["db"], markdown="Tea.", lang="en")
    for number in range(4):  # newer, and about something else
        await make.published(owner, slug=f"tea-{number}", markdown="Tea and milk.", lang="en")
    hidden = await make.published(owner, slug="gone", title="Indexes", markdown=text, lang="en")
    await make.verb(owner, hidden, "unpublish")
    await make.published(owner, slug="indeks", title="Indexes", markdown=text, lang="id")
    related = (await reader.get(f"{PUBLIC}/it")).json()["related"]
    slugs = [item["slug"] for item in related]
    assert (slugs[0], len(slugs)) == ("alike", 4)
    assert not {"gone", "indeks", "it"} & set(slugs)
    # One tag in common says more than any number of words.
    found = (await owner.get("/api/v1/admin/articles?q=indexes&lang=en")).json()["items"]
    it = next(item for item in found if item["slug"] == "it")
    edited = await owner.patch(
        f"/api/v1/admin/articles/{it['id']}", json={"tag_slugs": ["db"]}, headers=make.if_match(it)
    )
    await make.verb(owner, edited.json(), "publish")
    related = (await reader.get(f"{PUBLIC}/it")).json()["related"]
    assert [item["slug"] for item in related][:2] == ["tagged", "alike"]


async def test_related_articles_share_most_first_then_the_newest_follow(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.series(owner, title="Mongo")
    await make.profile(owner, name="Rani")
    others: dict[str, dict[str, Any]] = {
        "Two tags": {"tag_slugs": ["a", "b"], "author_slugs": ["rani"]},
        "One tag": {"tag_slugs": ["b"]},
        "Series and tag": {"tag_slugs": ["a"], "series": {"slug": "mongo", "position": 2}},
        "Older": {},
        "Newer": {},
        "Bahasa": {"tag_slugs": ["a", "b"], "lang": "id"},
    }
    for title, more in others.items():
        await make.published(owner, title=title, **more)
    await make.article(owner, title="Secret", tag_slugs=["a", "b"])
    place = {"slug": "mongo", "position": 1}
    await make.published(owner, title="It", tag_slugs=["a", "b", "#x"], series=place)

    related = (await reader.get(f"{PUBLIC}/it")).json()["related"]

    slugs = [item["slug"] for item in related]
    assert slugs == ["series-and-tag", "two-tags", "one-tag", "newer"]
    listed = {item["slug"]: item for item in (await reader.get(PUBLIC)).json()["items"]}
    assert related == [listed[slug] for slug in slugs]


async def test_json_ld_tells_search_engines_who_wrote_what_when(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.profile(owner, name="Rani")
    await make.series(owner, title="Mongo")
    made = await make.published(
        owner,
        title="A",
        lang="id",
        excerpt="Short.",
        author_slugs=["rani"],
        tag_slugs=["API", "#desk"],
        series={"slug": "mongo", "position": 1},
        at="2025-01-02T03:04:05Z",
    )
    found = (await reader.get(f"{PUBLIC}/a")).json()["json_ld"]
    assert found["@type"] == "BlogPosting"
    assert (found["headline"], found["description"]) == ("A", "Short.")
    assert found["inLanguage"] == "id"
    trail = found["mainEntityOfPage"]["breadcrumb"]["itemListElement"]
    assert [(step["position"], step["item"]) for step in trail] == [
        (1, "https://juri.example/"),
        (2, "https://juri.example/series/mongo"),
        (3, "https://juri.example/articles/a"),
    ]
    assert found["datePublished"] == "2025-01-02T03:04:05Z"
    assert found["author"] == [
        {"@type": "Person", "name": "Rani", "url": "https://juri.example/authors/rani"}
    ]
    assert found["publisher"]["url"] == "https://juri.example"
    assert found["keywords"] == ["API"]
    # Nobody chose a cover: what is drawn for its links is its picture, too.
    assert (found["image"]["@type"], found["image"]["caption"]) == ("ImageObject", "A")
    assert "/media/cards/article/a-" in found["image"]["url"]
    assert found["isPartOf"]["url"] == "https://juri.example/series/mongo"
    seo = {"title": "T", "description": "D", "canonical_url": "https://elsewhere.example/a"}
    edited = await owner.patch(
        f"{ADMIN}/{made['id']}", json={"seo": seo}, headers=make.if_match(made)
    )
    await make.verb(owner, edited.json(), "publish")
    whole = (await reader.get(f"{PUBLIC}/a")).json()
    found = whole["json_ld"]
    assert (found["headline"], found["description"]) == ("T", "D")
    assert found["url"] == "https://elsewhere.example/a"
    assert whole["seo"]["title"] == "T"
    assert whole["title"] == "A"

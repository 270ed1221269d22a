"""What anonymous readers find, in which order, and what they are shown of it."""

import base64
from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.core import db
from tests import make

SEARCH = "/api/v1/search"


async def find(reader: httpx.AsyncClient, q: str, **params: Any) -> dict[str, Any]:
    answer = await reader.get(SEARCH, params={"q": q, **params})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def titles(reader: httpx.AsyncClient, q: str, **params: Any) -> list[str]:
    return [item["title"] for item in (await find(reader, q, **params))["items"]]


async def test_a_hit_tells_what_it_is_and_where(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    live = await make.published(
        owner,
        title="Apa Itu API?",
        slug="apa-itu-api",
        lang="id",
        markdown="Sebuah **API** menghubungkan <program> & manusia.\n",
    )
    hit = (await find(reader, "api"))["items"][0]
    assert hit == {
        "kind": "article",
        "id": live["id"],
        "slug": "apa-itu-api",
        "lang": "id",
        "title": "Apa Itu API?",
        "title_spans": [
            {"text": "Apa Itu ", "is_match": False},
            {"text": "API", "is_match": True},
            {"text": "?", "is_match": False},
        ],
        "snippet": [
            {"text": "Sebuah ", "is_match": False},
            {"text": "API", "is_match": True},
            {"text": " menghubungkan & manusia.", "is_match": False},
        ],
        "published_at": hit["published_at"],
        "updated_at": hit["updated_at"],
        "url": "https://juri.example/articles/apa-itu-api",
    }


async def test_titles_weigh_more_than_tags_headings_and_text(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    plain = "Isi lain.\n"
    await make.published(owner, title="Text", markdown="Satu kali docker saja.\n")
    await make.published(owner, title="Often", markdown="docker " * 5)
    await make.published(owner, title="Heading", markdown=f"## Docker\n\n{plain}")
    await make.published(owner, title="Tag", tag_slugs=["Docker"], markdown=plain)
    await make.published(owner, title="Kenal Dockerfile", markdown=plain)
    await make.published(owner, title="Kenal Docker", markdown=plain)
    await make.published(owner, title="Docker", markdown=plain)
    order = ["Docker", "Kenal Docker"]
    found = await titles(reader, "docker")
    assert found[:2] == order
    assert found.index("Tag") < found.index("Heading") < found.index("Often") < found.index("Text")
    assert found.index("Kenal Dockerfile") < found.index("Heading")
    assert len(found) == 7


async def test_equals_come_newest_first(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    for days in (5, 1, 9):
        at = (db.now() - timedelta(days=days)).isoformat()
        await make.published(owner, title=f"Same {days}", at=at)
    assert await titles(reader, "same") == ["Same 1", "Same 5", "Same 9"]


@pytest.mark.parametrize(
    ("q", "title"),
    [
        ("tutor", "Tutorial Café"),
        ("CAFE", "Tutorial Café"),
        ("cafe\u0301", "Tutorial Café"),
        ("tutorialnya", "Tutorial Café"),
        ("kafe tutorial", None),
        ("ial", None),
        ("東京", "東京大学で学ぶ"),
        ("大学", "東京大学で学ぶ"),
        ("学", "東京大学で学ぶ"),
        ("京東", None),
        ("приве", "Привет Мир"),
        ("كتاب", "كِتَابٌ جديد"),
        ("한국", "한국어 문서"),
        ("c++", "Belajar C++"),
    ],
)
async def test_words_match_by_their_beginning_without_accents_in_any_script(
    q: str, title: str | None, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    for name in (
        *("Tutorial Café", "東京大学で学ぶ", "Привет Мир", "كِتَابٌ جديد", "한국어 문서"),
        "Belajar C++",
    ):
        await make.published(owner, title=name)
    assert await titles(reader, q) == ([title] if title else [])


async def test_every_word_has_to_be_there(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, title="Belajar Python", markdown="dengan contoh")
    await make.published(owner, title="Belajar Rust", markdown="dengan contoh")
    assert await titles(reader, "belajar python") == ["Belajar Python"]
    assert await titles(reader, "contoh rust dengan") == ["Belajar Rust"]
    assert await titles(reader, "python rust") == []


async def test_the_phrase_itself_comes_first(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, title="Data base of facts, base data")
    await make.published(owner, title="My base data", markdown="base data " * 9)
    await make.published(owner, title="Base Data")
    assert (await titles(reader, "base data"))[0] == "Base Data"


async def test_kind_and_language_narrow(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, title="Kopi satu", lang="id")
    await make.published(owner, title="Kopi two", lang="en")
    assert await titles(reader, "kopi", lang="id") == ["Kopi satu"]
    assert len(await titles(reader, "kopi", kind="article")) == 2
    refused = await reader.get(SEARCH, params={"q": "kopi", "kind": "secret"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "kind"


async def test_cursors_and_pages_walk_all_hits_once(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    for number in range(7):
        await make.published(owner, title=f"Kopi {number}", markdown="kopi " * number)
    everything = await titles(reader, "kopi", limit=100)
    assert len(everything) == 7
    walked, path = [], f"{SEARCH}?q=kopi&limit=3"
    while path:
        answer = await reader.get(path)
        walked += [item["title"] for item in answer.json()["items"]]
        path = answer.links.get("next", {}).get("url", "")
    assert walked == everything
    assert await titles(reader, "kopi", limit=3, page=3) == everything[6:]
    first = await reader.get(f"{SEARCH}?q=kopi&limit=3")
    second = await reader.get(first.links["next"]["url"])
    back = await reader.get(second.links["prev"]["url"])
    assert back.json()["items"] == first.json()["items"]
    assert (await find(reader, "kopi", total="true", limit=2))["page"]["total"] == 7
    assert (await find(reader, "nothing", total="true"))["page"]["total"] == 0


# Holds a number beyond what MongoDB counts to.
BEYOND = (
    base64.urlsafe_b64encode(b'[false,99999999999999999999,"6741c0de5b2f4a0012ab34ce"]')
    .decode()
    .rstrip("=")
)


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("", 422, "q"),
        ("q=", 422, "q"),
        ("q=" + "a" * 201, 422, "q"),
        ("q=a&limit=0", 422, "limit"),
        ("q=a&limit=101", 422, "limit"),
        ("q=a&page=101", 422, "page"),
        ("q=a&lang=x", 422, "lang"),
        ("q=a&cursor=abc", 400, "cursor"),
        (f"q=a&cursor={BEYOND}", 400, "cursor"),
        ("q=a&q=b", 400, "q"),
        ("q=a&status=draft", 400, "status"),
        ("q[$ne]=a", 400, "q[$ne]"),
    ],
)  # fmt: skip
async def test_what_can_not_be_asked_is_refused_by_name(
    query: str, status: int, field: str, reader: httpx.AsyncClient
) -> None:
    answer = await reader.get(f"{SEARCH}?{query}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in {item["field"] for item in answer.json()["errors"]}


HOSTILE = [
    ".*", "(a+)+$", "[", "\\", "^a|b$", "*" * 200, "%" * 66, "?" * 200, "a" * 200, "(" * 200,
    '{"$ne": null}', "$where", "$gt", "'; drop", "\U0001f334" * 50, "\u202eabc\u202c",
    "a\u0301" * 99, "\u0301" * 200, "\u200b\u200d\ufeff", "\U0010ffff", "東" * 200, "ß" * 200,
    "İ" * 200, "ﷺ" * 100, "\u1100" * 200, "क्" * 100, "ก" * 200, "b c d e f g h j k l m n " * 9,
    "c++" * 60, "'" * 200, "\x01\x02\x1b[31m", "\uffff", "\ud7ff", "\r\n\t", "-1", "1e400",
]  # fmt: skip


@pytest.mark.parametrize("q", HOSTILE)
@pytest.mark.parametrize("path", [SEARCH, "/api/v1/articles"])
async def test_no_text_breaks_search(
    q: str, path: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, title="Satu", markdown="isi")
    answer = await reader.get(path, params={"q": q[:200], "total": "true"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["items"] == []
    admin = await owner.get("/api/v1/admin/articles", params={"q": q[:200], "total": "true"})
    assert admin.status_code == 200, admin.text


@pytest.mark.parametrize("raw", ["%00", "a%00b", "%ff", "%ed%a0%80", "a%C0%80"])
async def test_what_is_not_text_is_refused(raw: str, reader: httpx.AsyncClient) -> None:
    for path in (SEARCH, "/api/v1/articles"):
        assert (await reader.get(f"{path}?q={raw}")).status_code == 400


async def test_an_answer_is_cacheable_and_known_by_its_bytes(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, title="Kopi")
    first = await reader.get(SEARCH, params={"q": "kopi"})
    assert first.headers["cache-control"].startswith("public")
    known = {"If-None-Match": first.headers["etag"]}
    assert (await reader.get(SEARCH, params={"q": "kopi"}, headers=known)).status_code == 304
    assert (await reader.head(SEARCH, params={"q": "kopi"})).status_code == 200


async def test_the_public_list_takes_words_beside_its_filters_and_keeps_its_order(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    for number, lang in enumerate(("id", "en", "id")):
        at = (db.now() - timedelta(days=number + 1)).isoformat()
        await make.published(owner, title=f"Kopi {number}", lang=lang, at=at)
    await make.published(owner, title="Teh", lang="id")

    async def listed(**params: str) -> list[str]:
        found = (await reader.get("/api/v1/articles", params=params)).json()
        return [item["title"] for item in found["items"]]

    assert await listed(q="kopi") == ["Kopi 0", "Kopi 1", "Kopi 2"]
    assert await listed(q="kopi", sort="published_at") == ["Kopi 2", "Kopi 1", "Kopi 0"]
    assert await listed(q="kop", lang="id") == ["Kopi 0", "Kopi 2"]
    assert await listed(q="!!") == []
    page = (await reader.get("/api/v1/articles?q=kopi&limit=2&total=true")).json()["page"]
    assert page["total"] == 3
    second = (await reader.get(f"/api/v1/articles?q=kopi&limit=2&cursor={page['next']}")).json()
    assert [item["title"] for item in second["items"]] == ["Kopi 2"]


async def test_projects_and_pages_are_found_beside_articles(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, title="Kopi")
    for kinds, more in (
        ("projects", {"technologies": ["Kopiscript"], "summary": "Alat seduh"}),
        ("pages", {"markdown": "Tentang kopi.\n"}),
    ):
        draft = await make.draft(owner, kinds, title=f"Satu {kinds}", **more)
        answer = await owner.post(
            f"/api/v1/admin/{kinds}/{draft['id']}/publish", headers=make.if_match(draft)
        )
        assert answer.status_code == 200, answer.text
    hits = (await find(reader, "kopi"))["items"]
    assert [hit["kind"] for hit in hits] == ["article", "project", "page"]
    assert len({hit["url"] for hit in hits}) == 3
    assert await titles(reader, "kopi", kind="page") == ["Satu pages"]
    assert await titles(reader, "seduh") == ["Satu projects"]
    page = await reader.get("/api/v1/search?q=kopi&limit=1&total=true")
    assert page.json()["page"]["total"] == 3

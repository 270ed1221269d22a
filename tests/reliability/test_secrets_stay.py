"""Promise 15: two databases that differ only in secrets give anonymous readers equal bytes.

The secrets are those of `two_worlds`. If any route, filter, order, search, cursor, count, redirect,
preview or error told of one of them, the bytes would differ.
"""

import os
import random
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from cms.articles.pipelines import JOINS
from cms.articles.schemas import ArticleView
from cms.core import db
from cms.profiles.schemas import ProfileSummary
from cms.projects.documents import PublicFilter as Projects
from cms.publishing import previewing
from cms.publishing.languages import LanguageFilter
from cms.site.documents import SiteContent
from cms.tallies import documents as tallies
from tests.reliability import two_worlds
from tests.reliability.running import rounds
from tests.reliability.two_worlds import CANARY, LANGS, NOW, OTHERS, PUBLIC, TAGS

PROVE = bool(os.environ.get("LONTAR_PROVE"))
MASKED = re.compile(rb'"instance":"[^"]*"')
UNMASKED_HEADERS = {"date", "x-request-id", "server-timing"}

# The questions

SLUGS = [
    *(f"public-{n}" for n in range(PUBLIC)), "public-renamed", "ani", "budi", "hidden",
    *(f"{CANARY}-{n}" for n in range(15)), *(f"{CANARY}-former-{n}" for n in range(15)),
    *(f"{CANARY}-working-{n}" for n in range(6)), *TAGS, *(f"{CANARY}-tag-{n}" for n in range(15)),
    f"{CANARY}-working-tag", "nobody", "path", f"{CANARY}-series",
    *(f"{word}-{kind}-{n}" for word in ("public", CANARY) for kind in ("projects", "pages")
      for n in range(OTHERS)),
]  # fmt: skip
WORDS = [
    "public", "words", "common", "something common", CANARY, f"{CANARY} words", "can", "api",
    "nothing", "12", "!", "a" * 300,
]  # fmt: skip
GARBAGE = [
    "%00", "%ff", "..", "a%2Fb", "x" * 300, "$where", "{}", "null", "%F0%9F%90%99",
    "-", "'", "[$ne]",
]  # fmt: skip
LISTS = [
    "articles", "articles", "profiles", "tags", "series", "projects", "pages", "redirects",
    "search",
]  # fmt: skip
FILES = [
    *(f"/{feed}{query}" for feed in ("feed.xml", "atom.xml", "feed.json")
      for query in ("", "?tag=api", "?author=hidden", "?lang=zu")),
    *(f"/sitemaps/{name}-1.xml" for name in ("articles", "pages", "profiles", "tags", "series")),
    *("/sitemap.xml", "/robots.txt", "/llms.txt"),
]  # fmt: skip
SINGLES = [
    "articles/{}", "articles/{}.md", "articles/{}?preview=lpv_unknown", "profiles/{}",
    "profiles/{}/resume.json", "tags/{}", "series/{}", "projects/{}", "projects/{}.md", "pages/{}",
    "pages/{}.md",
]  # fmt: skip


PAGED = ["limit", "page", "total", "cursor"]
TAKEN = {
    "articles": [
        *PAGED, "tag", "author", "lang", "sort", "q", "series", "featured", "year", "fallback",
        "include", "fields",
    ],
    "projects": [*PAGED, "technology", "featured", "lang", "fallback"],
    "pages": [*PAGED, "lang", "fallback"],
    "search": [*PAGED, "kind", "lang"],
    **dict.fromkeys(("profiles", "tags", "series", "redirects"), PAGED),
}  # fmt: skip


def _questions(chance: random.Random, cursors: list[str], slugs: list[str]) -> tuple[str, Any]:
    """One anonymous request: a path with its query, and headers."""
    headers = {}
    if chance.random() < 0.1:
        headers["If-Modified-Since"] = chance.choice(
            ["Mon, 01 Jun 2026 00:00:00 GMT", "Mon, 01 Jun 2099 00:00:00 GMT", "yesterday"]
        )
    if chance.random() < 0.05:
        headers["If-None-Match"] = chance.choice(["*", '"x"', 'W/"x"'])
    if chance.random() < 0.55:
        part = chance.choice(slugs if chance.random() < 0.9 else GARBAGE)
        return chance.choice(SINGLES).format(part), headers
    if chance.random() < 0.05:
        return chance.choice(["site", "nothing", "admin/articles", "openapi.json"]), headers
    name = chance.choice(LISTS)
    known: dict[str, Callable[[], str]] = {
        "tag": lambda: chance.choice([*TAGS, *slugs[-20:]]),
        "author": lambda: chance.choice(["ani", "budi", "hidden", "nobody"]),
        "lang": lambda: chance.choice([*LANGS, "zu", "de"]),
        "sort": lambda: chance.choice(["published_at", "-published_at", "title"]),
        "limit": lambda: str(chance.choice([1, 2, 5, 15, 100, 0, 101, "x"])),
        "page": lambda: str(chance.choice([1, 2, 3, 50, 0])),
        "total": lambda: chance.choice(["true", "false"]),
        "cursor": lambda: chance.choice(cursors or [""]),
        "q": lambda: quote(chance.choice(WORDS)),
        "series": lambda: chance.choice(["path", f"{CANARY}-series", "nobody"]),
        "featured": lambda: chance.choice(["true", "false"]),
        "year": lambda: chance.choice(["2025", "2026", "2027"]),
        "fallback": lambda: "true",
        "include": lambda: "html",
        "fields": lambda: chance.choice(["slug,title", "tags,series", "markdown"]),
        "technology": lambda: chance.choice(["python", CANARY]),
        "kind": lambda: chance.choice(["article", "project", "page", "x"]),
        chance.choice(["status", "x", "working.title"]): lambda: CANARY,
    }
    takes = TAKEN[name] if chance.random() < 0.95 else list(known)
    names = dict.fromkeys(chance.choices(takes, k=chance.randrange(5)))
    if name == "search":
        names["q"] = None
    query = "&".join(f"{each}={known[each]()}" for each in names)
    return f"{name}?{query}" if query else name, headers


SEARCHED = ("search", "articles")


def _fits(single: str, slug: str) -> bool:
    """Each slug at its own kind, so that everything is asked for once; chance asks the rest."""
    kind = next((kind for kind in ("projects", "pages", "series") if kind in slug), None)
    own = kind or ("profiles" if slug in {"ani", "budi", "hidden"} else "articles")
    return single.startswith(own) or (slug in TAGS and single.startswith("tags"))


def _systematic() -> list[tuple[str, Any]]:
    """One of everything, before chance asks."""
    paths = [
        *(single.format(slug) for slug in SLUGS for single in SINGLES if _fits(single, slug)),
        *(f"{name}?limit=5&total=true" for name in LISTS if name != "search"),
        *(f"{name}?limit=100" for name in LISTS if name != "search"),
        *(f"{name}?q={quote(word)}&total=true" for name in SEARCHED for word in WORDS),
        "site",
        *FILES,
    ]
    return [(path, {}) for path in dict.fromkeys(paths)]


async def _answers(
    reader: httpx.AsyncClient, seed: int, count: int, about: str = ""
) -> list[tuple[str, bytes]]:
    """The same questions each time, and whatever cursors the answers offered put again."""
    chance, cursors = random.Random(seed), list[str]()  # noqa: S311
    known: list[tuple[str, str]] = []
    found = []
    asked = [each for each in _systematic() if each[0].startswith(about)]
    count = count or len(asked)
    for _ in range(count):
        path, headers = asked.pop() if asked else _questions(chance, cursors, SLUGS)
        if known and chance.random() < 0.1:
            path, etag = chance.choice(known)
            headers = {"If-None-Match": etag}
        method = "HEAD" if chance.random() < 0.05 else "GET"
        address = path if path.startswith("/") else f"/api/v1/{path}"
        answer = await reader.request(method, address, headers=headers)
        assert answer.status_code < 500, path
        if answer.status_code == 200 and "etag" in answer.headers:
            known.append((path, answer.headers["etag"]))
        if answer.status_code == 200 and answer.content.startswith(b'{"items"'):
            page = answer.json()["page"]
            cursors += [item for item in (page["next"], page["prev"]) if item]
        told = sorted(
            f"{name}: {value}"
            for name, value in answer.headers.items()
            if name not in UNMASKED_HEADERS and not _is_size_of_id(name, answer)
        )
        body = MASKED.sub(b'"instance":""', answer.content)
        whole = f"{method} {path} {headers}\n{answer.status_code}\n{told}\n".encode() + body
        found.append((path, whole))
    return found


def _is_size_of_id(name: str, answer: httpx.Response) -> bool:
    """An error's length follows its request id, which may differ."""
    return name == "content-length" and answer.status_code >= 400


async def _both(
    reader: httpx.AsyncClient, database: db.Database, count: int, about: str = ""
) -> tuple[list[tuple[str, bytes]], list[tuple[str, bytes]]]:
    """The answers of the world without secrets, and of the world with them."""
    answers = []
    for has_secrets in (False, True):
        await two_worlds.enter(database, has_secrets=has_secrets)
        answers.append(await _answers(reader, 15, count, about))
    return answers[0], answers[1]


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both worlds are asked at the same moment."""
    kinds = ("articles", "profiles", "tags")
    for module in (*kinds, "redirects", "search", "feeds", "publishing"):
        monkeypatch.setattr(f"cms.{module}.public.now", lambda: NOW)


async def test_worlds_that_differ_in_secrets_alone_answer_alike(
    uncached: httpx.AsyncClient, database: db.Database, still: None
) -> None:
    without, with_secrets = await _both(uncached, database, rounds(450, 5000))
    told = [path for path, answer in with_secrets if CANARY.encode() in answer.split(b"\n", 1)[1]]
    differing = [
        (one.decode(errors="replace"), other.decode(errors="replace"))
        for (_, one), (_, other) in zip(without, with_secrets, strict=True)
        if one != other
    ]
    assert not differing, differing[0]
    # Only what the question itself said comes back, as the name of a wrong parameter never does.
    assert not told, told[0]
    statuses = {answer.split(b"\n")[1] for _, answer in without}
    assert statuses >= {b"200", b"304", b"308", b"400", b"404", b"422"}


def _leak_title(monkeypatch: pytest.MonkeyPatch) -> None:
    projection = {**ArticleView.PROJECTION, "title": "$working.title"}
    monkeypatch.setattr(ArticleView, "PROJECTION", projection)


def _leak_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "cms.publishing.public.is_readable_row", lambda row, _: row.get("publish_at") is not None
    )


def _leak_in_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.publishing.languages.readable", lambda _: {"live": {"$ne": None}})


def _leak_in_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    total = tallies.total
    monkeypatch.setattr(tallies, "total", lambda coll, key, _: total(coll, key, {}))


def _leak_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.profiles.documents.PUBLIC", {})


def _leak_private_field(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = {"$toString": {"$ifNull": ["$account_id", ""]}}
    monkeypatch.setattr(
        ProfileSummary, "PROJECTION", {**ProfileSummary.PROJECTION, "headline": owner}
    )


def _leak_internal_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    stages: dict[str, Any] = JOINS["tags"]["$lookup"]
    everything = {"$lookup": {**stages, "pipeline": stages["pipeline"][1:]}}
    monkeypatch.setitem(JOINS, "tags", everything)


def _leak_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.tags.documents.PUBLIC", {})


def _leak_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.tags.documents._counted", _all_counted)


def _all_counted(*_: Any) -> list[Any]:
    return [{"$set": {"articles_count": 1}}]


def _leak_projects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Projects, "match", lambda *_: {"live": {"$ne": None}})


def _leak_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LanguageFilter, "match", lambda *_: {"live": {"$ne": None}})


def _leak_translations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.publishing.languages.readable", lambda _: {"live": {"$ne": None}})


def _leak_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.search.documents._in_window", lambda _: {})
    monkeypatch.setattr("cms.search.documents.readable", lambda _: {})


def _leak_redirects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "cms.publishing.found.documents.readable", lambda _: {"live": {"$ne": None}}
    )


def _leak_previews(monkeypatch: pytest.MonkeyPatch) -> None:
    async def to_anyone(kind: str, model: Any, _digest: Any, slug: str, now: Any) -> Any:
        document = await model.find_one({"slugs": slug})
        return previewing.Preview(document, document.working, now) if document else None

    monkeypatch.setattr(previewing, "opened", to_anyone)


def _leak_site(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = SiteContent.shown

    def with_checks(self: SiteContent, base: str) -> dict[str, Any]:
        return {**shown(self, base), "description": str(self.checks)}

    monkeypatch.setattr(SiteContent, "shown", with_checks)


# Each with what is asked to find it; `make prove` asks everything.
LEAKS: dict[Callable[[pytest.MonkeyPatch], None], str] = {
    _leak_title: "articles/public",
    _leak_plans: "articles/canary",
    _leak_in_lists: "articles?",
    _leak_in_counts: "articles?",
    _leak_people: "profiles",
    _leak_private_field: "profiles",
    _leak_internal_tags: "articles?",
    _leak_tags: "tags",
    _leak_series: "series",
    _leak_projects: "projects",
    _leak_pages: "pages",
    _leak_translations: "projects/public",
    _leak_search: "search",
    _leak_redirects: "redirects",
    _leak_previews: "articles/canary",
    _leak_site: "site",
}


@pytest.mark.parametrize("leak", LEAKS)
async def test_the_control_a_leak_on_purpose_is_found(
    leak: Callable[[pytest.MonkeyPatch], None],
    uncached: httpx.AsyncClient,
    database: db.Database,
    still: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leak(monkeypatch)
    count, about = (1000, "") if PROVE else (0, LEAKS[leak])
    without, with_secrets = await _both(uncached, database, count, about)
    assert without != with_secrets

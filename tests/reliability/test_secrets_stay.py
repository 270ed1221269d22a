"""Promise 15: two databases that differ only in secrets give anonymous readers equal bytes.

The secrets are drafts, plans, trash, what was unpublished, working copies, private fields and
hidden people. If any route, filter, order, cursor, count, redirect or error told of one of them,
the bytes would differ.
"""

import random
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from bson import ObjectId

from cms.accounts.actor import COMMAND_LINE
from cms.app import CARRIERS, KINDS
from cms.articles.documents import Article
from cms.articles.schemas import ArticleInput, ArticleView
from cms.articles.service import ARTICLES
from cms.core import db
from cms.core.shapes import Patch
from cms.profiles import service as profiles
from cms.profiles.documents import Profile
from cms.profiles.schemas import ProfileInput
from cms.publishing import relay, verbs
from cms.publishing.service import Seen
from tests.reliability.running import rounds

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=200)
PUBLIC = 18
CANARY = "canary"
MASKED = re.compile(rb'"instance":"[^"]*"')
UNMASKED_HEADERS = {"date", "x-request-id", "server-timing"}
LANGS = ["en", "id"]
TAGS = ["api", "python", "mongodb"]


async def _article(number: int, **changes: Any) -> Article:
    data = ArticleInput(
        title=f"Public {number}",
        slug=f"public-{number}",
        lang=LANGS[number % 2],
        markdown=f"Words of {number}.",
        author_slugs=["ani"] if number % 3 else ["ani", "budi"],
        tag_slugs=[TAGS[number % 3]],
    )
    at = START + timedelta(days=number // 2)  # two share a moment: the id decides
    made = await verbs.create(ARTICLES, COMMAND_LINE, data, at)
    assert made.id is not None
    return await verbs.publish(ARTICLES, COMMAND_LINE, Seen(made.id, made.revision), at, NOW)


async def _public_world() -> list[Article]:
    """What both databases hold."""
    for name in ("ani", "budi"):
        await profiles.create(COMMAND_LINE, ProfileInput(name=name.capitalize(), slug=name), START)
    made = [await _article(number) for number in range(PUBLIC)]
    first = made[0]
    change = _patch(slug="public-renamed")
    first = await verbs.update(ARTICLES, COMMAND_LINE, _seen(first), change, NOW)
    made[0] = await verbs.publish(ARTICLES, COMMAND_LINE, _seen(first), None, NOW)
    return made


def _patch(**changes: Any) -> Patch[ArticleInput]:
    return Patch(changes)


def _seen(article: Article) -> Seen:
    assert article.id is not None
    return Seen(article.id, article.revision)


async def _secret(number: int, state: str) -> None:
    data = ArticleInput(
        title=f"{CANARY} {number}",
        slug=f"{CANARY}-{number}",
        lang=[*LANGS, "zu"][number % 3],
        markdown=f"{CANARY} words",
        author_slugs=["ani", "hidden"],
        tag_slugs=[TAGS[number % 3], f"{CANARY} tag {number}"],
        featured=True,
    )
    made = await verbs.create(ARTICLES, COMMAND_LINE, data, START)
    if state == "draft":
        return
    at = NOW + timedelta(days=1) if state == "scheduled" else START + timedelta(days=number)
    made = await verbs.publish(ARTICLES, COMMAND_LINE, _seen(made), at, NOW)
    if state == "unpublished":
        await verbs.unpublish(ARTICLES, COMMAND_LINE, _seen(made), None, NOW)
    elif state == "trashed":
        await verbs.trash(ARTICLES, COMMAND_LINE, _seen(made), NOW)
    elif state == "renamed and unpublished":
        change = _patch(slug=f"{CANARY}-former-{number}")
        made = await verbs.update(ARTICLES, COMMAND_LINE, _seen(made), change, NOW)
        made = await verbs.publish(ARTICLES, COMMAND_LINE, _seen(made), None, NOW)
        await verbs.unpublish(ARTICLES, COMMAND_LINE, _seen(made), None, NOW)


async def _secrets(public: Sequence[Article]) -> None:
    """What only the second database holds."""
    hidden = await profiles.create(
        COMMAND_LINE, ProfileInput(name=f"Hidden {CANARY}", slug="hidden", headline=CANARY), START
    )
    await profiles.publish(COMMAND_LINE, hidden.item_id, hidden.revision, NOW, is_public=False)
    # Whose account a person's is, and what a write left for the relay, is nobody's business.
    await Profile.get_pymongo_collection().update_many(
        {}, {"$set": {"account_id": ObjectId(), "canary": CANARY}}
    )
    states = ["draft", "scheduled", "unpublished", "trashed", "renamed and unpublished"]
    for number in range(15):
        await _secret(number, states[number % 5])
    # Working copies, plans and ends of what is public.
    for number, article in enumerate(public[1:7]):
        fields: dict[str, Any] = {
            "title": CANARY,
            "markdown": f"# {CANARY}",
            "slug": f"{CANARY}-working-{number}",
            "tag_slugs": [f"{CANARY} working tag"],
            "author_slugs": ["budi", "hidden"],
            "seo": {"title": CANARY},
        }
        now_is = await verbs.update(ARTICLES, COMMAND_LINE, _seen(article), _patch(**fields), NOW)
        if number in {1, 2}:
            at = NOW + timedelta(days=2)
            now_is = await verbs.publish(ARTICLES, COMMAND_LINE, _seen(now_is), at, NOW)
        if number in {2, 3}:
            at = NOW + timedelta(days=3)
            await verbs.unpublish(ARTICLES, COMMAND_LINE, _seen(now_is), at, NOW)


async def _fix_what_is_not_secret(database: db.Database) -> None:
    """Ids are made of time and chance; both databases get the same ones."""
    for name in ("articles", "profiles", "tags"):
        rows = await database[name].find({}).to_list()
        await database[name].delete_many({})
        for row in rows:
            row["_id"] = _ident(name, row.get("former_slugs", []) + _names(row))
        if rows:
            await database[name].insert_many(rows)


def _names(row: dict[str, Any]) -> list[str]:
    live = row.get("live") or {}
    return [live.get("slug") or row.get("slug") or row["slugs"][-1]]


def _ident(name: str, slugs: list[str]) -> Any:
    return ObjectId(random.Random(f"{name} {slugs[-1]}").randbytes(12))  # noqa: S311


# The questions

SLUGS = [
    *(f"public-{n}" for n in range(PUBLIC)), "public-renamed", "ani", "budi", "hidden",
    *(f"{CANARY}-{n}" for n in range(15)), *(f"{CANARY}-former-{n}" for n in range(15)),
    *(f"{CANARY}-working-{n}" for n in range(6)), *TAGS, *(f"{CANARY}-tag-{n}" for n in range(15)),
    f"{CANARY}-working-tag", "nobody",
]  # fmt: skip
GARBAGE = [
    "%00", "%ff", "..", "a%2Fb", "x" * 300, "$where", "{}", "null", "%F0%9F%90%99",
    "-", "'", "[$ne]",
]  # fmt: skip
LISTS = ["articles", "profiles", "tags"]
FILES = [
    *(f"/{feed}{query}" for feed in ("feed.xml", "atom.xml", "feed.json")
      for query in ("", "?tag=api", "?author=hidden", "?lang=zu")),
    *(f"/sitemaps/{name}-1.xml" for name in ("articles", "pages", "profiles", "tags", "series")),
    *("/sitemap.xml", "/robots.txt", "/llms.txt"),
]  # fmt: skip
SINGLES = ["articles/{}", "articles/{}.md", "profiles/{}", "profiles/{}/resume.json", "tags/{}"]


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
    known = {
        "tag": lambda: chance.choice([*TAGS, *slugs[-20:]]),
        "author": lambda: chance.choice(["ani", "budi", "hidden", "nobody"]),
        "lang": lambda: chance.choice([*LANGS, "zu", "de"]),
        "sort": lambda: chance.choice(["published_at", "-published_at", "title"]),
        "limit": lambda: str(chance.choice([1, 2, 5, 15, 100, 0, 101, "x"])),
        "page": lambda: str(chance.choice([1, 2, 3, 50, 0])),
        "total": lambda: chance.choice(["true", "false"]),
        "cursor": lambda: chance.choice(cursors or [""]),
        chance.choice(["status", "x", "featured", "q", "working.title"]): lambda: CANARY,
    }
    weights = [3, 3, 3, 3, 3, 2, 3, 3, 0.3]
    names = dict.fromkeys(chance.choices(list(known), weights, k=chance.randrange(4)))
    query = "&".join(f"{each}={known[each]()}" for each in names)
    return f"{name}?{query}" if query else name, headers


async def _answers(reader: httpx.AsyncClient, seed: int, count: int) -> list[tuple[str, bytes]]:
    """The same questions each time, and whatever cursors the answers offered put again."""
    chance, cursors = random.Random(seed), list[str]()  # noqa: S311
    known: list[tuple[str, str]] = []
    found = []
    asked: list[tuple[str, Any]] = [
        *((path, {}) for path in FILES),
        *((f"articles/{slug}", {}) for slug in SLUGS),
        *((f"{name}?limit=5&total=true", {}) for name in LISTS),
    ]
    for _ in range(count):
        path, headers = asked.pop() if asked else _questions(chance, cursors, SLUGS)
        if known and chance.random() < 0.1:
            path, etag = chance.choice(known)
            headers = {"If-None-Match": etag}
        method = "HEAD" if chance.random() < 0.05 else "GET"
        address = path if path.startswith("/") else f"/api/v1/{path}"
        answer = await reader.request(method, address, headers=headers)
        assert answer.status_code < 500, path
        if answer.status_code == 200:
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
    reader: httpx.AsyncClient, database: db.Database, count: int
) -> tuple[list[tuple[str, bytes]], list[tuple[str, bytes]]]:
    """The answers of the world without secrets, and of the world with them."""
    answers = []
    for has_secrets in (False, True):
        for name in await database.list_collection_names():
            if name not in {"migrations", "locks"}:
                await database[name].delete_many({})
        public = await _public_world()
        if has_secrets:
            await _secrets(public)
        await relay.step(KINDS, NOW, CARRIERS)
        await _fix_what_is_not_secret(database)
        answers.append(await _answers(reader, 15, count))
    return answers[0], answers[1]


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both worlds are asked at the same moment."""
    for module in ("articles", "profiles", "tags", "feeds"):
        monkeypatch.setattr(f"cms.{module}.public.now", lambda: NOW)


async def test_worlds_that_differ_in_secrets_alone_answer_alike(
    reader: httpx.AsyncClient, database: db.Database, still: None
) -> None:
    without, with_secrets = await _both(reader, database, rounds(300, 5000))
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
    monkeypatch.setattr("cms.articles.pipelines.readable", lambda _: {"live": {"$ne": None}})


def _leak_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.profiles.documents.PUBLIC", {})


@pytest.mark.parametrize("leak", [_leak_title, _leak_plans, _leak_in_lists, _leak_people])
async def test_the_control_a_leak_on_purpose_is_found(
    leak: Callable[[pytest.MonkeyPatch], None],
    reader: httpx.AsyncClient,
    database: db.Database,
    still: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leak(monkeypatch)
    without, with_secrets = await _both(reader, database, 300)
    assert without != with_secrets

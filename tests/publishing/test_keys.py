"""The cache tags of a public answer: of every event that makes it wrong, one is among them.

A cache in front files an answer under its keys and drops what an event names. So all answers are
read before and after each change: one that differs must have carried a key of the events between.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.app import CARRIERS, KINDS
from cms.core import db
from cms.core.db import Database
from cms.publishing import relay
from tests import make
from tests.media import samples

ADMIN = "/api/v1/admin"
Row = dict[str, Any]
SINGLE = ("articles/one", "articles/one.md", "articles/two", "articles/dua", "projects/work",
          "pages/about", "profiles/rani", "profiles/sari", "profiles/rani/resume.json",
          "tags/api", "tags/web", "series/karier")  # fmt: skip
LISTS = ("articles", "articles?tag=api", "articles?author=rani&include=html", "projects", "pages",
         "articles?fields=slug,authors", "profiles", "tags", "series", "site", "search?q=one",
         "articles?limit=1", "redirects", "sync")  # fmt: skip
FILES = ("feed.xml", "atom.xml?tag=api", "feed.json?author=rani", "sitemap.xml", "llms.txt",
         "atom.xml", "feed.json", "sitemaps/articles-1.xml", "sitemaps/pages-1.xml",
         "sitemaps/profiles-1.xml", "sitemaps/tags-1.xml", "sitemaps/series-1.xml",
         "sitemaps/projects-1.xml")  # fmt: skip
# Those that an event names as paths, too; the parts of the sitemap go with its index.
NAMED = {"/feed.xml", "/atom.xml", "/feed.json", "/sitemap.xml", "/llms.txt"}
PATHS = [*(f"/api/v1/{path}" for path in (*SINGLE, *LISTS)), *(f"/{path}" for path in FILES)]


class Front:
    """What a cache in front would hold, and whether an event would have dropped it in time."""

    def __init__(self, owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: Database):
        self.owner, self.reader, self.database = owner, reader, database
        self.made: dict[str, Row] = {}

    async def furnish(self) -> None:
        for name in ("Rani", "Sari"):
            picture = await make.media(self.owner, samples.png(), f"{name}.png")
            self.made[f"{name}'s face"] = picture
            made = await make.profile(self.owner, name=name, avatar_id=picture["id"])
            self.made[name] = made
        await make.series(self.owner, title="Karier", slug="karier")
        self.made["cover"] = await make.media(self.owner, samples.png(), "cover.png")
        place = {"slug": "karier", "position": 1}
        self.made["figure"] = await make.media(self.owner, samples.png(30, 20), "figure.png")
        text = f"A figure:\n\n![a leaf](/media/{self.made['figure']['id']})\n"
        one = {"slug": "one", "author_slugs": ["rani"], "tag_slugs": ["API"], "series": place}
        two = {"slug": "two", "author_slugs": ["sari"], "tag_slugs": ["API", "Web"]}
        cover = {"cover_id": self.made["cover"]["id"], "markdown": text}
        self.made["one"] = await make.published(self.owner, title="One", **one, lang="en")
        self.made["two"] = await make.published(self.owner, title="Two", **two, **cover, lang="en")
        dua = {"slug": "dua", "lang": "id", "translation_of": self.made["one"]["id"]}
        self.made["dua"] = await make.published(self.owner, title="Dua", **dua)
        self.made["work"] = await make.live(self.owner, "projects", slug="work", **cover)
        self.made["about"] = await make.live(self.owner, "pages", slug="about")
        self.made["other"] = await make.media(self.owner, samples.png(50, 40), "other.png")
        moved = {"from_path": "/old", "to": "/articles/one"}
        answer = await self.owner.post(f"{ADMIN}/redirects", json=moved)
        self.made["old"] = answer.json()
        await self.settle()

    async def settle(self) -> None:
        while await relay.step(KINDS, db.now(), CARRIERS):
            pass

    async def patch(self, kinds: str, which: str, /, **changes: Any) -> None:
        """Change something and publish it, if it is of a kind that is published."""
        at = f"{ADMIN}/{kinds}/{self.made[which]['id']}"
        now = (await self.owner.get(at)).json()
        answer = await self.owner.patch(at, json=changes, headers=make.if_match(now))
        assert answer.status_code == 200, answer.text
        self.made[which] = answer.json()
        if kinds in {"articles", "projects", "pages"}:
            await self.verb(kinds, which, "publish")

    async def verb(self, kinds: str, name: str, verb: str) -> None:
        self.made[name] = await make.verb(self.owner, self.made[name], verb, kinds=kinds)

    async def of_word(self, method: str, path: str, **data: Any) -> None:
        now = (await self.owner.get(f"{ADMIN}/{path.removesuffix('/merge')}")).json()
        sent: Row = {"json": data} if data and method != "DELETE" else {"params": data}
        at = f"{ADMIN}/{path}"
        answer = await self.owner.request(method, at, headers=make.if_match(now), **sent)
        assert answer.status_code < 300, answer.text

    async def held(self) -> dict[str, tuple[bytes, set[str]]]:
        found = {}
        for path in PATHS:
            answer = await self.reader.get(path)
            if answer.status_code == 200:
                keys = set(answer.headers["surrogate-key"].split(" "))
                assert keys == set(answer.headers["cache-tag"].split(","))
                found[path] = (answer.content, keys)
        return found

    async def told(self, after: int) -> tuple[int, set[str]]:
        """The newest event's number, and all keys and paths of those after one."""
        rows = await self.database["events"].find({"_id": {"$gt": after}}).to_list()
        keys = {key for row in rows for name in ("keys", "paths") for key in row["body"][name]}
        return max((row["_id"] for row in rows), default=after), keys


Change = Callable[[Front], Awaitable[None]]


async def _replace(front: Front, name: str) -> None:
    now = (await front.owner.get(f"{ADMIN}/media/{front.made[name]['id']}")).json()
    files = {"file": ("b.png", samples.png(40 + len(name), 30), "image/png")}
    at = f"{ADMIN}/media/{now['id']}/replace"
    answer = await front.owner.post(at, files=files, headers=make.if_match(now))
    assert answer.status_code == 200, answer.text


async def _new_site(front: Front) -> None:
    now = (await front.owner.get(f"{ADMIN}/site")).json()
    match = {"If-Match": f'"{now["revision"]}"'}
    answer = await front.owner.patch(f"{ADMIN}/site", json={"title": "Juri"}, headers=match)
    assert answer.status_code == 200, answer.text


async def _new_redirect(front: Front) -> None:
    data = {"from_path": "/older", "to": "/articles/one"}
    answer = await front.owner.post(f"{ADMIN}/redirects", json=data)
    assert answer.status_code == 201, answer.text


async def _no_redirect(front: Front) -> None:
    old = front.made["old"]
    at = f"{ADMIN}/redirects/{old['id']}"
    answer = await front.owner.delete(at, headers=make.if_match(old))
    assert answer.status_code == 204, answer.text


async def _planned(front: Front) -> None:
    """An article that appears by time alone."""
    at = (db.now() + timedelta(milliseconds=300)).isoformat()
    made = await make.draft(front.owner, "articles", title="Soon", tag_slugs=["API"])
    await make.verb(front.owner, made, "publish", {"at": at})
    while db.now().isoformat() <= at:
        await front.settle()


CHANGES: dict[str, Change] = {
    "an article is edited": lambda f: f.patch("articles", "one", title="One one", markdown="New."),
    "an article gets another slug": lambda f: f.patch("articles", "two", slug="zwei"),
    "an article gets other tags": lambda f: f.patch("articles", "two", tag_slugs=["Web"]),
    "a translation is edited": lambda f: f.patch("articles", "dua", title="Dua dua"),
    "a project is edited": lambda f: f.patch("projects", "work", title="Works"),
    "a page is edited": lambda f: f.patch("pages", "about", title="About me"),
    "an author gets another name": lambda f: f.patch("profiles", "Rani", name="Rani W."),
    "an author gets another slug": lambda f: f.patch("profiles", "Sari", slug="sari-w"),
    "a tag gets another name": lambda f: f.of_word("PATCH", "tags/api", name="APIs"),
    "a tag goes into another": lambda f: f.of_word("POST", "tags/web/merge", into="api"),
    "a series gets another title": lambda f: f.of_word("PATCH", "series/karier", title="Kerja"),
    "a series gets another slug": lambda f: f.of_word("PATCH", "series/karier", slug="kerja"),
    "the site gets another title": _new_site,
    "a cover is another picture": lambda f: _replace(f, "cover"),
    "a face is another picture": lambda f: _replace(f, "Sari's face"),
    "a picture gets another text": lambda f: f.patch("media", "cover", alt={"en": "A leaf"}),
    "an article gets another cover": lambda f: f.patch(
        "articles", "two", cover_id=f.made["other"]["id"]
    ),
    "a figure is another picture": lambda f: _replace(f, "figure"),
    "a redirect is written": _new_redirect,
    "a redirect leads elsewhere": lambda f: f.patch("redirects", "old", to="/about"),
    "a redirect goes away": _no_redirect,
    "an article gets another author": lambda f: f.patch("articles", "two", author_slugs=["rani"]),
    "an article leaves its series": lambda f: f.patch("articles", "one", series=None),
    "an article goes away": lambda f: f.verb("articles", "two", "unpublish"),
    "an article appears by time alone": _planned,
}


@pytest.fixture
async def front(owner: httpx.AsyncClient, uncached: httpx.AsyncClient, database: Database) -> Front:
    found = Front(owner, uncached, database)
    await found.furnish()
    return found


async def _kept(front: Front, names: Iterable[str]) -> dict[str, set[str]]:
    """One change after the other: what each made wrong and no event of it would have dropped."""
    found = {}
    before = await front.held()
    for name in names:
        last, _ = await front.told(0)
        await CHANGES[name](front)
        await front.settle()
        after = await front.held()
        _, keys = await front.told(last)
        changed = {path for path, (body, _) in before.items() if after.get(path, (b"",))[0] != body}
        assert changed, f"{name}: nothing that readers see"
        found[name] = {path for path in changed if not before[path][1] & keys}
        found[name] |= {f"{path} among the paths" for path in changed & NAMED - keys}
        before = after
    return found


async def test_whatever_a_change_makes_wrong_carries_a_key_of_its_event(front: Front) -> None:
    assert await _kept(front, CHANGES) == {name: set() for name in CHANGES}


async def test_what_a_change_is_not_about_is_kept(front: Front) -> None:
    """Exact: an article's event drops no page, no project and no article that is not beside it."""
    last, _ = await front.told(0)
    before = await front.held()
    await front.patch("projects", "work", title="Works")
    await front.settle()
    _, keys = await front.told(last)
    dropped = {path for path, (_, filed) in before.items() if filed & keys}
    assert "/api/v1/projects/work" in dropped
    assert not dropped & {"/api/v1/articles/one", "/api/v1/articles", "/api/v1/pages", "/feed.xml"}


async def test_an_answer_that_forgets_its_author_is_found(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = front.held

    async def forgetful() -> dict[str, tuple[bytes, set[str]]]:
        return {
            path: (body, {key for key in keys if not key.startswith("profile")})
            for path, (body, keys) in (await held()).items()
        }

    monkeypatch.setattr(front, "held", forgetful)
    name = "an author gets another name"
    assert "/api/v1/articles/one" in (await _kept(front, [name]))[name]

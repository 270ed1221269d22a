"""Two sites that differ in secrets alone: drafts, plans, trash, working copies, private fields,
hidden people, hidden series, internal tags, preview links, private settings, of every kind.
"""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from beanie import PydanticObjectId
from bson import ObjectId
from pydantic_core import to_json

from cms.accounts.actor import COMMAND_LINE
from cms.app import CARRIERS, KINDS
from cms.articles.documents import Article
from cms.articles.pipelines import tally_keys
from cms.articles.service import ARTICLES
from cms.core import db
from cms.core.shapes import Patch, read_input
from cms.core.signing import Signer
from cms.pages.service import PAGES
from cms.previews.schemas import PreviewLinkInput
from cms.profiles import service as profiles
from cms.profiles.documents import Profile
from cms.profiles.schemas import ProfileInput
from cms.projects.service import PROJECTS
from cms.publishing import previews, relay, verbs
from cms.publishing.service import Kind, Seen
from cms.redirects import service as redirects
from cms.redirects.schemas import RedirectInput
from cms.search import service as search
from cms.site import service as site
from cms.tags import service as tags
from cms.tags.schemas import SeriesInput
from cms.tallies import documents as tallies

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=200)
DAY = timedelta(days=1)
PUBLIC, OTHERS = 18, 5
CANARY = "canary"
LANGS = ["en", "id"]
# Languages in which nothing public is said.
UNSAID = ["zu", "xh", "yo", "ig", "ha"]
TAGS = ["api", "python", "mongodb"]
STATES = ["draft", "scheduled", "unpublished", "trashed", "renamed and unpublished"]
KEPT = {"migrations", "locks"}
# What answers are made of; the past and the desk have no anonymous door.
SHOWN = (
    "articles", "projects", "pages", "profiles", "tags", "series", "redirects", "preview_links",
)  # fmt: skip
KIND: dict[str, Kind[Any, Any]] = {"articles": ARTICLES, "projects": PROJECTS, "pages": PAGES}
_built: dict[bool, dict[str, list[dict[str, Any]]]] = {}


async def enter(database: db.Database, *, has_secrets: bool) -> None:
    """From now on the database holds this world; it is built once and then copied."""
    await _empty(database)
    if has_secrets not in _built:
        await _build(database, has_secrets=has_secrets)
        _built[has_secrets] = {
            name: await database[name].find({}).to_list()
            for name in await database.list_collection_names()
            if name not in KEPT
        }
        return
    for name, found in _built[has_secrets].items():
        if found:
            await database[name].insert_many(found)


async def _empty(database: db.Database) -> None:
    for name in await database.list_collection_names():
        if name not in KEPT:
            await database[name].delete_many({})


async def _build(database: db.Database, *, has_secrets: bool) -> None:
    public = await _public_world(has_secrets=has_secrets)
    if has_secrets:
        await _secrets(public)
    while await relay.step(KINDS, NOW, CARRIERS):
        pass
    await _fix_what_is_not_secret(database)
    await tallies.settle(Article, tally_keys, NOW)
    await search.rebuild(lambda: NOW)


async def _make(kind: str, at: datetime | None = None, **fields: Any) -> Any:
    """Something of a kind, published at that time if one is given."""
    data = read_input(KIND[kind].input, to_json(fields))
    made = await verbs.create(KIND[kind], COMMAND_LINE, data, START)
    return made if at is None else await _publish(kind, made, at)


async def _publish(kind: str, item: Any, at: datetime | None = None) -> Any:
    return await verbs.publish(KIND[kind], COMMAND_LINE, _seen(item), at, NOW)


async def _edit(kind: str, item: Any, **fields: Any) -> Any:
    patch: Patch[Any] = Patch(fields)
    return await verbs.update(KIND[kind], COMMAND_LINE, _seen(item), patch, NOW)


def _seen(item: Any) -> Seen:
    return Seen(item.id, item.revision)


async def _public_world(*, has_secrets: bool) -> dict[str, list[Any]]:
    """What readers see of both; internal tags stand on what is public as well."""
    internal = [f"#{CANARY}"] if has_secrets else []
    for name in ("ani", "budi"):
        await profiles.create(COMMAND_LINE, ProfileInput(name=name.capitalize(), slug=name), START)
    await tags.create_series(COMMAND_LINE, SeriesInput(title="Path", slug="path"), START)
    settings: Any = {"title": "Two worlds", "languages": LANGS, "fallback_languages": ["id", "en"]}
    await site.update(COMMAND_LINE, Patch(settings), 0, START, "")
    articles = []
    for number in range(PUBLIC):
        # Two share a moment: the id decides.
        at = START + number // 2 * DAY
        fields = {
            "title": f"Public {number}",
            "slug": f"public-{number}",
            "lang": LANGS[number % 2],
            "markdown": f"Words of {number}. Something common.",
            "author_slugs": ["ani"] if number % 3 else ["ani", "budi"],
            "tag_slugs": [TAGS[number % 3], *internal],
            "series": {"slug": "path", "position": number + 1} if number % 4 == 0 else None,
            "featured": number % 5 == 0,
            "translation_of": f"public-{number - 1}" if number in {3, 7} else None,
        }
        articles.append(await _make("articles", at, **fields))
    first = await _edit("articles", articles[0], slug="public-renamed")
    articles[0] = await _publish("articles", first)
    others = {
        kind: [
            await _make(kind, START + number * DAY, **_other(kind, "public", number))
            for number in range(OTHERS)
        ]
        for kind in ("projects", "pages")
    }
    moved = {"from_path": "/old", "to": "/articles/public-1"}
    await redirects.create(COMMAND_LINE, read_input(RedirectInput, to_json(moved)), START)
    return {"articles": articles, **others}


def _other(kind: str, word: str, number: int) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": f"{word} {kind} {number}",
        "slug": f"{word}-{kind}-{number}",
        "lang": LANGS[number % 2],
        "markdown": f"{word} words, something common",
        "translation_of": f"public-{kind}-0" if word == "public" and number == 1 else None,
    }
    if kind == "projects":
        fields |= {"summary": word, "technologies": [word, "Python"], "position": number}
    return fields


async def _secrets(public: dict[str, list[Any]]) -> None:
    """What only the second world holds."""
    hidden = await profiles.create(
        COMMAND_LINE, ProfileInput(name=f"Hidden {CANARY}", slug="hidden", headline=CANARY), START
    )
    await profiles.publish(COMMAND_LINE, hidden.item_id, hidden.revision, NOW, is_public=False)
    # Whose account a person's is, and what a write left for the relay, is nobody's business.
    await Profile.get_pymongo_collection().update_many(
        {}, {"$set": {"account_id": ObjectId(), "canary": CANARY}}
    )
    series = SeriesInput(title=f"{CANARY} series", slug=f"{CANARY}-series")
    await tags.create_series(COMMAND_LINE, series, START)
    for number in range(15):
        await _secret("articles", number, STATES[number % 5], _secret_article(number))
    for kind in ("projects", "pages"):
        for number, state in enumerate(STATES):
            unsaid = {"lang": UNSAID[number], "translation_of": f"public-{kind}-{number}"}
            await _secret(kind, number, state, {**_other(kind, CANARY, number), **unsaid})
    for kind, items in public.items():
        await _secret_changes(kind, items[1:7])
    await site.update(COMMAND_LINE, Patch({"checks": {"missing_alt": "off"}}), 1, NOW, "")


def _secret_article(number: int) -> dict[str, Any]:
    series = [None, "path", f"{CANARY}-series"][number % 3]
    return {
        "title": f"{CANARY} {number}",
        "slug": f"{CANARY}-{number}",
        "lang": [*LANGS, "zu"][number % 3],
        "markdown": f"{CANARY} words, something common",
        "author_slugs": ["ani", "hidden"],
        "tag_slugs": [TAGS[number % 3], f"{CANARY} tag {number}", f"#{CANARY} {number}"],
        "series": {"slug": series, "position": number + 1} if series else None,
        "featured": True,
        "translation_of": f"public-{number}" if number % 3 == 2 else None,
    }


async def _secret(kind: str, number: int, state: str, fields: dict[str, Any]) -> None:
    made = await _make(kind, **fields)
    if kind == "articles":
        await _link(made)
    if state == "draft":
        return
    at = NOW + DAY if state == "scheduled" else START + number * DAY
    made = await _publish(kind, made, at)
    if state == "renamed and unpublished":
        made = await _edit(kind, made, slug=f"{CANARY}-former-{number}")
        made = await _publish(kind, made)
    if state.endswith("unpublished"):
        await verbs.unpublish(KIND[kind], COMMAND_LINE, _seen(made), None, NOW)
    elif state == "trashed":
        await verbs.trash(KIND[kind], COMMAND_LINE, _seen(made), NOW)


async def _link(article: Any) -> None:
    ident: PydanticObjectId = article.id
    signer = Signer("a key for two worlds, forty characters long", "preview")
    data = PreviewLinkInput()
    await previews.create(
        ARTICLES, COMMAND_LINE, ident, data, NOW, signer=signer, site_url="https://juri.example"
    )


async def _secret_changes(kind: str, items: Sequence[Any]) -> None:
    """Working copies, plans and ends of what is public."""
    for number, item in enumerate(items):
        fields: dict[str, Any] = {
            "title": CANARY,
            "markdown": f"# {CANARY}",
            "slug": f"{CANARY}-working-{number}",
        }
        if kind == "articles":
            people = {"author_slugs": ["budi", "hidden"], "seo": {"title": CANARY}}
            fields |= {"tag_slugs": [f"{CANARY} working tag"], **people}
        now_is = await _edit(kind, item, **fields)
        if number in {1, 2}:
            now_is = await _publish(kind, now_is, NOW + 2 * DAY)
        if number in {2, 3}:
            end = NOW + 3 * DAY
            await verbs.unpublish(KIND[kind], COMMAND_LINE, _seen(now_is), end, NOW)


async def _fix_what_is_not_secret(database: db.Database) -> None:
    """Ids are made of time and chance; both worlds get the same ones, wherever they stand."""
    rows = {name: await database[name].find({}).to_list() for name in SHOWN}
    same: dict[Any, Any] = {}
    for name, found in rows.items():
        for row in found:
            same[row["_id"]] = _ident(name, _name(row))
    texts = {str(old): str(new) for old, new in same.items()}
    for name, found in rows.items():
        await database[name].delete_many({})
        if found:
            await database[name].insert_many([_renamed(row, {**same, **texts}) for row in found])


def _renamed(value: Any, same: dict[Any, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(item, same) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, same) for item in value]
    return same.get(value, value) if isinstance(value, str | ObjectId) else value


def _name(row: dict[str, Any]) -> str:
    live = row.get("live") or {}
    names = (live.get("slug"), row.get("slug"), row.get("from_path"), row.get("digest"))
    return next((str(name) for name in names if name), "") or str(row["slugs"][-1])


def _ident(name: str, slug: str) -> Any:
    return ObjectId(random.Random(f"{name} {slug}").randbytes(12))  # noqa: S311

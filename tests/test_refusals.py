"""Every verb of every kind with everything it must refuse, and that a refusal writes nothing.

What a route takes is read from its handler: whoever takes a revision, an id or a body is tried with
wrong ones. The rest stands in the table, and a route that changes something and has no row fails.
"""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from cms.accounts.permissions import Permission, Role
from cms.app import CARRIERS, KINDS
from cms.core import db
from cms.core.db import Database
from cms.publishing import relay
from tests import make
from tests.accounts.signing import ADMIN, bearer
from tests.accounts.test_roles import BODIES, World

Row = dict[str, Any]
# A body, and the field that the answer has to name.
Wrong = tuple[Any, str]


@dataclass(frozen=True)
class Refused:
    """In which state of the item which code, and which bodies."""

    good: str = "-"
    state: tuple[str, str] | None = None
    bodies: tuple[Wrong, ...] = ()
    conflict: tuple[Row, str] | None = None


LONG = "x" * 301
CONTENT: tuple[Wrong, ...] = (
    ({"title": "x", "nothing": 1}, "nothing"),
    ({"title": 7}, "title"),
    ({"title": None}, "title"),
    ({"title": " "}, "title"),
    ({"title": LONG}, "title"),
    ({"title": "x", "slug": "Not a slug"}, "slug"),
    ({"title": "x", "slug": "../x"}, "slug"),
    ({"title": "x", "lang": "english"}, "lang"),
    ({"title": "x", "markdown": "y" * (256 * 1024 + 1)}, "markdown"),
    ({"title": "x", "markdown": ["y"]}, "markdown"),
    ({"title": "x", "status": "published"}, "status"),
    ({"title": "x", "revision": 7}, "revision"),
)
OWN: dict[str, tuple[Wrong, ...]] = {
    "article": (
        ({"title": "x", "author_slugs": ["nobody"]}, "author_slugs.0"),
        ({"title": "x", "tag_slugs": ["!!!"]}, "tag_slugs.0"),
        ({"title": "x", "series": {"slug": "nowhere", "position": 1}}, "series.slug"),
        ({"title": "x", "series": {"slug": "python", "position": "1"}}, "series.position"),
        ({"title": "x", "translation_of": "0" * 24}, "translation_of"),
        ({"title": "x", "featured": "yes"}, "featured"),
        ({"title": "x", "seo": {"title": LONG}}, "seo.title"),
    ),
    "project": (
        ({"title": "x", "project_status": "published"}, "project_status"),
        ({"title": "x", "started_on": "yesterday"}, "started_on"),
        ({"title": "x", "links": [{"url": "javascript:alert(1)"}]}, "links.0.url"),
        ({"title": "x", "position": -1}, "position"),
    ),
    "page": (
        ({"title": "x", "seo": {"canonical_url": "x"}}, "seo.canonical_url"),
        ({"title": "x", "featured": True}, "featured"),
    ),
}
AT: tuple[Wrong, ...] = (
    ({"at": "soon"}, "at"),
    ({"at": 1}, "at"),
    ({"at": "2026-01-01T00:00:00"}, "at"),
    ({"at": "9999-01-01T00:00:00Z"}, "at"),
    ({"when": None}, "when"),
    ([], "body"),
)
TAG: tuple[Wrong, ...] = (
    ({"name": 1}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"name": "a\nb"}, "name"),
    ({"name": "x", "description": 1}, "description"),
    ({"name": "x", "slug": "y"}, "slug"),
)
SERIES: tuple[Wrong, ...] = (
    ({"title": 1}, "title"),
    ({"title": LONG}, "title"),
    ({"title": "x", "slug": "Not a slug"}, "slug"),
    ({"title": "x", "articles": []}, "articles"),
)
PROFILE: tuple[Wrong, ...] = (
    ({"name": 1}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"name": "x", "slug": "a.b"}, "slug"),
    ({"name": "x", "password": "y"}, "password"),
    ({"name": "x", "links": [{"url": "javascript:alert(1)"}]}, "links.0.url"),
    ({"name": "x", "account_id": "me"}, "account_id"),
)
RESUME: tuple[Wrong, ...] = (({"basics": 1}, "basics"), ({"basics": {"name": 1}}, "basics.name"))
REDIRECT: tuple[Wrong, ...] = (
    ({"from_path": "nowhere", "to": "/x"}, "from_path"),
    ({"from_path": "/x", "to": "javascript:alert(1)"}, "to"),
    ({"from_path": "/x", "to": "/y", "status": 200}, "status"),
    ({"from_path": "/x", "to": "/y", "regex": True}, "regex"),
    ({"from_path": "/" + "x" * 1000, "to": "/y"}, "from_path"),
)
ROUTES: dict[str, Refused] = {
    "PATCH /site": Refused(
        bodies=(
            ({"title": 1}, "title"),
            ({"title": "x" * 121}, "title"),
            ({"owner": "me"}, "owner"),
            ({"languages": []}, "languages"),
            ({"time_zone": "Mars"}, "time_zone"),
            ({"checks": {"all": "error"}}, "checks.all.[key]"),
        )
    ),
    "POST /tags": Refused(bodies=(*TAG, ({"name": "!!!"}, "name.0"))),
    "PATCH /tags/{tag}": Refused(bodies=(*TAG, ({"name": "#inside"}, "name"))),
    "POST /tags/{tag}/merge": Refused(
        bodies=(
            ({}, "into"),
            ({"into": 1}, "into"),
            ({"into": "nothing"}, "into"),
            ({"into": "python"}, "into"),
            ({"into": "other", "force": True}, "force"),
        )
    ),
    "DELETE /tags/{tag}": Refused(state=("carried", "in_use")),
    "POST /series": Refused(
        bodies=SERIES, conflict=({"title": "x", "slug": "python"}, "slug_taken")
    ),
    "PATCH /series/{tag}": Refused(bodies=SERIES, conflict=({"slug": "another"}, "slug_taken")),
    "DELETE /series/{tag}": Refused(state=("carried", "in_use")),
    "POST /profiles": Refused(
        bodies=PROFILE, conflict=({"name": "x", "slug": "sari"}, "slug_taken")
    ),
    "PATCH /profiles/{profile}": Refused(
        bodies=PROFILE, conflict=({"slug": "another"}, "slug_taken")
    ),
    "POST /profiles/{profile}/publish": Refused(),
    "POST /profiles/{profile}/unpublish": Refused(),
    "DELETE /profiles/{profile}": Refused(state=("carried", "in_use")),
    "POST /profiles/import-resume": Refused(bodies=(*RESUME, ({}, "basics.name"))),
    "POST /profiles/{profile}/import-resume": Refused(bodies=RESUME),
    "POST /profiles/{profile}/revisions/{number}/restore": Refused(),
    "POST /redirects": Refused(
        bodies=REDIRECT, conflict=({"from_path": "/old", "to": "/x"}, "redirect_exists")
    ),
    "PATCH /redirects/{redirect}": Refused(
        bodies=REDIRECT, conflict=({"to": "/old"}, "redirect_loop")
    ),
    "DELETE /redirects/{redirect}": Refused(),
    "POST /render": Refused(
        bodies=(({}, "markdown"), ({"markdown": 1}, "markdown"), ({"markdown": "", "x": 1}, "x"))
    ),
    "POST /articles/{article}/confirm-translation": Refused(
        "translation", ("draft", "not_a_translation")
    ),
}


def _of(kind: str) -> dict[str, Refused]:
    """The rows of the lifecycle, which are the same for every kind."""
    words, at = (*CONTENT, *OWN[kind]), f"/{kind}s/{{{kind}}}"
    taken = ({"title": "x", "slug": "taken"}, "slug_taken")
    items = [{"id": "a" * 24, "revision": 1}]
    many: tuple[Wrong, ...] = (
        ({"verb": "explode", "items": items}, "verb"),
        ({"verb": "trash", "items": []}, "items"),
        ({"verb": "trash", "items": items * 101}, "items"),
        ({"verb": "trash", "items": [{"id": "a" * 24}]}, "items.0.revision"),
        ({"verb": "trash", "items": items, "at": "2999-01-01T00:00:00Z"}, "at"),
    )
    link: tuple[Wrong, ...] = (
        ({"expires_in_hours": 0}, "expires_in_hours"),
        ({"expires_in_hours": "72"}, "expires_in_hours"),
        ({"revision": 99}, "revision"),
        ({"token": "mine"}, "token"),
    )
    plans: tuple[Wrong, ...] = (({"what": []}, "what"), ({"what": ["all"]}, "what.0"), ([], "body"))
    return {
        f"POST /{kind}s": Refused(bodies=(({}, "title"), *words), conflict=taken),
        f"POST /{kind}s/bulk": Refused(bodies=many),
        f"PATCH {at}": Refused("draft", ("trashed", "trashed"), words, taken),
        f"PATCH {at}/autosave": Refused("draft", ("trashed", "trashed"), words, taken),
        f"DELETE {at}": Refused("draft", ("trashed", "trashed")),
        f"POST {at}/duplicate": Refused("draft"),
        f"POST {at}/publish": Refused("draft", ("trashed", "trashed"), AT),
        f"POST {at}/unpublish": Refused("live", ("draft", "not_published"), AT),
        f"POST {at}/unschedule": Refused("planned", ("live", "not_scheduled"), plans),
        f"POST {at}/discard-draft": Refused("live", ("draft", "not_published")),
        f"POST {at}/restore": Refused("trashed", ("draft", "not_trashed")),
        f"POST {at}/purge": Refused("trashed", ("draft", "not_trashed")),
        f"POST {at}/revisions/{{number}}/restore": Refused("draft", ("trashed", "trashed")),
        f"POST {at}/preview-links": Refused("draft", ("trashed", "trashed"), link),
        f"DELETE {at}/preview-links/{{link}}": Refused("draft"),
    }


TABLE = {**ROUTES, **{name: row for kind in KINDS for name, row in _of(kind.name).items()}}
# Where people come in and get their keys: `tests/accounts`.
DOORS = {
    "POST /session",
    "DELETE /session",
    "POST /setup",
    "POST /tokens",
    "DELETE /tokens/{token}",
}
PARAMETERS = {"token_id": "token", "slug": "tag", "profile_id": "profile"}
PARAMETERS |= {"redirect_id": "redirect", "link_id": "link"}


def _handlers(served: Litestar) -> dict[str, set[str]]:
    """Every route that may change something, with the parameters of its handler."""
    found = {}
    for route in served.routes:
        if not isinstance(route, HTTPRoute) or not route.path_format.startswith(ADMIN):
            continue
        path = route.path_format.removeprefix(ADMIN)
        path = path.replace("{item_id}", f"{{{path.split('/')[1].removesuffix('s')}}}")
        for parameter, name in PARAMETERS.items():
            path = path.replace(f"{{{parameter}}}", f"{{{name}}}")
        for handler in route.route_handlers:
            for method in handler.http_methods - {"GET", "HEAD", "OPTIONS"}:
                found[f"{method} {path}"] = set(handler.parsed_fn_signature.parameters)
    return found


@pytest.fixture
async def world(owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: Database) -> World:
    owner.event_hooks = {"response": []}  # that answers are as told is shown through `reader`
    world = World(owner, reader, database)
    await world.furnish()
    for kinds in ("articles", "projects", "pages"):
        await make.draft(owner, kinds, slug="taken")
    await make.series(owner, title="Another")
    await make.profile(owner, name="Another")
    await owner.post(f"{ADMIN}/redirects", json={"from_path": "/new-too", "to": "/x"})
    return world


async def _furnished(world: World, path: str, state: str) -> None:
    world.revision = 1
    if state == "carried":
        place = {"slug": "python", "position": 1}
        data = {"tag_slugs": ["python"], "series": place, "author_slugs": ["sari"]}
        await make.article(world.owner, **data)
    elif state != "-":
        await world.item(path, state, None)


async def _stored(database: Database) -> dict[str, Any]:
    """All that an author or a reader could find, to be compared."""
    passing = {"tokens", "accounts", "sessions", "search_drafts", "search_entries", "retries"}
    names = sorted(set(await database.list_collection_names()) - passing)
    return {name: await database[name].find({}).sort("_id").to_list() for name in names}


def test_every_verb_has_a_row(served: Litestar) -> None:
    assert set(_handlers(served)) == set(TABLE) | DOORS


@dataclass
class Trial:
    """One route over a furnished world, sent with one thing wrong at a time."""

    world: World
    method: str
    path: str
    headers: dict[str, str]

    async def send(
        self, *, data: Any = ..., path: str | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        known = path or self.path
        body = BODIES.get(f"{self.method} {self.path}") if data is ... else data
        for name in ("tag", "profile", "article", "project", "page", "redirect", "link"):
            known = known.replace(f"{{{name}}}", self.world.there.get(name, "a" * 24))
        revision = 0 if self.path == "/site" else self.world.revision
        sent = {"If-Match": f'"{revision}"', **self.headers} if headers is None else headers
        target = ADMIN + known.replace("{number}", "1")
        return await self.world.reader.request(self.method, target, json=body, headers=sent)


@pytest.mark.parametrize("name", sorted(TABLE))
async def test_a_verb_refuses_what_it_must_and_writes_nothing(
    name: str, world: World, served: Litestar, database: Database
) -> None:
    row, takes = TABLE[name], _handlers(served)[name]
    method, _, path = name.partition(" ")
    await _furnished(world, path, row.good)
    me = bearer(await make.token(await make.account()))
    trial = Trial(world, method, path, me)
    while await relay.step(KINDS, db.now(), CARRIERS):
        pass  # what a refusal may bring forward is done before
    before = await _stored(database)

    await _bodies(trial, row, takes)
    await _revisions(trial, takes)
    await _idents(trial)
    await _people(trial)

    assert await _stored(database) == before
    if row.state is not None:
        state, code = row.state
        await _furnished(world, path, state)
        refused = await trial.send()
        assert (refused.status_code, refused.json()["code"]) == (409, code)


async def _bodies(trial: Trial, row: Refused, takes: set[str]) -> None:
    """Unknown fields, wrong types, too much: each is named."""
    assert bool(row.bodies) == ("data" in takes), "a body needs its wrong ones"
    for data, field in row.bodies:
        refused = await trial.send(data=data)
        assert refused.status_code == 422, (data, refused.text)
        assert field in [error["field"] for error in refused.json()["errors"]], refused.text
    if "data" in takes:
        for data in ("text", 7, [1]):
            refused = await trial.send(data=data)
            assert refused.status_code == 422, refused.text
    if row.conflict is not None:
        data, code = row.conflict
        refused = await trial.send(data=data)
        assert (refused.status_code, refused.json()["code"]) == (409, code)
        assert refused.json()["errors"][0]["field"] in data


async def _revisions(trial: Trial, takes: set[str]) -> None:
    """Missing, garbled and stale; the last carries what is there now."""
    if "revision" not in takes:
        return
    for header, status in ((None, 428), ("7", 400), ('"x"', 400), ("*", 400), ('"99"', 412)):
        headers = {**trial.headers, **({"If-Match": header} if header else {})}
        refused = await trial.send(headers=headers)
        assert refused.status_code == status, (header, refused.text)
        assert ("current" in refused.json()) is (status == 412)


async def _idents(trial: Trial) -> None:
    """An id that can't exist and one that doesn't, in each place of the path."""
    for part in trial.path.split("/"):
        if not part.startswith("{"):
            continue
        wrong = ("999999",) if part == "{number}" else ("nothing", "0" * 24, "%00", "a" * 300)
        for ident in wrong:
            refused = await trial.send(path=trial.path.replace(part, ident))
            assert refused.status_code in {400, 404}, (ident, refused.text)
            assert "current" not in refused.json()


async def _people(trial: Trial) -> None:
    """A token that may only read, somebody to whom it does not belong, nobody."""
    revision = {"If-Match": f'"{0 if trial.path == "/site" else trial.world.revision}"'}
    if trial.path != "/render" and not trial.path.endswith("/bulk"):
        reading = bearer(await make.token(await make.account(), Permission.READ))
        refused = await trial.send(headers={**revision, **reading})
        assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    if trial.path.split("/")[1] in {"articles", "projects", "pages"} and "{" in trial.path:
        author = bearer(await make.token(await make.account(role=Role.AUTHOR)))
        refused = await trial.send(headers={**revision, **author})
        hidden = (404, 403) if "duplicate" in trial.path else (404,)
        assert refused.status_code in hidden, refused.text
    refused = await trial.send(headers=revision)
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")

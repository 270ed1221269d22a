"""Every verb of every kind with everything it must refuse, and that a refusal writes nothing.

What a route takes is read from its handler: whoever takes a revision, an id or a body is tried with
wrong ones. The rest stands in the table, and a route that changes something and has no row fails.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from cms.accounts.permissions import Permission, Role
from cms.app import CARRIERS, KINDS
from cms.core import db
from cms.core.db import Database
from cms.media.library import Library
from cms.publishing import relay
from tests import make
from tests.accounts.signing import ADMIN, NO_HASH, bearer
from tests.accounts.test_roles import BODIES, World
from tests.media import samples

Row = dict[str, Any]
# A body, and the field that the answer has to name.
Wrong = tuple[Any, str]
# The parts of a form, and what they are refused with.
Form = tuple[list[tuple[str, Any]], int, str]


@dataclass(frozen=True)
class Refused:
    """In which state of the item which code, and which bodies or forms."""

    good: str = "-"
    state: tuple[str, str] | None = None
    bodies: tuple[Wrong, ...] = ()
    conflict: tuple[Row, str] | None = None
    forms: tuple[Form, ...] = ()


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
    ({"title": "x", "translation_of": "0" * 24}, "translation_of"),
    ({"title": "x", "status": "published"}, "status"),
    ({"title": "x", "revision": 7}, "revision"),
)
OWN: dict[str, tuple[Wrong, ...]] = {
    "article": (
        ({"title": "x", "author_slugs": ["nobody"]}, "author_slugs.0"),
        ({"title": "x", "tag_slugs": ["!!!"]}, "tag_slugs.0"),
        ({"title": "x", "series": {"slug": "nowhere", "position": 1}}, "series.slug"),
        ({"title": "x", "series": {"slug": "python", "position": "1"}}, "series.position"),
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
MEDIA: tuple[Wrong, ...] = (
    ({"name": 1}, "name"),
    ({"name": " "}, "name"),
    ({"name": "x" * 256}, "name"),
    ({"alt": "x"}, "alt"),
    ({"alt": {"en": 1}}, "alt.en"),
    ({"alt": {"english": "x"}}, "alt.english.[key]"),
    ({"credit": LONG}, "credit"),
    ({"focal_point": {"x": 2}}, "focal_point.x"),
    ({"focal_point": {"z": 0}}, "focal_point.z"),
    ({"tags": "x"}, "tags"),
    ({"mime": "text/html"}, "mime"),
    ({"owner_id": "me"}, "owner_id"),
)


def _file(data: bytes, name: str = "a.txt", part: str = "file") -> tuple[str, Any]:
    return (part, (name, data, "application/octet-stream"))


FORMS: tuple[Form, ...] = (
    ([("x", (None, "text"))], 422, "invalid"),  # no file
    ([("file", (None, "text"))], 422, "invalid"),  # a field of that name
    ([_file(b"text", part="picture")], 422, "invalid"),
    ([_file(b"")], 422, "empty_file"),
    ([_file(b"<html><script>alert(1)</script>", "a.html")], 422, "unknown_type"),
    ([_file(b"<html><script>alert(1)</script>", "a.png")], 422, "unknown_type"),
    ([_file(b"x" * (10 * 1024 * 1024 + 1))], 413, "file_too_large"),
)
WEBHOOK: tuple[Wrong, ...] = (
    ({"name": 1}, "name"),
    ({"name": "a\nb"}, "name"),
    ({"url": "http:hooks"}, "url"),
    ({"url": "javascript:alert(1)"}, "url"),
    ({"kinds": ["secret"]}, "kinds.0"),
    ({"kinds": "article"}, "kinds"),
    ({"is_enabled": "yes"}, "is_enabled"),
    ({"secret": "mine"}, "secret"),
)
ROTATION: tuple[Wrong, ...] = (
    ({"keep_old_hours": 169}, "keep_old_hours"),
    ({"keep_old_hours": -1}, "keep_old_hours"),
    ({"keep_old_hours": "1"}, "keep_old_hours"),
    ({"secret": "mine"}, "secret"),
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
    "POST /articles/{article}/pull-images": Refused("draft", ("trashed", "trashed")),
    "POST /media": Refused(
        forms=(*FORMS, ([_file(b"")] * 11, 413, "form_too_large")),
    ),
    "PATCH /media/{media}": Refused("item", bodies=MEDIA),
    "POST /media/{media}/replace": Refused(
        "item",
        forms=(
            *FORMS,
            ([_file(b"text")] * 2, 413, "form_too_large"),
            ([_file(samples.png(), "a.png")], 409, "other_kind"),
        ),
    ),
    "DELETE /media/{media}": Refused("item", ("shown", "in_use")),
    "POST /webhooks": Refused(bodies=(({}, "name"), ({"name": "x"}, "url"), *WEBHOOK)),
    "PATCH /webhooks/{webhook}": Refused(bodies=WEBHOOK),
    "DELETE /webhooks/{webhook}": Refused(),
    "POST /webhooks/{webhook}/rotate-secret": Refused(bodies=ROTATION),
    "PATCH /contact/{message}": Refused(
        bodies=(
            ({"is_read": "yes"}, "is_read"),
            ({"is_spam": 1}, "is_spam"),
            ({"email": "sari@example.com"}, "email"),
            ({"message": "Another text."}, "message"),
        )
    ),
    "DELETE /contact/{message}": Refused(),
    "POST /contact/erase": Refused(
        bodies=(({}, "email"), ({"email": "budi"}, "email"), ({"email": "*", "all": True}, "all"))
    ),
    "POST /webhooks/{webhook}/test": Refused(),
    "POST /webhooks/{webhook}/deliveries/{delivery}/redeliver": Refused(),
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
        f"POST {at}/confirm-translation": Refused("translation", ("draft", "not_a_translation")),
        f"POST {at}/preview-links": Refused("draft", ("trashed", "trashed"), link),
        f"DELETE {at}/preview-links/{{link}}": Refused("draft"),
    }


TABLE = {**ROUTES, **{name: row for kind in KINDS for name, row in _of(kind.name).items()}}
# Accounts: where each is refused, beside `test_matrix.py` (every role, scope and half a session)
# and `test_account_inputs.py` (every field of every body), which read the routes themselves.
ACCOUNTS = {
    "tests/accounts/test_sign_in.py": ("POST /session", "DELETE /session"),
    "tests/accounts/test_setup.py": ("POST /setup",),
    "tests/accounts/test_tokens.py": ("POST /tokens", "DELETE /tokens/{token}"),
    "tests/accounts/test_people.py": (
        "DELETE /sessions",
        "DELETE /sessions/{session}",
        "POST /account/password",
        "POST /accounts/{account}/role",
        "POST /accounts/{account}/disable",
        "POST /accounts/{account}/transfer-ownership",
        "POST /accounts/{account}/erase",
    ),
    "tests/accounts/test_links.py": (
        "POST /invitations",
        "DELETE /invitations/{invitation}",
        "POST /invitations/accept",
        "POST /password-reset",
        "POST /password-reset/confirm",
        "POST /account/email",
        "POST /account/email/confirm",
    ),
    "tests/accounts/test_second_factor.py": (
        "POST /session/code",
        "POST /second-factor",
        "POST /second-factor/confirm",
        "POST /second-factor/recovery-codes",
        "DELETE /second-factor",
    ),
    "tests/accounts/tables.py": (
        "POST /session/reauth",
        "POST /accounts/{account}/enable",
        "DELETE /accounts/{account}/sessions",
        "POST /accounts/{account}/reset-link",
        "PATCH /account-policy",
    ),
}
OF_ACCOUNTS = {name for names in ACCOUNTS.values() for name in names}
PARAMETERS = {"token_id": "token", "slug": "tag", "profile_id": "profile"}
PARAMETERS |= {"redirect_id": "redirect", "link_id": "link", "media_id": "media"}
PARAMETERS |= {"account_id": "account", "session_id": "session", "invitation_id": "invitation"}
PARAMETERS |= {"webhook_id": "webhook", "delivery_id": "delivery", "message_id": "message"}


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
    if state == "shown":
        await make.article(world.owner, markdown=f"![a](/media/{world.there['media']})")


async def _stored(database: Database, served: Litestar) -> dict[str, Any]:
    """All that an author or a reader could find, to be compared; the library's files as well."""
    passing = {"tokens", "accounts", "sessions", "search_drafts", "search_entries", "retries"}
    names = sorted(set(await database.list_collection_names()) - passing)
    found: dict[str, Any] = {
        name: await database[name].find({}).sort("_id").to_list() for name in names
    }
    library: Library = served.state["library"]
    return {**found, "": sorted([file.key async for file in library.storage.names()])}


def test_every_verb_has_a_row(served: Litestar) -> None:
    assert set(_handlers(served)) == set(TABLE) | OF_ACCOUNTS


def test_what_is_refused_elsewhere_is_asked_there() -> None:
    root = Path(__file__).parents[1]
    for file, names in ACCOUNTS.items():
        text = (root / file).read_text(encoding="utf-8").lower().replace("_", "-")
        for name in names:
            last = [part for part in name.split("/") if not part.startswith("{")][-1]
            assert last in text, (file, name)


@dataclass
class Trial:
    """One route over a furnished world, sent with one thing wrong at a time."""

    world: World
    method: str
    path: str
    headers: dict[str, str]

    @property
    def takes_files(self) -> bool:
        return self.path == "/media" or self.path.endswith("/replace")

    async def send(
        self,
        *,
        data: Any = ...,
        path: str | None = None,
        headers: dict[str, str] | None = None,
        files: Any = None,
    ) -> httpx.Response:
        known = path or self.path
        body = BODIES.get(f"{self.method} {self.path}") if data is ... else data
        for name, ident in self.world.there.items():
            known = known.replace(f"{{{name}}}", ident)
        if self.takes_files and data is ...:
            files = files or [_file(make.text())]
        sent_as: dict[str, Any] = {"files": files} if files else {"json": body}
        revision = 0 if self.path == "/site" else self.world.revision
        sent = {"If-Match": f'"{revision}"', **self.headers} if headers is None else headers
        target = ADMIN + known.replace("{number}", "1")
        return await self.world.reader.request(self.method, target, headers=sent, **sent_as)


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
    before = await _stored(database, served)

    await _bodies(trial, row, takes)
    await _forms(trial, row)
    await _revisions(trial, takes)
    await _idents(trial)
    await _people(trial)

    assert await _stored(database, served) == before
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


async def _forms(trial: Trial, row: Refused) -> None:
    """No form, no file, something else, too much."""
    assert bool(row.forms) == trial.takes_files, "files need their wrong ones"
    for files, status, code in row.forms:
        refused = await trial.send(files=files)
        assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
    if row.forms:
        refused = await trial.send(data={"file": "text"})
        assert refused.status_code == 415, refused.text


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
    if trial.path.split("/")[1] in {"articles", "projects", "pages", "media"} and "{" in trial.path:
        author = bearer(await make.token(await make.account(role=Role.AUTHOR)))
        refused = await trial.send(headers={**revision, **author})
        hidden = (404, 403) if "duplicate" in trial.path else (404,)
        assert refused.status_code in hidden, refused.text
    refused = await trial.send(headers=revision)
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("name", sorted(name for name in OF_ACCOUNTS if "{" in name))
async def test_a_route_of_accounts_refuses_an_id_that_is_not_there(
    name: str, world: World, served: Litestar, database: Database
) -> None:
    method, _, path = name.partition(" ")
    headers = await make.session(await make.account(password_hash=NO_HASH))
    before = await _stored(database, served)
    await _idents(Trial(world, method, path, headers))
    assert await _stored(database, served) == before


async def test_the_policy_of_accounts_refuses_a_revision_that_was_not_seen(
    world: World, served: Litestar, database: Database
) -> None:
    name = "PATCH /account-policy"
    headers = await make.session(await make.account(password_hash=NO_HASH))
    before = await _stored(database, served)
    trial = Trial(world, "PATCH", "/account-policy", headers)
    await _revisions(trial, _handlers(served)[name])
    assert await _stored(database, served) == before

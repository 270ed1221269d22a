"""Every verb of every kind is in the audit: who, from which door, before and after, no secret.

The rows are held against the routes of the app: one that changes something and has no row fails.
"""

from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from cms.accounts import service as accounts
from cms.accounts.documents import Account
from cms.accounts.links import opening
from cms.accounts.permissions import Role
from cms.app import CARRIERS, KINDS
from cms.core import db
from cms.core.db import Database
from cms.publishing import relay
from tests import make
from tests.accounts import tables
from tests.accounts.signing import (
    ADMIN,
    code_of,
    cookie_of,
    sign_in,
    signed_in,
    turn_on_second_factor,
)
from tests.accounts.test_links import NEW, token_of
from tests.accounts.test_roles import World
from tests.media import samples
from tests.media.test_pulling import _data

# Route, what it is done to (a state of `World.item`, or `-`), and what the audit says of it.
ROWS = """
PATCH  /site                                        -  site updated
POST   /tags                                        -  tag created
PATCH  /tags/{tag}                                  -  tag updated
POST   /tags/{tag}/merge                            -  tag merged
DELETE /tags/{tag}                                  -  tag deleted
POST   /series                                      -  series created
PATCH  /series/{tag}                                -  series updated
DELETE /series/{tag}                                -  series deleted
POST   /profiles                                    -  profile created
PATCH  /profiles/{profile}                          -  profile updated
POST   /profiles/{profile}/publish                  hidden  profile published
POST   /profiles/{profile}/unpublish                -  profile unpublished
DELETE /profiles/{profile}                          -  profile deleted
POST   /profiles/import-resume                      -  profile created
POST   /profiles/{profile}/import-resume            -  profile resume_imported
POST   /profiles/{profile}/revisions/{number}/restore  -  profile revision_restored
POST   /redirects                                   -  redirect created
PATCH  /redirects/{redirect}                        -  redirect updated
DELETE /redirects/{redirect}                        -  redirect deleted
POST   /media                                       -     media uploaded
PATCH  /media/{media}                               item  media updated
POST   /media/{media}/replace                       item  media replaced
DELETE /media/{media}                               item  media deleted
POST   /webhooks                                    -     webhook created
PATCH  /webhooks/{webhook}                          -     webhook updated
DELETE /webhooks/{webhook}                          -     webhook deleted
POST   /webhooks/{webhook}/rotate-secret            -     webhook secret_rotated
PATCH  /contact/{message}                           -     contact updated
DELETE /contact/{message}                           -     contact deleted
POST   /contact/erase                               -     contact sender_erased
"""
OF_EVERY_KIND = """
POST   /{kind}s                                     -          created
POST   /{kind}s/bulk                                draft      trashed
PATCH  /{kind}s/{id}                                draft      updated
PATCH  /{kind}s/{id}/autosave                       draft      autosaved
DELETE /{kind}s/{id}                                live       trashed
POST   /{kind}s/{id}/duplicate                      draft      created
POST   /{kind}s/{id}/publish                        draft      published
POST   /{kind}s/{id}/unpublish                      live       unpublished
POST   /{kind}s/{id}/unschedule                     planned    unscheduled
POST   /{kind}s/{id}/confirm-translation            translation  translation_confirmed
POST   /{kind}s/{id}/discard-draft                  live       draft_discarded
POST   /{kind}s/{id}/restore                        trashed    restored
POST   /{kind}s/{id}/purge                          trashed    purged
POST   /{kind}s/{id}/revisions/{number}/restore     draft      revision_restored
POST   /{kind}s/{id}/preview-links                  draft      preview_link_created
DELETE /{kind}s/{id}/preview-links/{link}           draft      preview_link_revoked
"""
# Of accounts: whose it is done to, what the audit says, and which field it tells before and after.
# `link`: whoever comes by it is the one it is done to; `-`: no account has it yet.
OF_ACCOUNTS = """
POST   /session                                     own    signed_in
POST   /session/code                                own    signed_in
POST   /setup                                       link   created role
POST   /invitations/accept                          link   joined role
POST   /password-reset/confirm                      own    password_reset
POST   /account/email/confirm                       own    email_changed
POST   /session/reauth                              own    reauthenticated
DELETE /session                                     own    signed_out
DELETE /sessions                                    own    sessions_ended
DELETE /sessions/{session}                          own    session_ended
POST   /account/password                            own    password_changed
POST   /account/email                               own    email_change_asked
POST   /second-factor/confirm                       own    second_factor_on
POST   /second-factor/recovery-codes                own    recovery_codes_renewed
DELETE /second-factor                               own    second_factor_off
POST   /tokens                                      own    token_created scopes
DELETE /tokens/{token}                              own    token_revoked
POST   /accounts/{account}/role                     other  role_changed role
POST   /accounts/{account}/disable                  other  disabled
POST   /accounts/{account}/enable                   other  enabled
DELETE /accounts/{account}/sessions                 other  sessions_ended
POST   /accounts/{account}/reset-link               other  reset_link_made
POST   /accounts/{account}/transfer-ownership       other  ownership_transferred role
POST   /accounts/{account}/erase                    other  erased
PATCH  /account-policy                              own    policy_changed second_factor_required
POST   /invitations                                 -      invited role
DELETE /invitations/{invitation}                    -      invitation_withdrawn role
"""
# The articles' own verb that writes two: below.
TWO = {"POST /articles/{article}/pull-images"}
CHANGE_NOTHING = {
    "POST /render",
    "POST /webhooks/{webhook}/test",  # what was sent stands among the deliveries
    "POST /webhooks/{webhook}/deliveries/{delivery}/redeliver",
    "POST /second-factor",  # a secret to look at: `/confirm` turns it on
    "POST /password-reset",  # whoever asks is nobody yet, and may ask for anybody: `/confirm` does
}
# Here the content comes back to what it was, is forgotten, or is a secret.
WITHOUT_FIELDS = {
    "draft_discarded",
    "revision_restored",
    "translation_confirmed",
    "purged",
    "secret_rotated",
}


def _all_rows() -> list[tuple[str, str, str, str, str]]:
    found = [tuple(line.split()) for line in ROWS.splitlines() if line]
    for kind in KINDS:
        for line in OF_EVERY_KIND.splitlines():
            if line:
                method, path, state, verb = line.split()
                path = path.replace("{kind}", kind.name).replace("{id}", f"{{{kind.name}}}")
                found.append((method, path, state, kind.name, verb))
    return found  # type: ignore[return-value]  # five words each


def _account_rows() -> list[list[str]]:
    return tables.rows(OF_ACCOUNTS)


async def _settle() -> None:
    while await relay.step(KINDS, db.now(), CARRIERS):
        pass


@pytest.fixture
def world(owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: Database) -> World:
    return World(owner, reader, database)


async def test_every_route_that_changes_something_has_a_row(served: Litestar) -> None:
    names = {"token_id": "token", "slug": "tag", "profile_id": "profile"}
    names |= {"redirect_id": "redirect", "link_id": "link", "media_id": "media"}
    names |= {"account_id": "account", "session_id": "session", "invitation_id": "invitation"}
    names |= {"webhook_id": "webhook", "delivery_id": "delivery", "message_id": "message"}
    found = set()
    for route in served.routes:
        if isinstance(route, HTTPRoute) and route.path_format.startswith(ADMIN):
            path = route.path_format.removeprefix(ADMIN)
            path = path.replace("{item_id}", f"{{{path.split('/')[1].removesuffix('s')}}}")
            for parameter, name in names.items():
                path = path.replace(f"{{{parameter}}}", f"{{{name}}}")
            found |= {f"{method} {path}" for method in route.methods - {"GET", "HEAD", "OPTIONS"}}
    rows = [*_all_rows(), *_account_rows()]
    assert found == {f"{row[0]} {row[1]}" for row in rows} | TWO | CHANGE_NOTHING


async def _furnish(world: World, path: str, state: str) -> None:
    await world.furnish()
    if state == "hidden":
        at = f"{ADMIN}/profiles/{world.there['profile']}"
        await world.owner.post(f"{at}/unpublish", headers={"If-Match": '"1"'})
        world.revision = 2
    elif state != "-":
        await world.item(path, state, None)


@pytest.mark.parametrize("row", _all_rows(), ids=" ".join)
async def test_a_verb_is_in_the_audit(
    row: tuple[str, str, str, str, str], world: World, database: Database
) -> None:
    method, path, state, kind, verb = row
    await _furnish(world, path, state)
    await _settle()
    known = {record["_id"] async for record in database["audit"].find({}, {"_id": 1})}
    account = await make.account(name="The actor")
    headers = {"Authorization": f"Bearer {await make.token(account)}"}
    answer = await _send(world, method, path, headers)
    assert answer.status_code < 300, answer.text
    if path.endswith("/bulk"):
        assert answer.json()["results"][0]["code"] == "ok"
    await _settle()

    found = [record async for record in database["audit"].find({}) if record["_id"] not in known]
    assert [(record["kind"], record["verb"]) for record in found] == [(kind, verb)]
    (record,) = found
    assert (record["by"], record["door"]) == ({"id": account.id, "name": "The actor"}, "token")
    fields = [change["field"] for change in record["changes"]]
    is_forgotten = method == "DELETE" and kind in {"profile", "media", "webhook", "contact"}
    assert bool(fields) is (verb not in WITHOUT_FIELDS and not is_forgotten), record
    # As `GET /audit` tells it.
    listed = (await world.owner.get(f"{ADMIN}/audit?item={record['item_id']}")).json()["items"]
    assert str(record["_id"]) in [item["id"] for item in listed]
    secrets = ("lpv_", "ltr_", "digest", "password")
    assert not [secret for secret in secrets if secret in str(listed) + str(record)]


async def _send(world: World, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
    if path.endswith("/replace"):
        path = path.replace("{media}", world.there["media"])
        files = {"file": ("b.txt", b"Another text, of another length.\n", "text/plain")}
        headers = {"If-Match": f'"{world.revision}"', **headers}
        return await world.reader.request(method, ADMIN + path, files=files, headers=headers)
    if not path.endswith("/bulk"):
        return await world.send(method, path, headers)
    ident = world.there[path.split("/")[1].removesuffix("s")]
    items = [{"id": ident, "revision": world.revision}]
    return await world.reader.post(
        f"{ADMIN}{path}", json={"verb": "trash", "items": items}, headers=headers
    )


async def _records(database: Database) -> list[dict[str, Any]]:
    return await database["audit"].find({}).sort("_id").to_list()


async def test_who_comes_and_goes_and_their_keys_are_in_the_audit(
    browser: httpx.AsyncClient, database: Database
) -> None:
    me = await signed_in(browser)
    data = {"name": "Build", "scopes": ["read"]}
    made = await browser.post(f"{ADMIN}/tokens", json=data, headers=me.header)
    token = made.json()
    await browser.delete(f"{ADMIN}/tokens/{token['id']}", headers=me.header)
    await browser.delete(f"{ADMIN}/session", headers=me.header)
    found = await _records(database)
    assert [(record["kind"], record["verb"], record["title"]) for record in found] == [
        ("account", "signed_in", me.account.name),
        ("account", "token_created", me.account.name),
        ("account", "token_revoked", me.account.name),
        ("account", "signed_out", me.account.name),
    ]
    assert {record["door"] for record in found} == {"session"}
    assert {record["by"]["id"] for record in found} == {me.account.id}
    assert {record["item_id"] for record in found} == {me.account.id}
    scopes = [
        (change["before"], change["after"])
        for record in found
        for change in record["changes"]
        if change["field"] == "scopes"
    ]
    assert scopes == [(None, ["read"])]
    for secret in (token["token"], me.secret, me.csrf, make.PASSWORD):
        assert secret not in str(found)


async def test_a_refused_key_leaves_no_record(
    browser: httpx.AsyncClient, database: Database
) -> None:
    me = await signed_in(browser)
    await browser.delete(f"{ADMIN}/tokens/{'0' * 24}", headers=me.header)
    await browser.post(f"{ADMIN}/tokens", json={"name": ""}, headers=me.header)
    assert [record["verb"] for record in await _records(database)] == ["signed_in"]


async def test_the_first_owner_is_in_the_audit(
    browser: httpx.AsyncClient, database: Database
) -> None:
    secret = await accounts.open_setup(db.now())
    data = {"token": secret, "email": "r@example.com", "name": "R", "password": make.PASSWORD}
    assert (await browser.post(f"{ADMIN}/setup", json=data)).status_code == 201
    found = await _records(database)
    assert [(record["verb"], record["title"]) for record in found] == [("created", "R")]
    assert str(secret) not in str(found)
    assert make.PASSWORD not in str(found)


async def test_a_key_made_at_the_command_line_is_in_the_audit(
    owner: httpx.AsyncClient, database: Database, database_url: str
) -> None:
    account = await make.account()
    code, secret, _ = await make.command(
        database_url,
        *("token", "create", "--email", account.email, "--name", "CI", "--scope", "read"),
    )
    assert code == 0
    (record,) = await _records(database)
    assert (record["kind"], record["verb"], record["door"]) == ("account", "token_created", "cli")
    assert (record["item_id"], record["by"]) == (account.id, {"id": None, "name": "cms"})
    assert record["changes"] == [{"field": "scopes", "before": None, "after": ["read"]}]
    assert secret.strip() not in str(record)


async def test_an_invitation_made_at_the_command_line_is_in_the_audit(
    owner: httpx.AsyncClient, database: Database, database_url: str
) -> None:
    arguments = ("account", "invite", "--email", "sari@example.com", "--role", "author")
    code, link, errors = await make.command(database_url, *arguments)
    assert code == 0, errors
    (record,) = await _records(database)
    assert (record["verb"], record["door"]) == ("invited", "cli")
    assert token_of(link).strip() not in str(record)


async def test_pictures_that_come_home_are_in_the_audit(
    owner: httpx.AsyncClient, database: Database
) -> None:
    made = await make.article(owner, markdown=f"![a]({_data(samples.png())})")
    await _settle()
    known = len(await _records(database))
    path = f"{ADMIN}/articles/{made['id']}/pull-images"
    answer = await owner.post(path, headers=make.if_match(made))
    assert answer.status_code == 200, answer.text
    await _settle()
    found = (await _records(database))[known:]
    assert {(record["kind"], record["verb"], record["why"]) for record in found} == {
        ("media", "uploaded", None),
        ("article", "updated", "pictures brought in"),
    }
    assert "base64" not in str(found)


@dataclass
class Scene:
    """Who does it to whom by which route, and what must not stand in the audit."""

    browser: httpx.AsyncClient
    me: Account
    other: Account
    headers: dict[str, str]
    body: Any = None
    there: dict[str, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)

    async def link(self, purpose: Any, **about: Any) -> str:
        """The secret of a link that opens; whoever follows it has not signed in."""
        link, url = await opening.make(purpose, "", db.now(), **about)
        self.there["invitation"] = str(link.id)
        self.secrets.append(token_of(url))
        return token_of(url)

    async def prepare(self, method: str, path: str) -> None:
        name = f"{method} {path}"
        self.body = tables.BODIES.get(name)
        if name == "PATCH /account-policy":
            self.body = {"second_factor_required": True}
        elif name.startswith("DELETE /tokens"):
            data = {"name": "x", "scopes": ["read"]}
            made = await self.browser.post(f"{ADMIN}/tokens", json=data, headers=self.headers)
            self.there["token"] = made.json()["id"]
        elif name.startswith("DELETE /sessions/"):
            rows = await self.browser.get(f"{ADMIN}/sessions", headers=self.headers)
            self.there["session"] = rows.json()["items"][0]["id"]
        elif name.startswith("DELETE /invitations"):
            await self.link("invitation", email="sari@example.com", role=Role.AUTHOR)
        elif name == "POST /second-factor/confirm":
            begun = await self.browser.post(f"{ADMIN}/second-factor", headers=self.headers)
            self.secrets.append(begun.json()["secret"])
            self.body = {"code": code_of(begun.json()["secret"])}
        elif path in {"/second-factor", "/second-factor/recovery-codes"}:
            secret, codes = await turn_on_second_factor(self.browser, self.me)
            self.secrets += [secret, *codes]
        elif name in tables.OPEN_DOORS:
            await self._knock(path)

    async def _knock(self, path: str) -> None:
        """Nobody is signed in: what is sent is what opens."""
        self.headers = {}
        about = {"account_id": self.me.id, "email": self.me.email}
        sari = {"email": "sari@example.com", "role": Role.AUTHOR}
        if path == "/session":
            self.body = {"email": self.me.email, "password": make.PASSWORD}
        elif path == "/session/code":
            secret, codes = await turn_on_second_factor(self.browser, self.me)
            self.secrets += [secret, *codes, cookie_of(await sign_in(self.browser, self.me))]
            self.body = {"code": code_of(secret)}
        elif path == "/setup":
            await Account.get_pymongo_collection().delete_many({})
            token = await accounts.open_setup(db.now())
            self.body = {"token": token, "email": "r@example.com", "name": "R", "password": NEW}
        elif path == "/invitations/accept":
            token = await self.link("invitation", **sari)
            self.body = {"token": token, "name": "Sari", "password": NEW}
        elif path == "/password-reset/confirm":
            self.body = {"token": await self.link("reset", **about), "password": NEW}
        else:
            about["email"] = "new@example.com"
            self.body = {"token": await self.link("email", **about)}

    async def send(self, method: str, path: str) -> httpx.Response:
        self.there["account"] = str(self.other.id)
        for name, ident in self.there.items():
            path = path.replace(f"{{{name}}}", ident)
        headers = {"If-Match": '"0"', **self.headers}
        return await self.browser.request(method, ADMIN + path, json=self.body, headers=headers)


@pytest.mark.parametrize("row", _account_rows(), ids=" ".join)
async def test_what_is_done_to_an_account_is_in_the_audit(
    row: list[str], browser: httpx.AsyncClient, database: Database
) -> None:
    method, path, whose, verb, *fields = row
    await make.account()  # so that no owner is the last
    me, other = await make.account(name="The actor"), await make.account(role=Role.AUTHOR)
    headers = await make.session(me)
    scene = Scene(browser, me, other, headers, secrets=[make.PASSWORD, NEW])
    await scene.prepare(method, path)
    known = len(await _records(database))
    answer = await scene.send(method, path)
    assert answer.status_code < 300, answer.text

    (record,) = (await _records(database))[known:]
    assert (record["kind"], record["verb"], record["door"]) == ("account", verb, "session")
    done_to = {"own": me.id, "other": other.id, "link": record["by"]["id"]}
    assert record["by"]["id"] == (record["item_id"] if whose == "link" else me.id)
    assert record["item_id"] == done_to.get(whose, record["item_id"])
    assert record["title"]
    assert [change["field"] for change in record["changes"]] == fields
    assert all(change["before"] != change["after"] for change in record["changes"])
    shown = answer.json() if answer.content else {}
    link = shown.get("link") or shown.get("url")
    new = [shown.get("token"), shown.get("csrf_token"), token_of(link) if link else None]
    new += [*shown.get("recovery_codes", []), *browser.cookies.values()]
    new += [item.removeprefix("lontar=") for item in headers.values()]
    for secret in [*scene.secrets, *filter(None, new)]:
        assert secret not in str(record)
    # No address either: an erased person's would stay.
    assert "@" not in str(record)

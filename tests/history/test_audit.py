"""Every verb of every kind is in the audit: who, from which door, before and after, no secret.

The rows are held against the routes of the app: one that changes something and has no row fails.
"""

from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from cms.accounts import service as accounts
from cms.app import CARRIERS, KINDS
from cms.core import db
from cms.core.db import Database
from cms.publishing import relay
from tests import make
from tests.accounts.signing import ADMIN, signed_in
from tests.accounts.test_roles import World

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
POST   /articles/{article}/confirm-translation      translation  article translation_confirmed
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
POST   /{kind}s/{id}/discard-draft                  live       draft_discarded
POST   /{kind}s/{id}/restore                        trashed    restored
POST   /{kind}s/{id}/purge                          trashed    purged
POST   /{kind}s/{id}/revisions/{number}/restore     draft      revision_restored
POST   /{kind}s/{id}/preview-links                  draft      preview_link_created
DELETE /{kind}s/{id}/preview-links/{link}           draft      preview_link_revoked
"""
# With a body of their own, in the test of doors below.
DOORS = {
    "POST /session",
    "DELETE /session",
    "POST /setup",
    "POST /tokens",
    "DELETE /tokens/{token}",
}
CHANGE_NOTHING = {"POST /render"}
# Here the content comes back to what it was, or is forgotten.
WITHOUT_FIELDS = {"draft_discarded", "revision_restored", "translation_confirmed", "purged"}


def _all_rows() -> list[tuple[str, str, str, str, str]]:
    found = [tuple(line.split()) for line in ROWS.splitlines() if line]
    for kind in KINDS:
        for line in OF_EVERY_KIND.splitlines():
            if line:
                method, path, state, verb = line.split()
                path = path.replace("{kind}", kind.name).replace("{id}", f"{{{kind.name}}}")
                found.append((method, path, state, kind.name, verb))
    return found  # type: ignore[return-value]  # five words each


async def _settle() -> None:
    while await relay.step(KINDS, db.now(), CARRIERS):
        pass


@pytest.fixture
def world(owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: Database) -> World:
    return World(owner, reader, database)


async def test_every_route_that_changes_something_has_a_row(served: Litestar) -> None:
    names = {"token_id": "token", "slug": "tag", "profile_id": "profile"}
    names |= {"redirect_id": "redirect", "link_id": "link"}
    found = set()
    for route in served.routes:
        if isinstance(route, HTTPRoute) and route.path_format.startswith(ADMIN):
            path = route.path_format.removeprefix(ADMIN)
            path = path.replace("{item_id}", f"{{{path.split('/')[1].removesuffix('s')}}}")
            for parameter, name in names.items():
                path = path.replace(f"{{{parameter}}}", f"{{{name}}}")
            found |= {f"{method} {path}" for method in route.methods - {"GET", "HEAD", "OPTIONS"}}
    assert found == {f"{row[0]} {row[1]}" for row in _all_rows()} | DOORS | CHANGE_NOTHING


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
    is_forgotten = method == "DELETE" and kind == "profile"
    assert bool(fields) is (verb not in WITHOUT_FIELDS and not is_forgotten), record
    # As `GET /audit` tells it.
    listed = (await world.owner.get(f"{ADMIN}/audit?item={record['item_id']}")).json()["items"]
    assert str(record["_id"]) in [item["id"] for item in listed]
    secrets = ("lpv_", "ltr_", "digest", "password")
    assert not [secret for secret in secrets if secret in str(listed) + str(record)]


async def _send(world: World, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
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
        ("token", "created", "Build"),
        ("token", "revoked", "Build"),
        ("account", "signed_out", me.account.name),
    ]
    assert {record["door"] for record in found} == {"session"}
    assert {record["by"]["id"] for record in found} == {me.account.id}
    assert str(found[1]["item_id"]) == token["id"]
    scopes = [
        (change["before"], change["after"])
        for record in found
        for change in record["changes"]
        if change["field"] == "scopes"
    ]
    assert scopes == [(None, ["read"]), (["read"], None)]
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
    assert [(record["verb"], record["title"]) for record in found] == [
        ("created", "R"),
        ("signed_in", "R"),
    ]
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
    assert (record["kind"], record["verb"], record["door"]) == ("token", "created", "cli")
    assert secret.strip() not in str(record)

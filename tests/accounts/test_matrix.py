"""Every route by every state of whoever asks, built from the application's own routes.

Anonymous, half signed in, without the second factor that the site asks for, signed in long ago,
a token of each scope, and signed in as each role about each other's account. What stands in none
of the tables is refused here: a new route turns this red until it has a row.
"""

import os
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from cms.accounts.documents import Policy
from cms.accounts.links import opening
from cms.accounts.permissions import SESSION_ONLY, Permission, Role
from cms.core import db
from cms.core.db import Database
from tests import make
from tests.accounts import tables, test_roles
from tests.accounts.signing import ADMIN, NO_HASH, bearer

ROLES = list(Role)
SCOPED = {f"{row[0]} {row[1]}": row[2] for row in tables.rows(test_roles.SCOPES)}
READ_BY = {
    "GET /audit": "audit:read",
    "GET /tags/{tag}/usage": "tags:write",
    "GET /series/{tag}/usage": "tags:write",
    "GET /profiles/{profile}/usage": "profiles:write",
    "GET /webhooks": "webhooks:write",
    "GET /webhooks/{webhook}": "webhooks:write",
    "GET /webhooks/{webhook}/deliveries": "webhooks:write",
    "GET /contact": "contact:read",
    "GET /contact/{message}": "contact:read",
    "GET /accounts": "accounts:read",
    "GET /accounts/{account}": "accounts:read",
    "GET /account-policy": "accounts:read",
    "GET /invitations": "accounts:read",
}
# Everybody's with whatever scope: about the token itself, or each item asks for itself.
ANY_SCOPE = {"DELETE /session", "POST /render", *test_roles.BULK}


def routes(served: Litestar) -> list[tuple[str, str]]:
    """Every admin route as the application has it: method, and path with `{names}`."""
    found = set()
    for route in served.routes:
        if isinstance(route, HTTPRoute) and route.path_format.startswith(ADMIN):
            path = route.path_format.removeprefix(ADMIN)
            found |= {(method, path) for method in route.methods if method != "OPTIONS"}
    assert len(found) > 120
    return sorted(found)


def named(method: str, path: str) -> str:
    """As the tables write it."""
    path = path.replace("_id}", "}").replace("{slug}", "{tag}")
    return f"{method} {path.replace('{item}', '{' + path.split('/')[1].removesuffix('s') + '}')}"


@dataclass
class Knock:
    """Sends requests to routes with ids that nobody has."""

    client: httpx.AsyncClient
    there: dict[str, str] = field(default_factory=dict)

    async def __call__(self, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
        data = test_roles.BODIES.get(named(method, path))
        path = path.replace("{number}", "1") + ("?to=1" if path.endswith("/diff") else "")
        path += "?format=nginx" if path.endswith("/export") else ""
        for name in re.findall(r"{(\w+)}", path):
            path = path.replace(f"{{{name}}}", self.there.get(name, "a" * 24))
        headers = {"If-Match": '"0"', **headers}
        sent: dict[str, Any] = {"json": data}
        if method == "POST" and path.startswith("/media"):
            sent = {"files": {"file": ("a.txt", b"text", "text/plain")}}
        return await self.client.request(method, ADMIN + path, **sent, headers=headers)


@pytest.fixture
def knock(reader: httpx.AsyncClient) -> Knock:
    reader.event_hooks = {"response": []}  # bodies are left out: only who is let through counts
    return Knock(reader)


async def test_an_anonymous_request_reaches_the_open_doors_alone(
    served: Litestar, knock: Knock
) -> None:
    for method, path in routes(served):
        answer = await knock(method, path, {})
        is_open = named(method, path) in tables.OPEN_DOORS
        assert (answer.status_code == 401) is not is_open, (method, path, answer.text)


async def test_a_half_signed_in_session_reaches_nothing_but_its_code(
    served: Litestar, knock: Knock, database: Database
) -> None:
    account = await make.account(password_hash=NO_HASH)
    for method, path in routes(served):
        if named(method, path) in tables.OPEN_DOORS:
            continue
        headers = await make.session(account, "code")
        answer = await knock(method, path, headers)
        if named(method, path) in tables.REACHED_WITHOUT_CODE:
            assert answer.status_code == 204, (method, path)
        else:
            found = (answer.status_code, answer.json()["code"])
            assert found == (401, "code_required"), (method, path)


async def test_without_the_second_factor_that_is_asked_for_a_session_can_only_set_one_up(
    served: Litestar, knock: Knock, database: Database
) -> None:
    await Policy(second_factor_required=True).insert()
    account = await make.account(role=Role.ADMIN)
    headers = await make.session(account)
    for method, path in routes(served):
        name = named(method, path)
        if name in tables.OPEN_DOORS | tables.REACHED_WITHOUT_ENROLMENT:
            continue
        answer = await knock(method, path, headers)
        found = (answer.status_code, answer.json()["code"])
        assert found == (403, "second_factor_required"), name
    for name in sorted(tables.REACHED_WITHOUT_ENROLMENT):
        method, path = name.split()
        answer = await knock(method, path, await make.session(account))
        assert answer.status_code != 403, (name, answer.text)
    for role in ("editor", "author", "contributor"):
        headers = await make.session(await make.account(role=role, password_hash=NO_HASH))
        assert (await knock("GET", "/articles", headers)).status_code == 200


async def test_what_is_dangerous_asks_for_the_password_again_and_nothing_else_does(
    served: Litestar, knock: Knock, database: Database
) -> None:
    account = await make.account()
    asked = set()
    for method, path in routes(served):
        if named(method, path) in tables.OPEN_DOORS or method == "GET":
            continue
        long_ago = db.now() - timedelta(minutes=10)
        headers = await make.session(account, proven_at=long_ago)
        answer = await knock(method, path, headers)
        if answer.content and answer.json().get("code") == "reauthentication_required":
            asked.add(named(method, path))
        elif named(method, path) == "POST /account/password":
            account = await make.account()  # it ended every session of the one before
    assert asked == tables.DANGEROUS


TOKEN_SCOPES = sorted(set(Permission) - SESSION_ONLY)


@pytest.mark.parametrize("scope", TOKEN_SCOPES)
async def test_a_token_of_one_scope_opens_what_the_table_says(
    served: Litestar, knock: Knock, database: Database, scope: Permission
) -> None:
    headers = bearer(await make.token(await make.account(password_hash=NO_HASH), scope))
    # Each scope at a third of the routes, each route with a third of the scopes; all in a proof.
    third = (
        slice(None)
        if os.environ.get("LONTAR_PROVE")
        else slice(TOKEN_SCOPES.index(scope) % 3, None, 3)
    )
    for method, path in routes(served)[third]:
        name = named(method, path)
        if name in tables.OPEN_DOORS or name in ANY_SCOPE:
            continue
        needed = (
            SCOPED.get(name) or READ_BY.get(name) or ("read" if method == "GET" else "a session")
        )
        answer = await knock(method, path, headers)
        is_let_through = answer.status_code != 403
        reads = needed == "read"
        assert answer.status_code != 401, name
        assert is_let_through is (reads or scope == needed) or (
            # what is not there is not there before anything else is asked
            answer.status_code == 404
        ), (name, answer.text)


@pytest.mark.parametrize("row", tables.rows(tables.BY_SESSION), ids=" ".join)
async def test_signed_in_people_keep_the_accounts_that_the_table_says(
    knock: Knock, database: Database, row: list[str]
) -> None:
    whose, method, path, *expected = row
    found = []
    for role in ROLES:
        me = await make.account(role=role)
        headers = await make.session(me)
        await _furnish(knock, me, whose, path)
        await make.account(role=Role.OWNER, password_hash=NO_HASH)  # so that no one is the last
        answer = await knock(method, path.replace("}", "_id}"), headers)
        found.append(str(answer.status_code))
        await database["accounts"].delete_many({})
    assert found == expected


async def _furnish(knock: Knock, me: Any, whose: str, path: str) -> None:
    """An account of that role, or one's own; an invitation, a session and a token to end."""
    knock.there.clear()
    if whose == "own":
        knock.there["account_id"] = str(me.id)
    elif whose not in {"any", "nobody"}:
        other = await make.account(role=Role(whose), password_hash=NO_HASH)
        knock.there["account_id"] = str(other.id)
    elif "{" in path and whose == "any":
        link, _ = await opening.make(
            "invitation", "", db.now(), email="x@example.com", role=Role.AUTHOR
        )
        knock.there["invitation_id"] = str(link.id)
        await make.token(me)
        headers = await make.session(me)
        tokens = await knock.client.get(f"{ADMIN}/tokens", headers=headers)
        sessions = await knock.client.get(f"{ADMIN}/sessions", headers=headers)
        knock.there["token_id"] = tokens.json()["items"][0]["id"]
        knock.there["session_id"] = sessions.json()["items"][0]["id"]


async def test_every_route_of_accounts_stands_in_the_table_of_sessions(served: Litestar) -> None:
    said = {f"{row[1]} {row[2]}" for row in tables.rows(tables.BY_SESSION)}
    assert said >= {f"{row[0]} {row[1]}" for row in tables.rows(tables.BY_TOKEN)}
    assert said <= {named(method, path) for method, path in routes(served)}


ABOVE = """
admin  owner        403
admin  admin        201
admin  contributor  201
owner  owner        201
"""


@pytest.mark.parametrize(("giver", "given", "status"), tables.rows(ABOVE))
async def test_nobody_gives_a_role_above_their_own(
    reader: httpx.AsyncClient, database: Database, giver: str, given: str, status: str
) -> None:
    await make.account(password_hash=NO_HASH)
    headers = await make.session(await make.account(role=Role(giver), password_hash=NO_HASH))
    data = {"email": "sari@example.com", "role": given}
    invited = await reader.post(f"{ADMIN}/invitations", json=data, headers=headers)
    assert str(invited.status_code) == status
    other = await make.account(role=Role.CONTRIBUTOR, password_hash=NO_HASH)
    path = f"{ADMIN}/accounts/{other.id}/role"
    raised = await reader.post(path, json={"role": given}, headers=headers)
    assert raised.status_code == {"201": 200, "403": 403}[status]

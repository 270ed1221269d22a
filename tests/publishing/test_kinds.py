"""Every kind has the same verbs, with the same refusals."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar

from cms.accounts.permissions import SESSION_ONLY, Permission, Role
from cms.app import KINDS
from cms.core import db
from cms.history.documents import Event
from cms.publishing import relay
from tests import make

KINDS_OF_ALL = ["articles", "projects", "pages"]
every_kind = pytest.mark.parametrize("kinds", KINDS_OF_ALL)


def _in(days: int) -> str:
    return (db.now() + timedelta(days=days)).isoformat()


async def _send(
    client: httpx.AsyncClient, kinds: str, thing: Any, verb: str, data: Any = None
) -> httpx.Response:
    target = f"/api/v1/admin/{kinds}/{thing['id']}"
    if verb in {"PATCH", "DELETE"}:
        return await client.request(verb, target, json=data, headers=make.if_match(thing))
    return await client.post(f"{target}/{verb}", json=data, headers=make.if_match(thing))


@pytest.fixture
async def someone(owner: httpx.AsyncClient) -> Any:
    """Turns the owner's client into one of a new account with a role and scopes."""

    async def become(role: Role, *scopes: Permission) -> httpx.AsyncClient:
        secret = await make.token(await make.account(role=role), *scopes)
        transport = owner._transport
        return httpx.AsyncClient(
            transport=transport,
            base_url=owner.base_url,
            headers={"Authorization": f"Bearer {secret}"},
        )

    return become


def test_every_published_kind_is_looked_after(served: Litestar) -> None:
    assert sorted(f"{kind.name}s" for kind in KINDS) == sorted(KINDS_OF_ALL)


@every_kind
async def test_a_life_from_draft_to_purge(
    kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    public = f"/api/v1/{kinds}"
    answer = await owner.post(f"/api/v1/admin/{kinds}", json={"title": "A life"})
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/admin/{kinds}/{made['id']}"
    assert answer.headers["etag"] == '"1"'
    assert (made["status"], made["slug"], made["live"]) == ("draft", "a-life", None)
    assert (await reader.get(f"{public}/a-life")).status_code == 404

    edited = (await _send(owner, kinds, made, "PATCH", {"markdown": "One."})).json()
    live = await make.verb(owner, edited, "publish", kinds=kinds)
    read = await reader.get(f"{public}/a-life")
    assert read.status_code == 200
    assert "One." in read.json()["html"]
    assert (await reader.get(f"{public}/a-life.md")).text == "One."

    changed = (await _send(owner, kinds, live, "PATCH", {"markdown": "Two."})).json()
    assert changed["has_unpublished_changes"] is True
    assert "Two." not in (await reader.get(f"{public}/a-life")).text
    back = await make.verb(owner, changed, "discard-draft", kinds=kinds)
    assert (back["markdown"], back["has_unpublished_changes"]) == ("One.", False)

    moved = (await _send(owner, kinds, back, "PATCH", {"slug": "moved"})).json()
    live = await make.verb(owner, moved, "publish", kinds=kinds)
    old = await reader.get(f"{public}/a-life")
    assert (old.status_code, old.headers["location"]) == (308, f"{public}/moved")

    later = await make.verb(owner, live, "unpublish", {"at": _in(1)}, kinds)
    assert later["status"] == "published"
    gone = await make.verb(owner, later, "unpublish", kinds=kinds)
    assert gone["status"] == "unpublished"
    assert (await reader.get(f"{public}/moved")).status_code == 404
    trashed = (await _send(owner, kinds, gone, "DELETE")).json()
    assert trashed["status"] == "trashed"
    restored = await make.verb(owner, trashed, "restore", kinds=kinds)
    trashed = (await _send(owner, kinds, restored, "DELETE")).json()
    assert (await _send(owner, kinds, trashed, "purge")).status_code == 204
    assert (await owner.get(f"/api/v1/admin/{kinds}/{made['id']}")).status_code == 404
    assert (await owner.get(f"/api/v1/admin/{kinds}/{made['id']}/revisions")).status_code == 404


@every_kind
async def test_history_of_every_kind(kinds: str, owner: httpx.AsyncClient) -> None:
    made = await make.draft(owner, kinds, title="First", markdown="one two")
    base = f"/api/v1/admin/{kinds}/{made['id']}"
    for letter in "abc":
        answer = await owner.patch(
            f"{base}/autosave", json={"markdown": letter}, headers=make.if_match(made)
        )
        made = answer.json()
    found = (await owner.get(f"{base}/revisions")).json()["items"]
    assert [(item["number"], item["verb"]) for item in found] == [(4, "autosaved"), (1, "created")]
    assert (await owner.get(f"{base}/revisions/1")).json()["content"]["markdown"] == "one two"
    told = (await owner.get(f"{base}/revisions/1/diff", params={"to": 4})).json()
    assert [field["field"] for field in told["fields"]] == ["markdown"]
    assert told["fields"][0]["words"]
    back = await make.verb(owner, made, "revisions/1/restore", kinds=kinds)
    assert (back["markdown"], back["revision"]) == ("one two", 5)
    assert (await owner.get(f"{base}/revisions/99")).status_code == 404
    copy = await owner.post(f"{base}/duplicate")
    assert (copy.status_code, copy.json()["slug"], copy.json()["markdown"]) == (
        201,
        "first-2",
        "one two",
    )
    assert copy.headers["location"].endswith(copy.json()["id"])


@every_kind
async def test_the_list_filters_by_status(kinds: str, owner: httpx.AsyncClient) -> None:
    await make.draft(owner, kinds, title="draft")
    await make.live(owner, kinds, title="published")
    await make.live(owner, kinds, title="scheduled", at=_in(1))
    trashed = await make.draft(owner, kinds, title="trashed")
    await _send(owner, kinds, trashed, "DELETE")
    for status in ("draft", "published", "scheduled", "trashed"):
        answer = await owner.get(
            f"/api/v1/admin/{kinds}", params={"status": status, "total": "true"}
        )
        found = answer.json()
        assert [(row["title"], row["status"]) for row in found["items"]] == [(status, status)]
        assert found["page"]["total"] == 1
        assert "markdown" not in found["items"][0]
    wrong = await owner.get(f"/api/v1/admin/{kinds}", params={"status": "lost"})
    assert wrong.json()["errors"][0]["field"] == "status"


@every_kind
async def test_every_write_needs_the_revision_that_was_seen(
    kinds: str, owner: httpx.AsyncClient
) -> None:
    made = await make.draft(owner, kinds)
    for verb in (
        "PATCH", "DELETE", "publish", "unpublish", "discard-draft", "restore", "purge",
        "revisions/1/restore",
    ):  # fmt: skip
        data = {"title": "x"} if verb == "PATCH" else None
        stale = await _send(owner, kinds, {**made, "revision": 99}, verb, data)
        assert (stale.status_code, stale.json()["current"]["id"]) == (412, made["id"]), verb
        unknown = await _send(owner, kinds, {**made, "id": "0" * 24}, verb, data)
        assert unknown.status_code == 404, verb
        method = verb if verb in {"PATCH", "DELETE"} else "POST"
        path = "" if verb in {"PATCH", "DELETE"} else f"/{verb}"
        target = f"/api/v1/admin/{kinds}/{made['id']}{path}"
        bare = await owner.request(method, target, json=data)
        assert bare.status_code == 428, verb
    assert (await owner.get(f"/api/v1/admin/{kinds}/{made['id']}")).json() == made


@every_kind
async def test_verbs_refuse_the_wrong_state(kinds: str, owner: httpx.AsyncClient) -> None:
    made = await make.draft(owner, kinds)
    for verb, code in (
        ("unpublish", "not_published"),
        ("discard-draft", "not_published"),
        ("restore", "not_trashed"),
        ("purge", "not_trashed"),
    ):
        refused = await _send(owner, kinds, made, verb)
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    trashed = (await _send(owner, kinds, made, "DELETE")).json()
    for verb, data in (("PATCH", {"title": "x"}), ("DELETE", None), ("publish", None)):
        refused = await _send(owner, kinds, trashed, verb, data)
        assert (refused.status_code, refused.json()["code"]) == (409, "trashed")


@every_kind
@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "title"),
        ({"title": " "}, "title"),
        ({"title": 7}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "x", "slug": "Not a slug"}, "slug"),
        ({"title": "x", "lang": "english"}, "lang"),
        ({"title": "x", "markdown": "a" * (256 * 1024 + 1)}, "markdown"),
        ({"title": "x", "owner_id": "me"}, "owner_id"),
        ({"title": "x", "status": "published"}, "status"),
    ],
)
async def test_a_wrong_field_is_named(
    kinds: str, data: Any, field: str, owner: httpx.AsyncClient
) -> None:
    refused = await owner.post(f"/api/v1/admin/{kinds}", json=data)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]


@every_kind
async def test_a_slug_belongs_to_its_kind_alone(kinds: str, owner: httpx.AsyncClient) -> None:
    for other in KINDS_OF_ALL:
        await make.draft(owner, other, slug="shared")
    taken = await owner.post(f"/api/v1/admin/{kinds}", json={"title": "x", "slug": "shared"})
    assert (taken.status_code, taken.json()["errors"][0]["field"]) == (409, "slug")


# What each role may with its own things and with those of others: write, publish, purge.
OWN_AND_ANY = {
    ("articles", Role.AUTHOR): (201, 200, 403),
    ("articles", Role.CONTRIBUTOR): (201, 403, 403),
    ("articles", Role.EDITOR): (201, 200, 403),
    ("articles", Role.ADMIN): (201, 200, 204),
    ("projects", Role.AUTHOR): (201, 200, 403),
    ("projects", Role.CONTRIBUTOR): (403, None, None),
    ("projects", Role.EDITOR): (201, 200, 403),
    ("projects", Role.ADMIN): (201, 200, 204),
    ("pages", Role.AUTHOR): (403, None, None),
    ("pages", Role.CONTRIBUTOR): (403, None, None),
    ("pages", Role.EDITOR): (201, 200, 403),
    ("pages", Role.ADMIN): (201, 200, 204),
}


@pytest.mark.parametrize(("kinds", "role"), OWN_AND_ANY)
async def test_what_a_role_may_with_its_own(kinds: str, role: Role, someone: Any) -> None:
    write, publish, purge = OWN_AND_ANY[kinds, role]
    async with await someone(role) as client:
        made = await client.post(f"/api/v1/admin/{kinds}", json={"title": "Mine"})
        assert made.status_code == write
        if write != 201:
            return
        published = await _send(client, kinds, made.json(), "publish")
        assert published.status_code == publish
        latest = published.json() if publish == 200 else made.json()
        trashed = await _send(client, kinds, latest, "DELETE")
        assert trashed.status_code == 200
        assert (await _send(client, kinds, trashed.json(), "purge")).status_code == purge


@every_kind
@pytest.mark.parametrize("role", [Role.AUTHOR, Role.CONTRIBUTOR])
async def test_others_things_are_not_there_for_authors(
    kinds: str, role: Role, owner: httpx.AsyncClient, someone: Any
) -> None:
    made = await make.draft(owner, kinds)
    async with await someone(role) as client:
        assert (await client.get(f"/api/v1/admin/{kinds}/{made['id']}")).status_code == 404
        assert (await client.get(f"/api/v1/admin/{kinds}")).json()["items"] == []
        assert (await _send(client, kinds, made, "publish")).status_code == 404


@every_kind
async def test_a_token_needs_the_scope_of_the_kind(kinds: str, someone: Any) -> None:
    given = set(Permission) - SESSION_ONLY
    others = [scope for scope in given if not scope.startswith(kinds)]
    async with await someone(Role.OWNER, *others) as client:
        refused = await client.post(f"/api/v1/admin/{kinds}", json={"title": "x"})
        assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    async with await someone(Role.OWNER, Permission(f"{kinds}:write")) as client:
        made = await client.post(f"/api/v1/admin/{kinds}", json={"title": "x"})
        assert made.status_code == 201
        refused = await _send(client, kinds, made.json(), "publish")
        assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")


@every_kind
async def test_publishing_leaves_one_event_that_names_its_paths(
    kinds: str, owner: httpx.AsyncClient
) -> None:
    made = await make.live(owner, kinds, title="Told")
    while await relay.step(KINDS, db.now()):
        pass
    (event,) = await Event.after(0, 10)
    path = {"articles": "/articles/told", "projects": "/projects/told", "pages": "/told"}[kinds]
    assert f"{kinds}" in event.body.keys
    assert f"{kinds[:-1]}:{made['id']}" in event.body.keys
    assert path in event.body.paths
    assert ("/feed.xml" in event.body.paths) is (kinds == "articles")
    assert {"/sitemap.xml", "/llms.txt"} < set(event.body.paths)


@pytest.mark.parametrize("kinds", ["projects", "pages"])
@pytest.mark.parametrize("state", ["draft", "scheduled", "unpublished", "trashed", "working"])
async def test_what_is_not_published_shows_nowhere(
    kinds: str, state: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    secret = {"title": "Rahasia", "slug": "rahasia", "markdown": "rahasia", "lang": "id"}
    if kinds == "projects":
        secret |= {"summary": "rahasia", "role": "rahasia"}
        technologies: dict[str, Any] = {"technologies": ["rahasia"], "featured": True}
    else:
        technologies = {}
    match state:
        case "working":
            live = await make.live(owner, kinds, title="Open", slug="open")
            await _send(owner, kinds, live, "PATCH", {**secret, **technologies})
        case "scheduled":
            await make.live(owner, kinds, **secret, **technologies, at=_in(1))
        case "draft":
            await make.draft(owner, kinds, **secret, **technologies)
        case _:
            live = await make.live(owner, kinds, **secret, **technologies)
            if state == "unpublished":
                await make.verb(owner, live, "unpublish", kinds=kinds)
            else:
                await _send(owner, kinds, live, "DELETE")
    paths = ["", "?total=true", "?limit=1", "?lang=id", "/rahasia", "/rahasia.md"]
    paths += ["/open", "/open.md", "?page=1"]
    if kinds == "projects":
        paths += ["?technology=RAHASIA", "?featured=true", "?featured=true&total=true"]
    answers = [await reader.get(f"/api/v1/{kinds}{path}") for path in paths]
    text = "\n".join(answer.text for answer in answers)
    assert "rahasia" not in text.lower()
    total = answers[1].json()["page"]["total"]
    assert total == (1 if state == "working" else 0)
    assert answers[4].status_code == 404

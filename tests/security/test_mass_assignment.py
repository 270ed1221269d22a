"""Every input takes its own fields: of all names there are anywhere, no other is let in."""

from typing import Any

import httpx
import pytest
from beanie import Document

from cms.app import MODELS
from cms.core.db import Database
from tests.security import weak
from tests.security.aims import Aim, aims, bodies, document, furnish, schema, seen

# JSON Resume is another's format: what is not kept is named in the answer (tests/profiles).
OPEN = {"/api/v1/admin/profiles/import-resume", "/api/v1/admin/profiles/{profile_id}/import-resume"}
WORDS = ["role", "is_admin", "isAdmin", "admin", "password_hash", "_id", "__proto__", "constructor",
         "$set", "$where", "working.title", "live.title", "owner_id", "id", "revision"]  # fmt: skip
FILES = {"/api/v1/admin/media", "/api/v1/admin/media/{media_id}/replace"}  # see test_multipart
BODIES = [item for item in bodies() if item[0].path not in OPEN]
AT_ONCE = 40  # a refusal names at most 50 fields


def every_name() -> set[str]:
    """Names of all that is stored, and of all that any shape of the document has."""
    found = set(WORDS)
    for model in MODELS:
        assert issubclass(model, Document)
        found |= set(model.model_fields)
    for shape in document()["components"]["schemas"].values():
        found |= set(shape.get("properties", {}))
    return found


def test_every_operation_with_a_body_is_tried() -> None:
    assert {aim.name for aim, _ in BODIES} | {f"POST {path}" for path in OPEN | FILES} == {
        aim.name for aim in aims() if "requestBody" in aim.operation
    }
    for aim in aims():
        if aim.path in FILES and aim.method == "POST":
            assert set(aim.operation["requestBody"]["content"]) == {"multipart/form-data"}


def test_every_input_is_closed_to_its_depths() -> None:
    seen: set[str] = set()
    todo = [shape for _, shape in BODIES]
    while todo:
        shape = todo.pop()
        if shape.get("title", str(shape)) in seen:
            continue
        seen.add(shape.get("title", str(shape)))
        if "properties" in shape:
            assert shape.get("additionalProperties") is False, shape.get("title")
        parts: list[dict[str, Any]] = [*shape.get("properties", {}).values()]
        parts += [shape[key] for key in ("items", "additionalProperties") if _is_schema(shape, key)]
        parts += shape.get("anyOf", []) + shape.get("oneOf", [])
        todo += [schema(part) if "$ref" in part else part for part in parts]
    assert len(seen) > 40


def _is_schema(shape: dict[str, Any], key: str) -> bool:
    return isinstance(shape.get(key), dict)


def _resource(aim: Aim) -> str:
    return aim.path.removeprefix("/api/v1/").removeprefix("admin/").partition("/")[0]


@pytest.mark.parametrize("resource", sorted({_resource(aim) for aim, _ in BODIES}))
async def test_a_field_of_another_is_refused_by_name(
    resource: str, owner: httpx.AsyncClient, database: Database
) -> None:
    owner.event_hooks = {"response": []}
    places = await furnish(owner)
    before = await _stored(database)
    for aim, shape in BODIES:
        if _resource(aim) == resource:
            await _refuses(owner, aim, shape, places)
    assert await _stored(database) == before


async def _refuses(
    owner: httpx.AsyncClient, aim: Aim, shape: dict[str, Any], places: dict[str, str]
) -> None:
    headers = await seen(owner, aim.at(places))
    names = sorted(every_name() - set(shape["properties"]))
    assert len(names) > 150
    for at in range(0, len(names), AT_ONCE):
        some = names[at : at + AT_ONCE]
        answer = await owner.request(
            aim.method, aim.at(places), json=dict.fromkeys(some, 1), headers=headers
        )
        assert answer.status_code == 422, (aim.name, answer.text[:300])
        found = {item["field"] for item in answer.json()["errors"]
                 if item["code"] == "extra_forbidden"}  # fmt: skip
        assert set(some) <= found, (aim.name, set(some) - found)


async def _stored(database: Database) -> dict[str, Any]:
    watched = ("accounts", "articles", "pages", "projects", "profiles", "tags", "series", "site",
               "redirects", "tokens", "media", "webhooks", "contact_messages")  # fmt: skip
    return {name: await database[name].find({}).to_list() for name in watched}


async def test_a_blog_that_stores_what_it_is_sent_makes_an_owner(database: Database) -> None:
    async with weak.client(weak.blog(database)) as writer:
        sent = {"title": "One", "role": "owner", "is_admin": True}
        await writer.post("/articles", json=sent)
    stored = await database["articles"].find_one({"title": "One"})
    assert stored is not None
    assert stored["role"] == "owner"

"""The OpenAPI document: complete, valid, believable, and read from the code."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar, get
from litestar.routes import HTTPRoute
from openapi_spec_validator import validate

from cms import __version__
from cms.app import openapi_document
from cms.core import openapi
from cms.core.openapi_refusals import reached
from cms.core.openapi_schemas import UNTOLD
from tests.conforming import Contract

COMMITTED = Path(__file__).parents[1] / "docs" / "openapi.json"
NOT_DOCUMENTED = {"/api/docs", "/api/docs/{name}"}
ADMIN = "/api/v1/admin"
Row = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> Row:
    found: Row = json.loads(json.dumps(openapi_document()))
    return found


@pytest.fixture(scope="module")
def contract(document: Row) -> Contract:
    return Contract(document)


@pytest.fixture
def operations(document: Row) -> dict[str, Row]:
    return {operation["operationId"]: operation for _, _, operation in each(document)}


def each(document: Row) -> Iterator[tuple[str, str, Row]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def codes_of(operation: Row, status: int) -> set[str]:
    return set(operation["responses"][str(status)]["description"].split("`")[1::2])


def test_the_committed_document_is_the_present_one() -> None:
    present = json.dumps(openapi_document(), indent=2, ensure_ascii=False) + "\n"
    committed = COMMITTED.read_text(encoding="utf-8")
    # Not by pytest's diff of 8,000 lines: git shows a better one.
    is_same = committed == present
    assert is_same, "docs/openapi.json is out of date: run `make openapi` and look at the diff"


def test_the_document_is_valid_openapi(document: Row) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"] == __version__
    assert document["info"]["license"]["identifier"] == "MIT"


def test_the_document_is_the_same_every_time() -> None:
    assert json.dumps(openapi_document()) == json.dumps(openapi_document())


async def test_the_document_is_served_and_cacheable(
    reader: httpx.AsyncClient, document: Row
) -> None:
    first = await reader.get("/api/v1/openapi.json")
    again = await reader.get(
        "/api/v1/openapi.json", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert first.json() == document
    assert first.headers["content-type"] == "application/json"
    assert first.headers["cache-control"].startswith("public")
    assert again.status_code == 304


def test_every_route_is_in_the_document(served: Litestar, document: Row) -> None:
    registered = {
        (route.path_format, method.lower())
        for route in served.routes
        if isinstance(route, HTTPRoute) and route.path_format not in NOT_DOCUMENTED
        for method in route.methods - {"OPTIONS"}
    }
    assert {(path, method) for path, method, _ in each(document)} == registered


def test_operations_are_named_after_their_handlers_and_told_apart(document: Row) -> None:
    names = [operation["operationId"] for _, _, operation in each(document)]
    assert len(names) == len(set(names))
    assert all(name.isidentifier() and name.islower() for name in names)
    assert "publish_article" in names


def test_two_handlers_of_one_name_are_refused() -> None:
    def handler(path: str) -> Any:
        @get(path, name=path)
        async def get_thing() -> None: ...

        return get_thing

    with pytest.raises(ValueError, match="get_thing"):
        openapi.document(Litestar([handler("/one"), handler("/two")], openapi_config=None))


def test_every_operation_has_a_summary_a_tag_and_the_common_refusals(document: Row) -> None:
    for path, method, operation in each(document):
        assert operation["summary"], path
        assert len(operation["tags"]) == 1, path
        assert {"400", "500", "503"} <= set(operation["responses"]), path
        assert "unknown_parameter" in codes_of(operation, 400), path
        if "requestBody" in operation:
            assert {"413", "415", "422"} <= set(operation["responses"]), path
            is_form = "multipart/form-data" in operation["requestBody"]["content"]
            read = {"malformed_form"} if is_form else {"malformed_json", "too_deep"}
            assert read <= codes_of(operation, 400), path
        if method == "get":
            assert "415" not in operation["responses"], path


def test_every_admin_route_but_the_doors_asks_who_it_is(document: Row) -> None:
    for path, method, operation in each(document):
        is_door = operation["operationId"] in {"create_session", "create_first_owner"}
        if not path.startswith(ADMIN) or is_door:
            assert "security" not in operation, path
            continue
        cookie: Row = {"session": []} if method == "get" else {"session": [], "csrf": []}
        assert operation["security"] == [{"bearer": []}, cookie], path
        assert codes_of(operation, 401) == {"unauthenticated", "bad_token"}, path


def test_refusals_are_read_from_the_code(operations: dict[str, Row]) -> None:
    publish = operations["publish_article"]
    assert codes_of(publish, 409) == {
        *("slug_taken", "language_taken"),
        *("trashed", "unpublished_before"),
    }
    assert codes_of(publish, 403) == {"forbidden", "missing_scope", "csrf", "cross_origin"}
    assert {"404", "412", "428"} <= set(publish["responses"])
    assert codes_of(operations["create_session"], 401) == {"wrong_credentials"}
    assert "bad_cursor" in codes_of(operations["list_articles"], 400)
    assert codes_of(operations["get_article"], 308) == {"moved"}
    assert "409" not in operations["get_article"]["responses"]
    assert "403" not in operations["list_tokens"]["responses"]


def test_what_is_not_ours_is_not_followed() -> None:
    assert reached([json.dumps, len, httpx.get]).functions == set()


def test_every_refusal_is_a_problem(document: Row, contract: Contract) -> None:
    for path, _, operation in each(document):
        for status, response in operation["responses"].items():
            told = contract.resolve(response)
            if int(status) >= 308:
                (media_type,) = told["content"]
                schema = contract.resolve(told["content"][media_type]["schema"])
                assert media_type == "application/problem+json", path
                assert {"type", "title", "status", "code"} <= set(schema["required"]), path
    stale = contract.resolve(document["components"]["schemas"]["StaleProblem"])
    assert "current" in stale["required"]


def test_every_body_has_an_example_that_its_own_schema_accepts(
    document: Row, contract: Contract
) -> None:
    bodies = [
        (operation["operationId"], media_type, body)
        for _, _, operation in each(document)
        for part in [operation.get("requestBody", {}), *operation["responses"].values()]
        for media_type, body in contract.resolve(part).get("content", {}).items()
    ]
    assert len(bodies) > 300
    for name, media_type, body in bodies:
        if body["schema"] == {"type": "object"} and name == "get_openapi_document":
            continue
        if "examples" in body:
            value = contract.resolve(body["examples"]["example"])["value"]
        else:
            value = body["example"] if "example" in body else body["schema"]["examples"][0]
        assert contract.complaints(body["schema"], value) == [], (name, media_type)
        assert UNTOLD not in json.dumps(value, ensure_ascii=False), (
            f"{name}: a text field has no example; give the model a story in its schemas.py"
        )


def test_schemas_keep_what_pydantic_knows(document: Row) -> None:
    article = document["components"]["schemas"]["ArticleInput"]
    assert article["additionalProperties"] is False
    assert article["properties"]["tag_slugs"]["maxItems"] == 50
    assert article["properties"]["slug"]["anyOf"][0]["pattern"]
    assert article["required"] == ["title"]
    # A view always has its fields, even those with a default.
    assert "cover" in document["components"]["schemas"]["Article"]["required"]


def test_patterns_can_be_read_by_javascript(document: Row) -> None:
    """Ajv and browsers read them with the flag u, which refuses to escape what needs no escape."""
    patterns = re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', json.dumps(document))
    assert len(patterns) > 10
    for pattern in map(json.loads, patterns):
        escaped = re.findall(r"\\(.)", pattern)
        assert set(escaped) <= set(r"^$\.*+?()[]{}|/-sSdDwWbBnrtx"), pattern
        assert "(?P<" not in pattern, pattern


def test_a_merge_patch_may_hold_any_of_the_fields(document: Row) -> None:
    schemas = document["components"]["schemas"]
    patch, null = schemas["ArticlePatch"], {"type": "null"}
    assert "required" not in patch
    assert patch["additionalProperties"] is False
    assert set(patch["properties"]) == set(schemas["ArticleInput"]["properties"])
    # Null takes away; a title there has to be.
    assert null in patch["properties"]["excerpt"]["anyOf"]
    assert patch["properties"]["title"]["type"] == "string"
    # Objects merge, so they are patches themselves; arrays replace.
    assert patch["properties"]["seo"]["anyOf"][0] == {"$ref": "#/components/schemas/SeoPatch"}
    assert "default" not in json.dumps(patch)


def test_parameters_come_from_the_handler(operations: dict[str, Row]) -> None:
    listed = {item["name"]: item for item in operations["list_articles"]["parameters"]}
    assert listed["limit"]["schema"] == {
        "type": "integer", "default": 15, "minimum": 1, "maximum": 100
    }  # fmt: skip
    assert listed["tag"]["schema"]["type"] == "string"
    assert {"If-None-Match", "If-Modified-Since"} <= set(listed)
    changed = {item["name"]: item for item in operations["update_article"]["parameters"]}
    assert changed["If-Match"]["required"] is True
    assert changed["item_id"]["in"] == "path"
    types = set(operations["update_article"]["requestBody"]["content"])
    assert types == {"application/merge-patch+json", "application/json"}
    assert operations["publish_article"]["requestBody"]["required"] is False

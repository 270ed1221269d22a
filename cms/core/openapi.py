"""The OpenAPI 3.1 document, assembled from the routes as they are registered.

Paths, bodies, parameters and answers come from the handlers' signatures, schemas from Pydantic,
refusals from the code that a handler reaches. A handler adds nothing but its summary; only another
representation of the same answer is told through Litestar's `responses`.
"""

from collections.abc import Iterator
from http import HTTPStatus
from types import NoneType
from typing import Any, Final

from litestar import Litestar
from pydantic import BaseModel

from cms import __version__
from cms.core import http, openapi_problems, queries
from cms.core.errors import Refusal, TooManyRequests, Unauthenticated
from cms.core.openapi_operations import Operation, is_model, operations
from cms.core.openapi_schemas import Schema, Schemas, Use
from cms.core.shapes import View

BEARER, SESSION, CSRF = "bearer", "session", "csrf"
SECURITY_SCHEMES: Final = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "description": "A token such as `ltr_…`, with scopes and an end, from `POST …/tokens`.",
    },
    SESSION: {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-lontar",
        "description": "Set by signing in. Over plain HTTP on loopback it is called `lontar`.",
    },
    CSRF: {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "The `csrf_token` of the session; with the cookie, every write needs it.",
    },
}
DESCRIPTION: Final = """\
The HTTP interface of a Lontar installation: anonymous, cacheable reads, and below `/api/v1/admin`
what an author works with.

- Every refusal is `application/problem+json` with a stable `code`; the codes that an operation may
  answer stand beside its statuses. Unknown query parameters (400) and unknown fields (422) are
  refused by name.
- Public reads carry `ETag`; `If-None-Match` makes 304 of them. `HEAD` is answered wherever `GET`
  is.
- What carries a `revision` is changed with `If-Match`; 428 without, 412 with what is `current` when
  someone saved in between.
- `PATCH` takes a merge patch (RFC 7396): objects merge, arrays replace, null clears.
- Lists are walked by the opaque cursors in `page` and the `Link` header.
"""
IDENT: Final = "674000000000000000000003"
CONDITIONAL: Final = {
    "If-None-Match": "ETags at hand; 304 when one is still right.",
    "If-Modified-Since": "The time of the copy at hand; ignored beside If-None-Match.",
}
BYTES: Final[Schema] = {"type": "string", "format": "binary", "examples": ["(bytes)"]}
FILES: Final[Schema] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"file": {"type": "array", "items": BYTES, "minItems": 1}},
                "required": ["file"],
            },
            "example": {"file": ["(bytes)"]},
        }
    },
}
RETRIED: Final = "Within 24 h the same key and body give the first answer again, and make nothing."
PROBLEMS: Final[tuple[type[BaseModel], ...]] = (
    openapi_problems.Problem,
    *openapi_problems.MODELS.values(),
)


def document(app: Litestar) -> dict[str, Any]:
    """The whole document, the same for the same code."""
    return _Document(operations(app)).build()


class _Document:
    def __init__(self, found: list[Operation]) -> None:
        self.operations = found
        problems: list[Use] = [(model, "serialization") for model in PROBLEMS]
        self.schemas = Schemas([*problems, *(use for item in found for use in item.uses)])
        self.examples: dict[str, Any] = {}
        self.kinds: dict[str, type[Refusal]] = {}

    def build(self) -> dict[str, Any]:
        paths: dict[str, dict[str, Any]] = {}
        for operation in self.operations:
            paths.setdefault(operation.path, {})[operation.method.lower()] = self._told(operation)
        queries_only = {
            self.schemas.name(self.schemas.refs[item.query, "validation"])
            for item in self.operations
            if item.query
        }
        components = self.schemas.components
        return {
            "openapi": "3.1.1",
            "info": {
                "title": "Lontar",
                "version": __version__,
                "summary": "The CMS backend for your own portfolio site",
                "description": DESCRIPTION,
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            "servers": [{"url": "/", "description": "This installation"}],
            "tags": [{"name": tag} for tag in sorted({t for o in self.operations for t in o.tags})],
            "paths": paths,
            "components": {
                "schemas": {k: components[k] for k in sorted(components) if k not in queries_only},
                "responses": {
                    "NotModified": openapi_problems.not_modified(),
                    **{name: self._refusal(kind) for name, kind in sorted(self.kinds.items())},
                },
                "examples": dict(sorted(self.examples.items())),
                "headers": openapi_problems.HEADERS,
                "securitySchemes": SECURITY_SCHEMES,
            },
        }

    def _told(self, operation: Operation) -> dict[str, Any]:
        told: dict[str, Any] = {
            "operationId": operation.name,
            "tags": operation.tags,
            "summary": operation.handler.summary,
        }
        if description := _description(operation.handler.fn.__doc__):
            told["description"] = description
        if Unauthenticated in operation.guards.refusals:
            by_cookie = [SESSION] if operation.method == "GET" else [SESSION, CSRF]
            told["security"] = [{BEARER: []}, {name: [] for name in by_cookie}]
        if parameters := list(self._parameters(operation)):
            told["parameters"] = parameters
        if operation.body:
            told["requestBody"] = self._body(operation, operation.body)
        elif operation.takes_files:
            told["requestBody"] = FILES
        told["responses"] = dict(self._responses(operation))
        return told

    def _parameters(self, operation: Operation) -> Iterator[dict[str, Any]]:
        for name in _path_names(operation.path):
            schema = self._path_schema(operation, name)
            yield {"name": name, "in": "path", "required": True, "schema": schema}
        if operation.query:
            ref = self.schemas.refs[operation.query, "validation"]
            model = self.schemas.resolve(ref)
            for name, schema in model["properties"].items():
                is_required = name in model.get("required", ())
                yield _query_parameter(name, schema, is_required=is_required)
        if "revision" in operation.parameters:
            yield _header("If-Match", "The ETag of the revision that you saw.", '"7"')
        if "idempotency_key" in operation.parameters:
            yield _header("Idempotency-Key", RETRIED, None)
        if operation.is_conditional:
            for name, description in CONDITIONAL.items():
                yield _header(name, description, None)

    def _path_schema(self, operation: Operation, name: str) -> Schema:
        if name.endswith("_id"):
            return {"type": "string", "pattern": "^[0-9a-f]{24}$", "examples": [IDENT]}
        schema: Schema = {"type": "string", "minLength": 1}
        if is_model(operation.view):
            ref = self.schemas.refs[operation.view, "serialization"]
            story = self.schemas.stories[str(self.schemas.name(ref))]
            schema["examples"] = [story.get(name, name)]
        return schema

    def _body(self, operation: Operation, model: type[BaseModel]) -> dict[str, Any]:
        is_optional = operation.parameters["data"].is_optional
        if operation.is_patch:
            ref, types = self.schemas.patch(model), sorted(http.JSON_TYPES, reverse=True)
        else:
            ref, types = self.schemas.refs[model, "validation"], ["application/json"]
        content = self._content(ref)
        if is_optional:
            content["schema"] = {"anyOf": [ref, {"type": "null"}]}
        return {"required": not is_optional, "content": dict.fromkeys(types, content)}

    def _content(self, ref: Schema) -> dict[str, Any]:
        name = str(self.schemas.name(ref))
        self.examples[name] = {"value": self.schemas.example(ref)}
        return {
            "schema": ref,
            "examples": {"example": {"$ref": f"#/components/examples/{name}"}},
        }

    def _responses(self, operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
        handler = operation.handler
        answer: dict[str, Any] = {"description": HTTPStatus(handler.status_code).phrase}
        if headers := dict(_headers(operation)):
            answer["headers"] = openapi_problems.headers(headers)
        if content := self._answer(operation):
            answer["content"] = content
        yield str(handler.status_code), answer
        if operation.serves:
            yield "206", {**answer, "description": HTTPStatus.PARTIAL_CONTENT.phrase}
        if operation.is_conditional:
            yield "304", {"$ref": "#/components/responses/NotModified"}
        for status, (kind, listed) in sorted(operation.refusals.items()):
            self.kinds[kind.__name__] = kind
            named = ", ".join(f"`{code}`" for code in listed)
            yield (
                str(status),
                {
                    "$ref": f"#/components/responses/{kind.__name__}",
                    "description": f"{kind.title}: {named}.",
                },
            )

    def _answer(self, operation: Operation) -> dict[str, Any]:
        view = operation.view
        content: Schema = {}
        if operation.serves:
            content = {kind: {"schema": BYTES} for kind in operation.serves}
        elif is_model(view):
            ref = self.schemas.refs[view, "serialization"]
            content["application/json"] = self._content(ref)
        elif view not in {None, NoneType}:
            content["application/json"] = {"schema": {"type": "object"}}
        for status, other in (operation.handler.responses or {}).items():
            if status == operation.handler.status_code:
                examples = [example.value for example in other.examples or ()]
                texts = [value for value in examples if isinstance(value, str)]
                objects = [value for value in examples if isinstance(value, dict)]
                kind = str(other.media_type)
                if kind.endswith("+json"):
                    content[kind] = {"schema": {"type": "object", "examples": objects}}
                    continue
                schema: Schema = {"type": "string", "examples": texts}
                content[kind] = {"schema": schema}
                if objects:
                    content["application/json"]["schema"]["examples"] = objects
        return content

    def _refusal(self, kind: type[Refusal]) -> dict[str, Any]:
        model = openapi_problems.MODELS.get(kind, openapi_problems.Problem)
        return openapi_problems.response(kind, self.schemas.refs[model, "serialization"])


def _headers(operation: Operation) -> Iterator[tuple[str, str]]:
    """The headers of a success, by name and component."""
    if operation.is_conditional:
        is_shared = operation.query is not None and "preview" in operation.query.model_fields
        yield "ETag", "ETagOfPublic" if is_shared else "ETag"
        yield "Last-Modified", "LastModified"
    elif _has_revision(operation.view):
        yield "ETag", "Revision"
        if operation.handler.status_code == HTTPStatus.CREATED:
            yield "Location", "Location"
    if queries.links in operation.reach:
        yield "Link", "Link"
    if TooManyRequests in operation.reach.refusals:
        yield from openapi_problems.RATE_LIMIT.items()


def _has_revision(view: Any) -> bool:
    return (
        is_model(view)
        and issubclass(view, View)
        and view.OWN_REVISION
        and "revision" in view.model_fields
    )


def _description(docstring: str | None) -> str:
    """The docstring without what it says to Python programmers."""
    return " ".join((docstring or "").partition("Raises:")[0].split())


def _path_names(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _query_parameter(name: str, schema: Schema, *, is_required: bool) -> dict[str, Any]:
    """A query string has no null: leaving the parameter out is how to say nothing."""
    described = {key: schema[key] for key in ("description",) if key in schema}
    bare = {key: value for key, value in schema.items() if key != "description"}
    if "anyOf" in bare:
        choices = [choice for choice in bare["anyOf"] if choice != {"type": "null"}]
        bare = choices[0] if len(choices) == 1 else {"anyOf": choices}
    return {"name": name, "in": "query", **described, "required": is_required, "schema": bare}


def _header(name: str, description: str, example: str | None) -> dict[str, Any]:
    told = {"name": name, "in": "header", "description": description}
    if example is None:
        return {**told, "required": False, "schema": {"type": "string"}}
    return {**told, "required": True, "schema": {"type": "string", "examples": [example]}}

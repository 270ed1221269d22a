"""The OpenAPI 3.1 document, assembled from the routes as they are registered.

Paths, bodies, parameters and answers come from the handlers' signatures, schemas from Pydantic,
refusals from the code that a handler reaches. A handler adds nothing but its summary; only another
representation of the same answer is told through Litestar's `responses`.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from http import HTTPStatus
from types import NoneType
from typing import Any, Final, get_args

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from pydantic import BaseModel

from cms import __version__
from cms.core import http, openapi_problems, queries, shapes
from cms.core.errors import Refusal, TooLarge, Unauthenticated, UnsupportedMediaType
from cms.core.openapi_refusals import Kind, Reached, codes, reached
from cms.core.openapi_schemas import Schema, Schemas, Use
from cms.core.paging import Query
from cms.core.problems import broke, database_failed

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
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
IDENT: Final = "6741c0de5b2f4a0012ab34ce"
CONDITIONAL: Final = {
    "If-None-Match": "ETags at hand; 304 when one is still right.",
    "If-Modified-Since": "The time of the copy at hand; ignored beside If-None-Match.",
}
RETRIED: Final = "Within 24 h the same key and body give the first answer again, and make nothing."
# What guards refuse to writes alone.
OF_WRITES: Final = frozenset({UnsupportedMediaType.default_code, "csrf", "cross_origin"})
PROBLEMS: Final = (openapi_problems.Problem, *openapi_problems.MODELS.values())


class Operation:
    """What one handler tells about itself."""

    def __init__(self, path: str, method: str, handler: HTTPRouteHandler) -> None:
        self.path, self.method, self.handler = path, method, handler
        self.name = handler.handler_name
        self.parameters = handler.parsed_fn_signature.parameters

    @cached_property
    def body(self) -> type[BaseModel] | None:
        """The model of the JSON body, for a merge patch the one that it patches."""
        data = self.parameters.get("data")
        if data is None:
            return None
        found = [kind for kind in (data.annotation, *data.args) if _is_model(kind)]
        if len(found) != 1:
            raise TypeError(f"{self.name}: takes a body that the OpenAPI document can't tell")
        model: type[BaseModel] = found[0]
        return model

    @cached_property
    def is_patch(self) -> bool:
        return getattr(self.parameters["data"].annotation, "__origin__", None) is shapes.Patch

    @cached_property
    def query(self) -> type[Query] | None:
        found = self.parameters.get("params")
        return found.annotation if found else None

    @cached_property
    def view(self) -> Any:
        """What stands in `Answer[…]`: a view, None for no content, or something of another type."""
        kind = self.handler.parsed_fn_signature.return_type
        return (get_args(kind.annotation) or (kind.annotation,))[0]

    @cached_property
    def uses(self) -> list[Use]:
        found: list[Use] = [(kind, "validation") for kind in (self.body, self.query) if kind]
        if _is_model(self.view):
            found.append((self.view, "serialization"))
        return found

    @cached_property
    def guards(self) -> Reached:
        return reached(self.handler.resolve_guards())

    @cached_property
    def reach(self) -> Reached:
        starts: list[Callable[..., Any]] = [self.handler.fn, broke, database_failed]
        starts += self.handler.resolve_guards()
        starts += self._dependencies(self.parameters)
        if self.body:
            starts += [shapes.checked_json, shapes.read_input]
        found = reached(starts)
        if self.body:
            found.refusals[TooLarge] = {TooLarge.default_code}
        return found

    def _dependencies(self, names: Iterable[str]) -> Iterator[Callable[..., Any]]:
        provided = self.handler.resolve_dependencies()
        for name in names:
            if name in provided:
                yield provided[name].dependency
                yield from self._dependencies(provided[name].parsed_fn_signature.parameters)

    @cached_property
    def refusals(self) -> dict[int, tuple[Kind, list[str]]]:
        found = codes(self.reach.refusals)
        if self.method == "GET":
            found = {
                status: (kind, [code for code in listed if code not in OF_WRITES])
                for status, (kind, listed) in found.items()
            }
        return {status: (kind, listed) for status, (kind, listed) in found.items() if listed}

    @property
    def is_conditional(self) -> bool:
        return http.fresh_bytes in self.reach

    @property
    def tags(self) -> list[str]:
        return sorted({tag for layer in self.handler.ownership_layers for tag in layer.tags or ()})


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def operations(app: Litestar) -> list[Operation]:
    """Every documented operation, by path and method.

    Raises:
        ValueError: two handlers have one name, which would be one client function.
    """
    found = [
        Operation(route.path_format, method, handler)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if handler.include_in_schema is not False
        for method in handler.http_methods
    ]
    names = [operation.name for operation in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"operation ids stand twice: {', '.join(twice)}")
    return sorted(found, key=lambda operation: (operation.path, METHODS.index(operation.method)))


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
        told["responses"] = dict(self._responses(operation))
        return told

    def _parameters(self, operation: Operation) -> Iterator[dict[str, Any]]:
        for name in _path_names(operation.path):
            schema = self._path_schema(operation, name)
            yield {"name": name, "in": "path", "required": True, "schema": schema}
        if operation.query:
            ref = self.schemas.refs[operation.query, "validation"]
            for name, schema in self.schemas.resolve(ref)["properties"].items():
                yield _query_parameter(name, schema)
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
        if _is_model(operation.view):
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
        view, content = operation.view, {}
        if _is_model(view):
            ref = self.schemas.refs[view, "serialization"]
            content["application/json"] = self._content(ref)
        elif view not in {None, NoneType}:
            content["application/json"] = {"schema": {"type": "object"}}
        for status, other in (operation.handler.responses or {}).items():
            if status == operation.handler.status_code:
                examples = [example.value for example in other.examples or ()]
                schema = {"type": "string", "examples": examples}
                content[str(other.media_type)] = {"schema": schema}
        return content

    def _refusal(self, kind: type[Refusal]) -> dict[str, Any]:
        model = openapi_problems.MODELS.get(kind, openapi_problems.Problem)
        return openapi_problems.response(kind, self.schemas.refs[model, "serialization"])


def _headers(operation: Operation) -> Iterator[tuple[str, str]]:
    """The headers of a success, by name and component."""
    if operation.is_conditional:
        yield from (("ETag", "ETag"), ("Last-Modified", "LastModified"))
    elif _is_model(operation.view) and "revision" in operation.view.model_fields:
        yield "ETag", "Revision"
        if operation.handler.status_code == HTTPStatus.CREATED:
            yield "Location", "Location"
    if queries.links in operation.reach:
        yield "Link", "Link"


def _description(docstring: str | None) -> str:
    """The docstring without what it says to Python programmers."""
    return " ".join((docstring or "").partition("Raises:")[0].split())


def _path_names(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _query_parameter(name: str, schema: Schema) -> dict[str, Any]:
    """A query string has no null: leaving the parameter out is how to say nothing."""
    described = {key: schema[key] for key in ("description",) if key in schema}
    bare = {key: value for key, value in schema.items() if key != "description"}
    if "anyOf" in bare:
        choices = [choice for choice in bare["anyOf"] if choice != {"type": "null"}]
        bare = choices[0] if len(choices) == 1 else {"anyOf": choices}
    return {"name": name, "in": "query", **described, "required": False, "schema": bare}


def _header(name: str, description: str, example: str | None) -> dict[str, Any]:
    told = {"name": name, "in": "header", "description": description}
    if example is None:
        return {**told, "required": False, "schema": {"type": "string"}}
    return {**told, "required": True, "schema": {"type": "string", "examples": [example]}}

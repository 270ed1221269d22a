"""How the OpenAPI document describes refusals and the headers that answers share."""

from http import HTTPStatus
from typing import Any, Final

from pydantic import Field

from cms.core.errors import FieldError, InUse, Invalid, Moved, Refusal, Stale
from cms.core.problems import PROBLEM_TYPE, problem
from cms.core.shapes import View

REQUEST_ID: Final = "674000000000000000000005"
MOVED_TO: Final = "/api/v1/articles/apa-itu-backend-developer"


class FieldProblem(View):
    """One thing that is wrong with one input."""

    field: str = Field(description="Dotted path, such as `seo.title`; empty for the body itself.")
    message: str
    code: str
    line: int | None = Field(
        None,
        description="Where in a text of many lines, from 1.",
        exclude_if=lambda value: value is None,
    )


class Problem(View):
    """RFC 9457. Programs go by `code`, which is stable; `title` and `detail` are for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem]
    instance: str | None = Field(description="The request id, as in X-Request-Id and the log.")


class MovedProblem(Problem):
    """The thing has a new address."""

    location: str


class StaleProblem(Problem):
    """Somebody saved in between. Compare with `current`, and save with its revision."""

    current: dict[str, Any] = Field(description="What a GET would answer now.")


class InUseProblem(Problem):
    """Something refers to it: say what to do with that, and ask again."""

    usage: dict[str, Any] = Field(description="How many refer to it, and the first few.")


MODELS: Final[dict[type[Refusal], type[Problem]]] = {
    Moved: MovedProblem,
    Stale: StaleProblem,
    InUse: InUseProblem,
}

_TEXT: Final = {"type": "string"}
HEADERS: Final[dict[str, Any]] = {
    "ETag": {
        "description": "Strong validator; send it back in If-None-Match.",
        "required": True,
        "schema": _TEXT,
        "example": '"aa11aa11aa11aa11aa11aa11aa11aa11"',
    },
    "ETagOfPublic": {
        "description": "Strong validator; send it back in If-None-Match. A preview has none.",
        "schema": _TEXT,
        "example": '"aa11aa11aa11aa11aa11aa11aa11aa11"',
    },
    "LastModified": {
        "description": "When it last changed, where one time tells.",
        "schema": _TEXT,
        "example": "Sat, 14 Mar 2026 02:00:00 GMT",
    },
    "Revision": {
        "description": "The revision; send it back in If-Match.",
        "required": True,
        "schema": _TEXT,
        "example": '"7"',
    },
    "Link": {
        "description": 'RFC 8288: the pages `rel="next"` and `rel="prev"`, where there are any.',
        "schema": _TEXT,
        "example": '</api/v1/articles?cursor=W2ZhbHNlLDE3NzM0NTM2MDAwMDBd>; rel="next"',
    },
    "Location": {
        "description": "Where it is.",
        "required": True,
        "schema": _TEXT,
        "example": "/api/v1/admin/articles/674000000000000000000003",
    },
    "RetryAfter": {
        "description": "Seconds to wait.",
        "required": True,
        "schema": {"type": "integer"},
        "example": 2,
    },
    "RateLimit": {
        "description": (
            "What is left of each limit that this was counted in, and in how many seconds the"
            " count begins again; where strangers may knock (draft-ietf-httpapi-ratelimit-headers)."
        ),
        "schema": _TEXT,
        "example": '"sign-in";r=9;t=900',
    },
    "RateLimitPolicy": {
        "description": "These limits: how many in how many seconds.",
        "schema": _TEXT,
        "example": '"sign-in";q=10;w=900',
    },
    "WWWAuthenticate": {
        "description": "How to come in.",
        "required": True,
        "schema": _TEXT,
        "example": 'Bearer realm="lontar"',
    },
}
RATE_LIMIT: Final = {"RateLimit": "RateLimit", "RateLimit-Policy": "RateLimitPolicy"}
OF_STATUS: Final = {
    308: {"Location": "Location"},
    401: {"WWW-Authenticate": "WWWAuthenticate", **RATE_LIMIT},
    403: RATE_LIMIT,
    409: RATE_LIMIT,
    422: RATE_LIMIT,
    429: {"Retry-After": "RetryAfter", **RATE_LIMIT},
    503: {"Retry-After": "RetryAfter"},
}


def headers(named: dict[str, str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{key}"} for name, key in named.items()}


def response(kind: type[Refusal], ref: dict[str, Any]) -> dict[str, Any]:
    """The reusable response of one kind of refusal."""
    found: dict[str, Any] = {
        "description": kind.title,
        "content": {PROBLEM_TYPE: {"schema": ref, "example": _example(kind)}},
    }
    if kind.status in OF_STATUS:
        found["headers"] = headers(OF_STATUS[kind.status])
    return found


def not_modified() -> dict[str, Any]:
    return {
        "description": HTTPStatus.NOT_MODIFIED.phrase,
        "headers": headers({"ETag": "ETag", "Last-Modified": "LastModified"}),
    }


def _example(kind: type[Refusal]) -> dict[str, Any]:
    if issubclass(kind, Moved):
        refusal: Refusal = Moved(MOVED_TO)
    elif issubclass(kind, Stale):
        refusal = Stale({"id": "674000000000000000000003", "revision": 8})
    elif issubclass(kind, InUse):
        refusal = InUse(f"{kind.title}.", {"count": 3, "published": 2, "examples": []})
    elif issubclass(kind, Invalid):
        error = FieldError("title", "String should have at least 1 character", "string_too_short")
        refusal = Invalid("Not acceptable: title.", errors=[error])
    else:
        refusal = kind(f"{kind.title}.")
    return problem(REQUEST_ID, refusal)

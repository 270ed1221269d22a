"""Every no as RFC 9457 problem+json, whoever raised it."""

from collections.abc import MutableMapping
from typing import Any, Final

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from pydantic_core import to_json
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    ExecutionTimeout,
    PyMongoError,
    WTimeoutError,
)

from cms.core.errors import (
    FAMILY,
    Failed,
    FieldError,
    Invalid,
    Malformed,
    MethodNotAllowed,
    NotFound,
    Refusal,
    TooLarge,
    Unavailable,
)

PROBLEM_TYPE = "application/problem+json"
BY_STATUS = {kind.status: kind for kind in FAMILY}
log = structlog.get_logger("cms.problems")


def problem(request_id: str | None, refusal: Refusal) -> dict[str, Any]:
    """The problem document (RFC 9457 section 3) with our `code` and `errors`."""
    return {
        "type": f"/problems/{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "errors": [
            {
                "field": item.field,
                "message": item.message,
                "code": item.code,
                **({"line": item.line} if item.line is not None else {}),
            }
            for item in refusal.errors
        ],
        "instance": request_id,
        **refusal.extra,
    }


def answer(request: Request[Any, Any, Any], refusal: Refusal) -> Response[bytes]:
    request_id = request.scope.get("state", {}).get("request_id")
    return Response(
        to_json(problem(request_id, refusal)),
        status_code=refusal.status,
        media_type=PROBLEM_TYPE,
        headers={"Cache-Control": "no-store", **refusal.headers},
    )


def bare(
    scope: MutableMapping[str, Any], refusal: Refusal
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body for those who answer before Litestar does."""
    headers = [
        (b"content-type", PROBLEM_TYPE.encode()),
        (b"cache-control", b"no-store"),
        *((name.lower().encode(), value.encode()) for name, value in refusal.headers.items()),
    ]
    request_id = scope.get("state", {}).get("request_id")
    return refusal.status, headers, to_json(problem(request_id, refusal))


def took_too_long() -> Refusal:
    return Unavailable("This took too long and was given up.", code="timed_out")


def refused(request: Request[Any, Any, Any], error: Refusal) -> Response[bytes]:
    return answer(request, error)


def refused_by_framework(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    return answer(request, translate(error))


def translate(error: HTTPException) -> Refusal:
    """Litestar's own exceptions as ours, without what they say about the inside."""
    if isinstance(error, ValidationException):
        return _parameters_refused(error)
    headers = {
        name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"
    }
    match error.status_code:
        case 404:
            return NotFound()
        case 405:
            return MethodNotAllowed("This address does not take that method.", headers=headers)
        case 413:
            return TooLarge("The body is larger than this address takes.")
        case status if status < 500:
            kind = BY_STATUS.get(status, Malformed)
            return kind(error.detail or kind.title)
        case _:
            log.error("unhandled", exc_info=error)
            return Failed("An unexpected error; quote the instance when you report it.")


def _parameters_refused(error: ValidationException) -> Refusal:
    found = [
        FieldError(str(item["key"]), str(item.get("message")), "invalid")
        for item in error.extra or []
        if isinstance(item, dict) and item.get("key") not in {None, "data"}  # that is the body
    ] or [FieldError("body", "A JSON body is needed.", "missing")]
    named = ", ".join(dict.fromkeys(item.field for item in found))
    return Invalid(f"Not acceptable: {named}.", errors=found)


# ConfigurationError: it answers and is no member of its replica set yet, so that it knows of no
# sessions. What a setting gets wrong is found before anything is served.
AWAY: Final = (ConnectionFailure, ExecutionTimeout, WTimeoutError, ConfigurationError)


def database_failed(request: Request[Any, Any, Any], error: PyMongoError) -> Response[bytes]:
    """A database that is away or too slow is 503 with Retry-After; the rest is our fault."""
    away = isinstance(error, AWAY) or error.timeout
    if not away:
        return broke(request, error)
    log.warning("database_unavailable", error=type(error).__name__)
    return answer(
        request, Unavailable("The database does not answer.", code="database_unavailable")
    )


def broke(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    log.error("unhandled", exc_info=error)
    return answer(request, Failed("An unexpected error; quote the instance when you report it."))


HANDLERS: dict[Any, Any] = {
    Refusal: refused,
    HTTPException: refused_by_framework,
    PyMongoError: database_failed,
    Exception: broke,
}

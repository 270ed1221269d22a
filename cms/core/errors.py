"""The Refusal family: what the CMS says no with, each with its status and stable code.

    Refusal
    ├── Malformed 400            ├── Stale 412
    ├── Unauthenticated 401      ├── TooLarge 413
    ├── Forbidden 403            ├── UnsupportedMediaType 415
    ├── NotFound 404             ├── RangeNotSatisfiable 416
    │   └── Moved 308            ├── Invalid 422
    ├── MethodNotAllowed 405     ├── PreconditionRequired 428
    ├── Conflict 409             ├── TooManyRequests 429
    │   └── InUse 409            └── Unavailable 503
    ├── Gone 410

Nothing here knows HTTP beyond the number, so services and commands raise them alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing that is wrong with one input: `field` is a dotted path such as `seo.title`.

    `line` counts from 1 where the field is a text of many lines.
    """

    field: str
    message: str
    code: str
    line: int | None = None


class Refusal(Exception):
    """Anything the CMS refuses, with a sentence for people and a code for programs."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "Bad request"
    default_code: ClassVar[str] = "bad_request"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.default_code
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})


class Malformed(Refusal):
    """The request can't be read at all (RFC 9110 15.5.1)."""

    status, title, default_code = 400, "Malformed request", "malformed"


class Unauthenticated(Refusal):
    status, title, default_code = 401, "Not signed in", "unauthenticated"

    def __init__(self, detail: str = "Sign in, or send a bearer token.", **more: Any) -> None:
        super().__init__(detail, **more)
        self.headers.setdefault("WWW-Authenticate", 'Bearer realm="lontar"')


class Forbidden(Refusal):
    status, title, default_code = 403, "Not allowed", "forbidden"


class NotFound(Refusal):
    status, title, default_code = 404, "Not found", "not_found"

    def __init__(self, detail: str = "There is nothing here.", **more: Any) -> None:
        super().__init__(detail, **more)


class Moved(NotFound):
    """The thing has a new address; `location` is where."""

    status, title, default_code = 308, "Moved permanently", "moved"

    def __init__(self, location: str) -> None:
        super().__init__(
            f"This moved to {location}.",
            headers={"Location": location},
            extra={"location": location},
        )


class MethodNotAllowed(Refusal):
    status, title, default_code = 405, "Method not allowed", "method_not_allowed"


class Conflict(Refusal):
    status, title, default_code = 409, "Conflict", "conflict"


class InUse(Conflict):
    """Something refers to it; `usage` says how much, and the first few."""

    default_code = "in_use"

    def __init__(self, detail: str, usage: Any) -> None:
        super().__init__(detail, extra={"usage": usage})


class Gone(Refusal):
    """It was there once; asking again will not bring it back."""

    status, title, default_code = 410, "Gone", "gone"


class Stale(Refusal):
    """Somebody saved in between; `current` is the representation as it is now."""

    status, title, default_code = 412, "Changed in between", "stale_revision"

    def __init__(self, current: Any) -> None:
        super().__init__(
            "Someone saved a newer version. Nothing of yours was written; compare and save again.",
            extra={"current": current},
        )


class TooLarge(Refusal):
    status, title, default_code = 413, "Too large", "too_large"


class UnsupportedMediaType(Refusal):
    status, title, default_code = 415, "Unsupported media type", "unsupported_media_type"


class RangeNotSatisfiable(Refusal):
    """The part that was asked for lies outside of what is there."""

    status, title, default_code = 416, "Range not satisfiable", "range_not_satisfiable"


class Invalid(Refusal):
    """Well-formed but not acceptable; `errors` names the fields."""

    status, title, default_code = 422, "Invalid input", "invalid"

    @classmethod
    def of(cls, field: str, message: str, code: str = "invalid") -> "Invalid":
        return cls(f"{field}: {message}", errors=[FieldError(field, message, code)])


class PreconditionRequired(Refusal):
    status, title, default_code = 428, "If-Match required", "if_match_required"


class TooManyRequests(Refusal):
    status, title, default_code = 429, "Too many requests", "too_many_requests"


class Unavailable(Refusal):
    status, title, default_code = 503, "Unavailable for the moment", "unavailable"

    def __init__(self, detail: str, *, retry_after: int = 2, **more: Any) -> None:
        super().__init__(detail, **more)
        self.headers["Retry-After"] = str(retry_after)


class Failed(Refusal):
    """Our own fault; the log has the rest under the same request id."""

    status, title, default_code = 500, "Something broke on our side", "internal"


FAMILY: tuple[type[Refusal], ...] = (
    Malformed,
    Unauthenticated,
    Forbidden,
    NotFound,
    Moved,
    MethodNotAllowed,
    Conflict,
    Gone,
    Stale,
    TooLarge,
    UnsupportedMediaType,
    RangeNotSatisfiable,
    Invalid,
    PreconditionRequired,
    TooManyRequests,
    Failed,
    Unavailable,
)

"""Requests in and answers out: strict JSON bodies, merge patches, ETag and If-Match."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Self, TypeVar

from litestar import Request, Response
from litestar.config.app import AppConfig
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.exceptions import InternalServerException
from litestar.handlers import BaseRouteHandler
from litestar.plugins import InitPlugin
from litestar.plugins.pydantic import PydanticPlugin
from pydantic import BaseModel
from pydantic_core import from_json

from cms.core import conditions
from cms.core.errors import (
    FieldError,
    Invalid,
    Malformed,
    PreconditionRequired,
    UnsupportedMediaType,
)
from cms.core.shapes import Input, JSONText, Patch, checked_json, encode, read_input

MAX_JSON_BYTES = 2 * 1024 * 1024
JSON_TYPES = {"application/json", "application/merge-patch+json"}
PRIVATE = {"Cache-Control": "private, no-store"}
T = TypeVar("T")


class CMSRequest(Request[Any, Any, State]):
    """A request whose JSON is checked before any model sees it."""

    async def body(self) -> bytes:
        """All bytes of the body.

        Raises:
            Malformed: the client left, or framed it wrongly. Litestar calls that a 500.
        """
        try:
            return await super().body()
        except InternalServerException:
            raise Malformed("The body ended early.", code="incomplete_body") from None

    async def json(self) -> Any:
        """The body as `JSONText`, which the type decoders below turn into models, or None."""
        raw = checked_json(await self.body())
        return None if raw.strip() == b"null" else JSONText(raw)


def _decode_model(model: type[Any], value: Any) -> Any:
    return read_input(model, value.raw if isinstance(value, JSONText) else b"null")


def _decode_patch(_: Any, value: Any) -> Any:
    changes = from_json(value.raw) if isinstance(value, JSONText) else None
    if not isinstance(changes, dict):
        raise Invalid.of("body", "A merge patch must be a JSON object.", "dict_type")
    return Patch(changes)


def _is_input(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Input)


def _is_patch(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", annotation) is Patch


class InputPlugin(PydanticPlugin):
    """Litestar's Pydantic support, with strict inputs read from JSON bytes before its own way."""

    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        """Queue our decoders behind Litestar's own plugins, since each puts its decoders first."""
        app_config = super().on_app_init(app_config)
        app_config.plugins.append(_InputDecoders())
        return app_config


class _InputDecoders(InitPlugin):
    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        ours = [(_is_input, _decode_model), (_is_patch, _decode_patch)]
        app_config.type_decoders = [*ours, *(app_config.type_decoders or [])]
        return app_config


def method_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    return str(connection.scope.get("method", ""))


# The `opt` of a handler that takes files and guards its own type of body.
TAKES_FILES = "files"


async def json_only(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Guard: a body under any other type than JSON is refused, so no HTML form can post one.

    Raises:
        UnsupportedMediaType: the route takes JSON and something else was sent.
    """
    if handler.opt.get(TAKES_FILES):
        return
    headers = connection.headers
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    if method_of(connection) in {"GET", "HEAD", "OPTIONS"} or not has_body:
        return
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMediaType("Send the body as it is: packed ones could unpack to anything.")
    kind, _semicolon, parameters = headers.get("content-type", "").partition(";")
    charset = re.search(r'charset\s*=\s*"?([\w-]+)', parameters, re.IGNORECASE)
    if kind.strip().lower() not in JSON_TYPES or (
        charset and charset[1].lower() not in {"utf-8", "utf8"}
    ):
        raise UnsupportedMediaType("Send the body as application/json in UTF-8.")


class Answer(Response[T]):
    """A Litestar response whose body is a Pydantic view, encoded once by Pydantic itself."""

    @classmethod
    def of(
        cls,
        view: T,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        revision: int | None = None,
    ) -> Self:
        """A private answer; with `revision`, it carries the ETag that `If-Match` wants back."""
        sent = {**PRIVATE, **(headers or {})}
        if revision is not None:
            sent["ETag"] = f'"{revision}"'
        return cls(view, status_code=status, headers=sent, media_type="application/json")

    def render(self, content: Any, media_type: str, enc_hook: Any = None) -> bytes:
        """Encode a view by its own serialiser; anything else as Litestar would."""
        if isinstance(content, BaseModel):
            return encode(content)
        return super().render(content, media_type, enc_hook)


def revision_from(request: Request[Any, Any, Any]) -> int:
    """The revision that `If-Match` names: `"7"`, or `W/"7"` since proxies weaken ETags.

    Raises:
        PreconditionRequired: the header is missing.
        Malformed: it names no revision.
    """
    header = request.headers.get("if-match")
    if header is None:
        raise PreconditionRequired(
            'Say which revision you saw: send its ETag in If-Match, such as If-Match: "7".'
        )
    match = re.fullmatch(r'\s*(?:W/)?"(\d{1,15})"\s*', header)
    if match is None:
        raise Malformed('If-Match must hold one revision, such as "7".', code="bad_if_match")
    return int(match[1])


def idempotency_key(request: Request[Any, Any, Any]) -> str | None:
    """The key under which a creation may be sent again, taken as it stands.

    Raises:
        Malformed: it is not 1 to 255 visible ASCII characters, or stands twice.
    """
    found = request.headers.getall("idempotency-key", [])
    if not found:
        return None
    if len(found) > 1 or not re.fullmatch(r"[!-~]{1,255}", found[0]):
        message = "must be 1 to 255 visible ASCII characters, once"
        code = "bad_idempotency_key"
        raise Malformed(
            f"Idempotency-Key {message}.",
            code=code,
            errors=[FieldError("Idempotency-Key", message, code)],
        )
    return found[0]


def strong_etag(body: bytes) -> str:
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def fresh(
    request: Request[Any, Any, Any],
    view: BaseModel,
    *,
    keys: Sequence[str],
    modified: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer[Any]:
    """A public, cacheable answer, or 304 when the reader has these very bytes (RFC 9110 13).

    `keys`: of every event that makes it wrong, one is among these (`test_keys.py`).
    """
    body = encode(view)
    return fresh_bytes(request, body, "application/json", modified, headers, keys=keys)


def fresh_bytes(
    request: Request[Any, Any, Any],
    body: bytes,
    media_type: str,
    modified: datetime | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    keys: Sequence[str] = (),
) -> Answer[Any]:
    etag = strong_etag(body)
    sent = {"ETag": etag, "Cache-Control": request.app.state["public_cache"], **(headers or {})}
    if keys:
        named = list(dict.fromkeys(keys))
        # The same for whoever serves the site: Fastly and Varnish read one, Cloudflare the other.
        sent |= {"Surrogate-Key": " ".join(named), "Cache-Tag": ",".join(named)}
    if modified is not None:
        sent["Last-Modified"] = format_datetime(modified.astimezone(UTC), usegmt=True)
    if is_known(request, etag, modified):
        return Answer(b"", status_code=304, headers=sent, media_type=media_type)
    return Answer(body, status_code=200, headers=sent, media_type=media_type)


def is_known(request: Request[Any, Any, Any], etag: str, modified: datetime | None) -> bool:
    """Whether the reader has this very state (RFC 9110 13)."""
    asked = request.headers
    return conditions.is_known(
        _bytes(asked.get("if-none-match")), _bytes(asked.get("if-modified-since")), etag, modified
    )


def _bytes(value: str | None) -> bytes | None:
    return None if value is None else value.encode("latin-1", "replace")

"""Guards that establish who is asking; what they may do is decided in the services."""

import hmac
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import BaseRouteHandler

from cms.accounts import service
from cms.accounts.actor import Actor
from cms.accounts.service import ABSOLUTE, Keys
from cms.core.errors import Forbidden, Unauthenticated
from cms.core.http import method_of
from cms.core.steady import now

SAFE: Final = {"GET", "HEAD", "OPTIONS"}
Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """How the session cookie is called and sent: `__Host-` (RFC 6265bis) needs TLS."""

    over_tls: bool

    @property
    def name(self) -> str:
        return "__Host-lontar" if self.over_tls else "lontar"

    def set(self, secret: str) -> Cookie:
        return self._cookie(secret, int(ABSOLUTE.total_seconds()))

    def clear(self) -> Cookie:
        return self._cookie("", 0)

    def _cookie(self, value: str, max_age: int) -> Cookie:
        return Cookie(
            key=self.name,
            value=value,
            max_age=max_age,
            path="/",
            httponly=True,
            secure=self.over_tls,
            samesite="strict",
        )


async def authenticated(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard: put the `Actor` of the bearer token or session cookie into the request's state.

    Raises:
        Unauthenticated: neither is good.
        Forbidden: a cookie's write without its CSRF token, or from another origin.
    """
    header = connection.headers.get("authorization")
    if header is not None:
        scheme, _space, secret = header.partition(" ")
        actor = (
            await service.by_token(secret.strip(), now()) if scheme.lower() == "bearer" else None
        )
        if actor is None:
            raise Unauthenticated("This token is unknown, expired or revoked.", code="bad_token")
    else:
        session_cookie: SessionCookie = connection.app.state["session_cookie"]
        secret = connection.cookies.get(session_cookie.name, "")
        actor = await service.by_session(secret, now()) if secret else None
        if actor is None:
            raise Unauthenticated
        if method_of(connection) not in SAFE:
            _require_csrf_token(connection, secret)
            await same_origin(connection, _)
    connection.state.actor = actor


def _require_csrf_token(connection: Connection, secret: str) -> None:
    signing: Keys = connection.app.state["keys"]
    sent = connection.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(sent.encode(), signing.csrf_token(secret).encode()):
        raise Forbidden("Send the session's csrf_token as X-CSRF-Token.", code="csrf")


async def same_origin(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard: refuse a browser's write from another origin.

    Fetch metadata first, the Origin header where a browser is too old to send it (the algorithm
    of Go's `http.CrossOriginProtection`); programs that send neither pass.

    Raises:
        Forbidden: it comes from elsewhere.
    """
    if method_of(connection) in SAFE or "authorization" in connection.headers:
        return
    site = connection.headers.get("sec-fetch-site")
    if site in {"same-origin", "none"}:
        return
    origin = connection.headers.get("origin")
    if site is None and origin is None:
        return
    host = connection.headers.get("host", "")
    if site is None and origin is not None and _host_of(origin) == host:
        return
    raise Forbidden("Writes by cookie are taken from this site alone.", code="cross_origin")


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # such as an unfinished IPv6 address
        return None


def provide_actor(request: Request[Any, Any, Any]) -> Actor:
    actor: Actor = request.state.actor
    return actor

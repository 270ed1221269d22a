"""Guards that establish who is asking; what they may do is decided in the services."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import BaseRouteHandler

from cms.accounts import service, tokens
from cms.accounts.actor import Actor
from cms.accounts.keys import Keys
from cms.accounts.service import ABSOLUTE
from cms.core.errors import Forbidden, Unauthenticated
from cms.core.http import method_of
from cms.core.steady import now

SAFE: Final = {"GET", "HEAD", "OPTIONS"}
DEVICE_LIFE: Final = timedelta(days=365)
# What a handler's `opt` says of the sessions that reach it although they lack something.
REACHED_BY: Final = "reached_by"
Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """How the session cookie is called and sent: `__Host-` (RFC 6265bis) needs TLS."""

    over_tls: bool

    @property
    def name(self) -> str:
        return "__Host-lontar" if self.over_tls else "lontar"

    @property
    def device_name(self) -> str:
        return f"{self.name}-device"

    def set(self, secret: str) -> Cookie:
        return self._cookie(self.name, secret, int(ABSOLUTE.total_seconds()))

    def mark(self, device: str) -> Cookie:
        """Says that somebody signed in from here before; opens nothing."""
        return self._cookie(self.device_name, device, int(DEVICE_LIFE.total_seconds()))

    def clear(self) -> Cookie:
        return self._cookie(self.name, "", 0)

    def _cookie(self, key: str, value: str, max_age: int) -> Cookie:
        return Cookie(
            key=key,
            value=value,
            max_age=max_age,
            path="/",
            httponly=True,
            secure=self.over_tls,
            samesite="strict",
        )


async def authenticated(connection: Connection, handler: BaseRouteHandler) -> None:
    """Guard: put the `Actor` of the bearer token or session cookie into the request's state.

    Raises:
        Unauthenticated: neither is good.
        Forbidden: a cookie's write without its CSRF token, or from another origin; or the session
            still lacks its second factor.
    """
    header = connection.headers.get("authorization")
    if header is not None:
        scheme, _space, secret = header.partition(" ")
        actor = await tokens.by_token(secret.strip(), now()) if scheme.lower() == "bearer" else None
        if actor is None:
            raise Unauthenticated("This token is unknown, expired or revoked.", code="bad_token")
    else:
        session_cookie: SessionCookie = connection.app.state["session_cookie"]
        secret = connection.cookies.get(session_cookie.name, "")
        address = connection.client.host if connection.client else ""
        actor = await service.by_session(secret, now(), address) if secret else None
        if actor is None:
            raise Unauthenticated
        _require_whole(actor, handler)
        if method_of(connection) not in SAFE:
            _require_csrf_token(connection, actor)
            await same_origin(connection, handler)
    connection.state.actor = actor


def _require_whole(actor: Actor, handler: BaseRouteHandler) -> None:
    if actor.lacks is None or actor.lacks in handler.opt.get(REACHED_BY, ()):
        return
    if actor.lacks == "code":
        raise Unauthenticated("Send the code of your second factor.", code="code_required")
    raise Forbidden(
        "This site asks your role for a second factor: set one up first.",
        code="second_factor_required",
    )


def _require_csrf_token(connection: Connection, actor: Actor) -> None:
    keys: Keys = connection.app.state["keys"]
    sent = connection.headers.get("x-csrf-token", "")
    if not keys.fits_session(sent, str(actor.lineage)):
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

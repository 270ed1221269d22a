"""The outermost layer of every request: id, hosts, deadline, HEAD, CORS, headers, access log."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from enum import Enum
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final, Protocol

import structlog

from cms.core import admission, logs
from cms.core.errors import Refusal
from cms.core.metrics import Meter
from cms.core.problems import bare, took_too_long
from cms.core.request_ids import new_request_id

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
Address = IPv4Address | IPv6Address

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")

# What no page of ours uses of a browser; the clipboard is not among them.
CLOSED = (
    *(b"accelerometer", b"autoplay", b"browsing-topics", b"camera"),
    *(b"display-capture", b"encrypted-media", b"gamepad", b"geolocation", b"gyroscope", b"hid"),
    *(b"idle-detection", b"local-fonts", b"magnetometer", b"microphone", b"midi", b"payment"),
    *(b"picture-in-picture", b"screen-wake-lock", b"serial", b"storage-access", b"usb"),
    b"xr-spatial-tracking",
)
COMMON: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-permitted-cross-domain-policies", b"none"),
    (b"permissions-policy", b", ".join(name + b"=()" for name in CLOSED)),
]
# Guards against a hang: no work here comes near. A database operation has 4 s of its own.
BODY_SECONDS = 60.0
WORK_SECONDS = 60.0
PUBLIC_CSP = b"default-src 'none'; frame-ancestors 'none'; sandbox"
EXPOSED = b"ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
LONGEST_ADDRESS = 64  # IPv6 with an embedded IPv4 is 45, the rest for the name of a zone
ADMIN_PREFIX = "/api/v1/admin"
ADMIN_PAGES = "/admin"
CONTACT = "/api/v1/contact"
SLASHES = re.compile("/{2,}")

log = structlog.get_logger("cms.access")


class Door(Enum):
    """Whom browsers let in: any page reads, the site's pages write to its owner, few administer."""

    READS = "reads"
    CONTACT = "contact"
    ADMIN = "admin"


RESOURCE_POLICY: Final = {Door.CONTACT: b"cross-origin", Door.ADMIN: b"same-origin"}
# Methods and request headers that a page elsewhere may use.
ALLOWED: Final = {
    Door.READS: (b"GET, HEAD", b"If-None-Match"),
    Door.CONTACT: (b"GET, HEAD, POST", b"Content-Type"),
    Door.ADMIN: (
        b"GET, HEAD, POST, PATCH, DELETE",
        b"Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key",
    ),
}


class Edge:
    """Wraps the application; one pure ASGI function, since each Litestar middleware costs more."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        admin_origins: Iterable[str],
        site_origin: str = "",
        trusted_proxies: Iterable[str],
        over_tls: bool,
        hosts: Iterable[str] = (),
        known: Callable[[Scope], "Known | None"] | None = None,
        has_timing: bool = False,
        meter: Meter | None = None,
    ) -> None:
        """`known` looks up an answer that was built before, its headers by `public_headers`.

        With `has_timing` each answer says how long it took (`Server-Timing`, W3C).
        """
        self.has_timing = has_timing
        self.meter = meter or Meter()
        self.app = app
        self.known = known
        self.hosts = admission.known_hosts(hosts)
        self.admin_origins = {origin.encode() for origin in admin_origins}
        self.site_origins = {site_origin.encode()} if site_origin else set()
        self.trusted = [ip_network(item) for item in trusted_proxies]
        self.common = common_headers(over_tls)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; anything but HTTP passes through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        headers = dict(scope["headers"])
        sent = headers.get(b"x-request-id")
        request_id = new_request_id() if sent is None else _request_id(sent)
        if self.known is not None and scope["method"] in {"GET", "HEAD"}:
            known = self.known(scope)
            if known is not None:
                if self.trusted:
                    self._set_client(scope, headers)
                status, answered, body = self._give(known, scope, headers, request_id)
                await send({"type": "http.response.start", "status": status, "headers": answered})
                await send({"type": "http.response.body", "body": body})
                self._note(scope, scope["method"], status, began, request_id)
                return
        # The router takes `//api` for `/api`: both must be admin here, too.
        path = SLASHES.sub("/", scope["path"])
        door = _door(path)
        scope.setdefault("state", {})["request_id"] = request_id
        self._set_client(scope, headers)
        method = scope["method"]
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._headers(door, headers, message, request_id)
                if self.has_timing:
                    message["headers"].append(_timing("miss", began))
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        if method == "OPTIONS" and b"access-control-request-method" in headers:
            await self._preflight(door, answer)
        else:
            if method == "HEAD":
                # RFC 9110 9.3.2: the same header fields as GET. Only the body is held back.
                scope["method"] = "GET"
            await self._serve(scope, headers, receive, answer)
        self._note(scope, method, status, began, request_id)

    def _give(
        self, known: "Known", scope: Scope, asked: dict[bytes, bytes], request_id: str
    ) -> tuple[int, Headers, bytes]:
        """What is known, or that the reader has it, or that this is not the host for it."""
        try:
            admission.look(scope, asked, self.hosts)
        except Refusal as refusal:
            scope.setdefault("state", {})["request_id"] = request_id
            status, headers, body = bare(scope, refusal)
            headers.append((b"content-length", str(len(body)).encode()))
            headers = public_headers(headers, self.common)
        else:
            status, headers, body = known.answer(asked)
        headers = [*headers, (b"x-request-id", request_id.encode())]
        if self.has_timing:
            headers.append(_timing("hit", time.perf_counter()))
        return status, headers, b"" if scope["method"] == "HEAD" else body

    async def _serve(
        self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, answer: Send
    ) -> None:
        """Let it in, and give it so long for its body and so long for the work on it."""
        has_begun = False
        clock = asyncio.get_running_loop().time
        body_ends = clock() + BODY_SECONDS

        async def hear() -> Message:
            if not has_begun:
                limit.reschedule(body_ends)
            message = await receive()
            if not has_begun:
                limit.reschedule(clock() + WORK_SECONDS)
            return message

        async def tell(message: Message) -> None:
            nonlocal has_begun
            if not has_begun:  # how fast it is read is the reader's and the web server's matter
                has_begun = True
                limit.reschedule(None)
            await answer(message)

        try:
            admission.look(scope, headers, self.hosts)
            async with asyncio.timeout(WORK_SECONDS) as limit:
                await self.app(scope, hear, tell)
        except Refusal as refusal:
            await _refuse(scope, refusal, answer)
        except TimeoutError:
            if has_begun:
                raise
            log.warning("timed_out", path=scope["path"])
            await _refuse(scope, took_too_long(), answer)

    def _note(self, scope: Scope, method: str, status: int, began: float, request_id: str) -> None:
        ended = time.perf_counter()
        client = scope.get("client")
        address = client[0] if client else ""
        request = method, scope["path"], status, ended - began, address, request_id, ended
        self.meter.count(request)
        logs.access(request)

    def _set_client(self, scope: Scope, headers: dict[bytes, bytes]) -> None:
        """Believe X-Forwarded-For only from a trusted proxy, and then only its nearest stranger."""
        client = scope.get("client")
        if not client or not self._is_trusted(_address(client[0])):
            return
        hops = headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
        for hop in reversed([hop.strip() for hop in hops if hop.strip()]):
            address = _address(hop)
            if address is None:
                return
            scope["client"] = (str(address), 0)
            if not self._is_trusted(address):
                return

    def _is_trusted(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self.trusted)

    def _headers(
        self, door: Door, request: dict[bytes, bytes], message: Message, request_id: str
    ) -> Headers:
        kept = [pair for pair in message.get("headers", []) if pair[0] != b"x-request-id"]
        if door is Door.READS:
            return [*public_headers(kept, self.common), (b"x-request-id", request_id.encode())]
        added = [
            (b"x-request-id", request_id.encode()),
            (b"cross-origin-resource-policy", RESOURCE_POLICY[door]),
        ]
        origin = request.get(b"origin")
        origins = self.admin_origins if door is Door.ADMIN else self.site_origins
        if origins:
            added.append((b"vary", b"Origin"))
        if origin in origins and origin is not None:
            added.append((b"access-control-allow-origin", origin))
            added.append((b"access-control-expose-headers", EXPOSED))
        return _completed(kept, [*self.common, *added])

    async def _preflight(self, door: Door, send: Send) -> None:
        methods, asked = ALLOWED[door]
        headers = [
            (b"access-control-allow-methods", methods),
            (b"access-control-allow-headers", asked),
            (b"access-control-max-age", b"600"),
        ]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


class Known(Protocol):
    """An answer that was built before."""

    def answer(self, asked: dict[bytes, bytes]) -> tuple[int, Headers, bytes]:
        """Status, headers and body for a request with these headers: 200, or 304."""


def common_headers(over_tls: bool) -> Headers:
    strict = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
    return [*COMMON, *([strict] if over_tls else [])]


def public_headers(headers: Headers, common: Headers) -> Headers:
    """The headers of an anonymous answer, all but the request's id; twice is the same as once."""
    return _completed(
        headers,
        [
            *common,
            (b"cross-origin-resource-policy", b"cross-origin"),
            (b"access-control-allow-origin", b"*"),
            (b"access-control-expose-headers", EXPOSED),
        ],
    )


def _completed(headers: Headers, added: Headers) -> Headers:
    present = {name for name, _ in headers}
    kept = [(name, _with_head(value) if name == b"allow" else value) for name, value in headers]
    if b"content-security-policy" not in present:
        kept.append((b"content-security-policy", PUBLIC_CSP))
    return [*kept, *(pair for pair in added if pair[0] not in present or pair[0] == b"vary")]


def _door(path: str) -> Door:
    if path == "/" or path.startswith((ADMIN_PREFIX, ADMIN_PAGES)):
        return Door.ADMIN
    return Door.CONTACT if path.rstrip("/") == CONTACT else Door.READS


def _timing(cache: str, began: float) -> tuple[bytes, bytes]:
    took = (time.perf_counter() - began) * 1000
    return b"server-timing", f'cache;desc="{cache}", app;dur={took:.2f}'.encode()


async def _refuse(scope: Scope, refusal: Refusal, send: Send) -> None:
    status, headers, body = bare(scope, refusal)
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _request_id(sent: bytes) -> str:
    """A proxy's own request id when it looks like one, else a new one."""
    if REQUEST_ID.fullmatch(text := sent.decode("latin-1")):
        return text
    return new_request_id()


def _with_head(allow: bytes) -> bytes:
    """An Allow header with the HEAD that is served wherever GET is, in one order."""
    methods = {item.strip() for item in allow.split(b",")}
    return b", ".join(sorted(methods | ({b"HEAD"} if b"GET" in methods else set())))


def _address(text: str) -> Address | None:
    # Whoever sends a longer text sends no address, and is not remembered for it.
    return _parsed(text) if len(text) <= LONGEST_ADDRESS else None


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Address | None:
    """An address; IPv4 as itself, too, where a socket for both shows it as `::ffff:10.0.0.1`."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found

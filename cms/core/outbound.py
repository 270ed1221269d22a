"""The guarded HTTP client: everything that leaves the CMS goes through here, or not at all.

A name is resolved once, every address of it is looked at, and the connection goes to an address
that was looked at; Host and SNI stay those of the name. Redirects are answers like others:
following one would ask an address that nobody looked at.
"""

import asyncio
import functools
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from cms.core.errors import FieldError, Invalid
from cms.core.networks import Address, Exemptions, is_public

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
TEXT_BYTES = 256 * 1024
IMAGE_BYTES = 10 * 1024 * 1024
MAX_URL = 2048
MAX_ADDRESSES = 16
# After IDNA; `%` would let two readers see two hosts.
HOST = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45}")
USER_AGENT = "Lontar"
PORTS = {"https": 443, "http": 80}
# Set here alone: a caller's Host would undo the look at the address.
OURS = {"host", "content-length", "transfer-encoding", "connection", "accept-encoding"}

Resolve = Callable[[str, int], Awaitable[Iterable[str]]]


class OutboundRefused(Invalid):
    """The guard does not let the CMS ask this address."""

    default_code = "outbound_refused"


class OutboundFailed(Invalid):
    """It was asked, and no good answer came in time."""

    default_code = "outbound_failed"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; header names are lower case. `is_whole` is false where `cut` cut."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    target: httpx.URL
    headers: Mapping[str, str]
    content: bytes | None
    limit: int
    cut: bool
    field: str


async def resolve_by_system(host: str, port: int) -> list[str]:
    """Every address of a name, as the system has it; odd spellings of addresses are read, too."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(item[4][0]) for item in found]


class Outbound:
    """One for the whole process; holds no connection open between calls."""

    def __init__(
        self,
        allow: Iterable[str] = (),
        *,
        resolve: Resolve = resolve_by_system,
        backend: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.exempt = Exemptions(allow)
        self._resolve = resolve
        self._backend = backend or httpcore.AnyIOBackend()
        self._given_tls = tls

    async def get(self, url: str, **more: Any) -> Reply:
        """As `request`."""
        return await self.request("GET", url, **more)

    async def post(self, url: str, content: bytes, **more: Any) -> Reply:
        """As `request`."""
        return await self.request("POST", url, content=content, **more)

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        limit: int = TEXT_BYTES,
        cut: bool = False,
        field: str = "url",
    ) -> Reply:
        """Ask once and read at most `limit` bytes; with `cut`, a longer answer is cut there.

        Raises:
            OutboundRefused: the address is not one that the CMS may ask; names `field`.
            OutboundFailed: no answer in time, a longer one than `limit`, or a packed one.
        """
        target = self._read(url, field)
        call = _Call(method, target, _headers(target, headers or {}), content, limit, cut, field)
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                return await self._ask(call)
        except TimeoutError:
            raise _failed(field, "did not answer in time", "timed_out") from None
        except httpcore.TimeoutException:
            raise _failed(field, "did not answer in time", "timed_out") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError):
            raise _failed(field, "could not be reached", "unreachable") from None

    def _read(self, url: str, field: str) -> httpx.URL:
        """The address as text: a bare https one, unless an exemption could take it."""
        if len(url) > MAX_URL or not url.isprintable() or set(url) & set(" \\"):
            raise _refused(field, "is no address of the web", "bad_url")
        try:
            target = httpx.URL(url)
        except (httpx.InvalidURL, ValueError):
            raise _refused(field, "is no address of the web", "bad_url") from None
        if target.scheme not in PORTS:
            raise _refused(field, "must be an https address", "bad_url")
        if not HOST.fullmatch(target.raw_host.decode("ascii")):
            raise _refused(field, "is no address of the web", "bad_url")
        if target.userinfo:
            raise _refused(field, "must not hold a name or password", "bad_url")
        if not self.exempt and not _is_plain_https(target):
            raise _refused(field, "must be an https address at the usual port", "bad_url")
        return target

    async def _ask(self, call: "_Call") -> Reply:
        target = call.target
        async with asyncio.timeout(CONNECT_SECONDS):
            addresses = await self._addresses(target, call.field)
        wire = httpcore.URL(
            scheme=target.raw_scheme,
            host=target.raw_host,
            port=target.port,
            target=target.raw_path,
        )
        waits = {"connect": CONNECT_SECONDS, "pool": CONNECT_SECONDS}
        waits |= {"read": TOTAL_SECONDS, "write": TOTAL_SECONDS}
        async with (
            httpcore.AsyncConnectionPool(
                ssl_context=self._tls if target.scheme == "https" else None,
                network_backend=_Checked(self._backend, addresses),
                max_connections=1,
                retries=0,
            ) as pool,
            pool.stream(
                call.method,
                wire,
                headers=list(call.headers.items()),
                content=call.content,
                extensions={"timeout": waits},
            ) as answer,
        ):
            return await _read_reply(answer, call)

    async def _addresses(self, target: httpx.URL, field: str) -> list[str]:
        """The addresses to connect to, each looked at; one bad among them refuses all."""
        port = target.port or PORTS[target.scheme]
        try:
            named = list(await self._resolve(target.host, port))
            found = list(dict.fromkeys(ip_address(text) for text in named))
        except (OSError, UnicodeError, ValueError):
            found = []
        if not found:
            raise _failed(field, "could not be reached", "unreachable")
        if not self.exempt.name(target.host, port):
            self._look_at(found, target, field)
        return [str(address) for address in found[:MAX_ADDRESSES]]

    def _look_at(self, found: list[Address], target: httpx.URL, field: str) -> None:
        beyond = [address for address in found if not self.exempt.hold(address)]
        if not all(is_public(address) for address in beyond):
            # Which address that was is nobody's business: names inside would be told apart.
            raise _refused(field, "leads to an address that is not public", "address_refused")
        if beyond and not _is_plain_https(target):
            raise _refused(field, "must be an https address at the usual port", "bad_url")

    @functools.cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or httpx.create_ssl_context()


class _Checked(httpcore.AsyncNetworkBackend):
    """Connects to the addresses that were looked at, whatever name the pool asks for."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend, addresses: list[str]) -> None:
        self._inner = inner
        self._addresses = addresses

    async def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - a name; the addresses are known
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failed: Exception | None = None
        async with asyncio.timeout(CONNECT_SECONDS):
            for address in self._addresses:
                try:
                    return await self._inner.connect_tcp(
                        address, port, timeout, local_address, socket_options
                    )
                except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                    failed = error
        raise failed or httpcore.ConnectError("no address")

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002 - none is ever taken
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's interface
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("no sockets of this machine")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


def _headers(target: httpx.URL, given: Mapping[str, str]) -> dict[str, str]:
    named = {name.lower(): value for name, value in given.items()}
    if taken := OURS & set(named):
        raise ValueError(f"headers that are not the caller's: {', '.join(sorted(taken))}")
    return {
        "host": target.netloc.decode("ascii"),
        "user-agent": USER_AGENT,
        "accept": "*/*",
        **named,
        # A packed answer could unpack to anything: none is asked for, none is taken.
        "accept-encoding": "identity",
        "connection": "close",
    }


async def _read_reply(answer: httpcore.Response, call: _Call) -> Reply:
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers
    }
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise _failed(call.field, "answered in a packed form that nobody asked for", "bad_answer")
    body = bytearray()
    async for chunk in answer.aiter_stream():
        body += chunk
        if len(body) > call.limit:
            if not call.cut:
                message = f"answers with more than {call.limit} bytes"
                raise _failed(call.field, message, "answer_too_large")
            return Reply(answer.status, headers, bytes(body[: call.limit]), is_whole=False)
    return Reply(answer.status, headers, bytes(body))


def _is_plain_https(target: httpx.URL) -> bool:
    return target.scheme == "https" and target.port is None


def _refused(field: str, message: str, code: str) -> OutboundRefused:
    return OutboundRefused(
        f"{field}: {message}", code=code, errors=[FieldError(field, message, code)]
    )


def _failed(field: str, message: str, code: str) -> OutboundFailed:
    return OutboundFailed(
        f"{field}: {message}", code=code, errors=[FieldError(field, message, code)]
    )

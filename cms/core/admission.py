"""What is refused at the door, before anything reads more of it: hosts, twice-said headers, length.

Health routes are asked by address, by whatever watches over the machine: they take any host.
"""

from collections.abc import Iterable, Mapping, MutableMapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from cms.core.errors import FieldError, Malformed

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
HEALTH: Final = "/health/"
MAX_QUERY: Final = 8192
# A name of 253 (RFC 1035), brackets, a dot and a port: nothing longer is looked at or kept.
LONGEST_HOST: Final = 262
# Two of these say two things; which one counts would depend on who reads (RFC 9110 5.3).
ONCE: Final = frozenset(
    {
        *(b"host", b"authorization", b"content-type", b"content-length", b"if-match"),
        *(b"origin", b"x-csrf-token", b"sec-fetch-site", b"x-forwarded-for"),
    }
)


def known_hosts(addresses: Iterable[str]) -> frozenset[str]:
    """Host names, lower case, of addresses and bare hosts; those of loopback are always known."""
    named = (urlsplit(item if "//" in item else f"//{item}").netloc for item in addresses)
    return frozenset({*LOOPBACK, *filter(None, map(host_of, named))})


@lru_cache(maxsize=256)
def _is_known(host: bytes, hosts: frozenset[str]) -> bool:
    return host_of(host.decode("latin-1")) in hosts


def host_of(header: str) -> str | None:
    """The name in a Host header without its port, as it is compared; None when it holds none."""
    name, colon, port = header.strip().rpartition(":")
    if not colon or "]" in port:
        name, port = header.strip(), ""
    if port and not (port.isascii() and port.isdigit()):
        return None
    name = name.lower().removesuffix(".")
    if name.startswith("["):
        try:
            return f"[{ip_address(name[1:-1])}]" if name.endswith("]") else None
        except ValueError:
            return None
    return name or None


def look(
    scope: MutableMapping[str, Any], headers: Mapping[bytes, bytes], hosts: frozenset[str]
) -> None:
    """Let a request in; `headers` are the scope's as a mapping.

    Raises:
        Malformed: a header that may stand once stands twice, the query is endless, or the request
            is for a host that this is not.
    """
    if len(headers) != len(scope["headers"]):
        _refuse_twice(scope["headers"])
    if len(scope["query_string"]) > MAX_QUERY:
        raise Malformed(f"The query is longer than {MAX_QUERY} bytes.", code="query_too_long")
    if scope["path"].startswith(HEALTH):
        return
    host = headers.get(b"host", b"")
    if len(host) > LONGEST_HOST or not _is_known(host, hosts):
        raise Malformed(
            "This server is not known under that host; CMS_ALLOWED_HOSTS names those it answers.",
            code="unknown_host",
        )


def _refuse_twice(headers: Iterable[tuple[bytes, bytes]]) -> None:
    seen: set[bytes] = set()
    for name, _ in headers:
        if name in seen and name in ONCE:
            shown, code = name.decode("latin-1"), "repeated_header"
            raise Malformed(
                f"The header {shown} stands twice.",
                code=code,
                errors=[FieldError(shown, "stands twice", code)],
            )
        seen.add(name)

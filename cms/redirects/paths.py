"""Paths and targets of redirects in one way of writing. Pure."""

import re
from typing import Final
from urllib.parse import quote, unquote_to_bytes, urlsplit, urlunsplit

# Written as they are; everything else is percent-encoded, so that no format has to quote it.
PLAIN: Final = "/-._~!$&'()*+,;=:@"
# What a query or fragment may hold besides (RFC 3986 3.4); `%` stays what it is.
TAIL: Final = PLAIN + "?%"
# Decoded, these would mean another path, or nothing that a server agrees on.
UNSAFE = re.compile(
    r"%(?![0-9A-Fa-f]{2})|%(?:[01][0-9A-Fa-f]|7[Ff]|2[5Ff]|5[Cc])|[\\\x00-\x20\x7f]"
)
RESERVED: Final = ("/api", "/admin", "/media", "/health", "/metrics")


def read_path(value: str) -> str:
    """A path of this site in its one way of writing.

    Raises:
        ValueError: it is none, or it could be read in two ways.
    """
    if not value.startswith("/") or value.startswith("//"):
        raise ValueError("must be a path of this site, such as /old-page")
    if "?" in value or "#" in value:
        raise ValueError("must be a path alone, without query or fragment")
    path = _encoded(value)
    return path.rstrip("/") or "/"


def read_from_path(value: str) -> str:
    path = read_path(value)
    if any(path == name or path.startswith(f"{name}/") for name in RESERVED):
        raise ValueError("is an address of the CMS itself")
    return path


def read_target(value: str) -> str:
    """Where a redirect leads: a path of this site, or an https address elsewhere.

    Raises:
        ValueError: it is neither, or browsers could read it as something else.
    """
    if not value.startswith("/"):
        return _elsewhere(value)
    path, mark, tail = _split(value)
    if path.startswith("//"):
        raise ValueError("must not name a host after //: write https://")
    query, hash_mark, fragment = tail.partition("#") if mark == "?" else (tail, "", "")
    return read_path(path) + mark + _tail(query) + hash_mark + _tail(fragment)


def path_of(target: str) -> str | None:
    """The path that a target means on this site, or None when it leads elsewhere."""
    return _split(target)[0] if target.startswith("/") else None


def _split(value: str) -> tuple[str, str, str]:
    found = re.search(r"[?#]", value)
    return (value[: found.start()], found[0], value[found.end() :]) if found else (value, "", "")


def _elsewhere(value: str) -> str:
    if not value.startswith("https://"):
        raise ValueError("must be a path such as /new-page or an https:// address")
    parts = urlsplit(value)
    # The host is what people see of a link: nothing in front of it, nothing odd within.
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?", parts.netloc):
        raise ValueError("must name a plain host, without a user before it")
    path = _encoded(parts.path or "/")
    query, fragment = _tail(parts.query), _tail(parts.fragment)
    return urlunsplit(("https", parts.netloc.lower(), path, query, fragment))


def _encoded(value: str) -> str:
    if UNSAFE.search(value):
        raise ValueError("must not hold blanks, backslashes, control characters or stray %")
    try:
        plain = unquote_to_bytes(value).decode()
    except UnicodeDecodeError:
        raise ValueError("must be UTF-8 where it is percent-encoded") from None
    if any(part in {".", ".."} for part in plain.split("/")) or "//" in plain:
        raise ValueError("must not hold empty, . or .. segments")
    if not plain.isprintable():
        raise ValueError("must hold characters that can be seen")
    return quote(plain, safe=PLAIN)


def _tail(value: str) -> str:
    if re.search(r"%(?![0-9A-Fa-f]{2})|[\\\x00-\x20\x7f]", value):
        raise ValueError("must not hold blanks, backslashes, control characters or stray %")
    return quote(value, safe=TAIL)

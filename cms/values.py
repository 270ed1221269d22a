"""How the text of each setting is read; what can't be used is a `ValueError` that says why."""

import contextlib
import ipaddress
import re
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK_HOSTS = {"127.0.0.1", "localhost", "::1"}
RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")
MIN_KEY_LENGTH = 32
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
HOST = re.compile(r"[a-z0-9._:-]+")


def text(value: str) -> str:
    return value


def positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError("must be at least 1")
    return number


def port(value: str) -> int:
    number = int(value)
    if not 0 < number < 65536:
        raise ValueError("must be between 1 and 65535")
    return number


def path(value: str) -> Path:
    try:
        return Path(value).expanduser().resolve()
    except (RuntimeError, OSError) as error:  # nobody's home, a circle of links
        raise ValueError(f"must be a path: {error}") from None


def origin(value: str) -> str:
    """An origin as browsers write it: lower case, the scheme's own port left out."""
    parts = urlsplit(value.strip())
    if parts.scheme not in {"http", "https"} or not HOST.fullmatch(parts.hostname or ""):
        raise ValueError("must be an http(s) address such as https://cms.example.com")
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("must be a bare origin: no path, query, fragment or user")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    is_usual = parts.port in {None, {"http": 80, "https": 443}[parts.scheme]}
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{parts.port}")


def safe_origin(value: str) -> str:
    """An origin that cookies may travel to: TLS, or plain HTTP on loopback."""
    found = origin(value)
    parts = urlsplit(found)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        raise ValueError("must be https unless it is on loopback: sessions travel over it")
    return found


def origins(value: str) -> tuple[str, ...]:
    return tuple(origin(item) for item in value.split(",") if item.strip())


def networks(value: str) -> tuple[str, ...]:
    return tuple(
        str(ipaddress.ip_network(item.strip(), strict=False))
        for item in value.split(",")
        if item.strip()
    )


def exemptions(value: str) -> tuple[str, ...]:
    """Networks, hosts, hosts with a port; each written in one way."""
    return tuple(exemption(item.strip()) for item in value.split(",") if item.strip())


def exemption(item: str) -> str:
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_network(item, strict=False))
    parts = urlsplit(f"//{item}")
    if parts.netloc != item or not HOST.fullmatch(parts.hostname or "") or "@" in item:
        raise ValueError("must be hosts, hosts with a port, or networks, by commas")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{host}:{parts.port}" if parts.port else f"{host}"


def hosts(value: str) -> tuple[str, ...]:
    found = tuple(item.strip().lower() for item in value.split(",") if item.strip())
    if bad := [item for item in found if not HOST.fullmatch(item.strip("[]"))]:
        raise ValueError(f"must be host names by commas, without scheme or path: {bad[0][:80]!r}")
    return found


def media_storage(value: str) -> str:
    if not value.startswith("s3://"):
        return str(path(value))
    parts = urlsplit(value)
    if not BUCKET.fullmatch(parts.netloc) or parts.query or parts.fragment:
        raise ValueError("must be a directory, or s3://bucket or s3://bucket/prefix")
    return value.rstrip("/")


def media_url(value: str) -> str:
    """The public base of files: an address with a path."""
    parts = urlsplit(value)
    origin(f"{parts.scheme}://{parts.netloc}")
    if parts.query or parts.fragment or not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*/?", parts.path):
        raise ValueError("must be an http(s) address such as https://cdn.example.com/media")
    return value.rstrip("/")


def recipients(value: str) -> tuple[str, ...]:
    """Public keys of age, by commas; whether each is one is seen when it is used."""
    found = tuple(item.strip() for item in value.split(",") if item.strip())
    if not all(RECIPIENT.fullmatch(item) for item in found):
        raise ValueError("must hold public keys such as age1… (make one: cms backup key)")
    return found


def endpoint(value: str) -> str:
    return origin(value)


def bare(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,60}", value):
        raise ValueError("must be a name such as eu-central-1")
    return value


def mongodb_url(value: str) -> str:
    if not value.startswith(("mongodb://", "mongodb+srv://")):
        raise ValueError("must start with mongodb:// or mongodb+srv://")
    rest = value.partition("://")[2]
    hosts = re.split(r"[/?#]", rest, maxsplit=1)[0]
    # Else a part of the password is taken for a host, and stands in what the driver complains of.
    if "@" in rest[len(hosts) :]:
        raise ValueError("must have the user's name and the password percent-encoded")
    return value


def smtp_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps"} or not HOST.fullmatch(parts.hostname or ""):
        raise ValueError("must be smtp://user:password@host:587 or smtps://…:465")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.netloc.count("@") > 1:
        raise ValueError("must hold no path or query; percent-encode the user and password")
    if parts.port == 0:
        raise ValueError("must hold a port between 1 and 65535")
    return value


def mailbox(value: str) -> str:
    _name, address = parseaddr(value)
    _local, at, domain = address.rpartition("@")
    if not at or "." not in domain.strip(".") or not value.isprintable():
        raise ValueError("must be an address such as Lontar <cms@example.com>")
    return value


def secrets(value: str) -> tuple[str, ...]:
    return tuple(secret(item.strip()) for item in value.split(",") if item.strip())


def secret(value: str) -> str:
    if len(value) < MIN_KEY_LENGTH:
        raise ValueError("must have at least 32 characters (try: openssl rand -base64 48)")
    return value


def database(value: str) -> str:
    if not value or len(value) > 63 or any(c in '/\\. "$*<>:|?\0' for c in value):
        raise ValueError('must be a MongoDB database name (1-63 characters, none of /\\. "$*<>:|?)')
    return value


def choice(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of: {', '.join(allowed)}")
        return value

    return read


def at_least(floor: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        number = int(value)
        if number < floor:
            raise ValueError(f"must be at least {floor}")
        return number

    return read


def switch(value: str) -> bool:
    states = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}
    if value.lower() not in states:
        raise ValueError("must be on or off")
    return states[value.lower()]

"""The settings: read once from `CMS_*`, frozen, known to `app` and `cli` alone."""

import contextlib
import difflib
import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LOOPBACK_HOSTS = {"127.0.0.1", "localhost", "::1"}
MIN_KEY_LENGTH = 32
HOST = re.compile(r"[a-z0-9._:-]+")


class SettingRefused(Exception):
    """A `CMS_*` variable holds a value that can't be used; the message names the variable."""


def _text(value: str) -> str:
    return value


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError("must be at least 1")
    return number


def _port(value: str) -> int:
    number = int(value)
    if not 0 < number < 65536:
        raise ValueError("must be between 1 and 65535")
    return number


def _path(value: str) -> Path:
    try:
        return Path(value).expanduser().resolve()
    except (RuntimeError, OSError) as error:  # nobody's home, a circle of links
        raise ValueError(f"must be a path: {error}") from None


def _origin(value: str) -> str:
    """An origin as browsers write it: lower case, the scheme's own port left out."""
    parts = urlsplit(value.strip())
    if parts.scheme not in {"http", "https"} or not HOST.fullmatch(parts.hostname or ""):
        raise ValueError("must be an http(s) address such as https://cms.example.com")
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("must be a bare origin: no path, query, fragment or user")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    is_usual = parts.port in {None, {"http": 80, "https": 443}[parts.scheme]}
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{parts.port}")


def _safe_origin(value: str) -> str:
    """An origin that cookies may travel to: TLS, or plain HTTP on loopback."""
    origin = _origin(value)
    parts = urlsplit(origin)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        raise ValueError("must be https unless it is on loopback: sessions travel over it")
    return origin


def _origins(value: str) -> tuple[str, ...]:
    return tuple(_origin(item) for item in value.split(",") if item.strip())


def _networks(value: str) -> tuple[str, ...]:
    return tuple(
        str(ipaddress.ip_network(item.strip(), strict=False))
        for item in value.split(",")
        if item.strip()
    )


def _exemptions(value: str) -> tuple[str, ...]:
    """Networks, hosts, hosts with a port; each written in one way."""
    return tuple(_exemption(item.strip()) for item in value.split(",") if item.strip())


def _exemption(item: str) -> str:
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_network(item, strict=False))
    parts = urlsplit(f"//{item}")
    if parts.netloc != item or not HOST.fullmatch(parts.hostname or "") or "@" in item:
        raise ValueError("must be hosts, hosts with a port, or networks, by commas")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{host}:{parts.port}" if parts.port else f"{host}"


def _mongodb_url(value: str) -> str:
    if not value.startswith(("mongodb://", "mongodb+srv://")):
        raise ValueError("must start with mongodb:// or mongodb+srv://")
    return value


def _secret(value: str) -> str:
    if len(value) < MIN_KEY_LENGTH:
        raise ValueError("must have at least 32 characters (try: openssl rand -base64 48)")
    return value


def _database(value: str) -> str:
    if not value or len(value) > 63 or any(c in '/\\. "$*<>:|?\0' for c in value):
        raise ValueError('must be a MongoDB database name (1-63 characters, none of /\\. "$*<>:|?)')
    return value


def _choice(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of: {', '.join(allowed)}")
        return value

    return read


def _at_least(floor: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        number = int(value)
        if number < floor:
            raise ValueError(f"must be at least {floor}")
        return number

    return read


def _setting(
    read: Callable[[str], Any], default: Any, meaning: str, *, secret: bool = False
) -> Any:
    return field(default=default, metadata={"read": read, "meaning": meaning, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    mongodb_url: str | None = _setting(
        _mongodb_url, None, "MongoDB address (a replica set); unset: embedded", secret=True
    )
    database: str = _setting(_database, "lontar", "database name")
    data_dir: Path = _setting(_path, Path("data"), "where embedded MongoDB and secrets live")
    host: str = _setting(_text, "127.0.0.1", "address to listen on")
    port: int = _setting(_port, 8000, "port to listen on")
    workers: int = _setting(_positive, 1, "API processes")
    public_url: str | None = _setting(
        _safe_origin, None, "where this CMS is reached; unset: http://HOST:PORT"
    )
    site_url: str = _setting(_origin, "http://localhost:5173", "where the frontend is reached")
    admin_origins: tuple[str, ...] = _setting(
        _origins, (), "other origins that may call admin routes with a bearer token, by commas"
    )
    trusted_proxies: tuple[str, ...] = _setting(
        _networks, (), "networks whose X-Forwarded-For is believed, by commas"
    )
    outbound_allow: tuple[str, ...] = _setting(
        _exemptions, (), "hosts or networks exempt from the outbound guard, by commas"
    )
    secret_key: str | None = _setting(
        _secret,
        None,
        "signs CSRF tokens; kept in the data dir when unset and embedded",
        secret=True,
    )
    argon2_memory_kib: int = _setting(_at_least(19456), 65536, "argon2id memory per password hash")
    argon2_time_cost: int = _setting(_at_least(2), 3, "argon2id passes per password hash")
    log_format: str = _setting(
        _choice("auto", "json", "text"),
        "auto",
        "json, text, or text on a terminal and json elsewhere",
    )

    @property
    def is_embedded(self) -> bool:
        return self.mongodb_url is None

    @property
    def address(self) -> str:
        """The origin this CMS is reached at, for links and origin checks."""
        if self.public_url:
            return self.public_url
        everywhere = {"0.0.0.0", "::"}  # noqa: S104 # nosec B104 - only named
        host = "127.0.0.1" if self.host in everywhere else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def variable(name: str) -> str:
    return f"CMS_{name.upper()}"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingRefused: a variable can't be used, or an unknown one is all but the name of another
            (`CMS_MONGODB_URI` would mean the embedded MongoDB without a word).
    """
    environ = os.environ if environ is None else environ
    known = {variable(item.name): item for item in fields(Settings)}
    for name in sorted(set(environ) - set(known)):
        meant = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
        if name.startswith("CMS_") and meant:
            raise SettingRefused(f"{name} is no setting: did you mean {meant[0]}?")
    values: dict[str, Any] = {}
    for name, item in known.items():
        raw = environ.get(name, "").strip()
        if not raw:
            continue
        try:
            values[item.name] = item.metadata["read"](raw)
        except ValueError as error:
            is_secret = item.metadata["secret"] or "@" in raw  # a password in an address
            shown = "" if is_secret else f" (is {raw[:200]!r})"
            raise SettingRefused(f"{name} {_sentence(error)}{shown}") from None
    values.setdefault("data_dir", _path("data"))
    return Settings(**values)


def _sentence(error: ValueError) -> str:
    text = str(error)
    return text if text.startswith("must") else f"can't be read: {text}"


def describe(settings: Settings) -> list[dict[str, Any]]:
    """Every variable with its value, default and meaning; secrets are masked."""
    rows = []
    for item in fields(Settings):
        value = getattr(settings, item.name)
        masked = "***" if item.metadata["secret"] and value else _shown(value)
        rows.append(
            {
                "name": variable(item.name),
                "value": masked,
                "default": _shown(item.default),
                "meaning": item.metadata["meaning"],
            }
        )
    return rows


def _shown(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return ",".join(value)
    return value


def secret_key(settings: Settings) -> str:
    """The signing key: from the settings, else made once and kept (mode 0600) in the data dir.

    Raises:
        SettingRefused: no key is set and MongoDB is the user's own, so that several hosts would
            each make a key and refuse each other's sessions; or the kept one was damaged.
    """
    if settings.secret_key:
        return settings.secret_key
    if not settings.is_embedded:
        raise SettingRefused(
            "CMS_SECRET_KEY must be set when CMS_MONGODB_URL is (try: openssl rand -base64 48)"
        )
    return kept_secret(settings.data_dir)


def kept_secret(data_dir: Path) -> str:
    """The key in `data_dir/secret.key`, made there first when it is missing."""
    path = data_dir / "secret.key"
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        # Written whole (0600), then linked: of two starters one makes the key and both read it.
        with tempfile.NamedTemporaryFile("w", dir=data_dir, encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)
    key = path.read_text(encoding="utf-8").strip()
    if len(key) < MIN_KEY_LENGTH:
        raise SettingRefused(f"CMS_SECRET_KEY is unset and {path} holds no key: remove that file")
    return key

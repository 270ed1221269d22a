"""The settings: read once from `CMS_*`, frozen, known to `app` and `cli` alone."""

import contextlib
import difflib
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cms import values

MIN_KEY_LENGTH = values.MIN_KEY_LENGTH


class SettingRefused(Exception):
    """A `CMS_*` variable holds a value that can't be used; the message names the variable."""


def _setting(
    read: Callable[[str], Any], default: Any, meaning: str, *, secret: bool = False
) -> Any:
    metadata = {"read": read, "meaning": meaning, "secret": secret}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    mongodb_url: str | None = _setting(
        values.mongodb_url, None, "MongoDB address (a replica set); unset: embedded", secret=True
    )
    database: str = _setting(values.database, "lontar", "database name")
    data_dir: Path = _setting(values.path, Path("data"), "where embedded MongoDB and secrets live")
    host: str = _setting(values.text, "127.0.0.1", "address to listen on")
    port: int = _setting(values.port, 8000, "port to listen on")
    workers: int = _setting(values.positive, 1, "API processes")
    public_url: str | None = _setting(
        values.safe_origin, None, "where this CMS is reached; unset: http://HOST:PORT"
    )
    site_url: str = _setting(
        values.origin, "http://localhost:5173", "where the frontend is reached"
    )
    admin_origins: tuple[str, ...] = _setting(
        values.origins,
        (),
        "other origins that may call admin routes with a bearer token, by commas",
    )
    trusted_proxies: tuple[str, ...] = _setting(
        values.networks, (), "networks whose X-Forwarded-For is believed, by commas"
    )
    allowed_hosts: tuple[str, ...] = _setting(
        values.hosts,
        (),
        "further host names it answers to, beside those of its addresses, by commas",
    )
    outbound_allow: tuple[str, ...] = _setting(
        values.exemptions, (), "hosts or networks exempt from the outbound guard, by commas"
    )
    media_storage: str | None = _setting(
        values.media_storage,
        None,
        "where files live: a directory or s3://bucket/prefix; DATA_DIR/media",
    )
    media_url: str | None = _setting(
        values.media_url, None, "public base of files, such as a CDN's; unset: PUBLIC_URL/media"
    )
    media_quota_mb: int = _setting(
        values.at_least(0), 5120, "megabytes of the library; 0: no quota"
    )
    s3_endpoint: str | None = _setting(
        values.endpoint, None, "of an S3-compatible store; unset: AWS"
    )
    s3_region: str = _setting(values.bare, "us-east-1", "region of the bucket")
    s3_access_key_id: str | None = _setting(values.text, None, "who opens the bucket")
    s3_secret_access_key: str | None = _setting(values.text, None, "its key", secret=True)
    backup_storage: str | None = _setting(
        values.media_storage,
        None,
        "where backups go: a directory or s3://bucket/prefix; DATA_DIR/backups",
    )
    backup_every_hours: int = _setting(
        values.at_least(0), 0, "how often `cms serve` makes one; 0: never by itself"
    )
    backup_keep: int = _setting(
        values.at_least(1), 14, "how many backups stay when it makes a new one"
    )
    backup_recipients: tuple[str, ...] = _setting(
        values.recipients, (), "public keys (age1…) that backups are encrypted for, by commas"
    )
    backup_before_migrate: bool = _setting(
        values.switch, True, "back the documents up before a new release changes their schema"
    )
    secret_key: str | None = _setting(
        values.secret,
        None,
        "signs CSRF tokens; kept in the data dir when unset and embedded",
        secret=True,
    )
    secret_key_previous: tuple[str, ...] = _setting(
        values.secrets,
        (),
        "keys before CMS_SECRET_KEY, by commas: what they made stays good",
        secret=True,
    )
    smtp_url: str | None = _setting(
        values.smtp_url,
        None,
        "SMTP server, smtp://user:password@host:587; unset: no mail, links are shown",
        secret=True,
    )
    mail_from: str = _setting(
        values.mailbox, "Lontar <cms@localhost.localdomain>", "sender of mails"
    )
    argon2_memory_kib: int = _setting(
        values.at_least(19456), 65536, "argon2id memory per password hash"
    )
    argon2_time_cost: int = _setting(values.at_least(2), 3, "argon2id passes per password hash")
    revisions_keep_days: int = _setting(
        values.at_least(0), 0, "days after which one revision a day is kept; 0: every one for ever"
    )
    contact_keep_days: int = _setting(
        values.at_least(0),
        365,
        "days after which messages of the contact form are removed; 0: they stay",
    )
    log_format: str = _setting(
        values.choice("auto", "json", "text"),
        "auto",
        "json, text, or text on a terminal and json elsewhere",
    )

    metrics_token: str | None = _setting(
        values.secret, None, "bearer token of /metrics; unset: there is no such page", secret=True
    )
    shared_cache_seconds: int = _setting(
        values.at_least(0), 60, "how long a CDN may keep a public answer (s-maxage)"
    )
    stale_cache_seconds: int = _setting(
        values.at_least(0),
        300,
        "how long it may show an older one while it asks (stale-while-revalidate)",
    )
    server_timing: bool = _setting(
        values.switch, False, "tell in a header how long each answer took, and whether it was known"
    )

    @property
    def is_embedded(self) -> bool:
        return self.mongodb_url is None

    @property
    def public_cache(self) -> str:
        """The Cache-Control of public answers; constant, since one that shrank towards a scheduled
        time would betray it."""
        return (
            f"public, max-age=0, s-maxage={self.shared_cache_seconds}, "
            f"stale-while-revalidate={self.stale_cache_seconds}"
        )

    @property
    def address(self) -> str:
        """The origin this CMS is reached at, for links and origin checks."""
        if self.public_url:
            return self.public_url
        everywhere = {"0.0.0.0", "::"}  # noqa: S104 # nosec B104 - only named
        host = "127.0.0.1" if self.host in everywhere else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The addresses and names that requests may be for; the edge adds loopback."""
        return (self.address, self.site_url, *self.allowed_hosts)

    @property
    def media_at(self) -> str:
        return self.media_storage or str(self.data_dir / "media")

    @property
    def backups_at(self) -> str:
        return self.backup_storage or str(self.data_dir / "backups")

    @property
    def media_base(self) -> str:
        """Where readers reach files."""
        return self.media_url or f"{self.address}/media"

    @property
    def media_folder(self) -> str | None:
        """Where a web server finds the files: not in a bucket, nor under another address."""
        is_elsewhere = self.media_url not in {None, f"{self.address}/media"}
        return None if is_elsewhere or self.media_at.startswith("s3://") else self.media_at

    @property
    def media_origin(self) -> str | None:
        """Where files are shown from, if that is not this host."""
        if self.media_url is None:
            return None
        parts = urlsplit(self.media_url)
        return f"{parts.scheme}://{parts.netloc}"


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
    found: dict[str, Any] = {}
    for name, item in known.items():
        raw = environ.get(name, "").strip()
        if not raw:
            continue
        try:
            found[item.name] = item.metadata["read"](raw)
        except ValueError as error:
            is_secret = item.metadata["secret"] or "@" in raw  # a password in an address
            shown = "" if is_secret else f" (is {raw[:200]!r})"
            raise SettingRefused(f"{name} {_sentence(error)}{shown}") from None
    found.setdefault("data_dir", values.path("data"))
    return Settings(**found)


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

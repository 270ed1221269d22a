"""What `cms doctor` looks at: the things that owners get wrong."""

import asyncio
import ssl
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import aiosmtplib
from pymongo.errors import PyMongoError

from cms.core import db, migrating
from cms.core.db import Database, DatabaseRefused
from cms.core.health import LOW_DISK_BYTES, free_bytes
from cms.core.mail import Postman

SECONDS: Final = 5.0
# Sign-ins with a second factor, and what is planned, go by the clock.
MOST_CLOCK_SECONDS: Final = 5.0
FEW_DAYS: Final = 14
# Without one of these two of a kind can come to be; migrations make them.
UNIQUE: Final = {
    "accounts": "email_1",
    "tokens": "digest_1",
    "articles": "slugs_1",
    "pages": "slugs_1",
    "projects": "slugs_1",
    "tags": "slug_1",
    "series": "slug_1",
    "media": "ref_1",
    "redirects": "from_path_1",
    "events": "entry_id_1",
}
# Releases below these have CVE-2025-14847 (reads of freed memory before authentication).
SAFE_VERSIONS = {6: (6, 0, 27), 7: (7, 0, 28), 8: (8, 0, 17)}
MARKS = {"good": "✓", "warning": "!", "bad": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    verdict: Literal["good", "warning", "bad"]
    says: str

    @property
    def mark(self) -> str:
        return MARKS[self.verdict]

    @property
    def is_bad(self) -> bool:
        return self.verdict == "bad"

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What the settings say that can be wrong."""

    url: str
    database: str
    is_embedded: bool
    is_loopback: bool
    host: str
    address: str
    data_dir: Path
    media_base: str = ""
    smtp_url: str | None = None
    has_trusted_proxies: bool = False


async def examine(installation: Installation) -> list[Finding]:
    findings = [
        _address(installation),
        _proxy(installation),
        _media_address(installation),
        _disk(installation.data_dir),
        await _mail(installation.smtp_url),
        await _certificate(installation.address),
    ]
    async with db.connected(installation.url, installation.database) as database:
        try:
            await db.require_replica_set(database)
        except DatabaseRefused as error:
            return [*findings, Finding("mongodb", "bad", str(error))]
        findings.append(Finding("mongodb", "good", "answers, and is a replica set"))
        try:
            findings.append(await _version(database, is_embedded=installation.is_embedded))
            findings.append(await _clock(database))
            findings.append(await _migrations(database))
            findings.append(await _indexes(database))
        except PyMongoError as error:
            findings.append(Finding("mongodb", "bad", str(error).splitlines()[0]))
    return findings


def _address(found: Installation) -> Finding:
    if not found.is_loopback:
        return Finding(
            "address",
            "warning",
            f"CMS_HOST={found.host} can be reached from outside: keep it on 127.0.0.1 behind "
            "Nginx, or in a network of its own.",
        )
    return Finding("address", "good", f"listens on {found.host}, reached at {found.address}")


def _is_near(address: str) -> bool:
    return (urlsplit(address).hostname or "") in {"127.0.0.1", "localhost", "::1"}


def _proxy(found: Installation) -> Finding:
    """Behind Nginx everybody would come from one address, and be throttled as one."""
    if found.is_loopback and not _is_near(found.address) and not found.has_trusted_proxies:
        return Finding(
            "proxy",
            "warning",
            f"{found.address} comes through a proxy that is not trusted, so that all visitors "
            "look like one: set CMS_TRUSTED_PROXIES=127.0.0.1/32.",
        )
    return Finding("proxy", "good", "the addresses of visitors are known")


def _media_address(found: Installation) -> Finding:
    if found.address.startswith("https://") and found.media_base.startswith("http://"):
        return Finding(
            "media", "bad", f"{found.media_base} has no TLS, and browsers refuse it on pages "
            "that have: set CMS_MEDIA_URL to an https:// address."
        )  # fmt: skip
    return Finding("media", "good", f"files are shown from {found.media_base or 'here'}")


async def _mail(url: str | None) -> Finding:
    """Whether the mail server answers and takes our name and password."""
    if url is None:
        return Finding("mail", "good", "none: links are shown to whoever makes them")
    server = Postman(url).server()
    try:
        async with asyncio.timeout(SECONDS), server:
            pass
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        reason = f"{server.hostname}:{server.port} ({type(error).__name__})"
        return Finding("mail", "bad", f"no letter leaves by {reason}: look at CMS_SMTP_URL.")
    return Finding("mail", "good", f"{server.hostname}:{server.port} takes letters")


async def _certificate(address: str) -> Finding:
    parts = urlsplit(address)
    if parts.scheme != "https":
        if _is_near(address):
            return Finding("tls", "good", "none is needed on this machine alone")
        return Finding(
            "tls", "bad", f"passwords travel in clear to {address}: put Nginx with a certificate "
            "before it and set CMS_PUBLIC_URL to its https:// address."
        )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            _, writer = await _to_ourselves(parts.hostname or "", parts.port or 443)
            certificate = writer.get_extra_info("peercert")
            writer.close()
    except ssl.SSLCertVerificationError as error:
        return Finding("tls", "bad", f"{address}: {error.verify_message}: renew the certificate.")
    except (OSError, TimeoutError) as error:
        return Finding(
            "tls", "warning", f"{address} is not reached from here ({type(error).__name__}): look "
            "at DNS, the firewall and Nginx."
        )  # fmt: skip
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
    days = (ends - datetime.now(UTC)).days
    if days < FEW_DAYS:
        return Finding("tls", "warning", f"the certificate ends in {days} days: renew it.")
    return Finding("tls", "good", f"the certificate is good for {days} days")


async def _to_ourselves(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The operator's own address, which may well be a private one: nothing is sent to it."""
    context = ssl.create_default_context()
    return await asyncio.open_connection(host, port, ssl=context)  # nosemgrep: another-way-out


async def _clock(database: Database) -> Finding:
    """Ours against MongoDB's: between two machines they may disagree, and one of them is wrong."""
    before = datetime.now(UTC)
    hello = await database.client.admin.command("hello")
    after = datetime.now(UTC)
    theirs: datetime = hello["localTime"].replace(tzinfo=UTC)
    apart = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    if apart > MOST_CLOCK_SECONDS:
        says = f"{apart:.0f} s apart from MongoDB's: keep both by NTP (systemd-timesyncd, chrony)."
        return Finding("clock", "bad", says)
    return Finding("clock", "good", "agrees with MongoDB's")


async def _indexes(database: Database) -> Finding:
    missing = []
    for collection, name in UNIQUE.items():
        found = await database[collection].index_information()
        if not found.get(name, {}).get("unique"):
            missing.append(f"{collection}.{name}")
    if missing and await migrating.is_migrated(database):
        says = f"missing: {', '.join(missing)}: make a backup and restore it, which makes them."
        return Finding("indexes", "bad", says)
    return Finding("indexes", "good", "those that keep things single are there")


def _disk(data_dir: Path) -> Finding:
    free = free_bytes(data_dir)
    text = f"{free // (1024 * 1024)} MiB free under CMS_DATA_DIR"
    if free < LOW_DISK_BYTES:
        return Finding("disk", "bad", f"{text}: make room, MongoDB stops when it is full.")
    return Finding("disk", "good", text)


async def _version(database: Database, *, is_embedded: bool) -> Finding:
    info: dict[str, Any] = await database.client.server_info()
    version = tuple(info["versionArray"][:3])
    text = f"version {info['version']}"
    if is_embedded:
        return Finding("mongodb version", "good", f"{text}, embedded, on a private socket")
    floor = SAFE_VERSIONS.get(version[0])
    if version[:2] == (8, 2):
        floor = (8, 2, 3)
    if floor is None or version < floor:
        needs = "8.0.17, 8.2.3 or 7.0.28"
        return Finding("mongodb version", "warning", f"{text} has known holes: use {needs}.")
    return Finding("mongodb version", "good", text)


async def _migrations(database: Database) -> Finding:
    try:
        pending = await migrating.pending(database)
    except DatabaseRefused as error:
        return Finding("migrations", "bad", str(error))
    if pending:
        names = ", ".join(item.name for item in pending)
        return Finding("migrations", "warning", f"to run: {names} (cms migrate, or the next start)")
    return Finding("migrations", "good", "up to date")

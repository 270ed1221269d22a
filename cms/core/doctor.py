"""What `cms doctor` looks at: the things that owners get wrong."""

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pymongo.errors import PyMongoError

from cms.core import db, migrating
from cms.core.db import Database, DatabaseRefused

LOW_DISK_BYTES = 500 * 1024 * 1024
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


async def examine(installation: Installation) -> list[Finding]:
    findings = [_address(installation), _disk(installation.data_dir)]
    async with db.connected(installation.url, installation.database) as database:
        try:
            await db.require_replica_set(database)
        except DatabaseRefused as error:
            return [*findings, Finding("mongodb", "bad", str(error))]
        findings.append(Finding("mongodb", "good", "answers, and is a replica set"))
        try:
            findings.append(await _version(database, is_embedded=installation.is_embedded))
            findings.append(await _migrations(database))
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


def _disk(data_dir: Path) -> Finding:
    folder = next(path for path in (data_dir, *data_dir.parents) if path.is_dir())
    free = shutil.disk_usage(folder).free
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

"""What owners get wrong: each is found, named and comes with what to do about it."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cms.core.db import Database
from cms.core.doctor import UNIQUE, Finding, Installation, examine
from cms.core.migrating import is_migrated
from tests.core.test_mail import LOGIN, post_office
from tests.reliability.running import free_port
from tests.security.outside import NAME, Server, certificate, serving


@pytest.fixture
def sound(database_url: str, database: Database, tmp_path: Path) -> Installation:
    """One in which nothing is wrong."""
    return Installation(
        url=database_url,
        database="lontar",
        is_embedded=True,
        is_loopback=True,
        host="127.0.0.1",
        address="http://127.0.0.1:8000",
        data_dir=tmp_path,
        media_base="http://127.0.0.1:8000/media",
    )


async def _found(installation: Installation, subject: str) -> Finding:
    """What is said of one thing; of nothing else is anything said, unless TLS is out of reach."""
    findings = {finding.subject: finding for finding in await examine(installation)}
    others = {name: one.verdict for name, one in findings.items() if name not in {subject, "tls"}}
    assert set(others.values()) == {"good"}, others
    return findings[subject]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name is this machine's."""
    found = socket.getaddrinfo

    def at_home(host: Any, *rest: Any, **more: Any) -> Any:
        return found("127.0.0.1", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", at_home)


@asynccontextmanager
async def _https(folder: Path, lasts: timedelta) -> AsyncIterator[str]:
    inside, _ = certificate(folder, lasts)
    async with serving(Server(b""), inside) as server:
        yield f"https://{NAME}:{server.port}"


async def test_in_a_sound_one_nothing_is_found(sound: Installation) -> None:
    assert {finding.verdict for finding in await examine(sound)} == {"good"}


async def test_an_address_in_clear_is_bad(sound: Installation) -> None:
    open_to_all = replace(sound, address="http://cms.example", has_trusted_proxies=True)
    found = await _found(open_to_all, "tls")
    assert (found.verdict, found.is_bad) == ("bad", True)
    assert "CMS_PUBLIC_URL" in found.says


@pytest.mark.parametrize(
    ("days", "verdict", "says"),
    [
        (30, "good", "good for 29 days"),
        (5, "warning", "ends in 4 days: renew it"),
        (-1, "bad", "certificate has expired: renew"),
    ],
)
@pytest.mark.usefixtures("here")
async def test_a_certificate_that_is_over_or_soon_will_be_is_found(
    sound: Installation, monkeypatch: pytest.MonkeyPatch, days: int, verdict: str, says: str
) -> None:
    async with _https(sound.data_dir, timedelta(days=days)) as address:
        monkeypatch.setenv("SSL_CERT_FILE", str(sound.data_dir / "ca.pem"))
        public = replace(sound, address=address, media_base="", has_trusted_proxies=True)
        found = await _found(public, "tls")
    assert (found.verdict, says in found.says) == (verdict, True), found.says


async def test_a_certificate_that_nobody_signed_is_bad(sound: Installation, here: None) -> None:
    async with _https(sound.data_dir, timedelta(days=30)) as address:
        public = replace(sound, address=address, media_base="", has_trusted_proxies=True)
        found = await _found(public, "tls")
    assert (found.verdict, "renew the certificate" in found.says) == ("bad", True), found.says


async def test_an_address_where_nobody_answers_is_a_warning(
    sound: Installation, here: None
) -> None:
    gone = replace(
        sound, address=f"https://{NAME}:{free_port()}", media_base="", has_trusted_proxies=True
    )
    found = await _found(gone, "tls")
    assert (found.verdict, "firewall" in found.says) == ("warning", True)


async def test_a_proxy_that_is_not_trusted_is_a_warning(sound: Installation, here: None) -> None:
    behind = replace(sound, address=f"https://{NAME}:{free_port()}", media_base="")
    found = await _found(behind, "proxy")
    assert (found.verdict, "CMS_TRUSTED_PROXIES" in found.says) == ("warning", True)
    assert (await _found(replace(behind, has_trusted_proxies=True), "proxy")).verdict == "good"


async def test_media_in_clear_on_a_site_with_tls_are_bad(sound: Installation, here: None) -> None:
    mixed = replace(
        sound,
        address=f"https://{NAME}:{free_port()}",
        media_base="http://media.example",
        has_trusted_proxies=True,
    )
    found = await _found(mixed, "media")
    assert (found.verdict, "CMS_MEDIA_URL" in found.says) == ("bad", True)
    assert (await _found(replace(mixed, media_base="https://m.example"), "media")).verdict == "good"


async def test_a_mail_server_that_takes_no_letter_is_bad(
    sound: Installation, here: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = await _found(replace(sound, smtp_url=f"smtp://127.0.0.1:{free_port()}"), "mail")
    assert (nobody.verdict, "CMS_SMTP_URL" in nobody.says) == ("bad", True)
    inside, _ = certificate(tmp_path)
    async with post_office(inside) as post:
        url = f"smtp://{LOGIN}@{NAME}:{post.port}"
        untrusted = await _found(replace(sound, smtp_url=url), "mail")
        assert untrusted.is_bad
        assert "p@ss" not in untrusted.says
        assert LOGIN not in untrusted.says
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert (await _found(replace(sound, smtp_url=url), "mail")).verdict == "good"


async def test_indexes_that_are_missing_are_named(sound: Installation, database: Database) -> None:
    assert await is_migrated(database)
    spared = ("tags", UNIQUE["tags"])
    collection = database[spared[0]]
    kept = (await collection.index_information())[spared[1]]
    await collection.drop_index(spared[1])
    try:
        found = await _found(sound, "indexes")
        assert (found.verdict, "tags.slug_1" in found.says) == ("bad", True)
        # One of that name that lets two in is none.
        await collection.create_index(kept["key"], name=spared[1])
        assert (await _found(sound, "indexes")).is_bad
        await collection.drop_index(spared[1])
    finally:
        options = {name: value for name, value in kept.items() if name not in {"key", "v"}}
        await collection.create_index(kept["key"], name=spared[1], **options)
    assert (await _found(sound, "indexes")).verdict == "good"

"""Mail over TLS: by STARTTLS and from the first byte, to a real server whose CA is our own."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from cms.core import mail
from cms.core.mail import Letter, Postman
from tests.security.outside import NAME, certificate

LETTER = Letter("rani@example.com", "Halo", "Selamat pagi.\n")
SENDER = "Lontar <cms@example.com>"
PASSWORD = "p@ss/word"
LOGIN = "lontar:p%40ss%2Fword"


@dataclass
class Post:
    """What a mail server was given, and whether it came in the clear."""

    port: int = 0
    letters: list[bytes] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    heard: bytearray = field(default_factory=bytearray)

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        self.letters.append(envelope.content)
        return "250 OK"

    def authenticate(self, server: Any, session: Any, *rest: Any) -> AuthResult:
        data = rest[-1]
        self.logins.append((data.login, data.password))
        return AuthResult(success=True)


class _Heard(SMTP):
    """Notes each byte before any of it is decrypted."""

    def data_received(self, data: bytes) -> None:
        self.event_handler.heard.extend(data)
        super().data_received(data)


@asynccontextmanager
async def post_office(
    context: ssl.SSLContext | None, *, is_implicit: bool = False
) -> AsyncIterator[Post]:
    post = Post()
    loop = asyncio.get_running_loop()

    def make() -> SMTP:
        return _Heard(
            post,
            loop=loop,
            tls_context=None if is_implicit else context,
            require_starttls=context is not None and not is_implicit,
            auth_require_tls=False,
            authenticator=post.authenticate,
        )

    inside = context if is_implicit else None
    server = await loop.create_server(make, "127.0.0.1", 0, ssl=inside)
    post.port = server.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        server.close()
        await server.wait_closed()


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The server's side; this machine trusts its CA, and takes every name to itself."""
    found = socket.getaddrinfo

    def here(host: Any, *rest: Any, **more: Any) -> Any:
        return found("127.0.0.1", *rest, **more)

    inside, _ = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setattr(socket, "getaddrinfo", here)
    monkeypatch.setattr(mail, "TIMEOUT", 10.0)
    return inside


def postman(scheme: str, port: int, host: str = NAME) -> Postman:
    return Postman(f"{scheme}://{LOGIN}@{host}:{port}", SENDER)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_a_letter_leaves_over_tls_with_name_and_password(
    tls: ssl.SSLContext, scheme: str
) -> None:
    async with post_office(tls, is_implicit=scheme == "smtps") as post:
        await postman(scheme, post.port).send(LETTER)
    assert b"Selamat pagi." in post.letters[0]
    assert post.logins == [(b"lontar", PASSWORD.encode())]
    assert b"AUTH" not in post.heard.partition(b"STARTTLS")[0] or scheme == "smtps"


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("wrong", ["another name", "a CA that nobody knows"])
async def test_a_server_that_is_not_the_one_is_told_nothing(
    tls: ssl.SSLContext, scheme: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if wrong != "another name":
        monkeypatch.delenv("SSL_CERT_FILE")
    host = "mail.example" if wrong == "another name" else NAME
    async with post_office(tls, is_implicit=scheme == "smtps") as post:
        with pytest.raises((aiosmtplib.SMTPException, ssl.SSLError)):
            await postman(scheme, post.port, host).send(LETTER)
    assert (post.letters, post.logins) == ([], [])


async def test_off_this_machine_nothing_is_sent_in_the_clear(tls: ssl.SSLContext) -> None:
    """Somebody between who takes STARTTLS out of what the server offers gets no password."""
    async with post_office(None) as post:
        with pytest.raises(aiosmtplib.SMTPException):
            await postman("smtp", post.port).send(LETTER)
        assert (post.letters, post.logins) == ([], [])
        assert b"AUTH" not in post.heard
        # The control: on this machine it may, and the password is heard.
        await postman("smtp", post.port, "127.0.0.1").send(LETTER)
    assert post.letters
    assert b"AUTH" in post.heard

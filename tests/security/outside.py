"""A world outside: a TLS server on loopback that a guard can be led to by any address."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpcore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PUBLIC = "93.184.215.14"
NAME = "news.example"


class World(httpcore.AsyncNetworkBackend):
    """Where connections to public addresses end up: at one port here. It notes each address."""

    def __init__(self, port: int = 0) -> None:
        self.inner = httpcore.AnyIOBackend()
        self.port = port
        self.asked: list[str] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.asked.append(f"{host} {port}")
        if not self.port:
            raise httpcore.ConnectError("nobody there")
        return await self.inner.connect_tcp("127.0.0.1", self.port, timeout)


class Names:
    """A name server whose answers change from question to question."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.questions: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.questions.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Server:
    """Answers every request with the same bytes; keeps what it was sent."""

    def __init__(self, answer: bytes, pause: float = 0) -> None:
        self.answer = answer
        self.pause = pause
        self.requests: list[bytes] = []
        self.names: list[str | None] = []
        self.port = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            for at in range(0, len(self.answer), 4096 if not self.pause else 1):
                writer.write(self.answer[at : at + (4096 if not self.pause else 1)])
                await writer.drain()
                await asyncio.sleep(self.pause)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(server: Server, context: ssl.SSLContext | None) -> AsyncIterator[Server]:
    if context:
        context.sni_callback = lambda _socket, name, _context: server.names.append(name)
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]] = server.talk
    listening = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


def certificate(
    folder: Path, lasts: timedelta = timedelta(days=1)
) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(the server's side, a client's side that trusts its CA) for `NAME`; the CA is in `ca.pem`."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _signed("Our own CA", authority_key, "Our own CA", authority_key, is_ca=True)
    made = _signed(NAME, key, "Our own CA", authority_key, is_ca=False, lasts=lasts)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem, ca = folder / "server.pem", folder / "ca.pem"
    pem.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    ca.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(pem)
    return inside, ssl.create_default_context(cafile=str(ca))


def _signed(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    is_ca: bool,
    lasts: timedelta = timedelta(days=1),
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        # Python 3.13 asks for these (RFC 5280).
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .sign(issuer_key, hashes.SHA256())
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])

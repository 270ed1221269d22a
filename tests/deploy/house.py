"""A CMS behind the real Nginx, over TLS that a certificate authority of our own vouches for."""

import contextlib
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from getpass import getuser
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from cms.app import ADMIN_UI
from cms.deployment import nginx
from tests.reliability.running import RunningCMS, free_port

CMS = "cms.lontar.example"
SITE = "lontar.example"
PATIENCE = 20.0
# As Debian's own `nginx.conf`, but for paths, and connections enough for the attacks on it.
MAIN = """
{user}worker_processes 2; daemon off; pid {here}/pid; error_log {here}/error.log;
events {{ worker_connections 768; }}
http {{
    sendfile on; tcp_nopush on; types_hash_max_size 2048; gzip on;
    include /etc/nginx/mime.types; default_type application/octet-stream;
    access_log {here}/access.log;
    client_body_temp_path {here}/body; proxy_temp_path {here}/proxy; fastcgi_temp_path {here}/f;
    uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;
    include conf.d/*.conf;
}}
"""


def program() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def version() -> str:
    """The version of the Nginx that is here."""
    said = subprocess.run([str(program()), "-v"], capture_output=True, text=True, check=True)
    found = re.search(r"nginx/([\d.]+)", said.stderr)
    assert found
    return found[1]


class Authority:
    """Signs certificates; whoever trusts `pem` trusts them."""

    def __init__(self, folder: Path) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Lontar's tests")])
        own = self._certificate(self.name, self.key.public_key(), None)
        self.pem = folder / "authority.pem"
        self.pem.write_bytes(own.public_bytes(serialization.Encoding.PEM))
        self.folder = folder

    def _certificate(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, host: str | None
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=80))
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key),
                critical=False,
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
        )
        if host:
            names = x509.SubjectAlternativeName([x509.DNSName(host)])
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
            made = made.add_extension(names, critical=False).add_extension(usage, critical=False)
        else:
            made = made.add_extension(
                x509.KeyUsage(
                    digital_signature=False,
                    content_commitment=False,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    key_cert_sign=True,
                    crl_sign=True,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
        return made.sign(self.key, hashes.SHA256())

    def vouch_for(self, host: str) -> None:
        """Lay certificate and key where certbot would."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        pem = self._certificate(name, key.public_key(), host)
        place = self.folder / host
        place.mkdir()
        (place / "fullchain.pem").write_bytes(pem.public_bytes(serialization.Encoding.PEM))
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (place / "privkey.pem").write_bytes(secret)

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.pem))


class Door(httpx.HTTPTransport):
    """Leads every name to our Nginx's ports, from any address of loopback."""

    def __init__(self, house: "House", local_address: str | None = None) -> None:
        super().__init__(verify=house.authority.context(), local_address=local_address, retries=0)
        self.house = house

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host, is_tls = request.url.host, request.url.scheme == "https"
        port = self.house.tls if is_tls else self.house.http
        led = httpx.Request(
            request.method,
            request.url.copy_with(host="127.0.0.1", port=port),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return super().handle_request(led)


class BehindCMS(RunningCMS):
    """A CMS that knows it is reached by Nginx."""

    def __init__(self, data_dir: Path, environ: Mapping[str, str] | None = None) -> None:
        super().__init__(data_dir)
        self._environ |= {
            "CMS_PUBLIC_URL": f"https://{CMS}",
            "CMS_SITE_URL": f"https://{SITE}",
            "CMS_TRUSTED_PROXIES": "127.0.0.1/32",
            **(environ or {}),
        }


class House:
    """Nginx with our configuration in front of whatever listens at `apps`."""

    def __init__(self, folder: Path, apps: Sequence[str], **changes: Any) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.tls, self.http = free_port(), free_port()
        self.authority = Authority(folder)
        self.site = replace(
            nginx.Site(
                cms_url=f"https://{CMS}",
                site_url=f"https://{SITE}",
                apps=apps,
                admin_root=str(ADMIN_UI),
                frontend=str(folder / "site"),
                certificates=str(folder),
                challenges=str(folder / "challenges"),
                cache_root=str(folder / "cache"),
                version=version(),
                tls=(f"127.0.0.1:{self.tls}",),
                http=(f"127.0.0.1:{self.http}",),
            ),
            **changes,
        )
        for host in (CMS, SITE):
            self.authority.vouch_for(host)
        (folder / "site").mkdir()
        (folder / "site" / "index.html").write_text("<!doctype html><title>Rani</title>\n")
        (folder / "challenges" / ".well-known" / "acme-challenge").mkdir(parents=True)
        (folder / "challenges" / ".well-known" / "acme-challenge" / "one").write_text("token")
        self.process: subprocess.Popen[bytes] | None = None

    def write(self, changed: Mapping[str, str] | None = None) -> None:
        user = "" if getuser() != "root" else "user root; "
        for name, text in {
            **nginx.files(self.site),
            "nginx.conf": MAIN.format(here=self.folder, user=user),
            **(changed or {}),
        }.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    @property
    def command(self) -> list[str]:
        conf, log = self.folder / "nginx.conf", self.folder / "error.log"
        return [str(program()), "-p", str(self.folder), "-c", str(conf), "-e", str(log)]

    def start(self, changed: Mapping[str, str] | None = None) -> None:
        self.write(changed)
        tested = subprocess.run([*self.command, "-t"], capture_output=True, text=True, check=False)
        assert tested.returncode == 0, tested.stderr
        assert "[warn]" not in tested.stderr, tested.stderr
        self.process = subprocess.Popen(self.command, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.TransportError), self.client() as client:
                client.get("/health/live")
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "error.log").read_text())

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(PATIENCE)

    def client(self, host: str = CMS, local_address: str | None = None) -> httpx.Client:
        return httpx.Client(
            transport=Door(self, local_address), base_url=f"https://{host}", timeout=20
        )


@contextlib.contextmanager
def before(folder: Path, cms: RunningCMS, **changes: Any) -> Iterator[House]:
    """Nginx before one CMS, its media read from the disk."""
    media = str(folder / "data" / "media")
    house = House(folder / "nginx", [f"127.0.0.1:{cms.port}"], **{"media_root": media, **changes})
    house.start()
    try:
        yield house
    finally:
        house.stop()

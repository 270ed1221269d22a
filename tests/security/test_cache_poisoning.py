"""A cache in front of us: what one sends is never what the next one gets.

A real Nginx with a small cache stands before the real server, keyed by host and address alone:
whatever else of a request could change an answer would stay in it for everyone.
"""

import asyncio
import contextlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from tests import make
from tests.reliability.running import free_port
from tests.security.served import Server

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CONF = """
worker_processes 1; daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_cache_path {folder}/cache keys_zone=micro:1m;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{upstream}; proxy_http_version 1.1;
      proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;
      {passes}
      proxy_cache micro; proxy_cache_key $scheme$http_host$request_uri;
      add_header X-Cache $upstream_cache_status always;
    }}
  }}
}}
"""
EVIL = "evil.example"
# What the key does not know, and a server might heed.
UNKEYED = [
    {"X-Forwarded-Host": EVIL}, {"X-Host": EVIL, "X-Forwarded-Server": EVIL},
    {"Forwarded": f"host={EVIL}"}, {"X-Forwarded-Prefix": f"//{EVIL}"}, {"X-Original-Host": EVIL},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Scheme": "https"}, {"If-Match": '"9"'},
    {"X-Original-URL": "/api/v1/admin/site"}, {"X-Rewrite-URL": "/health/live"},
    {"X-HTTP-Method-Override": "DELETE"}, {"Origin": f"https://{EVIL}"},
    {"Referer": f"https://{EVIL}/"}, {"Accept": "text/html"}, {"Accept": "application/xml"},
    {"Accept-Language": "xx"}, {"Accept-Encoding": "gzip, br"}, {"Range": "bytes=0-3"},
    {"Cookie": f"lontar={EVIL}; theme=x"}, {"Authorization": f"Bearer {EVIL}"},
    {"X-Request-Id": "evil-request-id"}, {"Content-Type": "multipart/form-data"},
    {"User-Agent": EVIL, "X-Wap-Profile": f"http://{EVIL}"}, {"Expect": "100-continue"},
]  # fmt: skip
PATHS = ["/api/v1/articles", "/api/v1/articles/one", "/api/v1/articles/one.md", "/api/v1/site",
         "/api/v1/openapi.json", "/api/v1/tags", "/api/docs"]  # fmt: skip
VOLATILE = {"date", "x-cache", "x-request-id", "connection", "transfer-encoding", "server"}

pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx: apt-get install nginx-light")


@contextlib.contextmanager
def cache_before(upstream: int, passes: str = "") -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="nginx", ignore_cleanup_errors=True) as folder:
        port = free_port()
        conf = Path(folder) / "nginx.conf"
        conf.write_text(CONF.format(folder=folder, port=port, upstream=upstream, passes=passes))
        assert NGINX
        process = subprocess.Popen([NGINX, "-c", str(conf), "-p", folder, "-e", f"{folder}/e"])
        try:
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="cache", ignore_cleanup_errors=True) as folder:
        found = Server(Path(folder))
        try:
            yield found
        finally:
            found.stop()


@pytest.fixture(scope="module")
def token(server: Server) -> str:
    return asyncio.run(_furnish(server))


async def _furnish(server: Server) -> str:
    said = server.said.partition("#token=")[2].split()[0]
    person = {"email": "rani@example.com", "name": "Rani", "password": make.PASSWORD}
    async with httpx.AsyncClient(base_url=server.url, timeout=20) as client:
        made = await client.post("/api/v1/admin/setup", json={**person, "token": said})
        assert made.status_code == 201, made.text
        csrf = {"X-CSRF-Token": made.json()["csrf_token"]}
        scopes = {"name": "x", "scopes": ["read", "articles:write", "articles:publish"]}
        token: str = (await client.post("/api/v1/admin/tokens", json=scopes, headers=csrf)).json()[
            "token"
        ]
        client.headers["Authorization"] = f"Bearer {token}"
        client.cookies.clear()
        await make.published(client, slug="one", title="One", markdown="Some *text*.")
        await make.article(client, slug="draft", title="Draft")
        # Dated only once it has settled; until then an answer differs from the next by itself.
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if "last-modified" in (await client.get("/api/v1/site")).headers:
                return token
            await asyncio.sleep(0.25)
    raise AssertionError("what was published does not settle")


def _essence(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    kept = {name: value for name, value in answer.headers.items() if name not in VOLATILE}
    return answer.status_code, answer.content, kept


def poisoned(url: str, clean: dict[str, tuple[int, bytes, dict[str, str]]]) -> set[str]:
    """Send each poison first, at an address of its own; what does a reader get there after it?"""
    found = set()
    with (
        httpx.Client(base_url=url, timeout=20) as client,
        httpx.Client(base_url=url, timeout=20) as poisoner,
    ):
        for number, poison in enumerate(UNKEYED):
            host = {"Host": f"localhost:{1000 + number}"}  # a place of its own in the cache
            for path, expected in clean.items():
                try:
                    poisoner.get(path, headers={**host, **poison})
                except httpx.ReadError:  # Nginx answers 412 by itself, and at times hangs up
                    assert "If-Match" in poison
                after = client.get(path, headers=host)
                if _essence(after) != expected or EVIL in after.text + str(after.headers):
                    found.add(f"{path} {poison}")
    return found


def _clean(url: str, paths: list[str]) -> dict[str, tuple[int, bytes, dict[str, str]]]:
    with httpx.Client(base_url=url, timeout=20) as client:
        return {path: _essence(client.get(path, headers={"Host": "localhost"})) for path in paths}


def test_nothing_unkeyed_changes_what_the_next_one_gets(server: Server, token: str) -> None:
    with cache_before(server.port) as url:
        clean = _clean(url, PATHS)
        with httpx.Client(base_url=url, timeout=20) as client:
            again = client.get("/api/v1/articles", headers={"Host": "localhost"})
            assert again.headers["x-cache"] in {"HIT", "STALE", "UPDATING"}  # it does cache
        assert {status for status, _, _ in clean.values()} == {200}
        assert poisoned(url, clean) == set()


def test_what_is_private_or_refused_is_not_kept(server: Server, token: str) -> None:
    bearer = {"Authorization": f"Bearer {token}"}
    with cache_before(server.port) as url, httpx.Client(base_url=url, timeout=20) as client:
        article = next(
            item
            for item in client.get("/api/v1/admin/articles", headers=bearer).json()["items"]
            if item["slug"] == "draft"
        )
        link = client.post(
            f"/api/v1/admin/articles/{article['id']}/preview-links", headers=bearer
        ).json()
        for path in (
            "/api/v1/admin/articles", f"/api/v1/admin/articles/{article['id']}",
            "/api/v1/admin/articles/", f"/api/v1/articles/draft?preview={link['token']}",
            "/api/v1/articles/nothing", "/api/v1/articles?limit=x", "/admin/", "/health/ready",
        ):  # fmt: skip
            for _ in range(2):
                answer = client.get(path, headers=bearer)
                assert answer.headers["x-cache"] == "MISS", path
            if path.startswith("/api/v1/admin"):
                assert client.get(path).status_code == 401
        # Deception: a private address that looks like a file.
        for ending in (".css", "/x.css", ";x.css", "%00.css", "%2fx.css", "?x.css", "%3Fx.css"):
            path = f"/api/v1/admin/articles{ending}"
            client.get(path, headers=bearer)
            stranger = client.get(path)
            assert stranger.status_code in {400, 401, 404}, path
            assert "draft" not in stranger.text
        for path in (
            "/api/v1/articles?preview=1",
            "/api/v1/articles?limit=x",
            "/api/v1/articles//",
        ):
            client.get(path)
        assert client.get("/api/v1/articles").status_code == 200
        assert client.get("/api/v1/site", headers={"Host": EVIL}).status_code == 400
        assert client.get("/api/v1/site").status_code == 200


class _Careless(BaseHTTPRequestHandler):
    """Builds a link from what it is told its host is, and lets everyone keep it."""

    def do_GET(self) -> None:
        host = self.headers.get("X-Forwarded-Host") or self.headers["Host"].partition(":")[0]
        body = f"https://{host}/next".encode()
        self.send_response(200)
        self.send_header("Cache-Control", "public, max-age=60")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_a_server_that_believes_headers_is_poisoned() -> None:
    careless = ThreadingHTTPServer(("127.0.0.1", 0), _Careless)
    threading.Thread(target=careless.serve_forever, daemon=True).start()
    try:
        with cache_before(careless.server_port) as url:
            found = poisoned(url, _clean(url, ["/list"]))
        assert any("X-Forwarded-Host" in item for item in found)
    finally:
        careless.shutdown()
        careless.server_close()

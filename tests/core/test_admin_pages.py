"""The built admin UI is served whole, fast and under a policy that knows no inline code."""

import gzip
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from cms import config
from cms.app import create_litestar, wrapped
from cms.core.admin_pages import AdminPages, accepted, content_security_policy, read_built
from cms.core.edge import Edge, Receive, Scope, Send
from tests import make

SCRIPT = b"export const leaf = 1;\n" * 80
ASSET = "/admin/assets/index-1a2b.js"
BUILT = {
    "index.html": b'<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__">',
    "assets/index-1a2b.js": SCRIPT,
    "assets/index-1a2b.js.gz": gzip.compress(SCRIPT),
    "assets/index-1a2b.js.br": b"pretend this is brotli",
    "leaf.svg": b"<svg/>",
    ".stamp": b"secret of the build",
}


async def beyond(_scope: Scope, _receive: Receive, send: Send) -> None:
    """The application behind: says that a request came through."""
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def client(built: Path, media_origin: str | None = None) -> httpx.AsyncClient:
    pages = AdminPages(beyond, built, media_origin)
    app: Any = Edge(pages, admin_origins=(), trusted_proxies=(), over_tls=False)
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    for name, body in BUILT.items():
        path = tmp_path / "_admin" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    (tmp_path / "secret.txt").write_text("outside")
    return tmp_path / "_admin"


@pytest.mark.parametrize("path", ["/", "/admin"])
async def test_the_front_door_leads_to_the_admin(built: Path, path: str) -> None:
    answer = await client(built).get(path)
    assert (answer.status_code, answer.headers["location"]) == (307, "/admin/")


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/admin/setup", "/admin/articles?status=draft&x=1&x=2", "/admin/articles/65"],
)
async def test_every_route_of_the_ui_answers_the_one_page(built: Path, path: str) -> None:
    answer = await client(built).get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "csp-nonce" in answer.text


async def test_each_page_has_a_nonce_of_its_own_under_a_closed_policy(built: Path) -> None:
    nonces = set()
    for _ in range(3):
        answer = await client(built).get("/admin/")
        policy = answer.headers["content-security-policy"]
        nonce = re.search(r'nonce="([\w-]{20,})"', answer.text)
        assert nonce is not None
        assert f"style-src 'self' 'nonce-{nonce[1]}'" in policy
        assert "script-src 'self';" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        nonces.add(nonce[1])
    assert len(nonces) == 3


async def test_the_page_is_isolated_from_other_origins(built: Path) -> None:
    for path in ("/admin/", ASSET):
        headers = (await client(built).get(path)).headers
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cross-origin-embedder-policy"] == "require-corp"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"


def test_pictures_may_come_from_where_the_media_are() -> None:
    policy = content_security_policy("n", "https://media.example").decode()
    assert "img-src 'self' data: blob: https://media.example;" in policy


@pytest.mark.parametrize(
    ("media_url", "images"),
    [
        ("https://media.example/files", "'self' data: blob: https://media.example;"),
        ("", "'self' data: blob:;"),
    ],
)
async def test_the_application_says_where_its_pictures_are(
    built: Path, monkeypatch: pytest.MonkeyPatch, media_url: str, images: str
) -> None:
    monkeypatch.setattr("cms.app.ADMIN_UI", built)
    given = {"CMS_SECRET_KEY": make.KEY, "CMS_MEDIA_URL": media_url}
    settings = config.load({name: value for name, value in given.items() if value})
    app = create_litestar(settings, "mongodb://127.0.0.1", background=False)
    transport = httpx.ASGITransport(app=wrapped(app, settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as browser:
        policy = (await browser.get("/admin/")).headers["content-security-policy"]
    assert f"img-src {images}" in policy


@pytest.mark.parametrize(
    ("asked", "coding"),
    [("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("identity", None)],
)
async def test_a_file_comes_in_the_best_coding_that_is_taken(
    built: Path, asked: str, coding: str | None
) -> None:
    async with client(built).stream("GET", ASSET, headers={"Accept-Encoding": asked}) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])
    ending = {"br": ".br", "gzip": ".gz", None: ""}[coding]
    assert body == BUILT[f"assets/index-1a2b.js{ending}"]
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["content-length"] == str(len(body))
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_a_known_file_is_not_sent_again(built: Path) -> None:
    async with client(built) as browser:
        headers = {"Accept-Encoding": "gzip"}
        etag = (await browser.get(ASSET, headers=headers)).headers["etag"]
        for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            answer = await browser.get(ASSET, headers={**headers, "If-None-Match": known})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["etag"] == etag
        answer = await browser.get(ASSET, headers={**headers, "If-None-Match": '"other"'})
        assert answer.status_code == 200
        plain = await browser.get(ASSET, headers={"Accept-Encoding": "identity"})
        assert plain.headers["etag"] != etag


async def test_a_file_without_a_hash_in_its_name_is_asked_for_again(built: Path) -> None:
    answer = await client(built).get("/admin/leaf.svg")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("path", ["/admin/", ASSET])
async def test_head_answers_like_get_without_a_body(built: Path, path: str) -> None:
    async with client(built) as browser:
        got, head = await browser.get(path), await browser.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize(
    "path",
    [
        "/admin/assets/missing.js",
        "/admin/assets/",
        "/admin/assets/index-1a2b.js.gz",
        "/admin/.stamp",
        "/admin/%2e%2e/secret.txt",
        "/admin/assets/..%2f..%2fsecret.txt",
        "/admin//etc/passwd",
        "/admin/assets/%00",
    ],
)
async def test_what_was_not_built_is_not_there(built: Path, path: str) -> None:
    request = httpx.Request("GET", "http://127.0.0.1:8000/")
    request.url = request.url.copy_with(raw_path=path.encode())
    answer = await client(built).send(request)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"
    assert "outside" not in answer.text


@pytest.mark.parametrize("path", ["/admin/", ASSET, "/"])
async def test_the_pages_take_no_writes(built: Path, path: str) -> None:
    answer = await client(built).post(path, json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/api/v1/admin/session", "/administrator", "/health/live"])
async def test_everything_else_goes_to_the_application(built: Path, path: str) -> None:
    assert (await client(built).get(path)).status_code == 299


async def test_an_installation_without_ui_says_so(tmp_path: Path) -> None:
    answer = await client(tmp_path / "nowhere").get("/admin/articles")
    assert answer.status_code == 404
    assert "CMS_SKIP_ADMIN_UI" in answer.text
    assert "'none'" in answer.headers["content-security-policy"]


def test_a_file_of_an_unknown_kind_is_left_out(built: Path) -> None:
    (built / "notes.exe").write_bytes(b"MZ")
    assert set(read_built(built)) == {"index.html", "assets/index-1a2b.js", "leaf.svg"}


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "gzip"),
        ("gzip;q=nonsense", "identity"),
        ("GZIP ; q=1.0", "gzip"),
    ],
)
def test_content_codings_are_weighed_as_the_standard_says(header: str, coding: str) -> None:
    assert accepted(header, ["br", "gzip"]) == coding

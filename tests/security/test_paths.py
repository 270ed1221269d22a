"""No path leads to a file that was not built to be served, and nothing packed is unpacked."""

import gzip
import zlib
from pathlib import Path
from typing import Any

import httpx
import pytest

from cms.core.admin_pages import AdminPages
from cms.core.edge import Edge
from tests.core.test_http import is_problem
from tests.security import weak
from tests.security.aims import CANARY
from tests.security.test_path_authorisation import Ask, asking

SECRETS = ["secret.txt", "built/.env", "built/assets/.key", "built/notes.py"]
UPS = ["..", "%2e%2e", "%2E%2e", ".%2e", "..%00", "..;", "%252e%252e", "..%5c", "..\\",
       "%c0%ae%c0%ae", "\uff0e\uff0e", "....", "...", ".. ", "%2e%2e%2f"]  # fmt: skip
BOMB = 50_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "built/assets").mkdir(parents=True)
    (tmp_path / "built/index.html").write_text("<!doctype html><title>Lontar</title>")
    (tmp_path / "built/assets/app.js").write_text("1")
    for name in SECRETS:
        (tmp_path / name).write_text(CANARY)
    return tmp_path


def escapes(prefix: str) -> list[str]:
    found = [f"{prefix}{name.removeprefix('built/')}" for name in SECRETS[1:]]
    for up in UPS:
        for slash in ("/", "%2f", "\\", "%5c", "//"):
            for base in (prefix, f"{prefix}assets/"):
                for count in (1, 2, 3):
                    found.append(base + (up + slash) * count + "secret.txt")
                    found.append(base + (up + slash) * (count + 6) + "etc/passwd")
    found += [f"{prefix}/etc/passwd", f"{prefix}//etc/passwd", f"{prefix}C:/secret.txt",
              f"{prefix}file:///etc/passwd", f"{prefix}.//.//secret.txt"]  # fmt: skip
    return found


def _leaks(body: str) -> bool:
    return CANARY in body or "root:x:" in body


async def _found(ask: Ask, paths: list[str]) -> set[str]:
    return {path for path in paths if _leaks((await ask("GET", path))[2])}


async def _nothing(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def test_no_path_leads_out_of_what_was_built(folder: Path) -> None:
    pages = AdminPages(_nothing, folder / "built")
    app = Edge(pages, admin_origins=(), trusted_proxies=(), over_tls=False)
    ask = asking(app)
    assert (await ask("GET", "/admin/assets/app.js"))[2] == "1"
    paths = escapes("/admin/")
    assert len(paths) > 500
    assert await _found(ask, paths) == set()


async def test_a_server_that_joins_paths_gives_the_secret_away(folder: Path) -> None:
    async with weak.client(weak.files(folder / "built")) as client:
        assert (await client.get("/%2e%2e/secret.txt")).text == CANARY
        assert (await client.get("/.env")).text == CANARY


@pytest.mark.parametrize(
    "prefix", ["/api/v1/articles/", "/media/", "/api/docs/", "/", "/api/v1/tags/"]
)
async def test_nor_does_a_route_of_the_api(
    reader: httpx.AsyncClient, served: Any, settings: Any, prefix: str
) -> None:
    from cms.app import wrapped  # noqa: PLC0415

    ask = asking(wrapped(served, settings))
    paths = escapes(prefix)[::10]
    assert await _found(ask, paths) == set()
    for path in paths:
        assert (await ask("GET", path))[0] in {301, 307, 308, 400, 404}, path


@pytest.mark.parametrize(
    "coding", ["gzip", "deflate", "br", "gzip, gzip", "x-gzip", "compress", "zstd"]
)
async def test_a_packed_body_is_not_unpacked(owner: httpx.AsyncClient, coding: str) -> None:
    text = b'{"title": "' + b"a" * BOMB + b'"}' if coding == "gzip" else b'{"title": "a"}'
    packed = zlib.compress(text) if coding == "deflate" else gzip.compress(text)
    assert len(packed) < 100_000
    for path in ("/api/v1/admin/articles", "/api/v1/admin/profiles/import-resume"):
        answer = await owner.post(
            path,
            content=packed,
            headers={"Content-Type": "application/json", "Content-Encoding": coding},
        )
        is_problem(answer, 415, "unsupported_media_type")


def test_unpacked_it_would_have_been_a_bomb() -> None:
    packed = gzip.compress(b"a" * BOMB)
    assert len(gzip.decompress(packed)) > 500 * len(packed)


@pytest.mark.parametrize(
    "document",
    [
        b'{"basics":' * 5000 + b"1" + b"}" * 5000,
        b'{"work":[' + b"{}," * 60_000 + b"{}]}",
        b'{"basics": {"name": "' + b"a" * 2_200_000 + b'"}}',
        b"PK\x03\x04" + b"\0" * 1000,
    ],
    ids=["deep", "many", "long", "zip"],
)
async def test_a_resume_that_is_a_bomb_is_refused(
    owner: httpx.AsyncClient, document: bytes
) -> None:
    answer = await owner.post(
        "/api/v1/admin/profiles/import-resume",
        content=document,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in {400, 413}, answer.text[:300]
    assert len(answer.content) < 2000

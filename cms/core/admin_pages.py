"""The built admin UI at `/admin/`: its files are read once, so no path reaches the disk.

Not before somebody asks for them: behind Nginx, which has them itself, nobody ever does, and they
are megabytes.
"""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cms.core.edge import ASGIApp, Headers, Receive, Scope, Send
from cms.core.errors import MethodNotAllowed, NotFound, Refusal
from cms.core.problems import bare

PREFIX: Final = "/admin/"
INDEX: Final = "index.html"
NONCE: Final = b"__CSP_NONCE__"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
# Best first: the ending of a file that was compressed when it was built, and its coding's name.
CODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
HASHED: Final = "assets/"
FOR_EVER: Final = b"public, max-age=31536000, immutable"
ISOLATED: Final[Headers] = [
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
NOT_BUILT: Final = b"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Lontar: no admin UI here</title>
<h1>The admin UI is not part of this installation</h1>
<p>It was installed with <code>CMS_SKIP_ADMIN_UI=1</code>, or from a checkout whose UI was not built
yet: run <code>make setup</code>. The API works without it, under <code>/api/v1</code>.</p>
</html>
"""


@dataclass(frozen=True, slots=True)
class File:
    """One built file with its compressed twins, best first."""

    media_type: bytes
    etag: str
    is_hashed: bool
    bodies: Mapping[str, bytes]


def read_built(folder: Path) -> dict[str, File]:
    """Every file of the build by its path below `/admin/`; empty when nothing was built."""
    found = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in TYPES
    }
    return {name: _read(name, path) for name, path in found.items()}


def _read(name: str, path: Path) -> File:
    plain = path.read_bytes()
    twins = {
        coding: twin.read_bytes()
        for coding, ending in CODINGS
        if (twin := path.with_name(path.name + ending)).is_file()
    }
    return File(
        media_type=TYPES[path.suffix].encode(),
        etag=hashlib.blake2b(plain, digest_size=16).hexdigest(),
        is_hashed=name.startswith(HASHED),
        bodies={**twins, "identity": plain},
    )


def content_security_policy(nonce: str, media_origin: str | None = None) -> bytes:
    """Nothing but our own; the nonce is for the `<style>` that Mantine and CodeMirror insert."""
    images = " ".join(filter(None, ["'self' data: blob:", media_origin]))
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
        f"img-src {images}; font-src 'self'; connect-src 'self'; frame-src 'self'; "
        "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "object-src 'none'"
    ).encode()


def accepted(header: str, offered: Iterable[str]) -> str:
    """The first offered coding that the client takes (RFC 9110 12.5.3)."""
    weights: dict[str, float] = {}
    for item in header.lower().split(","):
        coding, _semicolon, parameter = item.strip().partition(";")
        weight = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", parameter)
        weights[coding.strip()] = float(weight[1]) if weight else float(not parameter.strip())
    for coding in offered:
        if weights.get(coding, weights.get("*", 0.0)) > 0:
            return coding
    return "identity"


class AdminPages:
    """Answers `/` and `/admin/…` and leaves everything else to the application.

    It stands before Litestar, whose guards would refuse the query strings of deep links and whose
    own static files know neither 304 nor a fallback for the UI's routes.
    """

    def __init__(self, app: ASGIApp, built: Path, media_origin: str | None = None) -> None:
        self.app = app
        self.media_origin = media_origin
        self._built = built
        self._files: dict[str, File] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path in {"/", "/admin"} or path.startswith(PREFIX)):
            await self.app(scope, receive, send)
            return
        if self._files is None:
            self._files = await asyncio.to_thread(read_built, self._built)
        try:
            status, headers, body = self._answer(scope, path, self._files)
        except Refusal as refusal:
            status, headers, body = bare(scope, refusal)
        headers = [*headers, *ISOLATED, (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _answer(
        self, scope: Scope, path: str, files: Mapping[str, File]
    ) -> tuple[int, Headers, bytes]:
        if scope["method"] != "GET":  # the edge hands HEAD on as GET
            raise MethodNotAllowed(
                "This address does not take that method.", headers={"Allow": "GET, HEAD"}
            )
        if not path.startswith(PREFIX):
            return 307, [(b"location", PREFIX.encode()), (b"cache-control", b"no-store")], b""
        name = path.removeprefix(PREFIX)
        if name != INDEX and (file := files.get(name)):
            return _file(file, dict(scope["headers"]))
        if not _is_route(name):
            raise NotFound
        return self._page(files.get(INDEX))

    def _page(self, index: File | None) -> tuple[int, Headers, bytes]:
        """The one page, whichever route of the UI was asked for; its nonce is used once."""
        headers = [
            (b"content-type", TYPES[".html"].encode()),
            (b"cache-control", b"no-store"),
        ]
        if index is None:
            return 404, headers, NOT_BUILT
        nonce = secrets.token_urlsafe(18)
        policy = content_security_policy(nonce, self.media_origin)
        headers.append((b"content-security-policy", policy))
        return 200, headers, index.bodies["identity"].replace(NONCE, nonce.encode())


def _is_route(name: str) -> bool:
    """Whether the UI's router may know it: files have a dot, routes never."""
    return not name.startswith(HASHED) and "." not in name and "//" not in f"/{name}"


def _file(file: File, asked: Mapping[bytes, bytes]) -> tuple[int, Headers, bytes]:
    coding = accepted(
        asked.get(b"accept-encoding", b"").decode("latin-1"),
        [coding for coding in file.bodies if coding != "identity"],
    )
    etag = f'"{file.etag}"' if coding == "identity" else f'"{file.etag}-{coding}"'
    headers = [
        (b"etag", etag.encode()),
        (b"cache-control", FOR_EVER if file.is_hashed else b"no-cache"),
        (b"vary", b"Accept-Encoding"),
    ]
    known = asked.get(b"if-none-match", b"").decode("latin-1")
    tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
    if etag in tags or "*" in tags:
        return 304, headers, b""
    headers.append((b"content-type", file.media_type))
    if coding != "identity":
        headers.append((b"content-encoding", coding.encode()))
    return 200, headers, file.bodies[coding]

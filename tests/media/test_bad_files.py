"""What pretends to be a picture, or is a trap, is refused in words and leaves nothing behind."""

import os
import struct
import zlib
from pathlib import Path

import httpx
import pytest

from cms.core.db import Database
from cms.core.uploads import MAX_FILE_BYTES
from cms.media.library import Library
from tests.media import samples
from tests.media.conftest import ADMIN, stored, upload

PROVING = os.environ.get("LONTAR_PROVE") == "1"
JPEG, PNG, GIF = samples.jpeg(400, 300), samples.png(), samples.moving(3)
WEBP, AVIF, ZIP = samples.webp(), samples.avif(), samples.zip_file()
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}>{}</svg>'


def svg(inside: str, attributes: str = "") -> bytes:
    return SVG.format(attributes, inside).encode()


def zip_bomb_text() -> bytes:
    """A PNG whose comment unpacks to a hundred megabytes; the pixels are cut off."""
    packed = zlib.compress(b"\0" * 100_000_000, 9)
    start = PNG[:33]
    return start + samples.chunk(b"zTXt", b"a\0\0" + packed)


def gif_of(frames: int, side: int) -> bytes:
    """Frames of next to nothing, each said to be large."""
    head = b"GIF89a" + struct.pack("<HH", side, side) + b"\x80\0\0" + b"\0\0\0\xff\xff\xff"
    frame = b"\x2c" + struct.pack("<HHHH", 0, 0, side, side) + b"\0\x02\x02\x44\x01\0"
    return head + frame * frames + b";"


# What it is, what it is called, the code that says no.
BAD: dict[str, tuple[bytes, str, str]] = {
    "PNG bomb of 13312 by 13312": (samples.png_bomb(), "a.png", "too_large_image"),
    "PNG that says 50000 by 50000": (
        samples.png_that_says(50_000, 50_000), "a.png", "too_large_image"),
    "PNG that says 2147483647 wide": (
        samples.png_that_says(2**31 - 1, 1), "a.png", "undecodable too_large_image"),
    "PNG that is wider than any encoder takes": (
        samples.png_that_says(17_000, 10), "a.png", "too_large_image"),
    "PNG that says 0 by 0": (samples.png_that_says(0, 0), "a.png", "undecodable"),
    "PNG without its pixels": (samples.png_that_says(100, 100), "a.png", "undecodable"),
    "PNG with a comment of 100 MB": (zip_bomb_text(), "a.png", "truncated"),
    "PNG cut in half": (PNG[: len(PNG) // 2], "a.png", "truncated"),
    "PNG with a zip behind": (PNG + ZIP, "a.png", "trailing_data"),
    "PNG with a page behind": (PNG + HTML, "a.png", "trailing_data"),
    "PNG signature alone": (b"\x89PNG\r\n\x1a\n", "a.png", "truncated"),
    "PNG signature before a page": (b"\x89PNG\r\n\x1a\n" + HTML, "a.png", "truncated"),
    "GIF of 400 frames": (samples.moving(400, 8, 8), "a.gif", "too_many_frames"),
    "GIF of 400 huge frames": (gif_of(400, 6000), "a.gif", "too_many_frames"),
    "GIF of 150 huge frames": (gif_of(150, 6000), "a.gif", "undecodable too_large_image"),
    "GIF of 65535 by 65535": (gif_of(1, 65535), "a.gif", "undecodable too_large_image"),
    "GIF cut short": (GIF[:-40], "a.gif", "truncated"),
    "GIF with a script behind": (GIF + b"/*<script>*/", "a.gif", "trailing_data"),
    "GIF that is a script": (b"GIF89a=1;alert(1)//", "a.gif", "truncated"),
    "JPEG cut in half": (JPEG[: len(JPEG) // 2], "a.jpg", "truncated"),
    "JPEG with a zip behind": (JPEG + ZIP, "a.jpg", "trailing_data"),
    "JPEG with PHP behind": (JPEG + b"<?php system($_GET[0]);", "a.jpg", "trailing_data"),
    "JPEG with a PDF behind": (JPEG + samples.PDF, "a.jpg", "trailing_data"),
    "JPEG's start before noise": (b"\xff\xd8\xff" + os.urandom(5000), "a.jpg", "truncated"),
    "WebP cut short": (WEBP[:-30], "a.webp", "truncated"),
    "WebP with a zip behind": (WEBP + ZIP, "a.webp", "trailing_data"),
    "WebP header before noise": (
        b"RIFF" + struct.pack("<I", 96) + b"WEBPVP8 " + b"\x01" * 88, "a.webp", "undecodable"),
    "AVIF cut short": (AVIF[:-30], "a.avif", "truncated"),
    "AVIF header before nothing": (
        struct.pack(">I", 20) + b"ftypavif\0\0\0\0avif", "a.avif", "undecodable"),
    "HEIC": (struct.pack(">I", 20) + b"ftypheic\0\0\0\0mif1", "a.heic", "unknown_type"),
    "HTML as PNG": (HTML, "a.png", "unknown_type"),
    "HTML as HTML": (HTML, "a.html", "unknown_type"),
    "a program as JPEG": (b"\x7fELF" + bytes(200), "a.jpg", "unknown_type"),
    "a Windows program": (b"MZ" + bytes(200), "a.exe", "unknown_type"),
    "a zip as a picture": (ZIP, "a.png", "wrong_extension"),
    "a zip as a document": (ZIP, "a.docx", "wrong_extension"),
    "a zip without an end": (ZIP[:30], "a.zip", "truncated"),
    "a JPEG called .png": (JPEG, "a.png", "wrong_extension"),
    "a PNG called .php": (PNG, "a.php", "wrong_extension"),
    "a PNG called .svg": (PNG, "a.svg", "wrong_extension"),
    "a PDF called .txt": (samples.PDF, "a.txt", "wrong_extension"),
    "a PDF cut short": (samples.PDF[:-8], "a.pdf", "truncated"),
    "bytes as text": (bytes(range(256)), "a.txt", "unknown_type"),
    "nothing": (b"", "a.png", "empty_file"),
    "11 MB": (PNG + bytes(MAX_FILE_BYTES + 1024 * 1024), "a.png", "file_too_large"),
    "11 MB of text": (b"a" * (MAX_FILE_BYTES + 1), "a.txt", "file_too_large"),
    "SVG with a script": (svg("<script>alert(1)</script>"), "a.svg", "active_content"),
    "SVG with a prefixed script": (svg("<x:script>alert(1)</x:script>"), "a.svg", "active_content"),
    "SVG with a handler": (svg("", 'onload="alert(1)"'), "a.svg", "active_content"),
    "SVG with a handler over lines": (svg("<g\nonclick\n=\n'x()'/>"), "a.svg", "active_content"),
    "SVG with a page inside": (svg("<foreignObject/>"), "a.svg", "active_content"),
    "SVG with a link that runs": (
        svg('<a href="java&#115;cript:x()"/>'), "a.svg", "active_content"),
    "SVG with entities": (
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"), "a.svg", "active_content"),
    "SVG that brings a stylesheet": (svg("<style>@import 'x';</style>"), "a.svg", "active_content"),
    "SVG in UTF-16": (svg("").decode().encode("utf-16"), "a.svg", "unknown_type"),
    "SVG that is not closed": (b"<svg><g>", "a.svg", "undecodable"),
    "SVG of 2 MB": (svg("<g/>" * 600_000), "a.svg", "too_large_image"),
}  # fmt: skip


def memory_kib() -> int:
    found = Path("/proc/self/status").read_text(encoding="ascii")
    return int(found.partition("VmRSS:")[2].split()[0])


async def test_every_trap_is_refused_in_words_and_leaves_nothing(
    owner: httpx.AsyncClient, library: Library, database: Database
) -> None:
    assert len(BAD) >= 40
    assert len(BAD["PNG bomb of 13312 by 13312"][0]) < 25_000
    await upload(owner, b"warm", "a.html")
    before = memory_kib()
    # What is refused never gets as far as the storage: all of them on one are enough for a day.
    traps = list(BAD.items())[:: 1 if library.storage.kind == "disk" or PROVING else 8]
    for what, (data, name, codes) in traps:
        answer = await upload(owner, data, name)
        problem = answer.json()
        assert answer.status_code in {413, 422}, (what, answer.text)
        assert problem["code"] in codes.split(), (what, problem)
        assert len(problem["detail"]) > 20, what
    assert memory_kib() - before < 100 * 1024
    assert await stored(library) == []
    assert await database["media"].count_documents({}) == 0
    if library.storage.kind == "disk":
        await upload(owner, b"text", "a.txt")
        assert len(os.listdir(library.storage._location)) == 1  # noqa: PTH208 - not in the loop


async def test_a_type_that_is_declared_falsely_is_refused(
    owner: httpx.AsyncClient, library: Library
) -> None:
    for declared, status in (("text/html", 422), ("image/gif", 422), ("image/png", 201)):
        answer = await owner.post(ADMIN, files={"file": ("a.png", PNG, declared)})
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_form"),
        (b"nonsense", 400, "malformed_form"),
        (b"--b\r\n\r\n", 400, "malformed_form"),
        (b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx',
         400, "malformed_form"),
        (b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n',
         422, "invalid"),
        (b'--b\r\nContent-Disposition: form-data; name="evil"; filename="a"\r\n\r\nx\r\n--b--\r\n',
         422, "invalid"),
        (b"--b\r\n" + b"X-A: b\r\n" * 9 + b"\r\nx\r\n--b--\r\n", 413, "form_too_large"),
        (b"--b\r\nX-A: " + b"b" * 5000 + b"\r\n\r\nx\r\n--b--\r\n", 413, "form_too_large"),
        (b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx\r\n' * 11
         + b"--b--\r\n", 413, "form_too_large"),
    ],
)  # fmt: skip
async def test_a_form_that_is_none_is_refused(
    owner: httpx.AsyncClient, library: Library, body: bytes, status: int, code: str
) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await owner.post(ADMIN, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_files_come_as_a_form_alone(owner: httpx.AsyncClient, library: Library) -> None:
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        answer = await owner.post(ADMIN, content=b"{}", headers={"Content-Type": kind})
        assert answer.status_code == 415, kind
    for kind in ("multipart/form-data", "multipart/form-data; boundary="):
        answer = await owner.post(ADMIN, content=b"x", headers={"Content-Type": kind})
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_form"), kind

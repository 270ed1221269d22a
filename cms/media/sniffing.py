"""What a file is by its bytes, and whether it is only that. Pure; nothing is decoded here.

A name or a declared type that says something else is refused: whoever sends one is mistaken, or
means to mislead whatever reads the name later. So is a picture with another file behind it.
"""

import re
from dataclasses import dataclass
from typing import Final

from cms.core.errors import FieldError, Invalid, TooLarge
from cms.core.uploads import MAX_FILE_BYTES

FIELD: Final = "file"
MAX_FRAMES: Final = 200
MAX_SVG_BYTES: Final = 1024 * 1024
JPEG, PNG, WEBP, GIF, AVIF = "image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"
SVG, PDF, ZIP = "image/svg+xml", "application/pdf", "application/zip"
PLAIN, CSV, MARKDOWN = "text/plain", "text/csv", "text/markdown"
RASTER: Final = (JPEG, PNG, WEBP, GIF, AVIF)
# The name's ends that each type may have; the first is ours.
ENDS: Final = {
    JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    PNG: ("png",),
    WEBP: ("webp",),
    GIF: ("gif",),
    AVIF: ("avif",),
    SVG: ("svg",),
    PDF: ("pdf",),
    ZIP: ("zip",),
    PLAIN: ("txt",),
    CSV: ("csv",),
    MARKDOWN: ("md",),
}
TEXTS: Final = (PLAIN, CSV, MARKDOWN)
TYPES: Final = {end: mime for mime, ends in ENDS.items() for end in ends}
SAME: Final = {
    "image/jpg": JPEG,
    "image/pjpeg": JPEG,
    "image/x-png": PNG,
    "application/x-zip-compressed": ZIP,
    "application/x-zip": ZIP,
    "application/x-pdf": PDF,
}
TOLD_NOTHING: Final = {"", "application/octet-stream", "binary/octet-stream"}
ALLOWED: Final = "JPEG, PNG, WebP, GIF, AVIF, SVG, PDF, ZIP, and text as .txt, .csv or .md"
# What has no business behind the end of a photograph; cameras do append films and thumbnails.
FOREIGN: Final = re.compile(
    rb"PK\x03\x04|Rar!\x1a|%PDF-|\x7fELF|7z\xbc\xaf|<\?php|<script|<html|<svg|<!doctype",
    re.IGNORECASE,
)
# What a picture that only shows something does not need.
ACTIVE: Final = (
    re.compile(
        rb"<\s*(?:[\w-]+:)?(?:script|foreignobject|iframe|embed|object|handler|set|animate\w*)\b",
        re.IGNORECASE,
    ),
    re.compile(rb"<!(?:ENTITY|ATTLIST|ELEMENT|NOTATION)|<\?xml-stylesheet", re.IGNORECASE),
    re.compile(rb"<!DOCTYPE[^<>\[]*\[", re.IGNORECASE),
    re.compile(rb"[\s\"'/]on[a-z]+\s*=", re.IGNORECASE),
    re.compile(rb"javascript\s*:|@import|data:text/", re.IGNORECASE),
)
REFERENCE: Final = re.compile(rb"&#(?:x0*([0-9a-f]{1,6})|0*(\d{1,7}));?", re.IGNORECASE)
# What may stand in front of an SVG's first element: how each begins and ends.
_PROLOG: Final = ((b"<?xml", b"?>"), (b"<!--", b"-->"), (b"<!doctype", b">"))
_SVG_START: Final = re.compile(rb"\A<svg[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sniffed:
    mime: str

    @property
    def is_raster(self) -> bool:
        return self.mime in RASTER


def refused(message: str, code: str) -> Invalid:
    wrong = [FieldError(FIELD, message, code)]
    return Invalid(f"{FIELD}: {message}", code=code, errors=wrong)


def sniff(data: bytes, name: str, declared: str = "") -> Sniffed:
    """What the bytes are, if name and declared type do not say otherwise.

    Raises:
        Invalid: empty, of no type that is taken, misnamed, unfinished or two files in one.
        TooLarge: more than 10 MB.
    """
    if len(data) > MAX_FILE_BYTES:
        raise too_large()
    if not data:
        raise refused("the file is empty", "empty_file")
    end = name.rpartition(".")[2].lower() if "." in name else ""
    mime = _by_bytes(data) or _text(data, end)
    if mime is None:
        raise refused(f"this is none of the types that are taken: {ALLOWED}", "unknown_type")
    if end and end not in ENDS[mime]:
        message = f"it is called .{end[:20]}, but its bytes are {mime}"
        raise refused(message, "wrong_extension")
    said = SAME.get(declared, declared)
    if said not in TOLD_NOTHING and said != mime and mime not in TEXTS:
        message = f"it was sent as {said[:100]}, but its bytes are {mime}"
        raise refused(message, "wrong_type")
    _require_whole(data, mime)
    return Sniffed(mime)


def type_of(data: bytes, name: str) -> str | None:
    """What a file of the library is by its beginning; None for nothing that is taken."""
    return _by_bytes(data) or _text(data, name.rpartition(".")[2])


def too_large() -> TooLarge:
    megabytes = MAX_FILE_BYTES // 1024 // 1024
    return TooLarge(f"A file may have {megabytes} MB at most.", code="file_too_large")


def _by_bytes(data: bytes) -> str | None:
    for start, mime in (
        (b"\xff\xd8\xff", JPEG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"GIF87a", GIF),
        (b"GIF89a", GIF),
        (b"%PDF-", PDF),
        (b"PK\x03\x04", ZIP),
    ):
        if data.startswith(start):
            return mime
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp":
        brands = data[8 : min(int.from_bytes(data[:4]), 200)]
        return AVIF if b"avif" in brands or b"avis" in brands else None
    head = data[:8192].removeprefix(b"\xef\xbb\xbf")
    return SVG if _SVG_START.match(_without_prolog(head)) else None


def _without_prolog(head: bytes) -> bytes:
    """An XML text from its first element on; empty where the prolog does not end."""
    rest = head.lstrip()
    while ends := [end for start, end in _PROLOG if rest[: len(start)].lower() == start]:
        found = rest.find(ends[0])
        # A document type may hold declarations in brackets; they end it, not their own signs.
        if rest[:9].lower() == b"<!doctype" and 0 <= rest.find(b"[") < found:
            found = rest.find(b"]>") + 1 or -1
        if found < 0:
            return b""
        rest = rest[found + len(ends[0]) :].lstrip()
    return rest


def _text(data: bytes, end: str) -> str | None:
    mime = TYPES.get(end)
    if mime not in TEXTS:
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    is_text = all(char >= " " or char in "\t\n\r\f" for char in text)
    return mime if is_text else None


def _require_whole(data: bytes, mime: str) -> None:
    if mime == SVG:
        _require_still(data)
    elif mime == PDF:
        if b"%%EOF" not in data[-2048:]:
            raise refused("the PDF ends early", "truncated")
    elif mime == ZIP:
        if b"PK\x05\x06" not in data[-66_000:]:
            raise refused("the archive ends early", "truncated")
    elif mime in _ENDS_OF:
        _require_only(data, _ENDS_OF[mime](data))


def _require_still(data: bytes) -> None:
    if len(data) > MAX_SVG_BYTES:
        raise refused("an SVG may have 1 MB at most", "too_large_image")
    # Entities and other encodings could hide what is looked for here.
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in data:
        raise refused("an SVG has to be UTF-8", "active_content")
    plain = REFERENCE.sub(_unescaped, data)
    joined = re.sub(rb"[\t\n\r]+", b"", plain)
    if any(pattern.search(plain) or pattern.search(joined) for pattern in ACTIVE):
        message = "the SVG holds scripts, handlers, animation or outside parts; save it without"
        raise refused(message, "active_content")


def _unescaped(found: re.Match[bytes]) -> bytes:
    number = int(found[1], 16) if found[1] else int(found[2])
    return bytes([number]) if number < 128 else b"?"


def _require_only(data: bytes, end: int | None) -> None:
    if end is None:
        raise refused("the picture ends early, or its parts do not fit together", "truncated")
    rest = data[end:]
    is_photo = data[:2] == b"\xff\xd8"
    if FOREIGN.search(rest) if is_photo else rest.strip(b"\0"):
        raise refused("there is another file behind the picture's end", "trailing_data")


def _png_end(data: bytes) -> int | None:
    at = 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        kind = data[at + 4 : at + 8]
        at += 12 + size
        if kind == b"IEND":
            return at if at <= len(data) else None
    return None


def _webp_end(data: bytes) -> int | None:
    end = 8 + int.from_bytes(data[4:8], "little")
    return end if end <= len(data) else None


def _avif_end(data: bytes) -> int | None:
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16])
        if size == 0:
            return len(data)
        if not data[at + 4 : at + 8].isalnum():
            return at  # no box: whatever stands here is something else
        if size < 8:
            return None
        at += size
    return at if at <= len(data) else None


def _gif_end(data: bytes) -> int | None:
    """Behind the trailer; refuses more frames than are taken, before anything is decoded."""
    if len(data) < 13:
        return None
    at = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    frames = 0
    while at < len(data):
        block = data[at]
        if block == 0x3B:
            return at + 1
        if block == 0x21:
            at += 2
        elif block == 0x2C and at + 10 <= len(data):
            frames += 1
            if frames > MAX_FRAMES:
                raise too_many_frames()
            packed = data[at + 9]
            at += 11 + (3 << ((packed & 7) + 1) if packed & 0x80 else 0)
        else:
            return None
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return None


def too_many_frames() -> Invalid:
    return refused(f"an animation may have {MAX_FRAMES} frames at most", "too_many_frames")


def _jpeg_end(data: bytes) -> int | None:
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker == 0xD9:
            return at + 2
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
            if marker == 0xDA:
                at = _scan_end(data, at)
    return at + 2 if data[at : at + 2] == b"\xff\xd9" else None


def _scan_end(data: bytes, at: int) -> int:
    """Where the compressed bytes end and the next marker stands."""
    while (at := data.find(b"\xff", at)) != -1:
        following = data[at + 1] if at + 1 < len(data) else 0
        if following and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2
    return len(data)


_ENDS_OF: Final = {
    PNG: _png_end,
    WEBP: _webp_end,
    AVIF: _avif_end,
    GIF: _gif_end,
    JPEG: _jpeg_end,
}

"""The one way in for bytes: upload, replacement, import, pulled pictures, the demo.

Nothing is stored before it has been here, and what is stored of a picture was made here.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Final

from py_svg_hush import filter_svg

from cms.core.errors import Invalid
from cms.core.uploads import Part
from cms.media import processing, sniffing
from cms.media.documents import File
from cms.media.processing import JobBroke, JobRefused
from cms.media.sniffing import ENDS, SVG, refused

_SIZE: Final = re.compile(rb'\s(width|height)\s*=\s*["\']\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*["\']')
_VIEW: Final = re.compile(
    rb'\sviewBox\s{0,9}=\s{0,9}["\']\s{0,9}[-\d.]{1,19}[\s,]{1,9}[-\d.]{1,19}[\s,]{1,9}'
    rb"(\d{1,5})(?:\.\d{0,19})?[\s,]{1,9}(\d{1,5})"
)
INNER_PICTURES: Final = {"image": ["png", "jpeg", "gif", "webp"]}


@dataclass(frozen=True, slots=True)
class Taken:
    """Bytes that may be stored, and what is told of them."""

    data: bytes
    file: File


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def key_of(ref: str, salt: str, spec: str, data: bytes, mime: str) -> str:
    """The name of a file: whose it is, and a hash of its bytes that nobody else can work out."""
    keyed = hashlib.blake2b(data, key=salt.encode(), digest_size=12, person=spec.encode()[:16])
    return f"{ref}-{keyed.hexdigest()}.{ENDS[mime][0]}"


async def take(part: Part, ref: str) -> Taken:
    """A file as the item `ref` will have it.

    Raises:
        TooLarge: more than 10 MB.
        Invalid: it is of no type that is taken, damaged, misnamed, or more than is taken.
    """
    if part.is_too_large:
        raise sniffing.too_large()
    sniffed = sniffing.sniff(part.data, part.name, part.media_type)
    digest, salt = digest_of(part.data), secrets.token_hex(16)
    if not sniffed.is_raster:
        data = _drawing(part.data) if sniffed.mime == SVG else part.data
        width, height = _drawn_size(data) if sniffed.mime == SVG else (None, None)
        key = key_of(ref, salt, "", data, sniffed.mime)
        about = {"width": width, "height": height}
        size = len(data)
        file = File(key=key, mime=sniffed.mime, size=size, digest=digest, salt=salt, **about)
        return Taken(data, file)
    kept = await _picture(part.data, sniffed.mime)
    file = File(
        key=key_of(ref, salt, "", kept.data, kept.mime),
        mime=kept.mime,
        size=len(kept.data),
        digest=digest,
        salt=salt,
        width=kept.width,
        height=kept.height,
        frames=kept.frames,
        thumbhash=kept.thumbhash,
        dominant_color=kept.dominant_color,
    )
    return Taken(kept.data, file)


async def _picture(data: bytes, mime: str) -> processing.Kept:
    try:
        return await processing.take(data, mime)
    except JobRefused as refusal:
        raise _told(refusal) from None
    except JobBroke:
        message = "the picture takes more memory or time than one may: make it smaller"
        raise refused(message, "too_large_image") from None


def _told(refusal: JobRefused) -> Invalid:
    """By name, so that the OpenAPI document knows the codes."""
    match refusal.code:
        case "too_large_image":
            return refused(refusal.detail, "too_large_image")
        case "too_many_frames":
            return refused(refusal.detail, "too_many_frames")
    return refused(refusal.detail, "undecodable")


def _drawing(data: bytes) -> bytes:
    try:
        clean: bytes = filter_svg(data, INNER_PICTURES)
    except ValueError:
        raise refused("the SVG can't be read", "undecodable") from None
    return clean


def _drawn_size(data: bytes) -> tuple[int | None, int | None]:
    head = data[data.find(b"<svg") :].partition(b">")[0]
    sizes = {name: int(value) for name, value in _SIZE.findall(head)}
    if b"width" in sizes and b"height" in sizes:
        return sizes[b"width"] or None, sizes[b"height"] or None
    view = _VIEW.search(head)
    return (int(view[1]) or None, int(view[2]) or None) if view else (None, None)

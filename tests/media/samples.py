"""Files to upload, made here: pictures of every format, and what pretends to be one."""

import struct
import zlib
from typing import Any

import pyvips  # type: ignore[import-untyped]


def image(width: int = 64, height: int = 48, bands: int = 3) -> Any:
    """A gradient, which compresses well and has no two equal columns."""
    at = pyvips.Image.xyz(width, height)
    planes = [at[0] * (255 / width), at[1] * (255 / height), (at[0] + at[1]) % 256, 200 + at[0] * 0]
    joined = planes[0].bandjoin(planes[1:bands])
    return joined.cast("uchar").copy(interpretation="srgb")


def jpeg(width: int = 64, height: int = 48, **options: Any) -> bytes:
    return bytes(image(width, height).jpegsave_buffer(**{"Q": 85, **options}))


def png(width: int = 64, height: int = 48, bands: int = 3) -> bytes:
    return bytes(image(width, height, bands).pngsave_buffer())


def webp(width: int = 64, height: int = 48) -> bytes:
    return bytes(image(width, height).webpsave_buffer())


def avif(width: int = 64, height: int = 48) -> bytes:
    return bytes(image(width, height).heifsave_buffer(compression="av1", effort=0))


def moving(frames: int = 3, width: int = 40, height: int = 30, kind: str = "gif") -> bytes:
    """An animation: each frame another shade."""
    shades = [image(width, height) + index * 7 % 200 for index in range(frames)]
    strip = pyvips.Image.arrayjoin([each.cast("uchar") for each in shades], across=1).copy()
    strip.set_type(pyvips.GValue.gint_type, "page-height", height)
    saved = strip.gifsave_buffer() if kind == "gif" else strip.webpsave_buffer()
    return bytes(saved)


def with_gps(width: int = 4000, height: int = 3000, orientation: int = 1) -> bytes:
    """A photograph that tells where it was taken, by whom, and which way up it is."""
    picture = image(width, height).copy()
    text = pyvips.GValue.gstr_type
    picture.set_type(text, "exif-ifd0-Make", "Canary Cameras")
    picture.set_type(text, "exif-ifd3-GPSLatitude", "6/1 12/1 0/1")
    picture.set_type(text, "exif-ifd3-GPSLongitude", "106/1 49/1 0/1")
    picture.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    return bytes(picture.jpegsave_buffer(Q=85))


def chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))


def png_bomb(side: int = 13312) -> bytes:
    """A picture of one colour that is small on the wire and 177 megapixels in memory."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    row = b"\0" + b"\0" * ((side + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def png_that_says(width: int, height: int) -> bytes:
    """A header of any size over next to no pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 64)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def zip_file() -> bytes:
    name = b"a.txt"
    local = b"PK\x03\x04" + b"\0" * 22 + struct.pack("<HH", len(name), 0) + name
    return local + b"PK\x05\x06" + b"\0" * 18


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><circle r="9"/></svg>'
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"

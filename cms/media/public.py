"""Files for readers: no query for a file by its key, one for an item by its id.

A key means the same bytes for ever. An id, or the key of a version that was replaced, means what
the item is now.
"""

import re
from typing import Final
from urllib.parse import quote

from beanie import PydanticObjectId
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from cms.core.errors import NotFound, RangeNotSatisfiable
from cms.core.http import Answer, CMSRequest, is_known
from cms.core.pictures import IDENT, KEY
from cms.core.storage import Storage, Stored, StoredNot
from cms.media.documents import Media
from cms.media.library import Library
from cms.media.sniffing import AVIF, ENDS, TEXTS, TYPES, WEBP

FOR_EVER: Final = "public, max-age=31536000, immutable"
FOR_NOW: Final = "public, max-age=0, must-revalidate"
CSP: Final = "default-src 'none'; sandbox"
# Drawings are made of inline styles; nothing else of them runs.
CSP_OF_SVG: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
PLAIN_WIDTH: Final = 1280


@get(
    "/{name:str}",
    summary="A file of the library",
    opt={"serves": list(ENDS)},
)
async def get_file(
    request: CMSRequest, name: FromPath[str], library: NamedDependency[Library]
) -> Stream | Answer[bytes]:
    """By its key, which means the same bytes for ever; by an item's id, what it is now.

    One `Range` is answered; documents come as downloads.
    """
    found = await _stored(library, name)
    if found is None:
        raise NotFound
    stored, is_for_ever = found
    headers = {
        "ETag": f'"{stored.key.partition("-")[2].partition(".")[0]}"',
        "Cache-Control": FOR_EVER if is_for_ever else FOR_NOW,
        "Accept-Ranges": "bytes",
        "Content-Disposition": await _disposition(stored.key),
        "Content-Security-Policy": CSP_OF_SVG if stored.key.endswith(".svg") else CSP,
    }
    mime = TYPES[stored.key.rpartition(".")[2]]
    if is_known(request, headers["ETag"], None):
        return Answer(b"", status_code=304, headers=headers, media_type=mime)
    part = _part(request, headers["ETag"], stored.size)
    start, end = part or (0, stored.size)
    headers["Content-Length"] = str(end - start)
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size}"
    return Stream(
        library.storage.stream(stored.key, start, end),
        status_code=206 if part else 200,
        headers=headers,
        media_type=f"{mime}; charset=utf-8" if mime in TEXTS else mime,
    )


async def _stored(library: Library, name: str) -> tuple[Stored, bool] | None:
    """The file that a name means, and whether it will for ever."""
    if KEY.fullmatch(name):
        try:
            return await _head(library.storage, name), True
        except StoredNot:
            pass  # of a version that was replaced, perhaps
    if not re.fullmatch(rf"{IDENT}(?:-.*)?", name):
        return None
    item = await Media.by_id(PydanticObjectId(name[:24]))
    if item is None or (name != item.ref and not KEY.fullmatch(name)):
        return None
    key = item.file.key if name == item.ref else _stand_in(item, name)
    try:
        return await _head(library.storage, key), False
    except StoredNot:
        return None


async def _head(storage: Storage, key: str) -> Stored:
    return await storage.head(key)


def _stand_in(item: Media, name: str) -> str:
    """What takes the place of a former file: a page that is old may be a phone's."""
    end = name.rpartition(".")[2]
    newer = {kind for kind in (AVIF, WEBP) if end in ENDS[kind]}
    own = [
        each
        for each in sorted(item.variants, key=lambda each: each.width)
        if not each.crop and each.width <= PLAIN_WIDTH and each.mime in (newer or {item.file.mime})
    ]
    return own[-1].key if own else item.file.key


async def _disposition(key: str) -> str:
    if TYPES[key.rpartition(".")[2]].startswith("image/"):
        return "inline"
    item = await Media.by_id(PydanticObjectId(key[:24]))
    shown = item.about.name if item else key
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", shown)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"


def _part(request: CMSRequest, etag: str, size: int) -> tuple[int, int] | None:
    """Start and end of the one range that is asked for; anything else gets the whole.

    Raises:
        RangeNotSatisfiable: it lies outside.
    """
    wanted = RANGE.fullmatch(request.headers.get("range", "").strip())
    if wanted is None or wanted[1] == wanted[2] == "":
        return None
    if request.headers.get("if-range", etag) != etag:
        return None
    if not wanted[1]:
        start, end = max(size - int(wanted[2]), 0), size
    else:
        start, end = int(wanted[1]), min(int(wanted[2] or size - 1) + 1, size)
        if wanted[2] and int(wanted[2]) < start:
            return None
    if start >= size or start >= end:
        told = {"Content-Range": f"bytes */{size}"}
        raise RangeNotSatisfiable(f"The file has {size} bytes.", headers=told)
    return start, end


router = Router("/media", route_handlers=[get_file], tags=["media"])

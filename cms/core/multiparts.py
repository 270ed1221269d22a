"""Files out of a multipart body, one after the other, each within its limits.

Litestar's own reading spools every part to disk, bounds neither a part nor a text field, and
answers 400 for what is too large. Here no more than one file is held at a time, in memory, and
nothing touches the disk.
"""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
)

from cms.core.errors import (
    FieldError,
    Invalid,
    Malformed,
    TooLarge,
    UnsupportedMediaType,
)
from cms.core.http import CMSRequest
from cms.core.uploads import MAX_FILE_BYTES, Part

FORM: Final = "multipart/form-data"
PART: Final = "file"
MAX_FILES: Final = 10
# Every file at its largest, and room for the lines around them.
MAX_BODY_BYTES: Final = MAX_FILES * (MAX_FILE_BYTES + 16 * 1024)
MAX_HEADERS: Final = 8
MAX_HEADER_BYTES: Final = 4 * 1024
MAX_NAME: Final = 255
_BOUNDARY = re.compile(r"boundary=(?:\"([^\"\r\n]{1,200})\"|([^\s;,\"]{1,200}))", re.IGNORECASE)


async def multipart_only(
    connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
) -> None:
    """Guard: files come as a form.

    Raises:
        UnsupportedMediaType: it is none.
    """
    if connection.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise UnsupportedMediaType(f"Send files as {FORM}, each in a part called {PART!r}.")


async def files(request: CMSRequest, most: int = MAX_FILES) -> AsyncGenerator[Part, None]:
    """The files of a form, as they arrive; a file that is too large comes without its bytes.

    Raises:
        Malformed: the form can't be read, or ended early.
        Invalid: a part is no file, or there is none.
        TooLarge: too many parts, or too much of everything.
    """
    found = _BOUNDARY.search(request.headers.get("content-type", ""))
    if found is None:
        raise _bad_form("The form names no boundary.")
    count = 0
    try:
        parser = PushMultipartParser(
            (found[1] or found[2]).encode("latin-1", "replace"),
            max_header_size=MAX_HEADER_BYTES,
            max_header_count=MAX_HEADERS,
            max_segment_count=most,
            strict=True,
        )
        async for part in _parts(request, parser):
            count += 1
            yield part
    except ParserLimitReached:
        message = f"A form holds {most} files at most, each part with a few short headers."
        raise TooLarge(message, code="form_too_large") from None
    except (MultipartError, UnicodeError) as error:
        raise _bad_form(f"The form can't be read: {str(error)[:200]}") from None
    except HTTPException as error:
        if error.status_code == TooLarge.status:
            raise TooLarge("The form is larger than this address takes.") from None
        raise _bad_form("The form ended early.") from None
    if not count:
        raise Invalid.of(PART, f"send at least one file, in a part called {PART!r}", "missing")


async def _parts(request: CMSRequest, parser: PushMultipartParser) -> AsyncGenerator[Part, None]:
    segment: MultipartSegment | None = None
    held = bytearray()
    too_large = False
    async for chunk in request.stream():
        if parser.closed:
            continue
        for event in parser.parse(chunk):
            if isinstance(event, MultipartSegment):
                segment, held, too_large = _wanted(event), bytearray(), False
            elif event:
                too_large = too_large or len(held) + len(event) > MAX_FILE_BYTES
                held = bytearray() if too_large else held + event
            elif segment is not None:
                yield _part(segment, bytes(held), is_too_large=too_large)
                held = bytearray()
    parser.close()


def _wanted(segment: MultipartSegment) -> MultipartSegment:
    if segment.name != PART or segment.filename is None:
        message = f"only files in parts called {PART!r} are taken"
        raise Invalid.of(str(segment.name)[:100], message, "unknown_part")
    return segment


def _part(segment: MultipartSegment, data: bytes, *, is_too_large: bool) -> Part:
    return Part(
        name=_clean(segment.filename or ""),
        media_type=(segment.content_type or "").partition(";")[0].strip().lower(),
        data=data,
        is_too_large=is_too_large,
    )


def _clean(name: str) -> str:
    """What people see: the last part of a path, without what no name of a file should hold."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(char for char in last if char.isprintable()).strip(" .")
    return shown[-MAX_NAME:] or "file"


def _bad_form(detail: str) -> Malformed:
    code = "malformed_form"
    return Malformed(detail, code=code, errors=[FieldError("body", detail, code)])


async def only_file(request: CMSRequest) -> Part:
    """The one file of a form.

    Raises:
        Malformed, Invalid, TooLarge: see `files`.
    """
    async with aclosing(files(request, most=1)) as found:
        kept = [part async for part in found]
    return kept[0]

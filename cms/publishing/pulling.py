"""Brings pictures home: those that a text holds as data, or points at elsewhere, into the library.

What is outside is asked for through the guard alone; every picture goes in by the one way in.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from cms.accounts.actor import Actor, permit
from cms.accounts.permissions import Permission
from cms.core import places, rendering
from cms.core.errors import Invalid, Refusal
from cms.core.markdown import Unrenderable
from cms.core.outbound import IMAGE_BYTES, Outbound
from cms.core.shapes import Patch
from cms.core.uploads import MAX_FILE_BYTES, Part
from cms.media import service as media
from cms.media.library import Library
from cms.media.schemas import PulledImage
from cms.media.sniffing import ENDS
from cms.media.uploading import problem_of
from cms.publishing import service, verbs
from cms.publishing.service import DocumentT, Kind, Seen

MOST: Final = 20
SHOWN: Final = 100
DATA: Final = re.compile(r"data:image/([a-z+.-]{1,20});base64,([A-Za-z0-9+/=]+)")
# What may stand before and behind an address in Markdown or HTML.
BEFORE, BEHIND = r"(?<![^\s(<\"'\[])", r"(?![^\s)>\"'\]])"


@dataclass(frozen=True, slots=True)
class Door:
    """What bringing in needs beside the item itself."""

    library: Library
    outbound: Outbound


async def pull(
    kind: Kind[DocumentT, Any], actor: Actor, seen: Seen, door: Door, now: datetime
) -> tuple[DocumentT, list[PulledImage]]:
    """Each picture is taken or refused by itself; the text then points at what was taken.

    Raises:
        Stale: somebody saved in between.
        Invalid: the text can't be read.
    """
    permit(actor, Permission.MEDIA_WRITE, actor.account_id)
    document = await service.to_write(kind, actor, seen, now)
    service.not_in_trash(document)
    text: str = document.working.markdown
    results: list[PulledImage] = []
    for source in (await _sources(text))[:MOST]:
        try:
            part = _unpacked(source) or await _fetched(source, door.outbound)
            item, _ = await media.upload(actor, door.library, part, now)
        except Refusal as refusal:
            results.append(_refused(source, refusal))
            continue
        text = _rewritten(text, source, f"/media/{item.ref}")
        results.append(
            PulledImage(
                source=source[:SHOWN], status=201, code="ok", media_id=item.ref, problem=None
            )
        )
    if text == document.working.markdown:
        return document, results
    patch: Patch[Any] = Patch({"markdown": text})
    changed = await verbs.update(kind, actor, seen, patch, now, why="pictures brought in")
    return changed, results


async def _sources(text: str) -> list[str]:
    """Addresses of pictures that are not ours, each once; pictures as data first."""
    try:
        pieces = await rendering.inspect(text)
    except Unrenderable as refusal:
        raise Invalid.of("markdown", str(refusal), "not_renderable") from None
    shown = [piece.text for piece in pieces if piece.what == "image"]
    home = places.media_base()
    outside = [each for each in shown if re.match("https?://", each) and not each.startswith(home)]
    return list(dict.fromkeys([*(found[0] for found in DATA.finditer(text)), *outside]))


def _unpacked(source: str) -> Part | None:
    """A picture that stands in the text itself."""
    found = DATA.fullmatch(source)
    if found is None:
        return None
    mime = f"image/{found[1]}"
    try:
        data = base64.b64decode(found[2], validate=True)
    except binascii.Error:
        raise Invalid.of("file", "the picture's data can't be read", "undecodable") from None
    end = ENDS.get(mime, ("png",))[0]
    return Part(f"pasted.{end}", "", data, is_too_large=len(data) > MAX_FILE_BYTES)


async def _fetched(source: str, outbound: Outbound) -> Part:
    reply = await outbound.get(source, headers={"accept": "image/*"}, limit=IMAGE_BYTES)
    if reply.status != 200:
        message = f"answered {reply.status}"
        raise Invalid.of("url", message, "outbound_failed")
    name = unquote(urlsplit(source).path).rpartition("/")[2]
    end = name.rpartition(".")[2].lower()
    # An address is no file name: its end counts only where it means a picture.
    is_named = any(end in ends for mime, ends in ENDS.items() if mime.startswith("image/"))
    return Part(name[-100:] if is_named else "picture", "", reply.body)


def _rewritten(text: str, source: str, address: str) -> str:
    # As it was written: a parser escapes some characters of an address.
    for written in dict.fromkeys((source, unquote(source), source.replace("&", "&amp;"))):
        text = re.sub(BEFORE + re.escape(written) + BEHIND, lambda _: address, text)
    return text


def _refused(source: str, refusal: Refusal) -> PulledImage:
    return PulledImage(
        source=source[:SHOWN],
        status=refusal.status,
        code=refusal.code,
        media_id=None,
        problem=problem_of(refusal),
    )

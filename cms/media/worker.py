"""The process that touches pictures: one job in on its standard input, files out on its output.

It alone loads libvips, with its untrusted loaders blocked, under limits of memory and time, with
none of our settings in its environment. It writes each file as soon as it is made, so that what
is done stays done when it is killed. A new kind of job is a new row in `JOBS`.
"""

import base64
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pyvips  # type: ignore[import-untyped]
from thash import rgba_to_thumb_hash

from cms.core.render_worker import receive, send
from cms.media import drawing, plan
from cms.media.cards import Card
from cms.media.plan import CROPS, MAX_SIDE, Crop, Spec
from cms.media.sniffing import AVIF, GIF, JPEG, MAX_FRAMES, PNG, WEBP

MEMORY_BYTES: Final = 2 * 1024 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000
# Of an animation, all frames together.
MAX_MOVING_PIXELS: Final = 100_000_000
# libaom needs about 30 bytes for each pixel of a frame.
MAX_AVIF_SIDE: Final = 4096
UNBOUNDED: Final = 10_000_000
THUMB_SIDE: Final = 64
EFFORT: Final = 2
Row = dict[str, Any]
Made = tuple[Row, bytes]
LOADERS: Final = {
    JPEG: "jpegload_buffer",
    PNG: "pngload_buffer",
    WEBP: "webpload_buffer",
    GIF: "gifload_buffer",
    AVIF: "heifload_buffer",
}


class Refused(Exception):
    """The picture is not taken; its code and the sentence for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def main() -> None:
    """One job; the exit code says nothing, the last message does."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    header, data = receive(requests), receive(requests)
    if header is None or data is None:
        return
    job = json.loads(header)
    pyvips.cache_set_max(0)  # nothing here is done twice, and what is kept costs memory
    _set_limits(job["seconds"])
    parent = os.getppid()
    end: Row = {"done": True}
    try:
        for told, made in JOBS[job["do"]](job, data):
            if os.getppid() != parent:
                os._exit(1)  # nobody is left to take it
            send(answers, json.dumps(told).encode())
            send(answers, made)
    except Refused as refusal:
        end = {"refused": refusal.code, "detail": str(refusal)}
    except pyvips.Error:
        # libvips names files, options and places in its sources: nothing for readers.
        end = {"refused": "undecodable", "detail": "the picture is damaged, or ends early"}
    except MemoryError:
        end = {"refused": "too_large_image", "detail": "the picture needs too much memory"}
    send(answers, json.dumps(end).encode())


def _set_limits(seconds: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    # The clock too: a process whose parent was killed ends by itself.
    signal.setitimer(signal.ITIMER_REAL, seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it has nothing to write to disk


def take(job: Row, data: bytes) -> Iterator[Made]:
    """The picture as it is kept: upright, sRGB, without metadata; and what is told of it."""
    mime = job["mime"]
    image = _load(data, mime)
    frames, width, height = _measured(image)
    if frames == 1:
        image = _upright(image)
        width, height = image.width, image.height
    image = _in_srgb(image)
    if mime == AVIF and max(width, height) > MAX_AVIF_SIDE:
        image = image.thumbnail_image(MAX_AVIF_SIDE, height=MAX_AVIF_SIDE, size="down")
        width, height = image.width, image.height
    kept = _encoded(image, mime, is_original=True)
    told = {"width": width, "height": height, "frames": frames, "mime": mime}
    yield {**told, **_glimpse(kept)}, kept


def _load(data: bytes, mime: str) -> Any:
    options: Row = {"access": "sequential", "fail_on": "truncated"}
    if mime in {GIF, WEBP}:
        options["n"] = -1
    # The loader by the sniffed type: nothing else ever looks at the bytes.
    return getattr(pyvips.Image, LOADERS[mime])(data, **options)


def _measured(image: Any) -> tuple[int, int, int]:
    """Frames, width and height, from the header alone.

    Raises:
        Refused: more than is taken.
    """
    frames = image.get("n-pages") if image.get_typeof("n-pages") else 1
    height = image.get("page-height") if image.get_typeof("page-height") else image.height
    # A HEIF's other pictures are thumbnails; only the first was loaded.
    frames = max(1, image.height // max(height, 1)) if frames > 1 else 1
    if frames > MAX_FRAMES:
        raise Refused("too_many_frames", f"an animation may have {MAX_FRAMES} frames at most")
    pixels = image.width * height
    if pixels > MAX_PIXELS or max(image.width, height) > MAX_SIDE:
        size = f"{image.width} by {height}"
        limit = f"{MAX_PIXELS // 1_000_000} megapixels and {MAX_SIDE} a side are the most"
        raise Refused("too_large_image", f"the picture has {size} pixels; {limit}")
    if frames > 1 and frames * pixels > MAX_MOVING_PIXELS:
        limit = f"{MAX_MOVING_PIXELS // 1_000_000} megapixels of all frames are the most"
        raise Refused("too_large_image", f"the animation is too large: {limit}")
    return frames, image.width, height


def _upright(image: Any) -> Any:
    if not image.get_typeof("orientation") or image.get("orientation") == 1:
        return image
    # Turning reads from the end: the pixels have to be there at once.
    return image.copy_memory().autorot()


def _in_srgb(image: Any) -> Any:
    if image.get_typeof("icc-profile-data"):
        try:
            changed = image.icc_transform("srgb", embedded=True, intent="relative")
            image = changed
        except pyvips.Error:
            pass  # a profile that can't be read is no reason to refuse the picture
    if image.interpretation not in {"srgb", "b-w"} or image.format != "uchar":
        image = image.colourspace("srgb")
    return image if image.format == "uchar" else image.cast("uchar")


def _encoded(image: Any, mime: str, *, is_original: bool = False) -> bytes:
    """The file, with nothing in it but the picture."""
    if mime == JPEG:
        if image.hasalpha():
            image = image.flatten(background=255)
        # Interlacing holds the whole picture in memory: not for the largest.
        saved = image.jpegsave_buffer(
            Q=88 if is_original else 80,
            optimize_coding=True,
            interlace=not is_original,
            keep="none",
        )
    elif mime == PNG:
        saved = image.pngsave_buffer(compression=6, keep="none")
    elif mime == WEBP:
        saved = image.webpsave_buffer(Q=88 if is_original else 78, effort=EFFORT, keep="none")
    elif mime == GIF:
        saved = image.gifsave_buffer(effort=3, keep="none")
    else:
        quality = 65 if is_original else 52
        saved = image.heifsave_buffer(compression="av1", Q=quality, effort=EFFORT, keep="none")
    return bytes(saved)


def _glimpse(kept: bytes) -> Row:
    """ThumbHash and the colour that there is most of."""
    thumb = pyvips.Image.thumbnail_buffer(kept, THUMB_SIDE, height=THUMB_SIDE, size="down")
    thumb = thumb.colourspace("srgb")
    if not thumb.hasalpha():
        thumb = thumb.bandjoin(255)
    pixels = bytes(thumb.cast("uchar").write_to_memory())
    hashed = rgba_to_thumb_hash(thumb.width, thumb.height, list(pixels))
    return {
        "thumbhash": base64.b64encode(bytes(hashed)).decode(),
        "dominant_color": _dominant(pixels),
    }


def _dominant(pixels: bytes) -> str:
    """The mean of the fullest of 4,096 boxes of colours; clear pixels do not count."""
    boxes: dict[int, list[int]] = {}
    for at in range(0, len(pixels), 4):
        red, green, blue, alpha = pixels[at : at + 4]
        if alpha > 127:
            box = boxes.setdefault((red >> 4) << 8 | (green >> 4) << 4 | blue >> 4, [0, 0, 0, 0])
            for index, value in enumerate((red, green, blue, 1)):
                box[index] += value
    if not boxes:
        return "#ffffff"
    *colour, count = max(boxes.values(), key=lambda box: box[3])
    return "#" + "".join(f"{value // count:02x}" for value in colour)


def vary(job: Row, data: bytes) -> Iterator[Made]:
    """Every wanted variant of a kept picture; one that fails does not stop the others."""
    mime, wanted = job["mime"], [Spec(**spec) for spec in job["specs"]]
    base = pyvips.Image.thumbnail_buffer(data, plan.WIDTHS[-1], height=UNBOUNDED, size="down")
    base = base.copy_memory()
    for spec in wanted:
        try:
            image = _cropped(base, spec) if spec.crop else _narrowed(base, data, spec, job)
            made = _encoded(image, spec.mime)
        except pyvips.Error:
            yield {"spec": spec.name, "failed": f"{mime} to {spec.name}"}, b""
            continue
        height = image.get("page-height") if image.get_typeof("page-height") else image.height
        yield {"spec": spec.name, "width": image.width, "height": height}, made


def _narrowed(base: Any, data: bytes, spec: Spec, job: Row) -> Any:
    if job["frames"] > 1:
        return pyvips.Image.thumbnail_buffer(
            data, spec.width, height=UNBOUNDED, size="down", option_string="n=-1"
        )
    if spec.width == base.width:
        return base
    return base.thumbnail_image(spec.width, height=UNBOUNDED, size="down").copy_memory()


def _cropped(base: Any, spec: Spec) -> Any:
    across, down = _ratio(spec.crop)
    left, top, width, height = plan.box(base.width, base.height, across, down, spec.focus)
    cut = base.crop(left, top, width, height)
    return cut.thumbnail_image(spec.width, height=spec.height, size="force").copy_memory()


def _ratio(crop: Crop) -> tuple[int, int]:
    across, down, *_ = CROPS[crop]
    return across, down


def card(job: Row, _: bytes) -> Iterator[Made]:
    """The picture of a link."""
    yield {}, drawing.draw(Card(**job["card"]))


JOBS: Final[Mapping[str, Callable[[Row, bytes], Iterator[Made]]]] = {
    "take": take,
    "vary": vary,
    "card": card,
}

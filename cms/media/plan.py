"""Which variants a picture of some size gets: widths that make sense, formats, crops. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from cms.media.sniffing import AVIF, GIF, PNG, WEBP

WIDTHS: Final = (320, 480, 640, 960, 1280, 1920, 2400)
# A moving picture is heavy at any width.
MOVING_WIDTHS: Final = (320, 640, 960)
Crop = Literal["", "cover", "avatar", "og"]
# Of each crop: its ratio, its widths, the narrowest source worth cropping.
CROPS: Final[dict[Crop, tuple[int, int, tuple[int, ...], int]]] = {
    "cover": (16, 9, (640, 1280, 1920), 160),
    "avatar": (1, 1, (128, 256, 512), 32),
    "og": (1200, 630, (1200,), 300),
}
# What encoders take on one side: WebP's limit is the lowest.
MAX_SIDE: Final = 16_383


@dataclass(frozen=True, slots=True)
class Spec:
    """One file to be made. `height` is 0 where it follows from the width; `focus` of crops."""

    width: int
    height: int
    mime: str
    crop: Crop = ""
    focus: str = ""

    @property
    def name(self) -> str:
        return f"{self.crop or 'whole'} {self.width} {self.mime.removeprefix('image/')}"


def focus_of(x: float, y: float) -> str:
    return f"{x:.4f},{y:.4f}"


def specs(width: int, height: int, mime: str, frames: int, focus: str) -> list[Spec]:
    """Small ones first: readers have something soon."""
    found = [*_whole(width, mime, frames), *_crops(width, height, mime, frames, focus)]
    return sorted(found, key=lambda spec: (spec.width, spec.crop, spec.mime))


def _whole(width: int, mime: str, frames: int) -> Iterator[Spec]:
    if frames > 1:
        for each in [one for one in MOVING_WIDTHS if one < width] or [width]:
            yield Spec(each, 0, WEBP)
        return
    widths = [each for each in WIDTHS if each < width]
    widest = min(width, WIDTHS[-1])
    if widest not in widths:
        widths.append(widest)
    for each in widths:
        for kind in formats(mime):
            yield Spec(each, 0, kind)


def _crops(width: int, height: int, mime: str, frames: int, focus: str) -> Iterator[Spec]:
    original = PNG if mime == GIF or frames > 1 else mime
    for crop, (across, down, widths, least) in CROPS.items():
        room = min(width, height * across // down, WIDTHS[-1])
        if room < least:
            continue
        fitting = [each for each in widths if each <= room] or [room]
        # Crawlers of other sites know the old formats alone.
        kinds = [PNG if original in {AVIF, WEBP} else original] if crop == "og" else None
        for each in fitting:
            for kind in kinds or formats(original):
                yield Spec(each, max(1, round(each * down / across)), kind, crop, focus)


def formats(original: str) -> list[str]:
    return list(dict.fromkeys([AVIF, WEBP, original]))


def box(width: int, height: int, across: int, down: int, focus: str) -> tuple[int, int, int, int]:
    """Left, top, width and height of the largest crop of a ratio that keeps the focus in it."""
    x, y = (float(part) for part in focus.split(","))
    inner_width = min(width, round(height * across / down))
    inner_height = min(height, round(inner_width * down / across))
    left = min(max(round(x * width - inner_width / 2), 0), width - inner_width)
    top = min(max(round(y * height - inner_height / 2), 0), height - inner_height)
    return left, top, max(inner_width, 1), max(inner_height, 1)

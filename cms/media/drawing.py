"""Draws the picture that a link shows where somebody shares it: title, byline and site.

Text is set by Pango (libvips' own), with faces that come along, so that a server without any font
writes Indonesian, Cyrillic, Greek, Vietnamese, Chinese, Japanese and Korean alike; other scripts
need a font of the machine. Runs in the process that makes pictures, never in the event loop.
"""

import unicodedata
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

import pyvips  # type: ignore[import-untyped]

from cms.media.cards import HEIGHT, WIDTH, Card

MARGIN = 80
STRIPE = 16
TITLE_SIZES = (76, 68, 60, 52, 46, 40)
TITLE_HEIGHT = 360
BYLINE_SIZE, ROW_HEIGHT = 30, 48
MAX_TITLE = 200
# Where emoji begin, and what joins and colours them.
PICTURES = "\U0001f000"
JOINERS = {"\u200d", "\ufe0f"}

FONTS = Path(__file__).parent / "fonts"
TITLE, TEXT = "Lontar Title", "Lontar Text"
# One sign is drawn differently in three countries: the article's language goes first.
HAN: Final = {"zh": "Lontar Han SC", "ja": "Lontar Han JP", "ko": "Lontar Han KR"}


def draw(card: Card) -> bytes:
    """A PNG of 1200 by 630 pixels."""
    vips = _vips()
    picture = vips.Image.black(WIDTH, HEIGHT, bands=3).copy(interpretation="srgb")
    picture = picture.new_from_image(_rgb(card.background)).copy(interpretation="srgb")
    picture = picture.draw_rect(_rgb(card.accent), 0, 0, STRIPE, HEIGHT, fill=True)
    layers = []
    if _plain(card.title):
        title = _title(card)
        layers.append((title, _start(title, card.title), MARGIN))
    row = HEIGHT - MARGIN
    for line, colour in ((card.site, card.accent), (card.byline, card.text)):
        if _plain(line):
            text = _line(line, card.lang, colour)
            row -= ROW_HEIGHT
            # Pango's pictures end where the ink does: centred, lines with and without tails agree.
            layers.append((text, _start(text, line), row + (ROW_HEIGHT - text.height) // 2))
    for text, x, y in layers:
        picture = picture.composite2(text, "over", x=x, y=y, compositing_space="srgb")
    return bytes(picture.flatten(background=_rgb(card.background)).pngsave_buffer(palette=True))


def _title(card: Card) -> Any:
    """As large as fits; a title that fits in no size is cut at a word."""
    words = _plain(card.title)
    if len(words) > MAX_TITLE:
        words = _shorter(words[:MAX_TITLE])
    text: Any = None
    for size in TITLE_SIZES:
        text = _set(words, card.lang, (TITLE, size), card.text)
        if text.height <= TITLE_HEIGHT:
            break
    while text.height > TITLE_HEIGHT:
        words = _shorter(words)
        text = _set(words, card.lang, (TITLE, TITLE_SIZES[-1]), card.text)
    return text


def _shorter(words: str) -> str:
    """A word less, or some signs less where there are no blanks between words."""
    words = words.removesuffix("…")
    head, blank, _ = words.rpartition(" ")
    return f"{head if blank else words[:-4]}…"


def _line(words: str, lang: str, colour: str) -> Any:
    words = _plain(words)
    text = _set(words, lang, (TEXT, BYLINE_SIZE), colour, is_wrapped=False)
    while text.width > WIDTH - 2 * MARGIN:
        words = f"{words.removesuffix('…')[: int(len(words) * 0.9) - 1].rstrip()}…"
        text = _set(words, lang, (TEXT, BYLINE_SIZE), colour, is_wrapped=False)
    return text


def _set(
    words: str, lang: str, face: tuple[str, int], colour: str, *, is_wrapped: bool = True
) -> Any:
    """Set text as a picture with transparency; Pango's markup is our own, the words are escaped."""
    hans = sorted(HAN, key=lambda code: not lang.startswith(code))
    name, size = face
    faces = ", ".join([name, TEXT, *(HAN[code] for code in hans)])
    markup = f'<span foreground="{colour}" lang="{escape(lang)}">{escape(words)}</span>'
    more = {"width": WIDTH - 2 * MARGIN, "wrap": "word-char"} if is_wrapped else {}
    # At 72 dpi a point is a pixel; the last comma keeps Pango from reading a style out of a name.
    return _vips().Image.text(
        markup, font=f"{faces}, {size}", rgba=True, dpi=72, spacing=-6, **more
    )


def _start(text: Any, words: str) -> int:
    """Where a line begins: at the right for a script that is read from there."""
    for letter in words:
        direction = unicodedata.bidirectional(letter)
        if direction in ("R", "AL"):
            return int(WIDTH - MARGIN - text.width)
        if direction == "L":
            break
    return MARGIN


def _plain(words: str) -> str:
    """Without what no face of ours draws and no XML holds, and without doubled blanks."""
    seen = (" " if _is_unseen(letter) else letter for letter in words if letter not in JOINERS)
    return " ".join("".join(seen).split())


def _is_unseen(letter: str) -> bool:
    """Controls, lone surrogates, what is not assigned, and little pictures."""
    return unicodedata.category(letter) in {"Cc", "Cs", "Cn", "Co"} or letter >= PICTURES


def _rgb(colour: str) -> list[int]:
    return list(bytes.fromhex(colour.removeprefix("#")))


@cache
def _vips() -> Any:
    """Pyvips, once it knows our faces."""
    for face in sorted(FONTS.glob("*.ttf")):
        pyvips.Image.text("a", fontfile=str(face))
    return pyvips

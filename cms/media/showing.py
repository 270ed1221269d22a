"""Pictures as readers get them: the `Image` of a view, and `<picture>` in an article's HTML. Pure.

Stored HTML names an item, `<img src="/media/{id}">`; what stands there is filled in when it is
read, from the item as it is then. So a replaced file, a variant that was made a moment ago and a
better text are right at once in everything that shows them, with no second copy to keep true.
"""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from cms.core import pictures, places
from cms.media.cards import HEIGHT, MIME, WIDTH, Card, CardKind
from cms.media.plan import Crop
from cms.media.schemas import FocalPointView, ImageView, VariantView
from cms.media.sniffing import AVIF, WEBP

Row = dict[str, Any]
Cards = Mapping[str, Row]
# An article's column on most sites; a frontend that knows better rewrites `sizes`.
COLUMN: Final = 800
SIZES: Final = f"(min-width: {COLUMN}px) {COLUMN}px, 100vw"
# What a browser gets that knows neither `srcset` nor `picture`.
PLAIN_WIDTH: Final = 1280
# Neither sign stands raw in a value of what the sanitiser wrote.
_TAG: Final = re.compile(r"<(img|a)\b([^<>]*)>")
_ATTRIBUTE: Final = re.compile(r' ([a-z-]+)="([^"]*)"')
OURS: Final = {"src", "href", "srcset", "sizes", "width", "height", "loading", "decoding", "alt"}


def address(key: str) -> str:
    """Where a file is reached from outside."""
    return f"{places.media_base()}/{key}"


def by_ref(row: Row) -> Cards:
    """The cards that `documents.cards` left in a row."""
    return {card["ref"]: card for card in row.get("picture_cards", ())}


def alt_in(alt: Mapping[str, str], lang: str) -> str:
    """The text in the language, else in one of the same tongue, else any."""
    tongue = lang.partition("-")[0]
    near = [text for key, text in alt.items() if key.partition("-")[0] == tongue]
    return alt.get(lang) or next(iter([*near, *alt.values()]), "")


def image(cards: Cards, ref: str | None, lang: str, crop: Crop = "") -> ImageView | None:
    """The `Image` of an id; None where there is none. A crop shows as itself once it is made."""
    card = cards.get(ref or "")
    if card is None:
        return None
    file, about = card["file"], card["about"]
    cut = _of(card, crop)
    main = _widest(cut, file["mime"]) if crop and cut else None
    shown = main or {**file, "width": file.get("width"), "height": file.get("height")}
    return ImageView(
        id=card["ref"],
        url=address(shown["key"]),
        alt=alt_in(about.get("alt", {}), lang),
        width=shown["width"],
        height=shown["height"],
        mime=shown["mime"],
        thumbhash=file.get("thumbhash"),
        dominant_color=file.get("dominant_color"),
        focal_point=FocalPointView(**about["focal_point"]),
        variants=[
            VariantView(
                url=address(each["key"]),
                width=each["width"],
                height=each["height"],
                mime=each["mime"],
            )
            for each in cut
        ],
    )


def card_image(card: Card, kind: CardKind, slug: str) -> ImageView:
    """The `Image` of what is drawn where nobody chose a picture."""
    return ImageView(
        id=f"card-{card.digest}",
        url=card.address(kind, slug),
        alt=card.title,
        width=WIDTH,
        height=HEIGHT,
        mime=MIME,
        thumbhash=None,
        dominant_color=card.background,
        focal_point=FocalPointView(x=0.5, y=0.5),
        variants=[],
    )


def _of(card: Row, crop: Crop) -> list[Row]:
    found = [each for each in card["variants"] if each["crop"] == crop]
    return sorted(found, key=lambda each: (each["width"], each["mime"]))


def _widest(variants: Sequence[Row], mime: str) -> Row:
    """The widest in the picture's own format, or in any old one."""
    own = [each for each in variants if each["mime"] == mime]
    old = [each for each in variants if each["mime"] not in {AVIF, WEBP}]
    return (own or old or list(variants))[-1]


def heaviest(card: Row) -> int:
    """What a page that shows the picture may have to fetch; crops and fallbacks included."""
    sizes = [each["size"] for each in card["variants"]]
    found: int = max(sizes, default=card["file"]["size"])
    return found


def filled(safe_html: str, cards: Cards, lang: str) -> str:
    """Sanitised HTML with every picture of ours written out, and links to our files made whole."""
    base = places.media_base()

    def write(tag: re.Match[str]) -> str:
        attributes = dict(_ATTRIBUTE.findall(tag[2]))
        named = "src" if tag[1] == "img" else "href"
        ref = pictures.named_by(html.unescape(attributes.get(named, "")), base)
        if ref is None:
            return tag[0]
        card = cards.get(ref)
        if tag[1] == "a":
            key = card["file"]["key"] if card else ref
            rest = {name: value for name, value in attributes.items() if name != "href"}
            return f'<a href="{html.escape(address(key))}"{_written(rest)}>'
        # A picture that is gone leaves its words, never a broken frame.
        return _picture(attributes, card, lang) if card else attributes.get("alt", "")

    return _TAG.sub(write, safe_html)


def _picture(attributes: Mapping[str, str], card: Row, lang: str) -> str:
    file = card["file"]
    variants = _of(card, "")
    alt = attributes.get("alt") or html.escape(alt_in(card["about"].get("alt", {}), lang))
    given = int(attributes["width"]) if attributes.get("width") else None
    sizes = f"{given}px" if given else SIZES
    width, height = _measures(file, given)
    own = [each for each in variants if each["mime"] == file["mime"]] or [
        each for each in variants if each["mime"] not in {AVIF, WEBP}
    ]
    fitting = [each for each in own if each["width"] <= PLAIN_WIDTH]
    plain = (fitting or own or [file])[-1]
    told = {
        "src": address(plain["key"]),
        "srcset": _srcset(own),
        "sizes": sizes if own else "",
        "width": str(width or ""),
        "height": str(height or ""),
        "data-thumbhash": file.get("thumbhash") or "",
        "data-color": file.get("dominant_color") or "",
    }
    rest = {name: value for name, value in attributes.items() if name not in OURS}
    shown = _written({name: html.escape(value) for name, value in told.items() if value})
    tag = f'<img{shown} alt="{alt}"{_written(rest)} loading="lazy" decoding="async">'
    newer = "".join(
        f'<source type="{mime}" srcset="{html.escape(found)}" sizes="{sizes}">'
        for mime in (AVIF, WEBP)
        if mime != file["mime"]
        and (found := _srcset(each for each in variants if each["mime"] == mime))
    )
    return f"<picture>{newer}{tag}</picture>" if newer else tag


def _measures(file: Row, given: int | None) -> tuple[int | None, int | None]:
    width, height = file.get("width"), file.get("height")
    if not given or not width or not height:
        return given or width, height if not given else None
    return given, max(1, round(given * height / width))


def _srcset(variants: Iterable[Row]) -> str:
    return ", ".join(f"{address(each['key'])} {each['width']}w" for each in variants)


def _written(attributes: Mapping[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in attributes.items())

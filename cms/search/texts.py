"""What of an item is searched, whatever its kind: titles, headings, tags and text. Pure."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import normalize

from cms.core import sanitise
from cms.search.words import STOP_WORDS, line, tokens

# What a snippet can be taken from; tokens are made of all of it.
KEPT_TEXT: Final = 32_000
MOST_TOKENS: Final = 20_000
OFTEN: Final = 3
MOST_OFTEN: Final = 30
MOST_HEADINGS: Final = 400

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?![a-z0-9])([^<>]*)>")
_JOINED = (sanitise.PHRASES - {"br"}) | {"img", "input"}
# Linear: what lies between never runs into the next heading.
_HEADING = re.compile(r"<h[1-6]\b[^<>]*>([^<]*(?:<(?!/?h[1-6]\b)[^<]*)*)</h[1-6]>")
LINES = ("summary", "excerpt", "role", "headline")
WORDS = ("technologies",)


@dataclass(frozen=True, slots=True)
class Zones:
    """The tokens of an item by where they stand."""

    title_line: str
    title: list[str]
    tags: list[str]
    headings: list[str]
    often: list[str]
    tokens: list[str]
    text: str


def plain(safe_html: str) -> str:
    """The text of HTML that our sanitiser made: every `<` in it opens a tag."""
    bare = _TAG.sub(lambda tag: "" if tag[2] in _JOINED else " ", safe_html)
    return " ".join(html.unescape(bare).split())


def of_live(live: Any, tag_names: Mapping[str, str]) -> Zones:
    """What readers see of an item; a tag without a public name is not among it."""
    shown: str = getattr(live, "html", "")
    tags = [name for slug in getattr(live, "tag_slugs", ()) if (name := tag_names.get(slug))]
    tags += [word for field in WORDS for word in getattr(live, field, ())]
    body = plain(shown)
    lines = [text for field in LINES if (text := getattr(live, field, None))]
    return _zones(
        title=live.title,
        tags=tags,
        headings=[plain(found[1]) for found in _HEADING.finditer(shown)],
        body=[body, *lines],
        text=body or " ".join(lines),
    )


def of_working(working: Any) -> list[str]:
    """The tokens of everything in a working copy that its author would search for."""
    fields = ("title", "slug", "markdown", *LINES)
    parts = [text for field in fields if (text := getattr(working, field, None))]
    parts += [word for field in ("tag_slugs", *WORDS) for word in getattr(working, field, ())]
    return sorted(_distinct(parts))[:MOST_TOKENS]


def _zones(
    *, title: str, tags: Sequence[str], headings: Sequence[str], body: Sequence[str], text: str
) -> Zones:
    counts = Counter(token for part in body for token in tokens(part) if token not in STOP_WORDS)
    often = [token for token, count in counts.most_common(MOST_OFTEN) if count >= OFTEN]
    in_title, in_tags = _distinct([title]), _distinct(tags)
    in_headings = [token for token in _distinct(headings) if token not in STOP_WORDS]
    # The many of a long text give way to what stands above it.
    everything = dict.fromkeys([*in_title, *in_tags, *in_headings, *often, *counts])
    return Zones(
        title_line=line(title),
        title=in_title,
        tags=in_tags,
        headings=in_headings[:MOST_HEADINGS],
        often=often,
        tokens=sorted(list(everything)[:MOST_TOKENS]),
        text=normalize("NFC", text[:KEPT_TEXT]),
    )


def _distinct(parts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(token for part in parts for token in tokens(part)))

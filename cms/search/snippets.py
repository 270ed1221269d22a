"""Where in a text the hit is: spans that joined are the text, told apart by whether they match."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from cms.search.schemas import Span
from cms.search.words import Search, fold_aligned

LENGTH = 220
LEAD = 50
# The best place is looked for among this many matches.
MOST_MATCHES = 300
Place = tuple[int, int]


def marked(text: str, search: Search) -> list[Span]:
    """The whole text, such as a title."""
    text = unicodedata.normalize("NFC", text)
    return _spans(text, _places(text, search), 0, len(text))


def snippet(text: str, search: Search) -> list[Span]:
    """The part of a text that holds most of what was searched for, else its opening."""
    text = unicodedata.normalize("NFC", text)
    places = _places(text, search)
    start, end = _window(text, places)
    spans = _spans(text, [place for place in places if start <= place[0] < end], start, end)
    if start > 0:
        spans.insert(0, Span(text="… ", is_match=False))
    if end < len(text):
        spans.append(Span(text=" …", is_match=False))
    return spans


def _places(text: str, search: Search) -> list[Place]:
    if not search.marks:
        return []
    found: list[Place] = []
    for match in _pattern(search.marks).finditer(fold_aligned(text)):
        found.append(match.span())
        if len(found) == MOST_MATCHES:
            break
    return found


@lru_cache(maxsize=64)
def _pattern(marks: Sequence[tuple[str, bool]]) -> re.Pattern[str]:
    """Words from their beginning; scripts without spaces anywhere. Linear: no nested repeats."""
    parts = []
    for text, is_prefix in sorted(marks, key=lambda mark: -len(mark[0])):
        literal = re.escape(text)
        if is_prefix:
            parts.append(rf"(?<![^\W_]){literal}[^\W_]*")
        elif text[0].isascii():
            parts.append(rf"(?<![^\W_]){literal}(?![^\W_])")
        else:
            parts.append(literal)
    return re.compile("|".join(parts))


def _window(text: str, places: Sequence[Place]) -> Place:
    start = 0
    if places:
        best = max(range(len(places)), key=lambda index: (_worth(text, places, index), -index))
        start = max(0, places[best][0] - LEAD)
    if start > 0:
        space = text.find(" ", start, start + LEAD)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + LENGTH)
    if end < len(text):
        space = text.rfind(" ", start + LENGTH // 2, end)
        end = space if space >= 0 else end
    return start, end


def _worth(text: str, places: Sequence[Place], first: int) -> int:
    """How many different words match from here to the end of a snippet."""
    limit = places[first][0] - LEAD + LENGTH
    seen = set()
    for start, end in places[first : first + 20]:
        if end > limit:
            break
        seen.add(text[start:end].casefold()[:8])
    return len(seen)


def _spans(text: str, places: Sequence[Place], start: int, end: int) -> list[Span]:
    spans = []
    at = start
    for first, last in places:
        last = min(last, end)  # noqa: PLW2901 - a match may run beyond the window
        if first > at:
            spans.append(Span(text=text[at:first], is_match=False))
        spans.append(Span(text=text[first:last], is_match=True))
        at = last
    if at < end:
        spans.append(Span(text=text[at:end], is_match=False))
    return spans

"""What a reader gets out of safe HTML: its outline, its opening sentences, its length.

It reads the HTML that is published, not the Markdown, so that nothing is listed or counted that
the sanitiser took away.
"""

import html
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from cms.core import sanitise

EXCERPT_LENGTH = 200
# A greeting alone doesn't say what a text is about: short paragraphs are joined up to here.
EXCERPT_ENOUGH = 80

# Unhurried silent reading. Adults manage about 238 words a minute of English non-fiction
# (Brysbaert 2019); a technical text in a second language is slower. For Chinese and Japanese
# 400 to 600 characters are the usual figure.
WORDS_A_MINUTE = 200
CHARACTERS_A_MINUTE = 500

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?![a-z0-9])([^<>]*)>")
_VOID = {"br", "hr", "img", "input", "wbr"}
# These don't part the words on their two sides; every other tag does.
_JOINED = (sanitise.PHRASES - {"br"}) | {"img", "input"}
_HEADING = re.compile("h([1-6])")
_ID = re.compile(r' id="(h-[a-z0-9-]+)"')
# Code is looked at, not read word by word; a footnote's number and arrow are furniture.
_UNREAD = re.compile(r"pre\b.*|(?:a|sup)\b.* class=\"footnote-(?:ref|backref)\".*", re.DOTALL)
# Quotes, lists, remarks and notes: the article opens, and has its outline, elsewhere.
_ASIDE = re.compile(
    r"(?:blockquote|caption|details|dl|figure|ol|table|ul)\b.*"
    r'|(?:div|section) .*class="(?:admonition|footnotes)\b.*',
    re.DOTALL,
)

# Scripts written without spaces between words: Han, kana, bopomofo. Each character counts as one
# word, as word processors count them. Hangul has spaces and is counted by words. Thai, Khmer, Lao
# and Burmese have none and would need a dictionary: each run counts as one, so they come out low.
_CHARACTER = re.compile(
    r"[\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    r"\u3105-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d"
    r"\U00020000-\U0003ffff]"
)
# Letters and digits with what joins them: don't, buku-buku, 3.11, user_id are one word each.
_WORD = re.compile(r"\w+(?:[-'.\u2019\u2010\u2011]\w+)*")
# Zero-width joiner and the selectors of emoji and text style.
_JOINING = "\u200d\ufe0e\ufe0f"


@dataclass(frozen=True, slots=True)
class Heading:
    """One entry of the table of contents, with those of deeper level below it."""

    id: str
    level: int
    title: str
    children: tuple["Heading", ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    toc: tuple[Heading, ...]
    excerpt: str
    word_count: int
    reading_minutes: int


def read(safe_html: str) -> Reading:
    reader = _Reader()
    reader.walk(safe_html)
    words, characters = _count(_flow(reader.seen))
    minutes = words / WORDS_A_MINUTE + characters / CHARACTERS_A_MINUTE
    return Reading(
        toc=_nested(reader.outline()),
        excerpt=_shortened(reader.opening()),
        word_count=words + characters,
        reading_minutes=max(1, math.ceil(minutes)),
    )


@dataclass(slots=True)
class _Reader:
    """One walk over the tags. The HTML is nh3's: balanced, and each `<` opens a tag."""

    seen: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    paragraphs: list[list[str]] = field(default_factory=list)
    headings: list[tuple[str, int, list[str]]] = field(default_factory=list)
    # For each open element: whether it is an aside, and which texts its words belong to.
    _open: list[tuple[bool, list[list[str]]]] = field(default_factory=list)

    def walk(self, safe_html: str) -> None:
        self._open.append((False, [self.seen, self.body]))
        end = 0
        for tag in _TAG.finditer(safe_html):
            closing, name, attributes = tag.groups()
            self._hear(safe_html[end : tag.start()])
            end = tag.end()
            if name not in _JOINED:
                self._hear(" ")
            if closing:
                self._open.pop()
            elif name not in _VOID:
                self._open.append(self._inside(name, attributes))
        self._hear(safe_html[end:])

    def _hear(self, words: str) -> None:
        for text in self._open[-1][1]:
            text.append(words)

    def _inside(self, name: str, attributes: str) -> tuple[bool, list[list[str]]]:
        aside, texts = self._open[-1]
        aside = aside or _ASIDE.fullmatch(name + attributes) is not None
        if _UNREAD.fullmatch(name + attributes):
            return aside, []
        own: list[str] = []
        if heading := _HEADING.fullmatch(name):
            if not aside and (anchor := _ID.search(attributes)):
                self.headings.append((anchor[1], int(heading[1]), own))
            return aside, [self.seen, own]
        if name == "p" and not aside:
            self.paragraphs.append(own)
            return aside, [*texts, own]
        return aside, texts

    def opening(self) -> str:
        opening = ""
        for paragraph in filter(None, map(_flow, self.paragraphs)):
            opening = f"{opening} {paragraph}".lstrip()
            if len(opening) >= EXCERPT_ENOUGH:
                break
        # A text of lists alone still has something to say.
        return opening or _flow(self.body) or _flow(self.seen)

    def outline(self) -> list[Heading]:
        flat = [Heading(anchor, level, _flow(title)) for anchor, level, title in self.headings]
        return [heading for heading in flat if heading.title]


def _nested(flat: Sequence[Heading]) -> tuple[Heading, ...]:
    tree = []
    start = 0
    while start < len(flat):
        end = start + 1
        while end < len(flat) and flat[end].level > flat[start].level:
            end += 1
        tree.append(replace(flat[start], children=_nested(flat[start + 1 : end])))
        start = end
    return tuple(tree)


def _flow(parts: Iterable[str]) -> str:
    return " ".join(html.unescape("".join(parts)).split())


def _count(text: str) -> tuple[int, int]:
    spaced, characters = _CHARACTER.subn(" ", text)
    return sum(1 for _ in _WORD.finditer(spaced)), characters


def _shortened(text: str) -> str:
    if len(text) <= EXCERPT_LENGTH:
        return text
    room = text[:EXCERPT_LENGTH]
    cut = room.rfind(" ")
    if cut < EXCERPT_LENGTH // 2:
        # No space in sight, as in Japanese: cut between characters, never inside one.
        cut = EXCERPT_LENGTH - 1
        while cut and (unicodedata.combining(text[cut]) or text[cut] in _JOINING):
            cut -= 1
    return room[:cut].rstrip(" ,;:.-\u2013\u2014\u3001\u3002") + "\u2026"

"""What a check looks at in a Markdown text, with the line where it stands. Pure.

It reads the same tokens that rendering turns into HTML, so that what looks like a link in a block
of code is none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final, Literal

from markdown_it.token import Token

from cms.core import dialect
from cms.core.markdown import TooDeep

# More of one text than anyone mends in one go.
MOST_PIECES: Final = 5_000
SHOWN: Final = 200
MARKER: Final = re.compile(r"\[TK\]|\b(?:TODO|FIXME|TKTK|TK)\b")
_HEADING = re.compile(r"h([1-6])")
What = Literal["image_without_alt", "image", "link", "heading", "anchor", "marker"]


@dataclass(frozen=True, slots=True)
class Piece:
    """`text` is a source, an address, a title, an id or a word, by `what`; lines count from 1.

    An inline footnote has no line of its own.
    """

    what: What
    line: int | None
    text: str
    level: int = 0


def inspect(source: str) -> list[Piece]:
    """Every piece in reading order, MOST_PIECES at most. Refuses with `TooDeep`."""
    try:
        tokens = dialect.parse(source.removeprefix("\ufeff"))
    except RecursionError as error:
        raise TooDeep("The text nests quotes, lists or brackets too deeply.") from error
    return [piece for piece, _ in zip(_pieces(tokens), range(MOST_PIECES), strict=False)]


def markers(text: str, line: int | None = None) -> list[Piece]:
    """What an author left to be done: TODO, FIXME and TK ("to come") in capitals."""
    return [Piece("marker", line, found) for found in MARKER.findall(text)]


def _pieces(tokens: Iterable[Token]) -> Iterator[Piece]:
    line: int | None = None
    level = 0
    for token in tokens:
        if token.map is not None:
            line = token.map[0] + 1
        elif token.type == "footnote_open":
            line = None
        if token.type == "heading_open":
            level = int(token.tag[1])
            yield Piece("anchor", line, str(token.attrGet("id") or ""))
        elif token.type == "heading_close":
            level = 0
        elif token.type == "html_block":
            yield from _in_html(token.content, line)
        elif token.type == "inline":
            if level:
                yield Piece("heading", line, token.content[:SHOWN], level)
            yield from _inline(token, line)


def _inline(parent: Token, first: int | None) -> Iterator[Piece]:
    where = _Where(parent.content, first)
    for token in parent.children or ():
        line = where.of(token)
        if token.type == "text":
            yield from markers(token.content, line)
        elif token.type == "link_open":
            yield Piece("link", line, str(token.attrGet("href") or ""))
        elif token.type == "html_inline":
            yield from _in_html(token.content, line)
        elif token.type == "image":
            source = str(token.attrGet("src") or "")
            yield Piece("image", line, source)
            if not token.content.strip():
                yield Piece("image_without_alt", line, source[:SHOWN])


class _Where:
    """Follows inline tokens, which know no lines, through the text that they were made of."""

    # As far as an address and a title may stand between two words.
    REACH: Final = 4096

    def __init__(self, text: str, line: int | None) -> None:
        self.text, self.line, self.at = text, line, 0

    def of(self, token: Token) -> int | None:
        """The token's line; a little early where the text was written with escapes."""
        if self.line is None:
            return None
        is_break = token.type in {"softbreak", "hardbreak"}
        sought = "\n" if is_break else token.content
        found = self.text.find(sought, self.at, self.at + len(sought) + self.REACH)
        if sought and found >= 0:
            self.line += self.text.count("\n", self.at, found)
            starts, self.at = self.line, found + len(sought)
            self.line += sought.count("\n")
            return starts
        return self.line


def _in_html(markup: str, line: int | None) -> list[Piece]:
    tags = _Tags(line)
    tags.feed(markup)
    return tags.found


class _Tags(HTMLParser):
    """The images and links that an author wrote as HTML."""

    def __init__(self, line: int | None) -> None:
        super().__init__()
        self.first, self.found = line, list[Piece]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = None if self.first is None else self.first + self.getpos()[0] - 1
        values = dict(attrs)
        if tag == "img":
            self.found.append(Piece("image", line, values.get("src") or ""))
        if tag == "img" and not (values.get("alt") or "").strip():
            self.found.append(Piece("image_without_alt", line, (values.get("src") or "")[:SHOWN]))
        elif tag == "a" and values.get("href"):
            self.found.append(Piece("link", line, values["href"] or ""))
        elif heading := _HEADING.fullmatch(tag):
            self.found.append(Piece("heading", line, "", int(heading[1])))

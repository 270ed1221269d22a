"""Markdown in; safe HTML, its table of contents, an excerpt and its length out. Pure."""

import hashlib
from dataclasses import dataclass
from typing import Any

from pygments.formatters import HtmlFormatter

from cms.core import dialect, reading, sanitise
from cms.core.reading import Heading

__all__ = [
    "MAX_HTML_BYTES",
    "MAX_SOURCE_BYTES",
    "Heading",
    "Rendered",
    "TooDeep",
    "TooLarge",
    "Unrenderable",
    "highlight_css",
    "refuse_oversize",
    "render",
]

MAX_SOURCE_BYTES = 256 * 1024
MAX_HTML_BYTES = 2 * 1024 * 1024

# The two of Pygments' styles whose every colour keeps WCAG's 4.5:1 on its background.
LIGHT_STYLE, DARK_STYLE = "default", "github-dark"


class Unrenderable(ValueError):
    """The text can't become HTML within our limits; the message is for its author."""


class TooLarge(Unrenderable):
    """More than MAX_SOURCE_BYTES in, or more than MAX_HTML_BYTES out."""


class TooDeep(Unrenderable):
    """Quotes, lists or brackets within one another beyond what anyone reads."""


@dataclass(frozen=True, slots=True)
class Rendered:
    html: str
    toc: tuple[Heading, ...]
    excerpt: str
    word_count: int
    reading_minutes: int


def render(source: str) -> Rendered:
    """The same source always gives the same bytes. Refuses with an `Unrenderable`."""
    refuse_oversize(source)
    # The seal depends on the text, so no text can contain its own.
    seal = hashlib.blake2b(_encoded(source), digest_size=16).hexdigest()
    try:
        loose = dialect.to_html(_readable(source), seal)
    except RecursionError as error:
        raise TooDeep("The text nests quotes, lists or brackets too deeply.") from error
    _refuse_oversize_html(loose)
    safe = sanitise.clean(loose, seal)
    _refuse_oversize_html(safe)
    read = reading.read(safe)
    return Rendered(
        html=safe,
        toc=read.toc,
        excerpt=read.excerpt,
        word_count=read.word_count,
        reading_minutes=read.reading_minutes,
    )


def refuse_oversize(source: str) -> None:
    size = len(_encoded(source))
    if size > MAX_SOURCE_BYTES:
        raise TooLarge(f"The text has {size} bytes; {MAX_SOURCE_BYTES} are allowed.")


def _refuse_oversize_html(html: str) -> None:
    size = len(_encoded(html))
    if size > MAX_HTML_BYTES:
        raise TooLarge(f"The text becomes {size} bytes of HTML; {MAX_HTML_BYTES} are allowed.")


def _encoded(text: str) -> bytes:
    # JSON can carry half a surrogate pair, which UTF-8 can't.
    return text.encode("utf-8", "surrogatepass")


def _readable(source: str) -> str:
    return sanitise.NOT_TEXT.sub(sanitise.REPLACEMENT, source.removeprefix("\ufeff"))


def highlight_css() -> str:
    """A stylesheet for highlighted code, light, and dark for those who prefer it."""
    return (
        f"{_style(LIGHT_STYLE)}\n\n"
        f"@media (prefers-color-scheme: dark) {{\n{_style(DARK_STYLE)}\n}}\n"
    )


def _style(name: str) -> str:
    # Pygments adds rules for line numbers and for every `pre` of the page; leave those out.
    formatter: Any = HtmlFormatter(style=name)
    rules = formatter.get_style_defs(".highlight").splitlines()
    return "\n".join(rule for rule in rules if rule.startswith(".highlight"))

"""Makes the addresses inside a text absolute: a feed is read far from the page it came from."""

import html
import re
from urllib.parse import urljoin

# A tag as our sanitiser writes it: every value in double quotes, every `"` in it escaped.
TAG = re.compile(r'<[a-zA-Z][^\s<>/"]*(?:\s+[^\s=<>"/]+(?:="[^"]*")?)*\s*/?>')
ATTRIBUTE = re.compile(r'(\s(?:href|src|cite)=")([^"]*)(")')
SOURCES = re.compile(r'(\ssrcset=")([^"]*)(")')


def absolute(text: str, base: str) -> str:
    """The same HTML; `base` is the address of the page that shows it."""

    def one(found: re.Match[str]) -> str:
        target = html.unescape(found[2])
        return found[1] + html.escape(_joined(base, target)) + found[3]

    def many(found: re.Match[str]) -> str:
        candidates = [part.split() for part in html.unescape(found[2]).split(",")]
        written = [" ".join([_joined(base, part[0]), *part[1:]]) for part in candidates if part]
        return found[1] + html.escape(", ".join(written)) + found[3]

    def tag(found: re.Match[str]) -> str:
        return SOURCES.sub(many, ATTRIBUTE.sub(one, found[0]))

    return TAG.sub(tag, text)


def _joined(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError:  # no address at all, such as `//[`
        return target

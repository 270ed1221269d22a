"""Which addresses a text may link to, read the way a browser reads them."""

import re

SCHEMES = frozenset({"http", "https", "mailto"})

_EDGES = "".join(map(chr, range(0x21)))
_IGNORED = str.maketrans("", "", "\t\n\r")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def canonical(url: str) -> str:
    """Without what browsers throw away before they look (WHATWG URL, basic parser, 1 to 3)."""
    return url.strip(_EDGES).translate(_IGNORED)


def is_allowed(url: str) -> bool:
    scheme = _SCHEME.match(canonical(url))
    return scheme is None or scheme[1].lower() in SCHEMES


def leaves_the_site(url: str) -> bool:
    """Whether a canonical, allowed address names a host; `/\\host` does so for browsers."""
    return re.match(r"https?:|[/\\]{2}", url, re.IGNORECASE) is not None

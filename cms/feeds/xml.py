"""Writes XML: escapes everything, and drops what XML 1.0 has no way to say."""

import html
import re
from collections.abc import Iterable

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
# XML 1.0 2.2: not even escaped may these stand in a document.
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: str) -> str:
    """Free text for an element or an attribute; `]]>` comes out as `]]&gt;`."""
    return html.escape(ILLEGAL.sub("", value))


def element(name: str, content: str = "", /, **attributes: str) -> str:
    """An element whose content is written already; `a__b` is the attribute `a:b`."""
    given = "".join(f' {key.replace("__", ":")}="{text(it)}"' for key, it in attributes.items())
    return f"<{name}{given}>{content}</{name}>" if content else f"<{name}{given}/>"


def leaf(name: str, value: str, /, **attributes: str) -> str:
    """An element that holds free text."""
    return element(name, text(value), **attributes)


def lines(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)

"""Slugs: transliterated, unique per kind, never containing a dot."""

import re
from collections.abc import Iterator
from typing import Final

from anyascii import anyascii

MAX_LENGTH: Final = 96
PATTERN: Final = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"


def slugify(text: str, fallback: str = "untitled") -> str:
    """ASCII words joined by hyphens: `Ćevapi & 東京` becomes `cevapi-dong-jing`."""
    # A blank between scripts: anyascii writes 東京 as "DongJing", whose words are told by capitals.
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", anyascii(text)) if not text.isascii() else text
    words = re.findall(r"[a-z0-9]+", spaced.lower().replace("'", ""))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:MAX_LENGTH]
        if len(longer) > MAX_LENGTH:
            break
        slug = longer
    return slug or fallback


def candidates(slug: str) -> Iterator[str]:
    """The slug itself, then `-2`, `-3`, … within the length."""
    yield slug
    for number in range(2, 10_000):
        tail = f"-{number}"
        yield slug[: MAX_LENGTH - len(tail)].rstrip("-") + tail

"""The picture of a link for what has none of its own: what stands on it, and its address. Pure."""

import re
from dataclasses import asdict, dataclass
from hashlib import sha256
from json import dumps
from typing import Any, Final, Literal

from cms.core import places

# The size that Open Graph's readers agree on.
WIDTH, HEIGHT = 1200, 630
MIME: Final = "image/png"
# Rises when the drawing changes: the addresses of all cards change with it.
EDITION: Final = 1
# What a stored card is called, and how long one is kept that nobody may need any more.
KEY: Final = re.compile(r"card-[0-9a-f]{24}\.png")
NAME: Final = re.compile(r"\A([a-z0-9-]{1,160})-([0-9a-f]{24})\.png")
CardKind = Literal["article", "project", "profile"]


@dataclass(frozen=True, slots=True)
class Card:
    """Three lines in the site's colours (`#rrggbb`)."""

    title: str
    byline: str
    site: str
    lang: str
    background: str
    text: str
    accent: str

    @property
    def digest(self) -> str:
        """What stands in the address: another card has another one."""
        told = dumps([EDITION, asdict(self)], ensure_ascii=False, sort_keys=True)
        return sha256(told.encode("utf-8", "replace")).hexdigest()[:24]

    @property
    def key(self) -> str:
        """What it is stored under."""
        return f"card-{self.digest}.png"

    def address(self, kind: CardKind, slug: str) -> str:
        """Where this server shows it: it alone can draw one that is missing."""
        return f"{places.cms_base()}/media/cards/{kind}/{slug}-{self.digest}.png"


def made_of(title: str, byline: str, site: dict[str, Any], lang: str) -> Card:
    """`site` is the site's title and its colours."""
    return Card(title=title, byline=byline, lang=lang, site=site["title"], **site["colors"])

"""How an address of ours names a media item: `/media/{id}`, or one of its files. Pure.

Every file's key begins with the id of its item, so that a text which names any file of an item,
former ones too, names the item.
"""

import re
from typing import Final

IDENT: Final = "[0-9a-f]{24}"
# What a key looks like: the item, a hash of the bytes, the format.
KEY_SHAPE: Final = rf"({IDENT})-[0-9a-f]{{24}}\.[a-z0-9]{{2,4}}"
KEY: Final = re.compile(rf"\A{KEY_SHAPE}")
_NAMED: Final = re.compile(rf"/media/({IDENT})(?![0-9a-f])")
_ADDRESS: Final = re.compile(
    rf"\A(?P<base>https?://[^\s/?#]+(?:/[^\s?#]*)?)?/media/(?P<item>{IDENT})"
    rf"(?:-[0-9a-f]{{24}}\.[a-z0-9]{{2,4}})?"
)


def named_in(text: str) -> list[str]:
    """The ids of all items that a text, Markdown or HTML, names; in order, each once."""
    return list(dict.fromkeys(_NAMED.findall(text)))


def named_by(address: str, base: str = "") -> str | None:
    """The id of the item that an address names; None for an address of somebody else.

    `base` is where our media are reached from outside, such as `https://cms.example/media`.
    """
    if base and address.startswith(f"{base}/"):
        address = "/media/" + address.removeprefix(f"{base}/")
    found = _ADDRESS.fullmatch(address)
    return found["item"] if found and not found["base"] else None

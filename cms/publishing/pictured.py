"""Which media items a content shows or links to, and how another takes an item's place. Pure."""

from collections.abc import Sequence
from typing import Any, Final

from cms.core.pictures import named_in

Row = dict[str, Any]
# Fields that may hold one id, many ids, or a text with addresses.
ONE: Final = ("cover_id", "avatar_id")
MANY: Final = ("gallery_ids", "media_ids")
TEXTS: Final = ("markdown", "bio_markdown", "html", "bio_html")


def named_by(content: Any) -> list[str]:
    """The ids of all items that a content names, each once."""
    single = [getattr(content, name, None) for name in ONE]
    several = [*getattr(content, "gallery_ids", [])]
    text = " ".join(getattr(content, name, "") for name in ("markdown", "bio_markdown"))
    return list(dict.fromkeys([*(ref for ref in single if ref), *several, *named_in(text)]))


def replaced(parts: Sequence[str], old: str, new: str | None) -> list[Row]:
    """Update stages: in each content of the document that is there, `old` becomes `new` or goes.

    Texts keep the address of what is gone: their words are their author's.
    """
    changes = {part: _content(f"${part}", old, new) for part in parts}
    changes["media_refs"] = _among("$media_refs", old, new)
    return [{"$set": {**changes, "revision": {"$add": ["$revision", 1]}}}]


def _content(at: str, old: str, new: str | None) -> Row:
    merged: Row = {name: _swapped(f"{at}.{name}", old, new) for name in ONE}
    merged |= {name: _among(f"{at}.{name}", old, new) for name in MANY}
    if new is not None:
        merged |= {name: _reworded(f"{at}.{name}", old, new) for name in TEXTS}
    kept = {name: _if_there(f"{at}.{name}", value) for name, value in merged.items()}
    if at == "$next":
        kept = {"live": _content("$next.live", old, new)}
    is_there = {"$eq": [{"$type": at}, "object"]}
    return {"$cond": [is_there, {"$mergeObjects": [at, kept]}, at]}


def _if_there(field: str, value: Row) -> Row:
    """A field that a document never had stays away."""
    return {"$cond": [{"$eq": [{"$type": field}, "missing"]}, "$$REMOVE", value]}


def _swapped(field: str, old: str, new: str | None) -> Row:
    return {"$cond": [{"$eq": [field, old]}, {"$literal": new}, field]}


def _among(field: str, old: str, new: str | None) -> Row:
    """A list with the new id once and in the old one's place, or without it."""
    if new is None:
        return {"$filter": {"input": field, "cond": {"$ne": ["$$this", old]}}}
    swapped = {"$map": {"input": field, "in": _swapped("$$this", old, new)}}
    joined = {"$concatArrays": ["$$value", ["$$this"]]}
    once = {"$cond": [{"$in": ["$$this", "$$value"]}, "$$value", joined]}
    return {"$reduce": {"input": swapped, "initialValue": [], "in": once}}


def _reworded(field: str, old: str, new: str) -> Row:
    find, put = f"/media/{old}", f"/media/{new}"
    text = {"$replaceAll": {"input": field, "find": find, "replacement": put}}
    return {"$cond": [{"$eq": [{"$type": field}, "string"]}, text, field]}

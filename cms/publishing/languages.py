"""How languages narrow what readers are shown: one, or of each group the preferred one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cms.publishing.rows import readable

Row = dict[str, Any]
MOST_TRANSLATIONS: Final = 50
# What a translation is linked with.
LINK: Row = {"slug": "$live.slug", "lang": "$live.lang", "publish_at": "$live.publish_at"}
# The group that a row of live content stands in; before there were groups, one of its own.
GROUP: Row = {"group_id": {"$ifNull": ["$live.group_id", "$_id"]}}


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageFilter:
    """`lang` first; where a group lacks it, the first of `fallbacks` that the group has."""

    lang: str | None = None
    fallbacks: tuple[str, ...] = ()

    def match(self, now: datetime) -> Row:
        """What readers may see in one of these languages."""
        lang = {"$in": self._langs()} if self.fallbacks else self.lang
        return {**({"live.lang": lang} if lang is not None else {}), **readable(now)}

    def preferred(self, collection: str, now: datetime) -> list[Row]:
        """Stages that keep, of each group of translations, the one that the reader prefers."""
        if not self.fallbacks:
            return []
        langs = self._langs()
        rank = {"$min": {"$map": {"input": "$siblings.lang", "in": _rank(langs, "$$this")}}}
        return [
            {
                "$lookup": {
                    "from": collection,
                    "localField": "live.group_id",
                    "foreignField": "live.group_id",
                    "pipeline": [
                        {"$match": {**readable(now), "live.lang": {"$in": langs}}},
                        {"$project": {"_id": 0, "lang": "$live.lang"}},
                    ],
                    "as": "siblings",
                }
            },
            {"$match": {"$expr": {"$eq": [_rank(langs, "$live.lang"), rank]}}},
        ]

    def _langs(self) -> list[str]:
        return list(dict.fromkeys([*([self.lang] if self.lang else []), *self.fallbacks]))


def _rank(langs: Sequence[str], of: str) -> Row:
    return {"$indexOfArray": [list(langs), of]}


def siblings(group_id: Any, ident: Any, now: datetime) -> list[Row]:
    """Stages that find the readable translations of something that may not be stored yet."""
    match = {"live.group_id": group_id, "_id": {"$ne": ident}, **readable(now)}
    return [{"$match": match}, {"$limit": MOST_TRANSLATIONS}, {"$project": LINK}]


def joined(collection: str, now: datetime) -> Row:
    """A `$lookup` of the readable translations of a row with `GROUP`, itself too, as `siblings`."""
    return {
        "$lookup": {
            "from": collection,
            "localField": "group_id",
            "foreignField": "live.group_id",
            "pipeline": [
                {"$match": readable(now)},
                {"$limit": MOST_TRANSLATIONS},
                {"$project": {"_id": 0, **LINK}},
            ],
            "as": "siblings",
        }
    }

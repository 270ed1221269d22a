"""The pipelines of public reads of articles: what is matched, joined and shown, and in what order.

Pure: they only say what to ask. `documents` asks, and tests explain them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cms.core.finding import Narrowing
from cms.core.paging import Keyset, ListQuery
from cms.media import documents as media
from cms.profiles import documents as profiles
from cms.publishing.languages import LanguageFilter
from cms.publishing.rows import readable
from cms.site.documents import Site
from cms.tags import documents as tags
from cms.tallies import documents as tallies

Row = dict[str, Any]
BY_PUBLICATION = Keyset("live.publish_at", descending=True)
BY_PUBLICATION_OLDEST_FIRST = Keyset("live.publish_at")
BY_POSITION = Keyset("live.series.position", kind="number")
MOST_IN_SERIES = 100
# A table of four is chosen out of at most this many of each sort.
RELATED, BY_SERIES, BY_TAGS = 4, 4, 12
EVERYTHING = "articles"
# What an article's row is joined with, by the field of the view that needs it.
JOINS = {
    "authors": profiles.cards("author_slugs"),
    "tags": tags.cards("tag_slugs"),
    "series": tags.series_cards("place.slug"),
    "cover": media.cards("cover_id", "cover"),
}
# With the text, every picture in it is joined; this takes the place of the cover's join.
PICTURED: Row = {"media_ids": "$live.media_ids"}
REFERENCES: Row = {
    "cover_id": "$live.cover_id",
    "author_slugs": "$live.author_slugs",
    "tag_slugs": "$live.tag_slugs",
    "place": "$live.series",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFilter(LanguageFilter):
    tag: str | None = None
    author: str | None = None
    series: str | None = None
    featured: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    found: Narrowing = field(default_factory=Narrowing)

    def match(self, now: datetime) -> Row:
        wanted = {
            "live.tag_slugs": self.tag,
            "live.author_slugs": self.author,
            "live.series.slug": self.series,
            "live.featured": self.featured,
        }
        narrowed = {name: value for name, value in wanted.items() if value is not None}
        match = {**narrowed, **LanguageFilter.match(self, now), **self.found.match}
        if self.since is not None and self.until is not None:
            match["live.publish_at"] = {"$lte": now, "$gte": self.since, "$lt": self.until}
        return match

    def tally_key(self) -> str | None:
        """What exactly these are counted under; None when nobody keeps that count."""
        if self.since is not None or self.fallbacks or self.found.match:
            return None
        under = [
            f"{name}:{value}"
            for name, value in (
                ("tags", self.tag),
                ("profiles", self.author),
                ("series", self.series),
                ("featured", self.featured),
            )
            if value is not None
        ]
        if len(under) > 1:
            return None
        return _in_language(self.lang, under[0] if under else EVERYTHING)

    def narrowing(self, now: datetime) -> list[Row]:
        return [*self.found.stages, *self.preferred("articles", now)]


def tally_keys(row: Row) -> set[str]:
    """What a live article is counted under, by itself and within its language."""
    live = row["live"]
    under = {EVERYTHING, f"featured:{live['featured']}"}
    under |= {f"tags:{slug}" for slug in live["tag_slugs"]}
    under |= {f"profiles:{slug}" for slug in live["author_slugs"]}
    under |= {f"series:{place['slug']}" for place in [live.get("series")] if place}
    return under | {_in_language(live["lang"], key) for key in under}


def _in_language(lang: str | None, key: str) -> str:
    # No slug and no name of ours holds a bar.
    return f"{lang}|{key}" if lang is not None else key


def shown(projection: Mapping[str, Any], joined: Sequence[str] = tuple(JOINS)) -> list[Row]:
    """Project rows and join them with the cards of what they refer to."""
    keys: Row = {"_key": 1, "publish_at": "$live.publish_at"}
    stages = [stage for name, stage in JOINS.items() if name in joined]
    if "html" in projection:
        keys |= PICTURED
        stages.append(media.cards("media_ids"))
    return [{"$project": {**projection, **REFERENCES, **keys}}, *stages]


def public_list(
    wanted: PublicFilter,
    order: Keyset,
    params: ListQuery,
    now: datetime,
    projection: Mapping[str, Any],
    *,
    joined: Sequence[str] = tuple(JOINS),
    window: int | None = None,
) -> list[Row]:
    """The public list: the page, the total if asked, the site's row last.

    With `window`, it is chosen among so many at most: see `paging.windowed`.
    """
    match, narrowing = wanted.match(now), wanted.narrowing(now)
    first: list[Row] = [{"$limit": window}] if window is not None else []
    page = order.stages(match, params, [*first, *narrowing])
    stages = [*page, *shown(projection, joined)]
    if params.total:
        stages.append(_total(wanted, match, narrowing))
    return [*stages, *Site.LOOKUP]


def _total(wanted: PublicFilter, match: Row, narrowing: list[Row]) -> Row:
    if key := wanted.tally_key():
        return tallies.total("articles", key, match)
    counting = [{"$match": match}, *narrowing, {"$count": "total"}, {"$set": {"_id": "total"}}]
    return {"$unionWith": {"coll": "articles", "pipeline": counting}}


def surroundings(
    row: Row, now: datetime, projection: Mapping[str, Any], alike: Sequence[Any] = ()
) -> list[Row]:
    """What stands around a public article, each row with its `role`."""
    first, *others = [*beside(row, now), _best(candidates(row, now, projection, alike))]
    return [*first, *(_union(branch) for branch in others)]


def beside(row: Row, now: datetime) -> list[list[Row]]:
    """Neighbours by publication and inside the series.

    Every branch walks one index in order and stops at a small number.
    """
    same = _same(row, now)
    older, newer = _neighbours(same, "live.publish_at", row["publish_at"], row["_id"])
    branches = [_one("previous", older, -1, "live.publish_at")]
    branches.append(_one("next", newer, 1, "live.publish_at"))
    if row.get("place"):
        inside = {"live.series.slug": row["place"]["slug"], **same}
        field = "live.series.position"
        before, behind = _neighbours(inside, field, row["place"]["position"], row["_id"])
        branches.append(_one("series_previous", before, -1, field))
        branches.append(_one("series_next", behind, 1, field))
    return branches


def _same(row: Row, now: datetime) -> Row:
    return {"live.lang": row["lang"], **readable(now)}


def _union(stages: list[Row]) -> Row:
    return {"$unionWith": {"coll": "articles", "pipeline": stages}}


def _ref(role: str) -> Row:
    fields = {"slug": "$live.slug", "lang": "$live.lang", "title": "$live.title"}
    return {"$project": {**fields, "publish_at": "$live.publish_at", "role": role}}


def _one(role: str, match: Row, direction: int, field: str) -> list[Row]:
    order = {field: direction, "_id": direction}
    return [{"$match": match}, {"$sort": order}, {"$limit": 1}, _ref(role)]


def _neighbours(match: Row, field: str, key: Any, ident: Any) -> tuple[Row, Row]:
    """Filters of what stands before and behind in the order of `(field, _id)`."""

    def beyond(bound: str, past: str) -> Row:
        # The plain bound lets the index start at the key; the $or drops the ties before it.
        ties = [{field: {past: key}}, {field: key, "_id": {past: ident}}]
        return {**match, field: {**match.get(field, {}), bound: key}, "$or": ties}

    return beyond("$lte", "$lt"), beyond("$gte", "$gt")


def candidates(
    row: Row, now: datetime, projection: Mapping[str, Any], alike: Sequence[Any] = ()
) -> list[list[Row]]:
    """A few of each sort that related articles are chosen from, with what they score.

    `alike` are ids of others by their words, best first: all of it is worth less than one tag.
    """
    newest = {"live.publish_at": -1, "_id": -1}
    others = {**_same(row, now), "_id": {"$ne": row["_id"]}}
    carried = _carried(row)
    branches: list[tuple[list[Row], int]] = [([{"$match": others}, {"$sort": newest}], RELATED)]
    if carried:
        match = {**others, "live.tag_slugs": {"$in": carried}}
        branches.append(([{"$match": match}, {"$sort": newest}], BY_TAGS))
    series = row["place"]["slug"] if row.get("place") else None
    if alike:
        branches.append(([{"$match": {**others, "_id": {"$in": list(alike)}}}], len(alike)))
    shared: Row = {"$size": {"$setIntersection": ["$live.tag_slugs", carried]}}
    score: Row = {"$add": [shared, _likeness(alike)]}
    if series is not None:
        match = {**others, "live.series.slug": series}
        order = {"live.series.position": -1, "_id": -1}
        branches.append(([{"$match": match}, {"$sort": order}], BY_SERIES))
        score = {"$add": [score, {"$cond": [{"$eq": ["$live.series.slug", series]}, 2, 0]}]}
    fields = {**projection, **REFERENCES, "publish_at": "$live.publish_at", "role": "related"}
    # Projected at once, so that no rendered text is carried along.
    project = {"$project": {**fields, "score": score}}
    return [[*stages, {"$limit": limit}, project] for stages, limit in branches]


def _likeness(alike: Sequence[Any]) -> Row:
    """Below one, the more the earlier it stands among them; nothing for the others."""
    place: Row = {"$indexOfArray": [list(alike), "$_id"]}
    worth = {"$divide": [{"$subtract": [len(alike), place]}, len(alike) + 1]}
    return {"$cond": [{"$gte": [place, 0]}, worth, 0]}


def _carried(row: Row) -> list[str]:
    return [slug for slug in row["tag_slugs"] if not tags.is_internal(slug)]


def _best(branches: list[list[Row]]) -> list[Row]:
    """At most four: most tags shared and the same series first, then the newest."""
    first, *more = branches
    best = {"sortBy": {"score": -1, "publish_at": -1, "_id": -1}, "n": RELATED}
    return [
        *first,
        *(_union(branch) for branch in more),
        {"$group": {"_id": "$_id", "row": {"$first": "$$ROOT"}}},
        {"$replaceRoot": {"newRoot": "$row"}},
        {"$group": {"_id": None, "best": {"$topN": {**best, "output": "$$ROOT"}}}},
        {"$unwind": "$best"},
        {"$replaceRoot": {"newRoot": "$best"}},
        *JOINS.values(),
    ]


def shown_in_series(now: datetime) -> Row:
    """How `core.references` finds the public articles of a series, in order."""
    fields = {
        "_id": 0,
        "slug": "$live.slug",
        "lang": "$live.lang",
        "title": "$live.title",
        "excerpt": "$live.summary",
        "position": "$live.series.position",
        "published_at": "$live.publish_at",
        "reading_minutes": "$live.reading_minutes",
    }
    return {
        "$lookup": {
            "from": "articles",
            "localField": "slug",
            "foreignField": "live.series.slug",
            "pipeline": [
                {"$match": readable(now)},
                {"$sort": {"live.series.position": 1, "_id": 1}},
                {"$limit": MOST_IN_SERIES},
                {"$project": fields},
            ],
            "as": "shown",
        }
    }

"""What search looks up, and how: entries of live content, and of working copies apart from it.

An entry belongs to one version of one item: `stamp` is the `live.updated_at` of that version.
Nothing is a hit unless the item itself says, in the same query, that this version is live and
readable now: an entry that was left behind can't show anything, and one of a scheduled
publication stands ready for its second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import DeleteMany, ReplaceOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from cms.core.finding import BY_RELEVANCE, Narrowing, Row, Wanted
from cms.core.paging import ListQuery
from cms.publishing.documents import Published
from cms.publishing.rows import readable
from cms.search.likeness import similar
from cms.search.words import LAST, Term, understand
from cms.site.documents import Site

# How many matching entries are ranked: the first in the order of the index, which is the exact
# word before longer ones, and the newest first.
MOST_CANDIDATES: Final = 1000
# How many entries that hold the rarest word are looked through for the other words.
MOST_EXAMINED: Final = 2000
DUPLICATE_KEY = 11000
# (what is wanted, whole word, beginning, beginning of its stem)
ZONES = (("title", 80, 50, 35), ("tags", 50, 30, 20), ("headings", 40, 25, 15))
OFTEN = ("often", 20, 12, 8)
PHRASE_IS_TITLE, PHRASE_IN_TITLE = 300, 100
# Relevance before recency in one number that a cursor can carry.
SECONDS: Final = 10**10

_sources: Final[dict[str, type[Published[Any, Any]]]] = {}


def register(kind: str, document: type[Published[Any, Any]]) -> None:
    """From now on, what is published of this kind can be searched."""
    _sources[kind] = document


def sources() -> dict[str, type[Published[Any, Any]]]:
    return dict(_sources)


class SearchEntry(Document):
    """One version of what readers see or will see, as folded tokens by where they stand."""

    kind: str
    item_id: PydanticObjectId
    stamp: datetime
    revision: int
    lang: str
    publish_at: datetime
    unpublish_at: datetime
    title_line: str
    title: list[str]
    tags: list[str]
    headings: list[str]
    often: list[str]
    tokens: list[str]
    text: str

    class Settings:
        name = "search_entries"

    @classmethod
    async def keep(
        cls, item_id: PydanticObjectId, revision: int, entries: Sequence["SearchEntry"]
    ) -> None:
        """These are all entries of the item at that revision; never undoes a later call."""
        writes: list[Any] = [
            ReplaceOne(
                {"item_id": item_id, "stamp": entry.stamp, "revision": {"$lte": revision}},
                entry.model_dump(exclude={"id"}),
                upsert=True,
            )
            for entry in entries
        ]
        kept = [entry.stamp for entry in entries]
        writes.append(
            DeleteMany(
                {"item_id": item_id, "revision": {"$lte": revision}, "stamp": {"$nin": kept}}
            )
        )
        try:
            await cls.get_pymongo_collection().bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            if {item["code"] for item in error.details["writeErrors"]} != {DUPLICATE_KEY}:
                raise  # else a later revision stands there


class SearchDraft(Document):
    """A working copy's tokens; `live_seen` tells what of the live side is in the entries."""

    kind: str
    item_id: PydanticObjectId
    revision: int
    live_seen: str
    owner_id: PydanticObjectId | None
    tokens: list[str]

    class Settings:
        name = "search_drafts"

    @classmethod
    async def seen(cls, item_id: PydanticObjectId) -> tuple[int, str] | None:
        """The revision and the live side that are in the index."""
        row = await cls.get_pymongo_collection().find_one(
            {"item_id": item_id}, {"revision": 1, "live_seen": 1}
        )
        return (row["revision"], row["live_seen"]) if row else None

    async def keep(self) -> bool:
        """Never undoes what a later revision wrote; False when one stands there."""
        older = {"item_id": self.item_id, "revision": {"$lte": self.revision}}
        try:
            await self.get_pymongo_collection().replace_one(
                older, self.model_dump(exclude={"id"}), upsert=True
            )
        except DuplicateKeyError:
            return False
        return True


async def forget(item_ids: Sequence[PydanticObjectId]) -> None:
    for collection in (SearchEntry, SearchDraft):
        await collection.get_pymongo_collection().delete_many({"item_id": {"$in": list(item_ids)}})


async def ids_after(
    document: type[Document], field: str, last: PydanticObjectId | None, limit: int, match: Row
) -> list[PydanticObjectId]:
    """The next ids in order, without doubles."""
    wanted = {**match, **({field: {"$gt": last}} if last else {})}
    rows = document.get_pymongo_collection().find(wanted, {field: 1}).sort(field).limit(limit)
    return list(dict.fromkeys([row[field] async for row in rows]))


async def existing(
    document: type[Document], idents: Sequence[PydanticObjectId]
) -> set[PydanticObjectId]:
    rows = document.get_pymongo_collection().find({"_id": {"$in": list(idents)}}, {"_id": 1})
    return {row["_id"] async for row in rows}


class SearchState(Document):
    """Which version of the words the index was built with."""

    id: str = Field(default="index", alias="_id")  # type: ignore[assignment]  # a singleton
    version: int

    class Settings:
        name = "search_state"

    @classmethod
    async def version_built(cls) -> int | None:
        found = await cls.find_one({"_id": "index"})
        return found.version if found else None

    @classmethod
    async def built(cls, version: int) -> None:
        await cls.get_pymongo_collection().replace_one(
            {"_id": "index"}, {"version": version}, upsert=True
        )


def holding(terms: Sequence[Term]) -> list[Row]:
    """Filters, one for each term, as ranges of the token index: no pattern ever meets a text."""
    return [
        {"tokens": {"$elemMatch": {"$gte": term.stem, "$lt": term.stem + LAST}}}
        if term.is_prefix
        else {"tokens": term.text}
        for term in terms
    ]


def _in_window(now: datetime) -> Row:
    return {"publish_at": {"$lte": now}, "unpublish_at": {"$gt": now}}


async def rarest_first(
    collection: type[Document], terms: Sequence[Term], match: Row
) -> tuple[Term, ...]:
    """The terms by how many entries hold them, as far as anyone counts; none if one is in none.

    One query, or none for a single term: it needs no order.
    """
    if len(terms) < 2:
        return tuple(terms)
    counting: list[list[Row]] = [
        [
            {"$match": {"$and": holding([term]), **match}},
            {"$limit": MOST_EXAMINED},
            {"$group": {"_id": {"$literal": place}, "count": {"$sum": 1}}},
        ]
        for place, term in enumerate(terms)
    ]
    name = collection.get_collection_name()
    others: list[Row] = [{"$unionWith": {"coll": name, "pipeline": one}} for one in counting[1:]]
    rows = await collection.aggregate([*counting[0], *others]).to_list()
    if len(rows) < len(terms):
        return ()
    return tuple(terms[row["_id"]] for row in sorted(rows, key=lambda row: row["count"]))


def candidates(terms: Sequence[Term], match: Row) -> list[Row]:
    """Stages that find what holds all terms, in bounded time: the first term leads."""
    first, others = terms[0], holding(terms[1:])
    if not others:
        return [{"$match": {"$and": holding([first]), **match}}, {"$limit": MOST_CANDIDATES}]
    return [
        {"$match": {"$and": holding([first]), **match}},
        {"$limit": MOST_EXAMINED},
        {"$match": {"$and": others}},
        {"$limit": MOST_CANDIDATES},
    ]


def ranked(terms: Sequence[Term], wanted: Wanted, params: ListQuery, now: datetime) -> list[Row]:
    """The pipeline of the public search."""
    match = _in_window(now)
    asked = {"kind": wanted.kind, "lang": wanted.lang}
    match.update({name: value for name, value in asked.items() if value is not None})
    found: list[Row] = [
        *candidates(terms, match),
        {
            "$project": {
                "_id": "$item_id",
                "entry": "$_id",
                "kind": 1,
                "stamp": 1,
                "score": _score(terms, understand(wanted.text).phrase),
            }
        },
    ]
    stages = [*found, *BY_RELEVANCE.stages({}, params, joined(now)), TEXT]
    if params.total:
        counting = [*found, *joined(now), {"$count": "total"}, {"$set": {"_id": "total"}}]
        stages.append({"$unionWith": {"coll": "search_entries", "pipeline": counting}})
    return [*stages, *Site.LOOKUP]


TEXT: Row = {
    "$lookup": {
        "from": "search_entries",
        "localField": "entry",
        "foreignField": "_id",
        "pipeline": [{"$project": {"_id": 0, "text": 1}}],
        "as": "entry",
    }
}
SHOWN = {
    "slug": "$live.slug",
    "lang": "$live.lang",
    "title": "$live.title",
    "published_at": "$live.publish_at",
    "updated_at": "$live.updated_at",
}


def joined(now: datetime) -> list[Row]:
    """Stages that keep only rows whose item says that this version is live and readable."""
    lookups = [
        {
            "$lookup": {
                "from": document.get_collection_name(),
                "localField": "_id",
                "foreignField": "_id",
                "let": {"stamp": "$stamp"},
                "pipeline": [
                    {
                        "$match": {
                            **readable(now),
                            "$expr": {"$eq": ["$live.updated_at", "$$stamp"]},
                        }
                    },
                    {"$project": {"_id": 0, **SHOWN}},
                ],
                "as": f"found_{kind}",
            }
        }
        for kind, document in _sources.items()
    ]
    found = {"$first": {"$concatArrays": [f"$found_{kind}" for kind in _sources]}}
    return [*lookups, {"$set": {"found": found}}, {"$match": {"found": {"$type": "object"}}}]


def _score(terms: Sequence[Term], phrase: str) -> Row:
    parts: list[Any] = [
        _worth(f"${zone}", term, weights) for term in terms for zone, *weights in (*ZONES, OFTEN)
    ]
    title, words = {"$concat": [" ", "$title_line", " "]}, {"$literal": f" {phrase} "}
    in_title = {"$gte": [{"$indexOfBytes": [title, words]}, 0]}
    parts.append({"$cond": [{"$eq": [title, words]}, PHRASE_IS_TITLE, 0]})
    parts.append({"$cond": [in_title, PHRASE_IN_TITLE, 0]})
    seconds = {"$toLong": {"$divide": [{"$toLong": "$publish_at"}, 1000]}}
    recency = {"$min": [{"$max": [seconds, 0]}, SECONDS - 1]}
    return {"$toLong": {"$add": [{"$multiply": [{"$add": parts}, SECONDS]}, recency]}}


def _worth(zone: str, term: Term, weights: Sequence[int]) -> Row:
    whole, beginning, loose = weights
    exact = {"$in": [{"$literal": term.text}, zone]}
    if not term.is_prefix:
        return {"$cond": [exact, whole, 0]}
    partly: Row = {"$cond": [_any_begins(zone, term.text), beginning, 0]}
    if term.stem != term.text:
        loosely = {"$cond": [_any_begins(zone, term.stem), loose, 0]}
        partly = {"$cond": [_any_begins(zone, term.text), beginning, loosely]}
    return {"$cond": [exact, whole, partly]}


def _any_begins(zone: str, beginning: str) -> Row:
    low, high = {"$literal": beginning}, {"$literal": beginning + LAST}
    test = {"$and": [{"$gte": ["$$token", low]}, {"$lt": ["$$token", high]}]}
    return {"$anyElementTrue": [{"$map": {"input": zone, "as": "token", "in": test}}]}


@dataclass(frozen=True, slots=True)
class TokenEngine:
    """The `finding.Engine` that needs nothing but MongoDB's ordinary indexes."""

    async def ranked(self, wanted: Wanted, params: ListQuery, now: datetime) -> list[Row]:
        """One query, and one before it that looks for the rarest of several words."""
        terms = understand(wanted.text).terms
        terms = await rarest_first(SearchEntry, terms, _in_window(now))
        stages = ranked(terms, wanted, params, now) if terms else []
        rows = await SearchEntry.aggregate(stages).to_list() if stages else []
        return [_flat(row) if "found" in row else row for row in rows]

    async def live(self, kind: str, text: str, now: datetime) -> Narrowing:
        """As above, for the candidates; the list's own query joins each version back."""
        terms = understand(text).terms
        ids = await self._ids(SearchEntry, terms, {**_in_window(now), "kind": kind})
        current = {
            "$lookup": {
                "from": "search_entries",
                "localField": "_id",
                "foreignField": "item_id",
                "let": {"stamp": "$live.updated_at"},
                "pipeline": [
                    {"$match": {"$and": holding(terms)}} if terms else {"$match": {}},
                    {"$match": {"$expr": {"$eq": ["$stamp", "$$stamp"]}}},
                    {"$project": {"_id": 1}},
                ],
                "as": "found",
            }
        }
        is_there = {"$match": {"found.0": {"$exists": True}}}
        stages: list[Row] = [current, is_there, {"$unset": "found"}]
        return Narrowing({"_id": {"$in": ids}}, stages, len(ids))

    async def drafts(self, kind: str, text: str, owner_id: Any) -> Narrowing:
        """As above; whose they are is asked before the cap."""
        match: Row = {"kind": kind} if owner_id is None else {"kind": kind, "owner_id": owner_id}
        ids = await self._ids(SearchDraft, understand(text).terms, match)
        return Narrowing({"_id": {"$in": ids}})

    async def alike(self, kind: str, ident: Any, lang: str, now: datetime) -> list[Any]:
        """One query; what it finds may be of a version that is live no more: join it back."""
        stages = similar(kind, ident, lang, _in_window(now))
        rows = await SearchEntry.aggregate(stages).to_list()
        return rows[0]["ids"] if rows else []

    async def _ids(
        self, collection: type[Document], terms: Sequence[Term], match: Row
    ) -> list[PydanticObjectId]:
        ordered = await rarest_first(collection, terms, match)
        if not ordered:
            return []
        together = {"$group": {"_id": None, "ids": {"$push": "$item_id"}}}
        rows = await collection.aggregate([*candidates(ordered, match), together]).to_list()
        return rows[0]["ids"] if rows else []


def _flat(row: Row) -> Row:
    text = row["entry"][0]["text"] if row["entry"] else ""
    return {"_id": row["_id"], "_key": row["_key"], "kind": row["kind"], **row["found"]} | {
        "text": text
    }

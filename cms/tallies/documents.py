"""Counts of readable documents by what they stand under, exact at every moment.

A document is settled when it is counted in `tallies` under the keys that it holds in `tallied`,
and will stay so: readable for good, or never again. Everything else (what changed lately, what
time alone will change) is unsettled: few documents, which readers of a count look at one by one.
So count = tally - unsettled that are in the tally + unsettled that are readable now. A write that
changes what readers see unsettles in the same update; settling is a transaction; counts are read
from one snapshot of both.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from beanie import Document
from pydantic import Field
from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from cms.core.db import NEVER

Row = dict[str, Any]
# What a document is counted under, of its row with `live`.
Keys = Callable[[Row], Collection[str]]
UNSETTLED: Final[Row] = {"settled": None}
# A clock that is set back by less than this changes no count wrongly.
MARGIN: Final = timedelta(days=2)
BATCH: Final = 200
GUARD: Final = ("_id", "revision", "announce_at")


class Tally(Document):
    """How many settled documents stand under a key."""

    id: str = Field(alias="_id")  # type: ignore[assignment]
    n: int

    class Settings:
        name = "tallies"

    @classmethod
    async def add(cls, change: Counter[str], session: AsyncClientSession) -> None:
        writes = [
            UpdateOne({"_id": key}, {"$inc": {"n": by}}, upsert=True)
            for key, by in sorted(change.items())
            if by
        ]
        if writes:
            await cls.get_pymongo_collection().bulk_write(writes, ordered=False, session=session)


async def settle(kind: type[Document], keys: Keys, now: datetime, limit: int = BATCH) -> int:
    """Count what time will not change any more; the number of documents that were looked after."""
    rows = (
        await kind.get_pymongo_collection()
        .find(_final(now - MARGIN), dict.fromkeys((*GUARD, "live", "tallied"), 1))
        .limit(limit)
        .to_list()
    )
    if rows and not await _settled(kind, rows, keys, now):
        # Somebody wrote one of them meanwhile: that one waits for the next round.
        for row in rows:
            await _settled(kind, [row], keys, now)
    return len(rows)


def _final(before: datetime) -> Row:
    """Unsettled documents that were never shown, or began or ended before then."""
    for_good = {"live.publish_at": {"$lte": before}, "live.unpublish_at": NEVER}
    ended = {"live.unpublish_at": {"$lte": before}}
    return {**UNSETTLED, "$or": [{"live": None}, for_good, ended]}


async def _settled(kind: type[Document], rows: Sequence[Row], keys: Keys, now: datetime) -> bool:
    """All of them in one transaction, or none."""
    collection = kind.get_pymongo_collection()
    change: Counter[str] = Counter()
    writes = []
    for row in rows:
        live = row.get("live")
        held = sorted(keys(row)) if live and live["unpublish_at"] > now else []
        change.update(held)
        change.subtract(row.get("tallied") or [])
        guard = {name: row.get(name) for name in GUARD}
        values = {"settled": True, "tallied": held}
        writes.append(UpdateOne({**guard, **UNSETTLED}, {"$set": values}))

    async def write(session: AsyncClientSession) -> bool:
        done = await collection.bulk_write(writes, ordered=False, session=session)
        if done.matched_count != len(rows):
            await session.abort_transaction()
            return False
        await Tally.add(change, session)
        return True

    async with collection.database.client.start_session() as session:
        return await session.with_transaction(write)


async def uncount(gone: Row, session: AsyncClientSession) -> None:
    """Take a removed document out of what it was counted in."""
    await Tally.add(Counter(dict.fromkeys(gone.get("tallied") or [], -1)), session)


async def read(kind: type[Document], stages: Sequence[Row]) -> list[Row]:
    """The rows of a pipeline that counts: it sees tallies and documents of one moment."""
    client = kind.get_pymongo_collection().database.client
    async with client.start_session(snapshot=True) as session:
        return await kind.aggregate(list(stages), session=session).to_list()


def total(collection: str, key: str, readable: Row) -> Row:
    """A stage that appends `{_id: "total", total}`: how many of `key` match `readable`."""
    branches: list[tuple[Row, int]] = [
        ({**UNSETTLED, "tallied": key}, -1),
        ({**UNSETTLED, **readable}, 1),
    ]
    looked_at: list[Row] = [
        {
            "$unionWith": {
                "coll": collection,
                "pipeline": [{"$match": match}, {"$group": {"_id": None, "n": {"$sum": by}}}],
            }
        }
        for match, by in branches
    ]
    summed = {"$group": {"_id": "total", "total": {"$sum": "$n"}}}
    return {
        "$unionWith": {
            "coll": "tallies",
            "pipeline": [{"$match": {"_id": key}}, *looked_at, summed],
        }
    }


def counted(collection: str, prefix: str, holds: Row, now: datetime) -> list[Row]:
    """Stages that set `articles_count` on rows with a `slug`; keys are `prefix:slug`.

    `holds` is an expression over a document: whether it stands under `$$slug`.
    """
    is_shown = {
        "$and": [{"$lte": ["$live.publish_at", now]}, {"$gt": ["$live.unpublish_at", now]}, holds]
    }
    is_tallied = {"$in": ["$$key", {"$ifNull": ["$tallied", []]}]}
    one = {"$subtract": [{"$cond": [is_shown, 1, 0]}, {"$cond": [is_tallied, 1, 0]}]}
    return [
        {"$set": {"tally_key": {"$concat": [f"{prefix}:", "$slug"]}}},
        {
            "$lookup": {
                "from": "tallies",
                "localField": "tally_key",
                "foreignField": "_id",
                "as": "tally",
            }
        },
        {
            "$lookup": {
                "from": collection,
                "let": {"slug": "$slug", "key": "$tally_key"},
                "pipeline": [
                    # The same for every row, so that MongoDB reads it once.
                    {"$match": UNSETTLED},
                    {"$project": {"tallied": 1, **{f"live.{name}": 1 for name in LIVE}}},
                    {"$group": {"_id": None, "n": {"$sum": one}}},
                ],
                "as": "unsettled",
            }
        },
        {
            "$set": {
                "articles_count": {
                    "$add": [
                        {"$ifNull": [{"$first": f"${name}.n"}, 0]}
                        for name in ("tally", "unsettled")
                    ]
                }
            }
        },
        {"$unset": ["tally_key", "tally", "unsettled"]},
    ]


# What `holds` may ask of a document.
LIVE: Final = ("publish_at", "unpublish_at", "tag_slugs", "author_slugs", "series.slug")

"""The pipeline of the public list of a kind that has no joins of its own. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cms.core.paging import Keyset, ListQuery
from cms.media import documents as media
from cms.publishing.languages import LanguageFilter
from cms.publishing.rows import PICTURED
from cms.site.documents import Site

Row = dict[str, Any]


def public_list(
    collection: str,
    order: Keyset,
    wanted: LanguageFilter,
    params: ListQuery,
    now: datetime,
    *,
    projection: Mapping[str, Any],
    window: int | None = None,
) -> list[Row]:
    """The page, its pictures, the total if asked, the site's row last.

    With `window`, it is chosen among so many at most: see `paging.windowed`.
    """
    # The order's bound leaves out what was never published: there it is null.
    match = {order.field: {"$gt": ""}, **wanted.match(now)}
    preferred = wanted.preferred(collection, now)
    first: list[Row] = [{"$limit": window}] if window is not None else []
    total = [_counting(collection, [{"$match": match}, *preferred])] if params.total else []
    return [
        *order.stages(match, params, [*first, *preferred]),
        {"$project": {**projection, **PICTURED, "_key": 1}},
        media.cards("media_ids"),
        *total,
        *Site.LOOKUP,
    ]


def _counting(collection: str, found: list[Row]) -> Row:
    """A stage that appends how many are found; `split_total` takes it off again."""
    stages = [*found, {"$count": "total"}, {"$set": {"_id": "total"}}]
    return {"$unionWith": {"coll": collection, "pipeline": stages}}

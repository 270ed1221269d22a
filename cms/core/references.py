"""Who uses what: registered by the rooms above at start, asked by the rooms below."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

Row = dict[str, Any]
# From the time to a `$lookup` that leaves `[{n: count}]` of public users in `used_by`.
Counter = Callable[[datetime], Row]

_counters: Final[dict[str, Counter]] = {}


def register(collection: str, counter: Counter) -> None:
    """Say how to count the public articles that refer to a row of `collection`."""
    _counters[collection] = counter


def public_count(collection: str, now: datetime) -> list[Row]:
    """Pipeline stages that set `articles_count` on every row.

    Raises:
        KeyError: nobody registered for the collection: `app` forgot to wire it.
    """
    return [
        _counters[collection](now),
        {"$set": {"articles_count": {"$ifNull": [{"$first": "$used_by.n"}, 0]}}},
        {"$unset": "used_by"},
    ]

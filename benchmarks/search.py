"""How the time of a search grows with the number of articles: medians, and their ratios.

    python benchmarks/search.py 1000 10000 100000

Starts an embedded MongoDB of its own in a temporary folder, fills it with generated articles of
about 300 words each, and asks the public pipeline of `GET /api/v1/search`. Writes its table to
standard output. Recorded runs stand in `benchmarks/results/search.md`.
"""

import asyncio
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bson import ObjectId

from cms.app import MODELS, wire
from cms.core import db, finding, migrating, mongod
from cms.core.finding import Wanted
from cms.core.paging import ListQuery
from cms.search import texts

START = datetime(2020, 1, 1, tzinfo=UTC)
ROUNDS = 15
BATCH = 1000
VOCABULARY = 20_000
QUERIES = {
    "a word of every article": "umum",
    "a word of one in 100": "langka",
    "a word of one article": "nomor500x",
    "a beginning": "wor",
    "two words of every article": "umum sering",
    "a frequent and a rare word": "umum langka",
    "two words that never meet": "ganjil genap",
    "eight words": "umum sering word1 word2 word3 word4 word5 word6",
    "no such word": "tidakada",
}


def _article(number: int, dice: random.Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """An article and its entry; words are spread as in real texts, few of them often."""
    words = [f"word{int(VOCABULARY ** dice.random())}" for _ in range(300)]
    words += ["umum", "sering", "ganjil" if number % 2 else "genap", f"nomor{number}x"]
    words += ["langka"] if number % 100 == 0 else []
    dice.shuffle(words)
    at = START + timedelta(minutes=number)
    live = {
        "title": " ".join(words[:6]),
        "slug": f"s{number}",
        "lang": "id",
        "html": f"<h2>{words[7]}</h2><p>{' '.join(words)}</p>",
        "publish_at": at,
        "unpublish_at": db.NEVER,
        "updated_at": at,
    }
    zones = texts.of_live(_Shown(live), {})
    ident = ObjectId()
    entry = {name: getattr(zones, name) for name in texts.Zones.__slots__}
    entry |= {name: live[name] for name in ("lang", "publish_at", "unpublish_at")}
    entry |= {"kind": "article", "item_id": ident, "stamp": at, "revision": 1}
    return {"_id": ident, "slugs": [f"s{number}"], "live": live}, entry


class _Shown:
    def __init__(self, fields: dict[str, Any]) -> None:
        self.__dict__.update(fields)


async def _fill(database: db.Database, start: int, end: int) -> None:
    dice = random.Random(start)  # noqa: S311 - the same articles each time
    for first in range(start, end, BATCH):
        rows = [_article(number, dice) for number in range(first, min(first + BATCH, end))]
        await database["articles"].insert_many([row for row, _ in rows])
        await database["search_entries"].insert_many([entry for _, entry in rows])


async def _median_ms(call: Callable[[], Awaitable[Any]]) -> float:
    took = []
    for _ in range(ROUNDS + 2):
        began = time.perf_counter()
        await call()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took[2:])


async def _measure(url: str, sizes: list[int]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in QUERIES}
    async with db.connected(url, "benchmark", MODELS) as database:
        await migrating.migrate(database)
        filled = 0
        for size in sizes:
            await _fill(database, filled, size)
            filled = size
            for name, text in QUERIES.items():
                found[name].append(
                    await _median_ms(
                        lambda text=text: finding.engine().ranked(  # type: ignore[misc]
                            Wanted(text), ListQuery(), db.now()
                        )
                    )
                )
            print(f"measured {size}", file=sys.stderr)
    return found


def main() -> None:
    sizes = sorted(int(text) for text in sys.argv[1:]) or [1000, 10_000]
    wire()
    with tempfile.TemporaryDirectory() as folder, mongod.running(Path(folder)) as url:
        found = asyncio.run(_measure(url, sizes))
    print(f"Python {platform.python_version()}, {platform.machine()}, median of {ROUNDS}, ms\n")
    print(f"| query | {' | '.join(f'{size:,}' for size in sizes)} | last / first |")
    print(f"| --- | {' | '.join('---' for _ in sizes)} | --- |")
    for name, row in found.items():
        cells = " | ".join(f"{value:.1f}" for value in row)
        print(f"| {name} | {cells} | {row[-1] / row[0]:.1f} |")


if __name__ == "__main__":
    main()

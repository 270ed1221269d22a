"""How the time of every public read grows with the number of articles: medians and their ratios.

    python -m benchmarks.public_reads --record

Starts an embedded MongoDB of its own in a temporary folder, fills one database for each size with
generated articles, and asks the whole application (routing, queries, JSON; no socket) the same
questions of each in turn, so that whatever else the machine does hits all sizes alike. It also
proves that every question is answered from indexes. Recorded: `benchmarks/results/`.
"""

import argparse
import asyncio
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pymongo
import structlog
from beanie import init_beanie

from benchmarks import generated
from cms import config
from cms.app import MODELS, create_litestar, wire, wrapped
from cms.core import db, migrating, mongod
from cms.core.paging import Keyset

RESULT = Path(__file__).parent / "results" / "public_reads.md"
SIZES = (1_000, 10_000, 100_000)
ROUNDS = 31
MOST_GROWTH = 2.0
# A search may take this long, whatever the words and however many articles.
SEARCH_CAP_MS = 400.0
# What an unindexed read would say of itself in the profiler.
BAD_PLANS = ("COLLSCAN",)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every size; `{middle}` and the like depend on it."""

    name: str
    path: str
    # Counts of a combination are taken, not kept: their time is told, not promised.
    is_promised: bool = True
    is_search: bool = field(default=False, kw_only=True)


READS = (
    Question("articles", "articles"),
    Question("… of 100", "articles?limit=100"),
    Question("… oldest first", "articles?sort=published_at"),
    Question("… with their texts", "articles?include=html"),
    Question("… two fields of each", "articles?fields=slug,title"),
    Question("… by a cursor in the middle", "articles?cursor={cursor}"),
    Question("… page 30", "articles?page=30"),
    Question("… with the total", "articles?total=true"),
    Question("… by a tag of every second", "articles?tag=tag00"),
    Question("… by it, with the total", "articles?tag=tag00&total=true"),
    Question("… by a rarer tag", "articles?tag=tag39"),
    Question("… by an author of every second", "articles?author=author00"),
    Question("… by them, with the total", "articles?author=author00&total=true"),
    Question("… by language", "articles?lang=id"),
    Question("… by it, with the total", "articles?lang=id&total=true"),
    Question("… by tag and language", "articles?tag=tag00&lang=id"),
    Question("… by tag, author and language", "articles?tag=tag03&author=author00&lang=id"),
    Question("… featured", "articles?featured=true"),
    Question("… by year", "articles?year=2013"),
    Question("… of a long series, by position", "articles?series=all&sort=position"),
    Question("… with fallback languages", "articles?lang=fr&fallback=true"),
    Question("… by year, with the total", "articles?year=2013&total=true", is_promised=False),
    Question("an article", "articles/article-{middle}"),
    Question("the newest", "articles/article-{last}"),
    Question("the oldest", "articles/article-0"),
    Question("one in the long series", "articles/article-{tenth}"),
    Question("its source", "articles/article-{middle}.md"),
    Question("an old slug", "articles/old-{moved}"),
    Question("no such article", "articles/nothing"),
    Question("tags", "tags"),
    Question("a tag of every second", "tags/tag00"),
    Question("profiles", "profiles"),
    Question("an author of every second", "profiles/author00"),
    Question("their resume", "profiles/author00/resume.json"),
    Question("series", "series"),
    Question("a series of ten", "series/series-3"),
    Question("the long series", "series/all"),
    Question("projects", "projects"),
    Question("a project", "projects/project-3"),
    Question("pages", "pages"),
    Question("a page", "pages/page-3"),
    Question("the site", "site"),
    Question("redirects", "redirects"),
)
SEARCHES = tuple(
    Question(name, path, is_search=True)
    for name, path in (
        ("a word of every article", "search?q=umum"),
        ("a word of one in 100", "search?q=langka"),
        ("a word of one article", "search?q=tunggal"),
        ("a beginning", "search?q=wor"),
        ("two words of every article", "search?q=umum+sering"),
        ("a frequent and a rare word", "search?q=umum+langka"),
        ("two words that never meet", "search?q=ganjil+genap"),
        ("eight words", "search?q=umum+sering+word1+word2+word3+word4+word5+word6"),
        ("no such word", "search?q=tidakada"),
        ("a word of every article, with the total", "search?q=umum&total=true"),
        ("a word of every article, in the list", "articles?q=umum"),
        ("a word of one in 100, in the list", "articles?q=langka"),
        ("two that never meet, in the list", "articles?q=ganjil+genap"),
    )
)


# For each question and size, what it took in each round.
Measured = dict[Question, list[list[float]]]


def _growth(row: list[list[float]]) -> float:
    """The median of the rounds' ratios: within a round the machine is the same for all sizes."""
    return statistics.median(last / first for first, last in zip(row[0], row[-1], strict=True))


class Site:
    """One size: its database, and what its questions are about."""

    def __init__(self, database: db.Database, size: int) -> None:
        self.database, self.size = database, size
        key = {"_key": generated.START + (generated.END - generated.START) / 2, "_id": "0" * 24}
        order = Keyset("live.publish_at", descending=True)
        self.names = {
            "middle": size // 2 + 2,
            "last": size - 1,
            "tenth": size // 2 // 10 * 10,
            "moved": size // 10 * 5 + 7,
            "cursor": order.write(key, backwards=False),
        }

    async def enter(self) -> None:
        """From now on the application reads this one."""
        await init_beanie(database=self.database, document_models=MODELS, skip_indexes=True)

    def address(self, question: Question) -> str:
        return "/api/v1/" + question.path.format(**self.names)


async def _fill(database: db.Database, size: int) -> None:
    began = time.perf_counter()
    await generated.fill(database, size)
    await migrating.migrate(database)
    print(f"filled {size:,} in {time.perf_counter() - began:.0f} s", file=sys.stderr)


async def _measure(sites: Sequence[Site], reader: httpx.AsyncClient, rounds: int) -> Measured:
    """What each question took in each round, for each size, in milliseconds."""
    took: dict[tuple[Question, int], list[float]] = {}
    questions = [*READS, *SEARCHES]
    for number in range(rounds + 2):
        order = random.sample(range(len(sites)), len(sites))
        for place in order:
            await sites[place].enter()
            for question in questions:
                address = sites[place].address(question)
                began = time.perf_counter()
                answer = await reader.get(address)
                spent = (time.perf_counter() - began) * 1000
                assert answer.status_code in {200, 308, 404}, (address, answer.text)
                if number > 1:  # the first rounds warm caches
                    took.setdefault((question, place), []).append(spent)
        print(f"round {number + 1} of {rounds + 2}", file=sys.stderr)
    return {
        question: [took[question, place] for place in range(len(sites))] for question in questions
    }


async def _plans(site: Site, reader: httpx.AsyncClient) -> dict[Question, str]:
    """What the profiler saw of each question: documents and index keys, or what is wrong."""
    await site.enter()
    found = {}
    for question in (*READS, *SEARCHES):
        await site.database.command({"profile": 2})
        await reader.get(site.address(question))
        await site.database.command({"profile": 0})
        rows = await site.database["system.profile"].find({"op": {"$ne": "getmore"}}).to_list()
        await site.database["system.profile"].drop()
        rows = [row for row in rows if not row["ns"].endswith(("system.profile", ".site"))]
        plans = {row.get("planSummary", "") for row in rows}
        is_bad = any(bad in plan for plan in plans for bad in BAD_PLANS)
        is_bad = is_bad or any(row.get("hasSortStage") for row in rows if not question.is_search)
        docs = sum(row.get("docsExamined", 0) for row in rows)
        keys = sum(row.get("keysExamined", 0) for row in rows)
        found[question] = f"{'NOT INDEXED ' if is_bad else ''}{keys:,} / {docs:,}"
    return found


def _table(
    title: str, questions: Sequence[Question], sizes: Sequence[int],
    found: Measured, plans: dict[Question, str],
) -> list[str]:  # fmt: skip
    lines = [
        f"| {title} | {' | '.join(f'{size:,}' for size in sizes)} | growth | keys / documents |",
        f"| --- | {' | '.join('---:' for _ in sizes)} | ---: | ---: |",
    ]
    for question in questions:
        row = found[question]
        cells = " | ".join(f"{statistics.median(values):.1f}" for values in row)
        growth = f"{_growth(row):.2f}"
        if not question.is_promised:
            growth += " (not promised)"
        lines.append(f"| {question.name} | {cells} | {growth} | {plans[question]} |")
    return lines


def _verdict(found: Measured, plans: dict[Question, str]) -> list[str]:
    """What does not hold, in words; nothing when all does."""
    wrong = [f"{q.name}: read without an index" for q, plan in plans.items() if plan[0] == "N"]
    for question, row in found.items():
        growth, slowest = _growth(row), statistics.median(row[-1])
        if question.is_search and slowest > SEARCH_CAP_MS:
            wrong.append(f"{question.name}: {slowest:.0f} ms, over {SEARCH_CAP_MS:.0f}")
        elif not question.is_search and question.is_promised and growth > MOST_GROWTH:
            wrong.append(f"{question.name}: {growth:.2f} times its time at the smallest size")
    return wrong


def _report(
    sizes: Sequence[int],
    found: Measured,
    plans: dict[Question, str],
    *,
    rounds: int,
    about: str,
) -> str:
    wrong = _verdict(found, plans)
    told = "all hold" if not wrong else "NOT ALL HOLD\n" + "\n".join(f"  - {w}" for w in wrong)
    method = (
        "From `python -m benchmarks.public_reads --record`: whole requests without a socket, "
        f"medians of {rounds} interleaved rounds in milliseconds. `growth` is the median of the "
        "rounds' ratios of the largest to the smallest; the last column is what MongoDB examined "
        "at the largest."
    )
    promised = (
        f"- promised: every read from an index and within {MOST_GROWTH:.0f} times; a search "
        f"within {SEARCH_CAP_MS:.0f} ms: {told}"
    )
    lines = ["# How public reads grow with the number of articles", "", method, "", about, promised]
    reads = _table("read", READS, sizes, found, plans)
    return "\n".join([*lines, "", *reads, "", *_table("search", SEARCHES, sizes, found, plans), ""])


def _about(version: str, before: float, note: str) -> str:
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    versions = f"Python {platform.python_version()}, mongod {version}, PyMongo {pymongo.version}"
    load = f"load before and after: {before:.1f}, {os.getloadavg()[0]:.1f}"
    said = f"; {note}" if note else ""
    return f"- date: {datetime.now(UTC):%Y-%m-%d}, {machine}, {versions}\n- {load}{said}"


async def _run(url: str, sizes: Sequence[int], rounds: int, note: str) -> str:
    settings = config.load({"CMS_SECRET_KEY": "-" * 40, "CMS_SITE_URL": "https://juri.example"})
    client = db.make_client(url)
    sites = [Site(client[f"b{size}"], size) for size in sizes]
    for site in sites:
        await _fill(site.database, site.size)
    version = (await client.server_info())["version"]
    before = os.getloadavg()[0]
    # Without the cache, which would answer all but the first time.
    app = wrapped(create_litestar(settings, url, background=False), settings, is_cached=False)
    wire(settings.site_url)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=settings.address) as reader:
        for site in sites:
            await site.enter()
        found = await _measure(sites, reader, rounds)
        plans = await _plans(sites[-1], reader)
    await client.close()
    about = _about(version, before, note)
    return _report(sizes, found, plans, rounds=rounds, about=about)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--record", action="store_true", help=f"write {RESULT.name}")
    parser.add_argument("--note", default="", help="a sentence for the report")
    chosen = parser.parse_args()
    quiet = structlog.make_filtering_bound_logger(50)
    structlog.configure(wrapper_class=quiet)
    with tempfile.TemporaryDirectory() as folder, mongod.running(Path(folder)) as url:
        report = asyncio.run(_run(url, sorted(chosen.sizes), chosen.rounds, chosen.note))
    print(report)
    if chosen.record:
        RESULT.write_text(report, encoding="utf-8")
    sys.exit(1 if "NOT ALL HOLD" in report else 0)


if __name__ == "__main__":
    main()

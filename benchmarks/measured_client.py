"""The measured process: one client under uvloop, answering one JSON request per line.

Started by motor_vs_pymongo.py inside the benchmark's own environment. Both clients run the code
below unchanged; only the class that makes the client differs.
"""

import asyncio
import gc
import itertools
import json
import os
import platform
import random
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any

import pymongo
import uvloop
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import ASCENDING, DESCENDING, AsyncMongoClient, ReturnDocument, WriteConcern

ARTICLES = 2_000
LIST_LIMIT = 15
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
LIST_SORT = [("live.publish_at", DESCENDING), ("_id", DESCENDING)]
LIST_VIEW = {"slugs": 1, "live.title": 1, "live.excerpt": 1, "live.publish_at": 1, "tags": 1}
CLIENTS: dict[str, Callable[..., Any]] = {
    "motor": AsyncIOMotorClient,
    "pymongo": AsyncMongoClient,
}
WORDS = ["lontar", "daun", "aksara", "kebun", "server", "query", "index", "waktu", "kode", "kopi"]

Operation = Callable[[], Awaitable[None]]


def repeatable(seed: str) -> random.Random:
    """Draw the same numbers for both clients."""
    return random.Random(seed)  # noqa: S311  # nothing secret is drawn


def make_article(number: int, slug: str) -> dict[str, Any]:
    """Shape one document like a published article: about 9 KB, working and live content apart."""
    words = repeatable(str(number))
    text = " ".join(words.choices(WORDS, k=450))
    content = {
        "title": f"Catatan nomor {number}",
        "excerpt": text[:160],
        "markdown": text,
        "publish_at": EPOCH + timedelta(minutes=number),
        "unpublish_at": datetime(9999, 12, 31, tzinfo=UTC),
    }
    html = "".join(f"<p>{text[at : at + 400]}</p>" for at in range(0, len(text), 400))
    return {
        "slugs": [slug],
        "lang": "id" if number % 2 else "en",
        "tags": words.sample(WORDS, 3),
        "working": content,
        "live": content | {"html": html, "word_count": 450, "reading_minutes": 3},
        "revision": 1,
    }


class Queries:
    def __init__(self, database: Any) -> None:
        self.articles = database.articles
        self.inserted = database.get_collection(
            "inserted", write_concern=WriteConcern(w="majority")
        )
        self.guarded = database.get_collection("articles", write_concern=WriteConcern(w="majority"))

    async def load(self) -> dict[str, Any]:
        await self.articles.drop()
        await self.articles.create_index([("slugs", ASCENDING)], unique=True)
        await self.articles.create_index([("lang", ASCENDING), *LIST_SORT])
        await self.articles.insert_many([make_article(n, f"a-{n}") for n in range(ARTICLES)])
        return {
            "documents": await self.articles.count_documents({}),
            "plans": {
                "find_one": await self._stages({"slugs": "a-7"}),
                "list": await self._stages(self._older_than(ARTICLES), sort=LIST_SORT),
            },
        }

    async def _stages(self, query: dict[str, Any], **options: Any) -> list[str]:
        explained = await self.articles.find(query, limit=LIST_LIMIT, **options).explain()
        stage, names = explained["queryPlanner"]["winningPlan"], []
        while stage:
            names.append(stage["stage"])
            stage = stage.get("inputStage")
        return names

    @staticmethod
    def _older_than(number: int) -> dict[str, Any]:
        return {"lang": "id", "live.publish_at": {"$lt": EPOCH + timedelta(minutes=number)}}

    async def find_one(self, draw: random.Random, _task: int, _tasks: int) -> Operation:
        async def run() -> None:
            found = await self.articles.find_one({"slugs": f"a-{draw.randrange(ARTICLES)}"})
            assert found is not None

        return run

    async def list(self, draw: random.Random, _task: int, _tasks: int) -> Operation:
        async def run() -> None:
            query = self._older_than(draw.randrange(100, ARTICLES))
            cursor = self.articles.find(query, LIST_VIEW, sort=LIST_SORT, limit=LIST_LIMIT)
            assert len(await cursor.to_list(LIST_LIMIT)) == LIST_LIMIT

        return run

    async def update(self, draw: random.Random, task: int, tasks: int) -> Operation:
        # Each task owns its own documents, so that a guard that fails is a fault, not a race.
        found = await self.articles.find({}, {"revision": 1}, sort=[("_id", 1)]).to_list(None)
        own = found[task::tasks]

        async def run() -> None:
            mine = draw.choice(own)
            guard = {"_id": mine["_id"], "revision": mine["revision"]}
            change = {
                "$inc": {"revision": 1},
                "$set": {"working.title": f"Judul {draw.random()}"},
            }
            after = await self.guarded.find_one_and_update(
                guard, change, {"revision": 1}, return_document=ReturnDocument.AFTER
            )
            assert after["revision"] == mine["revision"] + 1
            mine["revision"] = after["revision"]

        return run

    async def insert(self, _draw: random.Random, task: int, _tasks: int) -> Operation:
        if task == 0:
            await self.inserted.drop()
            await self.inserted.create_index([("slugs", ASCENDING)], unique=True)
        # Shaping the document would drown the client's share: only its key is fresh.
        article = make_article(task, "")
        numbers = itertools.count()

        async def run() -> None:
            await self.inserted.insert_one(article | {"slugs": [f"{task}-{next(numbers)}"]})

        return run


async def measure(
    queries: Queries, *, query: str, tasks: int, seconds: float, seed: str
) -> dict[str, Any]:
    prepare = getattr(queries, query)
    operations = [await prepare(repeatable(f"{seed}/{task}"), task, tasks) for task in range(tasks)]
    taken: list[float] = []

    async def loop(operation: Operation, deadline: float) -> None:
        before = time.perf_counter()
        while before < deadline:
            await operation()
            after = time.perf_counter()
            taken.append(after - before)
            before = after

    async def storm(lasting: float) -> tuple[float, float]:
        taken.clear()
        began, cpu = time.perf_counter(), time.process_time()
        async with asyncio.TaskGroup() as group:
            for operation in operations:
                group.create_task(loop(operation, began + lasting))
        return time.perf_counter() - began, time.process_time() - cpu

    # What the other client's slice left in the caches should not be counted against this one.
    await storm(seconds / 8)
    gc.collect()
    elapsed, cpu = await storm(seconds)
    taken.sort()
    return {
        "operations": len(taken),
        "throughput": len(taken) / elapsed,
        "p50": taken[len(taken) // 2] * 1e6,
        "p99": taken[int(len(taken) * 0.99)] * 1e6,
        "cpu": cpu / len(taken) * 1e6,
    }


def describe() -> dict[str, str]:
    from_environment = os.environ.get("MOTOR_MAX_WORKERS")
    return {
        "python": platform.python_version(),
        "motor": version("motor"),
        "pymongo": version("pymongo"),
        "uvloop": version("uvloop"),
        "bson": "C extension" if pymongo.has_c() else "pure Python",
        "motor_threads": from_environment or f"{5 * (os.cpu_count() or 1)} (its default)",
    }


async def answer_requests(name: str, uri: str) -> None:
    client = CLIENTS[name](uri, tz_aware=True, maxPoolSize=100)
    queries = Queries(client.lontar_benchmark)
    while line := await asyncio.to_thread(sys.stdin.readline):
        request = json.loads(line)
        match request.pop("do"):
            case "describe":
                answer: dict[str, Any] = describe()
            case "load":
                answer = await queries.load()
            case _:
                answer = await measure(queries, **request)
        print(json.dumps(answer), flush=True)
    if closing := client.close():
        await closing


if __name__ == "__main__":
    uvloop.run(answer_requests(sys.argv[1], sys.argv[2]))

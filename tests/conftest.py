"""One real mongod and one database per test process; the app is called without a socket."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from pymongo.read_concern import ReadConcern

from cms import config
from cms.app import MODELS, create_litestar, openapi_document, wrapped
from cms.config import Settings
from cms.core import db, migrating, mongod, rendering
from cms.core.db import Database
from tests import make
from tests.conforming import Contract, require

ORIGIN = "http://127.0.0.1:8000"
CONTRACT = Contract(openapi_document())
KEPT = {"migrations", "locks"}
SEED = Path(__file__).parents[2] / "shared" / "seed" / "apa-itu-backend-developer.txt"


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with mongod.running(tmp_path_factory.mktemp("data")) as url:
        yield url


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    # The least argon2 that may be configured: a suite signs in often.
    return config.load(
        {
            "CMS_SECRET_KEY": make.KEY,
            "CMS_ARGON2_MEMORY_KIB": "19456",
            "CMS_ARGON2_TIME_COST": "2",
            "CMS_SITE_URL": "https://juri.example",
            "CMS_MEDIA_STORAGE": str(tmp_path_factory.mktemp("media")),
            "CMS_ADMIN_ORIGINS": "https://desk.example",
        }
    )


@pytest.fixture(scope="session")
async def served(database_url: str, settings: Settings) -> AsyncIterator[Litestar]:
    """The application with its database open, for the whole session."""
    async with db.connected(database_url, settings.database, MODELS) as database:
        # While all workers begin at once, a new server may keep its first caller waiting.
        async with asyncio.timeout(60):
            while not await db.answers(database):
                pass
        await migrating.migrate(database)
    # The relay is called by the tests that are about it: elsewhere its queries would count.
    app = create_litestar(settings, database_url, background=False)
    # Entered and left in one task: Litestar's lifespan holds a task group.
    opened, finished = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            opened.set()
            await finished.wait()

    task = asyncio.create_task(live())
    await opened.wait()
    yield app
    finished.set()
    await task
    rendering.close()


@pytest.fixture
async def database(served: Litestar) -> AsyncIterator[Database]:
    """The application's own database, emptied afterwards (dropping it takes 40 times longer)."""
    found: Database = served.state["database"]
    yield found
    for name in await _filled(found):
        await found[name].delete_many({})


async def _filled(database: Database) -> list[str]:
    """The collections that hold anything: one question, since most tests fill a few of thirty."""
    names = sorted(set(await database.list_collection_names()) - KEPT)
    first, *others = [(name, _any_of(name)) for name in names]
    questions = [{"$unionWith": {"coll": name, "pipeline": asked}} for name, asked in others]
    seen = database[first[0]].with_options(read_concern=ReadConcern("local"))
    found = await seen.aggregate([*first[1], *questions])
    return [row["name"] for row in await found.to_list()]


def _any_of(name: str) -> list[dict[str, Any]]:
    return [{"$limit": 1}, {"$project": {"_id": 0, "name": {"$literal": name}}}]


@pytest.fixture
async def reader(
    served: Litestar, settings: Settings, database: Database
) -> AsyncIterator[httpx.AsyncClient]:
    """An anonymous client."""
    async with _client(served, settings) as client:
        yield client


@pytest.fixture
async def uncached(
    served: Litestar, settings: Settings, database: Database
) -> AsyncIterator[httpx.AsyncClient]:
    """An anonymous client whose every read asks the database: to count and explain its queries."""
    async with _client(served, settings, is_cached=False) as client:
        yield client


@pytest.fixture
async def owner(
    served: Litestar, settings: Settings, database: Database
) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the owner's bearer token of every scope."""
    account = await make.account()
    async with _client(served, settings) as client:
        client.headers["Authorization"] = f"Bearer {await make.token(account)}"
        yield client


@pytest.fixture
async def browser(
    served: Litestar, settings: Settings, database: Database
) -> AsyncIterator[httpx.AsyncClient]:
    """A client without credentials that keeps cookies, as a browser does."""
    async with _client(served, settings) as client:
        yield client


def _client(served: Litestar, settings: Settings, *, is_cached: bool = True) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=wrapped(served, settings, is_cached=is_cached))
    # Whatever a test asks, the answer has to be one that the OpenAPI document tells of.
    hooks = {"response": [require(CONTRACT)]}
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, event_hooks=hooks)


@pytest.fixture
def seed() -> str:
    """The real article's text; it stands beside the repository, never in it."""
    if not SEED.is_file():
        pytest.skip("the seed article is not beside this checkout")
    return SEED.read_text(encoding="utf-8")

"""A library on disk or in a bucket, and a database that may be wiped."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from litestar import Litestar

from cms.core.db import Database
from cms.core.storage import Storage
from tests.transfer import archives


@pytest.fixture
async def library(served: Litestar, database: Database, tmp_path: Path) -> AsyncIterator[Storage]:
    """The application's library, in a folder of its own for one test."""
    routes = served.state["library"]
    before = routes.storage
    found = Storage(str(tmp_path / "media"))
    object.__setattr__(routes, "storage", found)
    async with archives.schema(database):
        yield found
    object.__setattr__(routes, "storage", before)

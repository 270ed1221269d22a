"""The library over both storages, on disk and in a bucket of a real S3 server."""

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from moto.server import ThreadedMotoServer

from cms.core import db
from cms.core.db import Database
from cms.core.storage import S3Access, Storage
from cms.media import making
from cms.media.library import Library
from tests.reliability.running import free_port

ADMIN = "/api/v1/admin/media"
Row = dict[str, Any]


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """Moto's server. It speaks S3 over HTTP and does not check signatures."""
    port = free_port()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture(params=["disk", "s3"])
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "disk":
        return Storage(str(tmp_path / "media"))
    endpoint = request.getfixturevalue("s3_endpoint")
    bucket = f"pictures-{secrets.token_hex(4)}"
    async with httpx.AsyncClient() as client:
        assert (await client.put(f"{endpoint}/{bucket}")).status_code == 200
    access = S3Access(endpoint=endpoint, access_key_id="test", secret_access_key="test")
    return Storage(f"s3://{bucket}/site", access)


@pytest.fixture
async def library(
    served: Litestar, database: Database, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Library]:
    """The application's own library, moved to this storage for one test."""
    route_library: Library = served.state["library"]
    before = (route_library.storage, route_library.quota_bytes)
    object.__setattr__(route_library, "storage", storage)
    yield route_library
    object.__setattr__(route_library, "storage", before[0])
    object.__setattr__(route_library, "quota_bytes", before[1])


async def upload(client: httpx.AsyncClient, data: bytes, name: str = "palm.jpg") -> httpx.Response:
    return await client.post(ADMIN, files={"file": (name, data, "application/octet-stream")})


async def item(client: httpx.AsyncClient, data: bytes, name: str = "palm.jpg") -> Row:
    answer = await upload(client, data, name)
    assert answer.status_code == 201, answer.text
    found: Row = answer.json()["results"][0]["media"]
    return found


async def make_all(library: Library) -> None:
    while await making.step(library, db.now):
        pass


async def stored(library: Library) -> list[str]:
    return sorted([file.key async for file in library.storage.names()])

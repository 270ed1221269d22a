"""One CMS behind one Nginx for all tests that don't break either."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.deploy.house import BehindCMS, House, before, program

needs_nginx = pytest.mark.skipif(program() is None, reason="no nginx: apt-get install nginx-light")


@pytest.fixture(scope="session")
def cms() -> Iterator[BehindCMS]:
    # A short path: MongoDB's socket lies below it, and its length is limited.
    with (
        tempfile.TemporaryDirectory(prefix="house", ignore_cleanup_errors=True) as folder,
        BehindCMS(Path(folder) / "data") as found,
    ):
        yield found


@pytest.fixture(scope="session")
def token(cms: BehindCMS) -> str:
    return cms.owner_token()


@pytest.fixture(scope="session")
def house(cms: BehindCMS) -> Iterator[House]:
    if program() is None:
        pytest.skip("no nginx: apt-get install nginx-light")
    folder = cms.log.parent
    with before(folder, cms) as found:
        yield found


@pytest.fixture
def reader(house: House) -> Iterator[httpx.Client]:
    """Anybody, by way of Nginx."""
    with house.client() as client:
        yield client


@pytest.fixture
def owner(house: House, token: str) -> Iterator[httpx.Client]:
    """The owner's program."""
    with house.client() as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client

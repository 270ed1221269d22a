"""One CMS behind one Nginx for all tests that don't break either."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.deploy.house import BehindCMS, House, before, program
from tests.reliability.running import EMAIL, PASSWORD

needs_nginx = pytest.mark.skipif(program() is None, reason="no nginx: apt-get install nginx-light")


@pytest.fixture(scope="session")
def cms() -> Iterator[BehindCMS]:
    # A short path: MongoDB's socket lies below it, and its length is limited.
    with tempfile.TemporaryDirectory(prefix="house", ignore_cleanup_errors=True) as folder:
        with BehindCMS(Path(folder) / "data") as found:
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


@pytest.fixture
def desk_client(house: House, token: str) -> Iterator[httpx.Client]:
    """The owner, signed in with a cookie, as a browser is."""
    with house.client() as client:
        data = {"email": EMAIL, "password": PASSWORD}
        answer = client.post("/api/v1/admin/session", json=data)
        assert answer.status_code == 201, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield client

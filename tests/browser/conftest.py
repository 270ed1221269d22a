"""A real Chromium on a real server; without a browser the tests are skipped and say so."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser.desk import EMAIL, Api, Desk
from tests.browser.keyboard import Keyboard
from tests.make import PASSWORD

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# It is quiet (no look-ups of its own) and runs as root in a container.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The guard against a hang, of clicks and of what is waited for alike: a busy machine answers late.
DEADLINE = 20_000
expect.set_options(timeout=DEADLINE)
# A refusal that a page expects is still printed by the browser as an error.
EXPECTED = ("Failed to load resource",)


def browser_path() -> str | None:
    named = os.environ.get("CMS_BROWSER")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    missing = None
    if browser_path() is None:
        missing = "no Chromium: install one, or name it in CMS_BROWSER"
    elif not (ROOT / "cms" / "_admin" / "index.html").is_file():
        missing = "the admin UI is not built: make setup"
    if missing:
        for item in items:
            if here in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="session")
def desk_folder() -> Iterator[Path]:
    # A short path: MongoDB's socket lies below it, and its length is limited.
    with tempfile.TemporaryDirectory(prefix="desk", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def desk(desk_folder: Path) -> Iterator[Desk]:
    """A server with an owner, for all tests that don't care what else stands in it."""
    found = Desk(desk_folder)
    found.start()
    found.make_owner()
    yield found
    found.stop()


@pytest.fixture
def new_desk() -> Iterator[Desk]:
    """A server that nobody has used yet."""
    with tempfile.TemporaryDirectory(prefix="desk", ignore_cleanup_errors=True) as folder:
        found = Desk(Path(folder))
        found.start()
        yield found
        found.stop()


@pytest.fixture(scope="session")
def api(desk: Desk) -> Iterator[Api]:
    found = Api(desk)
    yield found
    found.client.close()


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        yield launched
        await launched.close()


@pytest.fixture
async def visitor(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """A browser that knows nothing; every complaint of its pages fails the test."""
    context = await chromium.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(DEADLINE)
    complaints: list[str] = []

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type in {"error", "warning"} and not said.text.startswith(EXPECTED)
                else None
            ),
        )

    context.on("page", listen)
    yield context
    await context.close()
    assert complaints == []


async def sign_in(visitor: BrowserContext, desk: Desk) -> Page:
    """A tab of the owner."""
    data = {"email": EMAIL, "password": PASSWORD}
    answer = await visitor.request.post(f"{desk.url}/api/v1/admin/session", data=data)
    assert answer.status == 201, await answer.text()
    return await visitor.new_page()


@pytest.fixture
async def page(visitor: BrowserContext, desk: Desk) -> Page:
    """A tab of the owner, signed in."""
    return await sign_in(visitor, desk)


@pytest.fixture
def keys(page: Page) -> Keyboard:
    """The same tab, of somebody without a mouse."""
    return Keyboard(page)

"""What an owner does in the admin, in a real browser, by way of Nginx and TLS."""

import base64
import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from cms.app import ADMIN_UI
from tests.browser import test_journeys as journeys
from tests.browser.conftest import FLAGS, browser_path
from tests.browser.desk import EMAIL, Api
from tests.deploy.conftest import needs_nginx
from tests.deploy.house import CMS, BehindCMS, House, before
from tests.make import PASSWORD
from tests.reliability.running import rounds

pytestmark = [
    needs_nginx,
    pytest.mark.skipif(browser_path() is None, reason="no Chromium: see CMS_BROWSER"),
    pytest.mark.skipif(not (ADMIN_UI / "index.html").is_file(), reason="make setup builds it"),
]


class Desk:
    """What a journey wants to know of the server it goes to."""

    def __init__(self, house: House, cms: BehindCMS) -> None:
        self.house, self.cms = house, cms
        self.url = f"https://{CMS}"

    @property
    def setup_link(self) -> str:
        link = self.cms.log.read_text().partition(f"{self.url}/admin/setup#token=")[2].split()[0]
        return f"{self.url}/admin/setup#token={link}"


class DoorApi(Api):
    """The owner's other program, by way of Nginx as well."""

    def __init__(self, desk: Any) -> None:
        super().__init__(desk, desk.house.client())


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A server that nobody has used yet, behind Nginx."""
    with tempfile.TemporaryDirectory(prefix="desk", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with BehindCMS(folder / "data") as cms, before(folder, cms) as house:
            yield Desk(house, cms)


@pytest.fixture
async def visitor(desk: Desk) -> AsyncIterator[BrowserContext]:
    """A browser that takes our key for the host's; every complaint of its pages fails the test."""
    pem = (desk.house.folder / CMS / "fullchain.pem").read_bytes()
    key = x509.load_pem_x509_certificate(pem).public_key()
    spki = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    pin = base64.b64encode(hashlib.sha256(spki).digest()).decode()
    flags = [
        *FLAGS,
        f"--host-resolver-rules=MAP {CMS}:443 127.0.0.1:{desk.house.tls}",
        f"--ignore-certificate-errors-spki-list={pin}",
    ]
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(
            executable_path=browser_path(), args=flags
        )
        context = await browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
        context.set_default_timeout(30_000)
        complaints: list[str] = []

        def listen(page: Page) -> None:
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console",
                lambda said: (
                    complaints.append(said.text)
                    if said.type in {"error", "warning"}
                    and not said.text.startswith("Failed to load resource")
                    else None
                ),
            )

        context.on("page", listen)
        yield context
        await context.close()
        await browser.close()
        assert complaints == []


async def test_from_the_setup_link_to_a_published_article_and_back_in(
    visitor: BrowserContext, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journeys, "Api", DoorApi)
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    await journeys.test_from_the_setup_link_to_a_published_article(visitor, desk)  # type: ignore[arg-type]
    assert all(url.startswith((f"https://{CMS}/", "data:", "blob:")) for url in asked)

    cookies = {cookie["name"]: cookie for cookie in await visitor.cookies()}
    session = cookies["__Host-lontar"]
    assert (session["secure"], session["httpOnly"], session["path"]) == (True, True, "/")
    assert session["domain"] == CMS

    await visitor.clear_cookies()
    page = await visitor.new_page()
    await page.goto(f"{desk.url}/admin/articles?status=published")
    await page.get_by_label("E-mail").fill(EMAIL)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(f"{desk.url}/admin/articles?status=published")
    row = page.get_by_role("list", name="Articles").get_by_role("link", name="Palm leaves")
    await expect(row).to_be_visible()
    if rounds(0, 1):
        api = DoorApi(desk)
        await journeys.test_an_article_is_scheduled_withdrawn_trashed_and_restored(page, desk, api)  # type: ignore[arg-type]
        await journeys.test_the_preview_is_what_the_server_makes_of_the_text(page, desk, api)  # type: ignore[arg-type]
        await journeys.test_a_token_is_shown_once_and_can_be_revoked(page, desk)  # type: ignore[arg-type]
        api.client.close()

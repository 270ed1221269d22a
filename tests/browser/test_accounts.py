"""Coming in by links, with a second factor, and one's own account, in a real browser."""

import asyncio
import re

import httpx
import pyotp
import pytest
from playwright.async_api import BrowserContext, Page, expect

from cms.core import db
from tests.accounts.signing import before_a_step_ends
from tests.browser.desk import Api, Desk
from tests.browser.test_accessibility import AXE, findings
from tests.make import PASSWORD

NEW = "bambu runcing kaca danau pagi"
NARROW = "document.documentElement.scrollWidth <= 390"


async def _is_well_made(page: Page) -> None:
    if AXE.is_file():
        assert await findings(page) == []
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await page.evaluate(NARROW), "it scrolls sideways on a phone"
    await page.set_viewport_size({"width": 1440, "height": 900})


def _invite(api: Api, email: str) -> str:
    data = {"email": email, "role": "author"}
    answer = api.client.post("/api/v1/admin/invitations", json=data)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["link"])


@pytest.fixture
async def guest(visitor: BrowserContext) -> Page:
    return await visitor.new_page()


async def _sign_in(page: Page, desk: Desk, email: str, password: str) -> None:
    await page.goto(f"{desk.url}/admin/sign-in")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.keyboard.press("Enter")


async def test_an_invited_author_joins_turns_codes_on_and_signs_in_with_one(
    guest: Page, visitor: BrowserContext, desk: Desk, api: Api
) -> None:
    email = "sari@example.com"
    await guest.goto(_invite(api, email))
    await expect(guest.get_by_role("heading", name="You are invited")).to_be_visible()
    await _is_well_made(guest)
    await guest.get_by_label("Your name").fill("Sari Dewi")
    await guest.get_by_label("Password", exact=True).fill("sari@example.com")
    await guest.get_by_role("button", name="Join").click()
    await expect(guest.get_by_text("Too easy to guess")).to_be_visible()
    await guest.get_by_label("Password", exact=True).fill(PASSWORD)
    await guest.get_by_role("button", name="Join").click()
    await expect(guest.get_by_role("heading", name="Good ")).to_be_visible()

    await guest.get_by_role("button", name="Sari Dewi").click()
    await guest.get_by_role("menuitem", name="My account").click()
    await expect(guest.get_by_text("this one")).to_be_visible()
    await _is_well_made(guest)
    await guest.get_by_role("button", name="Set it up").click()
    secret = await guest.locator("pre").first.inner_text()
    await expect(guest.get_by_role("img", name="Secret")).to_be_visible()
    await _is_well_made(guest)
    await guest.get_by_label("Code").fill("000000")
    await guest.get_by_role("button", name="Turn it on").click()
    await expect(guest.get_by_text("The app shows another code")).to_be_visible()
    totp = pyotp.TOTP(secret)
    await before_a_step_ends()
    await guest.get_by_label("Code").fill(totp.at(db.now().timestamp() - 30))
    await guest.get_by_role("button", name="Turn it on").click()
    await expect(guest.get_by_text("Keep these recovery codes")).to_be_visible()
    await _is_well_made(guest)
    codes = (await guest.locator("pre").first.inner_text()).split()
    assert len(codes) == 10

    await visitor.clear_cookies()
    await _sign_in(guest, desk, email, PASSWORD)
    await expect(guest.get_by_label("Code")).to_be_focused()
    await _is_well_made(guest)
    await guest.keyboard.type("000000")
    await guest.keyboard.press("Enter")
    await expect(guest.get_by_text("That code is wrong")).to_be_visible()
    await guest.get_by_label("Code").fill(codes[0])
    await guest.keyboard.press("Enter")
    await expect(guest.get_by_role("heading", name="Good ")).to_be_visible()


async def test_a_forgotten_password_is_asked_for_and_chosen_by_a_link(
    guest: Page, desk: Desk, api: Api
) -> None:
    email = "dewi@example.com"
    token = _invite(api, email).partition("#token=")[2]
    data = {"token": token, "name": "Dewi", "password": PASSWORD}
    accept = f"{desk.url}/api/v1/admin/invitations/accept"
    joined = await asyncio.to_thread(httpx.post, accept, json=data)
    ident = joined.json()["account"]["id"]

    await guest.goto(f"{desk.url}/admin/sign-in")
    await guest.get_by_role("link", name="Forgot your password?").click()
    # The page before it has a field of the same name.
    await expect(guest.get_by_role("heading", name="Choose a new password")).to_be_visible()
    await guest.get_by_label("E-mail").fill(email)
    await _is_well_made(guest)
    await guest.keyboard.press("Enter")
    await expect(guest.get_by_role("heading", name="This site sends no mail")).to_be_visible()

    link = api.client.post(f"/api/v1/admin/accounts/{ident}/reset-link").json()["link"]
    await guest.goto(link)
    await guest.get_by_label("Password", exact=True).fill("short")
    await guest.keyboard.press("Enter")
    await expect(guest.get_by_text("Use 15 to 256 characters.")).to_be_visible()
    await _is_well_made(guest)
    await guest.get_by_label("Password", exact=True).fill(NEW)
    await guest.keyboard.press("Enter")
    await expect(guest.get_by_role("heading", name="Your password is changed")).to_be_visible()
    await guest.get_by_role("link", name="Sign in").click()
    await _sign_in(guest, desk, email, NEW)
    await expect(guest.get_by_role("heading", name="Good ")).to_be_visible()


@pytest.mark.parametrize("path", ["reset-password", "accept-invitation", "confirm-email"])
async def test_a_link_without_its_token_says_so(guest: Page, desk: Desk, path: str) -> None:
    await guest.goto(f"{desk.url}/admin/{path}")
    await expect(guest.get_by_role("heading", name="This link lacks its token")).to_be_visible()
    if path == "reset-password":  # the others are the same page
        await _is_well_made(guest)


async def test_a_link_that_opens_nothing_says_so(guest: Page, desk: Desk) -> None:
    await guest.goto(f"{desk.url}/admin/confirm-email#token=gone")
    await guest.get_by_role("button", name="Confirm it").click()
    await expect(guest.get_by_role("alert").first).to_contain_text("does not open anything")


async def test_what_is_dangerous_asks_for_the_password_and_then_goes_on(
    page: Page, desk: Desk
) -> None:
    """The first answer is a stand-in: it says that the password was typed long ago."""
    refused = 0

    async def once(route: object) -> None:
        nonlocal refused
        request = route.request  # type: ignore[attr-defined]
        if request.method == "POST" and refused == 0:
            refused += 1
            problem = '{"code": "reauthentication_required", "detail": "x", "errors": []}'
            await route.fulfill(  # type: ignore[attr-defined]
                status=403, body=problem, content_type="application/problem+json"
            )
        else:
            await route.continue_()  # type: ignore[attr-defined]

    await page.route(re.compile("/api/v1/admin/tokens"), once)
    await page.goto(f"{desk.url}/admin/tokens")
    await page.get_by_role("button", name="New token").click()
    await page.get_by_label("What is it for?").fill("a build")
    await page.get_by_role("button", name="Create the token").click()
    dialog = page.get_by_role("dialog", name="Type your password again")
    await dialog.get_by_label("Password", exact=True).fill("wrong")
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("alert").first).to_contain_text("That is not your password.")
    await dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("It is shown this once")).to_be_visible()
    assert refused == 1

"""What is removed takes its button along: the focus goes on from there, not from the page's top."""

import re

import httpx
import pytest
from playwright.async_api import BrowserContext, FilePayload, Locator, Page, expect

from tests.browser.desk import Api, Desk
from tests.browser.keyboard import Keyboard, button
from tests.browser.rooms import made, trashed
from tests.make import PASSWORD
from tests.media.samples import png

AGENT = "Mozilla/5.0 (Windows NT 10.0; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"


def _all(page: Page, verb: str) -> Locator:
    """The buttons of the rows, whatever each row is called."""
    return page.get_by_role("button", name=re.compile(f"^{verb}: "))


def _joined(desk: Desk, api: Api, name: str) -> str:
    """The address of an account with two tokens, signed in in more than one browser."""
    email = f"{name.lower()}@example.com"
    made_link = made(api, "invitations", email=email, role="author")["link"]
    body = {"token": made_link.partition("token=")[2], "name": name, "password": PASSWORD}
    with httpx.Client(base_url=f"{desk.url}/api/v1/admin", timeout=20) as client:
        joined = client.post("/invitations/accept", json=body)
        assert joined.status_code == 201, joined.text
        entry = {"email": email, "password": PASSWORD}
        for version in (144, 145):
            headers = {"User-Agent": AGENT.format(version)}
            answer = client.post("/session", json=entry, headers=headers)
            assert answer.status_code == 201, answer.text
            client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
            token = {"name": f"Token {version}", "scopes": ["read"]}
            answer = client.post("/tokens", json=token)
            assert answer.status_code == 201, answer.text
    return email


async def _own_page(visitor: BrowserContext, desk: Desk, api: Api, name: str) -> Page:
    email = _joined(desk, api, name)
    page = await visitor.new_page()
    keys = Keyboard(page)
    await keys.sign_in(desk, email)
    return page


async def test_sessions_are_ended_one_after_another(
    visitor: BrowserContext, desk: Desk, api: Api
) -> None:
    page = await _own_page(visitor, desk, api, "Gilang")
    keys = Keyboard(page)
    await keys.open(desk, "account")
    ends = _all(page, "End")
    await expect(ends).not_to_have_count(0)
    left = await ends.count()
    await keys.to(ends.first)
    while left > 0:
        await keys.press("Enter")
        left -= 1
        await expect(ends).to_have_count(left)
        await expect(ends.first if left else page.get_by_role("main")).to_be_focused()


async def test_tokens_are_revoked_one_after_another(
    visitor: BrowserContext, desk: Desk, api: Api
) -> None:
    page = await _own_page(visitor, desk, api, "Hesti")
    keys = Keyboard(page)
    await keys.open(desk, "tokens")
    await expect(_all(page, "Revoke")).to_have_count(2)
    await keys.to(_all(page, "Revoke").first)
    for left, heir in ((1, _all(page, "Revoke")), (0, button(page, "New token"))):
        await keys.press("Enter")
        await keys.enter(button(await keys.dialog(), "Revoke"))
        await expect(_all(page, "Revoke")).to_have_count(left)
        await expect(heir).to_be_focused()


async def test_invitations_are_withdrawn(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    for name in ("satu", "dua"):
        made(api, "invitations", email=f"{name}.ditarik@example.com", role="author")
    await keys.open(desk, "accounts")
    gone = button(page, "Withdraw: satu.ditarik@example.com")
    await keys.enter(gone)
    await expect(gone).to_have_count(0)
    await expect(page.locator(":focus")).to_have_accessible_name(re.compile("^Withdraw: "))


@pytest.mark.parametrize("kind", ["articles", "pages"])
async def test_the_trash(page: Page, desk: Desk, api: Api, keys: Keyboard, kind: str) -> None:
    titles = [f"Dibuang {kind} {word}" for word in ("satu", "dua", "tiga")]
    trashed(api, kind, *titles)
    await keys.open(desk, "trash")
    restore = button(page, f"Restore: {titles[0]}")
    await keys.enter(restore)
    await expect(restore).to_have_count(0)
    await expect(page.locator(":focus")).to_have_accessible_name(re.compile("^Restore: "))
    purge = button(page, f"Remove for good: {titles[1]}")
    await keys.enter(purge)
    await keys.enter(button(await keys.dialog(), "Remove for good"))
    await expect(purge).to_have_count(0)
    await expect(page.locator(":focus")).to_have_accessible_name(re.compile("^Remove for good: "))


async def test_chosen_rows(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    for word in ("satu", "dua"):
        made(api, "pages", title=f"Terpilih {word}")
    await keys.open(desk, "pages")
    for word in ("satu", "dua"):
        await keys.to(page.get_by_role("checkbox", name=f"Choose Terpilih {word}"))
        await keys.press("Space")
    await keys.menu(button(page, "Apply to 2 chosen things"), "Move to trash")
    results = page.get_by_role("region", name="What became of it")
    await expect(results).to_contain_text("Terpilih satu Done")
    await expect(page.get_by_role("checkbox", name="Choose Terpilih satu")).to_have_count(0)
    await expect(page.get_by_role("main").locator(":focus")).to_have_count(1)


async def test_what_was_sent(page: Page, desk: Desk, keys: Keyboard) -> None:
    await keys.open(desk, "media")
    file: FilePayload = {
        "name": "terkirim.png",
        "mimeType": "image/png",
        "buffer": png(341, 120),
    }
    await page.locator("input[type=file]").set_input_files(file)  # the system's own dialog
    await expect(page.get_by_role("status").filter(has_text="1 of 1")).to_be_visible()
    await keys.enter(button(page, "Close"))
    await expect(button(page, "Upload")).to_be_focused()

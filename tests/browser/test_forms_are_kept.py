"""What somebody wrote in a form and did not save is there again when the page was closed."""

import asyncio

import pytest
from playwright.async_api import BrowserContext, Page, Route, expect

from tests.browser.acts import is_saved, text_of
from tests.browser.conftest import sign_in
from tests.browser.desk import Api, Desk
from tests.browser.rooms import got, stored

BACK = "Brought back, not saved yet"
NAMES = {"pages": "Title", "projects": "Title", "profiles": "Name"}


async def _open(visitor: BrowserContext, desk: Desk, address: str) -> Page:
    page = await visitor.new_page()
    await page.goto(f"{desk.url}/admin/{address}")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


async def _saved(page: Page) -> None:
    await page.get_by_role("button", name="Save", exact=True).click()
    # Not the button, which is also disabled while it is being saved.
    await is_saved(page)


@pytest.mark.parametrize("kind", NAMES)
async def test_what_was_not_saved_is_there_when_the_page_was_closed(
    visitor: BrowserContext, desk: Desk, api: Api, kind: str
) -> None:
    first = await sign_in(visitor, desk)
    await first.goto(f"{desk.url}/admin/{kind}/new")
    name = first.get_by_label(NAMES[kind], exact=True)
    await name.fill(f"Kept {kind}")
    await first.close()  # nobody is asked

    again = await _open(visitor, desk, f"{kind}/new")
    await expect(again.get_by_label(NAMES[kind], exact=True)).to_have_value(f"Kept {kind}")
    await expect(again.get_by_text(BACK)).to_be_visible()
    await _saved(again)
    ident = await stored(again)
    await again.get_by_label(NAMES[kind], exact=True).fill(f"Changed {kind}")
    await again.close()

    third = await _open(visitor, desk, f"{kind}/{ident}")
    await expect(third.get_by_label(NAMES[kind], exact=True)).to_have_value(f"Changed {kind}")
    home = await _open(visitor, desk, "")
    await expect(home.get_by_role("link", name=f"Changed {kind}")).to_be_visible()
    await third.get_by_role("button", name="Discard").click()
    await expect(third.get_by_label(NAMES[kind], exact=True)).to_have_value(f"Kept {kind}")
    await third.reload()
    await expect(third.get_by_label(NAMES[kind], exact=True)).to_have_value(f"Kept {kind}")
    await expect(third.get_by_text(BACK)).to_have_count(0)
    new = await _open(visitor, desk, f"{kind}/new")
    await expect(new.get_by_label(NAMES[kind], exact=True)).to_have_value("")


async def test_what_is_brought_back_does_not_silently_replace_what_was_saved_since(
    visitor: BrowserContext, desk: Desk, api: Api
) -> None:
    made = api.client.post("/api/v1/admin/pages", json={"title": "Ours"}).json()
    page = await sign_in(visitor, desk)
    await page.goto(f"{desk.url}/admin/pages/{made['id']}")
    await text_of(page).focus()
    await page.keyboard.type("Mine.")
    await page.close()
    match = {"If-Match": f'"{made["revision"]}"'}
    theirs = {"markdown": "Theirs."}
    api.client.patch(f"/api/v1/admin/pages/{made['id']}", json=theirs, headers=match)

    again = await _open(visitor, desk, f"pages/{made['id']}")
    await expect(text_of(again)).to_have_text("Mine.")
    await again.get_by_role("button", name="Save", exact=True).click()
    await expect(again.get_by_role("dialog", name="Changed by someone else")).to_be_visible()
    assert got(api, f"pages/{made['id']}")["markdown"] == "Theirs."
    await again.get_by_role("button", name="Save mine over it").click()
    await is_saved(again)
    assert got(api, f"pages/{made['id']}")["markdown"] == "Mine."


async def test_what_is_typed_while_it_is_saved_is_still_unsaved(
    visitor: BrowserContext, desk: Desk, api: Api
) -> None:
    made = api.client.post("/api/v1/admin/pages", json={"title": "Slow"}).json()
    page = await sign_in(visitor, desk)
    await page.goto(f"{desk.url}/admin/pages/{made['id']}")
    on_its_way, arrives = asyncio.Event(), asyncio.Event()

    async def slowly(route: Route) -> None:
        if route.request.method == "PATCH":
            on_its_way.set()
            await arrives.wait()
        await route.continue_()

    await page.route("**/api/v1/admin/pages/*", slowly)
    title = page.get_by_label("Title", exact=True)
    await title.fill("Saved")
    await page.get_by_role("button", name="Save", exact=True).click()
    await on_its_way.wait()
    await title.fill("Saved and more")
    arrives.set()
    await expect(page.get_by_role("status").filter(has_text="Unsaved changes")).to_be_visible()
    await expect(page.get_by_role("button", name="Save", exact=True)).to_be_enabled()
    await expect(title).to_have_value("Saved and more")
    await page.unroute("**/api/v1/admin/pages/*")
    await _saved(page)
    assert got(api, f"pages/{made['id']}")["title"] == "Saved and more"


async def test_leaving_without_saving_keeps_nothing_and_signing_out_asks(
    visitor: BrowserContext, desk: Desk
) -> None:
    page = await sign_in(visitor, desk)
    await page.goto(f"{desk.url}/admin/pages/new")
    await page.get_by_label("Title", exact=True).fill("Left behind")
    await page.get_by_role("link", name="All pages").click()
    await page.get_by_role("button", name="Leave without saving").click()
    await expect(page.get_by_role("heading", name="Pages", level=1)).to_be_visible()
    await page.goto(f"{desk.url}/admin/pages/new")
    await expect(page.get_by_label("Title", exact=True)).to_have_value("")

    await page.get_by_label("Title", exact=True).fill("Not sent")
    await page.close()
    other = await _open(visitor, desk, "articles")
    await other.get_by_role("button", name="Rani Lestari").click()
    await other.get_by_role("menuitem", name="Sign out").click()
    await expect(other.get_by_role("dialog").get_by_text("“Not sent”")).to_be_visible()

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


async def _comes_back_and_sees(page: Page, title: str) -> None:
    """The window is looked at again until it shows what was saved elsewhere: not each look asks."""
    field = page.get_by_label("Title", exact=True)
    for _ in range(60):
        await page.evaluate(
            "document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))"
        )
        if await field.input_value() == title:
            return
        await asyncio.sleep(0.25)
    await expect(field).to_have_value(title)


@pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "unseen"])
async def test_what_was_saved_since_is_not_replaced_by_fields_that_nobody_touched(
    page: Page, desk: Desk, api: Api, is_seen: bool
) -> None:
    made = api.client.post("/api/v1/admin/pages", json={"title": "Before"}).json()
    url = f"/api/v1/admin/pages/{made['id']}"
    await page.goto(f"{desk.url}/admin/pages/{made['id']}")
    await text_of(page).focus()
    await page.keyboard.type("Mine.")
    match = {"If-Match": f'"{made["revision"]}"'}
    assert api.client.patch(url, json={"title": "Since"}, headers=match).is_success
    if is_seen:
        await _comes_back_and_sees(page, "Since")
    await _saved(page)
    await expect(page.get_by_label("Title", exact=True)).to_have_value("Since")
    await expect(text_of(page)).to_have_text("Mine.")
    stored = got(api, f"pages/{made['id']}")
    assert (stored["title"], stored["markdown"]) == ("Since", "Mine.")


async def test_what_both_changed_is_a_conflict_also_where_theirs_was_loaded_meanwhile(
    page: Page, desk: Desk, api: Api
) -> None:
    made = api.client.post("/api/v1/admin/pages", json={"title": "Before"}).json()
    url = f"/api/v1/admin/pages/{made['id']}"
    await page.goto(f"{desk.url}/admin/pages/{made['id']}")
    await text_of(page).focus()
    await page.keyboard.type("Mine.")
    loads: list[str] = []
    page.on("requestfinished", lambda asked: loads.append(asked.url))
    match = {"If-Match": f'"{made["revision"]}"'}
    theirs = {"title": "Since", "markdown": "Theirs."}
    assert api.client.patch(url, json=theirs, headers=match).is_success
    for _ in range(60):
        await page.evaluate(
            "document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))"
        )
        if any(asked.endswith(url) for asked in loads):
            break
        await asyncio.sleep(0.25)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("dialog", name="Changed by someone else")).to_be_visible()
    assert got(api, f"pages/{made['id']}")["markdown"] == "Theirs."
    await page.get_by_role("button", name="Save mine over it").click()
    await is_saved(page)
    # What only they changed stays theirs.
    stored = got(api, f"pages/{made['id']}")
    assert (stored["title"], stored["markdown"]) == ("Since", "Mine.")


async def test_a_page_at_rest_shows_what_was_saved_elsewhere_when_one_comes_back(
    page: Page, desk: Desk, api: Api
) -> None:
    sent = {"title": "Before", "markdown": "Daun.\n"}
    made = api.client.post("/api/v1/admin/pages", json=sent).json()
    url = f"/api/v1/admin/pages/{made['id']}"
    await page.goto(f"{desk.url}/admin/pages/{made['id']}")
    await text_of(page).focus()
    await page.keyboard.press("Control+Home")
    await page.keyboard.press("End")
    match = {"If-Match": f'"{made["revision"]}"'}
    theirs = {"title": "Since", "markdown": "Sebelum.\n\nDaun.\n"}
    assert api.client.patch(url, json=theirs, headers=match).is_success
    await _comes_back_and_sees(page, "Since")
    await expect(text_of(page)).to_be_focused()
    await page.keyboard.type(" Mine.")
    await _saved(page)
    assert got(api, f"pages/{made['id']}")["markdown"] == "Sebelum.\n\nDaun. Mine.\n"


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


@pytest.mark.parametrize("width", [1440, 390])
async def test_a_long_form_is_saved_from_where_one_is(
    page: Page, desk: Desk, api: Api, width: int
) -> None:
    markdown = "Daun.\n\n" * 80
    made = api.client.post("/api/v1/admin/pages", json={"title": "Long", "markdown": markdown})
    await page.set_viewport_size({"width": width, "height": 800})
    await page.goto(f"{desk.url}/admin/pages/{made.json()['id']}")
    save = page.get_by_role("button", name="Save", exact=True)
    await text_of(page).focus()
    await page.keyboard.press("Control+End")
    await expect(save).not_to_be_in_viewport()
    await page.keyboard.type("Mine.")
    await expect(save).to_be_in_viewport(ratio=1)
    await expect(page.get_by_text("Unsaved changes")).to_be_in_viewport(ratio=1)
    before = await page.evaluate("window.scrollY")
    await save.click()
    await expect(page.get_by_role("status").filter(has_text="Saved")).to_have_text("Saved")
    await expect(page.get_by_text("Saved", exact=True)).to_be_in_viewport(ratio=1)
    await expect(save).not_to_be_in_viewport()
    assert await page.evaluate("window.scrollY") == before
    await page.evaluate("window.scrollTo(0, 0)")
    await expect(save).to_be_in_viewport(ratio=1)

"""Keys that come before a busy machine has done what the key before asked for."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.acts import open_article, text_of
from tests.browser.desk import NAME, Api, Desk
from tests.browser.keyboard import ALL_TIMERS_RAN, LATE_TIMERS, Keyboard, button

BUILT = Path(__file__).parents[2] / "cms" / "_admin"
ENTRY = "index.html"
EDITOR = "src/features/editor/editor-page.tsx"
# A frame whose document is there, and in it nothing yet: until it says that it has loaded.
EMPTY_FRAMES = """const { get } = Object.getOwnPropertyDescriptor(
  HTMLIFrameElement.prototype, 'contentDocument');
const loaded = new WeakSet();
document.addEventListener('load', ({ target }) => loaded.add(target), true);
Object.defineProperty(HTMLIFrameElement.prototype, 'contentDocument', {
  get() { return loaded.has(this) ? get.call(this) : new Document(); },
});"""


def _needed(key: str, found: set[str]) -> set[str]:
    """The files that a chunk can't run without."""
    manifest = json.loads((BUILT / "manifest.json").read_bytes())
    chunk = manifest[key]
    if chunk["file"] in found:
        return found
    found |= {chunk["file"], *chunk.get("css", ()), *chunk.get("assets", ())}
    for name in chunk.get("imports", ()):
        _needed(name, found)
    return found


async def _no_other_file_comes(page: Page) -> None:
    """As on a line so slow that only what the editor is made of has come so far."""
    comes = _needed(EDITOR, _needed(ENTRY, set()))

    async def held(route: Route) -> None:
        if route.request.url.split("/admin/")[1] in comes:
            await route.continue_()

    await page.route("**/admin/assets/**", held)


@pytest.mark.parametrize("asked", ["Control+f", "/", "Control+k"])
async def test_what_keys_ask_for_in_the_text_is_there_with_it(
    page: Page, desk: Desk, api: Api, asked: str
) -> None:
    ident = api.article(title="Early", markdown="A leaf.\n")["id"]
    await _no_other_file_comes(page)
    await open_article(page, desk.url, ident)
    await text_of(page).focus()
    await page.keyboard.press("Control+End")
    await page.keyboard.press(asked)
    await page.keyboard.type("tab")
    if asked == "/":
        await expect(page.get_by_role("option", name="Table")).to_be_visible()
        return
    field = "Find" if asked == "Control+f" else "Address, or words of an article"
    await expect(page.get_by_role("textbox", name=field)).to_have_value("tab")
    await expect(page.locator(".cm-line")).to_have_text(["A leaf.", ""])


async def test_what_is_typed_behind_the_key_that_opens_a_dialog_stands_in_it(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Early", markdown="A leaf.\n")["id"]
    await page.add_init_script(LATE_TIMERS)
    await open_article(page, desk.url, ident)
    await text_of(page).focus()
    for key in ("Control+Home", "ArrowRight", "Shift+End", "Shift+ArrowLeft", "Control+k"):
        await page.keyboard.press(key)
    await page.keyboard.type("/leaf")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator(".cm-line").first).to_have_text("A [leaf](/leaf).")


async def test_a_dialog_takes_the_focus_once(page: Page, desk: Desk) -> None:
    await page.add_init_script(LATE_TIMERS)
    keys = Keyboard(page)
    await keys.open(desk, "tokens")
    await keys.to(button(page, "New token"))
    await keys.press("Enter")
    await keys.type("nj")  # keys of the screen behind it
    await keys.press("Tab", "Space")
    await page.evaluate(ALL_TIMERS_RAN)
    await page.evaluate(ALL_TIMERS_RAN)
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("What is it for?")).to_have_value("nj")
    await expect(dialog.get_by_role("checkbox").first).not_to_be_checked()  # as it was offered
    await expect(dialog.get_by_role("checkbox").first).to_be_focused()


async def test_a_menu_is_walked_by_keys_that_follow_at_once(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.client.post("/api/v1/admin/pages", json={"title": "Early"}).json()["id"]
    await page.add_init_script(LATE_TIMERS)
    await page.goto(f"{desk.url}/admin/pages/{ident}")
    await page.get_by_role("button", name="More actions").focus()
    for key in ("Enter", "ArrowDown", "Enter"):
        await page.keyboard.press(key)
    await expect(page.get_by_role("dialog")).to_contain_text("When")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_role("button", name=NAME).focus()
    for key in ("Enter", "ArrowDown"):
        await page.keyboard.press(key)
    await page.evaluate(ALL_TIMERS_RAN)
    await page.evaluate(ALL_TIMERS_RAN)
    await expect(page.get_by_role("menuitem", name="API tokens")).to_be_focused()


@pytest.mark.parametrize("way", ["link", "no link", "preview"])
async def test_what_is_typed_behind_the_end_of_something_stands_in_the_text(
    page: Page, desk: Desk, api: Api, way: str
) -> None:
    ident = api.article(title="Early", markdown="")["id"]
    await page.add_init_script(LATE_TIMERS)
    await open_article(page, desk.url, ident)
    await text_of(page).focus()
    if "link" in way:
        await page.keyboard.press("Control+k")
        await page.keyboard.type("/leaf")
        await page.keyboard.press("Tab")
        await page.keyboard.type("A leaf")
        await page.keyboard.press("Enter" if way == "link" else "Escape")
    else:
        await page.keyboard.press("Control+Shift+e")
        await expect(page.get_by_role("region", name="Preview")).to_be_focused()
        await page.keyboard.press("Escape")
    await page.keyboard.type(" dries")
    words = "[A leaf](/leaf) dries" if way == "link" else " dries"
    await expect(page.locator(".cm-line").first).to_have_text(words)


async def test_keys_for_the_next_screen_do_nothing_to_this_one(
    page: Page, desk: Desk, api: Api
) -> None:
    api.article(title="Early")
    comes = asyncio.Event()

    async def held(route: Route) -> None:
        await comes.wait()
        await route.continue_()

    await page.route("**/assets/editor-page*.js", held)
    await page.goto(f"{desk.url}/admin/articles")
    await expect(page.get_by_role("link", name="Early").first).to_be_visible()
    for key in ("n", "j", "Enter"):
        await page.keyboard.press(key)
    comes.set()
    await expect(page.get_by_role("textbox", name="Title")).to_be_empty()
    await expect(page).to_have_url(re.compile("/admin/articles/new$"))


async def test_a_question_is_answered_by_keys_that_follow_at_once(page: Page, desk: Desk) -> None:
    await page.add_init_script(LATE_TIMERS)
    await page.goto(f"{desk.url}/admin/articles")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("redirects")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/admin/redirects$"))


async def test_a_preview_is_shown_whenever_its_frame_comes(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Early", markdown="A leaf.\n")["id"]
    await page.emulate_media(color_scheme="dark")
    await open_article(page, desk.url, ident)
    await page.evaluate(EMPTY_FRAMES)  # no script gets into the frame itself
    await page.get_by_role("button", name="Preview").click()
    shown = page.frame_locator("iframe[title=Preview]")
    await expect(shown.get_by_text("A leaf.")).to_be_visible()
    await expect(shown.locator("html")).to_have_attribute("data-scheme", "dark")

"""What lies over the text, and which way the text runs: menus, panels and bars stay in sight."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.acts import open_article, text_of
from tests.browser.desk import Api, Desk

WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
PARAGRAPHS = "\n\n".join(f"needle{number} and what else is said of it" for number in range(400))
SAID = {"en": ("Saved", "Publish changes"), "id": ("Tersimpan", "Terbitkan")}
# Of a bar, what it holds and does not show.
CUT = """bar => [...bar.querySelectorAll('*')]
  .filter(element => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
  .filter(element => getComputedStyle(element).overflowX !== 'visible')
  .map(element => element.textContent)"""
# Each line that is drawn: which way it runs, and on which side of the text its first letter is.
LINES = """lines => lines.filter(line => line.textContent.trim() !== '').map(line => {
  const range = document.createRange();
  range.selectNodeContents(line);
  const words = range.getBoundingClientRect();
  const around = line.getBoundingClientRect();
  return [getComputedStyle(line).direction,
          around.right - words.right < words.left - around.left ? 'right' : 'left'];
})"""


async def box(found: Locator) -> Any:
    return await found.evaluate("element => element.getBoundingClientRect().toJSON()")


async def caret(page: Page) -> Any:
    line = "getSelection().focusNode.parentElement.closest('.cm-line').getBoundingClientRect()"
    return await page.evaluate(f"{line}.toJSON()")


async def ready(page: Page) -> None:
    """The menu and the panel come behind the first letter."""
    await expect(text_of(page)).to_be_visible()
    await page.wait_for_load_state("networkidle")


@SIZES
@pytest.mark.parametrize("path", ["articles/new", "pages/new", "projects/new"])
async def test_the_menu_of_a_text_that_begins_stands_at_its_line(
    page: Page, desk: Desk, path: str, size: ViewportSize
) -> None:
    await page.set_viewport_size(size)
    await page.goto(f"{desk.url}/admin/{path}")
    await ready(page)
    await text_of(page).focus()
    await page.keyboard.type("Hello\n\n")
    for _ in range(4):
        await page.keyboard.type("/")
        option = page.get_by_role("option", name="Task list")
        await expect(option).to_be_in_viewport()
        menu, line = await box(page.locator(".cm-tooltip")), await caret(page)
        assert menu["top"] >= 0
        assert menu["bottom"] <= size["height"]
        gap = max(menu["top"] - line["bottom"], line["top"] - menu["bottom"])
        assert -8 <= gap <= 12, (menu, line)
        await page.keyboard.press("Escape")
        await expect(option).to_have_count(0)
        await page.keyboard.type("\n\n")


async def test_the_first_line_comes_from_under_the_bars(page: Page, desk: Desk, api: Api) -> None:
    await open_article(
        page, desk.url, api.article(title="From its first line", markdown=PARAGRAPHS)["id"]
    )
    await text_of(page).focus()
    for scrolled in (130, 150, 170, 190, 210, 230, 400):
        await page.keyboard.press("Control+Home")
        await page.keyboard.press("ArrowDown")
        await page.evaluate(f"scrollTo(0, {scrolled})")
        await page.wait_for_timeout(60)
        await page.keyboard.press("ArrowUp")
        await page.wait_for_timeout(60)
        bar = await box(page.get_by_role("toolbar"))
        assert (await caret(page))["top"] >= bar["bottom"], scrolled


@SIZES
async def test_what_finds_and_what_is_found_stay_in_sight(
    page: Page, desk: Desk, api: Api, size: ViewportSize
) -> None:
    await page.set_viewport_size(size)
    await open_article(
        page, desk.url, api.article(title="Searched through", markdown=PARAGRAPHS)["id"]
    )
    await ready(page)
    await text_of(page).focus()
    await page.keyboard.press("Control+Home")
    await page.keyboard.press("Control+f")
    panel = page.locator(".cm-search")
    await page.keyboard.type("needle20")
    await expect(panel.get_by_role("status")).to_have_text("Matches: 11")
    await page.keyboard.press("Enter")
    # Down, further down, and around the end to the first one again.
    for way, number in (("Enter", 2), ("Enter", 3), ("Shift+Enter", 2), ("Shift+Enter", 1)):
        await page.keyboard.press(way)
        await expect(panel.get_by_role("status")).to_have_text(f"{number} of 11")
        match = page.locator(".cm-searchMatch-selected")
        await expect(match).to_be_in_viewport()
        bar, shown, hit = [
            await box(found) for found in (page.get_by_role("toolbar"), panel, match)
        ]
        assert bar["bottom"] <= shown["top"] + 1
        assert 0 <= shown["left"] <= shown["right"] <= size["width"]
        assert shown["bottom"] <= hit["top"]
        assert hit["bottom"] <= size["height"]
        for button in await panel.locator("button, input:not([type=checkbox]), label").all():
            target = await box(button)
            assert min(target["height"], target["width"]) >= 24
    await page.keyboard.press("Control+a")
    await page.keyboard.type("nowhere")
    await expect(panel.get_by_role("status")).to_have_text("No matches")
    await page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)
    await expect(text_of(page)).to_be_focused()


@SIZES
async def test_the_toolbar_of_a_page_stands_at_its_place(
    page: Page, desk: Desk, api: Api, size: ViewportSize
) -> None:
    made = api.client.post(
        "/api/v1/admin/pages", json={"title": "Below its bar", "markdown": PARAGRAPHS}
    )
    await page.set_viewport_size(size)
    await page.goto(f"{desk.url}/admin/pages/{made.json()['id']}")
    await ready(page)
    toolbar = page.get_by_role("toolbar")
    bar, frame = await box(toolbar), await box(toolbar.locator(".."))
    # Within the border of its frame, on all sides.
    assert bar["top"] == frame["top"] + 1
    assert (bar["left"], bar["right"]) == (frame["left"] + 1, frame["right"] - 1)
    await page.mouse.move(size["width"] / 2, 500)
    await page.mouse.wheel(0, 900)
    await page.wait_for_function("() => scrollY === 900")
    above = 0 if size is WIDE else 56  # the bar with the menu
    assert (await box(toolbar))["top"] == above


@pytest.mark.parametrize("lang", SAID)
async def test_the_bar_of_an_article_says_all_on_a_phone(
    page: Page, desk: Desk, api: Api, lang: str
) -> None:
    state, button = SAID[lang]
    ident = api.published(title=f"On a phone {lang}")["id"]
    api.change(ident, markdown="Changed.")
    await page.add_init_script(f"localStorage.setItem('lontar.lang', '{lang}')")
    await page.set_viewport_size(PHONE)
    await page.goto(f"{desk.url}/admin/articles/{ident}")
    main = page.get_by_role("button", name=button, exact=True)
    bar = page.locator("section", has=main).first
    await expect(bar.get_by_role("status")).to_have_text(state)
    await page.evaluate("() => document.fonts.ready.then(() => true)")
    assert await bar.evaluate(CUT) == []
    assert (await box(main))["right"] <= PHONE["width"]


async def test_a_text_runs_as_its_letters_do(page: Page, desk: Desk, api: Api) -> None:
    text = "# مرحبا\n\nسطر من اليمين\n\nA line from the left\n\n- [x] مهمة\n\n```\nشفرة\n```"
    ident = api.article(title="أوراق النخيل", lang="en", markdown=text)["id"]
    await open_article(page, desk.url, ident)
    title = page.get_by_role("textbox", name="Title")
    await expect(title).to_have_css("direction", "rtl")
    right, left = ["rtl", "right"], ["ltr", "left"]
    lines = text_of(page).locator(".cm-line")
    assert await lines.evaluate_all(LINES) == [right, right, left, right, left, left, left]

    # The caret goes the way of the line, and typing turns a line that was empty.
    await text_of(page).focus()
    await page.keyboard.press("Control+Home")
    for _ in range(3):
        await page.keyboard.press("ArrowLeft")
    await page.keyboard.insert_text("ن")
    await expect(lines.first).to_have_text("# منرحبا")
    await page.keyboard.press("Control+End")
    await page.keyboard.type("\n\n")
    await page.keyboard.insert_text("من")
    assert (await lines.evaluate_all(LINES))[-1] == right

    await page.get_by_role("button", name="Preview").click()
    shown = page.frame_locator("iframe")
    await expect(shown.get_by_text("سطر من اليمين")).to_have_css("direction", "rtl")
    await expect(shown.get_by_text("A line from the left")).to_have_css("direction", "ltr")
    await expect(shown.get_by_role("heading", name="أوراق النخيل")).to_have_css("direction", "rtl")
    await page.goto(f"{desk.url}/admin/articles")
    name = page.get_by_text("أوراق النخيل", exact=True)
    await expect(name).to_have_css("direction", "rtl")

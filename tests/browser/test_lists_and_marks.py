"""Keys in lists, quotes and marked words: what is typed stands where it was meant."""

from playwright.async_api import Page, expect

from tests.browser.acts import is_saved, open_article, text_of
from tests.browser.desk import Api, Desk


async def begun(page: Page, desk: Desk, api: Api, markdown: str = "") -> str:
    """An article with the cursor at the start of its text."""
    ident: str = api.article(title="Keys", markdown=markdown)["id"]
    await open_article(page, desk.url, ident)
    await text_of(page).focus()
    await page.keyboard.press("Control+Home")
    return ident


async def keys(page: Page, *words: str) -> None:
    """Names of keys in brackets, everything else typed letter by letter."""
    for word in words:
        if word.startswith("["):
            await page.keyboard.press(word[1:-1])
        else:
            await page.keyboard.type(word)


async def test_tab_nests_an_item_and_keeps_the_focus(page: Page, desk: Desk, api: Api) -> None:
    ident = await begun(page, desk, api)
    await keys(page, "- ", "[Tab]", "one", "[Enter]", "[Tab]", "child", "[Enter]", "second")
    await keys(page, "[Enter]", "[Shift+Tab]", "two", "[Shift+Tab]")
    await expect(text_of(page)).to_be_focused()
    await is_saved(page)
    assert api.get(ident)["markdown"] == "- one\n  - child\n  - second\n- two"


async def test_several_items_go_along_and_come_back_at_once(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = await begun(page, desk, api, "1. one\r\n2. two\r\n3. three\r\n4. four")
    await keys(page, "[ArrowDown]", "[Shift+ArrowDown]", "[Shift+End]", "[Tab]")
    await is_saved(page)
    nested = "1. one\r\n   1. two\r\n   2. three\r\n2. four"
    assert api.get(ident)["markdown"] == nested
    await keys(page, "[Tab]", "[Shift+Tab]", "[Control+z]", "[Control+z]", "[Control+End]", ".")
    await is_saved(page)
    assert api.get(ident)["markdown"] == "1. one\r\n2. two\r\n3. three\r\n4. four."


async def test_escape_and_tab_lead_out_of_a_list(page: Page, desk: Desk, api: Api) -> None:
    await begun(page, desk, api, "- one\n- two")
    await keys(page, "[Control+End]", "[Escape]")
    # Slow hands have time: between the two keys the page's clock goes on by five seconds.
    await page.evaluate("const now = Date.now; Date.now = () => now() + 5000")
    await keys(page, "[Tab]")
    await expect(text_of(page)).not_to_be_focused()
    await expect(text_of(page)).to_have_text("- one- two")
    await text_of(page).focus()
    await keys(page, "[Escape]", "[Shift+Tab]")
    await expect(page.get_by_role("toolbar").get_by_role("button").first).to_be_focused()


async def test_tab_leaves_plain_text_at_once(page: Page, desk: Desk, api: Api) -> None:
    await begun(page, desk, api, "plain")
    await keys(page, "[Tab]")
    await expect(text_of(page)).not_to_be_focused()


async def test_enter_ends_lists_and_quotes(page: Page, desk: Desk, api: Api) -> None:
    ident = await begun(page, desk, api)
    await keys(page, "- one", "[Enter]", "two", "[Enter]", "[Enter]", "After list.")
    await keys(page, "[Enter]", "[Enter]", "> a", "[Enter]", "[Enter]", "x")
    await is_saved(page)
    assert api.get(ident)["markdown"] == "- one\n- two\n\nAfter list.\n\n> a\n\nx"


async def test_marks_know_what_is_there(page: Page, desk: Desk, api: Api) -> None:
    ident = await begun(page, desk, api)
    await keys(page, "[Control+b]", "hi ", "[Control+b]", "after")
    await is_saved(page)
    assert api.get(ident)["markdown"] == "**hi** after"
    await keys(page, "[Control+a]", "[Control+b]", "[Control+i]")
    await is_saved(page)
    assert api.get(ident)["markdown"] == "***hi after***"
    await keys(page, "[Control+i]", "[Control+b]", "[Control+a]", "- one", "[Enter]", "two")
    await keys(page, "[Control+a]", "[Control+b]")
    await is_saved(page)
    assert api.get(ident)["markdown"] == "- **one**\n- **two**"
    await keys(page, "[Control+b]")
    code = page.get_by_role("button", name="Code", exact=True)
    await code.click()
    await code.click()
    await keys(page, "[Control+End]", ".")
    await is_saved(page)
    assert api.get(ident)["markdown"] == "- one\n- two."

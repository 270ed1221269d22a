"""What people do on the pages, in their words."""

from playwright.async_api import Locator, Page, expect


def text_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text", exact=True)


async def open_article(page: Page, url: str, ident: str, *, label: str = "Text") -> None:
    await page.goto(f"{url}/admin/articles/{ident}")
    await expect(page.get_by_role("textbox", name=label, exact=True)).to_be_visible()


async def type_at_the_end(page: Page, words: str) -> None:
    await text_of(page).focus()
    await page.keyboard.press("Control+End")
    await page.keyboard.type(words)


async def is_saved(page: Page, *, within: float = 15_000) -> None:
    state = page.get_by_role("status").filter(has_text="Saved")
    await expect(state.first).to_have_text("Saved", timeout=within)

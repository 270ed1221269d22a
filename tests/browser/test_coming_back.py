"""Whoever comes back finds the list as they left it, and from a preview the text."""

import re

from playwright.async_api import Page, expect

from tests.browser.acts import open_article, text_of
from tests.browser.desk import Api, Desk


async def test_the_way_back_leads_to_the_search_that_was_left(
    page: Page, desk: Desk, api: Api
) -> None:
    api.article(title="Kembali dengan pencarian")
    api.is_found("pencarian")
    await page.goto(f"{desk.url}/admin/articles?q=pencarian")
    await page.get_by_role("link", name="Kembali dengan pencarian").click()
    await expect(text_of(page)).to_be_visible()
    await page.get_by_role("link", name="All articles").click()
    await expect(page).to_have_url(f"{desk.url}/admin/articles?q=pencarian")
    await expect(page.get_by_role("searchbox")).to_have_value("pencarian")
    # Whoever asks for the whole list has it.
    await page.get_by_role("navigation").get_by_role("link", name="Articles", exact=True).click()
    await expect(page).to_have_url(f"{desk.url}/admin/articles")


async def test_the_row_that_was_opened_has_the_focus_again(
    page: Page, desk: Desk, api: Api
) -> None:
    for number in range(5):
        api.article(title=f"Baris {number}")
    await page.goto(f"{desk.url}/admin/articles")
    rows = page.get_by_role("list", name="Articles").get_by_role("link")
    await expect(rows.first).to_contain_text("Baris 4")
    for _ in range(3):
        await page.keyboard.press("j")
    await expect(rows.nth(2)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox", name="Title")).to_have_value("Baris 2")
    await page.go_back()
    await expect(rows.nth(2)).to_be_focused()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox", name="Title")).to_have_value("Baris 1")
    await page.get_by_role("link", name="All articles").click()
    await expect(rows.nth(3)).to_be_focused()


async def test_a_row_says_how_many_more_tags_there_are(page: Page, desk: Desk, api: Api) -> None:
    api.article(title="Banyak tag", tag_slugs=["satu", "dua", "tiga", "empat", "lima"])
    api.article(title="Tiga tag", tag_slugs=["satu", "dua", "tiga"])
    await page.goto(f"{desk.url}/admin/articles")
    await expect(page.get_by_role("link", name="Banyak tag")).to_contain_text("satu, dua, tiga +2")
    await expect(page.get_by_role("link", name="Tiga tag")).not_to_contain_text("+")


async def test_the_whole_preview_has_the_focus_and_gives_it_back(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Dibaca penuh", markdown="Satu.\n")["id"]
    await open_article(page, desk.url, ident)
    text, preview = text_of(page), page.get_by_role("region", name="Preview")
    for way_back in ("Control+Shift+e", "Escape"):
        await text.focus()
        await page.keyboard.press("Control+Shift+e")
        await expect(preview).to_be_focused()
        await expect(text).to_be_hidden()
        await page.keyboard.press(way_back)
        await expect(preview).to_have_count(0)
        await expect(text).to_be_focused()
    # Escape is heard inside of the frame, too.
    await page.keyboard.press("Control+Shift+e")
    await page.frame_locator('iframe[title="Preview"]').get_by_text("Satu.").click()
    await page.keyboard.press("Escape")
    await expect(preview).to_have_count(0)
    await expect(text).to_be_focused()


async def test_a_list_that_was_reloaded_begins_anew(page: Page, desk: Desk, api: Api) -> None:
    api.article(title="Muat ulang")
    api.is_found("ulang")
    await page.goto(f"{desk.url}/admin/articles?q=ulang")
    await page.get_by_role("link", name="Muat ulang").click()
    await expect(page).to_have_url(re.compile(r"/admin/articles/[0-9a-f]{24}$"))
    await page.reload()
    await page.get_by_role("link", name="All articles").click()
    await expect(page).to_have_url(f"{desk.url}/admin/articles")

"""What a chosen moment does is said before it happens, above all where it lies behind us."""

from playwright.async_api import Page, expect

from tests.browser.acts import open_article
from tests.browser.desk import Api, Desk

PAST = "2020-01-01T10:00"
AHEAD = "2031-01-01T10:00"


async def test_an_article_with_a_past_date_is_said_to_go_out_at_once(
    page: Page, desk: Desk, api: Api
) -> None:
    item = api.article(title="Sudah lama")
    await open_article(page, desk.url, item["id"])
    await page.get_by_role("button", name="Publish", exact=True).click()
    await page.get_by_text("At a time").click()
    dialog = page.get_by_role("dialog")
    said = dialog.get_by_role("status")
    await page.get_by_label("Publish at").fill(AHEAD)
    await expect(said).to_contain_text("Goes out")
    await expect(dialog.get_by_role("button", name="Schedule")).to_be_visible()
    await page.get_by_label("Publish at").fill(PAST)
    await expect(said).to_contain_text("goes out at once")
    await expect(said).to_contain_text("2020")
    await expect(dialog.get_by_role("button", name="Schedule")).to_have_count(0)
    await dialog.get_by_role("button", name="Publish now").click()
    await expect(page.get_by_role("button", name="Published")).to_be_disabled()
    assert api.public("sudah-lama").json()["published_at"].startswith("2020-01-01T10:00")


async def test_an_end_in_the_past_is_said_to_come_at_once(page: Page, desk: Desk, api: Api) -> None:
    item = api.published(title="Habis")
    await open_article(page, desk.url, item["id"])
    await page.get_by_role("button", name="Settings").click()
    section = page.get_by_role("region", name="Publishing")
    await section.get_by_label("Ends at").fill(AHEAD)
    await expect(section.get_by_role("button", name="Set the end")).to_be_enabled()
    await expect(section.get_by_role("status")).to_be_empty()
    await section.get_by_label("Ends at").fill(PAST)
    await expect(section.get_by_role("status")).to_contain_text("readers no longer find it")
    await section.get_by_role("button", name="Unpublish now").click()
    await expect(section).to_contain_text("Readers do not see it.")
    assert api.public("habis").status_code in {404, 410}


async def test_a_page_with_a_past_date_is_said_to_go_out_at_once(
    page: Page, desk: Desk, api: Api
) -> None:
    await page.add_init_script("localStorage.setItem('lontar.lang', 'id')")
    sent = {"title": "Dari dulu", "slug": "dari-dulu"}
    ident = api.client.post("/api/v1/admin/pages", json=sent).json()["id"]
    await page.goto(f"{desk.url}/admin/pages/{ident}")
    await page.get_by_role("button", name="Tindakan lain").click()
    await page.get_by_role("menuitem", name="Terbitkan pada waktu tertentu").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Jadwalkan")).to_be_visible()
    await dialog.get_by_label("Kapan").fill(PAST)
    await expect(dialog.get_by_role("status")).to_contain_text("langsung terbit")
    await dialog.get_by_role("button", name="Terbitkan sekarang").click()
    await expect(page.get_by_role("button", name="Tindakan lain")).to_contain_text("Terbit")

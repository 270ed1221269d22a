"""Writing: the toolbar, the `/` menu, links, pictures and what is pasted, as far as the readers."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.acts import is_saved, open_article, text_of, type_at_the_end
from tests.browser.desk import Api, Desk
from tests.browser.pasting import (
    GOOGLE,
    GOOGLE_BECOMES,
    PAGE,
    PAGE_BECOMES,
    WORD,
    WORD_BECOMES,
    paste,
)
from tests.media.samples import png

SOURCES = {
    "word": (WORD, WORD_BECOMES),
    "google docs": (GOOGLE, GOOGLE_BECOMES),
    "a page": (PAGE, PAGE_BECOMES),
}


async def test_from_typing_and_pasting_to_the_readers(page: Page, desk: Desk, api: Api) -> None:
    await page.goto(f"{desk.url}/admin/articles/new")
    await page.get_by_role("textbox", name="Title").fill("Written and pasted")
    await page.keyboard.press("Enter")
    await page.keyboard.type("An opening.\n\n")
    await paste(page, html=WORD, text="Palm leaves")
    await expect(text_of(page)).to_contain_text("half a day")
    await type_at_the_end(page, "\n\n")
    await paste(page, picture=png(90, 60))
    dialog = page.get_by_role("dialog", name="Pictures")
    await dialog.get_by_label("Alternative text").fill("A leaf [dry]")
    await dialog.get_by_role("button", name="Insert").click()
    await expect(dialog).to_be_hidden()
    await is_saved(page)

    await page.get_by_role("button", name="Publish", exact=True).click()
    await page.get_by_text("At a time").click()
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT09:30")
    await page.get_by_label("Publish at").fill(tomorrow)
    await page.get_by_role("button", name="Schedule").click()
    await expect(page.get_by_text("Scheduled", exact=True)).to_be_visible()
    assert api.public("written-and-pasted").status_code == 404

    await page.get_by_role("button", name="Settings").click()
    await page.get_by_role("button", name="Call off: Readers see it from").click()
    await expect(page.get_by_text("Draft", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Close the settings").click()
    await page.get_by_role("button", name="Publish", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("button", name="Published")).to_be_disabled()
    html = api.public("written-and-pasted").json()["html"]
    for part in ("An opening.", "<strong>four hundred</strong>", "<td>14</td>", "A leaf [dry]"):
        assert part in html
    # The library learned the words too.
    media = api.client.get("/api/v1/admin/media").json()["items"][0]
    assert media["alt"] == {"en": "A leaf [dry]"}
    await expect(text_of(page).locator("img.md-picture")).to_have_count(1)


@pytest.mark.parametrize("source", SOURCES)
async def test_html_becomes_markdown(page: Page, desk: Desk, api: Api, source: str) -> None:
    html, expected = SOURCES[source]
    ident = api.article(title="Pasted")["id"]
    await open_article(page, desk.url, ident)
    await paste(page, html=html, text="words")
    await expect(page.locator(".cm-placeholder")).to_have_count(0)
    await is_saved(page)
    assert api.get(ident)["markdown"] == expected


async def test_code_is_pasted_as_it_is(page: Page, desk: Desk, api: Api) -> None:
    ident = api.article(title="With code", markdown="```html\n")["id"]
    await open_article(page, desk.url, ident)
    await text_of(page).focus()
    await page.keyboard.press("Control+End")
    await paste(page, html="<p><b>a</b></p>", text="<b>a</b>")
    await expect(text_of(page)).to_contain_text("<b>a</b>")
    await is_saved(page)
    assert api.get(ident)["markdown"] == "```html\n<b>a</b>"


async def test_everything_is_reached_by_keyboard(page: Page, desk: Desk, api: Api) -> None:
    api.article(title="Where links lead", slug="where-links-lead")
    ident = api.article(title="Keys", markdown="")["id"]
    await open_article(page, desk.url, ident)
    await page.get_by_role("textbox", name="Title").focus()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Heading", exact=True)).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await page.keyboard.type("bold")
    await page.keyboard.press("Control+End")
    await page.keyboard.press("Enter")
    await page.keyboard.type("/tas")
    await expect(page.get_by_role("option", name="Task list")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.keyboard.type("done")
    await page.keyboard.press("Control+Enter")
    for _ in range(2):  # another item, no item after all: a paragraph of its own
        await page.keyboard.press("Enter")
    await page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="Link")
    await dialog.get_by_label("Address, or words of an article").fill("links lead")
    await expect(dialog.get_by_role("button", name="Where links lead")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(text_of(page)).to_be_focused()
    await is_saved(page)
    expected = "**bold**\n- [x] done\n\n[Where links lead](/articles/where-links-lead)"
    assert api.get(ident)["markdown"] == expected


async def test_a_table_is_walked_and_grows(page: Page, desk: Desk, api: Api) -> None:
    ident = api.article(title="With a table", markdown="")["id"]
    await open_article(page, desk.url, ident)
    await text_of(page).focus()
    await page.keyboard.type("/table")
    await expect(page.get_by_role("option", name="Table")).to_be_visible()
    await page.keyboard.press("Enter")
    for word in ("Step", "Days", "Dry", "14", "Turn"):
        await page.keyboard.type(word)
        await page.keyboard.press("Tab")
    await page.get_by_role("button", name="Add a column").click()
    await page.get_by_role("button", name="Even out the columns").click()
    await is_saved(page)
    lines = api.get(ident)["markdown"].splitlines()
    assert lines[0] == "| Step | Days |     |"
    assert [line.split("|")[1].strip() for line in lines] == ["Step", "----", "Dry", "Turn"]


async def test_a_picture_that_is_not_sent_can_be_sent_again(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Again", markdown="")["id"]

    async def cut(route: Route) -> None:
        await route.abort()

    await open_article(page, desk.url, ident)
    await page.route("**/api/v1/admin/media", cut)
    await paste(page, picture=png(70, 50))
    dialog = page.get_by_role("dialog", name="Pictures")
    await expect(dialog.get_by_text("the server does not answer")).to_be_visible()
    await page.unroute_all()
    await dialog.get_by_role("button", name="Try again").click()
    await dialog.get_by_role("button", name="Insert").click()
    await expect(dialog).to_be_hidden()  # and by then it stands in the text
    await is_saved(page)
    assert api.get(ident)["markdown"].startswith("![](")

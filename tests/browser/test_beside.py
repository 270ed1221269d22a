"""What stands beside the text: plans, checks, outline, history, translations, previews."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Page, Route, expect

from tests.browser.acts import is_saved, open_article, text_of, type_at_the_end
from tests.browser.desk import Api, Desk
from tests.browser.rooms import speak_both
from tests.media.samples import png


async def part(page: Page, name: str) -> None:
    await page.get_by_role("radio", name=name).focus()
    await page.keyboard.press("Space")
    await expect(page.get_by_role("radio", name=name)).to_be_checked()


async def test_a_change_and_an_end_are_planned_and_called_off(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.published(title="Plans", markdown="Now.\n")["id"]
    await open_article(page, desk.url, ident)
    await type_at_the_end(page, "Later.")
    await is_saved(page)
    later = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT09:30")
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Publish the changes at a time").click()
    await page.get_by_label("Publish at").fill(later)
    await page.get_by_role("dialog").get_by_role("button", name="Schedule").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert api.get(ident)["change_at"] == f"{later}:00Z"
    assert "Later" not in api.public("plans").json()["html"]

    await page.get_by_role("button", name="Settings").click()
    await page.get_by_role("button", name="Call off: The changes go out").click()
    await expect(page.get_by_text("The changes go out")).to_be_hidden()
    await page.get_by_label("Ends at").fill(later)
    await page.get_by_role("button", name="Set the end").click()
    await expect(page.get_by_role("button", name="Call off: Ends")).to_be_visible()
    assert api.get(ident)["change_at"] is None
    assert api.get(ident)["unpublish_at"] == f"{later}:00Z"
    await page.get_by_role("button", name="Call off: Ends").click()
    await expect(page.get_by_label("Ends at")).to_be_visible()
    assert api.get(ident)["unpublish_at"] is None


async def test_a_finding_and_a_heading_lead_to_their_line(page: Page, desk: Desk, api: Api) -> None:
    filler = "\n\n".join(["A line."] * 60)
    text = f"## One\n\n{filler}\n\nTODO mend this\n\n{filler}\n\n## Two\n"
    ident = api.article(title="Lines", markdown=text)["id"]
    await open_article(page, desk.url, ident)
    await page.get_by_role("button", name="Settings").click()
    await part(page, "Checks")
    await page.get_by_role("button", name="A reminder is left over").click()
    await expect(text_of(page)).to_be_focused()
    await page.keyboard.type("FOUND ")
    await part(page, "Outline")
    await page.get_by_role("button", name="Two").click()
    await expect(text_of(page)).to_be_focused()
    await page.keyboard.type("#")
    await is_saved(page)
    saved = api.get(ident)["markdown"]
    assert saved == text.replace("TODO", "FOUND TODO").replace("## Two", "### Two")


async def test_a_version_is_compared_word_by_word_and_brought_back(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Past", markdown="The first words.\n")["id"]
    api.change(ident, markdown="The second words.\n")
    await open_article(page, desk.url, ident)
    await page.get_by_role("button", name="Settings").click()
    await part(page, "History")
    versions = page.get_by_role("complementary").get_by_role("listitem")
    await expect(versions).to_have_count(2)
    await versions.first.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("del")).to_have_text("first")
    await expect(dialog.locator("ins")).to_have_text("second")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)  # it has the same words as the next one
    await versions.last.get_by_role("button").click()
    # Nothing was before the first one.
    await expect(dialog.get_by_role("radio", name="The version before")).to_be_disabled()
    await expect(dialog.get_by_role("radio", name="What is there now")).to_be_checked()
    await expect(dialog.locator("ins")).to_have_text("second")
    await dialog.get_by_role("button", name="Bring this version back").click()
    await expect(dialog).to_be_hidden()
    await expect(text_of(page)).to_have_text("The first words.")
    assert api.get(ident)["markdown"] == "The first words.\n"
    await expect(versions).to_have_count(3)


async def test_a_translation_is_begun_and_shown_beside(page: Page, desk: Desk, api: Api) -> None:
    speak_both(api)
    ident = api.article(title="Two tongues", markdown="One **tongue**.\n")["id"]
    await open_article(page, desk.url, ident)
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_role("combobox", name="Translate into").click()
    await page.get_by_role("option", name="Indonesian").click()
    await expect(text_of(page)).to_have_attribute("lang", "id")
    made = page.url.rpartition("/")[2]
    assert (api.get(made)["lang"], api.get(made)["translation_of"]) == ("id", ident)
    await expect(page.get_by_role("region", name="Article tools")).to_contain_text("Indonesian")
    shown = page.frame_locator('iframe[title="Two tongues"]')
    await expect(shown.locator("strong")).to_have_text("tongue")
    await page.get_by_role("button", name="Close the preview").click()
    await expect(page.locator("iframe")).to_have_count(0)
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_role("button", name="Show it beside the text: Two tongues").click()
    await expect(shown.locator("strong")).to_have_text("tongue")


async def test_a_preview_link_opens_the_draft_until_it_is_revoked(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Shown early", markdown="Early.\n")["id"]
    await open_article(page, desk.url, ident)
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_role("button", name="Make a preview link").click()
    link = await page.get_by_label("Copy it now: it is shown this once.").input_value()
    address = "/api/v1/articles/shown-early"
    query = {"preview": parse_qs(urlsplit(link).query)["preview"][0]}
    assert "Early." in api.client.get(address, params=query).json()["html"]

    async def cut(route: Route) -> None:
        await route.abort()

    await page.route("**/preview-links/*", cut)
    await page.get_by_role("button", name="Revoke").click()
    await expect(page.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    await page.unroute_all()
    await page.get_by_role("button", name="Revoke").click()
    await expect(page.get_by_role("button", name="Revoke")).to_have_count(0)
    await expect(page.get_by_role("alert").filter(has_text="does not answer")).to_have_count(0)
    assert api.client.get(address, params=query).status_code == 404


async def test_a_cover_is_chosen_and_its_point_moved_by_keys(
    page: Page, desk: Desk, api: Api
) -> None:
    files = {"file": ("cover.png", png(120, 80), "image/png")}
    answer = api.client.post("/api/v1/admin/media", files=files)
    media = answer.json()["results"][0]["media"]
    ident = api.article(title="Covered")["id"]
    await open_article(page, desk.url, ident)
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_role("button", name="Choose a cover").click()
    await page.get_by_role("dialog").get_by_role("button", name="cover.png").click()
    await page.get_by_role("button", name="Use this picture").click()
    await is_saved(page)
    assert api.get(ident)["cover_id"] == media["id"]
    point = page.get_by_role("button", name="Focal point: 50 % from the left")
    await point.focus()
    for key in ("ArrowRight", "ArrowUp"):
        async with page.expect_response(f"**/media/{media['id']}"):
            await page.keyboard.press(key)
    found = api.client.get(f"/api/v1/admin/media/{media['id']}").json()
    assert found["focal_point"] == {"x": 0.55, "y": 0.45}

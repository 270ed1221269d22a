"""What an owner does in the admin, from the setup link on, in a real browser."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.acts import is_saved, open_article, text_of, type_at_the_end
from tests.browser.desk import EMAIL, NAME, Api, Desk
from tests.browser.keyboard import Keyboard
from tests.make import PASSWORD


async def test_from_the_setup_link_to_a_published_article(
    visitor: BrowserContext, new_desk: Desk
) -> None:
    page = await visitor.new_page()
    keys = Keyboard(page)  # the first screen anybody sees; `test_by_keyboard.py` has the others
    await page.goto(new_desk.setup_link)
    await keys.write(page.get_by_label("Your name"), NAME)
    await keys.write(page.get_by_label("E-mail"), EMAIL)
    await keys.write(page.get_by_label("Password", exact=True), "too short")
    await keys.enter(page.get_by_role("button", name="Create the owner"))
    await expect(page.get_by_text("Use 15 to 256 characters.")).to_be_visible()
    await keys.write(page.get_by_label("Password", exact=True), PASSWORD)
    await keys.press("Enter")

    await page.get_by_role("link", name="Profiles").click()
    await page.get_by_role("link", name="New profile").click()
    await page.get_by_label("Name", exact=True).fill(NAME)
    await page.get_by_label("Headline").fill("Writes about small servers")
    await page.get_by_role("button", name="Add a link").click()
    await page.get_by_label("Address").fill("https://example.com/rani")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    await expect(page).to_have_url(re.compile(r"/admin/profiles/[0-9a-f]{24}$"))

    await page.get_by_role("link", name="Articles", exact=True).click()
    await page.get_by_role("heading", name="Articles").wait_for()
    await page.keyboard.press("n")
    await page.get_by_role("textbox", name="Title").fill("Palm leaves")
    await page.keyboard.press("Enter")
    await page.keyboard.type("A *leaf* keeps ink for 400 years.\n\n## How\n\n1. dry it\nboil it\n")
    await is_saved(page)
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_role("combobox", name="Authors").click()
    await page.get_by_role("option", name=NAME).click()
    await page.get_by_role("combobox", name="Tags").fill("Slow web")
    await page.keyboard.press("Enter")
    await is_saved(page)
    await page.get_by_role("button", name="Close the settings").click()
    await page.get_by_role("button", name="Publish", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("button", name="Published")).to_be_disabled()

    api = Api(new_desk)
    found = api.public("palm-leaves").json()
    assert found["title"] == "Palm leaves"
    assert "<em>leaf</em>" in found["html"]
    assert "<li>boil it</li>" in found["html"]
    assert [author["name"] for author in found["authors"]] == [NAME]
    assert [tag["name"] for tag in found["tags"]] == ["Slow web"]
    api.client.close()


async def test_signing_in_never_says_which_of_both_was_wrong(
    visitor: BrowserContext, desk: Desk
) -> None:
    page = await visitor.new_page()
    said = []
    for email, password in ((EMAIL, "wrong"), ("nobody@example.com", PASSWORD)):
        await page.goto(f"{desk.url}/admin/articles?status=draft")  # anew: without the last words
        await page.get_by_label("E-mail").fill(email)
        await page.get_by_label("Password", exact=True).fill(password)
        async with page.expect_response("**/api/v1/admin/session"):
            await page.get_by_role("button", name="Sign in").click()
        alert = page.get_by_role("alert").filter(has_text="wrong").first
        await expect(alert).to_be_visible()
        said.append(await alert.text_content())
    assert said[0] == said[1]
    await page.get_by_label("E-mail").fill(EMAIL)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(f"{desk.url}/admin/articles?status=draft")


async def test_the_list_is_walked_by_keyboard(page: Page, desk: Desk, api: Api) -> None:
    for title in ("Kedua", "Pertama"):
        api.article(title=title)
    await page.goto(f"{desk.url}/admin/articles")
    rows = page.get_by_role("list", name="Articles").get_by_role("link")
    await expect(rows.first).to_contain_text("Pertama")
    await page.keyboard.press("j")
    await expect(rows.nth(0)).to_be_focused()
    await page.keyboard.press("j")
    await expect(rows.nth(1)).to_be_focused()
    await page.keyboard.press("k")
    await expect(rows.nth(0)).to_be_focused()
    await page.keyboard.press("/")
    await expect(page.get_by_role("searchbox")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("Next in the list")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox", name="Title")).to_have_value("Pertama")


async def test_a_filter_and_a_page_have_an_address(page: Page, desk: Desk, api: Api) -> None:
    for number in range(25):
        api.article(title=f"Daun {number}")
    api.published(title="Sudah terbit")
    await page.goto(f"{desk.url}/admin/articles")
    await expect(page.get_by_role("link", name="Sudah terbit")).to_be_visible()
    await page.get_by_role("link", name="Draft", exact=True).click()
    await expect(page).to_have_url(f"{desk.url}/admin/articles?status=draft")
    # The list before it has an older part as well.
    await expect(page.get_by_role("link", name="Sudah terbit")).to_have_count(0)
    await page.get_by_role("link", name="Older").click()
    await expect(page.get_by_role("link", name="Daun 0")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("link", name="Daun 0")).to_be_visible()
    await page.get_by_role("link", name="Newer").click()
    await expect(page.get_by_role("link", name="Daun 24")).to_be_visible()


async def test_an_article_is_scheduled_withdrawn_trashed_and_restored(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Nanti saja", markdown="Besok.\n")["id"]
    await open_article(page, desk.url, ident)
    await page.get_by_role("button", name="Publish", exact=True).click()
    await page.get_by_text("At a time").click()
    tomorrow = (datetime.now() + timedelta(days=2)).strftime("%Y-%m-%dT09:30")  # noqa: DTZ005
    await page.get_by_label("Publish at").fill(tomorrow)
    await expect(page.get_by_role("dialog")).to_contain_text("Time zone of the site: UTC")
    await page.get_by_role("button", name="Schedule").click()
    await expect(page.get_by_text("Scheduled", exact=True)).to_be_visible()
    assert api.get(ident)["publish_at"] == f"{tomorrow}:00Z"
    assert api.public("nanti-saja").status_code == 404

    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Back to draft").click()
    await page.get_by_role("dialog").get_by_role("button", name="Unpublish").click()
    await expect(page.get_by_text("Draft", exact=True)).to_be_visible()

    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Move to trash").click()
    await expect(page.get_by_text("This article lies in the trash.")).to_be_visible()
    assert api.get(ident)["status"] == "trashed"
    await page.get_by_role("main").get_by_role("button", name="Restore").click()
    await expect(page.get_by_text("This article lies in the trash.")).to_be_hidden()
    assert api.get(ident)["status"] == "draft"


async def test_the_preview_is_what_the_server_makes_of_the_text(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Pratinjau", markdown="- [x] *done*\n")["id"]
    await open_article(page, desk.url, ident)
    await page.keyboard.press("Control+e")
    shown = page.frame_locator('iframe[title="Preview"]')
    await expect(shown.locator("em")).to_have_text("done")
    await type_at_the_end(page, "\n<img src=x onerror=alert(1)> **new**")
    await expect(shown.locator("strong")).to_have_text("new")
    assert await shown.locator("[onerror]").count() == 0


async def test_a_token_is_shown_once_and_can_be_revoked(page: Page, desk: Desk) -> None:
    await page.goto(f"{desk.url}/admin/tokens")
    await page.get_by_role("button", name="New token").click()
    await page.get_by_label("What is it for?").fill("the build")
    await page.get_by_role("button", name="Create the token").click()
    await expect(page.get_by_text("ltr_")).to_be_visible()
    await page.get_by_role("button", name="I have kept it").click()
    await expect(page.get_by_text("ltr_")).to_be_hidden()
    await page.get_by_role("button", name="Revoke: the build").click()
    await page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.get_by_role("button", name="Revoke: the build")).to_have_count(0)


async def test_the_site_is_changed_under_its_revision(page: Page, desk: Desk) -> None:
    await page.goto(f"{desk.url}/admin/site")
    await page.get_by_label("Title", exact=True).fill("Rumah Lontar")
    await page.get_by_role("button", name="Add an entry").click()
    await page.get_by_label("Label").fill("Tulisan")
    await page.get_by_role("textbox", name="Address", exact=True).fill("not a path")
    await page.keyboard.press("Control+s")
    await expect(page.get_by_text("Write a path such as /new-page").first).to_be_visible()
    await page.get_by_role("textbox", name="Address", exact=True).fill("/articles")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_have_text("Saved")
    await page.reload()
    await expect(page.get_by_label("Title", exact=True)).to_have_value("Rumah Lontar")


@pytest.mark.parametrize(
    ("language", "title"), [("Bahasa Indonesia", "Artikel"), ("English", "Articles")]
)
async def test_the_admin_speaks_both_languages(
    page: Page, desk: Desk, language: str, title: str
) -> None:
    await page.goto(f"{desk.url}/admin/articles")
    await page.get_by_role("button", name=NAME).click()
    await page.get_by_role("menuitemradio", name=language).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(title)
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_have_text(title)


async def test_signing_out_asks_about_text_that_never_left(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Belum terkirim")["id"]
    await open_article(page, desk.url, ident)
    await page.route(
        "**/api/v1/admin/articles/**",
        lambda route: route.abort() if route.request.method == "PATCH" else route.fallback(),
    )
    await type_at_the_end(page, "only here")
    await page.get_by_role("link", name="All articles").click()
    await page.get_by_role("dialog").get_by_role("button", name="Leave").click()
    await page.get_by_role("button", name=NAME).click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Belum terkirim")
    await page.get_by_role("button", name="Stay signed in").last.click()
    await page.unroute_all()
    await page.get_by_role("link", name="Belum terkirim").click()
    await expect(text_of(page)).to_have_text("only here")
    await is_saved(page)
    assert api.get(ident)["markdown"] == "only here"


async def test_signing_out_first_delivers_what_is_left(page: Page, desk: Desk, api: Api) -> None:
    ident = api.article(title="Left behind")["id"]
    await open_article(page, desk.url, ident)
    await page.route(
        "**/api/v1/admin/articles/**",
        lambda route: route.abort() if route.request.method == "PATCH" else route.fallback(),
    )
    await type_at_the_end(page, "on its way")
    await page.get_by_role("link", name="All articles").click()
    await page.get_by_role("dialog").get_by_role("button", name="Leave").click()
    await page.unroute_all()
    await page.get_by_role("button", name=NAME).click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page).to_have_url(f"{desk.url}/admin/sign-in")
    assert api.get(ident)["markdown"] == "on its way"

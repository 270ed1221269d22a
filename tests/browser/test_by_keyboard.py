"""Writing by keyboard alone: no test here has a mouse, or another way to give the focus."""

import re
from base64 import b64encode
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.acts import is_saved, open_article, text_of
from tests.browser.desk import EMAIL, NAME, Api, Desk
from tests.browser.keyboard import ALL_TIMERS_RAN, LATE_TIMERS, Keyboard, button
from tests.browser.rooms import got, made, picture, speak_both, upload
from tests.make import PASSWORD

# Ways of Playwright into a page that are no keys.
NO_KEYS = r"\.(click|dblclick|tap|hover|fill|focus|check|uncheck|select_option|drag_to|mouse)\b"
COPIED = "<p>It dries <i>slowly</i>, says <a href=https://example.com>a page</a>.</p>"
COPY = """async ([html, file]) => {
  const blob = (type, data) => new Blob([data], { type });
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const item = html ? { 'text/html': blob('text/html', html) }
    : { 'image/png': blob('image/png', bytes(file)) };
  await navigator.clipboard.write([new ClipboardItem(item)]);
}"""


def test_no_mouse_is_hidden_here() -> None:
    here = Path(__file__).parent
    files = {"keyboard.py", *(file.name for file in here.glob("test_by_keyboard*.py"))}
    assert len(files) == 4
    for name in files:
        source = (here / name).read_text(encoding="utf-8")
        assert re.findall(NO_KEYS, source) == [], name


async def test_a_tab_that_never_arrives_is_noticed(page: Page, desk: Desk, keys: Keyboard) -> None:
    await keys.open(desk, "redirects")
    await page.evaluate("document.querySelector('main button').tabIndex = -1")
    with pytest.raises(AssertionError, match="no number of Tabs"):
        await keys.to(page.get_by_role("main").get_by_role("button").first)


async def _paste(page: Page, keys: Keyboard) -> None:
    """What lies on the real clipboard: HTML, and a picture."""
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.evaluate(COPY, [COPIED, ""])
    await keys.press("Control+v")
    await expect(text_of(page)).to_contain_text("slowly")
    await keys.press("Control+End", "Enter", "Enter")
    await page.evaluate(COPY, ["", b64encode(picture(90, 60)).decode()])
    await keys.press("Control+v")
    dialog = await keys.dialog()
    await keys.write(dialog.get_by_label("Alternative text"), "Waves")
    await keys.enter(button(dialog, "Insert"))
    await expect(text_of(page)).to_be_focused()


async def test_from_the_sign_in_to_the_readers(
    visitor: BrowserContext, desk: Desk, api: Api
) -> None:
    page = await visitor.new_page()
    keys = Keyboard(page)
    await keys.sign_in(desk, EMAIL)

    await keys.enter(page.get_by_role("link", name="Profiles"))
    await keys.enter(page.get_by_role("link", name="New profile"))
    await keys.write(page.get_by_label("Name", exact=True), NAME)
    await keys.enter(button(page, "Add a link"))
    await keys.write(page.get_by_label("Address"), "https://example.com/rani")
    await keys.save()
    await expect(page).to_have_url(re.compile(r"/admin/profiles/[0-9a-f]{24}$"))

    await keys.press("Control+k")
    await expect(page.get_by_role("combobox", name="A screen, a title, a word")).to_be_focused()
    await keys.type("Articles")
    await expect(page.get_by_role("option").first).to_have_text("ArticlesScreen")
    await keys.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Articles")
    await keys.press("n")
    await expect(page.get_by_role("textbox", name="Title")).to_be_focused()
    await keys.type("By keys")
    await keys.press("Enter")
    await keys.type("An *opening*.")
    await keys.press("Enter", "Enter")
    await _paste(page, keys)
    await is_saved(page)

    publish = button(page, "Publish")
    await keys.enter(publish)
    await keys.dialog()
    await keys.escape_to(publish)
    await keys.press("Enter")
    dialog = await keys.dialog()
    await keys.to(dialog.get_by_role("radio", name="Now"))
    await keys.press("ArrowRight")
    await keys.later(dialog.get_by_label("Publish at"))
    await keys.enter(button(dialog, "Schedule"))
    await expect(page.get_by_text("Scheduled", exact=True)).to_be_visible()
    assert api.public("by-keys").status_code == 404
    await keys.menu(button(page, "More actions"), "Back to draft")
    await keys.enter(button(await keys.dialog(), "Unpublish"))
    await expect(page.get_by_text("Draft", exact=True)).to_be_visible()
    await keys.enter(publish)
    await keys.enter(button(await keys.dialog(), "Publish"))
    await expect(page.get_by_role("button", name="Published")).to_be_disabled()
    html = api.public("by-keys").json()["html"]
    for part in ("<em>opening</em>", "<em>slowly</em>", 'alt="Waves"'):
        assert part in html


@pytest.mark.parametrize("kind", ["articles", "pages"])
async def test_tab_leads_on_from_a_moment_and_nothing_takes_the_focus_back(
    page: Page, desk: Desk, api: Api, keys: Keyboard, kind: str
) -> None:
    await page.add_init_script(LATE_TIMERS)
    ident = made(api, kind, title=f"Quick keys {kind}")["id"]
    await page.goto(f"{desk.url}/admin/{kind}/{ident}")
    if kind == "articles":
        await keys.enter(button(page, "Publish"))
        dialog = await keys.dialog()
        await keys.to(dialog.get_by_role("radio", name="Now"))
        await keys.press("ArrowRight")
        field = dialog.get_by_label("Publish at")
    else:
        await keys.menu(page.get_by_role("button", name="Draft"), "Publish at a time…")
        dialog = await keys.dialog()
        field = dialog.get_by_label("When")
    await keys.later(field)
    schedule = button(dialog, "Schedule")
    await keys.to(schedule)
    await page.evaluate(ALL_TIMERS_RAN)
    await expect(schedule).to_be_focused()
    await keys.press("Enter")
    await expect(page.get_by_text("Scheduled", exact=True)).to_be_visible()


async def test_the_settings_of_an_article(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    media = upload(api, "tepi.png", picture(510, 340))["id"]
    made(api, "series", title="Seri papan ketik")
    for name in ("Pertama", "Kedua"):
        made(api, "profiles", name=name)
    ident = api.article(title="Beside")["id"]
    await open_article(page, desk.url, ident)
    settings = button(page, "Settings")
    await keys.enter(settings)
    await expect(button(page, "Close the settings")).to_be_focused()
    await keys.press("Escape")
    await expect(settings).to_be_focused()
    await keys.press("Enter")
    await keys.write(page.get_by_label("Slug"), "beside-by-keys")
    await keys.write(page.get_by_label("Excerpt"), "In short.")
    cover = button(page, "Choose a cover")
    await keys.enter(cover)
    await keys.dialog()
    await keys.escape_to(cover)
    await keys.press("Enter")
    dialog = await keys.dialog()
    await keys.enter(dialog.get_by_role("button", name="tepi.png"))
    await keys.enter(button(dialog, "Use this picture"))
    await keys.to(page.get_by_role("button", name="Focal point: 50 % from the left"))
    for key in ("ArrowRight", "ArrowUp"):
        async with page.expect_response(f"**/media/{media}"):
            await keys.press(key)
    authors = page.get_by_role("combobox", name="Authors")
    for name in ("Pertama", "Kedua"):
        await keys.choose(authors, name)
    await keys.press("Escape", "ArrowLeft")
    first = page.locator("[data-mantine-pill-index]").first
    # At the end of the way the browser's own meaning of these keys would leave the page.
    for _ in range(2):
        await keys.press("Alt+ArrowLeft")
        await expect(first).to_have_text("Kedua")
        await expect(first).to_be_focused()
    await keys.to(page.get_by_role("combobox", name="Tags"))
    await keys.type("Papan ketik")
    await keys.press("Enter")
    await keys.choose(page.get_by_role("combobox", name="Series"), "Seri papan ketik")
    await keys.to(page.get_by_role("switch", name="Featured"))
    await keys.press("Space")
    await is_saved(page)
    found = api.get(ident)
    assert (found["slug"], found["excerpt"]) == ("beside-by-keys", "In short.")
    assert (found["cover_id"], found["series"]["slug"]) == (media, "seri-papan-ketik")
    assert found["author_slugs"] == ["kedua", "pertama"]
    assert (found["tag_slugs"], found["featured"]) == (["papan-ketik"], True)
    assert got(api, f"media/{media}")["focal_point"] == {"x": 0.55, "y": 0.45}


async def test_the_parts_of_the_panel(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    ident = api.article(title="Parts", markdown="## One\n\nTODO\n\n## Two\n")["id"]
    api.change(ident, markdown="## One\n\nTODO\n\n## Two\n\nMore.\n")
    await open_article(page, desk.url, ident)
    await keys.enter(button(page, "Settings"))
    await keys.enter(button(page, "Make a preview link"))
    await expect(page.get_by_label("Copy it now: it is shown this once.")).to_be_visible()
    await keys.enter(page.get_by_role("button", name="Revoke"))
    await expect(page.get_by_role("button", name="Revoke")).to_have_count(0)

    await keys.to(page.get_by_role("radio", name="Article", exact=True))
    await keys.press("ArrowRight")
    await keys.enter(page.get_by_role("button", name="A reminder is left over"))
    await expect(text_of(page)).to_be_focused()
    await keys.to(page.get_by_role("radio", name="Checks"))
    await keys.press("ArrowRight")
    await keys.enter(button(page, "Two"))
    await expect(text_of(page)).to_be_focused()
    await keys.type("#")
    await is_saved(page)
    await keys.to(page.get_by_role("radio", name="Outline"))
    await keys.press("ArrowRight")
    versions = page.get_by_role("complementary").get_by_role("listitem")
    first = versions.last.get_by_role("button")
    await keys.enter(first)
    await keys.dialog()
    await keys.escape_to(first)
    await keys.press("Enter")
    await keys.enter(button(await keys.dialog(), "Bring this version back"))
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert api.get(ident)["markdown"] == "## One\n\nTODO\n\n## Two\n"
    await keys.press("Control+e")
    await keys.enter(button(page, "Close the preview"))
    await expect(page.get_by_title("Preview")).to_have_count(0)
    await keys.menu(button(page, "More actions"), "Move to trash")
    await expect(page.get_by_text("This article lies in the trash.")).to_be_visible()
    await keys.enter(button(page.get_by_role("main"), "Restore"))
    await expect(page.get_by_text("This article lies in the trash.")).to_be_hidden()


async def test_a_conflict_and_an_ended_session(
    page: Page, desk: Desk, api: Api, keys: Keyboard
) -> None:
    ident = api.article(title="Both", markdown="")["id"]
    await open_article(page, desk.url, ident)
    api.change(ident, markdown="theirs\n")
    await keys.to(text_of(page))
    await keys.type("mine")
    await keys.enter(button(await keys.dialog(), "Keep mine"))
    await is_saved(page)
    await expect(text_of(page)).to_be_focused()
    await page.context.clear_cookies()
    await keys.type(" and more")
    dialog = await keys.dialog()
    await keys.write(dialog.get_by_label("Password", exact=True), PASSWORD)
    await keys.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(text_of(page)).to_be_focused()
    await keys.type(", and on")
    await is_saved(page)
    assert api.get(ident)["markdown"] == "mine and more, and on"
    await keys.menu(button(page, "More actions"), "Kept versions")
    await expect(await keys.dialog()).to_contain_text("theirs")
    await keys.escape_to(button(page, "More actions"))


async def test_a_conflict_is_merged_by_hand(
    page: Page, desk: Desk, api: Api, keys: Keyboard
) -> None:
    ident = api.article(title="Tangan", markdown="One.\n\nTwo.\n\nThree.\n")["id"]
    await open_article(page, desk.url, ident)
    api.change(ident, markdown="One of theirs.\n\nTwo.\n\nThree of theirs.\n")
    await keys.to(text_of(page))
    await keys.type("Mine: ")
    dialog = await keys.dialog()
    await keys.enter(button(dialog, "Merge both by hand"))
    merged = dialog.get_by_role("textbox", name="Merged text")
    await expect(merged).to_be_focused()  # the button is gone
    parts = button(dialog, "Take theirs")
    await expect(parts).to_have_count(2)
    await keys.enter(parts.last)
    await expect(parts).to_have_count(1)
    await expect(merged).to_be_focused()
    await keys.press("Control+Home")
    await keys.type("Both. ")
    await keys.enter(button(dialog, "Save the merged text"))
    await expect(dialog).to_be_hidden()
    await is_saved(page)
    await expect(text_of(page)).to_be_focused()
    assert api.get(ident)["markdown"] == "Both. Mine: One.\n\nTwo.\n\nThree of theirs.\n"


async def test_a_translation_is_begun(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    speak_both(api)
    ident = api.article(title="Two tongues", markdown="One tongue.\n")["id"]
    await open_article(page, desk.url, ident)
    await keys.enter(button(page, "Settings"))
    await keys.choose(page.get_by_role("combobox", name="Translate into"), "Indonesian")
    await expect(text_of(page)).to_have_attribute("lang", "id")
    await expect(page.get_by_role("main")).to_be_focused()  # the field is gone with its screen
    await keys.write(page.get_by_role("textbox", name="Title"), "Dua lidah")
    await keys.press("Enter")  # on to the text
    await keys.type("Lidah. ")
    await is_saved(page)
    found = api.get(page.url.rpartition("/")[2])
    assert (found["lang"], found["translation_of"], found["title"]) == ("id", ident, "Dua lidah")
    assert found["markdown"] == "Lidah. One tongue.\n"


async def test_articles_are_narrowed_and_changed_at_once(
    page: Page, desk: Desk, api: Api, keys: Keyboard
) -> None:
    for word in ("satu", "dua"):
        api.article(title=f"Borongan {word}", tag_slugs=["Borongan"])
    api.is_found("Borongan", 2)
    await keys.open(desk, "articles")
    await keys.press("/")
    await keys.type("Borongan")
    await expect(page).to_have_url(f"{desk.url}/admin/articles?q=Borongan")
    await keys.enter(button(page, "Filter and order"))
    await keys.choose(page.get_by_role("combobox", name="Order"), "By title")
    rows = page.get_by_role("list", name="Articles").get_by_role("link")
    await expect(rows).to_have_count(2)  # the list before it has these and others
    await expect(rows).to_contain_text(["Borongan dua", "Borongan satu"])
    for word in ("dua", "satu"):
        await keys.to(page.get_by_role("checkbox", name=f"Choose Borongan {word}"))
        await keys.press("Space")
    await keys.menu(button(page, "Apply to 2 chosen things"), "Move to trash")
    results = page.get_by_role("region", name="What became of it")
    await expect(results).to_contain_text("Borongan satu Done")

    await keys.open(desk, "trash")
    remove = button(page, "Remove for good: Borongan dua")
    await keys.enter(remove)
    await keys.dialog()
    await keys.escape_to(remove)
    await keys.press("Enter")
    await keys.enter(button(await keys.dialog(), "Remove for good"))
    await expect(remove).to_have_count(0)
    await keys.enter(button(page, "Restore: Borongan satu"))
    await expect(page.get_by_role("link", name="Borongan satu")).to_have_count(0)


async def test_the_frame(page: Page, desk: Desk, keys: Keyboard) -> None:
    await keys.open(desk, "")
    person = page.get_by_role("button", name=NAME)
    await keys.menu(person, "Keyboard shortcuts")
    await keys.dialog()
    await keys.escape_to(person)
    find = page.get_by_role("button", name=re.compile("^Find"))
    await keys.enter(find)
    await keys.dialog()
    await keys.escape_to(find)
    for language, title in (("Bahasa Indonesia", "Selamat"), ("English", "Good")):
        await keys.enter(person)
        await expect(page.get_by_role("menuitemradio", name=language)).to_be_visible()
        await keys.point_at(language)
        await keys.press("Enter", "Escape")
        await expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    await page.set_viewport_size({"width": 390, "height": 844})
    await keys.enter(button(page, "Open the menu"))
    await keys.enter(page.get_by_role("link", name="Audit log"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Audit log")
    await expect(page.get_by_role("link", name="Webhooks")).to_be_hidden()

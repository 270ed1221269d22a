"""Every room by keyboard alone: no test here has a mouse, or another way to give the focus."""

import asyncio
import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from playwright.async_api import BrowserContext, Locator, Page, expect

from cms.core import db
from tests.accounts.signing import before_a_step_ends
from tests.browser.acts import is_saved, open_article, text_of
from tests.browser.desk import EMAIL, NAME, Api, Desk
from tests.browser.keyboard import Keyboard
from tests.browser.rooms import letter, picture, upload
from tests.make import PASSWORD

# Ways of Playwright into a page that are no keys.
NO_KEYS = r"\.(click|dblclick|tap|hover|fill|focus|check|uncheck|select_option|drag_to|mouse)\b"
JOIN = "/api/v1/admin/invitations/accept"
COPIED = "<p>It dries <i>slowly</i>, says <a href=https://example.com>a page</a>.</p>"
COPY = """async ([html, file]) => {
  const blob = (type, data) => new Blob([data], { type });
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const item = html ? { 'text/html': blob('text/html', html) }
    : { 'image/png': blob('image/png', bytes(file)) };
  await navigator.clipboard.write([new ClipboardItem(item)]);
}"""


def test_no_mouse_is_hidden_here() -> None:
    for name in ("test_by_keyboard.py", "keyboard.py"):
        source = Path(__file__).with_name(name).read_text(encoding="utf-8")
        assert re.findall(NO_KEYS, source) == []


@pytest.fixture
def keys(page: Page) -> Keyboard:
    return Keyboard(page)


async def _open(page: Page, desk: Desk, path: str) -> None:
    await page.goto(f"{desk.url}/admin/{path}")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    # Past the navigation, as whoever tabs through it every day does.
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()


async def _save(page: Page, keys: Keyboard) -> None:
    await keys.press("Control+s")
    await expect(page.get_by_text("Unsaved changes")).to_have_count(0)
    await expect(page.get_by_text("Not saved")).to_have_count(0)


async def _stored(page: Page) -> str:
    await expect(page).to_have_url(re.compile(r"/[0-9a-f]{24}$"))
    return page.url.rsplit("/", 1)[1]


def _got(api: Api, path: str) -> dict[str, Any]:
    answer = api.client.get(f"/api/v1/admin/{path}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def _made(api: Api, path: str, **fields: Any) -> str:
    answer = api.client.post(f"/api/v1/admin/{path}", json=fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json().get("id") or answer.json()["slug"])


def _button(within: Page | Locator, name: str) -> Locator:
    return within.get_by_role("button", name=name, exact=True)


async def test_a_tab_that_never_arrives_is_noticed(page: Page, desk: Desk, keys: Keyboard) -> None:
    await _open(page, desk, "redirects")
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
    await keys.enter(_button(dialog, "Insert"))
    await expect(text_of(page)).to_be_focused()


async def test_from_the_sign_in_to_the_readers(
    visitor: BrowserContext, desk: Desk, api: Api
) -> None:
    page = await visitor.new_page()
    keys = Keyboard(page)
    await page.goto(f"{desk.url}/admin/")
    await keys.write(page.get_by_label("E-mail"), EMAIL)
    await keys.write(page.get_by_label("Password", exact=True), PASSWORD)
    await keys.press("Enter")
    await expect(page.get_by_role("heading", name="Good ")).to_be_visible()

    await keys.enter(page.get_by_role("link", name="Profiles"))
    await keys.enter(page.get_by_role("link", name="New profile"))
    await keys.write(page.get_by_label("Name", exact=True), NAME)
    await keys.enter(_button(page, "Add a link"))
    await keys.write(page.get_by_label("Address"), "https://example.com/rani")
    await _save(page, keys)
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

    publish = _button(page, "Publish")
    await keys.enter(publish)
    await keys.dialog()
    await keys.escape_to(publish)
    await keys.press("Enter")
    dialog = await keys.dialog()
    await keys.to(dialog.get_by_role("radio", name="Now"))
    await keys.press("ArrowRight")
    await keys.to(dialog.get_by_label("Publish at"))
    await keys.press("ArrowUp")  # a day, a month or a year later
    await keys.enter(_button(dialog, "Schedule"))
    await expect(page.get_by_text("Scheduled", exact=True)).to_be_visible()
    assert api.public("by-keys").status_code == 404
    await keys.menu(_button(page, "More actions"), "Back to draft")
    await keys.enter(_button(await keys.dialog(), "Unpublish"))
    await expect(page.get_by_text("Draft", exact=True)).to_be_visible()
    await keys.enter(publish)
    await keys.enter(_button(await keys.dialog(), "Publish"))
    await expect(page.get_by_role("button", name="Published")).to_be_disabled()
    html = api.public("by-keys").json()["html"]
    for part in ("<em>opening</em>", "<em>slowly</em>", 'alt="Waves"'):
        assert part in html


async def test_the_settings_of_an_article(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    media = upload(api, "tepi.png", picture(510, 340))["id"]
    _made(api, "series", title="Seri papan ketik")
    ident = api.article(title="Beside")["id"]
    await open_article(page, desk.url, ident)
    settings = _button(page, "Settings")
    await keys.enter(settings)
    await expect(_button(page, "Close the settings")).to_be_focused()
    await keys.press("Escape")
    await expect(settings).to_be_focused()
    await keys.press("Enter")
    await keys.write(page.get_by_label("Slug"), "beside-by-keys")
    await keys.write(page.get_by_label("Excerpt"), "In short.")
    cover = _button(page, "Choose a cover")
    await keys.enter(cover)
    await keys.dialog()
    await keys.escape_to(cover)
    await keys.press("Enter")
    dialog = await keys.dialog()
    await keys.enter(dialog.get_by_role("button", name="tepi.png"))
    await keys.enter(_button(dialog, "Use this picture"))
    await keys.to(page.get_by_role("button", name="Focal point: 50 % from the left"))
    async with page.expect_response(f"**/media/{media}"):
        await keys.press("ArrowRight", "ArrowUp")
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
    assert (found["tag_slugs"], found["featured"]) == (["papan-ketik"], True)
    assert _got(api, f"media/{media}")["focal_point"] == {"x": 0.55, "y": 0.45}


async def test_the_parts_of_the_panel(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    ident = api.article(title="Parts", markdown="## One\n\nTODO\n\n## Two\n")["id"]
    api.change(ident, markdown="## One\n\nTODO\n\n## Two\n\nMore.\n")
    await open_article(page, desk.url, ident)
    await keys.enter(_button(page, "Settings"))
    await keys.enter(_button(page, "Make a preview link"))
    await expect(page.get_by_label("Copy it now: it is shown this once.")).to_be_visible()
    await keys.enter(page.get_by_role("button", name="Revoke"))
    await expect(page.get_by_role("button", name="Revoke")).to_have_count(0)

    await keys.to(page.get_by_role("radio", name="Article", exact=True))
    await keys.press("ArrowRight")
    await keys.enter(page.get_by_role("button", name="A reminder is left over"))
    await expect(text_of(page)).to_be_focused()
    await keys.to(page.get_by_role("radio", name="Checks"))
    await keys.press("ArrowRight")
    await keys.enter(_button(page, "Two"))
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
    await keys.enter(_button(await keys.dialog(), "Bring this version back"))
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert api.get(ident)["markdown"] == "## One\n\nTODO\n\n## Two\n"
    await keys.press("Control+e")
    await keys.enter(_button(page, "Close the preview"))
    await expect(page.get_by_title("Preview")).to_have_count(0)
    await keys.menu(_button(page, "More actions"), "Move to trash")
    await expect(page.get_by_text("This article lies in the trash.")).to_be_visible()
    await keys.enter(_button(page.get_by_role("main"), "Restore"))
    await expect(page.get_by_text("This article lies in the trash.")).to_be_hidden()


async def test_a_conflict_and_an_ended_session(
    page: Page, desk: Desk, api: Api, keys: Keyboard
) -> None:
    ident = api.article(title="Both", markdown="")["id"]
    await open_article(page, desk.url, ident)
    api.change(ident, markdown="theirs\n")
    await keys.to(text_of(page))
    await keys.type("mine")
    await keys.enter(_button(await keys.dialog(), "Keep mine"))
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
    await keys.menu(_button(page, "More actions"), "Kept versions")
    await expect(await keys.dialog()).to_contain_text("theirs")
    await keys.escape_to(_button(page, "More actions"))


async def test_articles_are_narrowed_and_changed_at_once(
    page: Page, desk: Desk, api: Api, keys: Keyboard
) -> None:
    for word in ("satu", "dua"):
        api.article(title=f"Borongan {word}", tag_slugs=["Borongan"])
    await _open(page, desk, "articles")
    await keys.press("/")
    await keys.type("Borongan")
    await expect(page).to_have_url(f"{desk.url}/admin/articles?q=Borongan")
    await keys.enter(_button(page, "Filter and order"))
    await keys.choose(page.get_by_role("combobox", name="Order"), "By title")
    rows = page.get_by_role("list", name="Articles").get_by_role("link")
    await expect(rows).to_contain_text(["Borongan dua", "Borongan satu"])
    for word in ("dua", "satu"):
        await keys.to(page.get_by_role("checkbox", name=f"Choose Borongan {word}"))
        await keys.press("Space")
    await keys.menu(_button(page, "Apply to 2 chosen things"), "Move to trash")
    results = page.get_by_role("region", name="What became of it")
    await expect(results).to_contain_text("Borongan satu Done")

    await _open(page, desk, "trash")
    remove = _button(page, "Remove for good: Borongan dua")
    await keys.enter(remove)
    await keys.dialog()
    await keys.escape_to(remove)
    await keys.press("Enter")
    await keys.enter(_button(await keys.dialog(), "Remove for good"))
    await expect(remove).to_have_count(0)
    await keys.enter(_button(page, "Restore: Borongan satu"))
    await expect(page.get_by_role("link", name="Borongan satu")).to_have_count(0)


@pytest.mark.parametrize("single", ["page", "project"])
async def test_pages_and_projects(
    page: Page, desk: Desk, api: Api, keys: Keyboard, single: str
) -> None:
    upload(api, f"{single}.png", picture(520, 345 + len(single)))
    await _open(page, desk, f"{single}s")
    await keys.press("n")
    await keys.write(page.get_by_label("Title", exact=True), f"Tombol {single}")
    await keys.to(text_of(page))
    await keys.type("Tanpa *tetikus*.")
    if single == "project":
        await keys.enter(_button(page, "Add a link"))
        await keys.write(page.get_by_label("Address"), "https://example.com/one")
        await keys.enter(_button(page, "Add a link"))
        await keys.write(page.get_by_label("Address").last, "https://example.com/two")
        await keys.enter(_button(page, "Move Links 2 up"))
        # The focus went with the link: the same key moves it on, and here it is at the top.
        await expect(_button(page, "Move Links 1 down")).to_be_focused()
        await expect(page.get_by_label("Address").first).to_have_value("https://example.com/two")
        await keys.enter(_button(page, "Remove Links 2"))
        await expect(_button(page, "Remove Links 1")).to_be_focused()
        choose = _button(page, "Choose a picture")
        await keys.enter(choose)
        await keys.dialog()
        await keys.escape_to(choose)
        await keys.press("Enter")
        await keys.enter(_button(await keys.dialog(), "Choose project.png"))
        await expect(choose).to_be_focused()
    await _save(page, keys)
    ident = await _stored(page)
    await keys.menu(page.get_by_role("button", name="Draft"), "Publish at a time…")
    dialog = await keys.dialog()
    await keys.to(dialog.get_by_label("When"))
    await keys.press("ArrowUp")
    await keys.enter(_button(dialog, "Schedule"))
    await expect(page.get_by_role("button", name="Scheduled")).to_be_visible()
    await keys.menu(page.get_by_role("button", name="Scheduled"), "Publish")
    await expect(page.get_by_role("button", name="Published")).to_be_visible()
    assert _got(api, f"{single}s/{ident}")["status"] == "published"
    assert "<em>tetikus</em>" in api.client.get(f"/api/v1/{single}s/tombol-{single}").text


async def test_tags_and_series(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    ident = api.article(title="Ditandai", tag_slugs=["Tombol", "Kunci"])["id"]
    await _open(page, desk, "tags/tombol")
    await keys.write(page.get_by_label("Name", exact=True), "Tuts")
    await _save(page, keys)
    merge = _button(page, "Merge into another tag")
    await keys.enter(merge)
    await keys.dialog()
    await keys.press("Escape")  # first the list of its field
    await keys.escape_to(merge)
    await keys.press("Enter")
    dialog = await keys.dialog()
    await keys.choose(dialog.get_by_role("combobox", name="Into which tag?"), "Kunci")
    await keys.enter(_button(dialog, "Merge"))
    await expect(page).to_have_url(f"{desk.url}/admin/tags/kunci")
    assert api.get(ident)["tag_slugs"] == ["kunci"]
    remove = _button(page, "Remove")
    await keys.enter(remove)
    dialog = await keys.dialog()
    await keys.to(dialog.get_by_role("radio", name="Put another in its place"))
    await keys.press("ArrowDown")
    await keys.enter(_button(dialog, "Remove"))
    await expect(page).to_have_url(f"{desk.url}/admin/tags")
    assert api.get(ident)["tag_slugs"] == []

    await keys.enter(page.get_by_role("link", name="Series"))
    await keys.enter(_button(page, "New series"))
    await keys.write(page.get_by_label("Title", exact=True), "Deret tombol")
    await _save(page, keys)
    await expect(page).to_have_url(f"{desk.url}/admin/series/deret-tombol")
    await keys.enter(_button(page, "Remove"))
    await keys.enter(_button(await keys.dialog(), "Remove"))
    await expect(page).to_have_url(f"{desk.url}/admin/series")


async def test_files(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    await _open(page, desk, "media")
    async with page.expect_file_chooser() as chooser:
        await keys.enter(_button(page, "Upload"))
    await (await chooser.value).set_files(
        {"name": "tuts.png", "mimeType": "image/png", "buffer": picture(530, 355)}
    )
    await keys.enter(page.get_by_role("link", name="tuts.png"))
    ident = await _stored(page)
    await keys.write(page.get_by_label("Alternative text, English"), "Keys")
    await keys.to(page.get_by_role("button", name="Point that stays in view"))
    await keys.press("ArrowRight", "ArrowDown")
    await _save(page, keys)
    found = _got(api, f"media/{ident}")
    assert (found["alt"], found["focal_point"]) == ({"en": "Keys"}, {"x": 0.52, "y": 0.52})
    remove = _button(page, "Remove")
    await keys.enter(remove)
    await keys.dialog()
    await keys.escape_to(remove)
    await keys.press("Enter")
    await keys.enter(_button(await keys.dialog(), "Remove"))
    await expect(page).to_have_url(f"{desk.url}/admin/media")
    assert api.client.get(f"/api/v1/admin/media/{ident}").status_code == 404


async def test_the_site_with_its_navigation(
    page: Page, desk: Desk, api: Api, keys: Keyboard
) -> None:
    before = _got(api, "site")["navigation"]
    await _open(page, desk, "site")
    for name in ("Satu", "Dua"):
        await keys.enter(_button(page, "Add an entry"))
        await keys.type(name)
    last = len(before) + 2
    await keys.enter(_button(page, f"Move Navigation {last} up"))
    await keys.choose(page.get_by_role("combobox", name="No excerpt"), "Refuses")
    await _save(page, keys)
    found = _got(api, "site")
    assert [item["label"] for item in found["navigation"][-2:]] == ["Dua", "Satu"]
    assert found["checks"]["missing_excerpt"] == "error"
    for _ in range(2):
        await keys.enter(_button(page, f"Remove Navigation {last}"))
        last -= 1
    await keys.choose(page.get_by_role("combobox", name="No excerpt"), "Is told")
    await _save(page, keys)
    assert _got(api, "site")["navigation"] == before


async def test_redirects_and_webhooks(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    await _open(page, desk, "redirects")
    await keys.press("n")
    await keys.write(page.get_by_label("Old path"), "/tuts")
    await keys.choose(page.get_by_role("combobox", name="How"), "Gone: nothing takes its place")
    await _save(page, keys)
    await _stored(page)
    remove = _button(page, "Remove")
    await keys.enter(remove)
    await keys.dialog()
    await keys.escape_to(remove)
    await keys.enter(page.get_by_role("link", name="All redirects"))
    async with page.expect_download():
        await keys.menu(_button(page, "For web servers"), "Nginx")

    await keys.enter(page.get_by_role("link", name="Webhooks"))
    await keys.enter(_button(page, "New webhook"))
    await keys.write(page.get_by_label("Name", exact=True), "Tuts")
    await keys.write(page.get_by_label("Address"), "https://build.example.com/tuts")
    await keys.press("Control+s")
    await keys.enter(_button(await keys.dialog(), "I have kept it"))
    ident = await _stored(page)
    send = _button(page, "Send a test")
    await keys.enter(send)
    sent = page.get_by_role("list", name="Deliveries").get_by_role("listitem")
    await expect(sent.first).to_be_visible()
    await expect(send).to_be_focused()
    more = _button(page, "More actions")
    await keys.menu(more, "Remove")
    await keys.dialog()
    await keys.escape_to(more)
    await keys.menu(more, "Remove")
    await keys.enter(_button(await keys.dialog(), "Remove"))
    await expect(page).to_have_url(f"{desk.url}/admin/webhooks")
    assert api.client.get(f"/api/v1/admin/webhooks/{ident}").status_code == 404


async def test_messages(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    sender = {"name": "Tuti", "email": "tuti@example.com", "page": "/kontak"}
    ident = letter(api, sender | {"subject": "Papan ketik", "message": "Halo"})["id"]
    await _open(page, desk, "")
    waiting = page.get_by_role("region", name=re.compile("new message"))
    await keys.enter(waiting.get_by_role("link", name="Papan ketik"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Papan ketik")
    await expect(page.get_by_role("main")).to_be_focused()  # the link is gone with its screen
    await keys.enter(_button(page, "Mark as unread"))
    # The button says the other thing now, and has the focus still.
    await expect(_button(page, "Mark as read")).to_be_focused()
    await keys.enter(_button(page, "This is spam"))
    await expect(_button(page, "Not spam")).to_be_focused()
    more = _button(page, "More actions")
    await keys.menu(more, "Erase everything of this sender")
    await keys.dialog()
    await keys.escape_to(more)
    await keys.menu(more, "Erase everything of this sender")
    await keys.enter(_button(await keys.dialog(), "Erase everything of this sender"))
    await expect(page).to_have_url(f"{desk.url}/admin/messages")
    assert api.client.get(f"/api/v1/admin/contact/{ident}").status_code == 404


async def test_people_roles_and_the_log(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    email = "tuts@example.com"
    await _open(page, desk, "accounts")
    await keys.write(page.get_by_label("E-mail"), email)
    await keys.choose(page.get_by_role("combobox", name="Role", exact=True), "Editor")
    await keys.enter(_button(page, "Invite"))
    dialog = await keys.dialog()
    link = await dialog.get_by_text("accept-invitation#token=").text_content() or ""
    await keys.enter(_button(dialog, "I have passed it on"))
    await expect(_button(page, "Invite")).to_be_focused()
    await expect(_button(page, f"Withdraw: {email}")).to_be_visible()

    body = {"token": link.partition("token=")[2], "name": "Tuti", "password": PASSWORD}
    joined = await asyncio.to_thread(httpx.post, f"{desk.url}{JOIN}", json=body)
    assert joined.status_code == 201, joined.text
    await page.reload()
    await keys.choose(page.get_by_role("combobox", name="Role of Tuti"), "Author")
    await expect(page.get_by_role("combobox", name="Role of Tuti")).to_have_value("Author")
    more = _button(page, "Actions for Tuti")
    await keys.menu(more, "Disable")
    await keys.dialog()
    await keys.escape_to(more)
    await keys.menu(more, "Disable")
    await keys.enter(_button(await keys.dialog(), "Disable"))
    await expect(page.get_by_text("Disabled", exact=True)).to_be_visible()
    await keys.menu(more, "Enable")
    await keys.enter(_button(await keys.dialog(), "Enable"))
    await expect(page.get_by_text("Disabled", exact=True)).to_have_count(0)
    await keys.to(page.get_by_role("group", name="What each role may do"))

    await keys.enter(page.get_by_role("link", name="Audit log"))
    rows = page.get_by_role("list", name="Audit log").get_by_role("listitem")
    only = rows.filter(has_text="Tuti").first.get_by_role("button")
    await keys.enter(only)
    await expect(page).to_have_url(re.compile("item="))
    fields = rows.locator("summary").first
    await keys.enter(fields)
    await expect(rows.locator("ins").first).to_be_visible()
    await keys.enter(_button(page, "The whole log"))
    await expect(page).to_have_url(f"{desk.url}/admin/audit")


async def test_tokens_sessions_and_the_second_factor(
    visitor: BrowserContext, desk: Desk, api: Api
) -> None:
    data = {"email": "faktor@example.com", "role": "author"}
    link = api.client.post("/api/v1/admin/invitations", json=data).json()["link"]
    page = await visitor.new_page()
    keys = Keyboard(page)
    await page.goto(link)
    await keys.write(page.get_by_label("Your name"), "Fajar")
    await keys.write(page.get_by_label("Password", exact=True), PASSWORD)
    await keys.press("Enter")
    await keys.menu(page.get_by_role("button", name="Fajar"), "API tokens")
    new = _button(page, "New token")
    await keys.enter(new)
    await keys.dialog()
    await keys.escape_to(new)
    await keys.press("Enter")
    dialog = await keys.dialog()
    await keys.write(dialog.get_by_label("What is it for?"), "keys")
    await keys.to(dialog.get_by_role("checkbox", name="articles:write"))
    await keys.press("Space")
    await keys.enter(_button(dialog, "Create the token"))
    await expect(dialog.get_by_text("ltr_")).to_be_visible()
    await keys.enter(_button(dialog, "I have kept it"))
    await expect(new).to_be_focused()
    revoke = _button(page, "Revoke: keys")
    await keys.enter(revoke)
    await keys.dialog()
    await keys.escape_to(revoke)
    await keys.press("Enter")
    await keys.enter(_button(await keys.dialog(), "Revoke"))
    await expect(revoke).to_have_count(0)

    elsewhere = {"email": data["email"], "password": PASSWORD}
    await asyncio.to_thread(httpx.post, f"{desk.url}/api/v1/admin/session", json=elsewhere)
    await keys.menu(page.get_by_role("button", name="Fajar"), "My account")
    ending = _button(page, "End all others")
    await keys.enter(ending)
    await expect(ending).to_have_count(0)
    await keys.enter(_button(page, "Set it up"))
    code = page.get_by_label("Code")
    await expect(code).to_be_focused()
    secret = await page.locator("pre").first.inner_text()
    await before_a_step_ends()
    await keys.type(pyotp.TOTP(secret).at(db.now().timestamp() - 30))
    await keys.press("Enter")
    await expect(page.get_by_text("Keep these recovery codes")).to_be_visible()
    await keys.enter(_button(page, "I have kept them"))
    await expect(page.get_by_text("Keep these recovery codes")).to_have_count(0)
    await keys.menu(page.get_by_role("button", name="Fajar"), "Sign out")
    await expect(page).to_have_url(f"{desk.url}/admin/sign-in")


async def test_the_frame(page: Page, desk: Desk, keys: Keyboard) -> None:
    await _open(page, desk, "")
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
    await keys.enter(_button(page, "Open the menu"))
    await keys.enter(page.get_by_role("link", name="Audit log"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Audit log")
    await expect(page.get_by_role("link", name="Webhooks")).to_be_hidden()

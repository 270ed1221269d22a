"""The rooms by keyboard alone: no test here has a mouse, or another way to give the focus."""

import asyncio
import json
import re

import httpx
import pyotp
import pytest
from playwright.async_api import BrowserContext, Page, expect

from cms.core import db
from tests.accounts.signing import before_a_step_ends
from tests.browser.acts import text_of
from tests.browser.desk import Api, Desk
from tests.browser.keyboard import Keyboard, button
from tests.browser.rooms import got, letter, made, picture, stored, upload
from tests.make import PASSWORD

JOIN = "/api/v1/admin/invitations/accept"


@pytest.mark.parametrize("single", ["page", "project"])
async def test_pages_and_projects(
    page: Page, desk: Desk, api: Api, keys: Keyboard, single: str
) -> None:
    upload(api, f"{single}.png", picture(520, 345 + len(single)))
    await keys.open(desk, f"{single}s")
    await keys.press("n")
    await keys.write(page.get_by_label("Title", exact=True), f"Tombol {single}")
    await keys.to(text_of(page))
    await keys.type("Tanpa ")
    await keys.save()
    await expect(text_of(page)).to_be_focused()  # also behind the first time, in a new place
    await keys.type("*tetikus*.")
    if single == "project":
        await keys.enter(button(page, "Add a link"))
        await keys.write(page.get_by_label("Address"), "https://example.com/one")
        await keys.enter(button(page, "Add a link"))
        await keys.write(page.get_by_label("Address").last, "https://example.com/two")
        await keys.enter(button(page, "Move Links 2 up"))
        # The focus went with the link: the same key moves it on, and here it is at the top.
        await expect(button(page, "Move Links 1 down")).to_be_focused()
        await expect(page.get_by_label("Address").first).to_have_value("https://example.com/two")
        await keys.enter(button(page, "Remove Links 2"))
        await expect(button(page, "Remove Links 1")).to_be_focused()
        choose = button(page, "Choose a picture")
        await keys.enter(choose)
        await keys.dialog()
        await keys.escape_to(choose)
        await keys.press("Enter")
        await keys.enter(button(await keys.dialog(), "Choose project.png"))
        await expect(choose).to_be_focused()
    await keys.save()
    ident = await stored(page)
    await keys.menu(page.get_by_role("button", name="Draft"), "Publish at a time…")
    dialog = await keys.dialog()
    await keys.later(dialog.get_by_label("When"))
    await keys.enter(button(dialog, "Schedule"))
    # It was off until the answer came, and its menu and the dialog are gone: it has the focus.
    await expect(page.get_by_role("button", name="Scheduled")).to_be_focused()
    assert got(api, f"{single}s/{ident}")["publish_at"].startswith("2031-06-06")
    await keys.menu(page.get_by_role("button", name="Scheduled"), "Publish")
    await expect(page.get_by_role("button", name="Published")).to_be_focused()
    assert got(api, f"{single}s/{ident}")["status"] == "published"
    assert "<em>tetikus</em>" in api.client.get(f"/api/v1/{single}s/tombol-{single}").text


async def test_a_gallery_is_ordered(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    pictures = [upload(api, f"{n}.png", picture(540, 360 + n))["id"] for n in (1, 2, 3)]
    one, two, three = pictures
    ident = made(api, "projects", title="Galeri")["id"]
    await keys.open(desk, f"projects/{ident}")
    add = button(page, "Add a picture")
    for number in (1, 2, 3):
        await keys.enter(add)
        await keys.enter(button(await keys.dialog(), f"Choose {number}.png"))
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await expect(add).to_be_focused()
    shown = page.get_by_role("list", name="Gallery").get_by_role("img")
    await expect(shown).to_have_count(3)
    await keys.enter(button(page, "Move picture 3 earlier: 3.png"))
    # The focus went with the picture: the same key moves it on, and here it stands first.
    await expect(button(page, "Move picture 2 earlier: 3.png")).to_be_focused()
    await keys.press("Enter")
    await expect(button(page, "Move picture 1 later: 3.png")).to_be_focused()
    await expect(shown.first).to_have_attribute("alt", "3.png")
    await keys.save()
    assert got(api, f"projects/{ident}")["gallery_ids"] == [three, one, two]

    await keys.enter(button(page, "Take picture 2 out: 1.png"))
    await expect(button(page, "Take picture 2 out: 2.png")).to_be_focused()
    await keys.press("Enter")
    await expect(button(page, "Take picture 1 out: 3.png")).to_be_focused()
    await keys.press("Enter")
    await expect(add).to_be_focused()
    await keys.save()
    assert got(api, f"projects/{ident}")["gallery_ids"] == []


async def test_tags_and_series(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    ident = api.article(title="Ditandai", tag_slugs=["Tombol", "Kunci"])["id"]
    await keys.open(desk, "tags/tombol")
    await keys.write(page.get_by_label("Name", exact=True), "Tuts")
    await keys.save()
    merge = button(page, "Merge into another tag")
    await keys.enter(merge)
    await keys.dialog()
    await keys.press("Escape")  # first the list of its field
    await keys.escape_to(merge)
    await keys.press("Enter")
    dialog = await keys.dialog()
    await keys.choose(dialog.get_by_role("combobox", name="Into which tag?"), "Kunci")
    await keys.enter(button(dialog, "Merge"))
    await expect(page).to_have_url(f"{desk.url}/admin/tags/kunci")
    # The screen before it has all of its buttons.
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Kunci")
    assert api.get(ident)["tag_slugs"] == ["kunci"]
    remove = button(page, "Remove")
    await keys.enter(remove)
    dialog = await keys.dialog()
    await keys.to(dialog.get_by_role("radio", name="Put another in its place"))
    await keys.press("ArrowDown")
    await keys.enter(button(dialog, "Remove"))
    await expect(page).to_have_url(f"{desk.url}/admin/tags")
    assert api.get(ident)["tag_slugs"] == []

    await keys.enter(page.get_by_role("link", name="Series"))
    await keys.enter(button(page, "New series"))
    await keys.write(page.get_by_label("Title", exact=True), "Deret tombol")
    await keys.save()
    await expect(page).to_have_url(f"{desk.url}/admin/series/deret-tombol")
    await keys.enter(button(page, "Remove"))
    await keys.enter(button(await keys.dialog(), "Remove"))
    await expect(page).to_have_url(f"{desk.url}/admin/series")


async def test_files(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    await keys.open(desk, "media")
    async with page.expect_file_chooser() as chooser:
        await keys.enter(button(page, "Upload"))
    await (await chooser.value).set_files(
        {"name": "tuts.png", "mimeType": "image/png", "buffer": picture(530, 355)}
    )
    await keys.enter(page.get_by_role("link", name="tuts.png"))
    ident = await stored(page)
    await keys.write(page.get_by_label("Alternative text, English"), "Keys")
    await keys.to(page.get_by_role("button", name="Point that stays in view"))
    await keys.press("ArrowRight", "ArrowDown")
    await keys.save()
    found = got(api, f"media/{ident}")
    assert (found["alt"], found["focal_point"]) == ({"en": "Keys"}, {"x": 0.52, "y": 0.52})
    replace = button(page, "Replace the file")
    async with page.expect_file_chooser() as chooser:
        await keys.enter(replace)
    async with page.expect_response("**/replace"):
        await (await chooser.value).set_files(
            {"name": "lain.png", "mimeType": "image/png", "buffer": picture(530, 365)}
        )
    await expect(replace).to_be_focused()
    assert got(api, f"media/{ident}")["height"] == 365
    remove = button(page, "Remove")
    await keys.enter(remove)
    await keys.dialog()
    await keys.escape_to(remove)
    await keys.press("Enter")
    await keys.enter(button(await keys.dialog(), "Remove"))
    await expect(page).to_have_url(f"{desk.url}/admin/media")
    assert api.client.get(f"/api/v1/admin/media/{ident}").status_code == 404


async def test_the_site_with_its_navigation(
    page: Page, desk: Desk, api: Api, keys: Keyboard
) -> None:
    before = got(api, "site")["navigation"]
    await keys.open(desk, "site")
    for name in ("Satu", "Dua"):
        await keys.enter(button(page, "Add an entry"))
        await keys.type(name)
    last = len(before) + 2
    await keys.enter(button(page, f"Move Navigation {last} up"))
    await keys.choose(page.get_by_role("combobox", name="No excerpt"), "Refuses")
    await keys.save()
    found = got(api, "site")
    assert [item["label"] for item in found["navigation"][-2:]] == ["Dua", "Satu"]
    assert found["checks"]["missing_excerpt"] == "error"
    for _ in range(2):
        await keys.enter(button(page, f"Remove Navigation {last}"))
        last -= 1
    await keys.choose(page.get_by_role("combobox", name="No excerpt"), "Is told")
    await keys.save()
    assert got(api, "site")["navigation"] == before


async def test_redirects_and_webhooks(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    await keys.open(desk, "redirects")
    await keys.press("n")
    await keys.write(page.get_by_label("Old path"), "/tuts")
    await keys.choose(page.get_by_role("combobox", name="How"), "Gone: nothing takes its place")
    await keys.save()
    await stored(page)
    remove = button(page, "Remove")
    await keys.enter(remove)
    await keys.dialog()
    await keys.escape_to(remove)
    await keys.enter(page.get_by_role("link", name="All redirects"))
    async with page.expect_download():
        await keys.menu(button(page, "For web servers"), "Nginx")

    await keys.enter(page.get_by_role("link", name="Webhooks"))
    await keys.enter(button(page, "New webhook"))
    await keys.write(page.get_by_label("Name", exact=True), "Tuts")
    await keys.write(page.get_by_label("Address"), "https://build.example.com/tuts")
    await keys.press("Control+s")
    await keys.enter(button(await keys.dialog(), "I have kept it"))
    ident = await stored(page)
    send = button(page, "Send a test")
    await keys.enter(send)
    sent = page.get_by_role("list", name="Deliveries").get_by_role("listitem")
    await expect(sent.first).to_be_visible()
    await expect(send).to_be_focused()
    again = button(page, "Send again")
    await keys.enter(again)  # once nobody answered
    await expect(again).to_have_count(0)
    await expect(sent.first.locator("summary")).to_be_focused()
    await keys.press("Enter")
    await expect(sent.first.get_by_role("listitem").first).to_be_visible()
    more = button(page, "More actions")
    await keys.menu(more, "Remove")
    await keys.dialog()
    await keys.escape_to(more)
    await keys.menu(more, "Remove")
    await keys.enter(button(await keys.dialog(), "Remove"))
    await expect(page).to_have_url(f"{desk.url}/admin/webhooks")
    assert api.client.get(f"/api/v1/admin/webhooks/{ident}").status_code == 404


async def test_a_resume_is_imported_into_a_profile(
    page: Page, desk: Desk, api: Api, keys: Keyboard
) -> None:
    ident = made(api, "profiles", name="Citra")["id"]
    await keys.open(desk, f"profiles/{ident}")
    take = button(page, "Import a JSON Resume")
    await keys.enter(take)
    await keys.dialog()
    await keys.escape_to(take)
    await keys.press("Enter")
    dialog = await keys.dialog()
    choose = button(dialog, "Choose the file")
    async with page.expect_file_chooser() as chooser:
        await keys.enter(choose)
    resume = {"basics": {"name": "Citra", "label": "Penyunting"}, "interests": [{"name": "Kopi"}]}
    data = json.dumps(resume).encode()
    await (await chooser.value).set_files(
        {"name": "resume.json", "mimeType": "application/json", "buffer": data}
    )
    await expect(dialog).to_contain_text("interests")
    await expect(choose).to_be_focused()
    await keys.enter(button(dialog, "Done"))
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(take).to_be_focused()
    await expect(page.get_by_label("Headline")).to_have_value("Penyunting")
    assert got(api, f"profiles/{ident}")["headline"] == "Penyunting"


async def test_messages(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    sender = {"name": "Tuti", "email": "tuti@example.com", "page": "/kontak"}
    ident = letter(api, sender | {"subject": "Papan ketik", "message": "Halo"})["id"]
    await keys.open(desk, "")
    waiting = page.get_by_role("region", name=re.compile("new message"))
    await keys.enter(waiting.get_by_role("link", name="Papan ketik"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Papan ketik")
    await expect(page.get_by_role("main")).to_be_focused()  # the link is gone with its screen
    await keys.enter(button(page, "Mark as unread"))
    # The button says the other thing now, and has the focus still.
    await expect(button(page, "Mark as read")).to_be_focused()
    await keys.enter(button(page, "This is spam"))
    await expect(button(page, "Not spam")).to_be_focused()
    more = button(page, "More actions")
    await keys.menu(more, "Erase everything of this sender")
    await keys.dialog()
    await keys.escape_to(more)
    await keys.menu(more, "Erase everything of this sender")
    await keys.enter(button(await keys.dialog(), "Erase everything of this sender"))
    await expect(page).to_have_url(f"{desk.url}/admin/messages")
    assert api.client.get(f"/api/v1/admin/contact/{ident}").status_code == 404


async def test_people_roles_and_the_log(page: Page, desk: Desk, api: Api, keys: Keyboard) -> None:
    email = "tuts@example.com"
    await keys.open(desk, "accounts")
    await keys.write(page.get_by_label("E-mail"), email)
    await keys.choose(page.get_by_role("combobox", name="Role", exact=True), "Editor")
    await keys.enter(button(page, "Invite"))
    dialog = await keys.dialog()
    link = await dialog.get_by_text("accept-invitation#token=").text_content() or ""
    await keys.enter(button(dialog, "I have passed it on"))
    await expect(button(page, "Invite")).to_be_focused()
    await expect(button(page, f"Withdraw: {email}")).to_be_visible()

    body = {"token": link.partition("token=")[2], "name": "Tuti", "password": PASSWORD}
    joined = await asyncio.to_thread(httpx.post, f"{desk.url}{JOIN}", json=body)
    assert joined.status_code == 201, joined.text
    await page.reload()
    await keys.choose(page.get_by_role("combobox", name="Role of Tuti"), "Author")
    await expect(page.get_by_role("combobox", name="Role of Tuti")).to_have_value("Author")
    more = button(page, "Actions for Tuti")
    await keys.menu(more, "Disable")
    await keys.dialog()
    await keys.escape_to(more)
    await page.set_viewport_size({"width": 1440, "height": 300})
    await page.evaluate("scrollTo(0, document.body.scrollHeight)")
    await expect(more).not_to_be_in_viewport()
    await keys.press("Enter")  # the menu opens where nobody looks, and takes the focus
    first = page.get_by_role("menuitem").first
    await expect(first).to_be_focused()
    await keys.press("Escape")
    await expect(more).to_be_focused()
    await page.set_viewport_size({"width": 1440, "height": 900})
    await keys.menu(more, "Disable")
    await keys.enter(button(await keys.dialog(), "Disable"))
    await expect(page.get_by_text("Disabled", exact=True)).to_be_visible()
    await keys.menu(more, "Enable")
    await keys.enter(button(await keys.dialog(), "Enable"))
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
    await keys.enter(button(page, "The whole log"))
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
    new = button(page, "New token")
    await keys.enter(new)
    await keys.dialog()
    await keys.escape_to(new)
    await keys.press("Enter")
    dialog = await keys.dialog()
    await keys.write(dialog.get_by_label("What is it for?"), "keys")
    await keys.to(dialog.get_by_role("checkbox", name="articles:write"))
    await keys.press("Space")
    await keys.enter(button(dialog, "Create the token"))
    await expect(dialog.get_by_text("ltr_")).to_be_visible()
    await keys.enter(button(dialog, "I have kept it"))
    await expect(new).to_be_focused()
    revoke = button(page, "Revoke: keys")
    await keys.enter(revoke)
    await keys.dialog()
    await keys.escape_to(revoke)
    await keys.press("Enter")
    await keys.enter(button(await keys.dialog(), "Revoke"))
    await expect(revoke).to_have_count(0)

    elsewhere = {"email": data["email"], "password": PASSWORD}
    await asyncio.to_thread(httpx.post, f"{desk.url}/api/v1/admin/session", json=elsewhere)
    await keys.menu(page.get_by_role("button", name="Fajar"), "My account")
    ending = button(page, "End all others")
    await keys.enter(ending)
    await expect(ending).to_have_count(0)
    await keys.enter(button(page, "Set it up"))
    code = page.get_by_label("Code")
    await expect(code).to_be_focused()
    secret = await page.locator("pre").first.inner_text()
    await before_a_step_ends()
    await keys.type(pyotp.TOTP(secret).at(db.now().timestamp() - 30))
    await keys.press("Enter")
    await expect(page.get_by_text("Keep these recovery codes")).to_be_visible()
    await keys.enter(button(page, "I have kept them"))
    await expect(page.get_by_text("Keep these recovery codes")).to_have_count(0)
    await keys.menu(page.get_by_role("button", name="Fajar"), "Sign out")
    await expect(page).to_have_url(f"{desk.url}/admin/sign-in")

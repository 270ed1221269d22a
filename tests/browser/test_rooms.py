"""Every room of the admin in a browser: what stands in it is made, changed and removed."""

import json
import re
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, expect

from cms.accounts.permissions import TABLE, Role
from tests.browser.acts import text_of
from tests.browser.desk import Api, Desk
from tests.browser.rooms import got, letter, picture, stored, upload
from tests.make import PASSWORD


async def _open(page: Page, desk: Desk, path: str) -> None:
    await page.goto(f"{desk.url}/admin/{path}")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def _save(page: Page) -> None:
    await page.get_by_role("button", name="Save", exact=True).click()
    # The button is also off while the answer is on its way; these words stand there until it came.
    await expect(page.get_by_text("Unsaved changes")).to_have_count(0)
    await expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    await expect(page.get_by_text("Not saved")).to_have_count(0)


def _join(desk: Desk, link: str, name: str) -> None:
    body = {"token": link.partition("token=")[2], "name": name, "password": PASSWORD}
    answer = httpx.post(f"{desk.url}/api/v1/admin/invitations/accept", json=body)
    assert answer.status_code == 201, answer.text


async def _choose(page: Page, label: str, option: str) -> None:
    await page.get_by_role("combobox", name=label).click()
    await page.get_by_role("option", name=option, exact=True).click()


async def _verb(page: Page, now: str, verb: str) -> None:
    await page.get_by_role("button", name=f"More actions: {now}").click()
    await page.get_by_role("menuitem", name=verb, exact=True).click()


@pytest.mark.parametrize("kind", ["pages", "projects"])
async def test_what_stands_on_the_screen_is_what_is_published(
    page: Page, desk: Desk, api: Api, kind: str
) -> None:
    made = api.client.post(f"/api/v1/admin/{kind}", json={"title": "Layar", "slug": "layar"}).json()
    await _open(page, desk, f"{kind}/{made['id']}")
    title = page.get_by_label("Title", exact=True)
    await title.fill("")
    await _verb(page, "Draft", "Publish")
    await expect(page.get_by_role("status").filter(has_text="Not saved")).to_be_visible()
    assert api.client.get(f"/api/v1/{kind}/layar").status_code == 404
    await title.fill("Di layar")
    await _verb(page, "Draft", "Publish")
    await expect(page.get_by_role("button", name="More actions: Published")).to_be_visible()
    assert api.client.get(f"/api/v1/{kind}/layar").json()["title"] == "Di layar"

    await title.fill("Lagi")
    await _verb(page, "Published", "Publish the changes")
    await expect(page.get_by_role("status").filter(has_text="Saved")).to_have_text("Saved")
    await expect(page.get_by_role("button", name="More actions: Published")).to_be_enabled()
    assert api.client.get(f"/api/v1/{kind}/layar").json()["title"] == "Lagi"

    await title.fill("Tidak jadi")
    await _save(page)
    await title.fill("Sama sekali tidak")
    await _verb(page, "Published", "Discard the draft")
    await page.get_by_role("dialog").get_by_role("button", name="Discard the draft").click()
    await expect(title).to_have_value("Lagi")
    await expect(page.get_by_text("Unsaved changes")).to_have_count(0)


async def test_a_profile_is_shown_as_it_stands_on_the_screen(
    page: Page, desk: Desk, api: Api
) -> None:
    made = api.client.post("/api/v1/admin/profiles", json={"name": "Layar"}).json()
    await _open(page, desk, f"profiles/{made['id']}")
    await page.get_by_role("button", name="Public", exact=True).click()
    await page.get_by_role("menuitem", name="Hide from readers").click()
    await expect(page.get_by_role("button", name="Hidden", exact=True)).to_be_visible()
    await page.get_by_label("Headline", exact=True).fill("Di layar")
    await page.get_by_role("button", name="Hidden", exact=True).click()
    await page.get_by_role("menuitem", name="Show to readers").click()
    await expect(page.get_by_role("button", name="Public", exact=True)).to_be_visible()
    assert api.client.get(f"/api/v1/profiles/{made['slug']}").json()["headline"] == "Di layar"


@pytest.mark.parametrize("single", ["page", "project"])
async def test_pages_and_projects_are_written_published_trashed_and_removed(
    page: Page, desk: Desk, api: Api, single: str
) -> None:
    path = f"{single}s"
    await _open(page, desk, path)
    await page.get_by_role("button", name=f"New {single}").click()
    await page.get_by_label("Title", exact=True).fill(f"Sebuah {single}")
    await text_of(page).focus()
    await page.keyboard.type("Daun *lontar*.\n")
    await _save(page)
    ident = await stored(page)
    assert got(api, f"{path}/{ident}")["markdown"] == "Daun *lontar*.\n"

    await page.get_by_role("button", name="Draft").click()
    await page.get_by_role("menuitem", name="Publish", exact=True).click()
    await expect(page.get_by_role("button", name="Published")).to_be_visible()
    found = api.client.get(f"/api/v1/{path}/sebuah-{single}")
    assert "<em>lontar</em>" in found.json()["html"]

    await text_of(page).focus()
    await page.keyboard.press("Control+End")
    await page.keyboard.type("Baru.")
    await _save(page)
    await page.get_by_role("button", name="Published").click()
    await page.get_by_role("menuitem", name="Discard the draft").click()
    await page.get_by_role("dialog").get_by_role("button", name="Discard the draft").click()
    await expect(text_of(page)).not_to_contain_text("Baru.")
    await page.get_by_role("button", name="Published").click()
    await page.get_by_role("menuitem", name="Move to trash").click()
    await expect(page.get_by_role("button", name="In the trash")).to_be_visible()

    await _open(page, desk, "trash")
    await page.get_by_role("button", name=f"Restore: Sebuah {single}").click()
    await expect(page.get_by_role("link", name=f"Sebuah {single}")).to_have_count(0)
    await _open(page, desk, f"{path}/{ident}")
    await page.get_by_role("button", name=re.compile("Draft|Unpublished|Published")).click()
    await page.get_by_role("menuitem", name="Move to trash").click()
    await page.get_by_role("button", name="In the trash").click()
    await page.get_by_role("menuitem", name="Remove for good").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove for good").click()
    await expect(page).to_have_url(f"{desk.url}/admin/{path}")
    assert api.client.get(f"/api/v1/admin/{path}/{ident}").status_code == 404


async def test_a_page_that_somebody_else_changed_asks_which_version_holds(
    page: Page, desk: Desk, api: Api
) -> None:
    answer = api.client.post("/api/v1/admin/pages", json={"title": "Dua orang"})
    ident, revision = answer.json()["id"], answer.json()["revision"]
    await _open(page, desk, f"pages/{ident}")
    await page.get_by_label("Title", exact=True).fill("Milikku")
    headers = {"If-Match": f'"{revision}"'}
    change = {"title": "Milik mereka"}
    assert api.client.patch(f"/api/v1/admin/pages/{ident}", json=change, headers=headers).is_success
    await page.get_by_role("button", name="Save", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Load theirs").click()
    await expect(page.get_by_label("Title", exact=True)).to_have_value("Milik mereka")


async def test_tags_are_renamed_merged_and_removed_with_what_carries_them(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Bertanda", tag_slugs=["Kertas", "Pena"])["id"]
    await _open(page, desk, "tags")
    await page.get_by_role("button", name="New tag").click()
    await page.get_by_label("Name", exact=True).fill("Alat tulis")
    await _save(page)
    await expect(page).to_have_url(f"{desk.url}/admin/tags/alat-tulis")

    await _open(page, desk, "tags/pena")
    await expect(page.get_by_role("link", name="Bertanda")).to_be_visible()
    await page.get_by_role("button", name="Merge into another tag").click()
    await page.get_by_role("combobox", name="Into which tag?").click()
    await page.get_by_role("option", name="Alat tulis").click()
    await page.get_by_role("dialog").get_by_role("button", name="Merge").click()
    await expect(page).to_have_url(f"{desk.url}/admin/tags/alat-tulis")
    assert sorted(api.get(ident)["tag_slugs"]) == ["alat-tulis", "kertas"]

    await _open(page, desk, "tags/kertas")
    await page.get_by_label("Name", exact=True).fill("Kertas daluang")
    await _save(page)
    await page.get_by_role("button", name="Remove", exact=True).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Used in 1 place")
    await dialog.get_by_text("Take it out of everything").click()
    await dialog.get_by_role("button", name="Remove", exact=True).click()
    await expect(page).to_have_url(f"{desk.url}/admin/tags")
    assert api.get(ident)["tag_slugs"] == ["alat-tulis"]


async def test_a_series_is_made_moved_and_removed(page: Page, desk: Desk, api: Api) -> None:
    await _open(page, desk, "series")
    await page.get_by_role("button", name="New series").click()
    await page.get_by_label("Title", exact=True).fill("Membuat tinta")
    await _save(page)
    await expect(page).to_have_url(f"{desk.url}/admin/series/membuat-tinta")
    await page.get_by_label("Slug").fill("tinta-baru")
    await _save(page)
    await expect(page).to_have_url(f"{desk.url}/admin/series/tinta-baru")
    await _open(page, desk, "series/tinta-baru")
    await page.get_by_role("button", name="Remove", exact=True).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Nothing refers to it")
    await dialog.get_by_role("button", name="Remove", exact=True).click()
    await expect(page).to_have_url(f"{desk.url}/admin/series")
    assert api.client.get("/api/v1/admin/series/tinta-baru").status_code == 404


async def test_redirects_are_written_exported_and_removed(page: Page, desk: Desk) -> None:
    await _open(page, desk, "redirects")
    await page.get_by_role("button", name="New redirect").click()
    await page.get_by_label("Old path").fill("/lama")
    await page.get_by_label("Where it leads").fill("/articles")
    await _save(page)
    await stored(page)
    await _choose(page, "How", "Gone: nothing takes its place")
    await _save(page)
    await page.get_by_role("link", name="All redirects").click()
    await expect(page.get_by_role("link", name="/lama")).to_contain_text("410 → gone")
    await page.get_by_role("button", name="For web servers").click()
    async with page.expect_download() as download:
        await page.get_by_role("menuitem", name="Nginx").click()
    text = (await (await download.value).path()).read_text(encoding="utf-8")
    assert "/lama" in text
    await page.get_by_role("link", name="/lama").click()
    await page.get_by_role("button", name="Remove", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    await expect(page).to_have_url(f"{desk.url}/admin/redirects")
    await expect(page.get_by_role("link", name="/lama")).to_have_count(0)


async def test_files_are_uploaded_described_replaced_and_removed(
    page: Page, desk: Desk, api: Api
) -> None:
    await _open(page, desk, "media")
    files: Any = [
        {"name": "satu.png", "mimeType": "image/png", "buffer": picture(640, 410)},
        {"name": "dua.png", "mimeType": "image/png", "buffer": picture(640, 420)},
        {"name": "bukan.png", "mimeType": "image/png", "buffer": b"no picture"},
    ]
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Upload").click()
    await (await chooser.value).set_files(files)
    await expect(page.get_by_text("3 of 3 files sent")).to_be_visible()
    await expect(page.get_by_text("bukan.png was not taken")).to_be_visible()
    await page.get_by_role("link", name="satu.png").click()

    ident = await stored(page)
    await page.get_by_label("Alternative text, English").fill("A leaf")
    point = page.get_by_role("button", name="Point that stays in view")
    await point.focus()
    await page.keyboard.press("ArrowRight")
    await _save(page)
    found = got(api, f"media/{ident}")
    assert (found["alt"], found["focal_point"]) == ({"en": "A leaf"}, {"x": 0.52, "y": 0.5})

    before = found["url"]
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Replace the file").click()
    async with page.expect_response("**/replace"):
        await (await chooser.value).set_files(
            {"name": "tiga.png", "mimeType": "image/png", "buffer": picture(640, 430)}
        )
    after = got(api, f"media/{ident}")
    assert after["url"] != before
    assert after["height"] == 430

    article = api.article(title="Bergambar", cover_id=ident)["id"]
    await page.reload()
    await page.get_by_role("button", name="Remove", exact=True).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("link", name="Bergambar")).to_be_visible()
    await dialog.get_by_role("combobox", name="In its place").click()
    await page.get_by_role("option", name="dua.png").click()
    await dialog.get_by_role("button", name="Remove", exact=True).click()
    await expect(page).to_have_url(f"{desk.url}/admin/media")
    assert api.get(article)["cover_id"] not in {ident, None}


async def test_a_picture_is_chosen_for_a_project(page: Page, desk: Desk, api: Api) -> None:
    media = upload(api, "sampul.png", picture(500, 333))
    answer = api.client.post("/api/v1/admin/projects", json={"title": "Bersampul"})
    ident = answer.json()["id"]
    await _open(page, desk, f"projects/{ident}")
    await page.get_by_role("button", name="Choose a picture").click()
    await page.get_by_role("dialog").get_by_role("button", name="Choose sampul.png").click()
    await _save(page)
    assert got(api, f"projects/{ident}")["cover_id"] == media["id"]


async def test_a_webhook_shows_its_secret_once_is_tested_and_gets_another(
    page: Page, desk: Desk, api: Api
) -> None:
    await _open(page, desk, "webhooks")
    await page.get_by_role("button", name="New webhook").click()
    await page.get_by_label("Name", exact=True).fill("The build")
    await page.get_by_label("Address").fill("https://build.example.com/hook")
    await page.get_by_role("button", name="Save", exact=True).click()
    secret = page.get_by_role("dialog").get_by_text("whsec_")
    first = await secret.text_content()
    await page.get_by_role("button", name="I have kept it").click()
    await expect(page.get_by_text("whsec_")).to_have_count(0)
    ident = await stored(page)

    await page.get_by_role("button", name="Send a test").click()
    sent = page.get_by_role("list", name="Deliveries").get_by_role("listitem")
    await expect(sent.first).to_be_visible()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="New secret").click()
    await page.get_by_role("dialog").get_by_role("button", name="New secret").click()
    await expect(secret).to_be_visible()
    assert await secret.text_content() != first
    await page.get_by_role("button", name="I have kept it").click()

    await page.get_by_label("Name", exact=True).fill("The old build")
    await _save(page)
    assert got(api, f"webhooks/{ident}")["name"] == "The old build"
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    await expect(page).to_have_url(f"{desk.url}/admin/webhooks")
    assert api.client.get(f"/api/v1/admin/webhooks/{ident}").status_code == 404


async def test_people_are_asked_in_given_a_role_disabled_and_enabled(
    page: Page, desk: Desk, api: Api
) -> None:
    email = "wati@example.com"
    await _open(page, desk, "accounts")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_role("button", name="Invite").click()
    shown = page.get_by_role("dialog").get_by_text("accept-invitation#token=")
    link = await shown.text_content() or ""
    await page.get_by_role("button", name="I have passed it on").click()
    await expect(page.get_by_role("button", name=f"Withdraw: {email}")).to_be_visible()

    _join(desk, link, "Wati")
    await page.reload()
    await _choose(page, "Role of Wati", "Editor")
    await expect(page.get_by_role("combobox", name="Role of Wati")).to_have_value("Editor")
    rows = {item["email"]: item for item in got(api, "accounts")["items"]}
    assert rows[email]["role"] == "editor"

    for verb in ("Disable", "Enable"):
        await page.get_by_role("button", name="Actions for Wati").click()
        await page.get_by_role("menuitem", name=verb, exact=True).click()
        await page.get_by_role("dialog").get_by_role("button", name=verb, exact=True).click()
        await expect(page.get_by_text("Disabled", exact=True)).to_have_count(int(verb == "Disable"))
    await expect(page.get_by_role("table")).to_contain_text("articles:publish")


async def test_an_author_is_shown_only_the_rooms_that_open(
    page: Page, desk: Desk, api: Api
) -> None:
    data = {"email": "penulis@example.com", "role": "author"}
    link = api.client.post("/api/v1/admin/invitations", json=data).json()["link"]
    await page.context.clear_cookies()
    body = {"token": link.partition("token=")[2], "name": "Penulis", "password": PASSWORD}
    url = f"{desk.url}/api/v1/admin/invitations/accept"
    assert (await page.context.request.post(url, data=body)).status == 201
    await _open(page, desk, "")
    rooms = page.get_by_role("navigation", name="Main").get_by_role("listitem")
    await expect(rooms).to_have_text([
        "Home", "Articles", "Pages", "Projects", "Media", "Series", "Tags", "Trash", "Profiles",
    ])  # fmt: skip
    await _open(page, desk, "tags")
    await expect(page.get_by_role("button", name="New tag")).to_have_count(0)


async def _offered(page: Page, desk: Desk) -> set[str]:
    await _open(page, desk, "tokens")
    await page.get_by_role("button", name="New token").click()
    boxes = page.get_by_role("dialog").get_by_role("checkbox")
    await expect(boxes.first).to_be_visible()
    return set(await boxes.evaluate_all("boxes => boxes.map(box => box.value)"))


async def test_a_token_is_offered_whatever_its_maker_may_and_nothing_else(
    page: Page, desk: Desk, api: Api
) -> None:
    assert await _offered(page, desk) == set(TABLE[Role.OWNER])
    data = {"email": "penyunting@example.com", "role": "editor"}
    link = api.client.post("/api/v1/admin/invitations", json=data).json()["link"]
    await page.context.clear_cookies()
    body = {"token": link.partition("token=")[2], "name": "Penyunting", "password": PASSWORD}
    url = f"{desk.url}/api/v1/admin/invitations/accept"
    assert (await page.context.request.post(url, data=body)).status == 201
    assert await _offered(page, desk) == set(TABLE[Role.EDITOR])


async def test_messages_are_read_marked_and_erased_without_a_mouse(
    page: Page, desk: Desk, api: Api
) -> None:
    sender = {"name": "Budi", "email": "budi?cc=x@example.com"}
    text = "Halo,\n<b>tidak tebal</b>"
    words = {"subject": "Ceramah", "message": text, "page": "/kontak"}
    first = letter(api, sender | words)["id"]
    letter(api, sender | {"message": "Sekali lagi"})
    caught = letter(api, sender | {"message": "Beli sekarang"}, is_spam=True)["id"]
    await _open(page, desk, "")
    waiting = page.get_by_role("region", name=re.compile("new message"))
    await waiting.get_by_role("link", name="Ceramah").press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ceramah")
    said = page.get_by_role("region", name="Message")
    assert await said.inner_text() == text
    address = page.get_by_role("link", name=sender["email"])
    await expect(address).to_have_attribute("href", "mailto:budi%3Fcc%3Dx@example.com")

    await page.get_by_role("button", name="Mark as unread").press("Enter")
    await expect(page.get_by_role("button", name="Mark as read")).to_be_enabled()
    assert got(api, f"contact/{first}")["is_read"] is False
    await page.get_by_role("button", name="This is spam").press("Enter")
    await expect(page.get_by_role("button", name="Not spam")).to_be_enabled()

    await page.get_by_role("link", name="All messages").press("Enter")
    rows = page.get_by_role("list", name="Messages").get_by_role("link")
    await expect(rows.filter(has_text="Sekali lagi")).to_contain_text("New")
    await expect(rows.filter(has_text="Ceramah")).to_have_count(0)
    await page.get_by_role("link", name="Spam").press("Enter")
    await expect(page).to_have_url(f"{desk.url}/admin/messages?state=spam")
    await page.reload()
    await expect(rows).to_contain_text(["Beli sekarang", "Ceramah"])
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_contain_text("faster than anybody writes")
    await page.get_by_role("button", name="More actions").press("Enter")
    await page.get_by_role("menuitem", name="Remove").press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Cancel").last).to_be_focused()
    await dialog.get_by_role("button", name="Remove", exact=True).press("Enter")
    await expect(page).to_have_url(f"{desk.url}/admin/messages")
    assert api.client.get(f"/api/v1/admin/contact/{caught}").status_code == 404

    await page.get_by_role("link", name="New", exact=True).press("Enter")
    await expect(page).to_have_url(f"{desk.url}/admin/messages?state=new")
    await rows.filter(has_text="Sekali lagi").press("Enter")
    await page.get_by_role("button", name="More actions").press("Enter")
    await page.get_by_role("menuitem", name="Erase everything").press("Enter")
    await expect(dialog).to_contain_text(sender["email"])
    await dialog.get_by_role("button", name="Erase everything").press("Enter")
    await expect(page).to_have_url(f"{desk.url}/admin/messages")
    left = [got(api, f"contact?folder={name}")["items"] for name in ("inbox", "spam")]
    assert sender["email"] not in {item["email"] for items in left for item in items}


async def test_the_audit_log_tells_who_changed_what_of_one_thing(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Sebelum")["id"]
    api.change(ident, title="Sesudah")
    api.is_logged(ident, 2)
    await _open(page, desk, f"audit?item={ident}")
    rows = page.get_by_role("list", name="Audit log").locator("> li")
    await expect(rows.filter(has_text="changed Sesudah")).to_be_visible()
    await rows.filter(has_text="changed Sesudah").get_by_text("1 field").click()
    await expect(rows.locator("del", has_text="Sebelum")).to_be_visible()
    await page.get_by_role("button", name="The whole log").click()
    await expect(page).to_have_url(f"{desk.url}/admin/audit")


async def test_home_says_what_needs_somebody(page: Page, desk: Desk, api: Api) -> None:
    api.article(title="Belum selesai")
    await _open(page, desk, "")
    drafts = page.get_by_role("region", name="Drafts to go on with")
    await expect(drafts.get_by_role("link", name="Belum selesai")).to_be_visible()
    needs = page.get_by_role("region", name="Needs you")
    await needs.get_by_role("link", name="second factor").click()
    await expect(page).to_have_url(f"{desk.url}/admin/account")


async def test_many_articles_are_changed_at_once_and_each_says_what_became_of_it(
    page: Page, desk: Desk, api: Api
) -> None:
    good, stale = (api.article(title=f"Sekaligus {word}") for word in ("baik", "basi"))
    api.is_found("Sekaligus", 2)
    await _open(page, desk, "articles")
    await page.get_by_role("searchbox").fill("Sekaligus")
    await expect(page).to_have_url(f"{desk.url}/admin/articles?q=Sekaligus")
    # The list before it has these and others.
    await expect(page.get_by_role("checkbox", name="Choose ")).to_have_count(2)
    for word in ("baik", "basi"):
        await page.get_by_role("checkbox", name=f"Choose Sekaligus {word}").check()
    api.change(stale["id"], excerpt="meanwhile")
    await page.get_by_role("button", name="Apply to 2 chosen things").click()
    await page.get_by_role("menuitem", name="Move to trash").click()
    results = page.get_by_role("region", name="What became of it")
    await expect(results).to_contain_text("Sekaligus baik Done")
    await expect(results).to_contain_text("Sekaligus basi Not done")
    assert api.get(good["id"])["status"] == "trashed"
    assert api.get(stale["id"])["status"] == "draft"


async def test_what_narrows_the_articles_stands_in_the_address(
    page: Page, desk: Desk, api: Api
) -> None:
    api.article(title="Dengan tanda", tag_slugs=["Saring"], featured=True)
    await _open(page, desk, "articles")
    await page.get_by_role("button", name="Filter and order").click()
    await _choose(page, "Tag", "Saring")
    await _choose(page, "Featured", "Only the featured")
    await _choose(page, "Order", "By title")
    await expect(page).to_have_url(re.compile("tag=saring.*featured=.*true.*sort=title"))
    await page.reload()
    rows = page.get_by_role("list", name="Articles").get_by_role("link")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("Dengan tanda")
    await page.go_back()
    await expect(page).not_to_have_url(re.compile("sort="))


async def test_the_palette_finds_screens_and_content_by_keyboard_alone(
    page: Page, desk: Desk, api: Api
) -> None:
    api.article(title="Jarum di jerami")
    await _open(page, desk, "")
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox")).to_be_focused()
    await page.keyboard.type("redir")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Redirects")
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox")).to_be_focused()
    await page.keyboard.type("jerami")
    await expect(page.get_by_role("option", name="Jarum di jerami")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox", name="Title")).to_have_value("Jarum di jerami")


async def test_a_redirect_is_made_and_removed_without_a_mouse(page: Page, desk: Desk) -> None:
    await _open(page, desk, "redirects")
    await page.keyboard.press("n")
    await page.get_by_label("Old path").focus()
    await page.keyboard.type("/keyboard")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.type("/articles")
    await page.keyboard.press("Control+s")
    await stored(page)
    await page.get_by_role("link", name="All redirects").focus()
    await page.keyboard.press("Enter")
    link = page.get_by_role("link", name="/keyboard ")
    await expect(link).to_be_visible()
    for _ in range(50):  # others may have made redirects before it
        await page.keyboard.press("j")
        if await link.evaluate("link => link === document.activeElement"):
            break
    await expect(link).to_be_focused()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Remove", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(
        page.get_by_role("dialog").get_by_role("button", name="Cancel").last
    ).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{desk.url}/admin/redirects")


async def test_a_resume_becomes_a_profile_and_says_what_it_left_out(
    page: Page, desk: Desk, api: Api
) -> None:
    resume = {
        "basics": {"name": "Dewi Anggraini", "label": "Penyunting"},
        "work": [{"name": "Balai", "position": "Penyunting", "startDate": "2020-01"}],
        "certificates": [{"name": "Ahli bahasa", "issuer": "Balai", "date": "2022"}],
        "interests": [{"name": "Layang-layang"}],
    }
    await _open(page, desk, "profiles/new")
    await page.get_by_role("button", name="Import a JSON Resume").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Choose the file").click()
    data = json.dumps(resume).encode()
    await (await chooser.value).set_files(
        {"name": "resume.json", "mimeType": "application/json", "buffer": data}
    )
    await expect(page.get_by_role("dialog")).to_contain_text("Imported.")
    await expect(page.get_by_role("dialog")).to_contain_text("interests")
    await page.get_by_role("button", name="Done").click()
    ident = await stored(page)
    # The form before it has the same buttons.
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Dewi Anggraini")
    await page.get_by_role("button", name="Add a talk").click()
    await page.get_by_label("Talk", exact=True).fill("Ejaan")
    await page.get_by_label("Event").fill("Kongres")
    await _save(page)
    found = got(api, f"profiles/{ident}")
    assert (found["certificates"][0]["name"], found["talks"][0]["title"]) == (
        "Ahli bahasa",
        "Ejaan",
    )


async def test_highlights_and_courses_are_written_a_line_each(
    page: Page, desk: Desk, api: Api
) -> None:
    await _open(page, desk, "profiles/new")
    await page.get_by_label("Name", exact=True).fill("Dewi Lestari")
    await page.get_by_role("button", name="Add experience").click()
    await page.get_by_label("Role").fill("Penyunting")
    await page.get_by_label("Organisation").fill("Balai")
    await page.get_by_label("Start").fill("2020-01")
    highlights = page.get_by_label("Highlights")
    await highlights.press_sequentially("Ejaan\nKamus\n\nTata bahasa\n")
    await page.get_by_role("button", name="Add education").click()
    school = page.get_by_role("list", name="Education")
    await school.get_by_label("Organisation").fill("Sekolah")
    await school.get_by_label("Start").fill("2015-08")
    await school.get_by_label("Grade").fill("3,8")
    await school.get_by_label("Courses").fill(f"Sastra\n{'a' * 501}")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(school.get_by_label("Courses")).to_have_attribute("aria-invalid", "true")
    await school.get_by_label("Courses").fill("Sastra")
    await _save(page)
    ident = await stored(page)
    found = got(api, f"profiles/{ident}")
    assert found["experience"][0]["highlights"] == ["Ejaan", "Kamus", "Tata bahasa"]
    assert (found["education"][0]["courses"], found["education"][0]["score"]) == (["Sastra"], "3,8")
    await expect(highlights).to_have_value("Ejaan\nKamus\nTata bahasa")


async def test_the_whole_site_can_be_set(page: Page, desk: Desk, api: Api) -> None:
    await _open(page, desk, "site")
    await page.get_by_label("Articles", exact=True).fill("/tulisan/{slug}")
    await page.get_by_label("After every title").fill(" · Juri")
    await _choose(page, "No excerpt", "Refuses")
    await _save(page)
    found = got(api, "site")
    assert found["url_patterns"]["article"]["*"] == "/tulisan/{slug}"
    assert found["seo"]["title_suffix"] == " · Juri"
    assert found["checks"]["missing_excerpt"] == "error"
    await page.get_by_label("Articles", exact=True).fill("")
    await _choose(page, "No excerpt", "Is told")
    await _save(page)
    assert got(api, "site")["url_patterns"].get("article") != found["url_patterns"]["article"]


async def test_the_burger_opens_every_room_on_a_phone(page: Page, desk: Desk) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await _open(page, desk, "")
    await page.get_by_role("button", name="Open the menu").click()
    await page.get_by_role("link", name="Audit log").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Audit log")
    await expect(page.get_by_role("link", name="Webhooks")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth <= 390")

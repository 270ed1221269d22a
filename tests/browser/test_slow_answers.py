"""What happens to words and things while an answer is on its way, is lost, or comes too late."""

import asyncio

import pytest
from playwright.async_api import BrowserContext, FilePayload, Page, Route, expect

from tests.browser.acts import is_saved
from tests.browser.conftest import sign_in
from tests.browser.desk import Api, Desk
from tests.browser.rooms import made, picture, trashed, upload
from tests.media.samples import png

UNSAVED = "not saved"


class Held:
    """Requests that wait until they are let go, or are cut off then."""

    def __init__(self, method: str) -> None:
        self.method = method
        self.came = asyncio.Event()
        self.goes = asyncio.Event()
        self.is_cut = False

    async def __call__(self, route: Route) -> None:
        if route.request.method != self.method:
            await route.continue_()
            return
        self.came.set()
        await self.goes.wait()
        await (route.abort() if self.is_cut else route.continue_())


async def _hold(page: Page, pattern: str, method: str) -> Held:
    held = Held(method)
    await page.route(pattern, held)
    return held


def _file(name: str, width: int) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": png(width, 200)}


async def _begin_a_page(page: Page, desk: Desk, title: str) -> Held:
    held = await _hold(page, "**/api/v1/admin/pages", "POST")
    await page.goto(f"{desk.url}/admin/pages/new")
    await page.get_by_label("Title", exact=True).fill(title)
    await page.get_by_role("button", name="Save", exact=True).click()
    await held.came.wait()
    await page.get_by_role("link", name="Home", exact=True).click()
    return held


async def test_who_leaves_while_it_is_saved_goes_on_when_it_is(page: Page, desk: Desk) -> None:
    held = await _begin_a_page(page, desk, "Sekali saja")
    held.goes.set()
    await expect(page).to_have_url(f"{desk.url}/admin/")
    await expect(page.get_by_role("link", name="New article")).to_be_visible()
    # It is saved: nothing says otherwise, and a new one begins with nothing.
    await expect(page.get_by_text(UNSAVED)).to_have_count(0)
    await page.goto(f"{desk.url}/admin/pages/new")
    await expect(page.get_by_label("Title", exact=True)).to_have_value("")


async def test_who_leaves_while_it_is_saved_hears_that_it_was_not(page: Page, desk: Desk) -> None:
    held = await _begin_a_page(page, desk, "Tidak sampai")
    held.is_cut = True
    held.goes.set()
    await page.get_by_role("dialog").get_by_role("button", name="Stay").last.click()
    await expect(page.get_by_role("status").filter(has_text="Not saved")).to_be_visible()
    await expect(page.get_by_label("Title", exact=True)).to_have_value("Tidak sampai")


async def test_a_late_answer_leads_nobody_out_of_another_screen(
    page: Page, desk: Desk, api: Api
) -> None:
    tag = made(api, "tags", name="Terlambat")
    await page.goto(f"{desk.url}/admin/tags/{tag['slug']}")
    await page.get_by_role("button", name="Remove", exact=True).click()
    held = await _hold(page, "**/api/v1/admin/tags/*", "DELETE")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Remove", exact=True).click()
    await held.came.wait()
    await page.evaluate("document.querySelector('a[href$=\"/admin/site\"]').click()")
    await expect(page.get_by_role("heading", name="Site", level=1)).to_be_visible()
    await page.get_by_label("Description").first.fill("Belum disimpan")
    async with page.expect_response(lambda found: found.request.method == "DELETE"):
        held.goes.set()
    await page.wait_for_load_state("networkidle")
    await expect(page).to_have_url(f"{desk.url}/admin/site")
    await expect(page.get_by_label("Description").first).to_have_value("Belum disimpan")


async def test_all_pictures_that_are_sent_at_once_are_taken(
    page: Page, desk: Desk, api: Api
) -> None:
    project = made(api, "projects", title="Banyak gambar")
    await page.goto(f"{desk.url}/admin/projects/{project['id']}")
    await page.get_by_role("button", name="Add a picture").click()
    files = [_file(f"g{number}.png", 300 + number) for number in range(3)]
    await page.locator("[role=dialog] input[type=file]").set_input_files(files)
    gallery = page.get_by_role("group", name="Gallery").locator("ol img")
    await expect(gallery).to_have_count(3)


async def test_what_was_chosen_is_not_replaced_by_what_comes_later(
    page: Page, desk: Desk, api: Api
) -> None:
    upload(api, "dipilih.png", picture(640, 480))
    project = made(api, "projects", title="Sampul")
    held = await _hold(page, "**/api/v1/admin/media", "POST")
    await page.goto(f"{desk.url}/admin/projects/{project['id']}")
    choose = page.get_by_role("button", name="Choose a picture")
    await choose.click()
    await page.locator("[role=dialog] input[type=file]").set_input_files(_file("late.png", 333))
    await held.came.wait()
    await page.keyboard.press("Escape")
    await choose.click()
    await page.get_by_role("button", name="dipilih.png").first.click()
    async with page.expect_response(lambda found: found.request.method == "POST"):
        held.goes.set()
    await expect(page.get_by_role("img", name="dipilih.png")).to_be_visible()


async def test_two_tabs_do_not_take_each_others_words_from_the_device(
    visitor: BrowserContext, desk: Desk, api: Api
) -> None:
    one = made(api, "pages", title="Dua tab")
    first = await sign_in(visitor, desk)
    second = await visitor.new_page()
    for tab in (first, second):
        await tab.goto(f"{desk.url}/admin/pages/{one['id']}")
        await expect(tab.get_by_label("Title", exact=True)).to_have_value("Dua tab")
    await first.get_by_label("Slug").fill("dua-tab-pertama")
    await second.get_by_label("Title", exact=True).fill("Kata yang lain")
    await first.get_by_role("button", name="Save", exact=True).click()
    await is_saved(first)
    await second.close()  # nobody is asked
    third = await visitor.new_page()
    await third.goto(f"{desk.url}/admin/pages/{one['id']}")
    await expect(third.get_by_label("Title", exact=True)).to_have_value("Kata yang lain")


async def test_what_was_removed_leaves_nothing_unsaved_behind(
    page: Page, desk: Desk, api: Api
) -> None:
    profile = made(api, "profiles", name="Tidak lama")
    await page.goto(f"{desk.url}/admin/profiles/{profile['id']}")
    await page.get_by_label("Headline", exact=True).fill("Belum disimpan")
    await page.get_by_role("button", name="Public", exact=True).click()
    await page.get_by_role("menuitem", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(page).to_have_url(f"{desk.url}/admin/profiles")
    await page.goto(f"{desk.url}/admin/")
    await expect(page.get_by_role("link", name="New article")).to_be_visible()
    await expect(page.get_by_text(UNSAVED)).to_have_count(0)


async def test_a_sign_out_that_fails_says_so_and_can_be_tried_again(page: Page, desk: Desk) -> None:
    held = await _hold(page, "**/api/v1/admin/session", "DELETE")
    held.is_cut = True
    held.goes.set()
    await page.goto(f"{desk.url}/admin/tokens")
    await page.get_by_role("button", name="Rani Lestari").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    dialog = page.get_by_role("dialog", name="Sign out")
    await expect(dialog.get_by_role("alert")).to_contain_text("does not answer")
    held.is_cut = False
    await dialog.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(f"{desk.url}/admin/sign-in")


async def test_a_verb_that_was_refused_for_its_revision_is_done_the_next_time(
    page: Page, desk: Desk, api: Api
) -> None:
    one = made(api, "pages", title="Basi", slug="basi-lalu-segar")
    await page.goto(f"{desk.url}/admin/pages/{one['id']}")
    await expect(page.get_by_label("Title", exact=True)).to_have_value("Basi")
    headers = {"If-Match": f'"{one["revision"]}"'}
    url = f"/api/v1/admin/pages/{one['id']}"
    assert api.client.patch(url, json={"title": "Segar"}, headers=headers).is_success
    for _ in range(2):
        await page.get_by_role("button", name="More actions: Draft").click()
        await page.get_by_role("menuitem", name="Publish", exact=True).click()
        await expect(page.get_by_label("Title", exact=True)).to_have_value("Segar")
    await expect(page.get_by_role("button", name="More actions: Published")).to_be_visible()


@pytest.mark.parametrize("where", ["pages/{page} Canonical address", "site After every title"])
async def test_what_the_server_refuses_is_marked_at_its_field(
    page: Page, desk: Desk, api: Api, where: str
) -> None:
    path, _, label = where.partition(" ")
    ident = made(api, "pages", title="Salah")["id"]
    await page.goto(f"{desk.url}/admin/{path.format(page=ident)}")
    field = page.get_by_label(label)
    await field.fill("not a url" * 60)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("status").filter(has_text="Not saved")).to_be_visible()
    await expect(field).to_have_attribute("aria-invalid", "true")


async def test_what_is_chosen_in_one_view_of_a_list_is_not_changed_in_another(
    page: Page, desk: Desk, api: Api
) -> None:
    made(api, "pages", title="Dipilih di sini")
    await page.goto(f"{desk.url}/admin/pages")
    await page.get_by_role("checkbox", name="Choose Dipilih di sini").check()
    await expect(page.get_by_role("button", name="Apply to 1")).to_be_visible()
    narrow = page.get_by_role("navigation", name="Show")
    await narrow.get_by_role("link", name="In the trash").click()
    await expect(page.get_by_role("button", name="Apply to 1")).to_have_count(0)
    # One of them is where one is.
    await expect(narrow.locator("[aria-current=page]")).to_have_text(["In the trash"])
    await narrow.get_by_role("link", name="All").click()
    await expect(narrow.locator("[aria-current=page]")).to_have_text(["All"])


async def test_the_next_invitation_may_be_typed_while_one_is_on_its_way(
    page: Page, desk: Desk
) -> None:
    await page.goto(f"{desk.url}/admin/accounts")
    held = await _hold(page, "**/api/v1/admin/invitations", "POST")
    field = page.get_by_label("E-mail")
    await field.fill("pertama.diundang@example.com")
    await field.press("Enter")
    await held.came.wait()
    await field.fill("kedua.diundang@example.com")
    held.goes.set()
    await page.get_by_role("button", name="I have passed it on").click()
    await expect(field).to_have_value("kedua.diundang@example.com")
    await page.unroute_all()
    await field.press("Enter")
    await page.get_by_role("button", name="I have passed it on").click()
    await expect(field).to_have_value("")


async def test_finding_says_that_nobody_answers(page: Page, desk: Desk) -> None:
    await page.goto(f"{desk.url}/admin/")
    await page.route("**/api/v1/admin/pages?*", lambda route: route.abort())
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("combobox").fill("Pages")
    await expect(dialog.get_by_role("status")).to_have_text("The server does not answer.")
    await expect(dialog.get_by_role("option")).to_have_count(1)  # screens are found without it


async def test_more_in_the_trash_than_is_shown_is_found_in_its_list(
    page: Page, desk: Desk, api: Api
) -> None:
    trashed(api, "projects", *(f"Dibuang {number}" for number in range(21)))
    await page.goto(f"{desk.url}/admin/trash")
    shown = page.get_by_role("region", name="Projects")
    await expect(shown.get_by_role("listitem")).to_have_count(20)
    await shown.get_by_role("link", name="All of them, in their list").click()
    await expect(page).to_have_url(f"{desk.url}/admin/projects?status=trashed")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Projects")

"""Whatever goes wrong while someone writes, in the end no letter is missing."""

import pytest
from playwright.async_api import Dialog, Page, Route, expect

from tests.browser.acts import is_saved, open_article, text_of, type_at_the_end
from tests.browser.desk import Api, Desk
from tests.make import PASSWORD
from tests.reliability.running import rounds


async def test_a_server_that_is_killed_while_someone_types_loses_no_letter(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Kill", markdown="")["id"]
    await open_article(page, desk.url, ident)
    await type_at_the_end(page, "before the end, ")
    await is_saved(page)
    await type_at_the_end(page, "while it dies, ")
    desk.kill()
    try:
        await type_at_the_end(page, "and after that.")
        await expect(page.get_by_text("Offline; kept on this device")).to_be_visible()
    finally:
        desk.start()
    await is_saved(page, within=40_000)
    assert api.get(ident)["markdown"] == "before the end, while it dies, and after that."


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
async def test_a_reload_before_anything_was_delivered_loses_nothing(
    page: Page, desk: Desk, api: Api, end: str
) -> None:
    ident = api.article(title="Reload", markdown=f"kept{end}")["id"]

    async def cut(route: Route) -> None:
        if route.request.method == "PATCH":
            await route.abort()
        else:
            await route.fallback()

    async def leave(dialog: Dialog) -> None:
        await dialog.accept()

    await page.route("**/api/v1/admin/articles/**", cut)
    page.on("dialog", leave)
    await open_article(page, desk.url, ident)
    await type_at_the_end(page, "only on\nthis device")
    await page.keyboard.press("Control+Home")
    await page.keyboard.type("all is ")
    await page.reload()
    await expect(text_of(page)).to_contain_text("this device")
    assert api.get(ident)["markdown"] == f"kept{end}"
    await page.unroute_all()
    await is_saved(page, within=40_000)
    assert api.get(ident)["markdown"] == f"all is kept{end}only on{end}this device"


async def test_a_new_article_survives_a_reload_before_it_has_a_title(
    page: Page, desk: Desk
) -> None:
    await page.goto(f"{desk.url}/admin/articles/new")
    await type_at_the_end(page, "a thought without a title")
    await expect(page.get_by_text("give it a title")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    await expect(text_of(page)).to_have_text("a thought without a title")
    await page.get_by_role("textbox", name="Title").fill("Now it has one")
    await is_saved(page)


async def test_an_expired_session_is_renewed_over_the_page(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Expired", markdown="")["id"]
    await open_article(page, desk.url, ident)
    await page.context.clear_cookies()
    await type_at_the_end(page, "typed after the session ended")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Your session has ended")
    await dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    await dialog.get_by_role("button", name="Sign in").click()
    await expect(dialog).to_be_hidden()
    await is_saved(page)
    assert api.get(ident)["markdown"] == "typed after the session ended"


@pytest.mark.parametrize(("button", "kept"), [("Keep mine", "mine"), ("Take theirs", "theirs")])
async def test_a_conflict_shows_both_texts_and_drops_neither(
    page: Page, desk: Desk, api: Api, button: str, kept: str
) -> None:
    ident = api.article(title="Conflict", markdown="")["id"]
    await open_article(page, desk.url, ident)
    api.change(ident, markdown="theirs\n")
    await type_at_the_end(page, "mine\n")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("region", name="Yours")).to_contain_text("mine")
    await expect(dialog.get_by_role("region", name="Theirs")).to_contain_text("theirs")
    assert api.get(ident)["markdown"] == "theirs\n"
    await dialog.get_by_role("button", name=button).click()
    await expect(dialog).to_be_hidden()
    await is_saved(page)
    await expect(text_of(page)).to_contain_text(kept)
    assert api.get(ident)["markdown"] == f"{kept}\n"
    aside = {"mine": "theirs", "theirs": "mine"}[kept]
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Kept versions").click()
    await expect(page.get_by_role("dialog").get_by_text(aside, exact=True)).to_be_visible()


async def test_a_conflict_is_merged_by_hand(page: Page, desk: Desk, api: Api) -> None:
    lines = [f"Line {number}." for number in range(12)]
    ident = api.article(title="By hand", markdown="\n\n".join(lines))["id"]
    await open_article(page, desk.url, ident)
    theirs = [*lines[:2], "Line two of theirs.", *lines[3:9], "Line nine of theirs.", *lines[10:]]
    api.change(ident, markdown="\n\n".join(theirs))
    await type_at_the_end(page, " Mine.")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Merge both by hand").click()
    # By keyboard: the first of their parts is taken, then the one behind it.
    parts = dialog.get_by_role("button", name="Take theirs")
    for left in (2, 1):
        await parts.first.press("Enter")
        await expect(parts).to_have_count(left)
    await dialog.get_by_role("textbox", name="Merged text").press("Control+Home")
    await page.keyboard.type("Both: ")
    await dialog.get_by_role("button", name="Save the merged text").click()
    await expect(dialog).to_be_hidden()
    await is_saved(page)
    both = "\n\n".join(["Both: Line 0.", *theirs[1:11], "Line 11. Mine."])
    assert api.get(ident)["markdown"] == both
    await expect(text_of(page)).to_contain_text("Line nine of theirs.")


async def test_a_network_that_is_cut_while_someone_types_loses_no_letter(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Cut", markdown="")["id"]
    await open_article(page, desk.url, ident)
    await type_at_the_end(page, "before, ")
    await is_saved(page)
    await page.context.set_offline(True)
    await type_at_the_end(page, "while it is away, ")
    await expect(page.get_by_text("The server does not answer.")).to_be_visible()
    for _ in range(rounds(2, 30)):
        await page.keyboard.type("still, ")
        await page.wait_for_timeout(1_000)
    await page.context.set_offline(False)
    await type_at_the_end(page, "and after.")
    await is_saved(page, within=40_000)
    still = "still, " * rounds(2, 30)
    assert api.get(ident)["markdown"] == f"before, while it is away, {still}and after."


async def test_what_others_change_elsewhere_is_merged_without_a_question(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Merged elsewhere", markdown="")["id"]
    await open_article(page, desk.url, ident)
    api.change(ident, tag_slugs=["Nginx"])
    await type_at_the_end(page, "mine")
    await is_saved(page)
    found = api.get(ident)
    assert (found["markdown"], found["tag_slugs"]) == ("mine", ["nginx"])


async def test_two_tabs_of_one_article_both_keep_their_text(
    page: Page, desk: Desk, api: Api
) -> None:
    ident = api.article(title="Two tabs", markdown="")["id"]
    other = await page.context.new_page()
    await open_article(page, desk.url, ident)
    await open_article(other, desk.url, ident)
    await type_at_the_end(page, "first tab")
    await is_saved(page)
    await type_at_the_end(other, "second tab")
    await expect(other.get_by_role("dialog")).to_contain_text("first tab")
    await expect(other.get_by_role("dialog")).to_contain_text("second tab")
    await expect(text_of(page)).to_have_text("first tab")


async def test_who_comes_back_to_a_window_finds_what_was_saved_in_another(
    page: Page, desk: Desk, api: Api
) -> None:
    text = "One line.\n\nAnother line.\n"
    ident = api.article(title="Came back", markdown=text)["id"]
    await open_article(page, desk.url, ident)
    await text_of(page).focus()
    for key in ("Control+Home", "ArrowDown", "ArrowDown", "End"):
        await page.keyboard.press(key)
    api.change(ident, markdown=f"Before all.\n\n{text}\nBehind all.\n", title="Changed there")
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await expect(text_of(page)).to_contain_text("Behind all.")
    await expect(page.get_by_role("textbox", name="Title")).to_have_value("Changed there")
    # Focus and cursor are where they were, and it is no conflict to go on.
    await expect(text_of(page)).to_be_focused()
    await page.keyboard.type(" Mine.")
    await is_saved(page)
    grown = "Before all.\n\nOne line.\n\nAnother line. Mine.\n\nBehind all.\n"
    assert api.get(ident)["markdown"] == grown
    await page.keyboard.press("Control+z")
    await page.keyboard.press("Control+z")
    await is_saved(page)
    assert api.get(ident)["markdown"] == grown.replace(" Mine.", "")


@pytest.mark.parametrize("kinds", ["pages", "projects", "profiles", "tags"])
async def test_what_was_made_without_an_answer_is_not_made_twice(
    page: Page, desk: Desk, api: Api, kinds: str
) -> None:
    made: list[int] = []

    async def lose_the_first_answer(route: Route) -> None:
        if route.request.method != "POST" or made:
            await route.fallback()
            return
        answer = await route.fetch()
        made.append(answer.status)
        await route.abort()

    await page.route(f"**/api/v1/admin/{kinds}", lose_the_first_answer)
    await page.goto(f"{desk.url}/admin/{kinds}/new")
    name = "Title" if kinds in {"pages", "projects"} else "Name"
    await page.get_by_label(name, exact=True).fill(f"Sekali {kinds}")
    save = page.get_by_role("button", name="Save", exact=True)
    await save.click()
    await expect(page.get_by_text("Not saved")).to_be_visible()
    assert made == [201]
    await save.click()
    await expect(page).not_to_have_url(f"{desk.url}/admin/{kinds}/new")
    found = api.client.get(f"/api/v1/admin/{kinds}?limit=100").json()["items"]
    names = [item.get("title") or item.get("name") for item in found]
    assert names.count(f"Sekali {kinds}") == 1

"""axe finds nothing on any screen, light and dark, wide and narrow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.acts import open_article, text_of, type_at_the_end
from tests.browser.conftest import sign_in
from tests.browser.desk import NAME, Api, Desk
from tests.browser.pasting import paste
from tests.browser.rooms import SCREENS, Screen, furnish, made, routes, untranslated
from tests.media.samples import png
from tests.reliability.running import rounds

AXE = Path(__file__).parents[2] / "admin_ui" / "node_modules" / "axe-core" / "axe.min.js"
# The preview frame runs no script, axe's neither; its content is the article's own.
OPTIONS = {
    "iframes": False,
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
SCHEME = "wanted => document.documentElement.dataset.mantineColorScheme === wanted"
# What reaches past the right edge of a phone, but for what scrolls by itself.
SIDEWAYS = """() => document.documentElement.scrollWidth <= 390 ? [] :
  [...document.querySelectorAll('body *')]
    .filter(element => element.getBoundingClientRect().right > 391)
    .map(element => element.outerHTML.slice(0, 120))"""
# Everything that a page says: its text, and the names and hints that only some people meet.
WORDS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = [document.title.split(' · ')[0]];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest('script, style, .cm-content, [translate=no]')) {
      words.push(walker.currentNode.textContent.trim());
    }
  }
  for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]')) {
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
      words.push(element.getAttribute(name) ?? '');
    }
  }
  return words.filter(word => word !== '');
}"""
MARKDOWN = """\
A *leaf* with **ink**, a [link](https://example.com) and `code`.

## Heading

> A quote.

- [x] done

```python
def leaf(name: str) -> str:
    return f"{name}"  # a comment
```

| a | b |
|---|---|
| 1 | 2 |
"""

pytestmark = pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: make setup")


async def findings(page: Page) -> list[str]:
    """What axe says in both schemes and widths, without loading the page again."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = []
    for width, height in ((1440, 900), (390, 844)):
        await page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            await page.wait_for_function(SCHEME, arg=scheme)
            result: Any = await page.evaluate("options => axe.run(document, options)", OPTIONS)
            found += [
                f"{width} {scheme}: {item['id']} {node['target']} {node['failureSummary']}"
                for item in result["violations"]
                for node in item["nodes"]
            ]
    await page.set_viewport_size({"width": 1440, "height": 900})
    return found


async def test_axe_would_find_something(page: Page, desk: Desk) -> None:
    await page.goto(f"{desk.url}/admin/articles")
    await expect(page.get_by_role("heading", name="Articles")).to_be_visible()
    await page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert any("label" in item for item in await findings(page))


def test_every_route_is_looked_at() -> None:
    looked_at = {screen.route for screen in SCREENS}
    assert routes() - looked_at == set()
    # The list knows nothing that the router does not, so that neither can be misread as empty.
    assert looked_at - routes() == {""}


async def _is_there(page: Page) -> None:
    await expect(page.get_by_role("heading").or_(text_of(page)).first).to_be_visible()
    await page.wait_for_load_state("networkidle")


@pytest.fixture(scope="session")
def furniture(api: Api) -> dict[str, str]:
    return furnish(api)


@pytest.mark.parametrize("screen", SCREENS, ids=[item.path or "home" for item in SCREENS])
async def test_a_screen(
    visitor: BrowserContext,
    desk: Desk,
    screen: Screen,
    furniture: dict[str, str],
) -> None:
    """axe finds nothing, nothing is wider than a phone, and no word of it stays English."""
    page = await (sign_in(visitor, desk) if screen.is_inside else visitor.new_page())
    address = f"{desk.url}/admin/{screen.path.format_map(furniture)}"
    await page.goto(address)
    await _is_there(page)
    assert await findings(page) == []
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await page.evaluate(SIDEWAYS) == []
    await page.evaluate("localStorage.setItem('lontar.lang', 'id')")
    await page.reload()
    await _is_there(page)
    said = set(await page.evaluate(WORDS))
    assert len(said) > 2, "nothing is said at all"
    assert said & untranslated() == set()


async def test_english_words_would_be_found(page: Page, desk: Desk) -> None:
    await page.goto(f"{desk.url}/admin/articles")
    await _is_there(page)
    assert "Articles" in set(await page.evaluate(WORDS)) & untranslated()


@pytest.mark.parametrize("path", ["profiles/new", "pages/new", "projects/new", "webhooks/new"])
async def test_forms_with_nothing_in_them_and_one_of_everything_added(
    page: Page, desk: Desk, path: str
) -> None:
    await page.goto(f"{desk.url}/admin/{path}")
    await _is_there(page)
    for button in await page.get_by_role("main").get_by_role("button", name="Add ").all():
        if await button.get_attribute("aria-haspopup") is None:
            await button.click()
        if await button.inner_text() == "Add a picture":
            await expect(page.get_by_role("dialog")).to_be_visible()
            await page.keyboard.press("Escape")
            await expect(page.get_by_role("dialog")).to_have_count(0)
    assert await findings(page) == []


async def test_the_editor_and_what_opens_in_it(page: Page, desk: Desk, api: Api) -> None:
    ident = api.article(title="Axe", markdown=MARKDOWN)["id"]
    await open_article(page, desk.url, ident)
    assert await findings(page) == []
    await page.keyboard.press("Control+Shift+f")
    assert await findings(page) == []
    await page.keyboard.press("Control+Shift+f")
    await page.get_by_role("button", name="More actions").click()
    await expect(page.get_by_role("menu")).to_be_visible()
    assert await findings(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Publish", exact=True).click()
    await page.get_by_text("At a time").click()
    await expect(page.get_by_label("Publish at")).to_be_visible()
    assert await findings(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.get_by_title("Preview")).to_be_visible()
    assert await findings(page) == []
    await page.get_by_role("button", name="Close the preview").click()
    await text_of(page).focus()
    await page.keyboard.press("Control+End")
    await page.keyboard.type("\n\n/")
    await expect(page.get_by_role("option", name="Table")).to_be_visible()
    assert await findings(page) == []


@pytest.mark.parametrize(("lang", "count"), [("en", "Matches: 2"), ("id", "Kecocokan: 2")])
async def test_the_panel_that_finds(
    page: Page, desk: Desk, api: Api, lang: str, count: str
) -> None:
    ident = api.article(title="Axe", markdown=MARKDOWN)["id"]
    await page.add_init_script(f"localStorage.setItem('lontar.lang', '{lang}')")
    await open_article(page, desk.url, ident, label="Teks" if lang == "id" else "Text")
    await page.wait_for_load_state("networkidle")
    await page.locator(".cm-content").focus()
    await page.keyboard.press("Control+f")
    await page.keyboard.type("leaf")
    await expect(page.locator(".cm-search").get_by_role("status")).to_have_text(count)
    assert await findings(page) == []
    if lang == "id":
        assert set(await page.evaluate(WORDS)) & untranslated() == set()


async def test_the_panel_beside_the_text(page: Page, desk: Desk, api: Api) -> None:
    files = {"file": ("axe.png", png(60, 40), "image/png")}
    media = api.client.post("/api/v1/admin/media", files=files).json()["results"][0]["media"]
    ident = api.article(title="Axe", markdown=f"{MARKDOWN}\nTODO\n", cover_id=media["id"])["id"]
    api.client.post(f"/api/v1/admin/articles/{ident}/preview-links")
    api.change(ident, markdown=MARKDOWN)
    await open_article(page, desk.url, ident)
    await page.get_by_role("button", name="Settings").click()
    await expect(page.get_by_role("button", name="Revoke")).to_be_visible()
    assert await findings(page) == []
    for part, sign in (
        ("Checks", "Worth a look"),
        ("Outline", "Heading"),
        ("History", "newest"),
    ):
        await page.get_by_role("radio", name=part).focus()
        await page.keyboard.press("Space")
        await expect(page.get_by_role("complementary").get_by_text(sign).first).to_be_visible()
        assert await findings(page) == []
    await page.get_by_role("button", name="newest").click()
    await expect(page.get_by_role("dialog").locator("del")).to_be_visible()
    assert await findings(page) == []


async def test_the_bar_that_stays_in_sight(page: Page, desk: Desk, api: Api) -> None:
    sent = {"title": "Axe", "markdown": "Daun.\n\n" * 80}
    ident = api.client.post("/api/v1/admin/pages", json=sent).json()["id"]
    await page.goto(f"{desk.url}/admin/pages/{ident}")
    await text_of(page).focus()
    await page.keyboard.press("Control+End")
    await page.keyboard.type("Tinta.")
    await expect(page.get_by_role("button", name="Save", exact=True)).to_be_in_viewport(ratio=1)
    assert await findings(page) == []


async def test_the_dialogs_of_links_and_pictures(page: Page, desk: Desk, api: Api) -> None:
    ident = api.article(title="Axe", markdown=MARKDOWN)["id"]
    await open_article(page, desk.url, ident)
    await page.get_by_role("button", name="Link", exact=True).click()
    await page.get_by_label("Address, or words of an article").fill("axe")
    await expect(page.get_by_role("list", name="On this site")).to_be_visible()
    assert await findings(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Picture", exact=True).click()
    await expect(page.get_by_role("dialog", name="Pictures")).to_be_visible()
    assert await findings(page) == []
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await paste(page, picture=png(50, 50))
    await expect(page.get_by_role("button", name="Insert")).to_be_enabled()
    assert await findings(page) == []


DIALOGS = [
    ("", "Find Ctrl K", ""),
    ("messages/{message}", "More actions", "Erase everything of this sender"),
    ("tags/daun", "Merge into another tag", ""),
    ("media/{media}", "Remove", ""),
    ("projects/{project}", "Choose a picture", ""),
    ("trash", "Remove for good: Dibuang", ""),
    ("webhooks/{webhook}", "More actions", "New secret"),
    ("profiles/{profile}", "Import a JSON Resume", ""),
    ("projects/{project}", "More actions: Draft", "Publish at a time…"),
    ("accounts", "Invite", ""),
]


async def test_the_dialogs_of_the_rooms(page: Page, desk: Desk, furniture: dict[str, str]) -> None:
    for path, button, item in DIALOGS[: rounds(4, len(DIALOGS))]:
        await page.goto(f"{desk.url}/admin/{path.format_map(furniture)}")
        await _is_there(page)
        if path == "accounts":
            await page.get_by_label("E-mail").fill("axe@example.com")
        await page.get_by_role("button", name=button, exact=True).click()
        if item:
            await page.get_by_role("menuitem", name=item, exact=True).click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await expect(page.get_by_role("menu")).to_have_count(0)
        assert await findings(page) == [], button


FIELDS = [
    ("tags/daun", "Merge into another tag", "Into which tag?"),
    ("site", "", "Time zone"),
    ("articles/{article}", "Settings", "Tags"),
    ("projects/{project}", "", "Language"),
    ("accounts", "Invite", "Role"),
]


@pytest.fixture
def many_tags(api: Api) -> Iterator[None]:
    """More than a list shows at once; they go again, since others count what is in their lists."""
    tags = [made(api, "tags", name=f"Panjang {number}") for number in range(12)]
    yield
    for tag in tags:
        headers = {"If-Match": f'"{tag["revision"]}"'}
        assert api.client.delete(f"/api/v1/admin/tags/{tag['slug']}", headers=headers).is_success


@pytest.mark.usefixtures("many_tags")
@pytest.mark.parametrize("where", FIELDS, ids=[field[2] for field in FIELDS])
async def test_the_list_of_a_field_in_its_room(
    page: Page, desk: Desk, furniture: dict[str, str], where: tuple[str, str, str]
) -> None:
    path, button, label = where
    await page.goto(f"{desk.url}/admin/{path.format_map(furniture)}")
    await _is_there(page)
    if path == "accounts":
        await page.get_by_label("E-mail").fill("list@example.com")
    elif button:
        await page.get_by_role("button", name=button, exact=True).click()
    field = page.get_by_role("combobox", name=label, exact=True)
    shown = page.get_by_role("listbox")
    if not await shown.is_visible():
        await field.click()
    # All of it is to be seen, in a dialog that is lower than its list too.
    await expect(shown).to_be_in_viewport(ratio=1)
    assert await findings(page) == []
    await page.keyboard.press("ArrowUp")  # the last of them
    await expect(shown.get_by_role("option").last).to_be_in_viewport(ratio=0.9)


async def test_the_conflict_dialog(page: Page, desk: Desk, api: Api) -> None:
    ident = api.article(title="Axe", markdown=MARKDOWN)["id"]
    await open_article(page, desk.url, ident)
    api.change(ident, markdown="theirs")
    await type_at_the_end(page, "mine")
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await findings(page) == []
    await page.get_by_role("button", name="Merge both by hand").click()
    await expect(page.get_by_role("button", name="Take theirs").first).to_be_visible()
    assert await findings(page) == []


async def test_menus_and_dialogs_of_the_frame(page: Page, desk: Desk) -> None:
    await page.goto(f"{desk.url}/admin/tokens")
    await expect(page.get_by_role("heading", name="API tokens")).to_be_visible()
    await page.get_by_role("button", name=NAME).click()
    await expect(page.get_by_role("menu")).to_be_visible()
    assert await findings(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="New token").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    assert await findings(page) == []
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await page.keyboard.press("?")
    await expect(dialog).to_contain_text("Next in the list")
    assert await findings(page) == []
    await page.context.clear_cookies()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await page.get_by_role("link", name="Redirects").click()  # nothing of it is there yet
    await expect(dialog).to_contain_text("Your session has ended")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Redirects")
    assert await findings(page) == []

"""In Indonesian no English is left on the screens of the editor."""

import re
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.acts import open_article
from tests.browser.desk import Api, Desk

SOURCES = Path(__file__).parents[2] / "admin_ui" / "src"
ENTRY = re.compile(r"^    \w+: '(.*)',$", re.MULTILINE)
SHOWN = """() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) found.push(walker.currentNode.textContent.trim());
    for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
        for (const element of document.querySelectorAll(`[${name}]`))
            found.push(element.getAttribute(name));
    return found;
}"""


def english() -> set[str]:
    """What the dictionaries say in English and in no place of their Indonesian halves."""
    ours: set[str] = set()
    theirs: set[str] = set()
    for file in SOURCES.glob("**/*texts.ts"):
        first, _, second = file.read_text(encoding="utf-8").partition("\n  },\n")
        ours.update(ENTRY.findall(first))
        theirs.update(ENTRY.findall(second))
    return ours - theirs


async def test_the_editor_speaks_indonesian_alone(page: Page, desk: Desk, api: Api) -> None:
    words = english()
    assert len(words) > 200
    ident = api.article(title="Lontar", markdown="# Satu\n\n#### Dua\n\n|a|b|\n|-|-|\n")["id"]
    await page.add_init_script("localStorage.setItem('lontar.lang', 'id')")
    await open_article(page, desk.url, ident, label="Teks")
    seen: set[str] = set()

    async def look() -> None:
        seen.update(await page.evaluate(SHOWN))

    await look()
    await page.get_by_role("button", name="Pengaturan").click()
    for part in ("Artikel", "Periksa", "Kerangka", "Riwayat"):
        await page.get_by_role("radio", name=part).focus()
        await page.keyboard.press("Space")
        await expect(page.get_by_role("radio", name=part)).to_be_checked()
        await page.wait_for_load_state("networkidle")
        await look()
    await (
        page.get_by_role("complementary")
        .get_by_role("listitem")
        .first.get_by_role("button")
        .click()
    )
    await expect(page.get_by_role("dialog")).to_be_visible()
    await look()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Tutup pengaturan").click()
    for button in ("Tautan", "Gambar", "Terbitkan", "Tindakan lain"):
        await page.get_by_role("button", name=button, exact=True).click()
        opened = page.locator("[role=dialog], [role=menu]")
        await expect(opened.first).to_be_visible()
        await look()
        await page.keyboard.press("Escape")
        await expect(opened).to_have_count(0)
    assert {"Tautan", "Gambar", "Kerangka", "Terbitkan artikel ini"} <= seen
    assert seen & words == set()

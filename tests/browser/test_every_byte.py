"""Texts with everything that Markdown has here, touched in one place: nothing else changes."""

import json
from pathlib import Path

from playwright.async_api import Page, Response, expect

from tests.browser.acts import open_article, text_of
from tests.browser.desk import Api, Desk
from tests.reliability.running import rounds

EDITOR = Path(__file__).parents[2] / "admin_ui" / "src" / "features" / "editor"
TEXTS: dict[str, str] = json.loads((EDITOR / "fidelity-texts.json").read_text(encoding="utf-8"))
LETTER = "\u03c8"  # none of them has it


def touched(text: str, saved: str) -> bool:
    """Whether it is the text with one letter more, and that letter the one that was typed."""
    before, letter, after = saved.partition(LETTER)
    return letter == LETTER and before + after == text


def is_saving(response: Response) -> bool:
    return response.request.method == "PATCH"


def test_another_change_would_be_noticed() -> None:
    text = TEXTS["CRLF and LF"]
    assert touched(text, f"{text[:5]}{LETTER}{text[5:]}")
    assert not touched(text, text)
    assert not touched(text, f"{LETTER}{text}".replace("\r\n", "\n"))
    assert not touched(text, f"{LETTER}{text}\n")


async def test_nothing_else_changes(page: Page, desk: Desk, api: Api) -> None:
    assert len(TEXTS) == 30
    for name, text in list(TEXTS.items())[: rounds(8, 30)]:
        ident = api.article(title=name, markdown=text)["id"]
        assert api.get(ident)["markdown"] == text, f"{name}: not stored as it is"
        await open_article(page, desk.url, ident)
        await text_of(page).focus()
        await page.keyboard.press("Control+Home")
        for _ in range(text.count("\n") // 2):
            await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowRight")
        async with page.expect_response(is_saving) as answer:
            await page.keyboard.type(LETTER)
            await page.keyboard.press("Control+s")
        assert (await answer.value).ok
        await expect(page.get_by_role("status").first).to_have_text("Saved")
        assert touched(text, api.get(ident)["markdown"]), f"{name}: something else changed"

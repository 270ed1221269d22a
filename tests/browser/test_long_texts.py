"""Writing in a long text: the page stays where it is, and what comes next is drawn before."""

import pytest
from playwright.async_api import Page

from tests.browser.acts import open_article, text_of
from tests.browser.desk import Api, Desk

PARAGRAPH = " ".join(["leaf *ink* **palm** river"] * 40)
# What the block has inside is not coloured, and of a height of its own.
CODE = "```python\nink\n```\n\n"
TEXT = "\n\n".join(
    f"## Part {number}\n\n{CODE if number < 14 else ''}{PARAGRAPH}" for number in range(40)
)

SCROLLED = "() => window.scrollY"
BOTTOM_IS_DRAWN = """() => {
  const lines = document.querySelectorAll('.cm-line');
  return lines[lines.length - 1].getBoundingClientRect().bottom > window.innerHeight + 400;
}"""

CARET_IS_SEEN = """() => {
  const range = document.getSelection().getRangeAt(0);
  // An empty line has no rectangle of its own for the caret.
  const place = range.getClientRects()[0] ?? range.startContainer.getBoundingClientRect();
  return place.top > 0 && place.bottom < window.innerHeight;
}"""


@pytest.fixture
async def long(page: Page, desk: Desk, api: Api) -> Page:
    ident = api.article(title="Long", markdown=TEXT)["id"]
    await open_article(page, desk.url, ident)
    await text_of(page).focus()
    await page.keyboard.press("Control+Home")
    for _ in range(20):
        await page.keyboard.press("PageDown")
    return page


async def test_the_page_stays_where_it_is(long: Page) -> None:
    """A paragraph of a height that no other has is no reason to guess all the others anew."""
    await long.keyboard.type("here ")
    await long.wait_for_timeout(500)
    before = await long.evaluate(SCROLLED)
    assert before > 2_000
    for _ in range(12):
        await long.keyboard.type("ink and leaf and ")
        await long.wait_for_timeout(50)
        after = await long.evaluate(SCROLLED)
        assert abs(after - before) < 100, "more than what was typed moves the page"
        before = after


async def test_what_comes_next_is_drawn_before_it_is_reached(long: Page) -> None:
    for _ in range(30):
        await long.keyboard.press("ArrowDown")
        await long.wait_for_function(BOTTOM_IS_DRAWN, timeout=5_000)
        await long.wait_for_function(CARET_IS_SEEN, timeout=5_000)

"""Someone without a mouse: keys alone, and what no key reaches is out of reach."""

import re

from playwright.async_api import Locator, Page, expect

from tests.browser.desk import Desk
from tests.make import PASSWORD

# Where the focus is, seen from a thing that is wanted.
WHERE = """wanted => {
  const here = document.activeElement;
  if (here === wanted) return 'here';
  if (!here || here === document.body) return 'after';
  const place = here.compareDocumentPosition(wanted);
  return place & Node.DOCUMENT_POSITION_PRECEDING ? 'before' : 'after';
}"""
# What a list or a menu points at: the field keeps the focus while the arrows walk.
POINTED = """() => {
  const here = document.activeElement;
  const named = here?.getAttribute('aria-activedescendant');
  return (named ? document.getElementById(named) : here)?.textContent.trim() ?? '';
}"""
INSIDE = "dialog => dialog.contains(document.activeElement)"
# A list that opens turns to what is chosen now, by a timer of its own: faster than any hand.
SETTLED = "new Promise(done => setTimeout(done, 10))"
# A busy machine: its timers come when the keys after them are answered already.
LATE_TIMERS = """const timer = window.setTimeout;
window.setTimeout = (work, wait = 0, ...rest) => timer(work, wait + 250, ...rest);"""
ALL_TIMERS_RAN = "new Promise(done => setTimeout(done, 250))"
# A day that is the same to those who write the month first.
LATER = "06062031"
# More stops than the longest screen has; whoever needs more of them never arrives.
PATIENCE = 160


def button(within: Page | Locator, name: str) -> Locator:
    return within.get_by_role("button", name=name, exact=True)


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    async def open(self, desk: Desk, path: str) -> None:
        """A screen, past the navigation, as whoever tabs through it every day goes."""
        await self.page.goto(f"{desk.url}/admin/{path}")
        await expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        await self.press("Tab", "Enter")
        await expect(self.page.get_by_role("main")).to_be_focused()

    async def sign_in(self, desk: Desk, email: str) -> None:
        await self.page.goto(f"{desk.url}/admin/")
        await self.write(self.page.get_by_label("E-mail"), email)
        await self.write(self.page.get_by_label("Password", exact=True), PASSWORD)
        await self.press("Enter")
        await expect(self.page.get_by_role("heading", name="Good ")).to_be_visible()

    async def save(self) -> None:
        await self.press("Control+s")
        state = self.page.get_by_role("status").filter(has_text=re.compile("saved", re.IGNORECASE))
        await expect(state).to_have_text("Saved")

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def type(self, words: str) -> None:
        await self.page.keyboard.type(words)

    async def to(self, wanted: Locator) -> None:
        """Tab, forwards or backwards, until it has the focus."""
        await expect(wanted).to_be_enabled()
        thing = await wanted.element_handle()
        for _ in range(PATIENCE):
            where = await thing.evaluate(WHERE)
            if where == "here":
                return
            await self.press("Tab" if where == "after" else "Shift+Tab")
        raise AssertionError(f"no number of Tabs leads to {wanted}")

    async def enter(self, wanted: Locator) -> None:
        """Reaches a button or a link and uses it."""
        await self.to(wanted)
        await self.press("Enter")

    async def write(self, field: Locator, words: str) -> None:
        """Reaches a field and writes in it, in the place of what stands there."""
        await self.to(field)
        await self.press("Control+a")
        await self.type(words)

    async def later(self, field: Locator) -> None:
        """Writes a day of another year in a field of parts; one step up may be long ago."""
        await self.to(field)
        await self.press(*["ArrowLeft"] * 6)  # to the first of them
        await self.type(LATER)
        await expect(field).to_have_value(re.compile("^2031-06-06T"))

    async def point_at(self, words: str) -> None:
        """Walks with the arrows until the thing with these words is meant."""
        for _ in range(PATIENCE):
            if await self.page.evaluate(POINTED) == words:
                return
            await self.press("ArrowDown")
        raise AssertionError(f"no number of arrows leads to {words!r}")

    async def choose(self, field: Locator, words: str) -> None:
        """One option of a list."""
        await self.to(field)
        await self.press("ArrowDown")
        await expect(self.page.get_by_role("option", name=words, exact=True)).to_be_visible()
        await self.page.evaluate(SETTLED)
        await self.point_at(words)
        await self.press("Enter")

    async def menu(self, button: Locator, words: str) -> None:
        """One item of a menu."""
        await self.enter(button)
        await expect(self.page.get_by_role("menuitem", name=words, exact=True)).to_be_visible()
        await self.point_at(words)
        await self.press("Enter")

    async def dialog(self, *, stops: int = 4) -> Locator:
        """The dialog that came up: it has the focus, and Tab does not lead out of it."""
        found = self.page.get_by_role("dialog")
        await expect(found).to_have_count(1)  # another one may still be fading away
        thing = await found.element_handle()
        await self.page.wait_for_function(INSIDE, arg=thing)
        for key in ["Tab"] * stops + ["Shift+Tab"] * stops:
            await self.press(key)
            assert await thing.evaluate(INSIDE), f"{key} leads out of the dialog"
        return found

    async def escape_to(self, button: Locator) -> None:
        """Escape ends the dialog, and whoever opened it goes on where they were."""
        await self.press("Escape")
        await expect(self.page.get_by_role("dialog")).to_have_count(0)
        await expect(button).to_be_focused()

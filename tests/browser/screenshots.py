"""Pictures of every screen: `python -m tests.browser.screenshots FOLDER`."""

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Page, async_playwright

from tests.browser.conftest import FLAGS, browser_path
from tests.browser.desk import EMAIL, Api, Desk
from tests.browser.rooms import SCREENS, furnish
from tests.make import PASSWORD

SIZES = {"wide": (1440, 900), "narrow": (390, 844)}


async def _photograph(page: Page, name: str, folder: Path) -> None:
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            await page.wait_for_timeout(120)
            await page.screenshot(path=folder / f"{name}-{size}-{scheme}.png")


async def photograph(desk: Desk, folder: Path) -> None:
    api = Api(desk)
    ids = furnish(api)
    api.client.close()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        for is_inside in (False, True):
            context = await browser.new_context(locale="en-GB")
            if is_inside:
                data = {"email": EMAIL, "password": PASSWORD}
                await context.request.post(f"{desk.url}/api/v1/admin/session", data=data)
            page = await context.new_page()
            for screen in SCREENS:
                if screen.is_inside is not is_inside:
                    continue
                path = screen.path.format_map(ids)
                await page.goto(f"{desk.url}/admin/{path}")
                await page.get_by_role("heading").or_(page.get_by_role("textbox")).first.wait_for()
                await page.wait_for_load_state("networkidle")
                name = re.sub(r"[^a-z]+", "-", screen.path.lower()).strip("-") or "home"
                await _photograph(page, name, folder)
        await browser.close()


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="desk", ignore_cleanup_errors=True) as data:
        desk = Desk(Path(data))
        desk.start()
        try:
            desk.make_owner()
            asyncio.run(photograph(desk, folder))
        finally:
            desk.stop()


if __name__ == "__main__":
    main()

"""Pictures of every screen: `python -m tests.browser.screenshots FOLDER [LANGUAGE]`."""

import asyncio
import re
import sys
import tempfile
from pathlib import Path

import pyvips  # type: ignore[import-untyped]
from playwright.async_api import Page, async_playwright

from tests.browser.conftest import FLAGS, browser_path
from tests.browser.desk import EMAIL, Api, Desk
from tests.browser.rooms import SCREENS, furnish
from tests.make import PASSWORD

SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
# All of them together stay below three megabytes, and small letters can be read.
QUALITY = 42


GALLERY = """\
# Every screen of the admin UI

Light and dark, 1440 and 390 pixels wide, as a real browser draws them:
`python -m tests.browser.screenshots docs/screenshots` makes all of these and this page.
"""


def gallery(folder: Path) -> str:
    """The pictures in a folder as a page of Markdown, a row of four for each screen."""
    parts = [GALLERY]
    for first in sorted(folder.glob("*-wide-light.webp")):
        name = first.name.removesuffix("-wide-light.webp")
        looks = [f"{size}-{scheme}" for size in SIZES for scheme in ("light", "dark")]
        cells = [f"![{name}, {look}]({folder.name}/{name}-{look}.webp)" for look in looks]
        parts.append(
            f"## {name}\n\n| | | | |\n| --- | --- | --- | --- |\n| {' | '.join(cells)} |\n"
        )
    return "\n".join(parts)


async def _photograph(page: Page, name: str, folder: Path) -> None:
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            await page.wait_for_timeout(120)
            picture = pyvips.Image.new_from_buffer(await page.screenshot(), "")
            picture.webpsave(
                str(folder / f"{name}-{size}-{scheme}.webp"),
                Q=QUALITY,
                preset="text",
                effort=6,
                smart_subsample=True,
                strip=True,
            )


async def photograph(desk: Desk, folder: Path, lang: str) -> None:
    api = Api(desk)
    ids = furnish(api)
    api.client.close()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        for is_inside in (False, True):
            context = await browser.new_context(locale="en-GB")
            await context.add_init_script(f"localStorage.setItem('lontar.lang', {lang!r})")
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
                name = re.sub(r"[^a-z]+", "-", screen.path.lower().replace("#token=x", "")).strip(
                    "-"
                )
                await _photograph(page, name or "home", folder)
        await browser.close()


def main() -> None:
    folder, lang = Path(sys.argv[1]), (sys.argv[2:] or ["en"])[0]
    screens = folder / "screens"
    screens.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="desk", ignore_cleanup_errors=True) as data:
        desk = Desk(Path(data))
        desk.start()
        try:
            desk.make_owner()
            asyncio.run(photograph(desk, screens, lang))
            (folder / "README.md").write_text(gallery(screens), encoding="utf-8")
        finally:
            desk.stop()


if __name__ == "__main__":
    main()

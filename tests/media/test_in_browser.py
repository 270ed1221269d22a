"""A real Chromium fetches the file that fits its window, and no other."""

import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, async_playwright

from tests import make
from tests.browser.conftest import FLAGS, browser_path
from tests.media import samples
from tests.reliability.running import GUARD, RunningCMS

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="starts a server by Linux' means"),
    pytest.mark.skipif(browser_path() is None, reason="no Chromium: name it in CMS_BROWSER"),
]
PAGE = """<!doctype html><meta name=viewport content="width=device-width">
<style>body{margin:0} main{max-width:800px} img{max-width:100%%;height:auto}</style>
<main>%s</main>"""


async def _published(cms: RunningCMS) -> tuple[dict[str, Any], dict[str, Any]]:
    """An article with one picture, once its variants are there; and the picture."""
    headers = {"Authorization": f"Bearer {cms.owner_token()}"}
    async with httpx.AsyncClient(base_url=cms.url, headers=headers, timeout=30) as client:
        made = await make.media(client, samples.jpeg(1400, 1050), "a.jpg")
        article = await make.published(client, markdown=f"![Palm](/media/{made['id']})")
        deadline = time.monotonic() + GUARD
        while (item := await client.get(f"/api/v1/admin/media/{made['id']}")).json()[
            "state"
        ] != "ready":
            assert time.monotonic() < deadline
        shown = await client.get(f"/api/v1/articles/{article['slug']}")
        return shown.json(), item.json()


async def _fetched(chromium: Browser, html: str, width: int, scale: float) -> list[str]:
    """The pictures that a window of this width asks for, and how wide the one shown is."""
    page = await chromium.new_page(
        viewport={"width": width, "height": 800}, device_scale_factor=scale
    )
    asked: list[str] = []
    page.on("response", lambda answer: asked.append(f"{answer.status} {answer.url}"))
    await page.set_content(PAGE % html, wait_until="load")
    await page.wait_for_function("document.images[0].complete && document.images[0].naturalWidth")
    shown = await page.evaluate(
        "[document.images[0].currentSrc, document.images[0].clientWidth,"
        " document.images[0].clientHeight]"
    )
    assert shown[1] == min(width, 800)
    assert abs(shown[2] - shown[1] * 3 / 4) <= 1
    await page.close()
    assert [each.partition(" ")[2] for each in asked] == [shown[0]]
    return asked


async def test_chromium_fetches_the_file_that_fits_the_window(tmp_path: Path) -> None:
    with RunningCMS(tmp_path / "data") as cms:
        article, item = await _published(cms)
        html = article["html"]
        assert 'loading="lazy"' in html
        assert 'width="1400" height="1050"' in html
        assert f'data-thumbhash="{item["thumbhash"]}"' in html
        avif = {
            each["width"]: each["url"]
            for each in item["variants"]
            if each["mime"] == "image/avif" and not each["crop"]
        }
        async with async_playwright() as playwright:
            chromium = await playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
            for width, scale, fitting in ((390, 1, 480), (390, 3, 1280), (1440, 1, 960)):
                found = await _fetched(chromium, html, width, scale)
                assert found == [f"200 {avif[fitting]}"], (width, scale, avif)
            await chromium.close()

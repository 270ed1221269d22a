"""Stored XSS: nothing that people write fires in a real Chromium; unsanitised, it does.

Each payload of PyPI's `brs-kb` goes through Markdown twice, as it is and in a carrier (link, alt,
title, heading, code's language), and what comes out is put into a frame of its own; then every
element is hovered, focused and clicked. Chromium's own tree is looked at, too: what runs without
an `alert` is seen there.
"""

import itertools
import os
from collections.abc import AsyncIterator, Iterable
from typing import Any

import brs_kb
import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route
from pydantic import TypeAdapter, ValidationError

from cms.core import dialect
from cms.core.fields import HttpUrl
from tests import make
from tests.browser import conftest as rooms
from tests.browser.desk import Api, Desk

PROVING = os.environ.get("LONTAR_PROVE") == "1"
COUNT = 10_000 if PROVING else 40  # payloads, as far as there are so many
AT_ONCE = 50
CARRIERS = [
    "[x](<{}>)", "[x]({})", "![{}](/a.png)", '[x](/a "{}")', "# {}", "```{}\ncode\n```", "<{}",
    '<a href="{}">x</a>', '<img alt="{}" src="/a.png">', "[x]: {}\n\n[x]",
    "<details {}>a</details>", "text[^1]\n\n[^1]: {}",
    "> [!NOTE]\n> {}", "| {} |\n|---|\n| a |",
]  # fmt: skip
ADDRESSES = [
    "https://a.example/", "javascript:alert(1)", "JaVaScript:alert(1)", "java\nscript:alert(1)",
    "\x01javascript:alert(1)", "data:text/html,<script>alert(1)</script>",
]  # fmt: skip
# The fixtures of the browser's own tests; here they serve this module.
chromium, desk, desk_folder = rooms.chromium, rooms.desk, rooms.desk_folder
api, visitor, page = rooms.api, rooms.visitor, rooms.page

pytestmark = pytest.mark.skipif(
    rooms.browser_path() is None, reason="no Chromium: install one, or name it in CMS_BROWSER"
)

HOOKS = """
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'fetch'])
  try { window[name] = () => { fired(name) } } catch {}
navigator.sendBeacon = () => { fired('sendBeacon') }
"""
# One frame for each; then whatever a reader could do to it, and a look at what it is made of.
FRAMES = """
async texts => {
  const frames = texts.map(text => {
    const frame = document.createElement('iframe')
    frame.srcdoc = '<!doctype html><body>' + text
    document.body.append(frame)
    return frame
  })
  await Promise.all(frames.map(frame => new Promise(done => {
    frame.onload = done
    setTimeout(done, 4000)
  })))
  const bad = new Set()
  const tags = 'script,iframe,object,embed,form,svg,math,base,meta,link,style,template,noscript,' +
    'frame,frameset,applet,portal,textarea,select,button,video,audio'
  frames.forEach((frame, number) => {
    let tree
    try { tree = frame.contentDocument } catch { bad.add(number); return }
    if (!tree) { bad.add(number); return }
    if (tree.body?.querySelector(tags)) bad.add(number)
    for (const element of tree.querySelectorAll('body *')) {
      for (const { name, value } of element.attributes) {
        let scheme = ''
        try { scheme = new URL(value, 'http://frontend.example/').protocol } catch {}
        if (name.startsWith('on') || name === 'style' || name === 'srcdoc') bad.add(number)
        if (['href', 'src', 'action', 'formaction', 'xlink:href', 'cite'].includes(name) &&
            /^(javascript|vbscript|data|blob|file):/.test(scheme)) bad.add(number)
      }
    }
    for (const element of tree.querySelectorAll('body *')) {
      for (const kind of ['mouseover', 'mouseenter', 'pointerover', 'focus', 'toggle', 'copy',
                          'animationstart', 'transitionend', 'wheel', 'keydown'])
        element.dispatchEvent(new Event(kind, { bubbles: true }))
      try { element.focus() } catch {}
      if (element.tagName === 'DETAILS') element.open = true
      if (element.tagName !== 'A' || /^\\s*javascript:/i.test(element.getAttribute('href') ?? ''))
        try { element.click() } catch {}
    }
  })
  await new Promise(done => setTimeout(done, 300))
  frames.forEach(frame => frame.remove())
  return [...bad]
}
"""


def payloads() -> list[str]:
    """All there are, spread evenly where fewer are asked for."""
    found = brs_kb.get_all_payloads()
    texts = sorted({item["payload"] for item in found.values()})
    assert len(texts) > 4_000
    return texts[:: max(1, len(texts) // COUNT)]


def carried(texts: list[str]) -> list[str]:
    """Each as it is and in one carrier, turn by turn."""
    one_line = [" ".join(text.split()) for text in texts]
    turns = zip(itertools.cycle(CARRIERS), one_line, strict=False)
    return texts + [carrier.replace("{}", text) for carrier, text in turns]


@pytest.fixture
async def tab(chromium: Browser) -> AsyncIterator[tuple[Page, list[str]]]:
    """An empty page that reaches nothing, and what fires in it."""
    context: BrowserContext = await chromium.new_context()
    fired: list[str] = []

    async def note(_source: Any, name: str) -> None:
        fired.append(name)

    async def refuse(route: Route) -> None:
        if route.request.url == "http://frontend.example/":
            await route.fulfill(content_type="text/html", body="<!doctype html><body></body>")
        else:
            await route.abort()

    await context.expose_binding("fired", note)
    await context.add_init_script(HOOKS)
    await context.route("**/*", refuse)
    opened = await context.new_page()
    opened.on("dialog", lambda dialog: fired.append(dialog.message))
    await opened.goto("http://frontend.example/")
    yield opened, fired
    await context.close()


async def shown(tab: tuple[Page, list[str]], htmls: list[str]) -> tuple[set[int], list[str]]:
    """(numbers of those whose tree is bad, what fired)."""
    opened, fired = tab
    bad: set[int] = set()
    for at in range(0, len(htmls), AT_ONCE):
        some = await opened.evaluate(FRAMES, htmls[at : at + AT_ONCE])
        bad |= {at + number for number in some}
    return bad, fired


async def _rendered(owner: httpx.AsyncClient, texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """(sources, HTML) of what the desk renders; what it refuses is stored nowhere."""
    sources, htmls = [], []
    owner.event_hooks = {"response": []}
    for text in texts:
        answer = await owner.post("/api/v1/admin/render", json={"markdown": text})
        assert answer.status_code in {200, 422}, (text, answer.text)
        if answer.status_code == 200:
            sources.append(text)
            htmls.append(answer.json()["html"])
    return sources, htmls


async def test_nothing_that_markdown_becomes_fires(
    owner: httpx.AsyncClient, tab: tuple[Page, list[str]]
) -> None:
    sources, htmls = await _rendered(owner, carried(payloads()))
    assert len(htmls) > (8_000 if PROVING else 60)
    bad, fired = await shown(tab, htmls)
    assert {sources[number]: htmls[number] for number in bad} == {}
    assert fired == []


async def test_nothing_that_readers_are_given_fires(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, tab: tuple[Page, list[str]]
) -> None:
    """Through publishing and the public routes: bodies, bios, summaries; texts stay texts."""
    htmls = []
    for number, text in enumerate(payloads()[:: 20 if PROVING else 4]):
        line = " ".join(text.split())[:250] or "x"
        made = await owner.post(
            "/api/v1/admin/articles", json={"title": line, "markdown": f"{text}\n\n# {line}\n"}
        )
        if made.status_code == 422:
            continue
        await make.verb(owner, made.json(), "publish")
        read = (await reader.get(f"/api/v1/articles/{made.json()['slug']}")).json()
        assert read["title"] == made.json()["title"]  # text, as it was written: no HTML in it
        htmls.append(read["html"])
        data = {"name": f"Rani {number}", "bio_markdown": text}
        bio = await owner.post("/api/v1/admin/profiles", json=data)
        if bio.status_code == 201:
            shown_bio = await reader.get(f"/api/v1/profiles/{bio.json()['slug']}")
            if shown_bio.status_code == 200:
                htmls.append(shown_bio.json()["bio_html"])
    assert len(htmls) > 10
    bad, fired = await shown(tab, [html for html in htmls if html])
    assert [htmls[number] for number in bad] == []
    assert fired == []


async def test_no_address_that_is_taken_fires(tab: tuple[Page, list[str]]) -> None:
    reads: TypeAdapter[str] = TypeAdapter(HttpUrl)
    taken = []
    for text in [*payloads(), *ADDRESSES]:
        try:
            taken.append(reads.validate_python(text))
        except ValidationError:
            continue
    assert "https://a.example/" in taken
    opened, fired = tab
    await opened.evaluate(
        """urls => urls.forEach(url => {
          const link = document.createElement('a')
          link.href = url
          link.target = '_self'
          link.addEventListener('click', event => {
            if (!link.protocol.startsWith('javascript')) event.preventDefault()
          })
          document.body.append(link)
          link.click()
        })""",
        taken,
    )
    assert fired == []
    assert all(url.lower().startswith(("http://", "https://")) for url in taken)


async def test_without_the_sanitiser_they_fire(tab: tuple[Page, list[str]]) -> None:
    """The control: Markdown before the sanitiser, and titles put in as if they were HTML."""
    texts = carried(payloads()[:200])
    loose = [dialect.to_html(text, "") for text in texts]
    bad, fired = await shown(tab, loose)
    assert len(bad) > len(texts) / 20
    assert len(fired) > 3
    before = len(fired)
    await shown(tab, ["<h1>" + text + "</h1>" for text in payloads()[:100]])
    assert len(fired) > before


async def test_nothing_fires_in_the_admin_ui(desk: Desk, api: Api, page: Page) -> None:
    """Titles and excerpts as the desk shows them; what its policy refuses fails the test, too."""
    lines = [" ".join(text.split())[:200] for text in payloads()]
    telling = [line for line in lines if "alert" in line and "<" in line]
    some = telling[:: max(1, len(telling) // (90 if PROVING else 12))]
    made = []
    for line in some:
        data = {"title": line, "excerpt": line, "markdown": line}
        answer = api.client.post("/api/v1/admin/articles", json=data)
        if answer.status_code == 201:
            made.append(answer.json())
    assert len(made) > 5
    fired: list[str] = []
    page.on("dialog", lambda dialog: fired.append(dialog.message))
    await page.goto(f"{desk.url}/admin/articles")
    await page.get_by_text(made[-1]["title"][:30]).first.wait_for()
    for item in made[:3]:
        await page.goto(f"{desk.url}/admin/articles/{item['id']}")
        await page.locator(".cm-content").first.wait_for()
    assert fired == []
    assert await page.locator("script:not([src])").count() == 0

"""A first visit in a real browser: what shifts, what is fetched, what pages complain about."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Page, Response

from tests.browser.conftest import EXPECTED

AXE = Path(__file__).parents[2] / "admin_ui" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    const moved = entry.sources.map(({ node }) => (node?.outerHTML ?? '').slice(0, 200));
    window.shifts.push([entry.value, ...moved].join(' '));
  }
}).observe({ type: 'layout-shift', buffered: true });
"""


@contextlib.asynccontextmanager
async def visit(chromium: Browser, **options: Any) -> AsyncIterator[Page]:
    """A tab of somebody who was never here; every complaint of its pages fails the test."""
    told = {"locale": "id-ID", "viewport": {"width": 1440, "height": 900}, **options}
    context = await chromium.new_context(**told)
    context.set_default_timeout(20_000)
    page = await context.new_page()
    if options.get("java_script_enabled", True):
        await page.add_init_script(WATCH_SHIFTS)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type in {"error", "warning"} and not said.text.startswith(EXPECTED)
            else None
        ),
    )
    yield page
    await context.close()
    assert complaints == []


SETTLED = """
() => {
  const state = window.__reactRouterDataRouter?.state;
  const fetched = performance.getEntriesByType('resource');
  const asked = fetched.some((entry) => entry.name.endsWith('/api/v1/site'));
  const isIdle = state?.revalidation === 'idle' && state.navigation.state === 'idle';
  return asked && isIdle && state.initialized;
}
"""


async def settled(page: Page) -> None:
    """Hydrated, its data asked for again, and everything drawn with it."""
    await page.wait_for_function(SETTLED)
    await page.evaluate("document.fonts.ready")
    await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")


async def shifts(page: Page) -> list[str]:
    """How far something moved, and what."""
    found: list[str] = await page.evaluate("window.shifts")
    return found


PAINTS = "performance.getEntriesByType('paint').length"
STYLED = "() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('.css'))"


@contextlib.asynccontextmanager
async def slowly(
    site: str, *, up_to: str, without: bytes = b""
) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """The site at another address, whose pages come up to somewhere, and then when they are let."""
    rest = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        async with httpx.AsyncClient(base_url=site) as client:
            found = await client.get(head.split()[1].decode())
        body = found.content.replace(without, b"") if without else found.content
        kept = f"Content-Type: {found.headers['content-type']}\r\nConnection: close\r\n\r\n"
        writer.write(f"HTTP/1.1 {found.status_code} -\r\n{kept}".encode())
        first, mark, last = body.partition(up_to.encode())
        writer.write(first)
        await writer.drain()
        if mark:
            await rest.wait()
        writer.write(mark + last)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", rest
        rest.set()


async def findings(page: Page) -> list[str]:
    """What axe says, in light and in dark."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        result: Any = await page.evaluate("rules => axe.run(document, rules)", RULES)
        found += [
            f"{page.url} {scheme}: {item['id']} {node['target']} {node['failureSummary']}"
            for item in result["violations"]
            for node in item["nodes"]
        ]
    return found


def scripts_of(page: Page) -> list[Response]:
    """Fills with every script that the page fetches from now on."""
    found: list[Response] = []
    page.on(
        "response",
        lambda answer: found.append(answer) if answer.request.resource_type == "script" else None,
    )
    return found

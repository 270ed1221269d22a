"""The documentation page: every byte from this server, under a strict policy of its own."""

import asyncio
import re
import time

import httpx
import pytest
from anyio import to_thread
from litestar import Litestar

from cms.core import openapi, openapi_page

PAGE = "/api/docs"


async def test_the_page_is_there_with_everything_that_it_names(reader: httpx.AsyncClient) -> None:
    page = await reader.get(PAGE)
    named = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)

    assert page.headers["content-type"].startswith("text/html")
    assert len(named) == 5
    for path in named:
        answer = await reader.get(path)
        kind = {".css": "text/css", ".js": "text/javascript"}.get(path[path.rindex(".") :])
        assert answer.status_code == 200, path
        assert answer.headers["content-type"].startswith(kind or "application/json"), path
        assert len(answer.content) > 100


async def test_the_page_has_a_strict_policy_of_its_own(reader: httpx.AsyncClient) -> None:
    policy = (await reader.get(PAGE)).headers["content-security-policy"]

    told = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
    assert told["default-src"] == ["'none'"]
    assert told["script-src"] == told["style-src"] == told["connect-src"] == ["'self'"]
    assert told["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in policy
    assert "sandbox" not in policy


async def test_the_page_has_nothing_inline_and_names_no_other_host(
    reader: httpx.AsyncClient,
) -> None:
    page = (await reader.get(PAGE)).text
    own = (
        page
        + (await reader.get(f"{PAGE}/page.js")).text
        + (await reader.get(f"{PAGE}/page.css")).text
    )

    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page)
    assert not re.search(r"https?:|(?<!:)//[a-z]+\.", own)


@pytest.mark.parametrize("name", ["nope.js", "page.html", "..%2Fpage.html", ".gitignore"])
async def test_only_the_assets_are_served(reader: httpx.AsyncClient, name: str) -> None:
    assert (await reader.get(f"{PAGE}/{name}")).status_code == 404


async def test_an_asset_that_the_browser_has_is_not_sent_again(reader: httpx.AsyncClient) -> None:
    for path in (PAGE, f"{PAGE}/swagger-ui.js"):
        etag = (await reader.get(path)).headers["ETag"]
        again = await reader.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")


async def test_of_many_who_ask_first_one_builds_the_document(
    served: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[object] = []

    def slow(app: object) -> dict[str, str]:
        time.sleep(0.05)
        built.append(app)
        return {"openapi": "3.1.1"}

    monkeypatch.setattr(openapi, "document", slow)
    openapi_page._built.cache_clear()
    try:
        asked = [to_thread.run_sync(openapi_page._document, served) for _ in range(8)]
        assert len({*await asyncio.gather(*asked)}) == 1
    finally:
        openapi_page._built.cache_clear()
    assert len(built) == 1


@pytest.mark.parametrize("path", ["/schema", "/schema/swagger", "/schema/openapi.json"])
async def test_the_frameworks_own_pages_are_not_there(reader: httpx.AsyncClient, path: str) -> None:
    """They would load their scripts from other hosts."""
    assert (await reader.get(path)).status_code == 404

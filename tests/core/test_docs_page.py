"""The documentation page: every byte from this server, under a strict policy of its own."""

import re

import httpx
import pytest

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


@pytest.mark.parametrize("path", ["/schema", "/schema/swagger", "/schema/openapi.json"])
async def test_the_frameworks_own_pages_are_not_there(reader: httpx.AsyncClient, path: str) -> None:
    """They would load their scripts from other hosts."""
    assert (await reader.get(path)).status_code == 404

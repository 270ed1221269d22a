"""What people do on the example portfolio, one function for each promise."""

import asyncio
import json
import re

from playwright.async_api import Browser, Page, expect

from tests import make
from tests.examples.conftest import Portfolio
from tests.examples.visits import (
    PAINTS,
    STYLED,
    findings,
    scripts_of,
    settled,
    shifts,
    slowly,
    visit,
)

ARTICLE = "/articles/merancang-api-yang-ramah"
PAGES = (
    "/",
    "/en",
    "/en/articles",
    ARTICLE,
    "/projects/lumbung-naskah",
    "/authors/laras-kinantaka",
    "/tentang",
    "/tags",
    "/series/api-yang-ramah",
    "/contact",
    "/search?q=mongodb",
    "/nothing-here",
)
# What comes after the first view, since it stands in no file.
LATE = ("/search", "/nothing")
WIDE = ("/", ARTICLE, "/projects/lumbung-naskah", "/authors/laras-kinantaka")
MOST_SCRIPT = 120 * 1024
ADMIN = "/api/v1/admin"


async def readers_walk_through_the_site(site: Portfolio, chromium: Browser) -> None:
    async with visit(chromium) as page:
        await page.goto(site.url)
        await settled(page)
        await page.get_by_role("link", name="Artikel", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Artikel")
        await page.get_by_role("link", name="Lebih lama").click()
        await expect(page).to_have_url(f"{site.url}/articles/page/2")
        await page.goto(site.url + ARTICLE)
        await settled(page)
        contents = page.get_by_role("navigation", name="Di halaman ini")
        await contents.get_by_role("link", name="Aman untuk diulang").click()
        await expect(page).to_have_url(re.compile("#h-aman-untuk-diulang$"))
        await expect(page.locator("pre.highlight .kn").first).to_be_visible()
        await page.get_by_role("link", name="bahasa Inggris").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Designing a friendly API")
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await page.get_by_role("link", name="Next part").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Keyset pagination")
        await page.locator(".byline a").first.click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Laras Kinantaka")
        await page.get_by_role("link", name="Proyek", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Proyek")
        await page.get_by_role("link", name=re.compile("Lumbung Naskah")).click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Lumbung Naskah")


async def words_are_found_by_keyboard_alone(site: Portfolio, chromium: Browser) -> None:
    async with visit(chromium) as page:
        await page.goto(f"{site.url}/en")
        await settled(page)
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("#content")).to_be_focused()
        await page.goto(f"{site.url}/en/search")
        await settled(page)
        words = page.get_by_role("searchbox")
        while not await words.evaluate("node => node === document.activeElement"):
            await page.keyboard.press("Tab")
        await page.keyboard.type("argon2")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("found for")
        await expect(page.locator("mark").first).to_have_text(re.compile("argon2", re.IGNORECASE))
        hit = page.get_by_role("link", name="Storing passwords with Argon2")
        while not await hit.evaluate("node => node === document.activeElement"):
            await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Argon2")


async def nothing_ever_moves(site: Portfolio, chromium: Browser) -> None:
    async with visit(chromium) as page:
        for path in WIDE:
            await page.goto(site.url + path)
            await settled(page)
            assert await shifts(page) == [], path
        # The measure works: a page that moves is found out.
        await page.evaluate("document.querySelector('main').style.marginTop = '100px'")
        await page.wait_for_function("() => window.shifts.length > 0")


async def on_a_phone_nothing_moves_either_and_axe_is_content(
    site: Portfolio, chromium: Browser
) -> None:
    async with visit(chromium, viewport={"width": 390, "height": 844}) as page:
        for path in PAGES:
            await page.goto(site.url + path)
            await settled(page)
            if not path.startswith(LATE):
                assert await shifts(page) == [], path
            overflow = "document.documentElement.scrollWidth > window.innerWidth"
            assert not await page.evaluate(overflow), path
            assert await findings(page) == []
        main = "document.querySelector('main')"
        await page.evaluate(f"{main}.append(document.createElement('input'))")
        assert any("label" in item for item in await findings(page))


async def half_a_page_is_not_drawn(site: Portfolio, chromium: Browser) -> None:
    """A slow line brings it in parts; what is drawn of one part would move when the next comes."""
    async with slowly(site.url, up_to="</main>") as (url, rest), visit(chromium) as page:
        await page.goto(url, wait_until="commit")
        await page.wait_for_function(STYLED, polling=50)
        await asyncio.sleep(0.5)
        assert await page.evaluate(PAINTS) == 0
        rest.set()
        await settled(page)
        assert await page.evaluate(PAINTS) > 0
        assert await shifts(page) == []
    # A page that does not ask for that is drawn at once.
    async with (
        slowly(site.url, up_to="</main>", without=b'blocking="render"') as (url, rest),
        visit(chromium) as page,
    ):
        await page.goto(url, wait_until="commit")
        await page.wait_for_function(f"() => {PAINTS} > 0", polling=50)
        rest.set()
        await settled(page)


async def a_first_visit_costs_little_script(site: Portfolio, chromium: Browser) -> None:
    for path in WIDE:
        async with visit(chromium) as page:
            scripts = scripts_of(page)
            await page.goto(site.url + path)
            await settled(page)
            sizes = [(await each.request.sizes())["responseBodySize"] for each in scripts]
            assert 50 * 1024 < sum(sizes) <= MOST_SCRIPT, (path, sum(sizes))
            assert all(each.url.startswith(site.url) for each in scripts)


async def an_article_is_readable_without_javascript(site: Portfolio, chromium: Browser) -> None:
    async with visit(chromium, java_script_enabled=False) as page:
        await page.goto(f"{site.url}/articles")
        await page.get_by_role("link", name="Lebih lama").click()
        await page.get_by_role("link", name=re.compile("Dari PHP ke Python")).click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Dari PHP ke Python")
        await expect(page.get_by_text("Empat tahun pertama karier saya")).to_be_visible()
        await expect(page.locator("pre.highlight").first).to_be_visible()
        await page.goto(f"{site.url}/search")
        assert "memerlukan JavaScript" in await page.content()


async def what_is_published_later_appears(site: Portfolio, chromium: Browser) -> None:
    """Neither the article nor the list that names it was there when the site was built."""
    async with site.owner() as owner:
        fields = {"lang": "id", "slug": "baru-saja", "markdown": "Masih **hangat**."}
        made = await make.published(owner, title="Baru saja terbit", **fields)
        async with visit(chromium) as page:
            await page.goto(site.url)
            await page.get_by_role("link", name="Baru saja terbit").click()
            await expect(page.locator(".prose", has_text="Masih hangat.")).to_be_visible()
            await page.goto(f"{site.url}/articles/baru-saja")
            await expect(page.locator(".prose", has_text="Masih hangat.")).to_be_visible()
            await expect(page).to_have_title(re.compile("^Baru saja terbit"))
            # Its old address leads to it.
            moved = await owner.patch(
                f"{ADMIN}/articles/{made['id']}",
                json={"slug": "belum-lama"},
                headers=make.if_match(made),
            )
            made = await make.verb(owner, moved.json(), "publish")
            await page.goto(f"{site.url}/articles/baru-saja")
            await expect(page).to_have_url(f"{site.url}/articles/belum-lama")
            # A page that was built shows what was changed since.
            found = await owner.get(f"{ADMIN}/articles?limit=100")
            old = next(
                item for item in found.json()["items"] if ARTICLE.endswith(f"/{item['slug']}")
            )
            headers = {"If-Match": f'"{old["revision"]}"'}
            title = {"title": "Merancang API yang lebih ramah"}
            path = f"{ADMIN}/articles/{old['id']}"
            changed = (await owner.patch(path, json=title, headers=headers)).json()
            await make.verb(owner, changed, "publish")
            await page.goto(site.url + ARTICLE)
            await expect(page.get_by_role("heading", level=1)).to_have_text(title["title"])
            # What is withdrawn is gone, however it was built.
            await make.verb(owner, made, "unpublish")
            await page.goto(f"{site.url}/articles/belum-lama")
            await expect(page.get_by_role("heading", level=1)).to_contain_text("tidak ditemukan")
            await expect(page.locator("meta[name=robots]")).to_have_attribute("content", "noindex")


async def what_was_built_outlives_its_cms(site: Portfolio, chromium: Browser) -> None:
    async with visit(chromium) as page:
        await page.route("**/api/**", lambda route: route.abort())
        await page.goto(site.url + ARTICLE)
        await settled(page)
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Merancang API")
        await page.get_by_role("link", name="Penulis", exact=True).click()
        await page.get_by_role("link", name="Laras Kinantaka").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Laras Kinantaka")
        # What has no file can't be shown, and that is said.
        await page.goto(f"{site.url}/articles/never-built")
        await expect(page.get_by_role("button", name="Coba lagi")).to_be_visible()


async def a_preview_link_shows_the_draft(site: Portfolio, chromium: Browser) -> None:
    async with site.owner() as owner:
        draft = await make.article(owner, lang="id", title="Belum terbit", slug="belum-terbit")
        links = f"{ADMIN}/articles/{draft['id']}/preview-links"
        plain = (await owner.post(links)).json()
        settings = await owner.get(f"{ADMIN}/site")
        answer = await owner.patch(
            f"{ADMIN}/site",
            json={"preview_url": f"{site.url}/preview"},
            headers={"If-Match": settings.headers["etag"]},
        )
        assert answer.status_code == 200, answer.text
        named = (await owner.post(links)).json()
        async with visit(chromium) as page:
            for link in (plain, named):
                await page.goto(link["url"])
                await expect(page.get_by_role("status")).to_contain_text("Pratinjau draf")
                await expect(page.get_by_role("heading", level=1)).to_have_text("Belum terbit")
                robots = page.locator("meta[name=robots]")
                await expect(robots).to_have_attribute("content", "noindex")
            await owner.delete(f"{links}/{named['id']}")
            await page.goto(named["url"])
            await expect(page.get_by_role("heading", level=1)).to_contain_text("kedaluwarsa")
            await page.goto(f"{site.url}/articles/belum-terbit")
            await expect(page.get_by_role("heading", level=1)).to_contain_text("tidak ditemukan")


async def a_message_is_sent(site: Portfolio, chromium: Browser) -> None:
    async with visit(chromium) as page:
        await page.goto(f"{site.url}/contact")
        await settled(page)
        await page.get_by_label("Nama Anda").fill("Budi")
        await page.get_by_label("Alamat surel Anda").fill("budi@example.com")
        await page.get_by_label("Pesan").fill("Halo, bisa bicara di Bandung?")
        await page.get_by_role("button", name="Kirim").click()
        await expect(page.get_by_role("status")).to_contain_text("Terima kasih")


async def light_and_dark_are_chosen_and_remembered(site: Portfolio, chromium: Browser) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    async with visit(chromium, color_scheme="light") as page:
        await page.goto(site.url)
        await settled(page)
        light = await page.evaluate(colour)
        await page.get_by_role("button", name="Ganti tampilan").click()
        dark = await page.evaluate(colour)
        assert light != dark
        await page.goto(f"{site.url}/en")
        assert await page.evaluate(colour) == dark
        await page.emulate_media(color_scheme="dark")
        await page.evaluate("localStorage.clear()")
        await page.reload()
        assert await page.evaluate(colour) == dark


async def machines_read_the_head(site: Portfolio, chromium: Browser) -> None:
    async with visit(chromium, java_script_enabled=False) as page:
        await page.goto(site.url + ARTICLE)
        english = f"{site.url}/articles/designing-a-friendly-api"
        wanted = {"id": site.url + ARTICLE, "en": english, "x-default": site.url + ARTICLE}
        alternates = await page.locator("link[rel=alternate][hreflang]").all()
        assert {
            await each.get_attribute("hreflang"): await each.get_attribute("href")
            for each in alternates
        } == wanted
        await expect(page.locator("link[rel=canonical]")).to_have_attribute(
            "href", site.url + ARTICLE
        )
        posting = json.loads(await _text(page, "script[type='application/ld+json']"))
        assert posting["@type"] == "BlogPosting"
        assert posting["inLanguage"] == "id"
        for kind in ("rss+xml", "atom+xml", "feed+json"):
            feed = page.locator(f"link[rel=alternate][type='application/{kind}']")
            path = await feed.get_attribute("href")
            answer = await page.request.get(f"{site.url}{path}")
            assert kind in answer.headers["content-type"]
        picture = page.locator(".cover img")
        assert "1280w" in str(await picture.get_attribute("srcset"))
        assert await picture.get_attribute("width") == "1280"
        for path in ("/sitemap.xml", "/robots.txt", "/llms.txt"):
            assert (await page.request.get(site.url + path)).status == 200
        answer = await page.request.get(site.url)
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy


async def _text(page: Page, selector: str) -> str:
    return await page.locator(selector).first.text_content() or ""


JOURNEYS = (
    machines_read_the_head,
    readers_walk_through_the_site,
    words_are_found_by_keyboard_alone,
    nothing_ever_moves,
    on_a_phone_nothing_moves_either_and_axe_is_content,
    half_a_page_is_not_drawn,
    a_first_visit_costs_little_script,
    an_article_is_readable_without_javascript,
    light_and_dark_are_chosen_and_remembered,
    a_message_is_sent,
    what_was_built_outlives_its_cms,
    a_preview_link_shows_the_draft,
    what_is_published_later_appears,
)

"""The pictures of links: crisp in many scripts, at addresses that follow what stands on them."""

import asyncio
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
import pyvips  # type: ignore[import-untyped]

from cms.media import drawing, processing
from cms.media.cards import HEIGHT, WIDTH, Card
from tests import make

COLORS = {"background": "#fbf7ef", "text": "#2b2118", "accent": "#9a5b1f"}


def card(title: str, lang: str = "id", **changes: str) -> Card:
    return Card(
        **{"title": title, "byline": "Rani", "site": "Juri", "lang": lang, **COLORS, **changes}
    )


def ink(title: str, lang: str) -> bytes:
    """What is drawn of a title alone."""
    picture = pyvips.Image.new_from_buffer(drawing.draw(card(title, lang, byline="", site="")), "")
    return bytes(picture.colourspace("b-w").write_to_memory())


async def _article(reader: httpx.AsyncClient, slug: str) -> dict[str, Any]:
    found: dict[str, Any] = (await reader.get(f"/api/v1/articles/{slug}")).json()
    return found


async def test_an_article_without_a_cover_has_a_picture_for_links(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, title="Apa itu backend?", slug="apa", lang="id")
    image = (await _article(reader, "apa"))["seo"]["og_image"]
    assert (image["width"], image["height"], image["mime"]) == (WIDTH, HEIGHT, "image/png")
    assert image["alt"] == "Apa itu backend?"
    answer = await reader.get(image["url"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    picture = pyvips.Image.new_from_buffer(answer.content, "")
    assert (picture.width, picture.height) == (WIDTH, HEIGHT)
    again = await reader.get(image["url"], headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_a_card_is_drawn_once(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make.published(owner, title="Sekali", slug="sekali")
    url = (await _article(reader, "sekali"))["seo"]["og_image"]["url"]
    drawn = (await reader.get(url)).content

    async def never(_: Card) -> bytes:
        raise AssertionError

    monkeypatch.setattr(processing, "draw", never)
    assert (await reader.get(url)).content == drawn


async def test_another_title_has_another_address_and_the_old_one_leads_there(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    article = await make.published(owner, title="Satu", slug="satu")
    old = (await _article(reader, "satu"))["seo"]["og_image"]["url"]
    changed = await owner.patch(
        f"/api/v1/admin/articles/{article['id']}",
        json={"title": "Dua", "slug": "dua"},
        headers={"If-Match": f'"{article["revision"]}"'},
    )
    await make.verb(owner, changed.json(), "publish")
    new = (await _article(reader, "dua"))["seo"]["og_image"]["url"]
    assert new != old
    moved = await reader.get(old)
    assert moved.status_code == 308
    assert moved.headers["location"] == httpx.URL(new).path


async def test_the_sites_colours_are_on_it(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, slug="warna")
    answer = await owner.get("/api/v1/admin/site")
    answer = await owner.patch(
        "/api/v1/admin/site",
        json={"colors": {"background": "#102030"}},
        headers={"If-Match": answer.headers["etag"]},
    )
    assert answer.json()["colors"]["text"] == "#2b2118"
    image = (await _article(reader, "warna"))["seo"]["og_image"]
    picture = pyvips.Image.new_from_buffer((await reader.get(image["url"])).content, "")
    assert [round(value) for value in picture.colourspace("srgb")(600, 20)[:3]] == [16, 32, 48]


@pytest.mark.parametrize("color", ["#12345", "red", "#GGGGGG", "#12345678", 3, None])
async def test_a_colour_is_six_hexadecimal_digits(owner: httpx.AsyncClient, color: object) -> None:
    answer = await owner.get("/api/v1/admin/site")
    refused = await owner.patch(
        "/api/v1/admin/site",
        json={"colors": {"accent": color}},
        headers={"If-Match": answer.headers["etag"]},
    )
    if color is None:  # RFC 7396: back to what it is by itself
        assert refused.json()["colors"]["accent"] == "#9a5b1f"
    else:
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "colors.accent"


async def test_projects_and_profiles_have_one_as_well(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.live(owner, "projects", title="Lontar", slug="lontar")
    made = await owner.post("/api/v1/admin/profiles", json={"name": "Rani", "slug": "rani"})
    assert made.status_code == 201, made.text
    for path in ("projects/lontar", "profiles/rani"):
        image = (await reader.get(f"/api/v1/{path}")).json()["og_image"]
        assert (await reader.get(image["url"])).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "article/apa-000000000000000000000000",
        "article/apa.png",
        "article/..%2F..%2Fapa-000000000000000000000000.png",
        "tag/apa-000000000000000000000000.png",
        "article/nothing-000000000000000000000000.png",
    ],
)
async def test_nothing_else_is_there(
    path: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, slug="apa")
    assert (await reader.get(f"/media/cards/{path}")).status_code == 404


async def test_a_draft_has_no_picture_to_guess_at(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.article(owner, title="Rahasia", slug="rahasia")
    nothing = await reader.get("/media/cards/article/rahasia-000000000000000000000000.png")
    known = await reader.get("/media/cards/article/never-000000000000000000000000.png")
    assert nothing.status_code == known.status_code == 404


async def test_a_broken_drawing_is_told_as_such_and_tried_again(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make.published(owner, title="Pecah", slug="pecah")
    url = (await _article(reader, "pecah"))["seo"]["og_image"]["url"]
    whole = processing.draw

    async def broken(_: Card) -> bytes:
        raise processing.JobBroke("out of memory")

    monkeypatch.setattr(processing, "draw", broken)
    assert (await reader.get(url)).status_code == 503
    monkeypatch.setattr(processing, "draw", whole)
    assert (await reader.get(url)).status_code == 200


@pytest.mark.parametrize(
    ("one", "other", "lang"),
    [
        ("后端开发", "前端设计", "zh"),
        ("バックエンド", "フロント端末", "ja"),
        ("백엔드개발", "프런트설계", "ko"),
    ],
)
def test_every_script_that_comes_along_is_drawn_as_itself(one: str, other: str, lang: str) -> None:
    assert ink(one, lang) != ink(other, lang)
    # The control: without our faces it looks otherwise, a row of boxes on a machine without any.
    assert _ink_without_our_faces(one, lang) != sha256(ink(one, lang)).hexdigest()


def _ink_without_our_faces(words: str, lang: str) -> str:
    code = (
        "import sys; from hashlib import sha256; from pathlib import Path;"
        "from cms.media import drawing; from tests.cards.test_cards import ink;"
        "drawing.FONTS = Path('nowhere'); print(sha256(ink(*sys.argv[1:])).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, words, lang],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


def test_one_sign_is_drawn_as_its_country_writes_it() -> None:
    assert ink("直骨角", "ja") != ink("直骨角", "zh")


@pytest.mark.parametrize(
    "title",
    [
        "<b>&amp;</b> \"quoted\" 'and' <span foreground='#fff'>",
        "\x00\x1b[31m\ud800\u202e\ufeff",
        "a" * 2000,
        "word " * 400,
        "字" * 500,
        "🦊" * 50,
        "",
        "   ",
        "ما هو مطور الخلفية",
    ],
)
def test_no_title_breaks_the_drawing(title: str) -> None:
    picture = pyvips.Image.new_from_buffer(drawing.draw(card(title, byline=title[:120])), "")
    assert (picture.width, picture.height) == (WIDTH, HEIGHT)


async def test_it_is_drawn_in_a_process_of_its_own(tmp_path: Path) -> None:
    async with asyncio.timeout(60):
        drawn = await processing.draw(card("Apa itu backend?"))
    assert drawn == drawing.draw(card("Apa itu backend?"))

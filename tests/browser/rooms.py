"""Every screen of the admin, how to reach it, and what stands there to be looked at."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pyvips  # type: ignore[import-untyped]
from playwright.async_api import Page, expect

from tests.browser.desk import Api

_readers = count(1)
SOURCES = Path(__file__).parents[2] / "admin_ui" / "src"
MARKDOWN = """\
A *leaf* with **ink**, a [link](https://example.com) and `code`.

## Heading

- [x] done
"""


@dataclass(frozen=True)
class Screen:
    """A route of the router, an address that it answers, and whether one must be signed in."""

    route: str
    path: str
    is_inside: bool = True


# Addresses may name what `furnish` made, in braces.
SCREENS = [
    Screen("/setup", "setup", is_inside=False),
    Screen("/sign-in", "sign-in", is_inside=False),
    Screen("/forgot-password", "forgot-password", is_inside=False),
    Screen("/reset-password", "reset-password#token=x", is_inside=False),
    Screen("/accept-invitation", "accept-invitation#token=x", is_inside=False),
    Screen("/confirm-email", "confirm-email#token=x", is_inside=False),
    Screen("/setup", "setup#token=x", is_inside=False),
    Screen("/", ""),
    Screen("/articles", "articles"),
    Screen("/articles", "articles?tag=daun"),
    Screen("/articles", "articles?q=nothing-like-it"),
    Screen("/articles/$articleId", "articles/{article}"),
    Screen("/pages", "pages"),
    Screen("/pages/$id", "pages/{page}"),
    Screen("/projects", "projects"),
    Screen("/projects/$id", "projects/{project}"),
    Screen("/media", "media"),
    Screen("/media/$id", "media/{media}"),
    Screen("/series", "series"),
    Screen("/series/$id", "series/tinta"),
    Screen("/tags", "tags"),
    Screen("/tags/$id", "tags/daun"),
    Screen("/trash", "trash"),
    Screen("/messages", "messages"),
    Screen("/messages/$id", "messages/{message}"),
    Screen("/profiles", "profiles"),
    Screen("/profiles/$profileId", "profiles/{profile}"),
    Screen("/accounts", "accounts"),
    Screen("/site", "site"),
    Screen("/redirects", "redirects"),
    Screen("/redirects/$id", "redirects/{redirect}"),
    Screen("/webhooks", "webhooks"),
    Screen("/webhooks/$id", "webhooks/{webhook}"),
    Screen("/audit", "audit"),
    Screen("/tokens", "tokens"),
    Screen("/account", "account"),
    Screen("", "lost"),
]


def routes() -> set[str]:
    """What the router knows, read from its source."""
    files = (SOURCES / "app").glob("*.ts*")
    return {
        found
        for file in files
        for found in re.findall(r"\bpath: '([^']*)'", file.read_text(encoding="utf-8"))
    }


def picture(width: int = 900, height: int = 600) -> bytes:
    """A drawing that is not the same as any other of another size."""
    waves = pyvips.Image.sines(width, height, hfreq=3.5, vfreq=1.5)
    pixels: bytes = ((waves + 2) * 64).cast("uchar").write_to_buffer(".png")
    return pixels


def made(api: Api, path: str, **fields: Any) -> dict[str, Any]:
    answer = api.client.post(f"/api/v1/admin/{path}", json=fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def trashed(api: Api, kind: str, *titles: str) -> None:
    items = [made(api, kind, title=title) for title in titles]
    chosen = [{"id": item["id"], "revision": item["revision"]} for item in items]
    answer = api.client.post(f"/api/v1/admin/{kind}/bulk", json={"verb": "trash", "items": chosen})
    assert {result["status"] for result in answer.json()["results"]} == {200}, answer.text


def got(api: Api, path: str) -> dict[str, Any]:
    answer = api.client.get(f"/api/v1/admin/{path}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def stored(page: Page) -> str:
    """The id in the address, once the server gave one."""
    await expect(page).to_have_url(re.compile(r"/[0-9a-f]{24}$"))
    return page.url.rsplit("/", 1)[1]


def speak_both(api: Api) -> None:
    """The site has two languages from now on: what is in one can be translated."""
    headers = {"If-Match": f'"{got(api, "site")["revision"]}"'}
    languages = {"languages": ["en", "id"]}
    assert api.client.patch("/api/v1/admin/site", json=languages, headers=headers).is_success


def upload(api: Api, name: str, data: bytes) -> dict[str, Any]:
    files = {"file": (name, data, "image/png")}
    answer = api.client.post("/api/v1/admin/media", files=files)
    assert answer.status_code in {200, 201}, answer.text
    return dict(answer.json()["results"][0]["media"])


def letter(api: Api, words: dict[str, str], *, is_spam: bool = False) -> dict[str, Any]:
    """A message of a reader; sent faster than people write, it lands in the spam first."""
    token = api.client.get("/api/v1/contact").json()["token"]
    # Each from a place of its own: an address may write five an hour.
    headers = {"X-Forwarded-For": f"198.51.100.{next(_readers)}"}
    sent = api.client.post("/api/v1/contact", json={"token": token, **words}, headers=headers)
    assert sent.status_code == 202, sent.text
    found = api.client.get("/api/v1/admin/contact?folder=spam").json()["items"][0]
    if is_spam:
        return dict(found)
    url, headers = f"/api/v1/admin/contact/{found['id']}", {"If-Match": f'"{found["revision"]}"'}
    answer = api.client.patch(url, json={"is_spam": False}, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def furnish(api: Api) -> dict[str, str]:
    """Something of every kind, so that no screen is empty; answers with their ids by kind."""
    media = upload(api, "lontar.png", picture())
    article = api.article(title="Daun lontar", markdown=MARKDOWN, tag_slugs=["Daun"], featured=True)
    gone = api.article(title="Dibuang")
    headers = {"If-Match": f'"{gone["revision"]}"'}
    assert api.client.delete(f"/api/v1/admin/articles/{gone['id']}", headers=headers).is_success
    later = api.article(title="Besok pagi", markdown="Nanti.\n")
    headers = {"If-Match": f'"{later["revision"]}"'}
    url = f"/api/v1/admin/articles/{later['id']}/publish"
    assert api.client.post(url, json={"at": "2031-05-01T02:00:00Z"}, headers=headers).is_success
    made(api, "series", title="Tinta", description="Dari jelaga ke huruf.")
    made(api, "invitations", email="diundang@example.com", role="author")
    words = {"name": "Sri Wahyuni", "email": "sri@example.com", "page": "/kontak"}
    words |= {"subject": "Bicara di Bandung", "message": "Mau bercerita?"}
    things = {
        "message": letter(api, words),
        "page": made(api, "pages", title="Tentang", markdown=MARKDOWN),
        "project": made(
            api,
            "projects",
            title="Rak buku",
            summary="Perpustakaan kecil.",
            technologies=["Python", "MongoDB"],
            links=[{"kind": "source", "url": "https://example.com/rak"}],
            cover_id=media["id"],
            gallery_ids=[media["id"]],
        ),
        "profile": made(
            api,
            "profiles",
            name="Rani Lestari",
            headline="Menulis tentang server kecil",
            skills=[{"name": "Python", "level": "", "keywords": ["async"]}],
            experience=[{"organisation": "Toko Buku", "role": "Penulis", "start": "2021-03"}],
            certificates=[{"name": "Penyunting", "issuer": "Balai Bahasa", "date": "2024"}],
            talks=[{"title": "Seratus baris", "event": "PyCon ID", "date": "2025-11"}],
        ),
        "redirect": made(api, "redirects", from_path="/2019/lontar", to="/articles/daun-lontar"),
        "webhook": made(api, "webhooks", name="Build", url="https://build.example.com/hook"),
    }
    ids = {kind: str(item["id"]) for kind, item in things.items()}
    return {**ids, "media": str(media["id"]), "article": str(article["id"])}


@cache
def untranslated() -> frozenset[str]:
    """English texts of the dictionaries that are never right in Indonesian."""
    english: set[str] = set()
    indonesian: set[str] = set()
    for file in SOURCES.rglob("*texts.ts"):
        halves = file.read_text(encoding="utf-8").split("\n  },\n  {\n")
        for half, found in zip(halves, (english, indonesian), strict=True):
            found.update(re.findall(r"^    \w+: '(.+)',$", half, re.MULTILINE))
    return frozenset(text for text in english - indonesian if "{" not in text)

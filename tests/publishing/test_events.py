"""An event names every page that it makes wrong, whatever its language, and no page twice."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.app import CARRIERS, KINDS
from cms.core import db
from cms.history.documents import Event
from cms.history.entries import EventBody
from cms.publishing import relay
from tests import make

ADMIN = "/api/v1/admin"
PATTERNS = {
    "article": {"*": "/a/{slug}", "en": "/en/a/{slug}"},
    "tag": {"*": "/t/{slug}", "en": "/en/t/{slug}"},
    "profile": {"*": "/p/{slug}", "en": "/en/p/{slug}"},
    "series": {"*": "/s/{slug}", "en": "/en/s/{slug}"},
}
FILES = {"/feed.xml", "/atom.xml", "/feed.json", "/sitemap.xml", "/llms.txt"}
# Where the article of these tests stands: with a tag, an author and in a series.
UNDER = {f"{prefix}/{page}" for prefix in ("", "/en") for page in ("t/api", "p/rani", "s/karier")}
# The article before it and behind it in the series and by date, and its translation.
AROUND = {"/a/before", "/a/behind", "/en/a/english"}


async def _settle() -> None:
    while await relay.step(KINDS, db.now(), CARRIERS):
        pass


async def _last() -> EventBody:
    await _settle()
    return (await Event.after(0, 100))[-1].body


def _past(days: int) -> str:
    return (db.now() - timedelta(days=days)).isoformat()


@pytest.fixture
async def story(owner: httpx.AsyncClient) -> Any:
    """An Indonesian article between two others, with an English translation, not published yet."""
    site = (await owner.get(f"{ADMIN}/site")).json()
    data = {"languages": ["id", "en"], "url_patterns": PATTERNS}
    changed = await owner.patch(f"{ADMIN}/site", json=data, headers=make.if_match(site))
    assert changed.status_code == 200, changed.text
    await make.profile(owner, name="Rani", lang="en")
    await make.series(owner, title="Karier")

    def place(position: int) -> dict[str, Any]:
        return {"series": {"slug": "karier", "position": position}, "lang": "id"}

    await make.published(owner, slug="before", at=_past(3), **place(1))
    await make.published(owner, slug="behind", at=_past(1), **place(3))
    more = {"tag_slugs": ["API", "#rahasia"], "author_slugs": ["rani"]}
    made = await make.article(owner, slug="story", **place(2), **more)
    await make.published(owner, slug="english", lang="en", translation_of=made["id"])
    await _settle()
    return made


async def _publish(owner: httpx.AsyncClient, made: Any) -> Any:
    return await make.verb(owner, made, "publish", {"at": _past(2)})


async def test_publishing_names_the_page_what_it_stands_under_and_its_neighbours(
    owner: httpx.AsyncClient, story: Any
) -> None:
    await _publish(owner, story)
    event = await _last()
    assert event.type == "published"
    assert set(event.paths) == {"/a/story"} | UNDER | AROUND | FILES
    assert len(event.paths) == len(set(event.paths))
    assert {f"article:{story['id']}", "articles", "tag:api", "profile:rani", "series:karier"} <= (
        set(event.keys)
    )
    others = (await owner.get(f"{ADMIN}/articles?status=published")).json()["items"]
    assert {f"article:{item['id']}" for item in others} <= set(event.keys)
    assert "rahasia" not in str(event)


async def test_a_change_of_slug_tag_and_series_names_the_pages_of_both(
    owner: httpx.AsyncClient, story: Any
) -> None:
    live = await _publish(owner, story)
    change = {"slug": "moved", "tag_slugs": ["React"], "series": None}
    edited = await owner.patch(
        f"{ADMIN}/articles/{live['id']}", json=change, headers=make.if_match(live)
    )
    await make.verb(owner, edited.json(), "publish")
    event = await _last()
    assert (event.type, event.slug, event.old_slug) == ("updated", "moved", "story")
    both = {"/a/story", "/a/moved", "/t/react", "/en/t/react"}
    assert set(event.paths) == both | UNDER | AROUND | FILES


async def test_unpublishing_and_deleting_name_what_publishing_named(
    owner: httpx.AsyncClient, story: Any
) -> None:
    live = await _publish(owner, story)
    expected = {"/a/story"} | UNDER | AROUND | FILES
    off = await make.verb(owner, live, "unpublish")
    event = await _last()
    assert (event.type, set(event.paths)) == ("unpublished", expected)
    live = await _publish(owner, off)
    await owner.delete(f"{ADMIN}/articles/{live['id']}", headers=make.if_match(live))
    event = await _last()
    assert (event.type, set(event.paths)) == ("deleted", expected)


async def test_time_alone_names_the_same_pages(owner: httpx.AsyncClient, story: Any) -> None:
    at = db.now() + timedelta(days=1)
    await make.verb(owner, story, "publish", {"at": at.isoformat()})
    while await relay.step(KINDS, at + timedelta(seconds=1), CARRIERS):
        pass
    event = await _last()
    assert event.type == "published"
    # It is the newest of its language now, and so has nothing behind it but in the series.
    assert set(event.paths) == {"/a/story"} | UNDER | AROUND | FILES


async def test_a_translation_names_the_pages_that_link_to_it(
    owner: httpx.AsyncClient, story: Any
) -> None:
    await _publish(owner, story)
    found = (await owner.get(f"{ADMIN}/articles/{story['id']}/translations")).json()["items"]
    english = next(item for item in found if item["lang"] == "en")
    await make.verb(owner, english, "unpublish")
    event = await _last()
    assert event.slug == "english"
    assert "/a/story" in event.paths  # its hreflang alternates


async def test_a_pattern_can_be_given_for_no_more_languages_than_a_site_has(
    owner: httpx.AsyncClient,
) -> None:
    site = (await owner.get(f"{ADMIN}/site")).json()
    langs = [f"{first}{second}" for first in "abcde" for second in "vwxyz"]
    for count, errors in ((21, []), (22, ["url_patterns.article"])):
        patterns = {"article": dict.fromkeys(["*", *langs][:count], "/{slug}")}
        answer = await owner.patch(
            f"{ADMIN}/site", json={"url_patterns": patterns}, headers=make.if_match(site)
        )
        assert [error["field"] for error in answer.json().get("errors", [])] == errors
        site = (await owner.get(f"{ADMIN}/site")).json()
    assert len(site["url_patterns"]["article"]) == 21

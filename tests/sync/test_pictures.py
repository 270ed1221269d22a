"""A picture that becomes another one: followers and feeds learn of it like of any change."""

from collections.abc import Iterable
from typing import Any

import httpx
import pytest

from cms.app import CARRIERS, KINDS
from cms.core import db
from cms.publishing import relay
from tests import make
from tests.media import samples
from tests.sync.following import Follower, held, present

ADMIN = "/api/v1/admin"
FEEDS = ("/feed.xml", "/atom.xml", "/feed.json")
Row = dict[str, Any]


async def _settle() -> None:
    while await relay.step(KINDS, db.now(), CARRIERS):
        pass


async def _agree(follower: Follower, reader: httpx.AsyncClient) -> set[tuple[str, str]]:
    """Catch up, be equal to what readers see; what was told on the way."""
    await _settle()
    before = len(follower.answers)
    await follower.catch_up()
    mine, theirs = held(follower), await present(reader)
    for kind, items in theirs.items():
        assert mine[kind] == items, kind
    told = follower.answers[before:]
    return {(item["kind"], item["id"]) for answer in told for item in answer["changed"]}


async def _furnish(owner: httpx.AsyncClient) -> dict[str, Row]:
    """One picture wherever a picture can stand, another one nowhere yet."""
    leaf = await make.media(owner, samples.png(400, 300), "leaf.png")
    there = {"leaf": leaf, "palm": await make.media(owner, samples.png(380, 300), "palm.png")}
    shown = {"cover_id": leaf["id"]}
    there["article"] = await make.published(owner, slug="covered", **shown)
    text = f"![A leaf](/media/{leaf['id']})"
    there["text"] = await make.published(owner, slug="text", markdown=text)
    there["project"] = await make.live(owner, "projects", slug="tool", gallery_ids=[leaf["id"]])
    there["page"] = await make.live(owner, "pages", slug="uses", markdown=text)
    there["profile"] = await make.profile(owner, name="Rani", avatar_id=leaf["id"])
    there["apart"] = await make.published(owner, slug="apart")
    return there


def _named(there: dict[str, Row], names: Iterable[str]) -> set[tuple[str, str]]:
    kinds = {"text": "article"}
    return {(kinds.get(name, name), there[name]["id"]) for name in names}


async def _replace(owner: httpx.AsyncClient, which: Row) -> Row:
    now = (await owner.get(f"{ADMIN}/media/{which['id']}")).json()
    files = {"file": ("b.png", samples.png(420, 300), "image/png")}
    at = f"{ADMIN}/media/{now['id']}/replace"
    answer = await owner.post(at, files=files, headers=make.if_match(now))
    assert answer.status_code == 200, answer.text
    found: Row = answer.json()
    return found


async def test_a_replaced_picture_is_told_of_everything_that_shows_it(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    there = await _furnish(owner)
    follower = Follower(reader)
    await _agree(follower, reader)
    shown = {"article", "text", "project", "page", "profile"}
    replaced = await _replace(owner, there["leaf"])
    assert await _agree(follower, reader) == _named(there, shown)
    covered = follower.copy["article", there["article"]["id"]]
    assert (covered["cover"]["url"], covered["cover"]["width"]) == (replaced["url"], 420)

    data = {"alt": {there["article"]["lang"]: "A palm leaf"}}
    now = (await owner.get(f"{ADMIN}/media/{replaced['id']}")).json()
    at = f"{ADMIN}/media/{replaced['id']}"
    answer = await owner.patch(at, json=data, headers=make.if_match(now))
    assert answer.status_code == 200, answer.text
    told = await _agree(follower, reader)
    assert _named(there, {"article", "project", "profile"}) <= told <= _named(there, shown)


async def test_another_cover_is_told(owner: httpx.AsyncClient, reader: httpx.AsyncClient) -> None:
    there = await _furnish(owner)
    follower = Follower(reader)
    await _agree(follower, reader)
    article = there["article"]
    for cover in (there["palm"]["id"], None):
        at = f"{ADMIN}/articles/{article['id']}"
        data = {"cover_id": cover}
        edited = await owner.patch(at, json=data, headers=make.if_match(article))
        article = await make.verb(owner, edited.json(), "publish")
        told = await _agree(follower, reader)
        assert ("article", article["id"]) in told
        assert not told & _named(there, ("text", "project", "page", "profile"))
        shown = follower.copy["article", article["id"]]["cover"]
        assert (shown["url"] if shown else None) == (there["palm"]["url"] if cover else None)


@pytest.mark.parametrize("feed", FEEDS)
async def test_a_feed_shows_a_replaced_picture_at_its_new_address(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, feed: str
) -> None:
    leaf = await make.media(owner, samples.png(400, 300), "leaf.png")
    await make.published(owner, markdown=f"![A leaf](/media/{leaf['id']})")
    await _settle()
    before = await reader.get(feed)
    assert leaf["url"] in before.text
    replaced = await _replace(owner, leaf)
    assert replaced["url"] != leaf["url"]
    known = {"If-None-Match": before.headers["etag"]}
    after = await reader.get(feed, headers=known)
    assert after.status_code == 200
    assert replaced["url"] in after.text
    assert leaf["url"] not in after.text
    moment = {"If-Modified-Since": before.headers.get("last-modified", "")}
    assert (await reader.get(feed, headers=moment)).status_code == 200

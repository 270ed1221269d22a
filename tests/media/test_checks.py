"""The publish checks look at pictures of the library: their weight, their words, their absence."""

import httpx
import pytest

from cms.core.db import Database
from cms.media.library import Library
from tests import make
from tests.media import samples
from tests.media.conftest import ADMIN, item, make_all

ARTICLES = "/api/v1/admin/articles"


@pytest.fixture
def storage() -> None:
    """Where files lie makes no difference here."""


@pytest.fixture
def library(served: object, database: Database) -> Library:
    found: Library = served.state["library"]  # type: ignore[attr-defined]
    return found


async def _findings(owner: httpx.AsyncClient, article: dict[str, object]) -> list[tuple[str, str]]:
    checks = (await owner.get(f"{ARTICLES}/{article['id']}/checks")).json()
    wanted = {"missing_alt", "heavy_image", "dead_internal_link"}
    return [(f["code"], f["field"]) for f in checks["findings"] if f["code"] in wanted]


async def test_a_heavy_picture_is_told_and_refused_where_the_site_says_so(
    owner: httpx.AsyncClient, library: Library, database: Database
) -> None:
    made = await item(owner, samples.jpeg(400, 300))
    await make_all(library)
    text = f"![x](/media/{made['id']}) and ![y]({made['url']})"
    article = await make.article(owner, cover_id=made["id"], markdown=text)
    assert await _findings(owner, article) == []

    ref = {"ref": made["id"]}
    await database["media"].update_one(ref, {"$set": {"variants.4.size": 1_000_001}})
    fields = ["cover_id", "markdown", "markdown"]
    assert await _findings(owner, article) == [("heavy_image", field) for field in fields]
    level = {"checks": {"heavy_image": "error"}}
    await owner.patch("/api/v1/admin/site", json=level, headers={"If-Match": '"0"'})
    refused = await owner.post(
        f"{ARTICLES}/{article['id']}/publish", headers=make.if_match(article)
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "checks_failed")
    assert {each["code"] for each in refused.json()["errors"]} == {"heavy_image"}
    await database["media"].update_one(ref, {"$set": {"variants": [], "file.size": 1_000_001}})
    assert len(await _findings(owner, article)) == 3


async def test_words_of_the_library_stand_in_for_missing_ones(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, library: Library
) -> None:
    made = await item(owner, samples.jpeg())
    article = await make.article(owner, lang="id", markdown=f"![](/media/{made['id']})")
    assert await _findings(owner, article) == [("missing_alt", "markdown")]
    patch = {"alt": {"en": "A <palm>", "id": 'Daun "palem"'}}
    await owner.patch(f"{ADMIN}/{made['id']}", json=patch, headers=make.if_match(made))
    assert await _findings(owner, article) == []
    await make.verb(owner, article, "publish")
    shown = (await reader.get(f"/api/v1/articles/{article['slug']}")).json()
    assert 'alt="Daun &quot;palem&quot;"' in shown["html"]


async def test_a_picture_that_is_gone_is_told(owner: httpx.AsyncClient, library: Library) -> None:
    article = await make.article(owner, markdown=f"![x](/media/{'a' * 24})")
    assert await _findings(owner, article) == [("dead_internal_link", "markdown")]

"""`cms demo`: a believable portfolio in two languages, once."""

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from cms.core import db
from cms.core.errors import Conflict
from cms.demo import content, service
from tests import make

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "tests" / "data" / "jsonresume" / "schema.json"
ADMIN = "/api/v1/admin"


@pytest.fixture
async def filled(owner: httpx.AsyncClient, reader: httpx.AsyncClient) -> httpx.AsyncClient:
    await service.fill(db.now(), lambda _: None)
    return reader


async def _all(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get(f"{path}?limit=100")).json()["items"]
    return items


async def test_it_is_a_whole_portfolio_in_two_languages(filled: httpx.AsyncClient) -> None:
    articles = await _all(filled, "/api/v1/articles")
    assert len(articles) == 30
    assert all(item["authors"] and item["tags"] and item["excerpt"] for item in articles)
    langs = Counter(item["lang"] for item in articles)
    assert min(langs["id"], langs["en"]) >= 12
    assert sum(item["featured"] for item in articles) >= 3
    whole = [(await filled.get(f"/api/v1/articles/{item['slug']}")).json() for item in articles]
    assert sum(bool(item["translations"]) for item in whole) >= 18
    for sign in ("<table", 'class="footnotes', "<pre", "<blockquote", 'type="checkbox"'):
        assert sum(sign in item["html"] for item in whole) >= 3, sign
    series = await _all(filled, "/api/v1/series")
    assert len(series) == 3
    assert all(item["articles_count"] >= 6 for item in series)
    projects = await _all(filled, "/api/v1/projects")
    assert len(projects) == 6
    assert {item["lang"] for item in projects} == {"id", "en"}
    pages = {item["slug"] for item in await _all(filled, "/api/v1/pages")}
    assert pages == {"about", "tentang", "uses", "now", "sekarang"}
    about = (await filled.get("/api/v1/pages/about")).json()
    assert [item["slug"] for item in about["translations"]] == ["tentang"]


async def test_drafts_plans_and_internal_tags_are_the_desks_alone(
    filled: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    rows = await _all(owner, f"{ADMIN}/articles")
    assert Counter(row["status"] for row in rows) == {"published": 30, "scheduled": 2, "draft": 2}
    internal = {row["slug"] for row in await _all(owner, f"{ADMIN}/tags") if row["is_internal"]}
    assert internal == {"#pilihan", "#belum-selesai"}
    shown = str(await _all(filled, "/api/v1/tags")) + str(await _all(filled, "/api/v1/articles"))
    assert "pilihan" not in shown


async def test_each_resume_is_full_and_valid_by_the_published_schema(
    filled: httpx.AsyncClient,
) -> None:
    schema = Draft7Validator(
        json.loads(SCHEMA.read_text()), format_checker=Draft7Validator.FORMAT_CHECKER
    )
    people = await _all(filled, "/api/v1/profiles")
    assert len(people) == 2
    resume: dict[str, Any] = {}
    for person in people:
        assert person["articles_count"] >= 10
        resume = (await filled.get(f"/api/v1/profiles/{person['slug']}/resume.json")).json()
        schema.validate(resume)
        for part in ("skills", "work", "education", "volunteer", "certificates", "languages"):
            assert resume[part], part
        profile = (await filled.get(f"/api/v1/profiles/{person['slug']}")).json()
        assert len(profile["talks"]) >= 2
    with pytest.raises(Exception, match="not of type"):
        schema.validate({**resume, "work": "a control"})


async def test_the_site_its_navigation_and_redirects_lead_somewhere(
    filled: httpx.AsyncClient,
) -> None:
    site = (await filled.get("/api/v1/site")).json()
    assert site["languages"] == ["id", "en"]
    assert len(site["navigation"]) == 7
    found = {item["from_path"]: item for item in await _all(filled, "/api/v1/redirects")}
    assert found["/toko"]["status"] == 410
    assert found["/2019/12/pindah-ke-python"]["to"] == "/articles/dari-php-ke-python"
    for path in ("articles/dari-php-ke-python", "profiles/laras-kinantaka"):
        assert (await filled.get(f"/api/v1/{path}")).status_code == 200


async def test_the_publish_checks_find_nothing_in_it(
    filled: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    for row in await _all(owner, f"{ADMIN}/articles"):
        checks = (await owner.get(f"{ADMIN}/articles/{row['id']}/checks")).json()
        found = [(item["code"], item["message"]) for item in checks["findings"]]
        # Not everything in it is translated, as on real sites.
        found = [item for item in found if item[0] != "missing_translation"]
        assert found == [], row["slug"]


async def test_running_it_again_changes_nothing(
    filled: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    kinds = ("articles", "projects", "pages", "profiles", "redirects")
    before = {kind: await _all(owner, f"{ADMIN}/{kind}") for kind in kinds}
    assert "nothing was changed" in await service.fill(db.now(), lambda _: None)
    assert {kind: await _all(owner, f"{ADMIN}/{kind}") for kind in kinds} == before


async def test_a_demo_that_was_cut_short_is_completed(
    filled: httpx.AsyncClient, database: db.Database
) -> None:
    await database["articles"].delete_many({"slugs": {"$regex": "^[a-k]"}})
    await database["pages"].delete_many({"slugs": "now"})
    told: list[str] = []
    await service.fill(db.now(), told.append)
    assert len(told) > 10
    assert len(await _all(filled, "/api/v1/articles")) == 30
    assert len(await _all(filled, "/api/v1/pages")) == 5


async def test_a_site_with_articles_of_its_own_is_left_alone(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, title="Mine")
    with pytest.raises(Conflict):
        await service.fill(db.now(), lambda _: None)
    assert len(await _all(reader, "/api/v1/articles")) == 1


def test_no_sentence_of_the_seed_stands_in_it(seed: str) -> None:
    texts = [text for folder in ("articles", "projects", "pages") for text in _texts(folder)]
    sentences = {line.strip() for line in seed.replace(". ", ".\n").splitlines()}
    for text in texts:
        assert not [line for line in sentences if len(line) > 40 and line in text]


def _texts(folder: str) -> list[str]:
    return [text.markdown for text in content.read_texts(folder)]


def test_the_wheel_carries_every_file_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the very builder that releases are made with, without the admin UI."""
    from hatchling.builders.wheel import WheelBuilder  # noqa: PLC0415 - heavy, and only here

    monkeypatch.setenv("CMS_SKIP_ADMIN_UI", "1")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    packed = set(zipfile.ZipFile(wheel).namelist())
    there = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "cms" / "demo" / "portfolio").rglob("*")
        if path.is_file()
    }
    assert len(there) >= 50
    assert there <= packed

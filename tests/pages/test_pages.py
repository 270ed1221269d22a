"""What is a page's own: a table of contents, SEO, addresses at the root of the site."""

from typing import Any

import httpx
import pytest

from tests import make

ADMIN = "/api/v1/admin/pages"
PUBLIC = "/api/v1/pages"


async def test_a_page_is_read_as_it_was_written(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    seo = {
        "title": "Uses",
        "description": "My desk.",
        "canonical_url": "https://example.com/uses",
        "no_index": True,
    }
    made = await make.live(
        owner, "pages", title="What I use", slug="uses", markdown="## Desk\n\nA lamp.\n", seo=seo
    )
    assert made["seo"] == {**seo, "og_image": None}
    read = (await reader.get(f"{PUBLIC}/uses")).json()
    assert (read["title"], read["lang"], read["seo"]) == ("What I use", "en", made["seo"])
    assert [heading["title"] for heading in read["toc"]] == ["Desk"]
    assert read["toc"][0]["id"] in read["html"]
    assert read["url"] == "https://juri.example/uses"


async def test_pages_are_listed_by_slug_for_static_builds(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    for slug in ("uses", "about", "now"):
        await make.live(owner, "pages", slug=slug, lang="id" if slug == "now" else "en")
    found = (await reader.get(PUBLIC, params={"total": "true"})).json()
    assert [item["slug"] for item in found["items"]] == ["about", "now", "uses"]
    assert found["page"]["total"] == 3
    assert set(found["items"][0]) == {
        "id", "slug", "lang", "title", "published_at", "updated_at", "url",
    }  # fmt: skip
    first = await reader.get(PUBLIC, params={"limit": 2})
    second = (await reader.get(first.links["next"]["url"])).json()
    assert [item["slug"] for item in second["items"]] == ["uses"]
    narrowed = (await reader.get(PUBLIC, params={"lang": "id"})).json()
    assert [item["slug"] for item in narrowed["items"]] == ["now"]
    refused = await reader.get(PUBLIC, params={"featured": "true"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "featured")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"featured": True}, "featured"),
        ({"seo": {"title": "x" * 121}}, "seo.title"),
        ({"seo": {"description": "x" * 301}}, "seo.description"),
        ({"seo": {"canonical_url": "javascript:alert(1)"}}, "seo.canonical_url"),
        ({"seo": {"no_index": "yes"}}, "seo.no_index"),
        ({"seo": {"robots": "x"}}, "seo.robots"),
        ({"seo": "x"}, "seo"),
    ],
)
async def test_a_wrong_field_is_named(
    change: dict[str, Any], field: str, owner: httpx.AsyncClient
) -> None:
    made = await make.draft(owner, "pages")
    refused = await owner.patch(f"{ADMIN}/{made['id']}", json=change, headers=make.if_match(made))
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]


async def test_a_scheduled_change_keeps_what_readers_see(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    live = await make.live(owner, "pages", slug="now", markdown="Before.")
    edited = await owner.patch(
        f"{ADMIN}/{live['id']}", json={"markdown": "After."}, headers=make.if_match(live)
    )
    planned = await make.verb(
        owner, edited.json(), "publish", {"at": "2099-01-01T00:00:00Z"}, "pages"
    )
    assert planned["change_at"] == "2099-01-01T00:00:00Z"
    assert "Before." in (await reader.get(f"{PUBLIC}/now")).json()["html"]
    assert "After." not in (await reader.get(f"{PUBLIC}/now")).text

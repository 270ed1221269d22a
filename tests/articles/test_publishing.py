"""Writing and publishing articles, as an author and as a reader."""

import httpx

from tests import make

ADMIN = "/api/v1/admin/articles"
PUBLIC = "/api/v1/articles"


async def test_a_published_article_can_be_read(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    author = await make.profile(owner, name="Rani Wulandari")
    made = await make.published(
        owner,
        title="Apa itu indeks?",
        lang="id",
        markdown="## Dasar\n\nTeks *miring*.\n",
        author_slugs=[author["slug"]],
        tag_slugs=["Basis Data", "MongoDB"],
    )

    found = (await reader.get(f"{PUBLIC}/{made['slug']}")).json()

    assert found["slug"] == "apa-itu-indeks"
    assert found["lang"] == "id"
    assert "<em>miring</em>" in found["html"]
    assert found["toc"][0]["title"] == "Dasar"
    assert found["authors"] == [
        {"slug": "rani-wulandari", "name": "Rani Wulandari", "avatar": None}
    ]
    assert found["tags"] == [
        {"slug": "basis-data", "name": "Basis Data"},
        {"slug": "mongodb", "name": "MongoDB"},
    ]
    assert found["url"] == "https://juri.example/articles/apa-itu-indeks"


async def test_editing_a_published_article_leaves_what_readers_see(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.published(owner, title="One", markdown="First.")

    edited = await owner.patch(
        f"{ADMIN}/{made['id']}", json={"markdown": "Second."}, headers=make.if_match(made)
    )

    assert edited.json()["has_unpublished_changes"] is True
    assert edited.json()["live"]["markdown"] == "First."
    assert "First." in (await reader.get(f"{PUBLIC}/one")).json()["html"]
    again = await make.verb(owner, edited.json(), "publish")
    assert again["has_unpublished_changes"] is False
    assert again["published_at"] == made["published_at"]
    assert "Second." in (await reader.get(f"{PUBLIC}/one")).json()["html"]

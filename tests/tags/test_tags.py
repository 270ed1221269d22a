"""Tags: made by being used, shown only when something public carries them."""

import httpx

from tests import make

ADMIN = "/api/v1/admin/tags"
PUBLIC = "/api/v1/tags"


async def test_a_tag_counts_its_public_articles_alone(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.published(owner, tag_slugs=["Basis Data"])
    await make.published(owner, tag_slugs=["basis-data", "API"])
    await make.article(owner, tag_slugs=["Basis Data", "Secret plan"])
    found = (await reader.get(PUBLIC)).json()["items"]
    assert found == [
        {"slug": "api", "name": "API", "description": "", "articles_count": 1},
        {"slug": "basis-data", "name": "Basis Data", "description": "", "articles_count": 2},
    ]
    assert (await reader.get(f"{PUBLIC}/api")).json()["articles_count"] == 1
    assert (await reader.get(f"{PUBLIC}/secret-plan")).status_code == 404
    slugs = [item["slug"] for item in (await owner.get(ADMIN)).json()["items"]]
    assert slugs == ["api", "basis-data", "secret-plan"]


async def test_names_that_mean_one_tag_become_one(owner: httpx.AsyncClient) -> None:
    made = await make.article(owner, tag_slugs=["Web API", "web-api", "WEB  API"])
    assert made["tag_slugs"] == ["web-api"]


async def test_a_tag_without_letters_is_refused_by_place(owner: httpx.AsyncClient) -> None:
    answer = await owner.post(
        "/api/v1/admin/articles", json={"title": "x", "tag_slugs": ["ok", "!!!"]}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "tag_slugs.1"


async def test_making_a_tag_twice_answers_the_same_tag(owner: httpx.AsyncClient) -> None:
    first = await owner.post(ADMIN, json={"name": "Nginx"})
    again = await owner.post(ADMIN, json={"name": "NGINX"})
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()


async def test_renaming_an_unknown_tag_is_404(owner: httpx.AsyncClient) -> None:
    answer = await owner.patch(f"{ADMIN}/nothing", json={"name": "x"}, headers={"If-Match": '"1"'})
    assert answer.status_code == 404


async def test_the_public_list_pages_over_tags_that_nobody_sees(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    for number in range(9):
        name = f"tag {number}"
        if number % 2:
            await make.article(owner, tag_slugs=[name])
        else:
            await make.published(owner, tag_slugs=[name])
    seen: list[str] = []
    path = f"{PUBLIC}?limit=2"
    while path:
        answer = await reader.get(path)
        seen += [item["slug"] for item in answer.json()["items"]]
        path = answer.links.get("next", {}).get("url", "")
    assert seen == ["tag-0", "tag-2", "tag-4", "tag-6", "tag-8"]

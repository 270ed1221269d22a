"""Author profiles: public at once, changed at once, hidden on demand."""

import asyncio
from typing import Any

import httpx
import pytest

from tests import make

ADMIN = "/api/v1/admin/profiles"
PUBLIC = "/api/v1/profiles"
WHOLE = {
    "name": "Rani Wulandari",
    "headline": "Backend developer",
    "bio_markdown": "I like *quiet* systems.",
    "lang": "en",
    "location": "Bandung",
    "since": 2014,
    "links": [{"kind": "github", "url": "https://example.com/rani", "label": "code"}],
    "skills": [{"name": "Python", "level": "expert", "keywords": ["asyncio"]}],
    "experience": [
        {
            "organisation": "Toko Contoh",
            "role": "Engineer",
            "start": "2018-03",
            "end": None,
            "summary": "Payments.",
            "url": "https://example.com/",
            "highlights": ["Settled 3 million payments"],
        }
    ],
    "education": [
        {
            "organisation": "Kampus Contoh",
            "area": "Informatics",
            "degree": "S.Kom.",
            "start": "2010",
            "end": "2014",
            "url": None,
            "score": "3.9",
            "courses": ["Databases"],
        }
    ],
    "volunteer": [
        {
            "organisation": "Kelas Contoh",
            "role": "Mentor",
            "start": "2020",
            "end": None,
            "summary": "Evenings.",
            "url": None,
            "highlights": [],
        }
    ],
    "certificates": [{"name": "MongoDB DBA", "issuer": "Contoh", "date": "2021-05", "url": None}],
    "talks": [
        {
            "title": "Keyset pagination",
            "event": "PyCon Contoh",
            "date": "2023-11-18",
            "url": "https://example.com/talk",
            "summary": "Forty minutes.",
        }
    ],
    "publications": [
        {"name": "Buku", "publisher": "P", "date": "2022", "url": None, "summary": ""}
    ],
    "awards": [{"title": "Best", "awarder": "A", "date": None, "summary": ""}],
    "languages": [{"language": "Indonesia", "fluency": "Native"}],
}
SECTIONS = (
    "links", "skills", "experience", "education", "volunteer", "certificates", "talks",
    "publications", "awards", "languages",
)  # fmt: skip


async def test_a_profile_is_public_at_once_and_whole(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.profile(owner, **WHOLE)
    assert made["slug"] == "rani-wulandari"
    assert made["status"] == "published"
    found = (await reader.get(f"{PUBLIC}/rani-wulandari")).json()
    for name in ("headline", "lang", "location", "since", *SECTIONS):
        assert found[name] == WHOLE[name]
        assert made[name] == WHOLE[name]
    assert found["avatar"] is None
    assert "account_id" not in found
    assert found["bio_html"] == "<p>I like <em>quiet</em> systems.</p>\n"
    assert found["articles_count"] == 0
    assert found["url"] == "https://juri.example/authors/rani-wulandari"
    assert "bio_markdown" not in found


async def test_a_change_shows_at_once_and_the_old_slug_leads_on(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.profile(owner, name="Before", bio_markdown="One.")
    changed = await owner.patch(
        f"{ADMIN}/{made['id']}",
        json={"slug": "after", "bio_markdown": "Two."},
        headers=make.if_match(made),
    )
    assert changed.json()["revision"] == 2
    assert "Two." in (await reader.get(f"{PUBLIC}/after")).json()["bio_html"]
    moved = await reader.get(f"{PUBLIC}/before")
    assert (moved.status_code, moved.headers["location"]) == (308, f"{PUBLIC}/after")


async def test_renaming_takes_articles_and_their_drafts_along_in_one_step(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.profile(owner, name="Rani")
    live = await make.published(owner, title="Live", author_slugs=["rani"])
    draft = await make.article(owner, title="Draft", author_slugs=["rani"])
    await owner.patch(f"{ADMIN}/{made['id']}", json={"slug": "rani-w"}, headers=make.if_match(made))
    for article in (live, draft):
        found = (await owner.get(f"/api/v1/admin/articles/{article['id']}")).json()
        assert found["author_slugs"] == ["rani-w"]
        assert found["has_unpublished_changes"] is False
    # Whoever saw the old revision must look again: a save would bring the old slug back.
    stale = await owner.patch(
        f"/api/v1/admin/articles/{draft['id']}", json={"title": "x"}, headers=make.if_match(draft)
    )
    assert stale.status_code == 412
    assert (await reader.get(f"{PUBLIC}/rani-w")).json()["articles_count"] == 1


async def test_of_two_editors_one_wins(owner: httpx.AsyncClient) -> None:
    made = await make.profile(owner)
    answers = await asyncio.gather(
        *(
            owner.patch(
                f"{ADMIN}/{made['id']}",
                json={"headline": f"h{number}", "slug": f"s{number}"},
                headers=make.if_match(made),
            )
            for number in range(3)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    lost = next(answer.json() for answer in answers if answer.status_code == 412)
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    assert lost["current"] == won


async def test_a_taken_slug_is_refused_by_name(owner: httpx.AsyncClient) -> None:
    await make.profile(owner, name="One")
    other = await make.profile(owner, name="Two")
    for answer in (
        await owner.post(ADMIN, json={"name": "x", "slug": "one"}),
        await owner.patch(
            f"{ADMIN}/{other['id']}", json={"slug": "one"}, headers=make.if_match(other)
        ),
    ):
        assert answer.status_code == 409
        assert answer.json()["errors"][0]["field"] == "slug"


async def test_a_removed_profile_leaves_its_articles(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.profile(owner, name="Gone")
    await make.published(owner, title="A", author_slugs=["gone"])
    target, seen = f"{ADMIN}/{made['id']}", make.if_match(made)
    refused = await owner.request("DELETE", target, headers=seen)
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    usage = (await owner.get(f"{target}/usage")).json()
    assert refused.json()["usage"] == usage
    assert (usage["count"], usage["published"], usage["examples"][0]["title"]) == (1, 1, "A")
    answer = await owner.request("DELETE", f"{target}?force=true", headers=seen)
    assert answer.status_code == 204
    assert (await reader.get(f"{PUBLIC}/gone")).status_code == 404
    assert (await reader.get("/api/v1/articles/a")).json()["authors"] == []


async def test_another_profile_takes_the_articles_of_a_removed_one_over(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made, heir = await make.profile(owner, name="Gone"), await make.profile(owner, name="Heir")
    both = await make.published(owner, title="Both", author_slugs=["heir", "gone"])
    await make.published(owner, title="A", author_slugs=["gone"])
    target, seen = f"{ADMIN}/{made['id']}", make.if_match(made)
    for wrong in ("gone", "nobody"):
        refused = await owner.request("DELETE", f"{target}?replace_with={wrong}", headers=seen)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "replace_with"
    answer = await owner.request("DELETE", f"{target}?replace_with=heir", headers=seen)
    assert answer.status_code == 204
    for slug in ("a", "both"):
        authors = (await reader.get(f"/api/v1/articles/{slug}")).json()["authors"]
        assert [author["slug"] for author in authors] == ["heir"]
    stale = await owner.patch(
        f"/api/v1/admin/articles/{both['id']}", json={"title": "x"}, headers=make.if_match(both)
    )
    assert stale.status_code == 412
    assert (await owner.get(f"{ADMIN}/{heir['id']}")).json()["revision"] == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"slug": "Not A Slug"}, "slug"),
        ({"slug": "dot.ted"}, "slug"),
        ({"lang": "english"}, "lang"),
        ({"since": "2014"}, "since"),
        ({"links": [{"url": "javascript:alert(1)"}]}, "links.0.url"),
        ({"links": [{"url": "https://x.example/", "kind": "pager"}]}, "links.0.kind"),
        (
            {"experience": [{"organisation": "x", "role": "y", "start": "March"}]},
            "experience.0.start",
        ),
        ({"skills": [{"name": "x", "years": 3}]}, "skills.0.years"),
        ({"password": "x"}, "password"),
    ],
)
async def test_bad_input_is_named(
    change: dict[str, Any], field: str, owner: httpx.AsyncClient
) -> None:
    made = await make.profile(owner)
    for answer in (
        await owner.post(ADMIN, json={"name": "x", **change}),
        await owner.patch(f"{ADMIN}/{made['id']}", json=change, headers=make.if_match(made)),
    ):
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field


async def test_the_public_list_goes_by_name_in_pages(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    for name in ("Cici", "Ani", "Budi"):
        await make.profile(owner, name=name)
    first = await reader.get(f"{PUBLIC}?limit=2")
    assert [item["name"] for item in first.json()["items"]] == ["Ani", "Budi"]
    second = await reader.get(first.links["next"]["url"])
    assert [item["name"] for item in second.json()["items"]] == ["Cici"]
    back = await reader.get(second.links["prev"]["url"])
    assert [item["name"] for item in back.json()["items"]] == ["Ani", "Budi"]


async def test_json_ld_tells_who_the_person_is(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.profile(
        owner,
        name="Rani </script>",
        slug="rani",
        headline="Backend developer",
        lang="id",
        links=[
            {"kind": "github", "url": "https://github.com/rani"},
            {"kind": "email", "url": "mailto:rani@example.com"},
        ],
        skills=[{"name": "Databases"}],
        experience=[
            {"organisation": "Warung Data", "role": "Lead", "start": "2019"},
            {"organisation": "Before", "role": "Junior", "start": "2014", "end": "2019"},
        ],
    )
    found = (await reader.get("/api/v1/profiles/rani")).json()["json_ld"]
    url = "https://juri.example/authors/rani"
    assert (found["@context"], found["@type"]) == ("https://schema.org", "ProfilePage")
    assert (found["url"], found["inLanguage"]) == (url, "id")
    assert found["mainEntity"] == {
        "@type": "Person",
        "@id": f"{url}#person",
        "name": "Rani </script>",
        "url": url,
        "description": "Backend developer",
        "jobTitle": "Lead",
        "worksFor": [{"@type": "Organization", "name": "Warung Data"}],
        "knowsAbout": ["Databases"],
        "sameAs": ["https://github.com/rani"],
    }
    assert [step["item"] for step in found["breadcrumb"]["itemListElement"]] == [
        "https://juri.example/",
        url,
    ]

"""What is a project's own: how the work stands, days, technologies, links, the order of lists."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.core import db
from cms.projects.documents import order_of
from tests import make

ADMIN = "/api/v1/admin/projects"
PUBLIC = "/api/v1/projects"
WHOLE: dict[str, Any] = {
    "title": "Lontar",
    "lang": "en",
    "summary": "A CMS.",
    "markdown": "## Why\n\nPalm *leaves*.\n",
    "role": "Author",
    "project_status": "paused",
    "started_on": "2025-08-17",
    "ended_on": "2025-08-17",
    "technologies": ["Python", "C++", "Node.js"],
    "links": [{"kind": "source", "url": "https://example.com/lontar"}],
    "featured": True,
    "position": 3,
}


def _past(days: int) -> str:
    return (db.now() - timedelta(days=days)).isoformat()


async def _titles(reader: httpx.AsyncClient, **params: str) -> list[str]:
    answer = await reader.get(PUBLIC, params=params)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


async def test_a_project_is_read_as_it_was_written(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.draft(owner, "projects", **WHOLE)
    assert {name: made[name] for name in WHOLE} == WHOLE
    assert made["status"] == "draft"
    live = await make.verb(owner, made, "publish", kinds="projects")
    assert (live["status"], live["project_status"]) == ("published", "paused")
    assert live["has_unpublished_changes"] is False
    assert live["live"]["project_status"] == "paused"

    read = (await reader.get(f"{PUBLIC}/lontar")).json()
    assert read["status"] == "paused"
    assert "project_status" not in read
    same = WHOLE.keys() - {"markdown", "project_status"}
    assert {name: read[name] for name in same} == {name: WHOLE[name] for name in same}
    assert "<em>leaves</em>" in read["html"]
    assert (read["cover"], read["gallery"]) == (None, [])
    assert read["url"] == "https://juri.example/projects/lontar"
    listed = (await reader.get(PUBLIC)).json()["items"][0]
    alone = {"html", "og_image", "translations"}
    assert listed == {name: value for name, value in read.items() if name not in alone}


async def test_a_project_needs_only_a_title(owner: httpx.AsyncClient) -> None:
    made = await make.draft(owner, "projects", title="x")
    assert (made["project_status"], made["position"], made["featured"]) == ("active", 0, False)
    assert (made["started_on"], made["ended_on"], made["technologies"]) == (None, None, [])


async def test_lists_go_by_position_then_newest(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    for title, position, days in (
        ("E", 10, 1), ("D", 2, 9), ("C", 2, 3), ("B", 0, 5), ("A", 0, 4),
    ):  # fmt: skip
        await make.live(owner, "projects", title=title, position=position, at=_past(days))
    assert await _titles(reader) == ["A", "B", "C", "D", "E"]

    forward, back, target = [], "", f"{PUBLIC}?limit=2"
    while target:
        answer = await reader.get(target)
        forward.append([item["title"] for item in answer.json()["items"]])
        target = answer.links.get("next", {}).get("url", "")
        back = answer.links.get("prev", {}).get("url", "")
    assert forward == [["A", "B"], ["C", "D"], ["E"]]
    before = (await reader.get(back)).json()
    assert [item["title"] for item in before["items"]] == ["C", "D"]
    assert await _titles(reader, limit="2", page="3") == ["E"]


async def test_a_new_position_takes_effect_when_it_is_published(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    first = await make.live(owner, "projects", title="First", position=1)
    await make.live(owner, "projects", title="Second", position=2)
    moved = await owner.patch(
        f"{ADMIN}/{first['id']}", json={"position": 3}, headers=make.if_match(first)
    )
    assert await _titles(reader) == ["First", "Second"]
    await make.verb(owner, moved.json(), "publish", kinds="projects")
    assert await _titles(reader) == ["Second", "First"]


def test_the_order_is_that_of_position_then_newest_even_at_the_ends_of_time() -> None:
    old = db.NEVER.replace(year=1)
    moments = [db.NEVER, db.now(), db.now() - timedelta(milliseconds=1), old]
    orders = [order_of(position, at) for position in (0, 9, 10, 9_999_999) for at in moments]
    assert orders == sorted(orders)
    assert len({len(order) for order in orders}) == 1


async def test_filters_narrow_and_combine(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.live(owner, "projects", title="A", technologies=["C++"], featured=True, lang="id")
    await make.live(owner, "projects", title="B", technologies=["C", "c++"], position=1)
    await make.live(owner, "projects", title="C", technologies=["Node.js"], position=2)
    assert await _titles(reader, technology="c++") == ["A", "B"]
    assert await _titles(reader, technology="C") == ["B"]
    assert await _titles(reader, technology="NODE.JS") == ["C"]
    assert await _titles(reader, featured="true") == ["A"]
    assert await _titles(reader, featured="false") == ["B", "C"]
    assert await _titles(reader, lang="id", technology="C++") == ["A"]
    assert await _titles(reader, technology="Rust") == []
    found = (await reader.get(PUBLIC, params={"technology": "C++", "total": "true"})).json()
    assert found["page"]["total"] == 2
    assert "total" not in (await reader.get(PUBLIC)).json()["page"]


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("technology=", 422, "technology"),
        ("technology=" + "x" * 121, 422, "technology"),
        ("featured=perhaps", 422, "featured"),
        ("lang=x", 422, "lang"),
        ("limit=0", 422, "limit"),
        ("tag=x", 400, "tag"),
        ("cursor=x", 400, "cursor"),
        ("lang=id&lang=en", 400, "lang"),
    ],
)
async def test_a_wrong_query_is_refused_by_name(
    query: str, status: int, field: str, reader: httpx.AsyncClient
) -> None:
    refused = await reader.get(f"{PUBLIC}?{query}")
    assert refused.status_code == status
    assert refused.json()["errors"][0]["field"] == field


async def test_technologies_are_told_apart_by_letters_alone(owner: httpx.AsyncClient) -> None:
    made = await make.draft(
        owner, "projects", technologies=["Python", "Go", "python", "Go", "PYTHON"]
    )
    assert made["technologies"] == ["Python", "Go"]


LINK = {"kind": "demo", "url": "https://example.com/"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"project_status": "published"}, "project_status"),
        ({"started_on": "2025-02-30"}, "started_on"),
        ({"started_on": "1706659200"}, "started_on"),
        ({"started_on": "2025-01-01T00:00:00Z"}, "started_on"),
        ({"started_on": 20250101}, "started_on"),
        ({"started_on": "2025-01-02", "ended_on": "2025-01-01"}, "ended_on"),
        ({"technologies": "Python"}, "technologies"),
        ({"technologies": ["x" * 121]}, "technologies.0"),
        ({"technologies": [""]}, "technologies.0"),
        ({"technologies": [str(number) for number in range(51)]}, "technologies"),
        ({"links": [{**LINK, "url": "javascript:alert(1)"}]}, "links.0.url"),
        ({"links": [{**LINK, "kind": "blog"}]}, "links.0.kind"),
        ({"links": [LINK] * 31}, "links"),
        ({"links": [{**LINK, "label": "x"}]}, "links.0.label"),
        ({"position": -1}, "position"),
        ({"position": 10**7}, "position"),
        ({"position": 1.5}, "position"),
        ({"featured": "yes"}, "featured"),
        ({"role": "x" * 121}, "role"),
        ({"summary": "x" * 2001}, "summary"),
        ({"cover": None}, "cover"),
    ],
)
async def test_a_wrong_field_is_named(
    change: dict[str, Any], field: str, owner: httpx.AsyncClient
) -> None:
    made = await make.draft(owner, "projects")
    created = await owner.post(ADMIN, json={"title": "x", **change})
    assert created.status_code == 422
    assert [error["field"] for error in created.json()["errors"]] == [field]
    if change == {"cover": None}:  # null clears what is not there
        return
    patched = await owner.patch(f"{ADMIN}/{made['id']}", json=change, headers=make.if_match(made))
    assert patched.status_code == 422
    assert [error["field"] for error in patched.json()["errors"]] == [field]


async def test_an_end_before_the_start_is_seen_across_patches(owner: httpx.AsyncClient) -> None:
    made = await make.draft(owner, "projects", started_on="2025-01-02")
    refused = await owner.patch(
        f"{ADMIN}/{made['id']}", json={"ended_on": "2025-01-01"}, headers=make.if_match(made)
    )
    assert refused.status_code == 422
    cleared = await owner.patch(
        f"{ADMIN}/{made['id']}",
        json={"started_on": None, "ended_on": "2025-01-01"},
        headers=make.if_match(made),
    )
    assert (cleared.status_code, cleared.json()["started_on"]) == (200, None)


async def test_the_address_of_a_project_is_the_sites(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    patterns = {"project": {"*": "/work/{slug}", "id": "/karya/{slug}"}}
    changed = await owner.patch(
        "/api/v1/admin/site",
        json={"title": "Site", "url_patterns": patterns},
        headers={"If-Match": '"0"'},
    )
    assert changed.status_code == 200, changed.text
    await make.live(owner, "projects", title="A", lang="id")
    read = (await reader.get(f"{PUBLIC}/a")).json()
    assert read["url"] == "https://juri.example/karya/a"


async def test_the_second_read_is_304(owner: httpx.AsyncClient, reader: httpx.AsyncClient) -> None:
    await make.live(owner, "projects", title="Etag")
    for path in (PUBLIC, f"{PUBLIC}/etag", f"{PUBLIC}/etag.md"):
        first = await reader.get(path)
        again = await reader.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")

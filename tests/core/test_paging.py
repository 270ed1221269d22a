"""Lists and query strings: cursors that hold still, bounds, a grammar that knows no strangers."""

import base64
import json
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from tests import make
from tests.core.test_http import fields, is_problem

PUBLIC = "/api/v1/articles"
LISTS = [
    PUBLIC, "/api/v1/profiles", "/api/v1/tags", "/api/v1/admin/articles", "/api/v1/admin/profiles",
    "/api/v1/admin/tags",
]  # fmt: skip
TIMED = {PUBLIC, "/api/v1/admin/articles"}
ID = "6b02e7657e5c58885973a2b5"


def packed(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


async def _five(owner: httpx.AsyncClient) -> list[str]:
    """Five articles, profiles and tags; two articles share their second."""
    days = ["01", "02", "03", "03", "04"]
    for number, day in enumerate(days):
        await make.published(
            owner,
            slug=f"a{number}",
            at=f"2026-01-{day}T00:00:00Z",
            tag_slugs=[f"t{number}"],
            author_slugs=[(await make.profile(owner, name=f"P{number}"))["slug"]],
        )
    return [item["slug"] for item in (await owner.get(PUBLIC)).json()["items"]]


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
async def test_a_walk_forth_and_back_sees_everything_once_and_in_order(
    owner: httpx.AsyncClient, limit: int
) -> None:
    await _five(owner)
    for path in LISTS:
        whole = (await owner.get(path)).json()["items"]
        assert len(whole) == 5

        url, last = f"{path}?limit={limit}", {}
        forth: list[Any] = []
        while len(forth) <= 5:
            last = (await owner.get(url)).json()
            forth += last["items"]
            if last["page"]["next"] is None:
                break
            url = f"{path}?limit={limit}&cursor={last['page']['next']}"
        assert forth == whole

        back: list[Any] = list(last["items"])
        while last["page"]["prev"] is not None and len(back) <= 5:
            last = (await owner.get(f"{path}?limit={limit}&cursor={last['page']['prev']}")).json()
            back = last["items"] + back
        assert back == whole


async def test_a_cursor_holds_still_while_articles_are_added(owner: httpx.AsyncClient) -> None:
    whole = await _five(owner)
    first = (await owner.get(f"{PUBLIC}?limit=2")).json()
    await make.published(owner, slug="newest")
    url = f"{PUBLIC}?limit=3&cursor={first['page']['next']}"
    assert [item["slug"] for item in (await owner.get(url)).json()["items"]] == whole[2:]


@pytest.mark.parametrize("name", ["x" * 120, "\u6771" * 120, "\U0001f4a3" * 120, '"\\' * 60])
async def test_our_own_cursor_is_never_too_long(owner: httpx.AsyncClient, name: str) -> None:
    for number in range(3):
        await make.profile(owner, name=name[:-1] + str(number))
    for path in ("/api/v1/profiles", "/api/v1/admin/profiles"):
        page = (await owner.get(f"{path}?limit=1")).json()["page"]
        following = await owner.get(f"{path}?limit=1&cursor={page['next']}")
        assert following.status_code == 200
        assert len(following.json()["items"]) == 1


async def test_the_link_header_leads_to_the_next_page(owner: httpx.AsyncClient) -> None:
    await _five(owner)
    answer = await owner.get(f"{PUBLIC}?limit=2&tag=t0&total=true")
    assert "link" not in answer.headers
    answer = await owner.get(f"{PUBLIC}?limit=2&total=true")
    target = answer.headers["link"].partition("<")[2].partition(">")[0]
    assert answer.headers["link"].endswith('rel="next"')
    following = await owner.get(target)
    assert following.status_code == 200
    assert following.json()["page"]["total"] == 5
    assert 'rel="prev"' in following.headers["link"]


BAD_CURSORS = {
    "empty": "",
    "not base64": "!!!!",
    "not ASCII": "\u00e9\u00e9",
    "base64 of nothing": packed(b""),
    "base64 of noise": packed(b"\xff\x00\xfe"),
    "not JSON": packed(b"[false,"),
    "an object": packed({"a": 1, "b": 2, "c": 3}),
    "a string of three": packed("abc"),
    "too few": packed([False, 1]),
    "too many": packed([False, 1, ID, 1]),
    "direction is no boolean": packed([0, 1, ID]),
    "direction is text": packed(["false", 1, ID]),
    "id too short": packed([False, 1, ID[:-1]]),
    "id not hex": packed([False, 1, "z" * 24]),
    "id a number": packed([False, 1, 7]),
    "id an object": packed([False, 1, {"$gt": ""}]),
    "key null": packed([False, None, ID]),
    "key an object": packed([False, {"$gt": ""}, ID]),
    "key a list": packed([False, [1], ID]),
    "deep": packed(b"[" * 300),
}
BAD_TIMES = {
    "text": "2026-01-01",
    "huge": 10**17,
    "huge and negative": -(10**17),
    "more than a float": 10**300,
}


@pytest.mark.parametrize("path", LISTS)
async def test_a_cursor_that_is_none_of_ours_is_400(owner: httpx.AsyncClient, path: str) -> None:
    cursors = dict(BAD_CURSORS)
    if path in TIMED:
        cursors |= {name: packed([False, key, ID]) for name, key in BAD_TIMES.items()}
        for text in (b"NaN", b"Infinity", b"-Infinity", b"1e999"):
            cursors[text.decode()] = packed(b'[false,%s,"%s"]' % (text, ID.encode()))
    else:
        cursors["key a number"] = packed([False, 1, ID])
    for name, cursor in cursors.items():
        answer = await owner.get(path, params={"cursor": cursor})
        assert answer.status_code == 400, name
        assert fields(is_problem(answer, 400, "bad_cursor")) == ["cursor"], name


async def test_a_tampered_cursor_shows_no_more_than_the_list_does(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    seen = set(await _five(owner))
    draft = await make.article(owner, slug="secret")
    later = await make.published(owner, slug="later", at="2099-01-01T00:00:00Z")
    keys = [0, -(10**12), 10**13, 4070908800000, 1.5, True]
    for ident in (ID, draft["id"], later["id"], "f" * 24):
        for key in keys:
            for backwards in (False, True):
                cursor = packed([backwards, key, ident])
                answer = await reader.get(f"{PUBLIC}?limit=100&cursor={cursor}")
                assert answer.status_code == 200
                assert {item["slug"] for item in answer.json()["items"]} <= seen


async def test_a_cursor_of_another_list_is_no_crash(owner: httpx.AsyncClient) -> None:
    await _five(owner)
    cursors = [(await owner.get(f"{path}?limit=1")).json()["page"]["next"] for path in LISTS]
    for path in LISTS:
        for cursor in cursors:
            assert (await owner.get(f"{path}?cursor={cursor}")).status_code in {200, 400}


OUT_OF_BOUNDS = [
    ("limit", "0"), ("limit", "-1"), ("limit", "101"), ("limit", "x"), ("limit", ""),
    ("limit", "1e1"), ("limit", "9" * 5000), ("limit", "NaN"), ("limit", "1,2"), ("limit", "0x10"),
    ("page", "0"), ("page", "101"), ("page", "-1"), ("page", "1.5"), ("page", "null"),
    ("total", "2"), ("total", "maybe"), ("cursor", "A" * 1001),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), OUT_OF_BOUNDS, ids=lambda text: text[:12])
async def test_a_value_out_of_bounds_is_422_and_named(
    owner: httpx.AsyncClient, name: str, value: str
) -> None:
    for path in LISTS:
        answer = await owner.get(path, params={name: value})
        assert fields(is_problem(answer, 422)) == [name], path


async def test_limit_and_page_reach_their_bounds(owner: httpx.AsyncClient) -> None:
    await _five(owner)
    for path in LISTS:
        assert (await owner.get(f"{path}?limit=100&page=100")).json()["items"] == []
        second = (await owner.get(f"{path}?limit=2&page=2")).json()
        assert len(second["items"]) == 2
        assert second["page"]["limit"] == 2


FILTERS = [
    ("tag", ""), ("tag", "a b"), ("tag", "a/b"), ("tag", "x" * 201), ("tag", "a.b"),
    ("author", ""), ("author", "a?b"), ("lang", "e"), ("lang", "x" * 36),
    ("sort", "title"), ("sort", "$natural"), ("sort", ""), ("sort", "-_id"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), FILTERS, ids=lambda text: text[:12])
async def test_a_filter_that_can_not_be_is_422_and_named(
    reader: httpx.AsyncClient, name: str, value: str
) -> None:
    answer = await reader.get(PUBLIC, params={name: value})
    assert fields(is_problem(answer, 422)) == [name]


@pytest.mark.parametrize(
    "query",
    ["tag[$ne]=", "tag[]=a", "tag.$ne=a", "$where=1", "tag%5B%24gt%5D=", "Tag=a", "limit%00=1"],
)
async def test_an_operator_in_the_query_is_an_unknown_parameter(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, query: str
) -> None:
    await make.published(owner, tag_slugs=["a"])
    is_problem(await reader.get(f"{PUBLIC}?{query}"), 400)


@pytest.mark.parametrize("value", ["$ne", '{"$ne":""}', ".*", "^", "[$ne]", "a'||'1'=='1", "*"])
async def test_an_operator_as_a_value_is_only_text(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, value: str
) -> None:
    await make.published(owner, tag_slugs=["a"])
    answer = await reader.get(PUBLIC, params={"tag": value})
    assert answer.status_code in {200, 422}
    assert answer.status_code == 422 or answer.json()["items"] == []


async def _get_routes(served: Litestar) -> list[str]:
    routes = [route for route in served.routes if isinstance(route, HTTPRoute)]
    found = [route.path_format for route in routes if "GET" in route.methods]
    ours = [path for path in found if path.startswith(("/api/v1/", "/health"))]
    return [path.replace("{number}", "1") for path in ours]


async def test_every_route_refuses_what_it_does_not_know_by_name(
    owner: httpx.AsyncClient, served: Litestar
) -> None:
    routes = await _get_routes(served)
    assert len(routes) > 10
    for path in routes:
        found = is_problem(await owner.get(f"{path}?evil=1"), 400, "unknown_parameter")
        assert fields(found) == ["evil"], path
        assert "'evil'" in found["detail"]
        is_problem(await owner.get(f"{path}?evil"), 400, "unknown_parameter")
        repeated = is_problem(await owner.get(f"{path}?evil=1&evil=2"), 400, "repeated_parameter")
        assert fields(repeated) == ["evil"], path


@pytest.mark.parametrize("query", ["tag=%ff", "tag=%00", "%ff=1", "tag=a%00b", "tag=%ed%a0%80"])
async def test_a_query_that_is_no_text_is_400(reader: httpx.AsyncClient, query: str) -> None:
    is_problem(await reader.get(f"{PUBLIC}?{query}"), 400)


@pytest.mark.parametrize("query", ["", "&", "&&"])
async def test_an_empty_query_asks_nothing(reader: httpx.AsyncClient, query: str) -> None:
    for path in (PUBLIC, "/api/v1/site", "/health/live"):
        assert (await reader.get(f"{path}?{query}")).status_code == 200


async def test_a_repeated_parameter_is_refused_even_when_it_is_known(
    reader: httpx.AsyncClient,
) -> None:
    answer = await reader.get(f"{PUBLIC}?tag=a&tag=a")
    assert fields(is_problem(answer, 400, "repeated_parameter")) == ["tag"]

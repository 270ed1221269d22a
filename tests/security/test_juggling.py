"""Type juggling: an id is its 24 letters, a parameter its one writing, nothing that is like it."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests import make
from tests.core.test_http import is_problem
from tests.security import weak
from tests.security.aims import aims, furnish

NUMBERS = [" 15", "15 ", "+15", "015.0", "15.0", "1_5", "1e1", "0x0f", "\uff11\uff15", "15a",
           "\u0661\u0665", "", "NaN", "Infinity", "true", "[15]", "null", "9" * 30, "\u00b2",
           "--15"]  # fmt: skip
BOOLEANS = [
    "True",
    "TRUE",
    "1",
    "0",
    "yes",
    "on",
    "y",
    "t",
    " true",
    "true ",
    "[]",
    "null",
    "",
    "2",
]
# What other values could be taken for: the last ones are the same in another's eyes.
IDS = ["0", "1", "true", "null", "undefined", "NaN", "[object Object]", "0e1234", "0x1", "{}", "[]"]


def disguises(ident: str) -> list[str]:
    """An id that is there, as another type or another text of the same number."""
    return [
        f'["{ident}"]', f'{{"$oid":"{ident}"}}', f'{{"$eq":"{ident}"}}', f'"{ident}"', f"'{ident}'",
        f"ObjectId({ident})", f" {ident}", f"{ident} ", f"0x{ident}", str(int(ident, 16)),
        ident[:-1] + chr(ord(ident[-1]) + 0xFEE0), f"{ident}.0", f"{ident}\0", f"{ident}\n",
        f"0{ident}", ident.encode().hex(), f"{ident},{ident}",
    ]  # fmt: skip


async def test_an_id_is_nothing_but_its_letters(owner: httpx.AsyncClient) -> None:
    places = await furnish(owner)
    owner.event_hooks = {"response": []}
    tried = 0
    for kind in ("articles", "pages", "projects", "profiles", "redirects"):
        ident = places[kind]
        assert (await owner.get(f"/api/v1/admin/{kind}/{ident}")).status_code == 200
        for sent in [*IDS, *disguises(ident)]:
            path = f"/api/v1/admin/{kind}/{quote(sent, safe='')}"
            is_problem(await owner.get(path), 404, "not_found")
            answer = await owner.patch(path, json={}, headers={"If-Match": '"1"'})
            is_problem(answer, 404, "not_found")
            tried += 1
    assert tried > 100


async def test_a_router_that_juggles_finds_it_all_the_same() -> None:
    ident = "674000000000000000000001"
    async with weak.client(weak.finds_by_any_type([{"id": ident}, {"id": "0"}])) as client:
        found = [
            sent
            for sent in [*IDS, *disguises(ident)]
            if (await client.get(f"/{quote(sent, safe='')}")).status_code == 200
        ]
    assert f'["{ident}"]' in found
    assert "0e1234" in found


@pytest.mark.parametrize("value", NUMBERS)
async def test_a_number_has_one_writing(reader: httpx.AsyncClient, value: str) -> None:
    answer = await reader.get("/api/v1/articles", params={"limit": value})
    found = is_problem(answer, 422)
    assert [item["field"] for item in found["errors"]] == ["limit"]


@pytest.mark.parametrize("value", BOOLEANS)
async def test_a_boolean_has_one_writing(reader: httpx.AsyncClient, value: str) -> None:
    answer = await reader.get("/api/v1/articles", params={"total": value})
    found = is_problem(answer, 422)
    assert [item["field"] for item in found["errors"]] == ["total"]


async def test_every_number_and_boolean_of_every_route_does(owner: httpx.AsyncClient) -> None:
    places = await furnish(owner)
    owner.event_hooks = {"response": []}
    tried = 0
    for aim in aims():
        for parameter in aim.operation.get("parameters", []):
            kinds = _types(parameter["schema"])
            if parameter["in"] != "query" or not kinds & {"integer", "boolean"}:
                continue
            value = "1_5" if "integer" in kinds else "on"
            answer = await owner.request(
                aim.method, aim.at(places), params={parameter["name"]: value}
            )
            assert answer.status_code in {422, 428}, (aim.name, parameter["name"])
            tried += 1
    assert tried > 40


def _types(schema: dict[str, Any]) -> set[str]:
    return {schema.get("type", ""), *(item.get("type", "") for item in schema.get("anyOf", []))}


async def test_a_revision_has_one_writing(owner: httpx.AsyncClient) -> None:
    made = await make.article(owner)
    path = f"/api/v1/admin/articles/{made['id']}"
    for sent in (
        "1",
        "'1'",
        '"1.0"',
        '"01x"',
        '"+1"',
        '"1","2"',
        '"\u0661"',
        "*",
        '""',
        '"-1"',
        '"0x1"',
    ):
        answer = await owner.patch(path, json={}, headers=[(b"if-match", sent.encode())])
        is_problem(answer, 400, "bad_if_match")

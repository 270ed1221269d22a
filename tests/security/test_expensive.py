"""Expensive requests: what one request may cost is bounded, whatever it asks for."""

from typing import Any

import httpx
import pytest
from pymongo import monitoring

from cms.core import db
from cms.core.db import Database
from tests import make
from tests.core.test_http import is_problem
from tests.security import weak
from tests.security.aims import Aim, aims, furnish

LISTS = [aim for aim in aims() if "limit" in aim.parameters]
TOO_MUCH = {"limit": ["0", "-1", "101", "1000000", "9" * 30], "page": ["0", "-1", "101", "1000000"]}
MOST_QUERIES = 8  # of any read; a test of each kind's own number stands beside it


class Commands(monitoring.CommandListener):
    """Every command that clients made after it was registered send, while it listens."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.is_on = False

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.is_on and event.command_name not in {"hello", "endSessions", "killCursors"}:
            self.seen.append(event.command)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


async def test_no_list_gives_more_than_a_hundred(owner: httpx.AsyncClient) -> None:
    places = await furnish(owner)
    assert len(LISTS) > 20
    for aim in LISTS:
        await _is_bounded(owner, aim, places)


async def _is_bounded(owner: httpx.AsyncClient, aim: Aim, places: dict[str, str]) -> None:
    needed = {"q": "coffee"} if aim.path.endswith("/search") else {}
    asked = {name: values for name, values in TOO_MUCH.items() if name in aim.parameters}
    assert "limit" in asked
    for name, values in asked.items():
        for value in values:
            answer = await owner.get(aim.at(places), params={name: value, **needed})
            problem = is_problem(answer, 422)
            assert [item["field"] for item in problem["errors"]] == [name]


async def test_a_list_without_a_limit_gives_all_there_is(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: Database
) -> None:
    made = await make.published(owner, title="One")
    row = await database["articles"].find_one({})
    assert row is not None
    await database["articles"].insert_many(
        [
            {**row, "_id": f"{number:024}", "slugs": [f"s{number}"], "group_id": f"g{number}"}
            for number in range(150)
        ]
    )
    async with weak.client(weak.blog(database)) as client:
        listed = await client.get("/api/v1/articles?limit=1000000")
    assert len(listed.json()["items"]) == 151
    ours = (await reader.get("/api/v1/articles", params={"limit": 100})).json()
    assert len(ours["items"]) <= 100
    assert made["id"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"fields": ",".join(["title"] * 200)}, "fields"),
        ({"fields": "title," * 90}, "fields"),
        ({"include": "html,html,html"}, "include"),
        ({"include": "authors.articles.authors.articles"}, "include"),
        ({"include": "*"}, "include"),
        ({"q": "a " * 200}, "q"),
        ({"tag": "a" * 300}, "tag"),
        ({"sort": "title,title,title"}, "sort"),
        ({"cursor": "A" * 5000}, "cursor"),
    ],
    ids=str,
)
async def test_no_parameter_makes_a_read_deeper_or_longer(
    reader: httpx.AsyncClient, query: dict[str, str], field: str
) -> None:
    problem = is_problem(await reader.get("/api/v1/articles", params=query), 422)
    assert {item["field"].partition(".")[0] for item in problem["errors"]} == {field}


async def test_the_words_of_a_search_are_few(reader: httpx.AsyncClient) -> None:
    words = " ".join(f"w{number}" for number in range(60))
    answer = await reader.get("/api/v1/search", params={"q": words[:200]})
    assert answer.status_code in {200, 422}
    is_problem(await reader.get("/api/v1/search", params={"q": words + words}), 422)


async def test_every_command_of_a_request_has_an_end_and_there_are_few(
    database_url: str, owner: httpx.AsyncClient, served: Any, settings: Any
) -> None:
    """The driver's deadline goes along as `maxTimeMS`: the server stops, too."""
    listener = Commands()
    monitoring.register(listener)
    async with db.connected(database_url, settings.database, seconds=db.REQUEST_SECONDS) as found:
        listener.is_on = True
        await found["articles"].find({}).to_list()
        await found["articles"].aggregate([{"$match": {}}, {"$limit": 1}])
        await found["articles"].update_one({"_id": "nobody"}, {"$set": {"a": 1}})
        await found["articles"].count_documents({})
        await found["articles"].find_one_and_update({"_id": "nobody"}, {"$set": {"a": 1}})
        listener.is_on = False
    assert len(listener.seen) == 5
    for command in listener.seen:
        assert 0 < command["maxTimeMS"] <= db.REQUEST_SECONDS * 1000, command
    # The control: without seconds, as migrations have it, there is no end.
    async with db.connected(database_url, settings.database) as found:
        listener.seen.clear()
        listener.is_on = True
        await found["articles"].find({}).to_list()
        listener.is_on = False
    assert "maxTimeMS" not in listener.seen[0]


async def test_a_bulk_of_more_than_a_hundred_is_refused(owner: httpx.AsyncClient) -> None:
    items = [{"id": f"{number:024x}", "revision": 1} for number in range(101)]
    answer = await owner.post(
        "/api/v1/admin/articles/bulk", json={"verb": "publish", "items": items}
    )
    is_problem(answer, 422)

"""Operators of the database's language are text, or refused, wherever they are sent."""

import os
from typing import Any

import httpx
import pytest

from cms.core.db import Database
from tests import make
from tests.accounts.signing import sha256
from tests.security import weak
from tests.security.aims import aims, bodies, furnish, schema, seen

OPERATORS: list[dict[str, Any]] = [
    {"$ne": ""}, {"$gt": ""}, {"$regex": ".*"}, {"$where": "1"}, {"$exists": True},
    {"$in": ["", "one"]}, {"$not": {"$eq": 1}}, {"$expr": {"$eq": [1, 1]}}, {"$oid": "a" * 24},
    {"$function": {"body": "return 1", "args": [], "lang": "js"}},
]  # fmt: skip
TEXTS = ['{"$ne":""}', '{"$gt":""}', '{"$where":"1"}', "$where", "$ne", ".*", "^", "[$ne]",
         "||1==1", "';return true;//", "true, $where: '1 == 1'", "$$ROOT",
         "$working.title"]  # fmt: skip
PROVING = os.environ.get("LONTAR_PROVE") == "1"
SOME = TEXTS if PROVING else TEXTS[::6]
BRACKETED = ["{}[$ne]", "{}[$regex]", "{}.$gt", "{}[]"][:: 1 if PROVING else 2]
NOBODY = "nobodyknowsthisword"


@pytest.fixture
async def places(owner: httpx.AsyncClient) -> dict[str, str]:
    return await furnish(owner)


async def test_in_a_query_they_find_nothing_that_a_word_would_not(
    owner: httpx.AsyncClient, places: dict[str, str]
) -> None:
    owner.event_hooks = {"response": []}
    tried = 0
    for aim in aims():
        if aim.method != "GET":
            continue
        path = aim.at(places)
        for name in [*aim.parameters, "slug", "title", "$where"]:
            base = await owner.get(path, params={name: NOBODY, **_needed(path, name)})
            for text in SOME:
                answer = await owner.get(path, params={name: text, **_needed(path, name)})
                assert answer.status_code in {200, 400, 404, 422}, (path, name, text)
                if answer.status_code == 200:
                    assert base.status_code == 200, (path, name, text)
                    assert _items(answer) <= _items(base), (path, name, text)
                tried += 1
            for bracketed in (form.format(name) for form in BRACKETED):
                answer = await owner.get(path, params={bracketed: "x", **_needed(path, name)})
                assert answer.status_code == 400, (path, bracketed)
                tried += 1
    assert tried > (1000 if PROVING else 600)


def _needed(path: str, name: str) -> dict[str, str]:
    if path.endswith("/diff") and name != "to":
        return {"to": "1"}
    if path.endswith("/export") and name != "format":
        return {"format": "nginx"}
    return {"q": "coffee"} if path.endswith("/search") and name != "q" else {}


def _items(answer: httpx.Response) -> int:
    is_json = answer.headers["content-type"].startswith("application/json")
    found = answer.json() if is_json else {}
    return len(found.get("items", [])) if isinstance(found, dict) else 0


async def test_in_a_path_they_find_nothing(
    owner: httpx.AsyncClient, places: dict[str, str]
) -> None:
    owner.event_hooks = {"response": []}
    tried = 0
    for aim in aims():
        if aim.method != "GET" or "{" not in aim.path:
            continue
        for text in TEXTS:
            path = aim.path
            while "{" in path:
                before, _, rest = path.partition("{")
                path = before + str(httpx.QueryParams({"": text}))[1:] + rest.partition("}")[2]
            answer = await owner.get(path, params=_needed(path, ""))
            assert answer.status_code == 404, path
            tried += 1
    assert tried > 200


async def test_in_a_header_or_cookie_they_open_nothing(
    browser: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    browser.event_hooks = {"response": []}
    for text in TEXTS:
        for headers in (
            {"Authorization": f"Bearer {text}"},
            {"Authorization": f"Bearer[$ne] {text}"},
            {"Cookie": f"lontar={text}"},
            {"Cookie": f"lontar[$ne]={text}; lontar=j:{text}"},
            {"X-CSRF-Token": text, "Cookie": f"lontar={text}"},
        ):
            for method in ("GET", "POST"):
                answer = await browser.request(method, "/api/v1/admin/articles", headers=headers)
                assert answer.status_code in {400, 401}, headers
        keyed = {"Idempotency-Key": text.replace(" ", ""), "If-Match": text}
        made = [
            await owner.post("/api/v1/admin/pages", json={"title": text}, headers=keyed)
            for _ in range(2)
        ]
        assert made[0].json()["id"] == made[1].json()["id"]  # a key is text: the same, again
        answer = await owner.patch(
            f"/api/v1/admin/pages/{made[0].json()['id']}", json={}, headers=keyed
        )
        assert answer.status_code == 400


async def test_in_a_body_they_are_refused_at_every_field(
    owner: httpx.AsyncClient, places: dict[str, str], database: Database
) -> None:
    owner.event_hooks = {"response": []}
    tried = 0
    before = await database["articles"].find({}).to_list()
    for aim, shape in bodies():
        if "Resume" in shape.get("title", "") or aim.path.endswith("import-resume"):
            continue  # says where it lands of whatever it can't keep; see tests/profiles
        for name, field in shape["properties"].items():
            kind = schema(field).get("type")
            if kind == "object" and "additionalProperties" in schema(field):
                values: list[Any] = [[operator] for operator in OPERATORS]
            else:
                values = list(OPERATORS)
            headers = await seen(owner, aim.at(places))
            values = values[:: 1 if name in {"email", "password", "token", "slug"} else 4]
            for value in values:
                answer = await owner.request(
                    aim.method, aim.at(places), json={name: value}, headers=headers
                )
                assert answer.status_code == 422, (aim.name, name, value, answer.text)
                tried += 1
    assert tried > 300
    after = await database["articles"].find({}).to_list()
    assert [row["working"] for row in after] == [row["working"] for row in before]


async def test_a_blog_that_reads_what_it_is_sent_finds_everything(
    owner: httpx.AsyncClient, database: Database
) -> None:
    await make.published(owner, title="One")
    await database["tokens"].update_one({}, {"$set": {"digest": sha256("a secret")}})
    async with weak.client(weak.blog(database)) as reader:
        assert (await reader.get(f"/articles?_id={NOBODY}")).json()["items"] == []
        for asked in ("_id[$ne]=x", '_id={"$ne":""}', '$expr={"$eq":[1,1]}'):
            assert (await reader.get(f"/articles?{asked}")).json()["items"] == ["One"], asked
    async with weak.client(weak.by_token(database)) as reader:
        for sent, status in ((NOBODY, 401), ('{"$ne":""}', 200), ('{"$regex":".*"}', 200)):
            headers = {"Authorization": f"Bearer {sent}"}
            assert (await reader.get("/", headers=headers)).status_code == status

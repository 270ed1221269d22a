"""What an input may not be: another type, an operator, a field that only we write."""

from typing import Any

import httpx
import pytest

from cms.core.db import Database
from tests import make
from tests.core.test_http import fields, is_problem
from tests.security.inputs import INPUTS, NEEDED, NESTED, OPERATOR

ADMIN = "/api/v1/admin"


def test_every_field_of_every_input_stands_in_the_tables() -> None:
    for model, table in INPUTS.values():
        assert set(table) == set(model.model_fields), model
    for _, model, _, table in NESTED.values():
        assert set(table) == set(model.model_fields), model


class Resource:
    """Somewhere to send inputs to: by POST where there is one, by PATCH always."""

    def __init__(self, client: httpx.AsyncClient, kind: str, path: str, revision: int) -> None:
        self.client, self.kind, self.path = client, kind, path
        self.headers = {"If-Match": f'"{revision}"'}

    async def refuses(self, data: dict[str, Any], field: str) -> None:
        """422 that names the field (or what lies in it) by each way in."""
        answers = [await self.client.patch(self.path, json=data, headers=self.headers)]
        if self.kind not in {"site", "media"}:
            whole = {**NEEDED[self.kind], **data}
            answers.append(await self.client.post(f"{ADMIN}/{self.kind}", json=whole))
        for answer in answers:
            named = fields(is_problem(answer, 422))
            inside = [name for name in named if name == field or name.startswith(f"{field}.")]
            assert inside, (data, named)


async def _resource(owner: httpx.AsyncClient, kind: str) -> Resource:
    owner.event_hooks = {"response": []}  # what 422 looks like is shown once, by `is_problem`
    if kind == "site":
        return Resource(owner, kind, f"{ADMIN}/site", 0)
    if kind == "media":
        return Resource(owner, kind, f"{ADMIN}/media/{(await make.media(owner))['id']}", 1)
    made = await owner.post(f"{ADMIN}/{kind}", json=NEEDED[kind])
    assert made.status_code == 201, made.text
    return Resource(owner, kind, f"{ADMIN}/{kind}/{made.json()['id']}", 1)


@pytest.mark.parametrize("kind", INPUTS)
async def test_a_field_takes_nothing_but_what_it_is(
    owner: httpx.AsyncClient, database: Database, kind: str
) -> None:
    resource = await _resource(owner, kind)
    for field, values in INPUTS[kind][1].items():
        for value in values:
            await resource.refuses({field: value}, field)
    assert await database[kind].count_documents({}) == (0 if kind == "site" else 1)


@pytest.mark.parametrize("path", NESTED)
async def test_a_nested_field_takes_nothing_but_what_it_is(
    owner: httpx.AsyncClient, path: str
) -> None:
    kind, _, good, table = NESTED[path]
    resource = await _resource(owner, kind)
    outer, *index = path.strip().split(".")

    def around(item: dict[str, Any]) -> dict[str, Any]:
        return {outer: [item] if index else item}

    for field, values in table.items():
        for value in values:
            await resource.refuses(around({**good, field: value}), f"{path.strip()}.{field}")
    await resource.refuses(around({**good, "evil": 1}), f"{path.strip()}.evil")


OURS = {
    "articles": [
        "id", "_id", "revision", "status", "owner_id", "live", "working", "slugs", "former_slugs",
        "publish_at", "unpublish_at", "published_at", "created_at", "updated_at", "updated_by",
        "trashed_at", "html", "measures", "role", "password_hash", "__proto__", "__class__", "$set",
    ],
    "profiles": [
        "id", "_id", "revision", "status", "account_id", "is_public", "bio_html", "slugs",
        "content", "created_at", "updated_at", "updated_by", "role", "password_hash", "$set",
        "content.name",
    ],
    "site": [
        "id", "_id", "revision", "url", "updated_at", "content", "role", "$set", "title.x",
        "secret_key",
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", OURS)
async def test_what_only_we_write_can_not_be_sent(
    owner: httpx.AsyncClient, database: Database, kind: str
) -> None:
    resource = await _resource(owner, kind)
    before = await database[kind].find({}).to_list()
    for name in OURS[kind]:
        for value in ("x", None, 1, {"a": 1}):
            if value is not None:  # a patch takes null for "no such thing"
                await resource.refuses({name: value}, name)
    assert await database[kind].find({}).to_list() == before


SIGN_IN = {"email": "rani@example.com", "password": make.PASSWORD}


@pytest.mark.parametrize("field", ["email", "password"])
@pytest.mark.parametrize(
    "value",
    [
        OPERATOR,
        {"$gt": ""},
        {"$regex": ".*"},
        {"$where": "1"},
        ["a"],
        [OPERATOR],
        1,
        True,
        None,
        "",
    ],
    ids=str,
)
async def test_an_operator_is_no_way_to_sign_in(
    browser: httpx.AsyncClient, field: str, value: Any
) -> None:
    await make.account(email="rani@example.com")
    answer = await browser.post(f"{ADMIN}/session", json={**SIGN_IN, field: value})
    assert fields(is_problem(answer, 422)) == [field]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("name", ["role", "id", "remember", "$where", "account", "email.$ne"])
async def test_sign_in_takes_nothing_else(browser: httpx.AsyncClient, name: str) -> None:
    await make.account(email="rani@example.com")
    answer = await browser.post(f"{ADMIN}/session", json={**SIGN_IN, name: "owner"})
    assert fields(is_problem(answer, 422)) == [name]


@pytest.mark.parametrize(
    "at",
    [
        1, True, "", "now", "2026-01-01", "2026-01-01T00:00:00", [], {}, OPERATOR, 1e300,
        "2026-13-01T00:00:00Z", "-0001-01-01T00:00:00Z", "99999-01-01T00:00:00Z",
    ],
    ids=str,
)  # fmt: skip
async def test_a_time_that_is_none_is_refused(owner: httpx.AsyncClient, at: Any) -> None:
    made = await make.article(owner)
    for verb in ("publish", "unpublish"):
        path = f"{ADMIN}/articles/{made['id']}/{verb}"
        answer = await owner.post(path, json={"at": at}, headers=make.if_match(made))
        assert fields(is_problem(answer, 422)) == ["at"]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"])
async def test_a_time_beyond_the_calendar_is_refused(owner: httpx.AsyncClient, at: str) -> None:
    made = await make.article(owner)
    path = f"{ADMIN}/articles/{made['id']}/publish"
    answer = await owner.post(path, json={"at": at}, headers=make.if_match(made))
    assert fields(is_problem(answer, 422)) == ["at"]


@pytest.mark.parametrize("tail", ["{}", "{}/diff?to=1", "1/diff?to={}"])
async def test_a_revision_number_that_mongodb_can_not_hold_is_no_crash(
    owner: httpx.AsyncClient, tail: str
) -> None:
    owner.event_hooks = {"response": []}
    made = await make.article(owner)
    path = f"{ADMIN}/articles/{made['id']}/revisions/{tail.format(2**63)}"
    assert (await owner.get(path)).status_code in {404, 422}

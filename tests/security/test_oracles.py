"""Filters and sorts as oracles: no question about public lists has an answer that secrets move."""

import os
from random import Random

import httpx
import pytest
from beanie import Document

from cms.app import MODELS
from cms.core.db import Database
from tests import make
from tests.security import hiding, weak
from tests.security.aims import CANARY, Aim, aims
from tests.security.hiding import SECRETS, Secret

PROVING = os.environ.get("LONTAR_PROVE") == "1"
QUESTIONS = 900 if PROVING else 25  # by secret and kind: 18 times as many in all, twice
LISTS = [
    aim
    for aim in aims()
    if not aim.is_admin and aim.method == "GET" and {"limit", "tag"} & {*aim.parameters}
]
TOLD = {"X-Request-Id": "the-same-one"}


def stored_names() -> list[str]:
    """Names of what is stored, dotted where one lies in another."""
    found: set[str] = set()
    for model in MODELS:
        assert issubclass(model, Document)
        found |= set(model.model_fields)
    inner = {"working", "live", "next", "content"}
    words = ("title", "slug", "markdown", "html", "lang", "publish_at", "unpublish_at", "at")
    return sorted(found | {f"{name}.{word}" for name in inner for word in words} | {"_id", "_key"})


NAMES = stored_names()
VALUES = [
    CANARY, CANARY[:3], f"{CANARY}-tag", f"{CANARY}-slug", "a", "z", "1", "true", "null", "draft",
    "trashed", "9999-12-31", "-1", '{"$ne":""}', '{"$gt":""}', ".*", f"^{CANARY}", "open",
]  # fmt: skip
SORTS = [f"{sign}{name}" for sign in ("", "-") for name in NAMES]


def questions(seed: int, count: int) -> list[str]:
    """Questions about lists: right and wrong filters, sorts and fields, drawn evenly."""
    random = Random(seed)  # noqa: S311 - which questions are asked is no secret
    found = [f"{aim.path}?q=open" for aim in LISTS if aim.path.endswith("/search")]
    found += [aim.path for aim in LISTS]
    for _ in range(count):
        aim: Aim = random.choice(LISTS)
        asked = httpx.QueryParams()
        for _ in range(random.randint(1, 3)):
            kind = random.random()
            if kind < 0.45:
                name = random.choice(aim.parameters)
                value = random.choice(["1", "2", "100"] if name in {"limit", "page"} else VALUES)
                if name == "sort":
                    value = random.choice([*SORTS, "published_at", "-published_at"])
            elif kind < 0.6:
                name, value = "sort", random.choice(SORTS)
            elif kind < 0.75:
                name, value = "fields", random.choice(NAMES)
            elif kind < 0.9:
                name, value = random.choice(NAMES), random.choice(VALUES)
            else:
                operator = random.choice(["$gt", "$ne", "$regex", "gt", ""])
                name, value = f"{random.choice(NAMES)}[{operator}]", random.choice(VALUES)
            asked = asked.set(name, value)
        found.append(f"{aim.path}?{asked}")
    return sorted(set(found))


async def answers(reader: httpx.AsyncClient, asked: list[str]) -> dict[str, tuple[int, bytes, str]]:
    reader.event_hooks = {"response": []}
    found = {}
    for question in asked:
        answer = await reader.get(question, headers=TOLD)
        found[question] = (answer.status_code, answer.content, str(sorted(answer.headers.items())))
    return found


async def _world(owner: httpx.AsyncClient, kinds: str) -> None:
    """What readers see, the same before and after."""
    await make.live(owner, kinds, title="Open one", slug="open-one")
    await make.live(owner, kinds, title="Open two", slug="open-two")


@pytest.mark.parametrize("kinds", ["articles", "projects", "pages"])
@pytest.mark.parametrize("secret", SECRETS[:4])
async def test_no_question_has_an_answer_that_a_secret_moves(
    secret: Secret, kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await _world(owner, kinds)
    asked = questions(len(kinds) + SECRETS.index(secret), QUESTIONS)
    before = await answers(reader, asked)
    assert {status for status, _, _ in before.values()} >= {200, 400}
    await secret(owner, kinds)
    after = await answers(reader, asked)
    assert {question for question in asked if before[question] != after[question]} == set()


@pytest.mark.parametrize("kinds", ["articles", "projects", "pages"])
@pytest.mark.parametrize("secret", SECRETS[4:])
async def test_nor_one_that_a_working_copy_moves(
    secret: Secret, kinds: str, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    """The public part is made by the secret itself: asked after an edit of something else."""
    asked = questions(7, QUESTIONS)
    await make.live(owner, kinds, title="Open one", slug="open-one")
    made = await make.live(owner, kinds, title="Open", slug="open-two")
    before = await answers(reader, asked)
    path = f"/api/v1/admin/{kinds}/{made['id']}"
    change = {**hiding.content(kinds)}
    saved = await owner.patch(path, json=change, headers=make.if_match(made))
    assert saved.status_code == 200
    if secret is hiding.changing:
        await make.verb(owner, saved.json(), "publish", {"at": hiding.ahead()}, kinds)
    after = await answers(reader, asked)
    assert {question for question in asked if before[question] != after[question]} == set()


async def test_the_control_moves_answers(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    asked = questions(1, 60)
    before = await answers(reader, asked)
    await make.published(owner, **hiding.content("articles"))
    after = await answers(reader, asked)
    assert [question for question in asked if before[question] != after[question]]


async def test_a_blog_that_filters_and_sorts_by_anything_tells(
    owner: httpx.AsyncClient, database: Database
) -> None:
    """Two published articles; what hidden text stands in their working copies decides the order."""
    one = await make.published(owner, title="Open one")
    two = await make.published(owner, title="Open two")
    orders = []
    for first, second in (("aaa", "zzz"), ("zzz", "aaa")):
        for made, hidden in ((one, first), (two, second)):
            found = await owner.get(f"/api/v1/admin/articles/{made['id']}")
            await owner.patch(
                f"/api/v1/admin/articles/{made['id']}",
                json={"markdown": hidden},
                headers=make.if_match(found.json()),
            )
        async with weak.client(weak.blog(database)) as reader:
            listed = await reader.get("/api/v1/articles?sort=working.markdown")
            orders.append(listed.json()["items"])
            found_by = await reader.get(f"/api/v1/articles?working.markdown={first}")
            assert found_by.json()["items"] == ["Open one"]
    assert orders[0] != orders[1]

"""Old revisions are thinned to one a day where a setting asks for it, and never what matters."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from cms import config
from cms.core import db, ending
from cms.core.db import Database
from cms.history import thinning
from cms.history.documents import Revision
from cms.leases.documents import Lease
from tests import make

ADMIN = "/api/v1/admin/articles"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _days(*numbers: float) -> list[tuple[int, datetime]]:
    """Revisions 1, 2, … made that many days after New Year, newest first."""
    saves = [(place, NOON + timedelta(days=day)) for place, day in enumerate(numbers, 1)]
    return saves[::-1]


@pytest.mark.parametrize(
    ("saves", "published", "gone"),
    [
        ((), (), []),
        ((0, 0.1, 0.2), (), [1, 2]),  # the last of a day stays
        ((0, 1, 2), (), []),
        ((0, 0.1, 1, 1.1), (), [1, 3]),
        ((0, 0.1, 20, 20.1), (), [1]),  # the young ones stay
        ((0, 0.1, 0.2), (2,), []),
        ((0, 0.1, 0.2, 0.3), (3,), [1]),  # what was published as 3 is what was saved as 2
        ((0, 0.1, 0.2), (1,), [2]),
        ((0, 0.1, 0.2), (9,), [1, 2]),
    ],
)
def test_which_revisions_may_go(saves: Any, published: Any, gone: list[int]) -> None:
    before = NOON + timedelta(days=10)
    assert thinning.superfluous(_days(*saves), published, before) == gone


async def _written(owner: httpx.AsyncClient, database: Database, saves: int = 5) -> Any:
    """An article of so many revisions, all of one day a year ago."""
    made = await make.article(owner, slug="mine")
    for number in range(2, saves + 1):
        answer = await owner.patch(
            f"{ADMIN}/{made['id']}", json={"markdown": f"{number}"}, headers=make.if_match(made)
        )
        made = answer.json()
    await _numbers(owner, made)  # asking brings them out of the document
    await _age(database)
    return made


async def _age(database: Database) -> None:
    for name in ("revisions", "audit"):
        await database[name].update_many({}, {"$set": {"at": NOON}})


async def _numbers(owner: httpx.AsyncClient, thing: Any) -> list[int]:
    answer = await owner.get(f"{ADMIN}/{thing['id']}/revisions?limit=100")
    return [item["number"] for item in answer.json()["items"]]


async def test_old_revisions_are_thinned_to_one_a_day(
    owner: httpx.AsyncClient, database: Database
) -> None:
    made = await _written(owner, database)
    fresh = await owner.patch(
        f"{ADMIN}/{made['id']}", json={"title": "x"}, headers=make.if_match(made)
    )
    assert fresh.status_code == 200
    assert await thinning.thin_all(db.now, 30) == 4
    assert await _numbers(owner, made) == [6, 5]
    assert await thinning.thin_all(db.now, 30) == 0


async def test_what_was_published_stays(owner: httpx.AsyncClient, database: Database) -> None:
    made = await make.article(owner, markdown="1")
    for number in range(2, 8):
        if number == 4:
            made = await make.verb(owner, made, "publish")  # of revision 3
        else:
            answer = await owner.patch(
                f"{ADMIN}/{made['id']}", json={"markdown": f"{number}"}, headers=make.if_match(made)
            )
            made = answer.json()
    assert await _numbers(owner, made) == [7, 6, 5, 3, 2, 1]
    await _age(database)
    await thinning.thin_all(db.now, 30)
    assert await _numbers(owner, made) == [7, 3]


async def test_what_a_preview_link_shows_stays_as_long_as_the_link(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: Database
) -> None:
    made = await _written(owner, database)
    answer = await owner.post(f"{ADMIN}/{made['id']}/preview-links", json={"revision": 2})
    token = answer.json()["token"]
    await thinning.thin_all(db.now, 30)
    assert await _numbers(owner, made) == [5, 2]
    shown = await reader.get("/api/v1/articles/mine", params={"preview": token})
    assert shown.status_code == 200
    # The control: once the link is over, so is the revision.
    assert await thinning.thin_all(lambda: db.now() + timedelta(hours=73), 30) == 1
    assert await _numbers(owner, made) == [5]


async def test_a_pinned_revision_is_not_folded_into_its_burst(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.article(owner, slug="mine")

    async def autosave(text: str) -> None:
        answer = await owner.patch(
            f"{ADMIN}/{made['id']}/autosave",
            json={"markdown": text},
            headers=make.if_match((await owner.get(f"{ADMIN}/{made['id']}")).json()),
        )
        assert answer.status_code == 200

    await autosave("Shown.")
    assert await _numbers(owner, made) == [2, 1]
    link = await owner.post(f"{ADMIN}/{made['id']}/preview-links", json={"revision": 2})
    for text in ("Later.", "Last."):
        await autosave(text)
        await _numbers(owner, made)
    assert await _numbers(owner, made) == [4, 3, 2, 1]
    token = link.json()["token"]
    shown = await reader.get("/api/v1/articles/mine", params={"preview": token})
    assert "Shown." in shown.json()["html"]


async def test_nothing_is_thinned_unless_a_setting_says_so(
    owner: httpx.AsyncClient, database: Database
) -> None:
    assert config.load({}).revisions_keep_days == 0
    with pytest.raises(config.SettingRefused, match="CMS_REVISIONS_KEEP_DAYS must be at least 0"):
        config.load({"CMS_REVISIONS_KEEP_DAYS": "-1"})
    made = await _written(owner, database)
    await asyncio.wait_for(thinning.run(db.now, 0), timeout=10)
    assert len(await _numbers(owner, made)) == 5

    # The control: the same worker with a number of days.
    task = asyncio.create_task(thinning.run(db.now, 30, pause=0.01))
    for _ in range(500):
        if len(await _numbers(owner, made)) == 1:
            break
        await asyncio.sleep(0.01)
    assert await _numbers(owner, made) == [5]
    await ending.end([task])


async def test_one_worker_thins_while_it_has_the_lease(
    owner: httpx.AsyncClient, database: Database
) -> None:
    await _written(owner, database)
    assert await Lease.hold(thinning.NAME, "another", db.now(), thinning.LEASE)
    assert await thinning.thin_all(db.now, 30, "me") == 0
    assert len(await Revision.find({}).to_list()) == 5

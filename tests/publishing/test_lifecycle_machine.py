"""The lifecycle machine is run, reaches every state, and finds the bugs that are put in its way."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from beanie import PydanticObjectId
from hypothesis import HealthCheck, Phase, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test
from pymongo.errors import DuplicateKeyError

from cms.articles.documents import Article
from cms.core import db
from cms.core.errors import Refusal
from cms.history.documents import Event
from cms.history.entries import Entry, new_id
from cms.publishing import documents, rows
from cms.publishing.contents import taken
from tests.publishing.killing import KILLED, Lifecycle
from tests.publishing.lifecycle import BESIDE, MOVES, PROVE, START, STATUSES


async def _run(
    uncached: httpx.AsyncClient,
    database: db.Database,
    monkeypatch: pytest.MonkeyPatch,
    *,
    examples: int,
    steps: int,
    phases: tuple[Phase, ...] = tuple(Phase) if PROVE else (Phase.generate,),
) -> set[str]:
    """Run the machine in a thread, its work on this loop; what was reached."""
    clock, reached = [START], set[str]()
    for room in ("articles", "publishing"):
        monkeypatch.setattr(f"cms.{room}.public.now", lambda: clock[0])

    async def empty() -> None:
        for name in ("articles", "revisions", "audit", "events", "tags", "tallies"):
            await database[name].delete_many({})

    fields = {
        "loop": asyncio.get_running_loop(),
        "reader": uncached,
        "empty": staticmethod(empty),
        "clock": clock,
        "reached": reached,
    }
    machine = type("LifecycleHere", (Lifecycle,), fields)
    counts = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=not PROVE,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    await asyncio.to_thread(run_state_machine_as_test, machine, settings=counts)
    return reached


async def test_the_lifecycle_holds_whatever_happens(
    uncached: httpx.AsyncClient, database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = await _run(
        uncached, database, monkeypatch, examples=500 if PROVE else 10, steps=80 if PROVE else 40
    )
    assert reached >= STATUSES
    assert reached >= {
        f"event: {kind}" for kind in ("published", "updated", "unpublished", "deleted")
    }
    assert "refused: stale" in reached
    assert reached >= BESIDE
    assert "counts settled" in reached
    assert reached >= {"app killed before its write", "app killed after its write"}
    if PROVE:
        assert reached >= {f"{before} to {after}" for before, after in MOVES}
        assert "an old slug led on" in reached
        assert reached >= {f"refused: {why}" for why in ("slug_taken", "trashed", "not_published")}
        assert reached >= {f"killed {where}" for where in KILLED}


async def _unguarded(self: Article, after: Article, entry: Entry) -> Article:
    """The seeded bug: as `replace_guarded`, without its guard."""
    try:
        await self.get_pymongo_collection().update_one(
            {"_id": self.id},
            {"$set": self._difference(after), "$inc": {"revision": 1},
             "$push": {"pending": entry.model_dump()}},
        )  # fmt: skip
    except DuplicateKeyError as error:
        raise taken(error.details, after.working.slug) from error
    written: Article = after.model_copy(update={"revision": self.revision + 1})
    return written


def _in_two_writes(replace: Any) -> Any:
    """The seeded bug: the event follows in a second write, which a kill forestalls now and then."""

    async def replace_and_tell(self: Article, after: Article, entry: Entry) -> Article | None:
        silent = entry.model_copy(update={"event": None})
        written: Article | None = await replace(self, after, silent)
        is_killed = written is not None and written.revision % 2 == 0
        if written is not None and self.id is not None and entry.event and not is_killed:
            await Event.append("article", self.id, entry)
        return written

    return replace_and_tell


async def _append_always(kind: str, item_id: PydanticObjectId, entry: Entry) -> None:
    """The seeded bug: as `Event.append`, without asking whether it is there."""
    await Event.append_once(kind, item_id, entry.model_copy(update={"id": new_id()}))


def _forgetful(item: Any) -> list[str]:
    """The seeded bug: former slugs are let go."""
    return list(dict.fromkeys([item.working.slug, *([item.live.slug] if item.live else [])]))


@pytest.mark.parametrize(
    "bug",
    ["unguarded", "announced twice", "slugs let go", "late by a minute", "event in a second write"],
)
async def test_the_machine_finds_a_seeded_bug(
    bug: str, uncached: httpx.AsyncClient, database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if bug == "unguarded":
        monkeypatch.setattr(Article, "replace_guarded", _unguarded)
    elif bug == "event in a second write":
        monkeypatch.setattr(Article, "replace_guarded", _in_two_writes(Article.replace_guarded))
    elif bug == "announced twice":
        monkeypatch.setattr(Event, "append_once", Event.append, raising=False)
        monkeypatch.setattr(Event, "append", _append_always)
    elif bug == "slugs let go":
        monkeypatch.setattr(documents, "held_slugs", _forgetful)
    else:
        right = rows.readable
        monkeypatch.setattr(
            "cms.publishing.languages.readable", lambda now: right(now - timedelta(minutes=1))
        )
    # Flaky: a race that the bug lets in need not come out the same when the example is run again.
    # The machine without a bug is never flaky: there any error of Hypothesis fails the test.
    with pytest.raises((AssertionError, pytest.fail.Exception, ExceptionGroup, Refusal, Flaky)):
        await _run(uncached, database, monkeypatch, examples=60, steps=40, phases=(Phase.generate,))

"""A state machine over the whole lifecycle against the real MongoDB, beside a plain model of it.

Three editors with fresh and stale copies, a clock that moves, relays and the app that are killed:
readers see exactly what was published last, no acknowledged write is lost, every event comes once
and in order.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

import httpx
import pytest
from beanie import PydanticObjectId
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from cms.accounts.actor import Actor
from cms.accounts.permissions import Role
from cms.app import KINDS
from cms.articles.documents import Article
from cms.articles.pipelines import tally_keys
from cms.articles.schemas import ArticleInput
from cms.articles.service import ARTICLES
from cms.core import db
from cms.core.errors import Conflict, Stale
from cms.core.shapes import Patch
from cms.history.documents import Event, Revision
from cms.publishing import relay, verbs
from cms.publishing.service import Seen
from cms.tallies import documents as tallies
from tests.publishing.model import Item, Refused

T = TypeVar("T")
PROVE = bool(os.environ.get("LONTAR_PROVE"))
START = datetime(2030, 1, 1, tzinfo=db.NEVER.tzinfo)
EDITORS = {
    name: Actor(PydanticObjectId(), name, Role.EDITOR, "session")
    for name in ("ani", "budi", "cici")
}
SLUGS = st.sampled_from(["red", "green", "blue", "white", "black"])
WHO = st.sampled_from(sorted(EDITORS))
MINUTES = st.sampled_from([1, 5, 30, 90])
MOST_ITEMS = 6
STATUSES = {"draft", "scheduled", "published", "unpublished", "trashed"}
# Every way from one status to another in one step, of an editor or of time.
MOVES = {
    ("draft", "scheduled"), ("draft", "published"), ("draft", "trashed"),
    ("scheduled", "draft"), ("scheduled", "published"), ("scheduled", "unpublished"),
    ("scheduled", "trashed"), ("published", "unpublished"), ("published", "trashed"),
    ("unpublished", "scheduled"), ("unpublished", "published"), ("unpublished", "trashed"),
    ("trashed", "draft"), ("trashed", "unpublished"),
}  # fmt: skip
# What may stand beside a status.
BESIDE = {"a working copy over live content", "a change ahead", "an end ahead", "a burst"}


class Lifecycle(RuleBasedStateMachine):
    """The rules; a test makes a subclass that knows the loop, a reader and the clock."""

    loop: asyncio.AbstractEventLoop
    reader: httpx.AsyncClient
    empty: Callable[[], Awaitable[None]]
    clock: list[datetime]
    reached: set[str]
    articles = Bundle("articles")

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []
        self.texts = 0
        self.statuses: dict[Any, str] = {}
        self.clock[0] = START
        self.run(self.empty())

    def run(self, work: Awaitable[T]) -> T:
        async def waited() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(waited(), self.loop).result(60)

    @property
    def now(self) -> datetime:
        return self.clock[0]

    def text(self) -> str:
        self.texts += 1
        return f"text{self.texts}."

    def is_free(self, slug: str, but: Item | None = None) -> bool:
        return not any(slug in item.held() for item in self.items if item is not but)

    def attempt(
        self, item: Item, work: Coroutine[Any, Any, Article], expected: Callable[[], None]
    ) -> None:
        """Let the program and the model do the same; they agree, in refusing as well."""
        refused = None
        try:
            expected()
        except Refused as refusal:
            refused = str(refusal)
        if refused is not None:
            with pytest.raises(Conflict) as info:
                self.run(work)
            assert info.value.code == refused
            self.reach(f"refused: {refused}")
            return
        written = self.run(work)
        assert written.revision == item.revision

    def reach(self, what: str) -> None:
        self.reached.add(what)
        event(what)

    def reach_status(self, item: Item) -> None:
        before, now_is = self.statuses.get(item.ident), item.status(self.now)
        self.statuses[item.ident] = now_is
        self.reach(now_is)
        if before not in {None, now_is}:
            self.reach(f"{before} to {now_is}")
        beside = {
            "a working copy over live content": item.live and item.live.text != item.text,
            "a change ahead": item.change,
            "an end ahead": item.live and item.live.end and item.live.end > self.now,
            "a burst": item.burst,
        }
        for what, is_so in beside.items():
            if is_so:
                self.reach(what)

    def seen(self, item: Item, stale: int = 0) -> Seen:
        return Seen(item.ident, item.revision - stale)

    # What editors do

    @initialize(target=articles, slug=SLUGS, who=WHO)
    def begin(self, slug: str, who: str) -> Any:
        """Two articles that readers see already: from an empty site little is reached."""
        made = [self.create(who, slug), self.create(who, None)]
        for item in made:
            self.publish(item, who, None)
        return multiple(*made)

    @rule(target=articles, who=WHO, slug=SLUGS | st.none())
    def start(self, who: str, slug: str | None) -> Any:
        return self.create(who, slug) if len(self.items) < MOST_ITEMS else multiple()

    def create(self, who: str, slug: str | None) -> Any:
        text = self.text()
        data = ArticleInput(title=f"Title {self.texts}", slug=slug, markdown=text)
        work = verbs.create(ARTICLES, EDITORS[who], data, self.now)
        if slug is not None and not self.is_free(slug):
            with pytest.raises(Conflict):
                self.run(work)
            self.reach("refused: slug_taken")
            return multiple()
        made = self.run(work)
        item = Item(made.id, text, made.working.slug)
        self.items.append(item)
        return item

    @rule(item=articles, who=WHO, slug=SLUGS | st.none(), autosave=st.booleans())
    def edit(self, item: Item, who: str, slug: str | None, *, autosave: bool) -> None:
        text = self.text()
        change: dict[str, Any] = {"markdown": text} | ({"slug": slug} if slug else {})
        work = verbs.update(
            ARTICLES, EDITORS[who], self.seen(item), Patch(change), self.now, autosave=autosave
        )
        if not item.is_trashed and slug and not self.is_free(slug, item):
            with pytest.raises(Conflict) as info:
                self.run(work)
            assert info.value.code == "slug_taken"
            item.pass_time(self.now)  # looked after before it was found out
            return
        self.attempt(
            item,
            work,
            lambda: item.edit(text, slug or item.slug, self.now, who, autosave=autosave),
        )

    @rule(item=articles, who=WHO, verb=st.sampled_from(["update", "publish", "trash", "discard"]))
    def act_on_a_stale_copy(self, item: Item, who: str, verb: str) -> None:
        seen, actor = self.seen(item, stale=1), EDITORS[who]
        works = {
            "update": lambda: verbs.update(
                ARTICLES, actor, seen, Patch({"markdown": "stale"}), self.now
            ),
            "publish": lambda: verbs.publish(ARTICLES, actor, seen, None, self.now),
            "trash": lambda: verbs.trash(ARTICLES, actor, seen, self.now),
            "discard": lambda: verbs.discard_draft(ARTICLES, actor, seen, self.now),
        }
        with pytest.raises(Stale) as info:
            self.run(works[verb]())
        assert info.value.extra["current"]["markdown"] == item.text
        assert info.value.extra["current"]["revision"] == item.revision
        self.reach("refused: stale")

    @rule(item=articles)
    def three_save_at_once(self, item: Item) -> None:
        if item.is_trashed:
            return
        texts = {who: self.text() for who in EDITORS}

        async def race() -> list[Any]:
            return await asyncio.gather(
                *(
                    verbs.update(
                        ARTICLES, EDITORS[who], self.seen(item), Patch({"markdown": text}), self.now
                    )
                    for who, text in texts.items()
                ),
                return_exceptions=True,
            )

        outcomes = dict(zip(texts, self.run(race()), strict=True))
        won = [who for who, outcome in outcomes.items() if isinstance(outcome, Article)]
        assert len(won) == 1, f"{len(won)} of three saves of one revision were acknowledged"
        assert all(isinstance(outcomes[who], Stale) for who in texts if who not in won)
        item.edit(texts[won[0]], item.slug, self.now, won[0])

    @rule(item=articles, who=WHO, minutes=st.none() | st.sampled_from([-600, -1, 1, 5, 30, 90]))
    def publish(self, item: Item, who: str, minutes: int | None) -> None:
        at = None if minutes is None else self.now + timedelta(minutes=minutes)
        work = verbs.publish(ARTICLES, EDITORS[who], self.seen(item), at, self.now)
        self.attempt(item, work, lambda: item.publish(at, self.now))

    @rule(item=articles, who=WHO, minutes=st.none() | MINUTES)
    def unpublish(self, item: Item, who: str, minutes: int | None) -> None:
        at = None if minutes is None else self.now + timedelta(minutes=minutes)
        work = verbs.unpublish(ARTICLES, EDITORS[who], self.seen(item), at, self.now)
        self.attempt(item, work, lambda: item.unpublish(at, self.now))

    @rule(item=articles, who=WHO, slug=SLUGS | st.none(), minutes=st.none() | MINUTES)
    def rewrite(self, item: Item, who: str, slug: str | None, minutes: int | None) -> None:
        """What an editor does most: change it and put it before readers."""
        if item.is_trashed:
            self.restore(item, who)
        self.edit(item, who, slug, autosave=False)
        self.publish(item, who, minutes)

    @rule(item=articles, who=WHO, minutes=st.none() | MINUTES, more=MINUTES)
    def show_for_a_while(self, item: Item, who: str, minutes: int | None, more: int) -> None:
        """From now or later until some time after that, and the clock may pass either."""
        self.rewrite(item, who, None, minutes)
        self.unpublish(item, who, (minutes or 0) + more)
        self.time_passes(more)

    @rule(item=articles, who=WHO)
    def discard(self, item: Item, who: str) -> None:
        work = verbs.discard_draft(ARTICLES, EDITORS[who], self.seen(item), self.now)
        self.attempt(item, work, lambda: item.discard(self.now))

    @rule(item=articles, who=WHO, goes_on=st.booleans())
    def throw_away(self, item: Item, who: str, *, goes_on: bool) -> None:
        """And think better of it, as often as not: what lies in the trash does little."""
        self.trash(item, who)
        if goes_on:
            self.restore(item, who)

    def trash(self, item: Item, who: str) -> None:
        work = verbs.trash(ARTICLES, EDITORS[who], self.seen(item), self.now)
        self.attempt(item, work, lambda: item.trash(self.now))

    @rule(item=articles, who=WHO)
    def restore(self, item: Item, who: str) -> None:
        work = verbs.restore(ARTICLES, EDITORS[who], self.seen(item), self.now)
        self.attempt(item, work, lambda: item.restore(self.now))

    @rule(target=articles, item=articles, who=WHO)
    def duplicate(self, item: Item, who: str) -> Any:
        if len(self.items) >= MOST_ITEMS:
            return multiple()
        made = self.run(verbs.duplicate(ARTICLES, EDITORS[who], item.ident, self.now))
        copy = Item(made.id, item.text, made.working.slug)
        assert not any(copy.slug in other.held() for other in self.items)
        self.items.append(copy)
        return copy

    @rule(item=consumes(articles), who=WHO)
    def purge(self, item: Item, who: str) -> None:
        """Only from the trash, and then nothing of it is left."""
        admin = Actor(None, "admin", Role.ADMIN, "cli")
        if not item.is_trashed:
            with pytest.raises(Conflict):
                self.run(verbs.purge(ARTICLES, admin, self.seen(item), self.now))
            self.trash(item, who)
        self.run(verbs.purge(ARTICLES, admin, self.seen(item), self.now))
        self.items.remove(item)
        assert self.run(Revision.find({"item_id": item.ident}).to_list()) == []

    # What time and machines do

    @rule(minutes=MINUTES)
    def time_passes(self, minutes: int) -> None:
        self.clock[0] += timedelta(minutes=minutes)

    @rule()
    def relay_works(self) -> None:
        self.run(relay.step(KINDS, self.now))
        for item in self.items:
            item.pass_time(self.now)

    @rule()
    def counts_settle(self) -> None:
        """As if two days had passed, which a clock that is set back would need."""
        if self.run(tallies.settle(Article, tally_keys, self.now + tallies.MARGIN)):
            self.reach("counts settled")

    # What has to hold at every moment

    @invariant()
    def readers_see_what_was_published_last(self) -> None:
        for item in self.items:
            self.reach_status(item)
        expected = [
            (shown.start, item.ident, shown)
            for item in self.items
            if (shown := item.seen(self.now)) is not None
        ]
        expected.sort(key=lambda row: (row[0], row[1]), reverse=True)
        page = self.run(self.reader.get("/api/v1/articles?limit=100&total=true")).json()
        found = [(row["slug"], row["excerpt"]) for row in page["items"]]
        assert found == [(shown.slug, shown.text) for _, _, shown in expected]
        assert page["page"]["total"] == len(expected)

    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        stored = {row.id: row for row in self.run(Article.find_all().to_list())}
        assert set(stored) == {item.ident for item in self.items}
        for item in self.items:
            row = stored[item.ident]
            assert (row.revision, row.working.markdown) == (item.revision, item.text)
            assert (row.working.slug, row.status(self.now)) == (item.slug, item.status(self.now))
            assert set(row.slugs) == item.held()

    def teardown(self) -> None:
        """When all is looked after, addresses, history and events tell the same story."""
        while self.run(relay.step(KINDS, self.now)):
            pass
        for item in self.items:
            item.pass_time(self.now)
            for slug in item.ever:
                holder = next((each for each in self.items if slug in each.held()), item)
                self.check_address(slug, holder.answer(slug, self.now))
            kept = self.run(Revision.find({"item_id": item.ident}).to_list())
            assert {row.number: row.content["markdown"] for row in kept} == item.revisions
        self.readers_see_what_was_published_last()
        self.check_events(self.run(Event.after(0, 10_000)))

    def check_address(self, slug: str, expected: tuple[int, str]) -> None:
        answer = self.run(self.reader.get(f"/api/v1/articles/{slug}"))
        status, told = expected
        assert answer.status_code == status, slug
        if status == 200:
            assert answer.json()["html"] == f"<p>{told}</p>\n"
        if status == 308:
            self.reach("an old slug led on")
            assert answer.headers["location"] == f"/api/v1/articles/{told}"

    def check_events(self, events: list[Event]) -> None:
        """Whoever follows the events alone knows what readers see: each came once, in order."""
        assert [item.id for item in events] == list(range(1, len(events) + 1))
        known: dict[Any, str | None] = {}
        for item in events:
            before, kind = known.get(item.item_id), item.body.type
            assert (before is not None) == (kind != "published"), (kind, before)
            if kind == "updated" and item.body.slug != before:
                assert item.body.old_slug == before
            self.reach(f"event: {kind}")
            known[item.item_id] = None if kind in {"unpublished", "deleted"} else item.body.slug
        for one in self.items:
            shown = one.seen(self.now)
            assert known.get(one.ident) == (shown.slug if shown else None)

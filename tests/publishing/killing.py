"""The lifecycle machine with kills: of the relay at every step, of the app around its one write."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from cms.app import KINDS
from cms.articles.documents import Article
from cms.articles.service import ARTICLES
from cms.core.shapes import Patch
from cms.history.documents import Event
from cms.publishing import relay, verbs
from tests.publishing import lifecycle
from tests.publishing.lifecycle import EDITORS, WHO
from tests.publishing.model import Item

KILLED = ["before the event", "after the event", "before the drop"]


class Killed(BaseException):
    """Stands for a `kill -9` of the app: nothing catches it, nothing is tidied up."""


class Lifecycle(lifecycle.Lifecycle):
    """All rules."""

    @rule(where=st.sampled_from(KILLED))
    def relay_is_killed(self, where: str) -> None:
        append, drop = Event.append, Article.drop_pending

        async def die(*_: Any) -> None:
            raise RuntimeError("killed")

        async def append_and_die(*given: Any) -> None:
            await append(*given)
            raise RuntimeError("killed")

        with pytest.MonkeyPatch.context() as patched:
            if where == "before the drop":
                patched.setattr(Article, "drop_pending", die)
            else:
                patched.setattr(Event, "append", die if where[0] == "b" else append_and_die)
            try:
                self.run(relay.step(KINDS, self.now))
            except RuntimeError:
                self.reach(f"killed {where}")
        assert (Event.append, Article.drop_pending) == (append, drop)
        self.relay_works()

    @rule(
        item=lifecycle.Lifecycle.articles,
        who=WHO,
        verb=st.sampled_from(["update", "publish", "trash"]),
        is_written=st.booleans(),
    )
    def app_is_killed(self, item: Item, who: str, verb: str, *, is_written: bool) -> None:
        """In the middle of a verb: it is done whole, history and event included, or not at all."""
        if item.is_trashed:
            return
        actor, seen, text = EDITORS[who], self.seen(item), self.text()
        replace = Article.replace_guarded

        async def write_and_die(*given: Any) -> None:
            if is_written:
                await replace(*given)
            raise Killed

        works = {
            "update": lambda: verbs.update(
                ARTICLES, actor, seen, Patch({"markdown": text}), self.now
            ),
            "publish": lambda: verbs.publish(ARTICLES, actor, seen, None, self.now),
            "trash": lambda: verbs.trash(ARTICLES, actor, seen, self.now),
        }
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Article, "replace_guarded", write_and_die)
            with pytest.raises(Killed):
                self.run(works[verb]())
        self.reach(f"app killed {'after' if is_written else 'before'} its write")
        if not is_written:
            item.pass_time(self.now)  # looked after before the verb was at its write
        elif verb == "update":
            item.edit(text, item.slug, self.now, who)
        else:
            (item.publish(None, self.now) if verb == "publish" else item.trash(self.now))

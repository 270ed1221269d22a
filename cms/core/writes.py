"""Notices every write of this process to what readers see, whichever code makes it."""

from collections.abc import Callable
from typing import Final

from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

# The driver's name of a command, and that a name which is missing here changes nothing.
WRITES: Final = {"insert", "update", "delete", "findAndModify", "aggregate"}
STRUCTURE: Final = {"commitTransaction", "drop", "dropDatabase", "renameCollection"}
# What no anonymous answer is made of. A collection that is missing here counts as content, since
# a cache that is emptied too often is slow and one that is not emptied is wrong.
PRIVATE: Final = frozenset(
    {
        *("accounts", "sessions", "setup", "tokens", "leases", "locks", "migrations", "retries"),
        *("throttles", "links", "account_policy"),
        *("revisions", "audit", "events", "remains", "preview_links"),
        *("search_drafts", "search_state"),
        *("webhooks", "webhook_deliveries", "webhook_outbox", "contact_messages"),
    }
)


class Writes(CommandListener):
    """Calls `after_write` when the server has acknowledged, before whoever wrote goes on.

    A write that failed is not told of: nobody was promised anything, and if the server did it all
    the same, the change stream brings the news.
    """

    def __init__(self, after_write: Callable[[], None]) -> None:
        self._after_write = after_write
        self._under_way: set[int] = set()

    def started(self, event: CommandStartedEvent) -> None:
        name = event.command_name
        if name in STRUCTURE or (
            name in WRITES
            and str(event.command.get(name)) not in PRIVATE
            and (name != "aggregate" or _has_output(event))
        ):
            self._under_way.add(event.request_id)

    def succeeded(self, event: CommandSucceededEvent) -> None:
        if event.request_id in self._under_way:
            self._under_way.discard(event.request_id)
            self._after_write()

    def failed(self, event: CommandFailedEvent) -> None:
        self._under_way.discard(event.request_id)


def _has_output(event: CommandStartedEvent) -> bool:
    pipeline = event.command.get("pipeline") or []
    return bool(pipeline) and not {"$out", "$merge"}.isdisjoint(pipeline[-1])

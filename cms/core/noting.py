"""Notes for the audit from rooms below it, which keeps them: registered at start by `app`."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Who did what to what, from which door, and each field before and after; never a secret."""

    kind: str
    item_id: Any
    title: str
    verb: str
    at: datetime
    by_id: Any
    by_name: str
    door: str
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


Keeper = Callable[[Note], Awaitable[None]]
_keepers: Final[list[Keeper]] = []


def register(keeper: Keeper) -> None:
    """The one that keeps notes from now on."""
    _keepers[:] = [keeper]


async def note(found: Note) -> None:
    for keeper in _keepers:
        await keeper(found)

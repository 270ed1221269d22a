"""The only way up: what changed below is told to the rooms above that asked to hear of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog

log = structlog.get_logger("cms.events")


@dataclass(frozen=True, slots=True)
class Changed:
    """Something was written or removed; whoever is told looks up what it is now."""

    kind: str
    ident: Any
    # Also what does not show in its revision: something that it refers to has another name.
    is_thorough: bool = False


Listener = Callable[[Changed], Awaitable[None]]
Forgetter = Callable[[Any], Awaitable[None]]
_forgetters: Final[dict[str, Forgetter]] = {}
_listeners: Final[dict[str, Listener]] = {}


def listen(name: str, listener: Listener) -> None:
    """Hear of every change; the same name twice is one listener."""
    _listeners[name] = listener


def forget_removed(name: str, forgetter: Forgetter) -> None:
    """Forget what is kept of anything that is removed for good, by its id."""
    _forgetters[name] = forgetter


async def remove(ident: Any) -> None:
    """Let everybody forget it; harmless to repeat."""
    for forgetter in list(_forgetters.values()):
        await forgetter(ident)


async def announce(changed: Changed) -> None:
    """Tell everybody; raises what a listener raises, so that the caller tells again later."""
    for listener in list(_listeners.values()):
        await listener(changed)


async def announce_early(changed: Changed) -> None:
    """Tell everybody of a committed write that readers notice; the relay tells of all again.

    A listener that fails must not make a write look refused that was done.
    """
    try:
        await announce(changed)
    except Exception as error:  # noqa: BLE001 - whatever it is, it comes again in the relay
        # One line, no traceback: this happens when the database is slow, to many at once.
        log.warning("announced_later", kind=changed.kind, error=type(error).__name__)

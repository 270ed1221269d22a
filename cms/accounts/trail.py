"""What was done to accounts, told to whoever keeps the audit log; it stands in a room above."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from beanie import PydanticObjectId

from cms.accounts.actor import Actor
from cms.accounts.documents import Account, Door


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what to whose account; `changes` holds fields with (before, after), never secrets."""

    actor_id: PydanticObjectId | None
    actor_name: str
    door: Door
    verb: str
    account_id: PydanticObjectId
    account_name: str
    at: datetime
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


Keeper = Callable[[Deed], Awaitable[None]]
# Puts another name where a person's stands in what a room above stores.
Renamer = Callable[[PydanticObjectId, str], Awaitable[None]]
_keepers: Final[dict[str, Keeper]] = {}
_renamers: Final[dict[str, Renamer]] = {}


def listen(name: str, keeper: Keeper) -> None:
    """Keep what is done; the same name twice is one keeper."""
    _keepers[name] = keeper


def register_renamer(name: str, renamer: Renamer) -> None:
    _renamers[name] = renamer


async def note(
    actor: Actor | Account,
    door: Door,
    verb: str,
    account: Account,
    at: datetime,
    **changes: tuple[Any, Any],
) -> None:
    """Tell of a deed; an `Account` as the actor did it to themselves before signing in."""
    assert account.id is not None  # noqa: S101 - it was stored
    ident = actor.id if isinstance(actor, Account) else actor.account_id
    await _tell(Deed(ident, actor.name, door, verb, account.id, account.name, at, changes))


async def note_invitation(
    actor: Actor, verb: str, ident: PydanticObjectId, at: datetime, **changes: tuple[Any, Any]
) -> None:
    """Tell of an invitation: nobody's account yet. No address: erasing would not find it here."""
    name = "Invitation"
    await _tell(Deed(actor.account_id, actor.name, actor.door, verb, ident, name, at, changes))


async def _tell(deed: Deed) -> None:
    for keeper in list(_keepers.values()):
        await keeper(deed)


async def rename(ident: PydanticObjectId, name: str) -> None:
    for renamer in list(_renamers.values()):
        await renamer(ident, name)

"""Who is acting, and the one place where a permission is decided."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from beanie import PydanticObjectId

from cms.accounts.documents import Door
from cms.accounts.permissions import TABLE, Permission, Role, implied
from cms.core.errors import Forbidden

# What a session still lacks before it opens anything: a code, or a second factor to have codes of.
Lack = Literal["code", "enrolment"]


@dataclass(frozen=True, slots=True)
class Actor:
    """An authenticated account and the door it came in by; `scopes` is None for no token."""

    account_id: PydanticObjectId | None
    name: str
    role: Role
    door: Door
    scopes: frozenset[Permission] | None = None
    session_digest: str | None = None
    lineage: PydanticObjectId | None = None
    epoch: int = 0
    lacks: Lack | None = None
    fresh_until: datetime | None = None

    def may(self, permission: Permission, owner_id: PydanticObjectId | None = None) -> bool:
        """Whether this actor may, on a thing of `owner_id` (None: on a thing of nobody's)."""
        if self.scopes is not None and permission not in implied(self.scopes):
            return False
        return self.role_reaches(permission, owner_id)

    def role_reaches(
        self, permission: Permission, owner_id: PydanticObjectId | None = None
    ) -> bool:
        """As `may`, whatever the token's scopes are."""
        reach = TABLE[self.role].get(permission)
        return reach == "any" or (
            reach == "own" and owner_id is not None and owner_id == self.account_id
        )

    def sees_all(self) -> bool:
        return TABLE[self.role].get(Permission.READ) == "any"


# The command line: whoever can run it owns the machine and its database.
COMMAND_LINE = Actor(None, "cms", Role.OWNER, "cli")


def permit(actor: Actor, permission: Permission, owner_id: PydanticObjectId | None = None) -> None:
    """Let the actor pass or not.

    Raises:
        Forbidden: naming the missing scope, or saying that the role does not reach so far.
    """
    if actor.may(permission, owner_id):
        return
    if actor.scopes is not None and permission not in implied(actor.scopes):
        raise Forbidden(f"This token lacks the scope {permission}.", code="missing_scope")
    raise Forbidden(f"The role {actor.role} may not do that here ({permission}).")


def permit_reading(actor: Actor) -> None:
    """Let everyone with a role look; a token needs any scope at all.

    Raises:
        Forbidden: the token has no scope.
    """
    if actor.scopes is not None and Permission.READ not in implied(actor.scopes):
        raise Forbidden("This token lacks the scope read.", code="missing_scope")


def permit_in_person(actor: Actor) -> PydanticObjectId:
    """Let whoever is signed in themselves pass; their account's id.

    Raises:
        Forbidden: a token asks.
    """
    if actor.door != "session" or actor.account_id is None:
        raise Forbidden("A token can't do that: sign in.", code="session_required")
    return actor.account_id


def permit_fresh(actor: Actor, now: datetime) -> None:
    """Let pass who proved just now who they are; the command line always did.

    Raises:
        Forbidden: a token asks, or the password was typed too long ago.
    """
    if actor.door == "cli":
        return
    permit_in_person(actor)
    if actor.fresh_until is None or actor.fresh_until <= now:
        raise Forbidden(
            "Type your password again first: it was typed too long ago for this.",
            code="reauthentication_required",
        )

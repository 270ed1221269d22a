"""Keep other people's accounts: who is there, their role, disabling, ownership, erasure."""

import secrets
from datetime import datetime

from beanie import PydanticObjectId

from cms.accounts import second_factor, service, trail
from cms.accounts.actor import Actor, permit, permit_fresh, permit_in_person
from cms.accounts.documents import Account, LastOwner, Policy, Session, Token
from cms.accounts.limits import Visitor
from cms.accounts.links import resets
from cms.accounts.links.documents import Link
from cms.accounts.passwords import Passwords
from cms.accounts.permissions import Permission, Role, may_hand_out, may_manage
from cms.accounts.schemas import normal
from cms.accounts.service import SignedIn
from cms.core.errors import Conflict, Forbidden, NotFound, Stale


async def list_all(actor: Actor) -> list[Account]:
    permit(actor, Permission.ACCOUNTS_READ)
    return await Account.list_all()


async def get(actor: Actor, ident: PydanticObjectId) -> Account:
    """One account.

    Raises:
        NotFound: there is none such.
    """
    permit(actor, Permission.ACCOUNTS_READ)
    account = await Account.by_id(ident)
    if account is None:
        raise NotFound
    return account


async def by_email(email: str) -> Account:
    """For the command line.

    Raises:
        NotFound: nobody has that address.
    """
    account = await Account.by_email(normal(email))
    if account is None:
        raise NotFound(f"No account has the address {email}.")
    return account


async def _to_keep(actor: Actor, ident: PydanticObjectId, now: datetime) -> Account:
    """Somebody else's account that the actor keeps.

    Raises:
        Forbidden: a token asks, the password was typed too long ago, or the account is above one.
        NotFound: there is none such.
    """
    permit(actor, Permission.ACCOUNTS_WRITE)
    permit_fresh(actor, now)
    account = await get(actor, ident)
    if account.id == actor.account_id:
        raise Forbidden("Nobody does that to themselves.", code="own_account")
    if not may_manage(actor.role, account.role):
        raise Forbidden(f"The role {actor.role} does not keep accounts of role {account.role}.")
    return account


def _last_owner() -> Conflict:
    return Conflict("The site would have no owner left.", code="last_owner")


async def _end_all(ident: PydanticObjectId) -> None:
    await Session.end_all(ident)
    await Token.revoke_all(ident)


async def change_role(actor: Actor, ident: PydanticObjectId, role: Role, now: datetime) -> Account:
    """Another role, never above the actor's own; sessions and tokens of the old one end.

    Raises:
        Conflict: no owner would be left, or it was changed meanwhile.
        Forbidden: the role is above one's own.
    """
    account = await _to_keep(actor, ident, now)
    if not may_hand_out(actor.role, role):
        raise Forbidden(f"The role {actor.role} can't give the role {role}.")
    update = {"$set": {"role": role, "updated_at": now}, "$inc": {"epoch": 1}}
    await _change(ident, update, {"role": account.role})
    await _end_all(ident)
    await trail.note(actor, actor.door, "role_changed", account, now, role=(account.role, role))
    return await get(actor, ident)


async def _change(
    ident: PydanticObjectId, update: dict[str, object], match: dict[str, object]
) -> None:
    try:
        is_changed = await Account.change_keeping_an_owner(ident, update, match)
    except LastOwner:
        raise _last_owner() from None
    if not is_changed:
        raise Conflict("Somebody changed that account meanwhile.", code="changed_meanwhile")


async def disable(actor: Actor, ident: PydanticObjectId, now: datetime) -> Account:
    """Keep somebody out; their sessions and tokens end at the next request.

    Raises:
        Conflict: no owner would be left.
    """
    account = await _to_keep(actor, ident, now)
    update = {"$set": {"disabled_at": now, "updated_at": now}, "$inc": {"epoch": 1}}
    await _change(ident, update, {"role": account.role})
    await _end_all(ident)
    await Link.close_all("reset", account_id=ident)
    await trail.note(actor, actor.door, "disabled", account, now)
    return await get(actor, ident)


async def enable(actor: Actor, ident: PydanticObjectId, now: datetime) -> Account:
    """Let somebody in again, with nothing of what they had.

    Raises:
        Conflict: it was changed meanwhile.
    """
    account = await _to_keep(actor, ident, now)
    update: dict[str, object] = {"$set": {"disabled_at": None, "updated_at": now}}
    await _change(ident, update, {"role": account.role})
    await trail.note(actor, actor.door, "enabled", account, now)
    return await get(actor, ident)


async def end_sessions(actor: Actor, ident: PydanticObjectId, now: datetime) -> None:
    """Sign somebody out everywhere and revoke their tokens."""
    account = await _to_keep(actor, ident, now)
    await Account.change(ident, {"$inc": {"epoch": 1}})
    await _end_all(ident)
    await trail.note(actor, actor.door, "sessions_ended", account, now)


async def transfer(
    actor: Actor, ident: PydanticObjectId, *, now: datetime, visitor: Visitor
) -> SignedIn:
    """Hand the site over: they are the owner and the actor an admin, or nothing happened.

    Raises:
        Forbidden: a token asks, the password was typed too long ago, or one is no owner.
        NotFound: there is no such account.
        Conflict: they can't take it: disabled, an owner already, or changed meanwhile.
    """
    mine = permit_in_person(actor)
    account = await _owner_only(actor, ident, now)
    renewed = await Session.by_digest(actor.session_digest or "")
    try:
        is_done = await Account.hand_over(mine, ident, now)
    except LastOwner:
        raise _last_owner() from None
    if not is_done or renewed is None:
        raise Conflict("They can't take it over: disabled, or owner already.", code="cant_take")
    await _end_all(ident)
    await _end_all(mine)
    await trail.note(
        actor, actor.door, "ownership_transferred", account, now, role=(account.role, Role.OWNER)
    )
    return await service.start_session(await service.account_of(actor), now=now, visitor=visitor)


async def _owner_only(actor: Actor, ident: PydanticObjectId, now: datetime) -> Account:
    if actor.role is not Role.OWNER:
        raise Forbidden("That is for the owner alone.")
    return await _to_keep(actor, ident, now)


async def erase(actor: Actor, ident: PydanticObjectId, now: datetime) -> str:
    """Remove a person; what they did keeps a pseudonym, which is returned. Repeatable.

    Content stays: take down or hand over what they wrote first, if that is what they want.

    Raises:
        Forbidden: one is no owner, or it is oneself.
        Conflict: no owner would be left.
    """
    account = await _owner_only(actor, ident, now)
    pseudonym = f"Erased person {secrets.token_hex(3)}"
    update = {"$set": {"disabled_at": now, "updated_at": now}, "$inc": {"epoch": 1}}
    await _change(ident, update, {})
    await _end_all(ident)
    for purpose in ("reset", "email"):
        await Link.close_all(purpose, account_id=ident)
    await Link.close_all("invitation", email=account.email)
    erased = account.model_copy(update={"name": pseudonym})
    await trail.rename(ident, pseudonym)
    await Account.remove(ident)
    await trail.note(actor, actor.door, "erased", erased, now)
    # Once more: the relay may have carried out what it had read before.
    await trail.rename(ident, pseudonym)
    return pseudonym


async def set_password(
    account: Account, password: str, *, passwords: Passwords, actor: Actor, now: datetime
) -> None:
    """For the command line, where whoever can run it owns the machine.

    Raises:
        Invalid: it is too weak.
        Conflict: the account is disabled.
    """
    await passwords.require_strong(password, [account.email, account.name], "password")
    changed = await resets.set_password(account, await passwords.hash(password), now)
    if changed is None:
        raise Conflict("That account is disabled.", code="disabled")
    await trail.note(actor, actor.door, "password_reset", account, now)


async def take_second_factor_away(account: Account, *, actor: Actor, now: datetime) -> None:
    """For the command line: somebody lost their phone and their recovery codes.

    Raises:
        Conflict: there is none.
    """
    if await second_factor.take_away(account) is None:
        raise Conflict("That account has no second factor.", code="no_factor")
    assert account.id is not None  # noqa: S101 - it was stored
    await _end_all(account.id)
    await trail.note(actor, actor.door, "second_factor_off", account, now)


async def policy(actor: Actor) -> Policy:
    permit(actor, Permission.ACCOUNTS_READ)
    return await Policy.load()


async def change_policy(
    actor: Actor, *, second_factor_required: bool, revision: int, now: datetime
) -> Policy:
    """What the owner asks of everybody; who lacks it can do nothing else at their next request.

    Raises:
        Forbidden: one is no owner, a token asks, or the password was typed too long ago.
        Stale: somebody saved in between.
    """
    if actor.role is not Role.OWNER:
        raise Forbidden("That is for the owner alone.")
    permit_fresh(actor, now)
    found = await Policy.load()
    changed = None
    if found.revision == revision:
        changed = await found.replace_guarded(second_factor_required=second_factor_required)
    if changed is None:
        current = await Policy.load()
        raise Stale(current.model_dump(include={"second_factor_required", "revision"}))
    account = await service.account_of(actor)
    await trail.note(
        actor,
        actor.door,
        "policy_changed",
        account,
        now,
        second_factor_required=(found.second_factor_required, second_factor_required),
    )
    return changed

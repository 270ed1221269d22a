"""Invite people: a link by mail or to be passed on, for a role that the inviter may give."""

from datetime import datetime

from beanie import PydanticObjectId

from cms.accounts import service, trail
from cms.accounts.actor import Actor, permit, permit_fresh
from cms.accounts.documents import Account
from cms.accounts.letters import Mailroom
from cms.accounts.limits import Visitor, of_link
from cms.accounts.links import opening
from cms.accounts.links.documents import Link
from cms.accounts.passwords import Passwords
from cms.accounts.permissions import Permission, may_hand_out
from cms.accounts.schemas import AcceptInput, InvitationInput
from cms.accounts.service import SignedIn
from cms.core.errors import Conflict, Forbidden, NotFound
from cms.throttles import service as throttles


async def invite(
    actor: Actor,
    data: InvitationInput,
    *,
    mailroom: Mailroom,
    now: datetime,
) -> tuple[Link, str | None]:
    """The invitation, and its link when it was not mailed. A second one replaces the first.

    Raises:
        Forbidden: a token asks, the password was typed too long ago, or the role is too high.
        Conflict: the address has an account.
    """
    permit(actor, Permission.ACCOUNTS_WRITE)
    permit_fresh(actor, now)
    if not may_hand_out(actor.role, data.role):
        raise Forbidden(f"The role {actor.role} can't give the role {data.role}.")
    if await Account.by_email(data.email) is not None:
        raise Conflict("That address has an account.", code="email_taken")
    await Link.close_all("invitation", email=data.email)
    link, url = await opening.make(
        "invitation",
        mailroom.address,
        now,
        email=data.email,
        role=data.role,
        tongue=data.tongue,
        made_by=actor.account_id,
    )
    assert link.id is not None  # noqa: S101 - it was stored
    await trail.note_invitation(actor, "invited", link.id, now, role=(None, data.role))
    if not (mailroom.is_open and data.by_mail):
        return link, url
    words = {"by": actor.name, "role": data.role.value, "link": url}
    mailroom.post("invitation", data.email, data.tongue, **words)
    return link, None


async def list_open(actor: Actor, now: datetime) -> list[Link]:
    permit(actor, Permission.ACCOUNTS_READ)
    return await Link.list_invitations(now)


async def withdraw(actor: Actor, ident: PydanticObjectId, now: datetime) -> None:
    """End an invitation that was not accepted yet.

    Raises:
        Forbidden: a token asks, or it invites to more than one may give.
        NotFound: there is none.
    """
    permit(actor, Permission.ACCOUNTS_WRITE)
    link = await Link.invitation(ident)
    if link is None:
        raise NotFound
    if link.role is not None and not may_hand_out(actor.role, link.role):
        raise Forbidden(f"The role {actor.role} can't take that invitation back.")
    if not await Link.withdraw(ident):
        raise NotFound
    await trail.note_invitation(actor, "invitation_withdrawn", ident, now, role=(link.role, None))


async def accept(
    data: AcceptInput, *, passwords: Passwords, now: datetime, visitor: Visitor
) -> SignedIn:
    """Make the account that the link invites to, and sign in.

    Raises:
        Forbidden: the link opens nothing, or whoever made it may not invite to that any more.
        Invalid: the password is too weak (the link stays usable).
        Conflict: the address got an account meanwhile.
        TooManyRequests: somebody tries links.
    """
    await throttles.take(of_link(visitor), now)
    link = await opening.find("invitation", data.token, now)
    if link.role is None or not await _still_may(link):
        raise opening.closed()
    await passwords.require_strong(data.password, [link.email, data.name], "password")
    password_hash = await passwords.hash(data.password)
    await opening.claim(link, now)
    account = Account(
        email=link.email,
        name=data.name,
        role=link.role,
        password_hash=password_hash,
        created_at=now,
        updated_at=now,
        tongue=link.tongue,
    )
    if not await account.insert_unique():
        raise Conflict("That address has an account.", code="email_taken")
    await trail.note(account, "session", "joined", account, now, role=(None, account.role))
    return await service.start_session(account, now=now, visitor=visitor)


async def _still_may(link: Link) -> bool:
    """Whether the inviter is still there and may give the role; the command line always may."""
    if link.made_by is None:
        return True
    inviter = await Account.by_id(link.made_by)
    is_there = inviter is not None and inviter.disabled_at is None
    return (
        is_there and inviter is not None and may_hand_out(inviter.role, link.role or inviter.role)
    )

"""New passwords and new addresses: by a link, or by whoever is signed in."""

from datetime import datetime

from beanie import PydanticObjectId

from cms.accounts import service, trail
from cms.accounts.actor import Actor, permit, permit_fresh, permit_in_person
from cms.accounts.documents import Account, Session, Token
from cms.accounts.letters import Mailroom
from cms.accounts.limits import Visitor, of_link, of_reset, of_reset_mails
from cms.accounts.links import opening
from cms.accounts.links.documents import Link
from cms.accounts.passwords import Passwords
from cms.accounts.permissions import Permission, may_manage
from cms.accounts.schemas import ResetInput, normal
from cms.accounts.service import SignedIn
from cms.core.errors import Conflict, Forbidden, Invalid, NotFound
from cms.throttles import service as throttles


async def ask(
    email: str,
    *,
    mailroom: Mailroom,
    now: datetime,
    visitor: Visitor,
) -> None:
    """Mail a link, if there is such an account; whoever asks can't tell, nor time it.

    All that depends on the account is done after the answer.

    Raises:
        TooManyRequests: too many were asked for from there.
    """
    await throttles.take(of_reset(visitor), now)
    if mailroom.is_open:
        mailroom.postman.beside(_mail_reset(normal(email), visitor, mailroom, now))


async def _mail_reset(email: str, visitor: Visitor, mailroom: Mailroom, now: datetime) -> None:
    if not await throttles.fits(of_reset_mails(visitor, email), now):
        return
    account = await Account.by_email(email)
    if account is None or account.disabled_at is not None:
        return
    about = {"account_id": account.id, "email": email}
    _, url = await opening.make("reset", mailroom.address, now, **about)
    words = {"name": account.name, "link": url}
    await mailroom.postman.send(mailroom.letter("reset", email, account.tongue, **words))


async def link_for(
    actor: Actor, ident: PydanticObjectId, *, address: str, now: datetime
) -> tuple[Link, str]:
    """A reset link to be passed on to somebody whose account one keeps.

    Raises:
        Forbidden: a token asks, the password was typed too long ago, or the account is above one.
        NotFound: there is no such account.
        Conflict: it is disabled.
    """
    permit(actor, Permission.ACCOUNTS_WRITE)
    permit_fresh(actor, now)
    account = await Account.by_id(ident)
    if account is None:
        raise NotFound
    if account.id == actor.account_id or not may_manage(actor.role, account.role):
        raise Forbidden("That account is not yours to keep.")
    if account.disabled_at is not None:
        raise Conflict("That account is disabled.", code="disabled")
    await trail.note(actor, actor.door, "reset_link_made", account, now)
    return await opening.make("reset", address, now, account_id=ident, email=account.email)


async def choose(
    data: ResetInput,
    *,
    passwords: Passwords,
    mailroom: Mailroom,
    now: datetime,
    visitor: Visitor,
) -> None:
    """A new password by a link; every session and token of the account ends, the factor stays.

    Raises:
        Forbidden: the link opens nothing (any more).
        Invalid: the password is too weak (the link stays usable).
        TooManyRequests: somebody tries links.
    """
    await throttles.take(of_link(visitor), now)
    link = await opening.find("reset", data.token, now)
    account = await Account.by_id(link.account_id) if link.account_id else None
    if account is None or account.disabled_at is not None or account.id is None:
        raise opening.closed()
    await passwords.require_strong(data.password, [account.email, account.name], "password")
    password_hash = await passwords.hash(data.password)
    await opening.claim(link, now)
    changed = await set_password(account, password_hash, now)
    if changed is None:
        raise opening.closed()
    await trail.note(account, "session", "password_reset", account, now)
    mailroom.post("password_changed", account.email, account.tongue, name=account.name)


async def set_password(account: Account, password_hash: str, now: datetime) -> Account | None:
    """Store the hash and end what the old password opened; None when the account is gone."""
    assert account.id is not None  # noqa: S101 - it was stored
    changed = await Account.change(
        account.id,
        {"$set": {"password_hash": password_hash, "updated_at": now}, "$inc": {"epoch": 1}},
        {"disabled_at": None},
    )
    await Session.end_all(account.id)
    await Token.revoke_all(account.id)
    await Link.close_all("reset", account_id=account.id)
    await Link.close_all("email", account_id=account.id)
    return changed


async def change_password(
    actor: Actor,
    current: str,
    new: str,
    *,
    passwords: Passwords,
    mailroom: Mailroom,
    now: datetime,
    visitor: Visitor,
) -> SignedIn:
    """One's own, with the one that it replaces; every other session and token of one's own ends.

    Raises:
        Forbidden: a token asks.
        Invalid: the current one is wrong, or the new one too weak.
        TooManyRequests: too many were wrong.
    """
    account = await service.require_password(
        actor, current, passwords=passwords, now=now, field_name="current_password"
    )
    await passwords.require_strong(new, [account.email, account.name], "password")
    password_hash = await passwords.hash(new)
    found = await Session.by_digest(actor.session_digest or "")
    changed = await set_password(account, password_hash, now)
    if changed is None or found is None:
        raise Forbidden("That account is disabled.")
    await trail.note(actor, actor.door, "password_changed", account, now)
    mailroom.post("password_changed", account.email, account.tongue, name=account.name)
    return await service.start_session(changed, now=now, visitor=visitor)


async def ask_for_email(
    actor: Actor,
    email: str,
    *,
    mailroom: Mailroom,
    now: datetime,
) -> str | None:
    """Send the link that confirms one's new address there, or return it where there is no mail.

    Whether the address has an account already is not told: then no mail is sent, and the link
    confirms nothing.

    Raises:
        Forbidden: a token asks, or the password was typed too long ago.
        Invalid: it is one's address already.
    """
    ident = permit_in_person(actor)
    permit_fresh(actor, now)
    account = await service.account_of(actor)
    if account.email == email:
        raise Invalid.of("email", "This is your address already.", "same_email")
    await Link.close_all("email", account_id=ident)
    _, url = await opening.make("email", mailroom.address, now, account_id=ident, email=email)
    await trail.note(actor, actor.door, "email_change_asked", account, now)
    if not mailroom.is_open:
        return url
    if await Account.by_email(email) is None:
        mailroom.post("email", email, account.tongue, name=account.name, link=url)
    mailroom.post("email_changed", account.email, account.tongue, name=account.name)
    return None


async def confirm_email(token: str, *, now: datetime, visitor: Visitor) -> None:
    """Sign in with the new address from now on.

    Raises:
        Forbidden: the link opens nothing (any more).
        Conflict: somebody has the address.
        TooManyRequests: somebody tries links.
    """
    await throttles.take(of_link(visitor), now)
    link = await opening.find("email", token, now)
    account = await Account.by_id(link.account_id) if link.account_id else None
    if account is None or account.disabled_at is not None or account.id is None:
        raise opening.closed()
    await opening.claim(link, now)
    if not await Account.change_email(account.id, account.email, link.email, now):
        raise Conflict("That address can't be used.", code="email_taken")
    await Link.close_all("reset", account_id=account.id)
    await trail.note(account, "session", "email_changed", account, now)

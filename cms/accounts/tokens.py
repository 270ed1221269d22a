"""Bearer tokens for programs: scoped, expiring, dying with what their maker may."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from beanie import PydanticObjectId

from cms.accounts import trail
from cms.accounts.actor import COMMAND_LINE, Actor, permit_fresh, permit_in_person
from cms.accounts.documents import Account, Token
from cms.accounts.permissions import SESSION_ONLY, TABLE, Permission
from cms.accounts.schemas import TokenInput, normal
from cms.accounts.service import TOUCH_EVERY, account_of, digest
from cms.core.errors import Conflict, Invalid, NotFound

TOKEN_PREFIX: Final = "ltr_"  # noqa: S105 - a mark that secret scanners can look for
MOST_TOKENS: Final = 100


async def create_token(actor: Actor, data: TokenInput, now: datetime) -> tuple[Token, str]:
    """A new bearer token for the actor's own account, and its secret, shown once.

    Raises:
        Forbidden: a token asks for another token, or the password was typed too long ago.
        Invalid: a scope that the account's own role does not have.
        Conflict: there are very many already.
    """
    account_id = permit_in_person(actor)
    permit_fresh(actor, now)
    for index, scope in enumerate(data.scopes):
        if scope not in TABLE[actor.role]:
            raise Invalid.of(
                f"scopes.{index}", f"the role {actor.role} does not have it", "beyond_role"
            )
    if len(await Token.of_account(account_id)) >= MOST_TOKENS:
        raise Conflict(f"There are {MOST_TOKENS} tokens: revoke one.", code="too_many_tokens")
    token, secret = await issue_token(account_id, data, now, epoch=actor.epoch)
    account = await account_of(actor)
    await trail.note(actor, actor.door, "token_created", account, now, scopes=(None, token.scopes))
    return token, secret


async def issue_token(
    account_id: PydanticObjectId, data: TokenInput, now: datetime, *, epoch: int = 0
) -> tuple[Token, str]:
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token(
        digest=digest(secret),
        account_id=account_id,
        epoch=epoch,
        name=data.name,
        scopes=sorted(set(data.scopes)),
        created_at=now,
        expires_at=now + timedelta(days=data.expires_in_days),
    )
    await token.insert()
    return token, secret


async def issue_token_for(email: str, data: TokenInput, now: datetime) -> str:
    """A token for the account with this address, from the command line.

    Raises:
        NotFound: nobody has that address.
    """
    account = await Account.by_email(normal(email))
    if account is None or account.id is None:
        raise NotFound(f"No account has the address {email}.")
    token, secret = await issue_token(account.id, data, now, epoch=account.epoch)
    scopes = (None, token.scopes)
    await trail.note(COMMAND_LINE, "cli", "token_created", account, now, scopes=scopes)
    return secret


async def by_token(secret: str, now: datetime) -> Actor | None:
    """The actor of a bearer token, or None when it is unknown, expired or its account disabled."""
    if not secret.startswith(TOKEN_PREFIX):
        return None
    token = await Token.by_digest(digest(secret))
    if token is None or token.expires_at <= now:
        return None
    account = await Account.by_id(token.account_id)
    if account is None or account.disabled_at is not None or account.epoch != token.epoch:
        return None
    if token.last_used_at is None or now - token.last_used_at >= TOUCH_EVERY:
        await Token.touch(token.id, now)
    # A scope that a later release took away is dropped, not an error.
    known = set(Permission) - SESSION_ONLY
    scopes = frozenset(Permission(item) for item in token.scopes if item in known)
    return Actor(account.id, account.name, account.role, "token", scopes=scopes)


async def list_tokens(actor: Actor) -> list[Token]:
    if actor.account_id is None:
        return []
    return await Token.of_account(actor.account_id)


async def revoke_token(actor: Actor, ident: PydanticObjectId, now: datetime) -> None:
    """End a token of one's own; it stops working at the next request.

    Raises:
        NotFound: the account has no such token.
        Forbidden: a token asks.
    """
    if not await Token.revoke(ident, permit_in_person(actor)):
        raise NotFound
    await trail.note(actor, actor.door, "token_revoked", await account_of(actor), now)

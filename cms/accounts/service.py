"""Accounts: first owner, sign-in and sign-out, bearer tokens, who is asking."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from beanie import PydanticObjectId
from bson import ObjectId

from cms.accounts.actor import COMMAND_LINE, Actor
from cms.accounts.documents import Account, Session, Setup, Token
from cms.accounts.passwords import Passwords
from cms.accounts.permissions import Permission, Role
from cms.accounts.schemas import SetupInput, TokenInput, normal
from cms.core import noting
from cms.core.errors import Conflict, Forbidden, NotFound, Unauthenticated
from cms.core.noting import Note

IDLE: Final = timedelta(hours=12)
ABSOLUTE: Final = timedelta(days=14)
SETUP_LIFE: Final = timedelta(hours=24)
# last_used_at is written at most this often: it is for people and for the idle limit, not exact.
TOUCH_EVERY: Final = timedelta(minutes=1)
TOKEN_PREFIX: Final = "ltr_"  # noqa: S105 - a mark that secret scanners can look for


@dataclass(frozen=True, slots=True)
class Keys:
    """Derives what is bound to a session from the installation's secret key."""

    secret_key: str

    def csrf_token(self, session_secret: str) -> str:
        message = f"csrf:{session_secret}".encode()
        return hmac.new(self.secret_key.encode(), message, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: `secret` goes into the cookie and nowhere else."""

    account: Account
    secret: str


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


async def sign_in(
    email: str,
    password: str,
    *,
    passwords: Passwords,
    now: datetime,
    address: str,
    user_agent: str,
    replaces: str | None = None,
) -> SignedIn:
    """Start a session under a new id; `replaces` is the cookie that came along, ended here.

    Raises:
        Unauthenticated: unknown, disabled and wrong all answer alike and hash once.
    """
    account = await Account.by_email(normal(email))
    usable = account is not None and account.disabled_at is None
    stored = account.password_hash if account is not None and usable else None
    if not await passwords.verify(stored, password) or account is None:
        raise Unauthenticated("E-mail or password is wrong.", code="wrong_credentials")
    if passwords.is_outdated(account.password_hash):
        await account.store_hash(await passwords.hash(password), now)
    if replaces is not None:
        await Session.end(digest(replaces))
    return await start_session(account, now=now, address=address, user_agent=user_agent)


async def start_session(
    account: Account, *, now: datetime, address: str, user_agent: str
) -> SignedIn:
    secret = secrets.token_urlsafe(32)
    assert account.id is not None  # noqa: S101 - it was read from the database
    session = Session(
        _id=digest(secret),
        account_id=account.id,
        created_at=now,
        last_used_at=now,
        expires_at=now + ABSOLUTE,
        address=address,
        user_agent=user_agent[:300],
    )
    await session.insert()
    await _note(account.id, account.name, "session", "signed_in", now)
    return SignedIn(account, secret)


async def sign_out(actor: Actor, now: datetime) -> None:
    if actor.session_digest is not None:
        await Session.end(actor.session_digest)
        await _note(actor.account_id, actor.name, "session", "signed_out", now)


async def _note(account_id: Any, name: str, door: str, verb: str, now: datetime) -> None:
    """Who came and went; neither the address nor the session's id."""
    await noting.note(
        Note(
            kind="account",
            item_id=account_id,
            title=name,
            verb=verb,
            at=now,
            by_id=account_id,
            by_name=name,
            door=door,
        )
    )


async def by_session(secret: str, now: datetime) -> Actor | None:
    """The actor of a session cookie, or None when it is unknown, idle too long or over."""
    session = await Session.by_digest(digest(secret))
    if session is None or session.expires_at <= now or session.last_used_at + IDLE <= now:
        return None
    account = await Account.by_id(session.account_id)
    if account is None or account.disabled_at is not None:
        return None
    if now - session.last_used_at >= TOUCH_EVERY:
        await Session.touch(session.id, now)
    return Actor(account.id, account.name, account.role, "session", session_digest=session.id)


async def by_token(secret: str, now: datetime) -> Actor | None:
    """The actor of a bearer token, or None when it is unknown, expired or its account disabled."""
    if not secret.startswith(TOKEN_PREFIX):
        return None
    token = await Token.by_digest(digest(secret))
    if token is None or token.expires_at <= now:
        return None
    account = await Account.by_id(token.account_id)
    if account is None or account.disabled_at is not None:
        return None
    if token.last_used_at is None or now - token.last_used_at >= TOUCH_EVERY:
        await Token.touch(token.id, now)
    # A scope that a later release took away is dropped, not an error.
    scopes = frozenset(Permission(item) for item in token.scopes if item in set(Permission))
    return Actor(account.id, account.name, account.role, "token", scopes=scopes)


async def account_of(actor: Actor) -> Account:
    account = await Account.by_id(actor.account_id) if actor.account_id else None
    if account is None:
        raise Unauthenticated
    return account


async def open_setup(now: datetime) -> str | None:
    """A fresh one-time setup secret while nobody has an account, else None."""
    if await Account.any_exists():
        return None
    secret = secrets.token_urlsafe(32)
    await Setup.replace_link(digest(secret), now + SETUP_LIFE)
    return secret


async def set_up(
    data: SetupInput, *, passwords: Passwords, now: datetime, address: str, user_agent: str
) -> SignedIn:
    """Make the first owner by the setup link, and sign in.

    Raises:
        Forbidden: the link is used up, expired or never was.
        Invalid: the password is too weak (the link stays usable).
    """
    claimed = digest(data.token)
    refusal = Forbidden(
        "This setup link does not open anything (any more). Restart the CMS for a new one.",
        code="setup_closed",
    )
    if await Account.any_exists() or not await Setup.is_open(claimed, now):
        raise refusal
    await passwords.require_strong(data.password, [data.email, data.name], "password")
    password_hash = await passwords.hash(data.password)
    if not await Setup.claim(claimed, now):
        raise refusal
    owner = _owner(data.email, data.name, password_hash, now)
    if not await owner.insert_unique():  # the command line was faster
        raise refusal
    await _note(owner.id, owner.name, "session", "created", now)
    return await start_session(owner, now=now, address=address, user_agent=user_agent)


async def create_owner(
    email: str, name: str, password: str, *, passwords: Passwords, now: datetime
) -> Account:
    """Make the first owner from the command line.

    Raises:
        Conflict: there is an account already.
        Invalid: the password is too weak.
    """
    if await Account.any_exists():
        raise Conflict("There is an owner already.", code="owner_exists")
    await passwords.require_strong(password, [email, name], "password")
    owner = _owner(email, name, await passwords.hash(password), now)
    if not await owner.insert_unique():
        raise Conflict("There is an owner already.", code="owner_exists")
    await _note(owner.id, owner.name, "cli", "created", now)
    await Setup.close()
    return owner


def _owner(email: str, name: str, password_hash: str, now: datetime) -> Account:
    return Account(
        email=email,
        name=name,
        role=Role.OWNER,
        password_hash=password_hash,
        created_at=now,
        updated_at=now,
    )


async def create_token(actor: Actor, data: TokenInput, now: datetime) -> tuple[Token, str]:
    """A new bearer token for the actor's own account, and its secret, shown once.

    Raises:
        Forbidden: a token asks for another token.
    """
    if actor.door == "token" or actor.account_id is None:
        raise Forbidden("A token can't make tokens: sign in.", code="session_required")
    return await _issue_noted(actor, actor.account_id, data, now)


async def _issue_noted(
    actor: Actor, account_id: PydanticObjectId, data: TokenInput, now: datetime
) -> tuple[Token, str]:
    ident = PydanticObjectId(ObjectId())
    expires_at = now + timedelta(days=data.expires_in_days)
    after = {"scopes": sorted(set(data.scopes)), "expires_at": expires_at}
    told = {name: (None, value) for name, value in after.items()}
    # Told before it is made: a key that nobody heard of must not be good.
    await noting.note(_about_token(actor, ident, data.name, "created", at=now, changes=told))
    return await issue_token(account_id, data, now, ident=ident)


def _about_token(actor: Actor, ident: Any, name: str, verb: str, **more: Any) -> Note:
    return Note(
        kind="token",
        item_id=ident,
        title=name,
        verb=verb,
        by_id=actor.account_id,
        by_name=actor.name,
        door=actor.door,
        **more,
    )


async def issue_token(
    account_id: PydanticObjectId,
    data: TokenInput,
    now: datetime,
    *,
    ident: PydanticObjectId | None = None,
) -> tuple[Token, str]:
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token(
        id=ident,
        digest=digest(secret),
        account_id=account_id,
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
    return (await _issue_noted(COMMAND_LINE, account.id, data, now))[1]


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
    if actor.door == "token" or actor.account_id is None:
        raise Forbidden("A token can't revoke tokens: sign in.", code="session_required")
    gone = await Token.revoke(ident, actor.account_id)
    if gone is None:
        raise NotFound
    told = {name: (getattr(gone, name), None) for name in ("scopes", "expires_at")}
    await noting.note(_about_token(actor, ident, gone.name, "revoked", at=now, changes=told))

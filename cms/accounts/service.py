"""Accounts: first owner, sign-in and sign-out, sessions, who is asking."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from beanie import PydanticObjectId

from cms.accounts import second_factor, trail
from cms.accounts.actor import Actor, Lack, permit_in_person
from cms.accounts.documents import Account, Policy, Session, Setup, Stage
from cms.accounts.keys import Keys
from cms.accounts.limits import (
    Visitor,
    of_code,
    of_reauthentication,
    of_setup,
    of_sign_in,
)
from cms.accounts.passwords import Passwords
from cms.accounts.permissions import Role
from cms.accounts.schemas import SetupInput, normal
from cms.core.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from cms.throttles import service as throttles

IDLE: Final = timedelta(hours=12)
ABSOLUTE: Final = timedelta(days=14)
SETUP_LIFE: Final = timedelta(hours=24)
# How long a session waits for its code, and how long a typed password counts as just typed.
CODE_WAIT: Final = timedelta(minutes=10)
FRESH: Final = timedelta(minutes=10)
# last_used_at is written at most this often: it is for people and for the idle limit, not exact.
TOUCH_EVERY: Final = timedelta(minutes=1)
MUST_HAVE_SECOND_FACTOR: Final = {Role.OWNER, Role.ADMIN}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: `secret` goes into the cookie and nowhere else."""

    account: Account
    session: Session
    secret: str
    lacks: Lack | None


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


async def sign_in(
    email: str,
    password: str,
    code: str | None = None,
    *,
    passwords: Passwords,
    keys: Keys,
    now: datetime,
    visitor: Visitor,
    replaces: str | None = None,
) -> SignedIn:
    """Start a session under a new id; `replaces` is the cookie that came along, ended here.

    With a second factor and without its code, the session opens nothing but `enter_code`.

    Raises:
        Unauthenticated: unknown, disabled and wrong all answer alike and hash once.
        TooManyRequests: too many were wrong.
    """
    known_as = normal(email)
    counted = of_sign_in(visitor, keys, known_as)
    await throttles.take(counted, now)
    account = await Account.by_email(known_as)
    usable = account is not None and account.disabled_at is None
    stored = account.password_hash if account is not None and usable else None
    if not await passwords.verify(stored, password) or account is None:
        raise Unauthenticated("E-mail or password is wrong.", code="wrong_credentials")
    await throttles.give_back(counted)
    if passwords.is_outdated(account.password_hash):
        await account.store_hash(await passwords.hash(password), now)
    stage: Stage = "whole" if account.second_factor is None else "code"
    if stage == "code" and code is not None:
        await _take_code(account, code, keys=keys, now=now, visitor=visitor)
        stage = "whole"
    if replaces is not None:
        await Session.end(digest(replaces))
    if stage == "whole":
        await trail.note(account, "session", "signed_in", account, now)
    return await start_session(account, now=now, visitor=visitor, stage=stage)


async def enter_code(
    secret: str, code: str, *, keys: Keys, now: datetime, visitor: Visitor
) -> SignedIn:
    """Make a half-signed-in session a whole one, under a new id.

    Raises:
        Unauthenticated: the code is wrong or was used, or no session waits for one.
        TooManyRequests: too many were wrong.
    """
    session = await Session.by_digest(digest(secret)) if secret else None
    account = await _account_in(session, now)
    if session is None or account is None or session.stage != "code":
        raise Unauthenticated("No sign-in waits for a code: begin again.", code="no_sign_in")
    await _take_code(account, code, keys=keys, now=now, visitor=visitor)
    if not await Session.end(session.id):
        raise Unauthenticated("No sign-in waits for a code: begin again.", code="no_sign_in")
    await trail.note(account, "session", "signed_in", account, now)
    return await start_session(account, now=now, visitor=visitor)


async def _take_code(
    account: Account, code: str, *, keys: Keys, now: datetime, visitor: Visitor
) -> None:
    counted = of_code(visitor, keys, account.email)
    await throttles.take(counted, now)
    if not await second_factor.accepts(account, code, keys, now):
        raise Unauthenticated("That code is wrong, or was used already.", code="wrong_code")
    await throttles.give_back(counted)


async def reauthenticate(
    actor: Actor,
    password: str,
    code: str | None,
    *,
    passwords: Passwords,
    keys: Keys,
    now: datetime,
    visitor: Visitor,
) -> SignedIn:
    """Prove again who is there: the session goes on under a new id, fresh for ten minutes.

    Raises:
        Forbidden: a token asks, or a code is needed, too.
        Invalid: password or code are wrong; the field is named, the session goes on.
        TooManyRequests: too many were wrong.
    """
    account = await require_password(
        actor, password, passwords=passwords, now=now, field_name="password"
    )
    if account.second_factor is not None:
        if code is None:
            raise Forbidden("The code of your second factor is needed, too.", code="code_required")
        counted = of_code(visitor, keys, account.email)
        await throttles.take(counted, now)
        if not await second_factor.accepts(account, code, keys, now):
            raise Invalid.of("code", "That code is wrong, or was used already.", "wrong_code")
        await throttles.give_back(counted)
    done = await renew(actor, account, now=now, visitor=visitor, is_proven=True)
    await trail.note(actor, actor.door, "reauthenticated", account, now)
    return done


async def require_password(
    actor: Actor, password: str, *, passwords: Passwords, now: datetime, field_name: str
) -> Account:
    """The actor's own account, when the password is theirs.

    Raises:
        Forbidden: a token asks.
        Invalid: the password is wrong; the field is named.
        TooManyRequests: too many were wrong.
    """
    permit_in_person(actor)
    account = await account_of(actor)
    counted = of_reauthentication(str(actor.lineage))
    await throttles.take(counted, now)
    if not await passwords.verify(account.password_hash, password):
        raise Invalid.of(field_name, "That is not your password.", "wrong_password")
    await throttles.give_back(counted)
    return account


async def start_session(
    account: Account, *, now: datetime, visitor: Visitor, stage: Stage = "whole"
) -> SignedIn:
    assert account.id is not None  # noqa: S101 - it was read from the database
    secret = secrets.token_urlsafe(32)
    session = Session(
        _id=digest(secret),
        lineage=PydanticObjectId(),
        account_id=account.id,
        epoch=account.epoch,
        stage=stage,
        created_at=now,
        last_used_at=now,
        expires_at=now + (ABSOLUTE if stage == "whole" else CODE_WAIT),
        proven_at=now,
        address=visitor.address,
        user_agent=visitor.user_agent[:300],
    )
    await session.insert()
    return SignedIn(account, session, secret, await _lacks(session, account))


async def renew(
    actor: Actor, account: Account, *, now: datetime, visitor: Visitor, is_proven: bool = False
) -> SignedIn:
    """The actor's session under a new id and the account's epoch; its end stays where it was.

    Raises:
        Unauthenticated: it ended meanwhile.
    """
    found = await Session.by_digest(actor.session_digest or "")
    if found is None or not await Session.end(found.id):
        raise Unauthenticated
    secret = secrets.token_urlsafe(32)
    session = found.model_copy(
        update={
            "id": digest(secret),
            "epoch": account.epoch,
            "last_used_at": now,
            "proven_at": now if is_proven else found.proven_at,
            "address": visitor.address,
        }
    )
    await session.insert()
    return SignedIn(account, session, secret, await _lacks(session, account))


async def sign_out(actor: Actor, now: datetime) -> None:
    if actor.session_digest is not None:
        await Session.end(actor.session_digest)
        account = await account_of(actor)
        await trail.note(account, "session", "signed_out", account, now)


async def list_sessions(actor: Actor, now: datetime) -> list[Session]:
    """The sessions of one's own that are alive, the latest used first."""
    if actor.account_id is None:
        return []
    account = await account_of(actor)
    found = await Session.of_account(actor.account_id)
    return [item for item in found if item.epoch == account.epoch and _is_alive(item, now)]


async def end_session(actor: Actor, lineage: PydanticObjectId, now: datetime) -> None:
    """End one of one's own.

    Raises:
        NotFound: there is none such.
    """
    if not await Session.end_one(lineage, permit_in_person(actor)):
        raise NotFound
    await trail.note(actor, actor.door, "session_ended", await account_of(actor), now)


async def end_other_sessions(actor: Actor, now: datetime) -> None:
    await Session.end_all(permit_in_person(actor), but=actor.lineage)
    await trail.note(actor, actor.door, "sessions_ended", await account_of(actor), now)


def _is_alive(session: Session, now: datetime) -> bool:
    return session.expires_at > now and session.last_used_at + IDLE > now


async def _account_in(session: Session | None, now: datetime) -> Account | None:
    """Whose session it is, when both are still good."""
    if session is None or not _is_alive(session, now):
        return None
    account = await Account.by_id(session.account_id)
    if account is None or account.disabled_at is not None or account.epoch != session.epoch:
        return None
    return account


async def _lacks(session: Session, account: Account) -> Lack | None:
    if session.stage == "code":
        return "code"
    if account.role in MUST_HAVE_SECOND_FACTOR and account.second_factor is None:
        policy = await Policy.load()
        return "enrolment" if policy.second_factor_required else None
    return None


async def by_session(secret: str, now: datetime, address: str = "") -> Actor | None:
    """The actor of a session cookie, or None when it is unknown, idle too long or over."""
    session = await Session.by_digest(digest(secret))
    account = await _account_in(session, now)
    if session is None or account is None:
        return None
    if now - session.last_used_at >= TOUCH_EVERY:
        await Session.touch(session.id, now, address or session.address)
    return Actor(
        account.id,
        account.name,
        account.role,
        "session",
        session_digest=session.id,
        lineage=session.lineage,
        epoch=account.epoch,
        lacks=await _lacks(session, account),
        fresh_until=session.proven_at + FRESH,
    )


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
    data: SetupInput, *, passwords: Passwords, now: datetime, visitor: Visitor
) -> SignedIn:
    """Make the first owner by the setup link, and sign in.

    Raises:
        Forbidden: the link is used up, expired or never was.
        Invalid: the password is too weak (the link stays usable).
        TooManyRequests: somebody tries links.
    """
    await throttles.take(of_setup(visitor), now)
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
    await trail.note(owner, "session", "created", owner, now, role=(None, owner.role))
    return await start_session(owner, now=now, visitor=visitor)


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
    await Setup.close()
    await trail.note(owner, "cli", "created", owner, now, role=(None, owner.role))
    return owner


def _owner(email: str, name: str, password_hash: str, now: datetime) -> Account:
    return Account(
        email=email,
        name=name,
        role=Role.OWNER,
        password_hash=password_hash,
        created_at=now,
        updated_at=now,
        founder=True,
    )

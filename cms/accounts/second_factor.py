"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for its loss."""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyotp
import segno

from cms.accounts import trail
from cms.accounts.actor import Actor, permit_fresh, permit_in_person
from cms.accounts.documents import Account, Policy, SecondFactor
from cms.accounts.keys import Keys
from cms.core.errors import Conflict, Invalid

STEP: Final = 30
# A step to either side, for clocks that differ and people who type.
DRIFT: Final = (0, -1, 1)
SECRET_BYTES: Final = 20
RECOVERY_CODES: Final = 10
RECOVERY_BYTES: Final = 10
DIGITS: Final = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs, for the eye and for the camera."""

    secret: str
    uri: str
    qr_svg: str


async def begin(
    actor: Actor, account: Account, *, keys: Keys, issuer: str, now: datetime
) -> Enrolment:
    """A new secret, kept until its first code confirms that the app has it.

    Raises:
        Forbidden: a token asks, or the password was typed too long ago.
        Conflict: there is a second factor already.
    """
    ident = permit_in_person(actor)
    permit_fresh(actor, now)
    secret = secrets.token_bytes(SECRET_BYTES)
    changed = await Account.change(
        ident, {"$set": {"unconfirmed_secret": keys.seal(secret)}}, {"second_factor": None}
    )
    if changed is None:
        raise Conflict("There is a second factor already: take it away first.", code="has_factor")
    text = base64.b32encode(secret).decode()
    uri = pyotp.TOTP(text).provisioning_uri(name=account.email, issuer_name=issuer)
    svg = segno.make(uri, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff")
    return Enrolment(text, uri, svg)


async def confirm(
    actor: Actor, account: Account, code: str, *, keys: Keys, now: datetime
) -> tuple[Account, list[str]]:
    """The second factor is needed from now on; its recovery codes are shown this once.

    Raises:
        Forbidden: a token asks, or the password was typed too long ago.
        Invalid: the code is not one of the new secret.
        Conflict: nothing was begun.
    """
    ident = permit_in_person(actor)
    permit_fresh(actor, now)
    sealed = account.unconfirmed_secret
    secret = keys.unseal(sealed) if sealed else None
    if secret is None or account.second_factor is not None:
        raise Conflict("Begin with a new secret first.", code="nothing_to_confirm")
    step = _step_of(secret, code, now)
    if step is None:
        raise Invalid.of("code", "The app shows another code: look at the clock.", "wrong_code")
    codes = _new_codes()
    factor = SecondFactor(
        secret=sealed or "", last_step=step, recovery=[_digest(item) for item in codes], since=now
    )
    changed = await Account.change(
        ident,
        {"$set": {"second_factor": factor.model_dump(), "unconfirmed_secret": None}},  # nosec B105
        {"unconfirmed_secret": sealed, "second_factor": None},
    )
    if changed is None:
        raise Conflict("Begin with a new secret first.", code="nothing_to_confirm")
    await trail.note(actor, actor.door, "second_factor_on", account, now)
    return changed, codes


async def accepts(account: Account, code: str, keys: Keys, now: datetime) -> bool:
    """Whether a code, of the app or of recovery, opens; none opens twice."""
    factor = account.second_factor
    assert account.id is not None  # noqa: S101 - it was stored
    if factor is None:
        return False
    text = "".join(code.split()).replace("-", "").upper()
    if DIGITS.fullmatch(text):
        secret = keys.unseal(factor.secret)
        step = _step_of(secret, text, now) if secret is not None else None
        return step is not None and await Account.take_step(account.id, step)
    if await Account.take_recovery(account.id, _digest(text)):
        await trail.note(account, "session", "recovery_code_used", account, now)
        return True
    return False


async def renew_codes(actor: Actor, account: Account, *, now: datetime) -> list[str]:
    """New recovery codes; the old ones open nothing any more.

    Raises:
        Forbidden: a token asks, or the password was typed too long ago.
        Conflict: there is no second factor.
    """
    ident = permit_in_person(actor)
    permit_fresh(actor, now)
    codes = _new_codes()
    changed = await Account.change(
        ident,
        {"$set": {"second_factor.recovery": [_digest(item) for item in codes]}},
        {"second_factor": {"$ne": None}},
    )
    if changed is None:
        raise Conflict("There is no second factor.", code="no_factor")
    await trail.note(actor, actor.door, "recovery_codes_renewed", account, now)
    return codes


async def remove(actor: Actor, account: Account, *, is_required: bool, now: datetime) -> Account:
    """Sign in with the password alone again.

    Raises:
        Forbidden: a token asks, or the password was typed too long ago.
        Conflict: the owner asks for one, or there is none.
    """
    permit_in_person(actor)
    permit_fresh(actor, now)
    policy = await Policy.load()
    if policy.second_factor_required and is_required:
        raise Conflict("This site asks your role for a second factor.", code="factor_required")
    changed = await take_away(account)
    if changed is None:
        raise Conflict("There is no second factor.", code="no_factor")
    await trail.note(actor, actor.door, "second_factor_off", account, now)
    return changed


async def take_away(account: Account) -> Account | None:
    """None when there is none."""
    assert account.id is not None  # noqa: S101 - it was stored
    return await Account.change(
        account.id,
        {"$set": {"second_factor": None, "unconfirmed_secret": None}},  # nosec B105 - none is left
        {"second_factor": {"$ne": None}},
    )


def _step_of(secret: bytes, code: str, now: datetime) -> int | None:
    """The time step whose code this is, or None. All are compared, whichever fits."""
    text = "".join(code.split())
    if not DIGITS.fullmatch(text):
        return None
    totp, current = pyotp.TOTP(base64.b32encode(secret).decode()), int(now.timestamp()) // STEP
    found = [
        current + drift
        for drift in DRIFT
        if hmac.compare_digest(totp.at((current + drift) * STEP), text)
    ]
    return found[0] if found else None


def _new_codes() -> list[str]:
    """Eighty random bits each, in groups that can be copied from paper."""
    texts = [
        base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()
        for _ in range(RECOVERY_CODES)
    ]
    return ["-".join(text[at : at + 4] for at in range(0, len(text), 4)) for text in texts]


def _digest(code: str) -> str:
    text = code.replace("-", "").upper()
    return hashlib.sha256(f"recovery:{text}".encode()).hexdigest()

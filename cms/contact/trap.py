"""The token of a form: signed, so that nobody makes one; dated, so that nobody hurries. Pure."""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from cms.core.errors import Invalid

PREFIX: Final = "lct_"
MOMENT_BYTES: Final = 8
RANDOM_BYTES: Final = 18
SIGNATURE_BYTES: Final = 16
# 42 bytes are 56 characters without padding or spare bits: every token is written in one way.
SHAPE: Final = re.compile(PREFIX + r"([A-Za-z0-9_-]{56})")
# Nobody reads a form and writes into it faster than this.
SOONEST: Final = timedelta(seconds=3)
# A tab that was left open overnight still sends.
LATEST: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Form:
    """A token to be sent with a message, between these moments."""

    token: str
    ready_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a token says: `digest` is what is stored of it, for it is good for one message."""

    digest: str
    is_early: bool


@dataclass(frozen=True, slots=True)
class Trap:
    """Makes and reads tokens; nothing is stored until one comes back."""

    secret_key: str = field(repr=False)
    previous: tuple[str, ...] = field(default=(), repr=False)

    def issue(self, now: datetime) -> Form:
        moment = round(now.timestamp() * 1000).to_bytes(MOMENT_BYTES, "big")
        packed = moment + secrets.token_bytes(RANDOM_BYTES)
        token = base64.urlsafe_b64encode(packed + _sign(self.secret_key, packed)).decode()
        return Form(PREFIX + token, ready_at=now + SOONEST, expires_at=now + LATEST)

    def read(self, token: str, now: datetime) -> Ticket:
        """The ticket.

        Raises:
            Invalid: it is none of ours, or too old: a new form has a new one.
        """
        packed = self._known(token)
        if packed is None:
            raise _refusal("is none of ours: fetch a new one")
        milliseconds = int.from_bytes(packed[:MOMENT_BYTES], "big")
        age = now - (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds))
        if not timedelta(0) <= age <= LATEST:
            raise _refusal("is too old: fetch a new one")
        return Ticket(hashlib.sha256(packed).hexdigest(), is_early=age < SOONEST)

    def _known(self, token: str) -> bytes | None:
        shape = SHAPE.fullmatch(token)
        if shape is None:
            return None
        whole = base64.urlsafe_b64decode(shape[1])
        packed, signature = whole[:-SIGNATURE_BYTES], whole[-SIGNATURE_BYTES:]
        keys = (self.secret_key, *self.previous)
        found = [hmac.compare_digest(signature, _sign(key, packed)) for key in keys]
        return packed if any(found) else None


def _sign(key: str, packed: bytes) -> bytes:
    full = hmac.new(key.encode(), b"contact:" + packed, hashlib.sha256).digest()
    return full[:SIGNATURE_BYTES]


def _refusal(message: str) -> Invalid:
    return Invalid.of("token", message, "contact_token_invalid")

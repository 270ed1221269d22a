"""Secrets that travel in links: random, signed by this installation, stored as a digest alone."""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

RANDOM_BYTES = 32
SIGNATURE_BYTES = 16
PREFIX = "lpv_"
# 48 bytes are 64 characters without padding or spare bits: every token is written in one way.
_SHAPE = re.compile(PREFIX + r"([A-Za-z0-9_-]{64})")


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes and reads the tokens of one purpose; another purpose's or installation's are unknown.

    The signature lets guesses be refused without asking the database; what a token opens, and
    whether it still does, stands there under its digest.
    """

    secret_key: str = field(repr=False)
    purpose: str
    previous: tuple[str, ...] = field(default=(), repr=False)

    def issue(self) -> str:
        """A new token, to be shown once."""
        random = secrets.token_bytes(RANDOM_BYTES)
        return (
            PREFIX + base64.urlsafe_b64encode(random + self._sign(self.secret_key, random)).decode()
        )

    def digest(self, token: str) -> str | None:
        """What is stored of a token, or None when it is none of ours."""
        shape = _SHAPE.fullmatch(token)
        if shape is None:
            return None
        packed = base64.urlsafe_b64decode(shape[1])
        random, signature = packed[:RANDOM_BYTES], packed[RANDOM_BYTES:]
        keys = (self.secret_key, *self.previous)
        if not any(hmac.compare_digest(signature, self._sign(key, random)) for key in keys):
            return None
        return hashlib.sha256(packed).hexdigest()

    def _sign(self, key: str, random: bytes) -> bytes:
        message = self.purpose.encode() + b":" + random
        full = hmac.new(key.encode(), message, hashlib.sha256).digest()
        return full[:SIGNATURE_BYTES]

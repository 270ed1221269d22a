"""Secrets and signatures by Standard Webhooks 1.0; a secret is derived, never stored."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
VERSION: Final = "v1"


def new_nonce() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Derives a webhook's secrets from the installation's key; the database holds nonces alone."""

    secret_key: str = field(repr=False)
    previous: Sequence[str] = field(default=(), repr=False)

    def of(self, webhook_id: str, nonce: str) -> str:
        return _derived(self.secret_key, webhook_id, nonce)

    def known(self, webhook_id: str, nonce: str, check: str) -> str | None:
        """The secret as it was made, by this key or a previous one; None if by another."""
        for key in (self.secret_key, *self.previous):
            secret = _derived(key, webhook_id, nonce)
            if self.check(secret) == check:
                return secret
        return None

    def check(self, secret: str) -> str:
        """What tells later that the key is still the one that the secret was derived from."""
        return hashlib.sha256(secret.encode()).hexdigest()[:16]


def _derived(key: str, webhook_id: str, nonce: str) -> str:
    message = f"webhook:{webhook_id}:{nonce}".encode()
    derived = hmac.new(key.encode(), message, hashlib.sha256).digest()
    return PREFIX + base64.b64encode(derived).decode()


def headers(message_id: str, at: datetime, body: bytes, shared: Iterable[str]) -> dict[str, str]:
    """What a receiver verifies; one signature for each secret that is valid now."""
    moment = str(int(at.timestamp()))
    signed = b".".join([message_id.encode(), moment.encode(), body])
    signatures = [f"{VERSION},{_sign(secret, signed)}" for secret in shared]
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(signatures),
    }


def _sign(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()

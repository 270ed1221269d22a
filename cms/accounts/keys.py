"""What is derived from the installation's secret key: CSRF tokens, device marks, sealed secrets."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

NONCE_BYTES: Final = 16
TAG_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """The key in force makes everything; what the previous ones made is still good."""

    secret_key: str = field(repr=False)
    previous: tuple[str, ...] = field(default=(), repr=False)

    def csrf_token(self, lineage: str) -> str:
        """The token that the writes of one session need."""
        return _mac(self.secret_key, f"csrf:{lineage}".encode()).hex()

    def fits_session(self, csrf_token: str, lineage: str) -> bool:
        message = f"csrf:{lineage}".encode()
        found = [
            hmac.compare_digest(csrf_token.encode(), _mac(key, message).hex().encode())
            for key in self._all()
        ]
        return any(found)

    def device_mark(self, email: str) -> str:
        """A cookie that says: from here somebody signed in as this address before."""
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        return f"{nonce}.{_mac(self.secret_key, _device(email, nonce)).hex()}"

    def device_of(self, mark: str, email: str) -> str | None:
        """The device that a mark is about, or None when it is none of ours for this address."""
        nonce, dot, tag = mark.partition(".")
        if not dot or len(mark) > 200:
            return None
        found = [
            hmac.compare_digest(tag.encode(), _mac(key, _device(email, nonce)).hex().encode())
            for key in self._all()
        ]
        return nonce if any(found) else None

    def seal(self, secret: bytes) -> str:
        """Encrypt and authenticate a short secret, so that a stolen database does not hold it.

        HMAC-SHA-256 as keystream and as tag (encrypt, then authenticate), each under a key of its
        own: the standard library has no cipher, and the secrets are shorter than one block.
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        body = _stream(self.secret_key, nonce, secret)
        tag = _mac(_part(self.secret_key, b"tag"), nonce + body)
        return base64.urlsafe_b64encode(nonce + body + tag).decode()

    def unseal(self, sealed: str) -> bytes | None:
        """The secret, or None when no key of ours sealed this."""
        packed = base64.urlsafe_b64decode(sealed)
        nonce, body = packed[:NONCE_BYTES], packed[NONCE_BYTES:-TAG_BYTES]
        for key in self._all():
            tag = _mac(_part(key, b"tag"), nonce + body)
            if hmac.compare_digest(tag, packed[-TAG_BYTES:]):
                return _stream(key, nonce, body)
        return None

    def _all(self) -> tuple[str, ...]:
        return (self.secret_key, *self.previous)


def _device(email: str, nonce: str) -> bytes:
    return f"device:{nonce}:{email}".encode()


def _mac(key: str | bytes, message: bytes) -> bytes:
    material = key.encode() if isinstance(key, str) else key
    return hmac.new(material, message, hashlib.sha256).digest()


def _part(key: str, purpose: bytes) -> bytes:
    return _mac(key, b"lontar second factor:" + purpose)


def _stream(key: str, nonce: bytes, text: bytes) -> bytes:
    assert len(text) <= TAG_BYTES  # noqa: S101 - one block: no counter is needed
    pad = _mac(_part(key, b"cipher"), nonce)
    return bytes(left ^ right for left, right in zip(text, pad, strict=False))

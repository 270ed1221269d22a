"""The seal of a backup: that this installation made it, and that nobody changed it since."""

import hashlib
import hmac
from collections.abc import Iterable


def seal(secret_key: str, manifest: bytes) -> bytes:
    """Over the manifest, which has the digest of everything else."""
    key = hmac.new(secret_key.encode(), b"lontar backup", hashlib.sha256).digest()
    return hmac.new(key, manifest, hashlib.sha256).hexdigest().encode()


def fits(found: bytes, manifest: bytes, keys: Iterable[str]) -> bool:
    made = [hmac.compare_digest(found, seal(key, manifest)) for key in keys]
    return any(made)

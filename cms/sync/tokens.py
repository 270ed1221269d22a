"""Where a follower stands, as an opaque token that only this installation can have made."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from cms.core.errors import FieldError, Malformed

SIGNATURE_BYTES: Final = 16
FOLLOWING: Final = -1


class Position(BaseModel):
    """`number` is the last event that was told, `entry` what that event was about.

    While everything is told once, `walk` is the sort of things that is walked, `after` the last
    id of it. `addresses`, `site` and `redirects` are digests of what the follower has.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    number: int
    entry: str = ""
    walk: int = 0
    after: str = ""
    addresses: str = ""
    site: str = ""
    redirects: str = ""

    def moved(self, **changes: int | str) -> "Position":
        return self.model_copy(update=changes)

    @property
    def is_following(self) -> bool:
        return self.walk == FOLLOWING


@dataclass(frozen=True, slots=True)
class Tokens:
    """Writes and reads positions; a secret key that is none any more makes its tokens foreign."""

    secret_key: str = field(repr=False)
    previous: Sequence[str] = field(default=(), repr=False)

    def write(self, position: Position) -> str:
        packed = position.model_dump_json(exclude_defaults=True).encode()
        return (
            base64.urlsafe_b64encode(_sign(self.secret_key, packed) + packed).decode().rstrip("=")
        )

    def read(self, token: str) -> Position:
        """The position.

        Raises:
            Malformed: the token is none of ours.
        """
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            signature, packed = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
            keys = (self.secret_key, *self.previous)
            if any(hmac.compare_digest(signature, _sign(key, packed)) for key in keys):
                return Position.model_validate_json(packed)
        except (ValueError, ValidationError):
            pass
        message = "is none of ours; start again without it"
        raise Malformed(
            f"since {message}.",
            code="bad_sync_token",
            errors=[FieldError("since", message, "bad_sync_token")],
        )


def _sign(key: str, packed: bytes) -> bytes:
    full = hmac.new(key.encode(), b"sync:" + packed, hashlib.sha256).digest()
    return full[:SIGNATURE_BYTES]

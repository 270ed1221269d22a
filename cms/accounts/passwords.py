"""Passwords: argon2id off the event loop, a policy that measures guessability."""

import functools
import importlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Final, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cms.core.errors import Invalid

T = TypeVar("T")
MIN_LENGTH: Final = 15
MAX_LENGTH: Final = 256
MIN_SCORE: Final = 3
MIN_REST: Final = 8
# zxcvbn refuses longer input; what follows can only make a password stronger.
MEASURED: Final = 72
# OWASP Password Storage Cheat Sheet, argon2id: the least that may be configured.
MIN_MEMORY_KIB: Final = 19456
MIN_TIME_COST: Final = 2


@dataclass(slots=True)
class Passwords:
    """Hashes and verifies; at most two at a time, since each takes 64 MiB and a core."""

    memory_kib: int = 65536
    time_cost: int = 3
    _hasher: PasswordHasher = field(init=False)
    _dummy: str = field(init=False, repr=False)
    _limiter: CapacityLimiter | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.memory_kib < MIN_MEMORY_KIB or self.time_cost < MIN_TIME_COST:
            raise ValueError(f"argon2id needs m>={MIN_MEMORY_KIB}, t>={MIN_TIME_COST}")
        self._hasher = PasswordHasher(
            time_cost=self.time_cost,
            memory_cost=self.memory_kib,
            parallelism=1,
            hash_len=32,
            salt_len=16,
        )
        # A hash of no password, made without hashing: to verify against it takes as long as
        # against a real one, from the first sign-in on, and never fits.
        salt, digest = (b64encode(token_bytes(size)).rstrip(b"=").decode() for size in (16, 32))
        cost = f"m={self.memory_kib},t={self.time_cost},p=1"
        self._dummy = f"$argon2id$v=19${cost}${salt}${digest}"

    async def hash(self, password: str) -> str:
        return await self._off_loop(self._hasher.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password fits; with None as long as if there were a hash (enumeration)."""
        fits = await self._off_loop(self._matches, stored or self._dummy, password)
        return fits and stored is not None

    def is_outdated(self, stored: str) -> bool:
        return self._hasher.check_needs_rehash(stored)

    async def require_strong(self, password: str, personal: Iterable[str], field_name: str) -> None:
        """Refuse what is short, endless, guessable or made of the person's own words.

        Raises:
            Invalid: naming the field and what to do about it.
        """
        texts = [text.lower() for text in personal]
        parts = [part for text in texts for part in re.split(r"[\W_]+", text) if len(part) > 2]
        words = list(dict.fromkeys([*texts, *parts]))
        if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
            raise Invalid.of(
                field_name, f"Use {MIN_LENGTH} to {MAX_LENGTH} characters.", "password_length"
            )
        is_theirs = len(_without(password.lower(), words)) < MIN_REST
        if is_theirs or await self._off_loop(_score, password, words) < MIN_SCORE:
            raise Invalid.of(
                field_name,
                "Too easy to guess. A few unrelated words make a strong password.",
                "password_weak",
            )

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _off_loop(self, function: Callable[..., T], *arguments: object) -> T:
        if self._limiter is None:
            self._limiter = CapacityLimiter(2)
        call = functools.partial(function, *arguments)
        return await anyio.to_thread.run_sync(call, limiter=self._limiter)


def _without(password: str, words: Iterable[str]) -> str:
    """What the password adds to the person's own words."""
    for word in sorted(words, key=len, reverse=True):
        password = password.replace(word, "")
    return password


def _score(password: str, words: list[str]) -> int:
    # Its words take 13 MB, and a new password is rare.
    measure = importlib.import_module("zxcvbn").zxcvbn
    return int(measure(password[:MEASURED], user_inputs=words)["score"])

"""A file as it comes in, whatever door it came by."""

from dataclasses import dataclass
from typing import Final

MAX_FILE_BYTES: Final = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One file and what its sender calls it; one that is too large comes without its bytes."""

    name: str
    media_type: str
    data: bytes
    is_too_large: bool = False

"""Where the library's files are kept, and how much of them."""

from dataclasses import dataclass

from cms.core.storage import Storage


@dataclass(frozen=True, slots=True)
class Library:
    """A quota of 0 is none."""

    storage: Storage
    quota_bytes: int = 0

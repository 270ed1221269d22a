"""What rooms have to tell to webhooks beside content: they register what is untold, by kind."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from beanie import PydanticObjectId


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened; `data` goes to strangers and is kept in their logs."""

    ident: PydanticObjectId
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """`untold` gives so many of what nobody was told of, `told` remembers that it was."""

    type: str
    untold: Callable[[int], Awaitable[Sequence[Notice]]]
    told: Callable[[Sequence[PydanticObjectId]], Awaitable[None]]


_sources: Final[dict[str, Source]] = {}


def register(kind: str, source: Source) -> None:
    """The same kind twice is one source."""
    _sources[kind] = source


def sources() -> Mapping[str, Source]:
    return dict(_sources)

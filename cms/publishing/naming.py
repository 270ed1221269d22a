"""Slugs for what is made or changed: the wanted one or none, else the first free one of a title."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice
from typing import Final, Protocol, Self, TypeVar

from beanie import PydanticObjectId

from cms.core.errors import Conflict, FieldError
from cms.core.slugs import candidates
from cms.publishing.contents import LanguageTaken, SlugTaken

SLUG_TRIES: Final = 20
SLUG_TAKEN: Final = "slug_taken"
T = TypeVar("T")


def slug_taken(slug: str) -> Conflict:
    message = f"The slug {slug!r} is taken, now or by an old address that still redirects."
    return Conflict(message, code="slug_taken", errors=[FieldError("slug", message, SLUG_TAKEN)])


def language_taken() -> Conflict:
    message = "The group of translations has one in this language already."
    wrong = [FieldError("lang", message, "language_taken")]
    return Conflict(message, code="language_taken", errors=wrong)


class Slugged(Protocol):
    """A document with a unique slug."""

    @classmethod
    async def taken_slugs(
        cls, wanted: Sequence[str], but_of: PydanticObjectId | None = None
    ) -> set[str]: ...

    async def create(self) -> Self: ...


SluggedT = TypeVar("SluggedT", bound=Slugged)


async def create_under_slug(
    kind: type[SluggedT],
    wanted: str | None,
    derived: str,
    build: Callable[[str], Awaitable[SluggedT]],
) -> SluggedT:
    """Create under the wanted slug, or under the first free one derived from the title.

    Raises:
        Conflict: the wanted slug is taken.
    """
    if wanted is not None:
        try:
            return await (await build(wanted)).create()
        except SlugTaken:
            raise slug_taken(wanted) from None
        except LanguageTaken:
            raise language_taken() from None
    has_lost = False
    for attempt in range(SLUG_TRIES):
        free = await free_slugs(kind, derived, attempt)
        if not free:
            continue
        # The first is nicest; whoever lost a race for it keeps out of the others' way.
        slug = secrets.choice(free) if has_lost else free[0]
        try:
            return await (await build(slug)).create()
        except SlugTaken:  # somebody took it since we looked
            has_lost = True
        except LanguageTaken:
            raise language_taken() from None
    raise slug_taken(derived)


async def free_slugs(
    kind: type[Slugged], derived: str, attempt: int = 0, but_of: PydanticObjectId | None = None
) -> list[str]:
    """Those of `derived`, `derived-2`, … that nobody else holds: the first few, then more."""
    wider = list(islice(candidates(derived), 5 * (attempt + 1) ** 2))
    taken = await kind.taken_slugs(wider, but_of)
    return [slug for slug in wider if slug not in taken]


async def under_free_slug(
    kind: type[Slugged],
    derived: str,
    ident: PydanticObjectId | None,
    change: Callable[[str], Awaitable[T]],
) -> T:
    """Change something that gave its slug up: it gets the first free one of its title.

    Raises:
        Conflict: so many are taken that none was found.
    """
    for attempt in range(SLUG_TRIES):
        for slug in (await free_slugs(kind, derived, attempt, ident))[:1]:
            try:
                return await change(slug)
            except Conflict as refusal:  # somebody took it since we looked
                if refusal.code != SLUG_TAKEN:
                    raise
    raise slug_taken(derived)

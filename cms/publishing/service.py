"""What every published kind does alike: find a slug, load for a change, write under the guard."""

from collections.abc import Callable, Sequence
from typing import Protocol, Self, TypeVar

from beanie import PydanticObjectId

from cms.accounts.actor import Actor
from cms.core import rendering
from cms.core.errors import Conflict, FieldError, Invalid, NotFound, Stale
from cms.core.markdown import Rendered, Unrenderable
from cms.core.shapes import View
from cms.core.slugs import candidates
from cms.publishing.documents import Editor, Published, SlugTaken
from cms.publishing.schemas import EditorView

DocumentT = TypeVar("DocumentT", bound=Published)  # type: ignore[type-arg]  # any kind
Show = Callable[[DocumentT], View]
SLUG_TRIES = 100


def editor(actor: Actor) -> Editor:
    return Editor(id=actor.account_id, name=actor.name)


def show_editor(stored: Editor) -> EditorView:
    return EditorView(id=str(stored.id) if stored.id else None, name=stored.name)


async def render(markdown: str, field: str = "markdown") -> Rendered:
    """Markdown as publishing shows it, made off the event loop.

    Raises:
        Invalid: it is too large, too deep or too slow to render; names `field`.
    """
    try:
        return await rendering.render(markdown)
    except Unrenderable as refusal:
        raise Invalid.of(field, str(refusal), "not_renderable") from None


def slug_taken(slug: str) -> Conflict:
    message = f"The slug {slug!r} is taken, now or by an old address that still redirects."
    return Conflict(message, code="slug_taken", errors=[FieldError("slug", message, "slug_taken")])


async def load(kind: type[DocumentT], ident: PydanticObjectId) -> DocumentT:
    """One document of the kind.

    Raises:
        NotFound: there is none.
    """
    found = await kind.by_id(ident)
    if found is None:
        raise NotFound
    return found


async def load_revision(
    kind: type[DocumentT], ident: PydanticObjectId, revision: int, show: Show[DocumentT]
) -> DocumentT:
    """The document if it is still at the revision that the caller saw.

    Raises:
        NotFound: there is none.
        Stale: it moved on; carries what it is now.
    """
    found = await load(kind, ident)
    if found.revision != revision:
        raise Stale(show(found).model_dump(mode="json"))
    return found


async def write(before: DocumentT, after: DocumentT, show: Show[DocumentT]) -> DocumentT:
    """Write the change if nobody was faster.

    Raises:
        Stale: somebody was; carries what it is now.
        Conflict: the slug is taken.
    """
    try:
        written = await before.replace_guarded(after)
    except SlugTaken:
        raise slug_taken(after.working.slug) from None
    if written is None:
        assert before.id is not None  # noqa: S101 - it was loaded
        current = await load(type(before), before.id)
        raise Stale(show(current).model_dump(mode="json"))
    return written


class Slugged(Protocol):
    """A document with a unique slug."""

    @classmethod
    async def taken_slugs(cls, wanted: Sequence[str]) -> set[str]: ...

    async def create(self) -> Self: ...


SluggedT = TypeVar("SluggedT", bound=Slugged)


async def create_under_slug(
    kind: type[SluggedT],
    wanted: str | None,
    derived: str,
    build: Callable[[str], SluggedT],
) -> SluggedT:
    """Create under the wanted slug, or under the first free one derived from the title.

    Raises:
        Conflict: the wanted slug is taken.
    """
    if wanted is not None:
        try:
            return await build(wanted).create()
        except SlugTaken:
            raise slug_taken(wanted) from None
    for batch in _batches(derived):
        taken = await kind.taken_slugs(batch)
        for slug in batch:
            if slug not in taken:
                try:
                    return await build(slug).create()
                except SlugTaken:  # somebody took it since we looked
                    continue
    raise slug_taken(derived)


def _batches(derived: str) -> list[Sequence[str]]:
    """The first few at once, then more: most titles are new."""
    source = candidates(derived)
    return [[next(source) for _ in range(size)] for size in (5, 20, SLUG_TRIES)]

"""Deleting what something else refers to: say what would break, and take a replacement."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field
from pydantic.config import JsonDict

from cms.core import references
from cms.core.errors import InUse, Invalid
from cms.core.paging import Query
from cms.core.shapes import View

USER: Final[JsonDict] = {
    "examples": [{"kind": "article", "id": "674000000000000000000003", "title": "Apa itu indeks?"}]
}
# The slug of a tag, an internal one too, of a series or of a profile.
WordSlug = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^#?[^\s./?#]+$")]


class DeleteQuery(Query):
    replace_with: WordSlug | None = Field(
        None, description="What refers to it refers to the one with this slug instead."
    )
    force: bool = Field(False, description="Take it out of everything that refers to it.")


class UserView(View, json_schema_extra=USER):
    kind: str
    id: str
    title: str


class UsageView(View):
    """What deleting would touch: drafts and the trash too, and how many of them readers see."""

    count: int
    published: int
    examples: list[UserView] = Field(description="The first ten.")


async def of(collection: str, slug: str, now: datetime) -> UsageView:
    found = await references.usage(collection, slug, now)
    examples = [UserView(kind=user.kind, id=user.id, title=user.title) for user in found.examples]
    return UsageView(count=found.count, published=found.published, examples=examples)


async def require_unused(collection: str, slug: str, params: DeleteQuery, now: datetime) -> None:
    """Let it be deleted or not.

    Raises:
        InUse: something refers to it and the caller did not say what to do.
    """
    if params.force or params.replace_with is not None:
        return
    found = await of(collection, slug, now)
    if found.count:
        raise InUse(
            f"{found.count} refer to it: name a replacement in replace_with, or force it.",
            found.model_dump(mode="json"),
        )


def no_replacement(field: str, slug: str) -> Invalid:
    return Invalid.of(field, f"there is no other one with the slug {slug!r}", "unknown_slug")

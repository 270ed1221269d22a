"""What a group of translations means for one of it: what fits, what is missing, what is older."""

from collections.abc import Sequence
from typing import Any

from cms.core.errors import Invalid
from cms.publishing.checks import Flaw
from cms.publishing.documents import Published
from cms.site.documents import SiteContent

Item = Published[Any, Any]


async def source_named(kind: type[Item], ref: str) -> str:
    """The id of the group of the one with this id or slug.

    Raises:
        Invalid: there is none.
    """
    group = await kind.group_named(ref)
    if group is None:
        name = kind.__name__.lower()
        raise Invalid.of("translation_of", f"there is no {name} {ref!r}", f"unknown_{name}")
    return str(group)


async def require_fit(item: Item, content: Any) -> None:
    """Groups are flat: a source stays one while something translates it.

    Raises:
        Invalid: it would translate itself, or leave its translations behind.
    """
    if content.translation_of is None or item.id is None:
        return
    if content.translation_of == str(item.id):
        message = "it can't translate itself"
        raise Invalid.of("translation_of", message, "own_translation")
    if await type(item).has_translations(item.id):
        message = "it has translations of its own"
        raise Invalid.of("translation_of", message, "has_translations")


async def flaws(item: Item, content: SiteContent) -> list[Flaw]:
    """Languages of the site that the group lacks, and translations older than their source.

    A draft counts as a translation: two that wait for each other could never be published.
    """
    assert item.group is not None  # noqa: S101 - it was loaded
    others = [
        member
        for member in await type(item).in_group(item.group)
        if member.trashed_at is None and member.id != item.id
    ]
    return [*_missing(item, others, content), *_stale(item, others)]


def _missing(item: Item, others: Sequence[Item], content: SiteContent) -> list[Flaw]:
    if len(content.languages) < 2:
        return []  # nobody promised readers a choice
    there = {item.working.lang, *(member.working.lang for member in others)}
    return [
        Flaw("missing_translation", "lang", f"there is no translation into {lang}")
        for lang in content.languages
        if lang not in there
    ]


def _stale(item: Item, others: Sequence[Item]) -> list[Flaw]:
    if item.working.translation_of is not None:
        source = next((other for other in others if other.id == item.group), None)
        if not item.is_outdated(source):
            return []
        message = "its source says something newer: translate that, or confirm the translation"
        return [Flaw("stale_translation", "translation_of", message)]
    wrote_at = item.text_at or item.created_at
    return [
        Flaw(
            "stale_translation",
            "markdown",
            f"the translation into {member.working.lang} is older than this text",
        )
        for member in others
        if (member.text_at or member.created_at) < wrote_at
    ]

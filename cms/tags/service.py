"""The vocabulary: tags come into being by being used, and can be renamed."""

from collections.abc import Sequence
from datetime import datetime

from cms.accounts.actor import Actor, permit, permit_reading
from cms.accounts.permissions import Permission
from cms.core.errors import FieldError, Invalid, NotFound
from cms.core.paging import ListQuery, Page
from cms.core.slugs import slugify
from cms.tags.documents import BY_SLUG, NewTag, Tag
from cms.tags.schemas import TagInput


def canonical(names: Sequence[str], field: str) -> list[NewTag]:
    """Names or slugs as tags, without doubles, in order.

    Raises:
        Invalid: a name has no letter or digit that a slug could be made of.
    """
    found: dict[str, NewTag] = {}
    for index, name in enumerate(names):
        slug = slugify(name, fallback="")
        if not slug:
            place = f"{field}.{index}"
            message = "needs at least one letter or digit"
            raise Invalid(f"{place}: {message}", errors=[FieldError(place, message, "bad_tag")])
        found.setdefault(slug, NewTag(slug=slug, name=name))
    return list(found.values())


async def ensure(names: Sequence[str], now: datetime, field: str = "tag_slugs") -> list[str]:
    """The slugs of the named tags; those that are missing are made."""
    tags = canonical(names, field)
    await Tag.ensure(tags, now)
    return [tag.slug for tag in tags]


async def create(actor: Actor, data: TagInput, now: datetime) -> Tag:
    permit(actor, Permission.TAGS_WRITE)
    slug = (await ensure([data.name], now, "name"))[0]
    return await get(slug)


async def get(slug: str) -> Tag:
    found = await Tag.by_slug(slug)
    if found is None:
        raise NotFound
    return found


async def rename(actor: Actor, slug: str, data: TagInput, now: datetime) -> Tag:
    """Change what people read; the slug, and so every address, stays."""
    permit(actor, Permission.TAGS_WRITE)
    renamed = await Tag.rename(slug, data.name, now)
    if renamed is None:
        raise NotFound
    return renamed


async def list_all(actor: Actor, params: ListQuery) -> tuple[list[Tag], Page]:
    """Every tag, used or not."""
    permit_reading(actor)
    rows, page = BY_SLUG.page(await Tag.list_all(params), params)
    return [Tag.model_validate(row) for row in rows], page

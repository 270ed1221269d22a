"""Keep author profiles: create, change, show and hide, delete."""

from collections.abc import Sequence
from datetime import datetime

from beanie import PydanticObjectId

from cms.accounts.actor import Actor, permit, permit_reading
from cms.accounts.permissions import Permission
from cms.core.errors import FieldError, Invalid, NotFound, Stale
from cms.core.paging import ListQuery, Page
from cms.core.shapes import Patch
from cms.core.slugs import slugify
from cms.history import service as history
from cms.profiles.documents import BY_NAME, Profile, ProfileContent
from cms.profiles.schemas import ProfileAdmin, ProfileInput
from cms.publishing import service as publishing
from cms.publishing.documents import SlugTaken


def show(profile: Profile) -> ProfileAdmin:
    return ProfileAdmin(
        id=str(profile.id),
        revision=profile.revision,
        status="published" if profile.is_public else "unpublished",
        slug=profile.slug,
        bio_html=profile.bio_html,
        created_at=profile.created_at,
        updated_at=profile.updated_at,
        updated_by=history.show_editor(profile.updated_by),
        **profile.content.model_dump(),
    )


async def create(actor: Actor, data: ProfileInput, now: datetime) -> Profile:
    """A profile is public at once.

    Raises:
        Conflict: the slug is taken.
    """
    permit(actor, Permission.PROFILES_WRITE)
    content = _content(data)
    bio_html = await _render(data.bio_markdown)
    editor = publishing.editor(actor)

    async def build(slug: str) -> Profile:
        return Profile(
            slug=slug,
            slugs=[slug],
            name=content.name,
            content=content,
            bio_html=bio_html,
            created_at=now,
            updated_at=now,
            updated_by=editor,
        )

    return await publishing.create_under_slug(
        Profile, data.slug, slugify(data.name, "author"), build
    )


async def update(
    actor: Actor,
    ident: PydanticObjectId,
    revision: int,
    patch: Patch[ProfileInput],
    now: datetime,
) -> Profile:
    """Merge the patch.

    Raises:
        Stale: somebody saved in between.
        Conflict: the slug is taken.
        Invalid: naming the fields.
    """
    permit(actor, Permission.PROFILES_WRITE)
    profile = await _load_revision(ident, revision)
    stored = {**profile.content.model_dump(), "slug": profile.slug}
    data = patch.apply(ProfileInput.model_validate(stored))
    content = _content(data)
    is_same_bio = content.bio_markdown == profile.content.bio_markdown
    bio_html = profile.bio_html if is_same_bio else await _render(content.bio_markdown)
    slug = data.slug or slugify(data.name, "author")
    editor = publishing.editor(actor)
    return await _write(profile, profile.edited(slug, content, bio_html, editor, now))


async def publish(
    actor: Actor, ident: PydanticObjectId, revision: int, now: datetime, *, is_public: bool
) -> Profile:
    """Show the profile to readers, or hide it."""
    permit(actor, Permission.PROFILES_WRITE)
    profile = await _load_revision(ident, revision)
    if profile.is_public == is_public:
        return profile
    after = profile.shown(is_public=is_public, editor=publishing.editor(actor), now=now)
    return await _write(profile, after)


async def delete(actor: Actor, ident: PydanticObjectId, revision: int) -> None:
    """Remove it for good; its articles stay and lose the name."""
    permit(actor, Permission.PROFILES_WRITE)
    profile = await _load_revision(ident, revision)
    if not await profile.delete_guarded():
        raise await _stale(ident)


async def get(actor: Actor, ident: PydanticObjectId) -> Profile:
    permit_reading(actor)
    found = await Profile.by_id(ident)
    if found is None:
        raise NotFound
    return found


async def list_all(actor: Actor, params: ListQuery) -> tuple[list[Profile], Page]:
    permit_reading(actor)
    rows, page = BY_NAME.page(await Profile.list_admin(params), params)
    return [Profile.model_validate(row) for row in rows], page


async def require(slugs: Sequence[str], field: str = "author_slugs") -> list[str]:
    """The present slugs of these authors, in order, without doubles.

    Raises:
        Invalid: an author is unknown; the place in the list is named.
    """
    known = await Profile.canonical_slugs(slugs) if slugs else {}
    unknown = [
        FieldError(f"{field}.{index}", f"there is no profile {slug!r}", "unknown_author")
        for index, slug in enumerate(slugs)
        if slug not in known
    ]
    if unknown:
        raise Invalid(f"Not acceptable: {field}.", errors=unknown)
    return list(dict.fromkeys(known[slug] for slug in slugs))


async def _render(markdown: str) -> str:
    return (await publishing.render(markdown, "bio_markdown")).html


def _content(data: ProfileInput) -> ProfileContent:
    return ProfileContent.model_validate(data.model_dump(exclude={"slug"}))


async def _load_revision(ident: PydanticObjectId, revision: int) -> Profile:
    profile = await Profile.by_id(ident)
    if profile is None:
        raise NotFound
    if profile.revision != revision:
        raise Stale(show(profile).model_dump(mode="json"))
    return profile


async def _write(before: Profile, after: Profile) -> Profile:
    assert before.id is not None  # noqa: S101 - it was loaded
    try:
        written = await before.replace_guarded(after)
    except SlugTaken:
        raise publishing.slug_taken(after.slug) from None
    if written is None:
        raise await _stale(before.id)
    return written


async def _stale(ident: PydanticObjectId) -> Stale | NotFound:
    current = await Profile.by_id(ident)
    return NotFound() if current is None else Stale(show(current).model_dump(mode="json"))

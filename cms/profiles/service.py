"""Keep author profiles: create, change, show and hide, delete."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId
from pydantic_core import to_json

from cms.accounts.actor import Actor, permit, permit_reading
from cms.accounts.documents import Account
from cms.accounts.permissions import Permission
from cms.core import db, references, usages
from cms.core.errors import FieldError, Invalid, NotFound, Stale
from cms.core.paging import ListQuery, Page
from cms.core.shapes import Patch, read_input
from cms.core.slugs import slugify
from cms.core.usages import DeleteQuery, UsageView
from cms.history import documents, entries
from cms.history import service as history
from cms.history.entries import Change, Entry, EventBody, EventType
from cms.media import reading as media
from cms.profiles.documents import BY_NAME, Profile, ProfileContent
from cms.profiles.resume import Resume, changes_of, unkept
from cms.profiles.schemas import ProfileAdmin, ProfileInput, ResumeImport
from cms.publishing import naming
from cms.publishing import service as publishing
from cms.publishing.contents import SlugTaken
from cms.site import service as site
from cms.site.documents import FEEDS, SITEMAP

KIND = "profile"


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does what now, and why."""

    actor: Actor
    verb: str
    now: datetime
    why: str | None = None


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
        account_id=str(profile.account_id) if profile.account_id else None,
        **profile.content.model_dump(),
    )


async def create(
    actor: Actor, data: ProfileInput, now: datetime, *, ident: PydanticObjectId | None = None
) -> Profile:
    """A profile is public at once.

    Raises:
        Conflict: the slug is taken.
        Invalid: there is no such account.
    """
    permit(actor, Permission.PROFILES_WRITE)
    await media.require_one(data.avatar_id, "avatar_id")
    content = _content(data)
    bio_html = await _render(data.bio_markdown)
    account_id = await _account(data.account_id)

    async def build(slug: str) -> Profile:
        made = Profile(
            id=ident or entries.new_id(),
            slug=slug,
            slugs=[slug],
            name=content.name,
            account_id=account_id,
            content=content,
            bio_html=bio_html,
            created_at=now,
            updated_at=now,
            updated_by=history.editor(actor),
        )
        entry = await _entry(Doing(actor, "created", now), None, made)
        # Articles that still name a deleted profile of this slug show it again.
        shown = await references.items("profiles", [slug], None)
        kept: Profile = made.model_copy(update={"pending": entries.spread(entry, shown)})
        return kept

    return await naming.create_under_slug(Profile, data.slug, slugify(data.name, "author"), build)


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
    profile = await _to_write(actor, ident, revision)
    data = patch.apply(ProfileInput.model_validate(profile.written()))
    return await _change(Doing(actor, "updated", now), profile, data)


async def restore_revision(
    actor: Actor, ident: PydanticObjectId, revision: int, number: int, now: datetime
) -> Profile:
    """Make the profile what it was at revision `number`; this is a revision too.

    Raises:
        NotFound: there is no such revision.
        Invalid: it refers to something that is gone.
    """
    profile = await _to_write(actor, ident, revision)
    await profile.drain(KIND)
    found = await documents.Revision.by_number(ident, number)
    if found is None:
        raise NotFound("There is no such revision.")
    data = read_input(ProfileInput, to_json(found.content))
    doing = Doing(actor, "revision_restored", now, f"revision {number}")
    return await _change(doing, profile, data)


async def import_new(
    actor: Actor,
    resume: Resume,
    slug: str | None,
    now: datetime,
    *,
    ident: PydanticObjectId | None = None,
) -> tuple[Profile, ResumeImport]:
    """Make a profile of a resume, and say what of it the profile does not keep.

    Raises:
        AlreadyMade: something stands under the id.
        Invalid: it names nobody.
        Conflict: the slug is taken.
    """
    data = _read_resume({**changes_of(resume), "slug": slug})
    profile = await create(actor, data, now, ident=ident)
    return profile, _imported(resume, profile)


async def find_imported(ident: PydanticObjectId, resume: Resume) -> ResumeImport | None:
    found = await Profile.by_id(ident)
    return _imported(resume, found) if found else None


async def import_into(
    actor: Actor, ident: PydanticObjectId, revision: int, resume: Resume, now: datetime
) -> tuple[Profile, ResumeImport]:
    """Take over what the resume says; the sections that it lacks stay as they are.

    Raises:
        Stale: somebody saved in between.
    """
    profile = await _to_write(actor, ident, revision)
    data = _read_resume({**profile.written(), **changes_of(resume)})
    written = await _change(Doing(actor, "resume_imported", now), profile, data)
    return written, _imported(resume, written)


async def import_by_slug(
    actor: Actor, resume: Resume, slug: str | None, now: datetime
) -> tuple[Profile, ResumeImport]:
    """Into the profile that has the slug, or into a new one."""
    found = await Profile.by_slug(slug) if slug else None
    if found is None:
        return await import_new(actor, resume, slug, now)
    return await import_into(actor, found.item_id, found.revision, resume, now)


def _read_resume(fields: dict[str, Any]) -> ProfileInput:
    if not fields.get("name"):
        raise Invalid.of("basics.name", "a profile needs a name", "missing")
    return read_input(ProfileInput, to_json(fields))


def _imported(resume: Resume, profile: Profile) -> ResumeImport:
    lost, total = unkept(resume, profile.content.model_dump())
    return ResumeImport(profile=show(profile), unkept=lost, unkept_total=total)


async def publish(
    actor: Actor, ident: PydanticObjectId, revision: int, now: datetime, *, is_public: bool
) -> Profile:
    """Show the profile to readers, or hide it."""
    permit(actor, Permission.PROFILES_WRITE)
    profile = await _to_write(actor, ident, revision)
    if profile.is_public == is_public:
        return profile
    after = profile.shown(is_public=is_public, editor=history.editor(actor), now=now)
    doing = Doing(actor, "published" if is_public else "unpublished", now)
    return await _write(doing, profile, after)


async def usage(actor: Actor, ident: PydanticObjectId, now: datetime) -> UsageView:
    """Which articles name the person."""
    permit(actor, Permission.PROFILES_WRITE)
    return await usages.of("profiles", (await get(actor, ident)).slug, now)


async def delete(
    actor: Actor, ident: PydanticObjectId, revision: int, params: DeleteQuery, now: datetime
) -> None:
    """Remove it for good, its revisions too; its articles stay, with another name or without.

    Raises:
        InUse: articles name it and the caller did not say what to do.
        Invalid: there is no profile to replace it with.
        Stale: somebody saved in between.
    """
    permit(actor, Permission.PROFILES_WRITE)
    profile = await _to_write(actor, ident, revision)
    into = params.replace_with
    if into is not None and (into == profile.slug or await Profile.by_slug(into) is None):
        raise usages.no_replacement("replace_with", into)
    await usages.require_unused("profiles", profile.slug, params, now)
    entry = await _entry(Doing(actor, "deleted", now), profile, None)
    remains = await profile.delete_guarded(into, entry)
    if remains is None:
        raise await _stale(ident)
    await remains.drain_early()


async def find(ident: PydanticObjectId) -> ProfileAdmin | None:
    found = await Profile.by_id(ident)
    return show(found) if found else None


async def settled(actor: Actor, ident: PydanticObjectId) -> PydanticObjectId:
    """The id of a profile with nothing of its past still pending."""
    await (await get(actor, ident)).drain(KIND)
    return ident


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
    return ProfileContent.model_validate(data.model_dump(exclude={"slug", "account_id"}))


async def _account(ident: str | None) -> PydanticObjectId | None:
    if ident is None:
        return None
    account = await Account.by_id(PydanticObjectId(ident))
    if account is None:
        raise Invalid.of("account_id", "there is no such account", "unknown_account")
    return account.id


async def _to_write(actor: Actor, ident: PydanticObjectId, revision: int) -> Profile:
    profile = await get(actor, ident)
    permit(actor, Permission.PROFILES_WRITE, profile.account_id)
    if profile.revision != revision:
        raise Stale(show(profile).model_dump(mode="json"))
    return profile


async def _change(doing: Doing, profile: Profile, data: ProfileInput) -> Profile:
    """Write the data; an address and an account are an editor's to give."""
    slug = data.slug or await _free_slug(profile, slugify(data.name, "author"))
    owner = str(profile.account_id) if profile.account_id else None
    if (slug, data.account_id) != (profile.slug, owner):
        permit(doing.actor, Permission.PROFILES_WRITE)
    if data.account_id != owner:
        profile_owner = await _account(data.account_id)
    else:
        profile_owner = profile.account_id
    await media.require_one(data.avatar_id, "avatar_id")
    content = _content(data)
    after = profile.edited(slug, content, history.editor(doing.actor), doing.now)
    after = after.linked(profile_owner)
    if content.bio_markdown != profile.content.bio_markdown:
        after = after.rendered(await _render(content.bio_markdown))
    return await _write(doing, profile, after)


async def _free_slug(profile: Profile, derived: str) -> str:
    free = await naming.free_slugs(Profile, derived, but_of=profile.id)
    return free[0] if free else derived


async def _write(doing: Doing, before: Profile, after: Profile) -> Profile:
    if before.is_laden():
        await before.drain(KIND)
    entry = await _entry(doing, before, after)
    try:
        written = await before.replace_guarded(after, entry)
    except SlugTaken:
        raise naming.slug_taken(after.slug) from None
    if written is None:
        raise await _stale(before.item_id)
    shown = await references.items("profiles", before.shown_by_change(after), None)
    return await written.tell_late(entry, shown, lambda: _event(before, after, db.now()))


async def _entry(doing: Doing, before: Profile | None, after: Profile | None) -> Entry:
    entry = history.note(
        doing.actor,
        doing.now,
        verb=doing.verb,
        revision=before.revision + 1 if before else 1,
        before=before.written() if before else None,
        after=after.written() if after else {},
        event=await _event(before, after, doing.now),
        why=doing.why,
    )
    if before is None or after is None or before.is_public == after.is_public:
        return entry
    shown = Change(field="is_public", before=before.is_public, after=after.is_public)
    return entry.model_copy(update={"changes": [*entry.changes, shown]})


async def _event(before: Profile | None, after: Profile | None, now: datetime) -> EventBody | None:
    """What readers notice: the person's page, the list of people, every page with their name."""
    was, is_now = before is not None and before.is_public, after is not None and after.is_public
    seen = [profile for profile in (before, after) if profile is not None and profile.is_public]
    if not seen:
        return None
    kind: EventType = "published"
    if was:
        gone: EventType = "deleted" if after is None else "unpublished"
        kind = "updated" if is_now else gone
    content = (await site.get()).content
    last = seen[-1]
    slugs = list(dict.fromkeys(profile.slug for profile in seen))
    paths = [content.path("profile", each.content.lang, each.slug) for each in seen]
    shown = [each for slug in slugs for each in await references.shown_by("profiles", slug, now)]
    paths += [content.path(*each) for each in shown]
    # A feed names the authors of its articles.
    files = FEEDS if any(kind == "article" for kind, _, _ in shown) else ()
    return EventBody(
        type=kind,
        slug=last.slug,
        old_slug=slugs[0] if len(slugs) > 1 else None,
        lang=last.content.lang,
        keys=[f"profile:{last.id}", "profiles", *(f"profile:{slug}" for slug in slugs)],
        paths=list(dict.fromkeys([*paths, *files, SITEMAP])),
    )


async def _stale(ident: PydanticObjectId) -> Stale | NotFound:
    current = await Profile.by_id(ident)
    return NotFound() if current is None else Stale(show(current).model_dump(mode="json"))

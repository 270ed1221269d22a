"""Routes that manage author profiles."""

from beanie import PydanticObjectId
from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from cms.accounts.actor import Actor
from cms.accounts.permissions import Permission
from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.core.paging import ListQuery
from cms.core.queries import links, object_id, query
from cms.core.shapes import Patch
from cms.core.usages import DeleteQuery, UsageView
from cms.history import service as history
from cms.history.schemas import Difference, RevisionList, RevisionView
from cms.profiles import service
from cms.profiles.documents import Profile
from cms.profiles.resume import Resume
from cms.profiles.schemas import (
    ImportQuery,
    ProfileAdmin,
    ProfileAdminList,
    ProfileInput,
    ResumeImport,
)
from cms.publishing.schemas import DiffQuery
from cms.retries import service as retries
from cms.retries.service import Creation


def _answer(profile: Profile) -> Answer[ProfileAdmin]:
    return Answer.of(service.show(profile), revision=profile.revision)


@get(
    "/",
    summary="All profiles",
    dependencies={"params": Provide(query(ListQuery), sync_to_thread=False)},
)
async def list_admin_profiles(
    request: CMSRequest, actor: NamedDependency[Actor], params: NamedDependency[ListQuery]
) -> Answer[ProfileAdminList]:
    profiles, page = await service.list_all(actor, params)
    view = ProfileAdminList(items=[service.show(item) for item in profiles], page=page)
    return Answer.of(view, headers=links(request, params, page))


@post("/", summary="Make a profile")
async def create_profile(
    actor: NamedDependency[Actor],
    data: JSONBody[ProfileInput],
    idempotency_key: NamedDependency[str | None],
) -> Answer[ProfileAdmin]:
    """Public at once; needs only `name`."""

    async def make(ident: PydanticObjectId | None) -> ProfileAdmin:
        return service.show(await service.create(actor, data, now(), ident=ident))

    creation = Creation(
        permission=Permission.PROFILES_WRITE,
        request=f"profile {data.model_dump_json()}",
        view=ProfileAdmin,
        make=make,
        find=service.find,
    )
    view = await retries.once(actor, idempotency_key, creation, now())
    where = {"Location": f"/api/v1/admin/profiles/{view.id}"}
    return Answer.of(view, status=201, revision=view.revision, headers=where)


@get("/{profile_id:str}", summary="One profile")
async def get_admin_profile(
    actor: NamedDependency[Actor], profile_id: FromPath[str]
) -> Answer[ProfileAdmin]:
    return _answer(await service.get(actor, object_id(profile_id)))


@patch("/{profile_id:str}", summary="Change a profile")
async def update_profile(
    actor: NamedDependency[Actor],
    profile_id: FromPath[str],
    revision: NamedDependency[int],
    data: JSONBody[Patch[ProfileInput]],
) -> Answer[ProfileAdmin]:
    return _answer(await service.update(actor, object_id(profile_id), revision, data, now()))


@post("/{profile_id:str}/publish", summary="Show a profile", status_code=200)
async def publish_profile(
    actor: NamedDependency[Actor], profile_id: FromPath[str], revision: NamedDependency[int]
) -> Answer[ProfileAdmin]:
    profile = await service.publish(actor, object_id(profile_id), revision, now(), is_public=True)
    return _answer(profile)


@post("/{profile_id:str}/unpublish", summary="Hide a profile", status_code=200)
async def unpublish_profile(
    actor: NamedDependency[Actor], profile_id: FromPath[str], revision: NamedDependency[int]
) -> Answer[ProfileAdmin]:
    profile = await service.publish(actor, object_id(profile_id), revision, now(), is_public=False)
    return _answer(profile)


@get("/{profile_id:str}/usage", summary="Which articles name a person")
async def get_profile_usage(
    actor: NamedDependency[Actor], profile_id: FromPath[str]
) -> Answer[UsageView]:
    return Answer.of(await service.usage(actor, object_id(profile_id), now()))


@delete(
    "/{profile_id:str}",
    summary="Remove a profile",
    status_code=204,
    dependencies={"params": Provide(query(DeleteQuery), sync_to_thread=False)},
)
async def delete_profile(
    actor: NamedDependency[Actor],
    profile_id: FromPath[str],
    revision: NamedDependency[int],
    params: NamedDependency[DeleteQuery],
) -> None:
    """Refused with `in_use` and the counts while articles name it, unless told what to do."""
    await service.delete(actor, object_id(profile_id), revision, params, now())


@post(
    "/import-resume",
    summary="Make a profile of a JSON Resume",
    dependencies={"params": Provide(query(ImportQuery), sync_to_thread=False)},
)
async def import_resume(
    actor: NamedDependency[Actor],
    data: JSONBody[Resume],
    params: NamedDependency[ImportQuery],
    idempotency_key: NamedDependency[str | None],
) -> Answer[ResumeImport]:
    """What the profile does not keep of it is named in the answer."""

    async def make(ident: PydanticObjectId | None) -> ResumeImport:
        return (await service.import_new(actor, data, params.slug, now(), ident=ident))[1]

    async def find(ident: PydanticObjectId) -> ResumeImport | None:
        return await service.find_imported(ident, data)

    creation = Creation(
        permission=Permission.PROFILES_WRITE,
        request=f"resume {params.slug} {data.model_dump_json()}",
        view=ResumeImport,
        make=make,
        find=find,
    )
    view = await retries.once(actor, idempotency_key, creation, now())
    where = {"Location": f"/api/v1/admin/profiles/{view.profile.id}"}
    return Answer.of(view, status=201, revision=view.profile.revision, headers=where)


@post("/{profile_id:str}/import-resume", summary="Take a JSON Resume over", status_code=200)
async def import_resume_into(
    actor: NamedDependency[Actor],
    profile_id: FromPath[str],
    revision: NamedDependency[int],
    data: JSONBody[Resume],
) -> Answer[ResumeImport]:
    """Each section that the resume has replaces the profile's; the others stay."""
    profile, view = await service.import_into(actor, object_id(profile_id), revision, data, now())
    return Answer.of(view, revision=profile.revision)


@get(
    "/{profile_id:str}/revisions",
    summary="History of a profile",
    dependencies={"params": Provide(query(ListQuery), sync_to_thread=False)},
)
async def list_profile_revisions(
    request: CMSRequest,
    actor: NamedDependency[Actor],
    profile_id: FromPath[str],
    params: NamedDependency[ListQuery],
) -> Answer[RevisionList]:
    """Newest first, without the contents."""
    ident = await service.settled(actor, object_id(profile_id))
    revisions, page = await history.revisions(ident, params)
    view = RevisionList(items=revisions, page=page)
    return Answer.of(view, headers=links(request, params, page))


@get("/{profile_id:str}/revisions/{number:int}", summary="One revision")
async def get_profile_revision(
    actor: NamedDependency[Actor], profile_id: FromPath[str], number: FromPath[int]
) -> Answer[RevisionView]:
    ident = await service.settled(actor, object_id(profile_id))
    return Answer.of(await history.revision(ident, number))


@get(
    "/{profile_id:str}/revisions/{number:int}/diff",
    summary="What changed between two revisions",
    dependencies={"params": Provide(query(DiffQuery), sync_to_thread=False)},
)
async def diff_profile_revisions(
    actor: NamedDependency[Actor],
    profile_id: FromPath[str],
    number: FromPath[int],
    params: NamedDependency[DiffQuery],
) -> Answer[Difference]:
    """Word by word in the bio, field by field in the rest."""
    ident = await service.settled(actor, object_id(profile_id))
    return Answer.of(await history.difference(ident, number, params.to))


@post(
    "/{profile_id:str}/revisions/{number:int}/restore",
    summary="Bring a revision back",
    status_code=200,
)
async def restore_profile_revision(
    actor: NamedDependency[Actor],
    profile_id: FromPath[str],
    number: FromPath[int],
    revision: NamedDependency[int],
) -> Answer[ProfileAdmin]:
    """Shown at once, as every change of a profile is; this is a revision too."""
    ident = object_id(profile_id)
    return _answer(await service.restore_revision(actor, ident, revision, number, now()))


router = Router(
    "/profiles",
    route_handlers=[
        list_admin_profiles,
        create_profile,
        get_admin_profile,
        update_profile,
        publish_profile,
        unpublish_profile,
        get_profile_usage,
        delete_profile,
        import_resume,
        import_resume_into,
        list_profile_revisions,
        get_profile_revision,
        diff_profile_revisions,
        restore_profile_revision,
    ],
    tags=["profiles"],
)

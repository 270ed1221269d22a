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
from cms.profiles import service
from cms.profiles.documents import Profile
from cms.profiles.schemas import ProfileAdmin, ProfileAdminList, ProfileInput
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


@delete("/{profile_id:str}", summary="Remove a profile", status_code=204)
async def delete_profile(
    actor: NamedDependency[Actor], profile_id: FromPath[str], revision: NamedDependency[int]
) -> None:
    await service.delete(actor, object_id(profile_id), revision)


router = Router(
    "/profiles",
    route_handlers=[
        list_admin_profiles,
        create_profile,
        get_admin_profile,
        update_profile,
        publish_profile,
        unpublish_profile,
        delete_profile,
    ],
    tags=["profiles"],
)

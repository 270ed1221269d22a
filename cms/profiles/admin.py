"""Routes that manage author profiles."""

from typing import Any

from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from cms.accounts.actor import Actor
from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.core.paging import ListQuery
from cms.core.queries import links, object_id, query
from cms.core.shapes import Patch
from cms.profiles import service
from cms.profiles.documents import Profile
from cms.profiles.schemas import ProfileAdmin, ProfileAdminList, ProfileInput


def _answer(profile: Profile, status: int = 200, **headers: Any) -> Answer[ProfileAdmin]:
    view = service.show(profile)
    return Answer.of(view, status=status, revision=profile.revision, headers=headers)


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
    actor: NamedDependency[Actor], data: JSONBody[ProfileInput]
) -> Answer[ProfileAdmin]:
    """Public at once; needs only `name`."""
    profile = await service.create(actor, data, now())
    return _answer(profile, 201, Location=f"/api/v1/admin/profiles/{profile.id}")


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

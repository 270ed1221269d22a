"""Routes that manage the vocabulary."""

from urllib.parse import quote

from beanie import PydanticObjectId
from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from cms.accounts.actor import Actor
from cms.accounts.permissions import Permission
from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.core.paging import ListQuery
from cms.core.queries import links, query
from cms.core.shapes import Patch
from cms.core.usages import DeleteQuery, UsageView
from cms.retries import service as retries
from cms.retries.service import Creation
from cms.tags import service
from cms.tags.documents import Tag
from cms.tags.schemas import (
    MergeInput,
    SeriesAdmin,
    SeriesAdminList,
    SeriesInput,
    TagAdmin,
    TagAdminList,
    TagInput,
)

LISTING = {"params": Provide(query(ListQuery), sync_to_thread=False)}
DELETING = {"params": Provide(query(DeleteQuery), sync_to_thread=False)}


def _answer(tag: Tag) -> Answer[TagAdmin]:
    return Answer.of(service.show(tag), revision=tag.revision)


@get("/", summary="All tags", dependencies=LISTING)
async def list_admin_tags(
    request: CMSRequest, actor: NamedDependency[Actor], params: NamedDependency[ListQuery]
) -> Answer[TagAdminList]:
    tags, page = await service.list_all(actor, params)
    view = TagAdminList(items=[service.show(tag) for tag in tags], page=page)
    return Answer.of(view, headers=links(request, params, page))


@post("/", summary="Make a tag")
async def create_tag(
    actor: NamedDependency[Actor],
    data: JSONBody[TagInput],
    idempotency_key: NamedDependency[str | None],
) -> Answer[TagAdmin]:
    """A tag whose slug is there already is answered as it is."""

    async def make(_: PydanticObjectId | None) -> TagAdmin:
        return service.show(await service.create(actor, data, now()))

    creation = Creation(
        permission=Permission.TAGS_WRITE,
        request=f"tag {data.model_dump_json()}",
        view=TagAdmin,
        make=make,
    )
    view = await retries.once(actor, idempotency_key, creation, now())
    where = {"Location": f"/api/v1/admin/tags/{quote(view.slug)}"}
    return Answer.of(view, status=201, revision=view.revision, headers=where)


@get("/{slug:str}", summary="One tag")
async def get_admin_tag(actor: NamedDependency[Actor], slug: FromPath[str]) -> Answer[TagAdmin]:
    return _answer(await service.get(actor, slug))


@patch("/{slug:str}", summary="Rename or describe a tag")
async def update_tag(
    actor: NamedDependency[Actor],
    slug: FromPath[str],
    revision: NamedDependency[int],
    data: JSONBody[Patch[TagInput]],
) -> Answer[TagAdmin]:
    """The slug stays, so no address changes."""
    return _answer(await service.update(actor, slug, revision, data, now()))


@get("/{slug:str}/usage", summary="Where a tag is used")
async def get_tag_usage(actor: NamedDependency[Actor], slug: FromPath[str]) -> Answer[UsageView]:
    return Answer.of(await service.usage(actor, slug, now()))


@delete("/{slug:str}", summary="Delete a tag", status_code=204, dependencies=DELETING)
async def delete_tag(
    actor: NamedDependency[Actor],
    slug: FromPath[str],
    revision: NamedDependency[int],
    params: NamedDependency[DeleteQuery],
) -> None:
    """Refused with `in_use` and the counts while something carries it, unless told what to do."""
    await service.delete(actor, slug, revision, params, now())


@post("/{slug:str}/merge", summary="Merge a tag into another", status_code=200)
async def merge_tag(
    actor: NamedDependency[Actor],
    slug: FromPath[str],
    revision: NamedDependency[int],
    data: JSONBody[MergeInput],
) -> Answer[TagAdmin]:
    """Everything that carried it carries the other, at once; answers the other."""
    return _answer(await service.merge(actor, slug, revision, data.into, now()))


@get("/", summary="All series", dependencies=LISTING)
async def list_admin_series(
    request: CMSRequest, actor: NamedDependency[Actor], params: NamedDependency[ListQuery]
) -> Answer[SeriesAdminList]:
    found, page = await service.list_series(actor, params)
    view = SeriesAdminList(items=[service.show_series(series) for series in found], page=page)
    return Answer.of(view, headers=links(request, params, page))


@post("/", summary="Make a series")
async def create_series(
    actor: NamedDependency[Actor],
    data: JSONBody[SeriesInput],
    idempotency_key: NamedDependency[str | None],
) -> Answer[SeriesAdmin]:
    """Needs only `title`."""

    async def make(ident: PydanticObjectId | None) -> SeriesAdmin:
        return service.show_series(await service.create_series(actor, data, now(), ident=ident))

    creation = Creation(
        permission=Permission.TAGS_WRITE,
        request=f"series {data.model_dump_json()}",
        view=SeriesAdmin,
        make=make,
        find=service.find_series,
    )
    view = await retries.once(actor, idempotency_key, creation, now())
    where = {"Location": f"/api/v1/admin/series/{view.slug}"}
    return Answer.of(view, status=201, revision=view.revision, headers=where)


@get("/{slug:str}", summary="One series")
async def get_admin_series(
    actor: NamedDependency[Actor], slug: FromPath[str]
) -> Answer[SeriesAdmin]:
    found = await service.get_series(actor, slug)
    return Answer.of(service.show_series(found), revision=found.revision)


@patch("/{slug:str}", summary="Change a series")
async def update_series(
    actor: NamedDependency[Actor],
    slug: FromPath[str],
    revision: NamedDependency[int],
    data: JSONBody[Patch[SeriesInput]],
) -> Answer[SeriesAdmin]:
    """A new slug is taken over by its articles; the old one leads on for ever."""
    changed = await service.update_series(actor, slug, revision, data, now())
    return Answer.of(service.show_series(changed), revision=changed.revision)


@get("/{slug:str}/usage", summary="Which articles stand in a series")
async def get_series_usage(actor: NamedDependency[Actor], slug: FromPath[str]) -> Answer[UsageView]:
    return Answer.of(await service.series_usage(actor, slug, now()))


@delete("/{slug:str}", summary="Delete a series", status_code=204, dependencies=DELETING)
async def delete_series(
    actor: NamedDependency[Actor],
    slug: FromPath[str],
    revision: NamedDependency[int],
    params: NamedDependency[DeleteQuery],
) -> None:
    """Refused with `in_use` and the counts while articles stand in it, unless told what to do."""
    await service.delete_series(actor, slug, revision, params, now())


router = Router(
    "/",
    route_handlers=[
        Router(
            "/tags",
            route_handlers=[
                list_admin_tags,
                create_tag,
                get_admin_tag,
                update_tag,
                get_tag_usage,
                delete_tag,
                merge_tag,
            ],
            tags=["tags"],
        ),
        Router(
            "/series",
            route_handlers=[
                list_admin_series,
                create_series,
                get_admin_series,
                update_series,
                get_series_usage,
                delete_series,
            ],
            tags=["series"],
        ),
    ],
)

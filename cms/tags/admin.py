"""Routes that manage the vocabulary."""

from beanie import PydanticObjectId
from litestar import Router, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from cms.accounts.actor import Actor
from cms.accounts.permissions import Permission
from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.core.paging import ListQuery
from cms.core.queries import links, query
from cms.retries import service as retries
from cms.retries.service import Creation
from cms.tags import service
from cms.tags.documents import Tag
from cms.tags.schemas import TagAdmin, TagAdminList, TagInput


def _view(tag: Tag) -> TagAdmin:
    return TagAdmin(
        slug=tag.slug, name=tag.name, created_at=tag.created_at, updated_at=tag.updated_at
    )


@get(
    "/",
    summary="All tags",
    dependencies={"params": Provide(query(ListQuery), sync_to_thread=False)},
)
async def list_admin_tags(
    request: CMSRequest, actor: NamedDependency[Actor], params: NamedDependency[ListQuery]
) -> Answer[TagAdminList]:
    tags, page = await service.list_all(actor, params)
    view = TagAdminList(items=[_view(tag) for tag in tags], page=page)
    return Answer.of(view, headers=links(request, params, page))


@post("/", summary="Make a tag")
async def create_tag(
    actor: NamedDependency[Actor],
    data: JSONBody[TagInput],
    idempotency_key: NamedDependency[str | None],
) -> Answer[TagAdmin]:
    """A tag whose slug is there already is answered as it is."""

    async def make(_: PydanticObjectId | None) -> TagAdmin:
        return _view(await service.create(actor, data, now()))

    creation = Creation(
        permission=Permission.TAGS_WRITE,
        request=f"tag {data.model_dump_json()}",
        view=TagAdmin,
        make=make,
    )
    view = await retries.once(actor, idempotency_key, creation, now())
    return Answer.of(view, status=201)


@patch("/{slug:str}", summary="Rename a tag")
async def update_tag(
    actor: NamedDependency[Actor], slug: FromPath[str], data: JSONBody[TagInput]
) -> Answer[TagAdmin]:
    """The slug stays, so no address changes."""
    return Answer.of(_view(await service.rename(actor, slug, data, now())))


router = Router("/tags", route_handlers=[list_admin_tags, create_tag, update_tag], tags=["tags"])

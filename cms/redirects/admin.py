"""Routes that manage redirects."""

from beanie import PydanticObjectId
from litestar import Response, Router, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import FromPath, JSONBody

from cms.accounts.actor import Actor
from cms.accounts.permissions import Permission
from cms.core.db import now
from cms.core.http import PRIVATE, Answer, CMSRequest
from cms.core.queries import links, object_id, query
from cms.core.shapes import Patch
from cms.redirects import exports, service
from cms.redirects.documents import Redirect
from cms.redirects.schemas import (
    ExportQuery,
    RedirectAdmin,
    RedirectAdminList,
    RedirectAdminQuery,
    RedirectInput,
)
from cms.retries import service as retries
from cms.retries.service import Creation

FOR_NGINX = Example(value='location = "/old" { return 308 "/new$is_args$args"; }\n')
FOR_NEXT = Example(
    value={
        "redirects": [{"source": "/old", "destination": "/new", "statusCode": 308}],
        "gone": ["/gone"],
    }
)


def _answer(redirect: Redirect) -> Answer[RedirectAdmin]:
    return Answer.of(service.show(redirect), revision=redirect.revision)


@get(
    "/",
    summary="All redirects",
    dependencies={"params": Provide(query(RedirectAdminQuery), sync_to_thread=False)},
)
async def list_admin_redirects(
    request: CMSRequest, actor: NamedDependency[Actor], params: NamedDependency[RedirectAdminQuery]
) -> Answer[RedirectAdminList]:
    """By path; those of former slugs have no id and can't be changed."""
    found, page = await service.list_all(actor, params, now())
    view = RedirectAdminList(items=found, page=page)
    return Answer.of(view, headers=links(request, params, page))


@get(
    "/export",
    summary="Redirects for a web server",
    dependencies={"params": Provide(query(ExportQuery), sync_to_thread=False)},
    responses={200: ResponseSpec(str, media_type="text/plain", examples=[FOR_NGINX, FOR_NEXT])},
)
async def export_redirects(
    actor: NamedDependency[Actor], params: NamedDependency[ExportQuery]
) -> Response[bytes]:
    """All that are in force, in the words of Nginx, Next or Netlify."""
    text = await service.export(actor, params.format, now())
    media_type = exports.MEDIA_TYPES[params.format]
    return Response(text.encode(), media_type=f"{media_type}; charset=utf-8", headers=PRIVATE)


@post("/", summary="Make a redirect")
async def create_redirect(
    actor: NamedDependency[Actor],
    data: JSONBody[RedirectInput],
    idempotency_key: NamedDependency[str | None],
) -> Answer[RedirectAdmin]:
    """Chains and loops are refused, by name."""

    async def make(ident: PydanticObjectId | None) -> RedirectAdmin:
        return service.show(await service.create(actor, data, now(), ident=ident))

    creation = Creation(
        permission=Permission.SITE_WRITE,
        request=f"redirect {data.model_dump_json()}",
        view=RedirectAdmin,
        make=make,
        find=service.find,
    )
    view = await retries.once(actor, idempotency_key, creation, now())
    where = {"Location": f"/api/v1/admin/redirects/{view.id}"}
    return Answer.of(view, status=201, revision=view.revision, headers=where)


@get("/{redirect_id:str}", summary="One redirect")
async def get_admin_redirect(
    actor: NamedDependency[Actor], redirect_id: FromPath[str]
) -> Answer[RedirectAdmin]:
    return _answer(await service.get(actor, object_id(redirect_id)))


@patch("/{redirect_id:str}", summary="Change a redirect")
async def update_redirect(
    actor: NamedDependency[Actor],
    redirect_id: FromPath[str],
    revision: NamedDependency[int],
    data: JSONBody[Patch[RedirectInput]],
) -> Answer[RedirectAdmin]:
    return _answer(await service.update(actor, object_id(redirect_id), revision, data, now()))


@delete("/{redirect_id:str}", summary="Delete a redirect", status_code=204)
async def delete_redirect(
    actor: NamedDependency[Actor], redirect_id: FromPath[str], revision: NamedDependency[int]
) -> None:
    await service.delete(actor, object_id(redirect_id), revision, now())


router = Router(
    "/redirects",
    route_handlers=[
        list_admin_redirects,
        export_redirects,
        create_redirect,
        get_admin_redirect,
        update_redirect,
        delete_redirect,
    ],
    tags=["redirects"],
)

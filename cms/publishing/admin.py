"""The admin routes of a published kind, written once and made for each with its own shapes."""

from beanie import PydanticObjectId
from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from cms.accounts.actor import Actor
from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.core.queries import links, object_id
from cms.core.shapes import Patch
from cms.publishing import admin_groups, admin_past, bulk, service, verbs
from cms.publishing.desk import Desk, ListT, QueryT, ViewT, routes_of, saw
from cms.publishing.routes import Routes, querying
from cms.publishing.schemas import At, BulkInput, BulkView, UnscheduleInput
from cms.publishing.service import DocumentT, InputT
from cms.retries import service as retries
from cms.retries.service import Creation


def router(desk: Desk[DocumentT, InputT, ViewT, ListT]) -> Router:
    """Every route of the kind below `/{kind}s`."""
    routes = routes_of(desk)
    _add_copies(routes, desk)
    _add_lifecycle(routes, desk)
    admin_past.add(routes, desk)
    admin_groups.add(routes, desk)
    many = f"{desk.kind.name}s"
    return Router(f"/{many}", route_handlers=routes.made, tags=[many])


def _add_copies(routes: Routes, desk: Desk[DocumentT, InputT, ViewT, ListT]) -> None:
    kind = desk.kind

    @routes.add(get, "/", "list_admin_{one}s", "Working copies", dependencies=querying(desk.query))
    async def list_copies(
        request: CMSRequest, actor: NamedDependency[Actor], params: NamedDependency[QueryT]
    ) -> Answer[ListT]:
        """Last changed first; authors and contributors see their own."""
        moment = now()
        found, page = await desk.listed(actor, params, moment)
        rows = [desk.row(document, moment) for document in found]
        view = desk.listing(items=rows, page=page)
        return Answer.of(view, headers=links(request, params, page))

    @routes.add(post, "/", "create_{one}", "Start a draft")
    async def create(
        actor: NamedDependency[Actor],
        idempotency_key: NamedDependency[str | None],
        data: JSONBody[InputT],
    ) -> Answer[ViewT]:
        """Needs only `title`."""

        async def make(ident: PydanticObjectId | None) -> ViewT:
            return desk.show(await verbs.create(kind, actor, data, now(), ident=ident), now())

        request = f"{kind.name} {data.model_dump_json()}"
        creation = Creation(
            permission=kind.write, request=request, view=desk.view, make=make, find=desk.find
        )
        return desk.created(await retries.once(actor, idempotency_key, creation, now()))

    @routes.add(post, "/{item_id:str}/duplicate", "duplicate_{one}", "Start a copy")
    async def duplicate(
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        idempotency_key: NamedDependency[str | None],
    ) -> Answer[ViewT]:
        """A draft of one's own with the same content."""
        source = object_id(item_id)

        async def make(ident: PydanticObjectId | None) -> ViewT:
            return desk.show(await verbs.duplicate(kind, actor, source, now(), ident=ident), now())

        request = f"duplicate of {kind.name} {source}"
        creation = Creation(
            permission=kind.write, request=request, view=desk.view, make=make, find=desk.find
        )
        return desk.created(await retries.once(actor, idempotency_key, creation, now()))

    @routes.add(get, "/{item_id:str}", "get_admin_{one}", "One working copy")
    async def get_copy(actor: NamedDependency[Actor], item_id: FromPath[str]) -> Answer[ViewT]:
        return desk.answer(await service.get(kind, actor, object_id(item_id)))

    @routes.add(patch, "/{item_id:str}", "update_{one}", "Change the working copy")
    async def update(
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        revision: NamedDependency[int],
        data: JSONBody[Patch[InputT]],
    ) -> Answer[ViewT]:
        """Readers go on seeing what is live until it is published again."""
        return desk.answer(await verbs.update(kind, actor, saw(item_id, revision), data, now()))

    @routes.add(patch, "/{item_id:str}/autosave", "autosave_{one}", "Save while typing")
    async def autosave(
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        revision: NamedDependency[int],
        data: JSONBody[Patch[InputT]],
    ) -> Answer[ViewT]:
        """As a change, but a burst of them by one person becomes one entry of the history."""
        seen = saw(item_id, revision)
        return desk.answer(await verbs.update(kind, actor, seen, data, now(), autosave=True))


def _add_lifecycle(routes: Routes, desk: Desk[DocumentT, InputT, ViewT, ListT]) -> None:
    kind = desk.kind

    @routes.add(delete, "/{item_id:str}", "trash_{one}", "Move to the trash", status_code=200)
    async def trash(
        actor: NamedDependency[Actor], item_id: FromPath[str], revision: NamedDependency[int]
    ) -> Answer[ViewT]:
        return desk.answer(await verbs.trash(kind, actor, saw(item_id, revision), now()))

    @routes.add(post, "/{item_id:str}/publish", "publish_{one}", "Publish", status_code=200)
    async def publish(
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        revision: NamedDependency[int],
        data: JSONBody[At | None] = None,
    ) -> Answer[ViewT]:
        """Now, or at `at`; a time in the past dates it back."""
        at = data.at if data else None
        return desk.answer(await verbs.publish(kind, actor, saw(item_id, revision), at, now()))

    @routes.add(
        post, "/{item_id:str}/unpublish", "unpublish_{one}", "Take from readers", status_code=200
    )
    async def unpublish(
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        revision: NamedDependency[int],
        data: JSONBody[At | None] = None,
    ) -> Answer[ViewT]:
        """Now, or at `at`."""
        at = data.at if data else None
        return desk.answer(await verbs.unpublish(kind, actor, saw(item_id, revision), at, now()))

    @routes.add(
        post,
        "/{item_id:str}/unschedule",
        "unschedule_{one}",
        "Call off what is planned",
        status_code=200,
    )
    async def unschedule(
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        revision: NamedDependency[int],
        data: JSONBody[UnscheduleInput | None] = None,
    ) -> Answer[ViewT]:
        """A publication, an end or a change that has not come yet; readers see what they saw."""
        what = data.what if data else None
        seen = saw(item_id, revision)
        return desk.answer(await verbs.unschedule(kind, actor, seen, what, now()))

    @routes.add(
        post,
        "/{item_id:str}/discard-draft",
        "discard_{one}_draft",
        "Go back to what is live",
        status_code=200,
    )
    async def discard_draft(
        actor: NamedDependency[Actor], item_id: FromPath[str], revision: NamedDependency[int]
    ) -> Answer[ViewT]:
        return desk.answer(await verbs.discard_draft(kind, actor, saw(item_id, revision), now()))

    @routes.add(
        post, "/{item_id:str}/restore", "restore_{one}", "Take out of the trash", status_code=200
    )
    async def restore(
        actor: NamedDependency[Actor], item_id: FromPath[str], revision: NamedDependency[int]
    ) -> Answer[ViewT]:
        return desk.answer(await verbs.restore(kind, actor, saw(item_id, revision), now()))

    @routes.add(post, "/{item_id:str}/purge", "purge_{one}", "Remove for good", status_code=204)
    async def purge(
        actor: NamedDependency[Actor], item_id: FromPath[str], revision: NamedDependency[int]
    ) -> None:
        """Only from the trash."""
        await verbs.purge(kind, actor, saw(item_id, revision), now())

    @routes.add(post, "/bulk", "bulk_{one}s", "One verb for many", status_code=200)
    async def apply_to_many(
        actor: NamedDependency[Actor], data: JSONBody[BulkInput]
    ) -> Answer[BulkView]:
        """Each item under its own revision and permission; a refused one hinders no other."""
        return Answer.of(BulkView(results=await bulk.apply(kind, actor, data, now())))

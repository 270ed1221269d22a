"""The admin routes of a published kind, written once and made for each with its own shapes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from beanie import PydanticObjectId
from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from cms.accounts.actor import Actor
from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.core.paging import Listing, ListQuery, Page
from cms.core.queries import links, object_id, query
from cms.core.shapes import Patch, View
from cms.history import service as history
from cms.history.schemas import Difference, RevisionList, RevisionView
from cms.publishing import bulk, service, shown, verbs
from cms.publishing.schemas import AdminQuery, At, BulkInput, BulkView, DiffQuery, Revisioned
from cms.publishing.service import DocumentT, InputT, Kind, Seen
from cms.retries import service as retries
from cms.retries.service import Creation

ViewT = TypeVar("ViewT", bound=Revisioned)
ListT = TypeVar("ListT", bound=Listing[Any])
QueryT = TypeVar("QueryT", bound=AdminQuery)
FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Desk(Generic[DocumentT, InputT, ViewT, ListT]):
    """A kind as its admin routes show it: whole, and as a row of its list.

    A kind whose list has filters of its own says their `query`, and how it lists by them.
    """

    kind: Kind[DocumentT, InputT]
    view: type[ViewT]
    show: Callable[[DocumentT, datetime], ViewT]
    listing: type[ListT]
    row: Callable[[DocumentT, datetime], View]
    query: type[AdminQuery] = AdminQuery
    list_all: Callable[[Actor, Any, datetime], Awaitable[tuple[list[DocumentT], Page]]] | None = (
        None
    )

    @property
    def address(self) -> str:
        return f"/api/v1/admin/{self.kind.name}s"

    def answer(self, document: DocumentT) -> Answer[ViewT]:
        return Answer.of(self.show(document, now()), revision=document.revision)

    def created(self, view: ViewT) -> Answer[ViewT]:
        where = {"Location": f"{self.address}/{view.id}"}
        return Answer.of(view, status=201, revision=view.revision, headers=where)

    async def listed(
        self, actor: Actor, params: AdminQuery, now: datetime
    ) -> tuple[list[DocumentT], Page]:
        if self.list_all is not None:
            return await self.list_all(actor, params, now)
        return await shown.list_all(self.kind, actor, params, now)

    async def find(self, ident: PydanticObjectId) -> ViewT | None:
        found = await self.kind.document.by_id(ident)
        return self.show(found, now()) if found else None


class _Routes:
    """Collects functions that are written for any kind as the handlers of one.

    A handler's name becomes the name of a client function, and Litestar reads its annotations:
    both have to be the kind's own.
    """

    def __init__(self, desk: Desk[Any, Any, Any, Any]) -> None:
        self.one = desk.kind.name
        self.types: dict[Any, Any] = {
            InputT: desk.kind.input,
            ViewT: desk.view,
            ListT: desk.listing,
            QueryT: desk.query,
        }
        self.made: list[HTTPRouteHandler] = []

    def add(
        self, method: Callable[..., Any], path: str, name: str, summary: str, **options: Any
    ) -> Callable[[FunctionT], FunctionT]:
        """Register under a name such as `publish_{one}`."""

        def register(function: FunctionT) -> FunctionT:
            function.__name__ = function.__qualname__ = name.format(one=self.one)
            function.__annotations__ = {
                parameter: self._own(annotation)
                for parameter, annotation in function.__annotations__.items()
            }
            self.made.append(method(path, summary=summary, **options)(function))
            return function

        return register

    def _own(self, annotation: Any) -> Any:
        """The annotation with the kind's types in place of the variables."""
        if annotation in self.types:
            return self.types[annotation]
        variables = getattr(annotation, "__parameters__", ())
        return (
            annotation[tuple(self.types[item] for item in variables)] if variables else annotation
        )


def router(desk: Desk[DocumentT, InputT, ViewT, ListT]) -> Router:
    """Every route of the kind below `/{kind}s`."""
    routes = _Routes(desk)
    _add_copies(routes, desk)
    _add_lifecycle(routes, desk)
    _add_history(routes, desk)
    many = f"{desk.kind.name}s"
    return Router(f"/{many}", route_handlers=routes.made, tags=[many])


def _query(model: Any) -> dict[str, Provide]:
    return {"params": Provide(query(model), sync_to_thread=False)}


def _seen(item_id: str, revision: int) -> Seen:
    return Seen(object_id(item_id), revision)


def _add_copies(routes: _Routes, desk: Desk[DocumentT, InputT, ViewT, ListT]) -> None:
    kind = desk.kind

    @routes.add(get, "/", "list_admin_{one}s", "Working copies", dependencies=_query(desk.query))
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
        return desk.answer(await verbs.update(kind, actor, _seen(item_id, revision), data, now()))

    @routes.add(patch, "/{item_id:str}/autosave", "autosave_{one}", "Save while typing")
    async def autosave(
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        revision: NamedDependency[int],
        data: JSONBody[Patch[InputT]],
    ) -> Answer[ViewT]:
        """As a change, but a burst of them by one person becomes one entry of the history."""
        seen = _seen(item_id, revision)
        return desk.answer(await verbs.update(kind, actor, seen, data, now(), autosave=True))


def _add_lifecycle(routes: _Routes, desk: Desk[DocumentT, InputT, ViewT, ListT]) -> None:
    kind = desk.kind

    @routes.add(delete, "/{item_id:str}", "trash_{one}", "Move to the trash", status_code=200)
    async def trash(
        actor: NamedDependency[Actor], item_id: FromPath[str], revision: NamedDependency[int]
    ) -> Answer[ViewT]:
        return desk.answer(await verbs.trash(kind, actor, _seen(item_id, revision), now()))

    @routes.add(post, "/{item_id:str}/publish", "publish_{one}", "Publish", status_code=200)
    async def publish(
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        revision: NamedDependency[int],
        data: JSONBody[At | None] = None,
    ) -> Answer[ViewT]:
        """Now, or at `at`; a time in the past dates it back."""
        at = data.at if data else None
        return desk.answer(await verbs.publish(kind, actor, _seen(item_id, revision), at, now()))

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
        return desk.answer(await verbs.unpublish(kind, actor, _seen(item_id, revision), at, now()))

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
        return desk.answer(await verbs.discard_draft(kind, actor, _seen(item_id, revision), now()))

    @routes.add(
        post, "/{item_id:str}/restore", "restore_{one}", "Take out of the trash", status_code=200
    )
    async def restore(
        actor: NamedDependency[Actor], item_id: FromPath[str], revision: NamedDependency[int]
    ) -> Answer[ViewT]:
        return desk.answer(await verbs.restore(kind, actor, _seen(item_id, revision), now()))

    @routes.add(post, "/{item_id:str}/purge", "purge_{one}", "Remove for good", status_code=204)
    async def purge(
        actor: NamedDependency[Actor], item_id: FromPath[str], revision: NamedDependency[int]
    ) -> None:
        """Only from the trash."""
        await verbs.purge(kind, actor, _seen(item_id, revision), now())

    @routes.add(post, "/bulk", "bulk_{one}s", "One verb for many", status_code=200)
    async def apply_to_many(
        actor: NamedDependency[Actor], data: JSONBody[BulkInput]
    ) -> Answer[BulkView]:
        """Each item under its own revision and permission; a refused one hinders no other."""
        return Answer.of(BulkView(results=await bulk.apply(kind, actor, data, now())))


def _add_history(routes: _Routes, desk: Desk[DocumentT, InputT, ViewT, ListT]) -> None:
    kind = desk.kind

    @routes.add(
        get,
        "/{item_id:str}/revisions",
        "list_{one}_revisions",
        "History",
        dependencies=_query(ListQuery),
    )
    async def list_revisions(
        request: CMSRequest,
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        params: NamedDependency[ListQuery],
    ) -> Answer[RevisionList]:
        """Newest first, without the contents."""
        ident = await service.settled(kind, actor, object_id(item_id))
        revisions, page = await history.revisions(ident, params)
        view = RevisionList(items=revisions, page=page)
        return Answer.of(view, headers=links(request, params, page))

    @routes.add(get, "/{item_id:str}/revisions/{number:int}", "get_{one}_revision", "One revision")
    async def get_revision(
        actor: NamedDependency[Actor], item_id: FromPath[str], number: FromPath[int]
    ) -> Answer[RevisionView]:
        ident = await service.settled(kind, actor, object_id(item_id))
        return Answer.of(await history.revision(ident, number))

    @routes.add(
        get,
        "/{item_id:str}/revisions/{number:int}/diff",
        "diff_{one}_revisions",
        "What changed between two revisions",
        dependencies=_query(DiffQuery),
    )
    async def diff_revisions(
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        number: FromPath[int],
        params: NamedDependency[DiffQuery],
    ) -> Answer[Difference]:
        """Word by word in the text, field by field in the rest."""
        ident = await service.settled(kind, actor, object_id(item_id))
        return Answer.of(await history.difference(ident, number, params.to))

    @routes.add(
        post,
        "/{item_id:str}/revisions/{number:int}/restore",
        "restore_{one}_revision",
        "Bring a revision back",
        status_code=200,
    )
    async def restore_revision(
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        number: FromPath[int],
        revision: NamedDependency[int],
    ) -> Answer[ViewT]:
        """Into the working copy; this is a revision too."""
        seen = _seen(item_id, revision)
        return desk.answer(await verbs.restore_revision(kind, actor, seen, number, now()))

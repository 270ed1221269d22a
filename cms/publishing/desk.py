"""How a published kind shows itself to the admin; makes the routes of any kind one kind's own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from beanie import PydanticObjectId
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler

from cms.accounts.actor import Actor
from cms.core.db import now
from cms.core.http import Answer
from cms.core.paging import Listing, Page
from cms.core.queries import object_id, query
from cms.core.shapes import View
from cms.publishing import shown
from cms.publishing.schemas import AdminQuery, Revisioned
from cms.publishing.service import DocumentT, InputT, Kind, Seen

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


class Routes:
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


def querying(model: Any) -> dict[str, Provide]:
    return {"params": Provide(query(model), sync_to_thread=False)}


def saw(item_id: str, revision: int) -> Seen:
    return Seen(object_id(item_id), revision)

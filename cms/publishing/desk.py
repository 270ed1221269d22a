"""How a published kind shows itself to the admin."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from beanie import PydanticObjectId

from cms.accounts.actor import Actor
from cms.core.db import now
from cms.core.http import Answer
from cms.core.paging import Listing, Page
from cms.core.queries import object_id
from cms.core.shapes import View
from cms.publishing import shown
from cms.publishing.routes import Routes
from cms.publishing.schemas import AdminQuery, Revisioned
from cms.publishing.service import DocumentT, InputT, Kind, Seen

ViewT = TypeVar("ViewT", bound=Revisioned)
ListT = TypeVar("ListT", bound=Listing[Any])
QueryT = TypeVar("QueryT", bound=AdminQuery)


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


def routes_of(desk: Desk[Any, Any, Any, Any]) -> Routes:
    own = {InputT: desk.kind.input, ViewT: desk.view, ListT: desk.listing, QueryT: desk.query}
    return Routes(desk.kind.name, own)


def saw(item_id: str, revision: int) -> Seen:
    return Seen(object_id(item_id), revision)

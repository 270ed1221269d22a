"""How the admin sees what is published: lists of working copies, and what every kind tells."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeVar

from beanie import PydanticObjectId

from cms.accounts.actor import Actor, permit_reading
from cms.core import finding
from cms.core.db import NEVER
from cms.core.paging import Keyset, Page
from cms.history import service as history
from cms.publishing.documents import BY_CHANGE, Published
from cms.publishing.rows import AdminFilter
from cms.publishing.schemas import AdminQuery, AdminSummary, AdminView, LiveView
from cms.publishing.service import DocumentT, Kind

NOTHING: Final[Mapping[str, Any]] = {}
WholeT = TypeVar("WholeT", bound=AdminView)
RowT = TypeVar("RowT", bound=AdminSummary)


def summary(document: Published[Any, Any], now: datetime) -> dict[str, Any]:
    """The fields of `AdminSummary` that no author writes."""
    live = document.live
    return {
        "id": str(document.id),
        "revision": document.revision,
        "status": document.status(now),
        "has_unpublished_changes": document.has_unpublished_changes(),
        "publish_at": live.publish_at if live else None,
        "unpublish_at": or_never(live.unpublish_at) if live else None,
        "published_at": live.publish_at if live and live.publish_at <= now else None,
        "created_at": document.created_at,
        "updated_at": document.updated_at,
        "updated_by": history.show_editor(document.updated_by),
    }


def whole(document: Published[Any, Any], now: datetime) -> dict[str, Any]:
    """The fields of `AdminView` that no author writes."""
    return {
        **summary(document, now),
        "trashed_at": document.trashed_at,
        "change_at": document.next.at if document.next else None,
    }


def working(
    view: type[WholeT],
    live_view: type[LiveView],
    document: Published[Any, Any],
    now: datetime,
    *,
    live_as: Mapping[str, Any] = NOTHING,
    **more: Any,
) -> WholeT:
    """A working copy with what is live; `more` and `live_as` is what their views have besides."""
    live = document.live
    if live is not None:
        told = live.model_dump(include=set(live_view.model_fields))
        told["unpublish_at"] = or_never(live.unpublish_at)
        live = live_view(**{**told, **live_as})
    fields = {**whole(document, now), **document.working.model_dump(), **more}
    return view(**fields, live=live)


def row(view: type[RowT], document: Published[Any, Any], now: datetime, **more: Any) -> RowT:
    """A line of the admin's list, of the fields that its view has."""
    written = document.working.model_dump(include=set(view.model_fields))
    return view(**{**summary(document, now), **written, **more})


def or_never(moment: datetime) -> datetime | None:
    return None if moment == NEVER else moment


def whose(actor: Actor) -> PydanticObjectId | None:
    """Whose working copies the actor sees; None is everybody's."""
    permit_reading(actor)
    return None if actor.sees_all() else actor.account_id


async def list_all(
    kind: Kind[DocumentT, Any], actor: Actor, params: AdminQuery, now: datetime
) -> tuple[list[DocumentT], Page]:
    """Last changed first; who may not see everything sees their own."""
    wanted = AdminFilter(status=params.status, owner_id=whose(actor))
    return await list_wanted(kind, wanted, BY_CHANGE, params, now)


async def list_wanted(
    kind: Kind[DocumentT, Any],
    wanted: AdminFilter,
    order: Keyset,
    params: AdminQuery,
    now: datetime,
) -> tuple[list[DocumentT], Page]:
    document = kind.document
    if params.q:
        text = await finding.engine().drafts(kind.name, params.q, wanted.owner_id)
        wanted = replace(wanted, text=text.match)
    found = await document.list_admin(wanted, order, params, now)
    total = await document.count_admin(wanted, now) if params.total else None
    rows, page = order.page(found, params, total)
    return [document.model_validate(row) for row in rows], page

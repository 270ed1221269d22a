"""How the admin sees what is published: lists of working copies, and what every kind tells."""

from datetime import datetime
from typing import Any

from cms.accounts.actor import Actor, permit_reading
from cms.core import finding
from cms.core.db import NEVER
from cms.core.finding import Narrowing
from cms.core.paging import Page
from cms.history import service as history
from cms.publishing.documents import BY_CHANGE, Published, in_status
from cms.publishing.schemas import AdminQuery
from cms.publishing.service import DocumentT, Kind


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


def or_never(moment: datetime) -> datetime | None:
    return None if moment == NEVER else moment


async def list_all(
    kind: Kind[DocumentT, Any], actor: Actor, params: AdminQuery, now: datetime
) -> tuple[list[DocumentT], Page]:
    """Last changed first; who may not see everything sees their own."""
    permit_reading(actor)
    owner_id = None if actor.sees_all() else actor.account_id
    document = kind.document
    text = await finding.engine().drafts(kind.name, params.q, owner_id) if params.q else Narrowing()
    match = {**in_status(params.status, now), **text.match}
    found = await document.list_admin(params, match, owner_id)
    total = await document.count_admin(match, owner_id) if params.total else None
    rows, page = BY_CHANGE.page(found, params, total)
    return [document.model_validate(row) for row in rows], page

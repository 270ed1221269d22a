"""One verb for many items, each under its own guard: one that is refused hinders no other."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId

from cms.accounts.actor import Actor, permit_reading
from cms.core.db import DatabaseError
from cms.core.errors import Invalid, NotFound, Refusal, Unavailable
from cms.publishing import verbs
from cms.publishing.documents import Published
from cms.publishing.schemas import (
    BulkInput,
    BulkItem,
    BulkResult,
    BulkVerb,
    ItemFieldProblem,
    ItemProblem,
)
from cms.publishing.service import DocumentT, Kind, Seen

Apply = Callable[[Seen], Awaitable[Published[Any, Any] | None]]
TIMED = {"publish", "unpublish"}


async def apply(
    kind: Kind[DocumentT, Any], actor: Actor, data: BulkInput, now: datetime
) -> list[BulkResult]:
    """The result of every item, in order; those after a failure are tried all the same.

    Raises:
        Invalid: the verb takes no time.
    """
    permit_reading(actor)
    if data.at is not None and data.verb not in TIMED:
        raise Invalid.of("at", f"{data.verb} takes no time", "not_timed")
    move = _moves(kind, actor, data.at, now)[data.verb]
    return [await _result(move, item) for item in data.items]


def _moves(
    kind: Kind[DocumentT, Any], actor: Actor, at: datetime | None, now: datetime
) -> Mapping[BulkVerb, Apply]:
    async def publish(seen: Seen) -> DocumentT:
        return await verbs.publish(kind, actor, seen, at, now)

    async def unpublish(seen: Seen) -> DocumentT:
        return await verbs.unpublish(kind, actor, seen, at, now)

    async def unschedule(seen: Seen) -> DocumentT:
        return await verbs.unschedule(kind, actor, seen, None, now)

    async def trash(seen: Seen) -> DocumentT:
        return await verbs.trash(kind, actor, seen, now)

    async def restore(seen: Seen) -> DocumentT:
        return await verbs.restore(kind, actor, seen, now)

    async def purge(seen: Seen) -> None:
        await verbs.purge(kind, actor, seen, now)

    return {
        "publish": publish,
        "unpublish": unpublish,
        "unschedule": unschedule,
        "trash": trash,
        "restore": restore,
        "purge": purge,
    }


async def _result(move: Apply, item: BulkItem) -> BulkResult:
    try:
        if not PydanticObjectId.is_valid(item.id):
            raise NotFound
        after = await move(Seen(PydanticObjectId(item.id), item.revision))
    except Refusal as refusal:
        return _refused(item, refusal)
    except DatabaseError:
        # The others may have been written already: their results must not be lost with this one.
        return _refused(item, Unavailable("The database did not answer; try this one again."))
    status, revision = (204, None) if after is None else (200, after.revision)
    return BulkResult(id=item.id, status=status, code="ok", revision=revision, problem=None)


def _refused(item: BulkItem, refusal: Refusal) -> BulkResult:
    errors = [
        ItemFieldProblem(field=error.field, message=error.message, code=error.code, line=error.line)
        for error in refusal.errors
    ]
    problem = ItemProblem(
        type=f"/problems/{refusal.code}",
        title=refusal.title,
        status=refusal.status,
        detail=refusal.detail,
        code=refusal.code,
        errors=errors,
    )
    return BulkResult(
        id=item.id, status=refusal.status, code=refusal.code, revision=None, problem=problem
    )

"""The audit log's route."""

from litestar import get
from litestar.di import NamedDependency, Provide

from cms.accounts.actor import Actor
from cms.core.http import Answer, CMSRequest
from cms.core.queries import links, object_id, query
from cms.history import service
from cms.history.schemas import AuditList, AuditQuery


@get(
    "/audit",
    summary="Who did what",
    tags=["history"],
    dependencies={"params": Provide(query(AuditQuery), sync_to_thread=False)},
)
async def list_audit(
    request: CMSRequest, actor: NamedDependency[Actor], params: NamedDependency[AuditQuery]
) -> Answer[AuditList]:
    """Newest first. A write shows here within a second or so of its answer."""
    item = object_id(params.item) if params.item else None
    records, page = await service.audit(actor, params, item_id=item)
    return Answer.of(AuditList(items=records, page=page), headers=links(request, params, page))

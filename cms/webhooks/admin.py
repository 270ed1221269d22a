"""Routes that manage webhooks."""

from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from cms.accounts.actor import Actor
from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.core.paging import ListQuery
from cms.core.queries import links, object_id, query
from cms.core.shapes import Patch
from cms.webhooks import service
from cms.webhooks.schemas import (
    DeliveryList,
    DeliveryQuery,
    DeliveryView,
    RotateInput,
    WebhookAdmin,
    WebhookInput,
    WebhookList,
    WebhookMade,
)
from cms.webhooks.secrets import Secrets


@get(
    "/",
    summary="Who is told",
    dependencies={"params": Provide(query(ListQuery), sync_to_thread=False)},
)
async def list_webhooks(
    request: CMSRequest, actor: NamedDependency[Actor], params: NamedDependency[ListQuery]
) -> Answer[WebhookList]:
    """By name."""
    found, page = await service.list_all(actor, params, now())
    view = WebhookList(items=found, page=page)
    return Answer.of(view, headers=links(request, params, page))


@post("/", summary="Tell somebody")
async def create_webhook(
    actor: NamedDependency[Actor],
    data: JSONBody[WebhookInput],
    webhook_secrets: NamedDependency[Secrets],
) -> Answer[WebhookMade]:
    """The secret stands in this answer and can't be shown again."""
    made = await service.create(actor, data, webhook_secrets, now())
    headers = {"Location": f"/api/v1/admin/webhooks/{made.id}"}
    return Answer.of(made, status=201, revision=made.revision, headers=headers)


@get("/{webhook_id:str}", summary="One webhook")
async def get_webhook(
    actor: NamedDependency[Actor], webhook_id: FromPath[str]
) -> Answer[WebhookAdmin]:
    webhook = await service.get(actor, object_id(webhook_id))
    return Answer.of(service.show(webhook, now()), revision=webhook.revision)


@patch("/{webhook_id:str}", summary="Change a webhook")
async def update_webhook(
    actor: NamedDependency[Actor],
    webhook_id: FromPath[str],
    revision: NamedDependency[int],
    data: JSONBody[Patch[WebhookInput]],
) -> Answer[WebhookAdmin]:
    """While it is disabled nothing is sent, and what happens is not kept for it."""
    webhook = await service.update(actor, object_id(webhook_id), revision, data, now())
    return Answer.of(service.show(webhook, now()), revision=webhook.revision)


@delete("/{webhook_id:str}", summary="Delete a webhook", status_code=204)
async def delete_webhook(
    actor: NamedDependency[Actor], webhook_id: FromPath[str], revision: NamedDependency[int]
) -> None:
    await service.delete(actor, object_id(webhook_id), revision, now())


@post("/{webhook_id:str}/rotate-secret", summary="A new secret", status_code=200)
async def rotate_webhook_secret(
    actor: NamedDependency[Actor],
    webhook_id: FromPath[str],
    revision: NamedDependency[int],
    webhook_secrets: NamedDependency[Secrets],
    data: JSONBody[RotateInput | None] = None,
) -> Answer[WebhookMade]:
    """Both sign until the old one ends. The new one is shown this once."""
    ident, wanted = object_id(webhook_id), data or RotateInput()
    made = await service.rotate(actor, ident, revision, wanted, keys=webhook_secrets, now=now())
    return Answer.of(made, revision=made.revision)


@post("/{webhook_id:str}/test", summary="Send a test message", status_code=202)
async def test_webhook(
    actor: NamedDependency[Actor], webhook_id: FromPath[str]
) -> Answer[DeliveryView]:
    """Tried once, within a second or so; look at the deliveries."""
    return Answer.of(await service.test(actor, object_id(webhook_id), now()), status=202)


@get(
    "/{webhook_id:str}/deliveries",
    summary="What was sent",
    dependencies={"params": Provide(query(DeliveryQuery), sync_to_thread=False)},
)
async def list_webhook_deliveries(
    request: CMSRequest,
    actor: NamedDependency[Actor],
    webhook_id: FromPath[str],
    params: NamedDependency[DeliveryQuery],
) -> Answer[DeliveryList]:
    """Newest first; finished ones are kept for 30 days, the newest 500."""
    found, page = await service.deliveries(actor, object_id(webhook_id), params)
    view = DeliveryList(items=found, page=page)
    return Answer.of(view, headers=links(request, params, page))


@post(
    "/{webhook_id:str}/deliveries/{delivery_id:str}/redeliver",
    summary="Send it again",
    status_code=202,
)
async def redeliver_webhook(
    actor: NamedDependency[Actor], webhook_id: FromPath[str], delivery_id: FromPath[str]
) -> Answer[DeliveryView]:
    """Under the same message id, so that a receiver can tell."""
    found = await service.redeliver(actor, object_id(webhook_id), object_id(delivery_id), now())
    return Answer.of(found, status=202)


router = Router(
    "/webhooks",
    route_handlers=[
        *(list_webhooks, create_webhook, get_webhook, update_webhook, delete_webhook),
        *(rotate_webhook_secret, test_webhook, list_webhook_deliveries, redeliver_webhook),
    ],
    tags=["webhooks"],
)

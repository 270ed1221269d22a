"""Routes of the inbox."""

from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from cms.accounts.actor import Actor
from cms.contact import service
from cms.contact.schemas import (
    ContactMark,
    ContactMessage,
    ContactMessageList,
    ContactQuery,
    Erased,
    EraseInput,
)
from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.core.queries import links, object_id, query
from cms.core.shapes import Patch


@get(
    "/",
    summary="What readers wrote",
    dependencies={"params": Provide(query(ContactQuery), sync_to_thread=False)},
)
async def list_contact_messages(
    request: CMSRequest, actor: NamedDependency[Actor], params: NamedDependency[ContactQuery]
) -> Answer[ContactMessageList]:
    """Newest first. What a trap caught lies in the folder `spam`."""
    found, page = await service.list_all(actor, params)
    view = ContactMessageList(items=found, page=page)
    return Answer.of(view, headers=links(request, params, page))


@get("/{message_id:str}", summary="One message")
async def get_contact_message(
    actor: NamedDependency[Actor], message_id: FromPath[str]
) -> Answer[ContactMessage]:
    message = await service.get(actor, object_id(message_id))
    return Answer.of(service.show(message), revision=message.revision)


@patch("/{message_id:str}", summary="Mark a message")
async def update_contact_message(
    actor: NamedDependency[Actor],
    message_id: FromPath[str],
    revision: NamedDependency[int],
    data: JSONBody[Patch[ContactMark]],
) -> Answer[ContactMessage]:
    """As read or not, as spam or not. What leaves the spam is told to webhooks as if it came."""
    message = await service.update(actor, object_id(message_id), revision, data, now())
    return Answer.of(service.show(message), revision=message.revision)


@delete("/{message_id:str}", summary="Delete a message", status_code=204)
async def delete_contact_message(
    actor: NamedDependency[Actor], message_id: FromPath[str], revision: NamedDependency[int]
) -> None:
    """For good."""
    await service.delete(actor, object_id(message_id), revision, now())


@post("/erase", summary="Erase all that somebody sent", status_code=200)
async def erase_contact_sender(
    actor: NamedDependency[Actor], data: JSONBody[EraseInput]
) -> Answer[Erased]:
    """By their e-mail address, as people may ask; nothing keeps the address."""
    return Answer.of(Erased(removed=await service.erase(actor, data.email, now())))


router = Router(
    "/contact",
    route_handlers=[
        *(list_contact_messages, get_contact_message, update_contact_message),
        *(delete_contact_message, erase_contact_sender),
    ],
    tags=["contact"],
)

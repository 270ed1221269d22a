"""Where strangers write: neither a cacheable read nor behind a sign-in."""

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from cms.contact import service
from cms.contact.schemas import ContactForm, ContactInput, ContactReceipt
from cms.contact.trap import Trap
from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.throttles.telling import Telling


@get("/", summary="A token for the contact form")
async def get_contact_form(contact_trap: NamedDependency[Trap]) -> Answer[ContactForm]:
    """Ask for it when the form is shown, and again when a message was sent."""
    form = contact_trap.issue(now())
    view = ContactForm(token=form.token, ready_at=form.ready_at, expires_at=form.expires_at)
    return Answer.of(view)


@post("/", summary="Write to the site's owner", status_code=202)
async def send_contact_message(
    request: CMSRequest, contact_trap: NamedDependency[Trap], data: JSONBody[ContactInput]
) -> Answer[ContactReceipt]:
    """The same message with the same token again is one message: a retry is safe."""
    address = request.client.host if request.client else ""
    at = await service.receive(data, trap=contact_trap, address=address, now=now())
    return Answer.of(ContactReceipt(received_at=at), status=202)


router = Router(
    "/contact",
    route_handlers=[get_contact_form, send_contact_message],
    middleware=[Telling],
    tags=["contact"],
)

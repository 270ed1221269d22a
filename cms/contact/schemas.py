"""Shapes of the contact form and of the inbox."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic.config import JsonDict

from cms.accounts.schemas import Email
from cms.contact.documents import CaughtBy, Folder
from cms.core.fields import Lang, Line, ShortLine
from cms.core.paging import Listing, ListQuery
from cms.core.shapes import Input, View

LINES: Final = {"\n", "\r", "\t"}
STORY: Final[JsonDict] = {
    "examples": [
        {
            "id": "674000000000000000000012",
            "revision": 1,
            "token": "lct_bG9udGFyIGRhdW4gcGFsZW0gZGFuIHRpbnRhIGhpdGFtIGRhbiBwZW5h",  # nosec B105
            "name": "Budi",
            "email": "budi@example.com",
            "subject": "A talk in Bandung",
            "message": "Would you speak at our meetup?",
            "lang": "en",
            "page": "/contact",
            "website": "",
            "removed": 2,
            "is_read": False,
            "is_spam": False,
            "ready_at": "2026-03-14T02:00:03Z",
            "expires_at": "2026-03-15T02:00:00Z",
            "received_at": "2026-03-14T02:00:00Z",
            "updated_at": "2026-03-14T02:00:00Z",
        }
    ]
}


def _readable(value: str) -> str:
    if any(ord(sign) == 127 or (ord(sign) < 32 and sign not in LINES) for sign in value):
        raise ValueError("must be text without control characters")
    if not value.strip():
        raise ValueError("must not be blank")
    return value


class ContactForm(View, json_schema_extra=STORY):
    """Fetched when the form is shown: a message that is sent before `ready_at` looks like spam."""

    token: str
    ready_at: datetime
    expires_at: datetime


class ContactInput(Input, json_schema_extra=STORY):
    token: Annotated[str, Field(min_length=1, max_length=100)] = Field(
        description="From `GET /api/v1/contact`; good for one message."
    )
    name: ShortLine
    email: Email
    subject: Line | None = None
    message: Annotated[str, Field(min_length=1, max_length=10_000), AfterValidator(_readable)]
    lang: Lang | None = None
    page: Annotated[str, Field(max_length=2000, pattern=r"^/[!-~]*$")] | None = Field(
        None, description="The path of the page that the form stands on."
    )
    website: Annotated[str, Field(max_length=2000)] = Field(
        "", description="An input that people don't see and programs fill in: leave it empty."
    )


class ContactReceipt(View, json_schema_extra=STORY):
    received_at: datetime


class ContactMark(Input, json_schema_extra=STORY):
    is_read: bool = False
    is_spam: bool = False


class ContactMessage(View, json_schema_extra=STORY):
    id: str
    revision: int
    name: str
    email: str
    subject: str | None
    message: str
    lang: str | None
    page: str | None
    is_read: bool
    is_spam: bool
    caught_by: CaughtBy | None = Field(description="What took it for spam, if anything did.")
    received_at: datetime
    updated_at: datetime


class ContactMessageList(Listing[ContactMessage]):
    pass


class ContactQuery(ListQuery):
    folder: Folder = "inbox"
    is_read: bool | None = Field(None, description="Only those, or only the others.")


class EraseInput(Input, json_schema_extra=STORY):
    email: Email


class Erased(View, json_schema_extra=STORY):
    removed: int

"""Shapes of the account routes."""

import unicodedata
from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic.config import JsonDict

from cms.accounts.permissions import Permission, Role
from cms.core.shapes import Input, View


def normal(email: str) -> str:
    """NFKC and lower case: one mailbox, one account."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def _normal_email(value: str) -> str:
    """Normalised and shaped like an address. Deliverability is for a mail to prove."""
    text = normal(value)
    local, at, domain = text.rpartition("@")
    if not at or not local or "." not in domain.strip(".") or domain != domain.strip("."):
        raise ValueError("must be an e-mail address such as rani@example.com")
    if any(character.isspace() or not character.isprintable() for character in text):
        raise ValueError("must be an e-mail address without blanks")
    return text


def _one_line(value: str) -> str:
    text = value.strip()
    if not text or any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise ValueError("must be one line of text")
    return text


Email = Annotated[str, Field(max_length=254), AfterValidator(_normal_email)]
Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_one_line)]
Password = Annotated[
    str, Field(min_length=1, max_length=1024, examples=["lontar daun palem dan tinta"])
]
CSRFToken = Annotated[str, Field(examples=["3q2-7wD9m0uX1c8J"])]
OWNER: Final[JsonDict] = {
    "examples": [
        {
            "id": "674000000000000000000001",
            "email": "rani@example.com",
            "name": "Rani Wulandari",
            "role": "owner",
            "token": "Zk3vY8bq1nT5wR7x",  # nosec B105 - an example
        }
    ]
}
TOKEN: Final[JsonDict] = {
    "examples": [
        {
            "id": "674000000000000000000002",
            "name": "Static site build",
            "scopes": ["read"],
            "created_at": "2026-03-14T02:00:00Z",
            "expires_at": "2026-06-12T02:00:00Z",
            "token": "ltr_Zk3vY8bq1nT5wR7x",  # nosec B105 - an example
        }
    ]
}


class SignIn(Input):
    email: Annotated[str, Field(min_length=1, max_length=254, examples=["rani@example.com"])]
    password: Password


class SetupInput(Input, json_schema_extra=OWNER):
    token: Annotated[str, Field(min_length=1, max_length=200)]
    email: Email
    name: Name
    password: Password


class AccountView(View, json_schema_extra=OWNER):
    id: str
    email: str
    name: str
    role: Role


class SessionView(View):
    """Send `csrf_token` back as `X-CSRF-Token` with every write of this session."""

    account: AccountView
    csrf_token: CSRFToken


class WhoAmI(View):
    """Who the cookie or token stands for; `csrf_token` is null for a token."""

    account: AccountView
    csrf_token: CSRFToken | None
    scopes: list[Permission] | None


class TokenInput(Input, json_schema_extra=TOKEN):
    name: Name
    scopes: Annotated[list[Permission], Field(min_length=1, max_length=20, examples=[["read"]])]
    expires_in_days: Annotated[int, Field(ge=1, le=3650)] = 90


class TokenView(View, json_schema_extra=TOKEN):
    id: str
    name: str
    scopes: list[Permission]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class TokenCreated(TokenView):
    """The only answer that ever holds `token`."""

    token: str


class TokenList(View):
    items: list[TokenView]

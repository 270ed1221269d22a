"""Shapes of the account routes."""

import unicodedata
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from cms.accounts.permissions import Permission, Role
from cms.core.shapes import Input, View


def _normal_email(value: str) -> str:
    """NFKC and lower case: one mailbox, one account. Deliverability is for a mail to prove."""
    text = unicodedata.normalize("NFKC", value).strip().lower()
    local, at, domain = text.rpartition("@")
    if not at or not local or "." not in domain.strip(".") or domain != domain.strip("."):
        raise ValueError("must be an e-mail address such as rani@example.com")
    if any(character.isspace() or not character.isprintable() for character in text):
        raise ValueError("must be an e-mail address without blanks")
    return text


def _one_line(value: str) -> str:
    text = value.strip()
    if not text or any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError("must be one line of text")
    return text


Email = Annotated[str, Field(max_length=254), AfterValidator(_normal_email)]
Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_one_line)]
Password = Annotated[str, Field(min_length=1, max_length=1024)]


class SignIn(Input):
    email: Annotated[str, Field(min_length=1, max_length=254, examples=["rani@example.com"])]
    password: Password


class SetupInput(Input):
    token: Annotated[str, Field(min_length=1, max_length=200)]
    email: Email
    name: Name
    password: Password


class AccountView(View):
    id: str
    email: str
    name: str
    role: Role


class SessionView(View):
    """Send `csrf_token` back as `X-CSRF-Token` with every write of this session."""

    account: AccountView
    csrf_token: str


class WhoAmI(View):
    """Who the cookie or token stands for; `csrf_token` is null for a token."""

    account: AccountView
    csrf_token: str | None
    scopes: list[Permission] | None


class TokenInput(Input):
    name: Name
    scopes: Annotated[list[Permission], Field(min_length=1, max_length=20, examples=[["read"]])]
    expires_in_days: Annotated[int, Field(ge=1, le=3650)] = 90


class TokenView(View):
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

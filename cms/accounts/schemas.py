"""Shapes of the account routes."""

import unicodedata
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field
from pydantic.config import JsonDict

from cms.accounts.documents import Tongue
from cms.accounts.permissions import SESSION_ONLY, Permission, Role
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


def _is_a_scope(value: Permission) -> Permission:
    if value in SESSION_ONLY:
        raise ValueError("is for people who signed in, not for tokens")
    return value


Email = Annotated[str, Field(max_length=254), AfterValidator(_normal_email)]
Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_one_line)]
Password = Annotated[
    str, Field(min_length=1, max_length=1024, examples=["lontar daun palem dan tinta"])
]
# Six digits, or a recovery code: both with whatever blanks and hyphens people type.
Code = Annotated[str, Field(min_length=6, max_length=40, examples=["492039"])]
Secret = Annotated[str, Field(min_length=1, max_length=200, examples=["Zk3vY8bq1nT5wR7x"])]
CSRFToken = Annotated[str, Field(examples=["3q2-7wD9m0uX1c8J"])]
OWNER: Final[JsonDict] = {
    "examples": [
        {
            "id": "674000000000000000000001",
            "email": "rani@example.com",
            "name": "Rani Wulandari",
            "role": "owner",
            "token": "Zk3vY8bq1nT5wR7x",  # nosec B105 - an example
            "is_disabled": False,
            "has_second_factor": True,
            "created_at": "2026-03-14T02:00:00Z",
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


INVITATION: Final[JsonDict] = {
    "examples": [
        {
            "id": "674000000000000000000007",
            "email": "sari@example.com",
            "role": "author",
            "created_at": "2026-03-14T02:00:00Z",
            "expires_at": "2026-03-21T02:00:00Z",
            "link": "https://cms.example/admin/accept-invitation#token=Zk3vY8bq1nT5wR7x",
        }
    ]
}
ENROLMENT: Final[JsonDict] = {
    "examples": [
        {
            "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",  # nosec B105 - an example
            "uri": "otpauth://totp/Lontar:rani%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Lontar",
            "qr_svg": "<svg></svg>",
        }
    ]
}
SESSION: Final[JsonDict] = {
    "examples": [
        {
            "id": "674000000000000000000008",
            "is_current": True,
            "address": "203.0.113.7",
            "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0",
            "created_at": "2026-03-14T02:00:00Z",
            "last_used_at": "2026-03-14T02:00:00Z",
            "expires_at": "2026-03-28T02:00:00Z",
        }
    ]
}


class SignIn(Input):
    """`code` may come along where a second factor is on, or follow at `/session/code`."""

    email: Annotated[str, Field(min_length=1, max_length=254, examples=["rani@example.com"])]
    password: Password
    code: Code | None = None


class CodeInput(Input):
    code: Code


class ReauthInput(Input):
    """`code` where a second factor is on."""

    password: Password
    code: Code | None = None


class PasswordInput(Input):
    current_password: Password
    password: Password


class ResetAskInput(Input):
    email: Annotated[str, Field(min_length=1, max_length=254, examples=["rani@example.com"])]


class ResetInput(Input):
    token: Secret
    password: Password


class EmailInput(Input, json_schema_extra=OWNER):
    email: Email


class SecretInput(Input):
    token: Secret


class InvitationInput(Input, json_schema_extra=INVITATION):
    email: Email
    role: Role
    tongue: Annotated[Tongue, Field(description="The language of the mail.")] = "en"
    by_mail: Annotated[
        bool, Field(description="False: answer with the link, for the inviter to pass on.")
    ] = True


class AcceptInput(Input, json_schema_extra=OWNER):
    token: Secret
    name: Name
    password: Password


class RoleInput(Input):
    role: Role


class PolicyInput(Input):
    second_factor_required: Annotated[
        bool, Field(description="Whether owner and admins need a second factor.")
    ] = False


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
    """Send `csrf_token` back as `X-CSRF-Token` with every write of this session.

    While it `lacks` something, it opens nothing else: `code`, send one to `/session/code`;
    `enrolment`, the site asks for a second factor, set one up at `/second-factor`.
    """

    account: AccountView
    csrf_token: CSRFToken
    lacks: Literal["code", "enrolment"] | None


class WhoAmI(View):
    """Who the cookie or token stands for; `csrf_token` is null for a token."""

    account: AccountView
    csrf_token: CSRFToken | None
    scopes: list[Permission] | None
    lacks: Literal["code", "enrolment"] | None
    fresh_until: Annotated[
        datetime | None, Field(description="Until when dangerous verbs ask for no password.")
    ]


class TokenInput(Input, json_schema_extra=TOKEN):
    name: Name
    scopes: Annotated[
        list[Annotated[Permission, AfterValidator(_is_a_scope)]],
        Field(min_length=1, max_length=20, examples=[["read"]]),
    ]
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


class SessionRow(View, json_schema_extra=SESSION):
    id: str
    is_current: bool
    address: str
    user_agent: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


class SessionList(View):
    items: list[SessionRow]


class FactorView(View):
    is_on: bool
    since: datetime | None
    recovery_codes_left: int


class EnrolmentView(View, json_schema_extra=ENROLMENT):
    """For an authenticator app; `qr_svg` shows `uri`."""

    secret: str
    uri: str
    qr_svg: str


class RecoveryCodes(View):
    """The only answer that ever holds them; each opens once."""

    recovery_codes: Annotated[list[str], Field(examples=[["JBSW-Y3DP-EHPK-3PXP"]])]


class ResetAsked(View):
    """The same whether or not there is such an account; `by_mail` tells of the site alone."""

    by_mail: Annotated[
        bool, Field(description="False: this site sends no mail, its owner has to pass a link on.")
    ]


class EmailAsked(View):
    """`link` where this site sends no mail: open it to confirm."""

    link: Annotated[
        str | None, Field(examples=["https://cms.example/admin/confirm-email#token=Zk3vY8bq1nT5"])
    ]


class InvitationView(View, json_schema_extra=INVITATION):
    id: str
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime


class InvitationMade(InvitationView):
    """`link` to pass on, unless it was mailed; no other answer holds it."""

    link: str | None


class InvitationList(View):
    items: list[InvitationView]


class AccountRow(AccountView, json_schema_extra=OWNER):
    is_disabled: bool
    has_second_factor: bool
    created_at: datetime


class AccountList(View):
    items: list[AccountRow]


class ResetLink(View):
    """To pass on to whom it is for; works once, for 30 minutes."""

    link: Annotated[str, Field(examples=["https://cms.example/admin/reset-password#token=Zk3vY8"])]
    expires_at: datetime


class PolicyView(View):
    second_factor_required: bool
    revision: int


class Erased(View):
    """What stands for the person in the audit log and in revisions from now on."""

    pseudonym: Annotated[str, Field(examples=["Erased person 1f2e3d"])]

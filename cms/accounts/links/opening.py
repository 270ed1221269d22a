"""Make a link that works once, write its address, and open what it opens."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from cms.accounts.links.documents import Link, Purpose
from cms.core.errors import Forbidden

LIVES: Final[dict[Purpose, timedelta]] = {
    "invitation": timedelta(days=7),
    "reset": timedelta(minutes=30),
    "email": timedelta(hours=24),
}
# Where the admin's pages take them; the secret stands in the fragment, which no server ever sees.
PAGES: Final[dict[Purpose, str]] = {
    "invitation": "/admin/accept-invitation",
    "reset": "/admin/reset-password",
    "email": "/admin/confirm-email",
}


async def make(purpose: Purpose, address: str, now: datetime, **about: Any) -> tuple[Link, str]:
    """The link as it is stored, and its URL at this CMS's own `address` from the settings."""
    secret = secrets.token_urlsafe(32)
    link = Link(
        digest=digest(purpose, secret),
        purpose=purpose,
        created_at=now,
        expires_at=now + LIVES[purpose],
        **about,
    )
    await link.insert()
    return link, f"{address}{PAGES[purpose]}#token={secret}"


def digest(purpose: Purpose, secret: str) -> str:
    """Of the purpose, too: a secret that opens one kind of door fits no other."""
    return hashlib.sha256(f"{purpose}:{secret}".encode()).hexdigest()


async def find(purpose: Purpose, secret: str, now: datetime) -> Link:
    """The open link of a secret, not used up yet.

    Raises:
        Forbidden: it is used up, expired, withdrawn or never was.
    """
    link = await Link.find_open(purpose, digest(purpose, secret), now)
    if link is None:
        raise closed()
    return link


async def claim(link: Link, now: datetime) -> None:
    """Use it up.

    Raises:
        Forbidden: somebody was faster.
    """
    if not await Link.claim(link.purpose, link.digest, now):
        raise closed()


def closed() -> Forbidden:
    return Forbidden("This link does not open anything (any more).", code="link_closed")

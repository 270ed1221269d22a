"""What the account routes share: who knocks, and the answers that set cookies or show people."""

from typing import Any

from cms.accounts.documents import Account, Session, Token
from cms.accounts.guards import SessionCookie
from cms.accounts.keys import Keys
from cms.accounts.limits import Visitor
from cms.accounts.links.documents import Link
from cms.accounts.schemas import AccountRow, AccountView, SessionRow, SessionView
from cms.accounts.service import SignedIn
from cms.core.http import Answer, CMSRequest


def visitor(request: CMSRequest, session_cookie: SessionCookie) -> Visitor:
    return Visitor(
        address=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", ""),
        device=request.cookies.get(session_cookie.device_name, ""),
    )


def account(found: Account) -> AccountView:
    return AccountView(id=str(found.id), email=found.email, name=found.name, role=found.role)


def account_row(found: Account) -> AccountRow:
    return AccountRow(
        **account(found).model_dump(),
        is_disabled=found.disabled_at is not None,
        has_second_factor=found.second_factor is not None,
        created_at=found.created_at,
    )


def signed_in(
    done: SignedIn, keys: Keys, session_cookie: SessionCookie, *, status: int = 201
) -> Answer[SessionView]:
    """The session with its cookie; once it is whole, this browser is known to the throttles."""
    view = SessionView(
        account=account(done.account),
        csrf_token=keys.csrf_token(str(done.session.lineage)),
        lacks=done.lacks,
    )
    answer = Answer.of(view, status=status)
    answer.set_cookie(session_cookie.set(done.secret))
    if done.session.stage == "whole":
        answer.set_cookie(session_cookie.mark(keys.device_mark(done.account.email)))
    return answer


def session_row(found: Session, current: Any) -> SessionRow:
    return SessionRow(
        id=str(found.lineage),
        is_current=found.lineage == current,
        **found.model_dump(
            include={"address", "user_agent", "created_at", "last_used_at", "expires_at"}
        ),
    )


def token_row(token: Token) -> dict[str, Any]:
    return {
        "id": str(token.id),
        "name": token.name,
        "scopes": token.scopes,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
    }


def invitation_row(link: Link) -> dict[str, Any]:
    shown = link.model_dump(include={"email", "role", "created_at", "expires_at"})
    return {"id": str(link.id), **shown}

"""Routes to sign in and out, set up the first owner, and keep bearer tokens."""

from typing import Any

from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from cms.accounts import service
from cms.accounts.actor import Actor
from cms.accounts.documents import Account, Token
from cms.accounts.guards import SessionCookie, same_origin
from cms.accounts.passwords import Passwords
from cms.accounts.schemas import (
    AccountView,
    SessionView,
    SetupInput,
    SignIn,
    TokenCreated,
    TokenInput,
    TokenList,
    TokenView,
    WhoAmI,
)
from cms.accounts.service import Keys, SignedIn
from cms.core.http import Answer, CMSRequest
from cms.core.queries import object_id
from cms.core.steady import now


def _account(account: Account) -> AccountView:
    return AccountView(
        id=str(account.id), email=account.email, name=account.name, role=account.role
    )


def _signed_in(done: SignedIn, keys: Keys, session_cookie: SessionCookie) -> Answer[SessionView]:
    view = SessionView(account=_account(done.account), csrf_token=keys.csrf_token(done.secret))
    answer = Answer.of(view, status=201)
    answer.set_cookie(session_cookie.set(done.secret))
    return answer


def _client(request: CMSRequest) -> dict[str, str]:
    return {
        "address": request.client.host if request.client else "",
        "user_agent": request.headers.get("user-agent", ""),
    }


@post("/session", summary="Sign in")
async def create_session(
    request: CMSRequest,
    data: JSONBody[SignIn],
    passwords: NamedDependency[Passwords],
    keys: NamedDependency[Keys],
    session_cookie: NamedDependency[SessionCookie],
) -> Answer[SessionView]:
    """Answers with the session cookie and the CSRF token that its writes need."""
    done = await service.sign_in(
        data.email,
        data.password,
        passwords=passwords,
        now=now(),
        replaces=request.cookies.get(session_cookie.name),
        **_client(request),
    )
    return _signed_in(done, keys, session_cookie)


@post("/setup", summary="Make the first owner")
async def create_first_owner(
    request: CMSRequest,
    data: JSONBody[SetupInput],
    passwords: NamedDependency[Passwords],
    keys: NamedDependency[Keys],
    session_cookie: NamedDependency[SessionCookie],
) -> Answer[SessionView]:
    """Uses up the one-time setup link that `cms serve` prints on an empty database."""
    done = await service.set_up(data, passwords=passwords, now=now(), **_client(request))
    return _signed_in(done, keys, session_cookie)


@get("/session", summary="Who am I")
async def get_session(
    request: CMSRequest,
    actor: NamedDependency[Actor],
    keys: NamedDependency[Keys],
    session_cookie: NamedDependency[SessionCookie],
) -> Answer[WhoAmI]:
    account = await service.account_of(actor)
    secret = request.cookies.get(session_cookie.name, "")
    view = WhoAmI(
        account=_account(account),
        csrf_token=keys.csrf_token(secret) if actor.door == "session" else None,
        scopes=sorted(actor.scopes) if actor.scopes is not None else None,
    )
    return Answer.of(view)


@delete("/session", summary="Sign out", status_code=204)
async def delete_session(
    actor: NamedDependency[Actor], session_cookie: NamedDependency[SessionCookie]
) -> Answer[None]:
    await service.sign_out(actor)
    answer: Answer[None] = Answer.of(None, status=204)
    answer.set_cookie(session_cookie.clear())
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


def _token(token: Token) -> dict[str, Any]:
    return {
        "id": str(token.id),
        "name": token.name,
        "scopes": token.scopes,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
    }


@get("/tokens", summary="My bearer tokens")
async def list_tokens(actor: NamedDependency[Actor]) -> Answer[TokenList]:
    tokens = await service.list_tokens(actor)
    return Answer.of(TokenList(items=[TokenView(**_token(token)) for token in tokens]))


@post("/tokens", summary="Make a bearer token")
async def create_token(
    actor: NamedDependency[Actor], data: JSONBody[TokenInput]
) -> Answer[TokenCreated]:
    """The secret stands in this answer and can't be shown again."""
    token, secret = await service.create_token(actor, data, now())
    return Answer.of(TokenCreated(**_token(token), token=secret), status=201)


@delete("/tokens/{token_id:str}", summary="Revoke a bearer token", status_code=204)
async def delete_token(actor: NamedDependency[Actor], token_id: FromPath[str]) -> None:
    await service.revoke_token(actor, object_id(token_id))


doors = Router(
    "/",
    route_handlers=[create_session, create_first_owner],
    guards=[same_origin],
    request_max_body_size=16 * 1024,  # anybody may knock
    tags=["session"],
)
router = Router(
    "/",
    route_handlers=[get_session, delete_session, list_tokens, create_token, delete_token],
    tags=["session"],
)

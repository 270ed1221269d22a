"""Routes to come in and out: sign-in, setup, the doors that links open, bearer tokens."""

from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from cms.accounts import answers, service, tokens
from cms.accounts.actor import Actor
from cms.accounts.guards import REACHED_BY, SessionCookie, same_origin
from cms.accounts.keys import Keys
from cms.accounts.letters import Mailroom
from cms.accounts.links import invitations, resets
from cms.accounts.passwords import Passwords
from cms.accounts.schemas import (
    AcceptInput,
    CodeInput,
    ReauthInput,
    ResetAsked,
    ResetAskInput,
    ResetInput,
    SecretInput,
    SessionView,
    SetupInput,
    SignIn,
    TokenCreated,
    TokenInput,
    TokenList,
    TokenView,
    WhoAmI,
)
from cms.core.http import Answer, CMSRequest
from cms.core.queries import object_id
from cms.core.steady import now
from cms.throttles.telling import Telling


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
        data.code,
        passwords=passwords,
        keys=keys,
        now=now(),
        visitor=answers.visitor(request, session_cookie),
        replaces=request.cookies.get(session_cookie.name),
    )
    return answers.signed_in(done, keys, session_cookie)


@post("/session/code", summary="Send the code of the second factor")
async def create_session_by_code(
    request: CMSRequest,
    data: JSONBody[CodeInput],
    keys: NamedDependency[Keys],
    session_cookie: NamedDependency[SessionCookie],
) -> Answer[SessionView]:
    """Makes whole the session that `POST /session` began; its cookie says which."""
    done = await service.enter_code(
        request.cookies.get(session_cookie.name, ""),
        data.code,
        keys=keys,
        now=now(),
        visitor=answers.visitor(request, session_cookie),
    )
    return answers.signed_in(done, keys, session_cookie)


@post("/setup", summary="Make the first owner")
async def create_first_owner(
    request: CMSRequest,
    data: JSONBody[SetupInput],
    passwords: NamedDependency[Passwords],
    keys: NamedDependency[Keys],
    session_cookie: NamedDependency[SessionCookie],
) -> Answer[SessionView]:
    """Uses up the one-time setup link that `cms serve` prints on an empty database."""
    who = answers.visitor(request, session_cookie)
    done = await service.set_up(data, passwords=passwords, now=now(), visitor=who)
    return answers.signed_in(done, keys, session_cookie)


@post("/invitations/accept", summary="Accept an invitation")
async def accept_invitation(
    request: CMSRequest,
    data: JSONBody[AcceptInput],
    passwords: NamedDependency[Passwords],
    keys: NamedDependency[Keys],
    session_cookie: NamedDependency[SessionCookie],
) -> Answer[SessionView]:
    """Uses up the link, makes the account and signs in."""
    who = answers.visitor(request, session_cookie)
    done = await invitations.accept(data, passwords=passwords, now=now(), visitor=who)
    return answers.signed_in(done, keys, session_cookie)


@post("/password-reset", summary="Ask for a new password", status_code=202)
async def ask_for_password_reset(
    request: CMSRequest,
    data: JSONBody[ResetAskInput],
    mailroom: NamedDependency[Mailroom],
    session_cookie: NamedDependency[SessionCookie],
) -> Answer[ResetAsked]:
    """Mails a link that works once, for 30 minutes; answers alike whoever is asked about."""
    await resets.ask(
        data.email,
        mailroom=mailroom,
        now=now(),
        visitor=answers.visitor(request, session_cookie),
    )
    return Answer.of(ResetAsked(by_mail=mailroom.is_open), status=202)


@post("/password-reset/confirm", summary="Choose a new password", status_code=204)
async def reset_password(
    request: CMSRequest,
    data: JSONBody[ResetInput],
    passwords: NamedDependency[Passwords],
    mailroom: NamedDependency[Mailroom],
    session_cookie: NamedDependency[SessionCookie],
) -> None:
    """Uses up the link; every session and token of the account ends."""
    await resets.choose(
        data,
        passwords=passwords,
        mailroom=mailroom,
        now=now(),
        visitor=answers.visitor(request, session_cookie),
    )


@post("/account/email/confirm", summary="Confirm a new address", status_code=204)
async def confirm_email(
    request: CMSRequest,
    data: JSONBody[SecretInput],
    session_cookie: NamedDependency[SessionCookie],
) -> None:
    """Uses up the link that was sent there."""
    who = answers.visitor(request, session_cookie)
    await resets.confirm_email(data.token, now=now(), visitor=who)


@get("/session", summary="Who am I", opt={REACHED_BY: ("enrolment",)})
async def get_session(
    actor: NamedDependency[Actor],
    keys: NamedDependency[Keys],
) -> Answer[WhoAmI]:
    account = await service.account_of(actor)
    is_session = actor.door == "session"
    view = WhoAmI(
        account=answers.account(account),
        csrf_token=keys.csrf_token(str(actor.lineage)) if is_session else None,
        scopes=sorted(actor.scopes) if actor.scopes is not None else None,
        lacks=actor.lacks,
        fresh_until=actor.fresh_until,
    )
    return Answer.of(view)


@post(
    "/session/reauth",
    summary="Type the password again",
    status_code=200,
    opt={REACHED_BY: ("enrolment",)},
)
async def reauthenticate(
    *,
    request: CMSRequest,
    actor: NamedDependency[Actor],
    data: JSONBody[ReauthInput],
    passwords: NamedDependency[Passwords],
    keys: NamedDependency[Keys],
    session_cookie: NamedDependency[SessionCookie],
) -> Answer[SessionView]:
    """For ten minutes dangerous verbs are open; the session goes on under a new cookie."""
    done = await service.reauthenticate(
        actor,
        data.password,
        data.code,
        passwords=passwords,
        keys=keys,
        now=now(),
        visitor=answers.visitor(request, session_cookie),
    )
    return answers.signed_in(done, keys, session_cookie, status=200)


@delete("/session", summary="Sign out", status_code=204, opt={REACHED_BY: ("code", "enrolment")})
async def delete_session(
    actor: NamedDependency[Actor], session_cookie: NamedDependency[SessionCookie]
) -> Answer[None]:
    await service.sign_out(actor, now())
    answer: Answer[None] = Answer.of(None, status=204)
    answer.set_cookie(session_cookie.clear())
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@get("/tokens", summary="My bearer tokens")
async def list_tokens(actor: NamedDependency[Actor]) -> Answer[TokenList]:
    found = await tokens.list_tokens(actor)
    return Answer.of(TokenList(items=[TokenView(**answers.token_row(item)) for item in found]))


@post("/tokens", summary="Make a bearer token")
async def create_token(
    actor: NamedDependency[Actor], data: JSONBody[TokenInput]
) -> Answer[TokenCreated]:
    """The secret stands in this answer and can't be shown again."""
    token, secret = await tokens.create_token(actor, data, now())
    return Answer.of(TokenCreated(**answers.token_row(token), token=secret), status=201)


@delete("/tokens/{token_id:str}", summary="Revoke a bearer token", status_code=204)
async def delete_token(actor: NamedDependency[Actor], token_id: FromPath[str]) -> None:
    await tokens.revoke_token(actor, object_id(token_id), now())


doors = Router(
    "/",
    route_handlers=[
        create_session,
        create_session_by_code,
        create_first_owner,
        accept_invitation,
        ask_for_password_reset,
        reset_password,
        confirm_email,
    ],
    guards=[same_origin],
    middleware=[Telling],
    request_max_body_size=16 * 1024,  # anybody may knock
    tags=["session"],
)
router = Router(
    "/",
    route_handlers=[
        get_session,
        reauthenticate,
        delete_session,
        list_tokens,
        create_token,
        delete_token,
    ],
    middleware=[Telling],
    tags=["session"],
)

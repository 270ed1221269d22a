"""Routes of one's own account: sessions, password, address, second factor."""

from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from cms.accounts import answers, second_factor, service
from cms.accounts.actor import Actor
from cms.accounts.guards import REACHED_BY, SessionCookie
from cms.accounts.keys import Keys
from cms.accounts.letters import Mailroom
from cms.accounts.links import resets
from cms.accounts.passwords import Passwords
from cms.accounts.schemas import (
    CodeInput,
    EmailAsked,
    EmailInput,
    EnrolmentView,
    FactorView,
    PasswordInput,
    RecoveryCodes,
    SessionList,
    SessionView,
)
from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.core.queries import object_id
from cms.throttles.telling import Telling

ENROLLING = {REACHED_BY: ("enrolment",)}


@get("/sessions", summary="My sessions")
async def list_sessions(actor: NamedDependency[Actor]) -> Answer[SessionList]:
    found = await service.list_sessions(actor, now())
    return Answer.of(
        SessionList(items=[answers.session_row(item, actor.lineage) for item in found])
    )


@delete("/sessions/{session_id:str}", summary="End a session of mine", status_code=204)
async def delete_one_session(actor: NamedDependency[Actor], session_id: FromPath[str]) -> None:
    await service.end_session(actor, object_id(session_id), now())


@delete("/sessions", summary="End all my other sessions", status_code=204)
async def delete_other_sessions(actor: NamedDependency[Actor]) -> None:
    await service.end_other_sessions(actor, now())


@post("/account/password", summary="Change my password", status_code=200)
async def change_password(
    *,
    request: CMSRequest,
    actor: NamedDependency[Actor],
    data: JSONBody[PasswordInput],
    passwords: NamedDependency[Passwords],
    keys: NamedDependency[Keys],
    mailroom: NamedDependency[Mailroom],
    session_cookie: NamedDependency[SessionCookie],
) -> Answer[SessionView]:
    """Every other session and every token of mine ends; this one goes on under a new cookie."""
    done = await resets.change_password(
        actor,
        data.current_password,
        data.password,
        passwords=passwords,
        mailroom=mailroom,
        now=now(),
        visitor=answers.visitor(request, session_cookie),
    )
    return answers.signed_in(done, keys, session_cookie, status=200)


@post("/account/email", summary="Change my address", status_code=202)
async def change_email(
    actor: NamedDependency[Actor],
    data: JSONBody[EmailInput],
    mailroom: NamedDependency[Mailroom],
) -> Answer[EmailAsked]:
    """The new one is mine once the link that is sent there was opened."""
    link = await resets.ask_for_email(actor, data.email, mailroom=mailroom, now=now())
    return Answer.of(EmailAsked(link=link), status=202)


@get("/second-factor", summary="My second factor", opt=ENROLLING)
async def get_second_factor(actor: NamedDependency[Actor]) -> Answer[FactorView]:
    factor = (await service.account_of(actor)).second_factor
    view = FactorView(
        is_on=factor is not None,
        since=factor.since if factor else None,
        recovery_codes_left=len(factor.recovery) if factor else 0,
    )
    return Answer.of(view)


@post("/second-factor", summary="Begin with a second factor", opt=ENROLLING)
async def begin_second_factor(
    actor: NamedDependency[Actor], keys: NamedDependency[Keys], site_url: NamedDependency[str]
) -> Answer[EnrolmentView]:
    """A secret for an authenticator app; nothing changes until `/second-factor/confirm`."""
    account = await service.account_of(actor)
    issuer = site_url.partition("://")[2].partition(":")[0] or "Lontar"
    made = await second_factor.begin(actor, account, keys=keys, issuer=issuer, now=now())
    view = EnrolmentView(secret=made.secret, uri=made.uri, qr_svg=made.qr_svg)
    return Answer.of(view, status=201)


@post("/second-factor/confirm", summary="Turn it on", status_code=200, opt=ENROLLING)
async def confirm_second_factor(
    request: CMSRequest,
    actor: NamedDependency[Actor],
    data: JSONBody[CodeInput],
    keys: NamedDependency[Keys],
    session_cookie: NamedDependency[SessionCookie],
) -> Answer[RecoveryCodes]:
    """Takes the first code of the app; the recovery codes are shown this once."""
    account = await service.account_of(actor)
    changed, codes = await second_factor.confirm(actor, account, data.code, keys=keys, now=now())
    who = answers.visitor(request, session_cookie)
    done = await service.renew(actor, changed, now=now(), visitor=who)
    answer = Answer.of(RecoveryCodes(recovery_codes=codes))
    answer.set_cookie(session_cookie.set(done.secret))
    return answer


@post("/second-factor/recovery-codes", summary="New recovery codes", status_code=200)
async def renew_recovery_codes(actor: NamedDependency[Actor]) -> Answer[RecoveryCodes]:
    account = await service.account_of(actor)
    codes = await second_factor.renew_codes(actor, account, now=now())
    return Answer.of(RecoveryCodes(recovery_codes=codes))


@delete("/second-factor", summary="Turn it off", status_code=204)
async def remove_second_factor(
    request: CMSRequest,
    actor: NamedDependency[Actor],
    session_cookie: NamedDependency[SessionCookie],
) -> Answer[None]:
    account = await service.account_of(actor)
    is_required = account.role in service.MUST_HAVE_SECOND_FACTOR
    changed = await second_factor.remove(actor, account, is_required=is_required, now=now())
    who = answers.visitor(request, session_cookie)
    done = await service.renew(actor, changed, now=now(), visitor=who)
    answer: Answer[None] = Answer.of(None, status=204)
    answer.set_cookie(session_cookie.set(done.secret))
    return answer


router = Router(
    "/",
    route_handlers=[
        list_sessions,
        delete_one_session,
        delete_other_sessions,
        change_password,
        change_email,
        get_second_factor,
        begin_second_factor,
        confirm_second_factor,
        renew_recovery_codes,
        remove_second_factor,
    ],
    middleware=[Telling],
    tags=["account"],
)

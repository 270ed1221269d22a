"""Routes to keep other people's accounts: invitations, roles, disabling, ownership, erasure."""

from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from cms.accounts import answers, people
from cms.accounts.actor import Actor
from cms.accounts.guards import SessionCookie
from cms.accounts.keys import Keys
from cms.accounts.letters import Mailroom
from cms.accounts.links import invitations, resets
from cms.accounts.schemas import (
    AccountList,
    AccountRow,
    Erased,
    InvitationInput,
    InvitationList,
    InvitationMade,
    InvitationView,
    PolicyInput,
    PolicyView,
    ResetLink,
    RoleInput,
    SessionView,
)
from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.core.queries import object_id


@get("/accounts", summary="Who may sign in")
async def list_accounts(actor: NamedDependency[Actor]) -> Answer[AccountList]:
    found = await people.list_all(actor)
    return Answer.of(AccountList(items=[answers.account_row(item) for item in found]))


@get("/accounts/{account_id:str}", summary="One of them")
async def get_account(
    actor: NamedDependency[Actor], account_id: FromPath[str]
) -> Answer[AccountRow]:
    return Answer.of(answers.account_row(await people.get(actor, object_id(account_id))))


@post("/accounts/{account_id:str}/role", summary="Give another role", status_code=200)
async def change_role(
    actor: NamedDependency[Actor], account_id: FromPath[str], data: JSONBody[RoleInput]
) -> Answer[AccountRow]:
    """Their sessions and tokens end."""
    found = await people.change_role(actor, object_id(account_id), data.role, now())
    return Answer.of(answers.account_row(found))


@post("/accounts/{account_id:str}/disable", summary="Keep somebody out", status_code=200)
async def disable_account(
    actor: NamedDependency[Actor], account_id: FromPath[str]
) -> Answer[AccountRow]:
    """Their sessions and tokens end at their next request."""
    found = await people.disable(actor, object_id(account_id), now())
    return Answer.of(answers.account_row(found))


@post("/accounts/{account_id:str}/enable", summary="Let somebody in again", status_code=200)
async def enable_account(
    actor: NamedDependency[Actor], account_id: FromPath[str]
) -> Answer[AccountRow]:
    found = await people.enable(actor, object_id(account_id), now())
    return Answer.of(answers.account_row(found))


@delete("/accounts/{account_id:str}/sessions", summary="Sign somebody out", status_code=204)
async def end_sessions_of_account(actor: NamedDependency[Actor], account_id: FromPath[str]) -> None:
    """Everywhere; their tokens are revoked, too."""
    await people.end_sessions(actor, object_id(account_id), now())


@post("/accounts/{account_id:str}/reset-link", summary="A reset link to pass on")
async def create_reset_link(
    actor: NamedDependency[Actor], account_id: FromPath[str], mailroom: NamedDependency[Mailroom]
) -> Answer[ResetLink]:
    """Where no mail is sent, or none arrives."""
    ident = object_id(account_id)
    link, url = await resets.link_for(actor, ident, address=mailroom.address, now=now())
    return Answer.of(ResetLink(link=url, expires_at=link.expires_at), status=201)


@post(
    "/accounts/{account_id:str}/transfer-ownership", summary="Hand the site over", status_code=200
)
async def transfer_ownership(
    request: CMSRequest,
    actor: NamedDependency[Actor],
    account_id: FromPath[str],
    keys: NamedDependency[Keys],
    session_cookie: NamedDependency[SessionCookie],
) -> Answer[SessionView]:
    """They are the owner and I am an admin; everybody else's sessions of us two end."""
    who = answers.visitor(request, session_cookie)
    done = await people.transfer(actor, object_id(account_id), now=now(), visitor=who)
    return answers.signed_in(done, keys, session_cookie, status=200)


@post("/accounts/{account_id:str}/erase", summary="Erase a person", status_code=200)
async def erase_account(actor: NamedDependency[Actor], account_id: FromPath[str]) -> Answer[Erased]:
    """Nothing names them any more; what they wrote stays."""
    pseudonym = await people.erase(actor, object_id(account_id), now())
    return Answer.of(Erased(pseudonym=pseudonym))


@get("/account-policy", summary="What signing in asks for")
async def get_account_policy(actor: NamedDependency[Actor]) -> Answer[PolicyView]:
    found = await people.policy(actor)
    view = PolicyView(**found.model_dump(include={"second_factor_required", "revision"}))
    return Answer.of(view, revision=found.revision)


@patch("/account-policy", summary="Change what signing in asks for")
async def update_account_policy(
    actor: NamedDependency[Actor], data: JSONBody[PolicyInput], revision: NamedDependency[int]
) -> Answer[PolicyView]:
    found = await people.change_policy(
        actor, second_factor_required=data.second_factor_required, revision=revision, now=now()
    )
    view = PolicyView(**found.model_dump(include={"second_factor_required", "revision"}))
    return Answer.of(view, revision=found.revision)


@get("/invitations", summary="Open invitations")
async def list_invitations(actor: NamedDependency[Actor]) -> Answer[InvitationList]:
    found = await invitations.list_open(actor, now())
    rows = [InvitationView(**answers.invitation_row(item)) for item in found]
    return Answer.of(InvitationList(items=rows))


@post("/invitations", summary="Invite somebody")
async def create_invitation(
    actor: NamedDependency[Actor],
    data: JSONBody[InvitationInput],
    mailroom: NamedDependency[Mailroom],
) -> Answer[InvitationMade]:
    """By mail, or by the link in this answer; good for 7 days, once."""
    link, url = await invitations.invite(actor, data, mailroom=mailroom, now=now())
    return Answer.of(InvitationMade(**answers.invitation_row(link), link=url), status=201)


@delete("/invitations/{invitation_id:str}", summary="Withdraw an invitation", status_code=204)
async def delete_invitation(actor: NamedDependency[Actor], invitation_id: FromPath[str]) -> None:
    await invitations.withdraw(actor, object_id(invitation_id), now())


router = Router(
    "/",
    route_handlers=[
        list_accounts,
        get_account,
        change_role,
        disable_account,
        enable_account,
        end_sessions_of_account,
        create_reset_link,
        transfer_ownership,
        erase_account,
        get_account_policy,
        update_account_policy,
        list_invitations,
        create_invitation,
        delete_invitation,
    ],
    tags=["accounts"],
)

"""The `cms account` commands: who may sign in, and the way back in for whoever is locked out."""

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import click

from cms.terminal import load_settings, on_database, refuse

T = TypeVar("T")


@click.group()
def account() -> None:
    """Accounts: list, invite, disable, erase, and help whoever is locked out."""


def _of(email: str, work: Callable[[Any], Awaitable[T]]) -> T:
    """Do something with the account of an address."""
    from cms.accounts import people

    async def on(_: Any) -> T:
        return await work(await people.by_email(email))

    return on_database(on)


@account.command("list")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def list_accounts(*, as_json: bool) -> None:
    """Everybody who may sign in."""
    from cms.accounts import people
    from cms.accounts.actor import COMMAND_LINE

    async def work(_: Any) -> list[dict[str, Any]]:
        return [
            {
                "email": found.email,
                "name": found.name,
                "role": found.role,
                "is_disabled": found.disabled_at is not None,
                "has_second_factor": found.second_factor is not None,
            }
            for found in await people.list_all(COMMAND_LINE)
        ]

    rows = on_database(work)
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        marks = ", disabled" * row["is_disabled"] + ", second factor" * row["has_second_factor"]
        click.echo(f"{row['email']}  {row['name']}  ({row['role']}{marks})")


@account.command("invite")
@click.option("--email", required=True)
@click.option(
    "--role",
    required=True,
    type=click.Choice(["owner", "admin", "editor", "author", "contributor"]),
)
def invite(email: str, role: str) -> None:
    """Print an invitation's link, good for 7 days, once."""
    from pydantic import ValidationError

    from cms.accounts.actor import COMMAND_LINE
    from cms.accounts.letters import Mailroom
    from cms.accounts.links import invitations
    from cms.accounts.permissions import Role
    from cms.accounts.schemas import InvitationInput
    from cms.core import db
    from cms.core.mail import Postman

    try:
        data = InvitationInput(email=email, role=Role(role), by_mail=False)
    except ValidationError as error:
        refuse(f"--email: {error.errors()[0]['msg'].removeprefix('Value error, ')}")
    mailroom = Mailroom(Postman(), load_settings().address, "")

    async def work(_: Any) -> str | None:
        return (await invitations.invite(COMMAND_LINE, data, mailroom=mailroom, now=db.now()))[1]

    click.echo(on_database(work))


@account.command("reset-password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Set the one on standard input at once.")
def reset_password(email: str, *, password_stdin: bool) -> None:
    """Print a link to choose a new password, good for 30 minutes, once."""
    from cms.accounts import people
    from cms.accounts.actor import COMMAND_LINE
    from cms.accounts.links import resets
    from cms.accounts.passwords import Passwords
    from cms.core import db

    settings = load_settings()
    if not password_stdin:

        async def link(found: Any) -> str:
            made = await resets.link_for(
                COMMAND_LINE, found.id, address=settings.address, now=db.now()
            )
            return made[1]

        click.echo(_of(email, link))
        return
    try:
        password = sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError:
        refuse("the password on standard input is not UTF-8")
    passwords = Passwords(settings.argon2_memory_kib, settings.argon2_time_cost)

    async def store(found: Any) -> None:
        await people.set_password(
            found, password, passwords=passwords, actor=COMMAND_LINE, now=db.now()
        )

    _of(email, store)
    click.echo(f"{email} has a new password; every session and token of theirs ended.")


@account.command("reset-2fa")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take the second factor away from whoever lost it."""
    from cms.accounts import people
    from cms.accounts.actor import COMMAND_LINE
    from cms.core import db

    async def work(found: Any) -> None:
        await people.take_second_factor_away(found, actor=COMMAND_LINE, now=db.now())

    _of(email, work)
    click.echo(f"{email} signs in with the password alone now.")


@account.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Keep somebody out; their sessions and tokens end."""
    from cms.accounts import people
    from cms.accounts.actor import COMMAND_LINE
    from cms.core import db

    async def work(found: Any) -> None:
        await people.disable(COMMAND_LINE, found.id, db.now())

    _of(email, work)
    click.echo(f"{email} is kept out.")


@account.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Let somebody in again."""
    from cms.accounts import people
    from cms.accounts.actor import COMMAND_LINE
    from cms.core import db

    async def work(found: Any) -> None:
        await people.enable(COMMAND_LINE, found.id, db.now())

    _of(email, work)
    click.echo(f"{email} may sign in again.")


@account.command("erase")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Don't ask.")
def erase(email: str, *, yes: bool) -> None:
    """Remove a person; what they did keeps a pseudonym, what they wrote stays."""
    from cms.accounts import people
    from cms.accounts.actor import COMMAND_LINE
    from cms.core import db

    if not yes:
        click.confirm(f"Erase {email} for good?", abort=True)

    async def work(found: Any) -> str:
        return await people.erase(COMMAND_LINE, found.id, db.now())

    click.echo(f"{email} is {_of(email, work)} from now on.")


@account.command("permissions")
def permissions() -> None:
    """Print the table of who may do what, as Markdown."""
    from cms.accounts.permissions import as_markdown

    click.echo(as_markdown(), nl=False)

"""The `cms` command. Its start is kept light: what serves is imported in the children."""

import asyncio
import json
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from cms import __version__, config, values
from cms.account_commands import account
from cms.backup_commands import backup, examine_backups, keep_before_migrating, restore
from cms.config import Settings
from cms.content_commands import import_, media
from cms.deploy_commands import deploy
from cms.terminal import database_url, load_settings, on_database, refuse, signing_key

if TYPE_CHECKING:
    from pydantic import ValidationError

STARTED = time.monotonic()
NO_BACKUP = (
    "no backup could be made before migrating ({}): set CMS_BACKUP_STORAGE to where there is "
    "room, or CMS_BACKUP_BEFORE_MIGRATE=off to go on without one"
)


def main() -> None:
    """Entry point; exit code 1 for a refusal, 2 for a command that can't be read."""
    cms(prog_name="cms")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lontar")
def cms() -> None:
    """Lontar: the CMS backend for your own portfolio site.

    Settings come from CMS_* variables; `cms settings` lists them.
    """


cms.add_command(account)
cms.add_command(backup)
cms.add_command(restore)
cms.add_command(media)
cms.add_command(import_)
cms.add_command(deploy)


def _first(error: "ValidationError") -> str:
    return error.errors()[0]["msg"].removeprefix("Value error, ")


@cms.command()
def serve() -> None:
    """Serve the API; without CMS_MONGODB_URL, over an embedded MongoDB."""
    from cms.core import serving

    settings = load_settings()
    environ = {"CMS_SECRET_KEY": signing_key(settings)}
    if settings.mongodb_url is not None:
        environ["CMS_MONGODB_URL"] = settings.mongodb_url
    code = serving.serve(
        app="cms.app:create_app",
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        environ=environ,
        data_dir=settings.data_dir if settings.is_embedded else None,
        prepare=partial(prepare, settings),
        ready=partial(announce, settings),
    )
    sys.exit(code)


def prepare(settings: Settings, url: str) -> None:
    """Before the first request: a replica set, the migrations, and a way in for the owner.

    Meanwhile a worker imports the application, which takes longer: so this imports little.

    Raises:
        SystemExit: with the one line that says why not.
    """
    from pymongo.errors import PyMongoError

    from cms.accounts import service as accounts
    from cms.accounts.documents import Account, Setup
    from cms.core import db, logs, migrating
    from cms.core.errors import Refusal

    async def keep() -> None:
        from cms.app import MODELS

        async with db.connected(url, settings.database, MODELS) as database:
            await keep_before_migrating(settings, database)

    async def run() -> tuple[str | None, bool]:
        async with db.connected(url, settings.database) as database:
            await db.require_replica_set(database)
            await migrating.require_whole(database)
            await migrating.migrate(database, before=keep)
            is_empty = await database["articles"].find_one({}, {"_id": 1}) is None
        async with db.connected(url, settings.database, [Account, Setup]):
            return await accounts.open_setup(db.now()), is_empty

    logs.configure(settings.log_format)
    try:
        secret, is_empty = asyncio.run(run())
    except db.DatabaseRefused as error:
        raise SystemExit(f"cms: {error}") from None
    except Refusal as refusal:
        raise SystemExit(f"cms: {NO_BACKUP.format(refusal.detail)}") from None
    except PyMongoError as error:
        raise SystemExit(f"cms: MongoDB: {str(error).splitlines()[0]}") from None
    if secret:
        click.echo("\n  No account yet. Make the owner within 24 hours, in a browser:")
        click.echo(f"    {settings.address}/admin/setup#token={secret}")
        click.echo("  or without one: cms owner create --email E --name N --password-stdin")
    if is_empty:
        click.echo("\n  No articles yet. `cms demo` fills the site with an example portfolio.")
    sys.stdout.flush()


def announce(settings: Settings) -> None:
    took = time.monotonic() - STARTED
    click.echo(f"\n  Lontar {__version__} serves {settings.address} (ready in {took:.1f} s)\n")


@cms.command()
@click.option("--dry-run", is_flag=True, help="Only say what would run.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def migrate(*, dry_run: bool, as_json: bool) -> None:
    """Bring the database's schema up to this release, after a backup of the documents."""
    from cms.core import migrating

    settings = load_settings()
    signing_key(settings)

    async def work(database: Any) -> Any:
        if dry_run:
            return await migrating.pending(database)
        await migrating.require_whole(database)
        keep = partial(keep_before_migrating, settings, database)
        return await migrating.migrate(database, before=keep)

    found = on_database(work, migrated=False)
    if as_json:
        click.echo(json.dumps([{"name": item.name, "summary": item.summary} for item in found]))
        return
    for item in found:
        click.echo(f"{'would run' if dry_run else 'ran'} {item.name}: {item.summary}")
    if not found:
        click.echo("Nothing to do: the database is up to date.")


@cms.group()
def owner() -> None:
    """The owner's account."""


@owner.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_owner(email: str, name: str, *, password_stdin: bool) -> None:
    """Make the first owner without a browser."""
    from pydantic import TypeAdapter, ValidationError

    from cms.accounts import schemas
    from cms.accounts import service as accounts
    from cms.accounts.passwords import Passwords
    from cms.core import db

    if password_stdin:
        try:
            password = sys.stdin.buffer.readline().decode().rstrip("\r\n")
        except UnicodeDecodeError:
            refuse("the password on standard input is not UTF-8")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    option = "--email"
    try:
        email = TypeAdapter(schemas.Email).validate_python(email)
        option = "--name"
        name = TypeAdapter(schemas.Name).validate_python(name)
    except ValidationError as error:
        refuse(f"{option}: {_first(error)}")
    settings = load_settings()
    passwords = Passwords(settings.argon2_memory_kib, settings.argon2_time_cost)

    async def work(_: Any) -> None:
        await accounts.create_owner(email, name, password, passwords=passwords, now=db.now())

    on_database(work)
    click.echo(f"{email} owns this site now.")


@cms.group()
def token() -> None:
    """Bearer tokens for programs."""


@token.command("create")
@click.option("--email", required=True, help="Whose token it is.")
@click.option("--name", required=True, help="What it is for.")
@click.option("--scope", "scopes", multiple=True, required=True, help="May be given many times.")
@click.option("--expires-in-days", type=click.IntRange(1, 3650), default=90, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def create_token(
    email: str, name: str, scopes: tuple[str, ...], expires_in_days: int, *, as_json: bool
) -> None:
    """Make a token and print it once."""
    from pydantic import ValidationError

    from cms.accounts import tokens
    from cms.accounts.permissions import Permission
    from cms.accounts.schemas import TokenInput
    from cms.core import db

    if unknown := sorted(set(scopes) - set(Permission)):
        known = ", ".join(sorted(Permission))
        raise click.UsageError(f"Unknown scope {', '.join(unknown)}. There are: {known}.")
    try:
        data = TokenInput(
            name=name,
            scopes=[Permission(scope) for scope in scopes],
            expires_in_days=expires_in_days,
        )
    except ValidationError as error:
        refuse(f"--name: {_first(error)}")

    async def work(_: Any) -> str:
        return await tokens.issue_token_for(email, data, db.now())

    secret = on_database(work)
    click.echo(json.dumps({"token": secret}) if as_json else secret)


@cms.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def settings(*, as_json: bool) -> None:
    """List every setting with its value, default and meaning."""
    rows = config.describe(load_settings())
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        value = "(unset)" if row["value"] in {None, ""} else row["value"]
        default = "" if row["value"] == row["default"] else f"  [default: {row['default']}]"
        click.echo(f"{row['name']}={value}{default}\n    {row['meaning']}")


@cms.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def doctor(*, as_json: bool) -> None:
    """Look for what is wrong, and say what to do about it."""
    from cms.core.db import DatabaseRefused
    from cms.core.doctor import Installation, examine

    settings = load_settings()
    signing_key(settings)
    with database_url(settings) as url:
        installation = Installation(
            url=url,
            database=settings.database,
            is_embedded=settings.is_embedded,
            is_loopback=settings.host in values.LOOPBACK_HOSTS,
            host=settings.host,
            address=settings.address,
            data_dir=settings.data_dir,
            media_base=settings.media_base,
            smtp_url=settings.smtp_url,
            has_trusted_proxies=bool(settings.trusted_proxies),
        )
        try:
            findings = asyncio.run(examine(installation))
            findings += asyncio.run(examine_backups(settings, url))
        except DatabaseRefused as error:
            refuse(str(error))
    if as_json:
        click.echo(json.dumps([finding.as_dict() for finding in findings], indent=2))
    else:
        for finding in findings:
            click.echo(f"{finding.mark} {finding.subject}: {finding.says}")
    sys.exit(1 if any(finding.is_bad for finding in findings) else 0)


@cms.command()
@click.argument("slug", required=False)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def check(slug: str | None, *, as_json: bool) -> None:
    """Look for what publishing would be told: of everything, or of what has the SLUG.

    The exit code is 1 when the site calls something of it an error.
    """
    from cms.app import KINDS
    from cms.core import db
    from cms.publishing import checking

    async def work(_: Any) -> bool:
        rows, is_bad = [], False
        async for item in checking.check_all(KINDS, slug, db.now()):
            is_bad = is_bad or bool(checking.errors(item.findings))
            rows.append(item.as_dict())
            for found in () if as_json else item.findings:
                where = f"{item.kind} {item.slug}" + (f":{found.line}" if found.line else "")
                click.echo(f"{where}: {found.level}: {found.field}: {found.message} ({found.code})")
        if as_json:
            click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return is_bad

    sys.exit(1 if on_database(work) else 0)


@cms.group()
def redirects() -> None:
    """Redirects of the site."""


@redirects.command("export")
@click.option("--format", "form", type=click.Choice(["nginx", "next", "netlify"]), required=True)
def export_redirects(form: Any) -> None:
    """Print all that are in force, in the words of who serves the site."""
    from cms.accounts.actor import COMMAND_LINE
    from cms.core import db
    from cms.redirects import service

    async def work(_: Any) -> str:
        return await service.export(COMMAND_LINE, form, db.now())

    click.echo(on_database(work), nl=False)


@cms.command()
def openapi() -> None:
    """Print the OpenAPI 3.1 document."""
    from cms.app import openapi_document

    click.echo(json.dumps(openapi_document(), indent=2, ensure_ascii=False))


@cms.group()
def search() -> None:
    """The index behind searching."""


@search.command("rebuild")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def rebuild_search(*, as_json: bool) -> None:
    """Write every search entry anew; searching goes on meanwhile."""
    from cms.core import db
    from cms.search import service

    def progress(done: int) -> None:
        click.echo(f"  {done} items", err=True)

    async def work(_: Any) -> int:
        return await service.rebuild(db.now, progress)

    done = on_database(work)
    click.echo(json.dumps({"items": done}) if as_json else f"Search knows {done} items.")


@cms.command()
def demo() -> None:
    """Fill an empty site with an example portfolio in two languages."""
    from cms.app import library_of
    from cms.core import db
    from cms.demo import pictures

    async def work(_: Any) -> str:
        library, say = library_of(load_settings()), partial(click.echo, err=True)
        return await pictures.fill(library, db.now(), progress=say)

    click.echo(on_database(work))

"""Commands of `cms` that put a site into one file, look at such files, and bring them back."""

import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from cms.terminal import load_settings, on_database, refuse, signing_key

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar
    from pyrage.x25519 import Identity

    from cms.core.doctor import Finding
    from cms.core.storage import Storage
    from cms.transfer.verifying import Checked


async def keep_before_migrating(settings: Any, database: Any) -> None:
    """Back the documents up before their schema changes, unless there are none yet.

    Raises:
        Refusal: the backup can't be made.
    """
    from cms import app
    from cms.transfer import backup as backups
    from cms.transfer import documents, keeping

    if not settings.backup_before_migrate or await documents.is_empty(database):
        return
    plan = app.backup_plan(settings, has_media=False)
    made = await backups.make(database, plan)
    click.echo(f"Backed the documents up before migrating: {made.name}", err=True)
    await keeping.thin(plan.place, settings.backup_keep)


async def examine_backups(settings: Any, url: str) -> list["Finding"]:
    """How old the newest backup is, and which work beside requests somebody does now."""
    from pymongo.errors import PyMongoError

    from cms import app
    from cms.core import db
    from cms.core.doctor import Finding
    from cms.core.errors import Unavailable
    from cms.leases.documents import Lease
    from cms.transfer import keeping

    try:
        found = await keeping.kept(app.backup_place(settings))
    except Unavailable as refusal:
        findings = [Finding("backups", "bad", f"{settings.backups_at}: {refusal.detail}")]
    else:
        says, is_good = keeping.verdict(found, settings.backup_every_hours, db.now())
        findings = [Finding("backups", "good" if is_good else "warning", says)]
    with contextlib.suppress(PyMongoError):  # whoever looked before has said so
        async with db.connected(url, settings.database, [Lease]):
            working = await Lease.held(db.now())
        says = ", ".join(working) or "nobody: no CMS serves this database now"
        findings.append(Finding("work beside requests", "good", says))
    return findings


@click.group(invoke_without_command=True)
@click.option("--to", "place", help="A directory or s3://bucket/prefix; else CMS_BACKUP_STORAGE.")
@click.option("--documents-only", is_flag=True, help="Leave the files of the library out.")
@click.option(
    "--recipient", "recipients", multiple=True, help="Encrypt for this public key (age1…)."
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def backup(
    context: click.Context,
    place: str | None,
    recipients: tuple[str, ...],
    *,
    documents_only: bool,
    as_json: bool,
) -> None:
    """Put documents and files into one archive, as they are in one moment.

    In it: content, accounts with the hashes of their passwords, hashes of tokens, sealed second
    factors, the audit log. Not in it: sessions, links under way, and CMS_SECRET_KEY, which you
    keep apart (with the embedded MongoDB: the file secret.key in CMS_DATA_DIR).
    """
    if context.invoked_subcommand is not None:
        return
    from cms import app
    from cms.transfer import backup as backups

    settings = load_settings()
    signing_key(settings)
    plan = app.backup_plan(
        settings, place=place, recipients=recipients, has_media=not documents_only
    )

    async def work(database: Any) -> Any:
        with _progress("backup") as progress:
            return await backups.make(database, plan, progress)

    made = on_database(work, migrated=False)
    for name in made.missing:
        click.echo(f"missing in the library: {name}", err=True)
    if as_json:
        click.echo(json.dumps(made.as_dict()))
        return
    click.echo(f"{made.name}: {made.documents} documents, {made.files} files, {made.size} bytes.")


@backup.command("list")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def list_backups(*, as_json: bool) -> None:
    """Name the backups in CMS_BACKUP_STORAGE, newest first."""
    from cms import app
    from cms.core.errors import Unavailable
    from cms.transfer import keeping

    place = app.backup_place(load_settings())
    try:
        found = asyncio.run(keeping.kept(place))
    except Unavailable as refusal:
        refuse(refusal.detail)
    if as_json:
        rows = [{"name": one.name, "size": one.size, "kind": one.kind} for one in found]
        click.echo(json.dumps(rows, indent=2))
        return
    for one in found:
        click.echo(f"{one.name}  {one.size} bytes")


@backup.command("key")
def make_key() -> None:
    """Make a key pair: print the secret half, and say the public half on standard error."""
    from cms.transfer import encryption

    secret, public = encryption.new_key()
    click.echo(f"# public key: {public}\n{secret}")
    click.echo(f"Public key, for CMS_BACKUP_RECIPIENTS: {public}", err=True)
    click.echo("Keep the secret half away from the server: only it opens the backups.", err=True)


@backup.command()
@click.argument("archive")
@click.option("--identity", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--other-key", is_flag=True, help="Take one that another installation made.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def verify(archive: str, identity: Path | None, *, other_key: bool, as_json: bool) -> None:
    """Read an archive to its end and say what is in it; nothing is changed."""
    from cms.core.errors import Refusal

    try:
        with _opened(archive) as file:
            checked = _checked(file, identity, other_key=other_key)
    except Refusal as refusal:
        refuse(refusal.detail)
    _tell(checked, as_json=as_json)


@click.command()
@click.argument("archive")
@click.option("--replace", is_flag=True, help="Remove what is in the database first.")
@click.option("--dry-run", is_flag=True, help="Check everything, change nothing.")
@click.option("--identity", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--other-key", is_flag=True, help="Take one that another installation made.")
@click.option("--yes", is_flag=True, help="Don't ask before replacing.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def restore(
    archive: str,
    identity: Path | None,
    *,
    replace: bool,
    dry_run: bool,
    other_key: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Bring a backup back: a path, s3://bucket/name, or a name in CMS_BACKUP_STORAGE.

    The archive is read to its end first; anything wrong with it, and nothing is changed.
    """
    from cms import app
    from cms.core.errors import Refusal
    from cms.transfer import restoring

    settings = load_settings()
    signing_key(settings)
    try:
        with _opened(archive) as file:
            checked = _checked(file, identity, other_key=other_key)
            keys = _identities(identity)
            aim = restoring.Aim(library=app.library_of(settings).storage, replaces=replace)
            if replace and not dry_run and not yes:
                click.confirm(f"Remove everything in {settings.database} first?", abort=True)

            async def work(database: Any) -> None:
                if dry_run:
                    await restoring.require_place(database, aim, checked)
                    return
                with _progress("restore") as progress:
                    await restoring.restore(
                        database, file, checked, aim, identities=keys, progress=progress
                    )

            on_database(work, migrated=False)
    except Refusal as refusal:
        refuse(refusal.detail)
    _tell(checked, as_json=as_json)
    if not as_json:
        click.echo("It can be restored." if dry_run else "Restored. Everybody signs in anew.")


def _tell(checked: "Checked", *, as_json: bool) -> None:
    told = checked.as_dict()
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(
        f"Made {told['made_at']} by Lontar {told['made_by']}: "
        f"{sum(checked.manifest.documents.values())} documents, {told['files']} files."
    )
    for name in checked.manifest.missing:
        click.echo(f"was missing in the library: {name}", err=True)


def _checked(file: BinaryIO, identity: Path | None, *, other_key: bool) -> "Checked":
    from cms.core import migrating
    from cms.transfer import verifying

    settings = load_settings()
    return verifying.check(
        file,
        known=migrating.available(),
        secret_keys=[signing_key(settings), *settings.secret_key_previous],
        identities=_identities(identity),
        takes_other_keys=other_key,
    )


def _identities(path: Path | None) -> list["Identity"]:
    from cms.transfer import encryption

    return encryption.identities(path.read_text(encoding="utf-8")) if path else []


@contextlib.contextmanager
def _opened(archive: str) -> Iterator[BinaryIO]:
    """The archive as a file of this machine, whose bytes stay what they are while we read."""
    from cms import app

    if Path(archive).is_file():
        with Path(archive).open("rb") as file:
            yield file
        return
    settings = load_settings()
    where, _, name = archive.rpartition("/")
    if where and not where.startswith("s3://"):
        refuse(f"there is no file {archive}")
    place = app.backup_place(settings, where or None)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.data_dir) as spool:
        asyncio.run(_fetch(place, name, spool))
        spool.seek(0)
        yield spool


async def _fetch(place: "Storage", name: str, spool: BinaryIO) -> None:
    from cms.core.errors import NotFound
    from cms.core.storage import StoredNot

    try:
        await place.fetch(name, spool)
    except StoredNot:
        raise NotFound(f"There is no backup called {name}.") from None


@contextlib.contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, silence elsewhere."""
    if not sys.stderr.isatty():
        yield _silent
        return
    bar: ProgressBar[Any]
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:
        yield partial(_show, bar)


def _silent(_done: int, _of: int) -> None:
    return


def _show(bar: "ProgressBar[Any]", done: int, of: int) -> None:
    bar.length = max(of, 1)
    bar.update(done - bar.pos)

"""Commands of `cms` that bring content in and look after its files."""

import json
import sys
from datetime import timedelta
from typing import Any, BinaryIO

import click

from cms.terminal import load_settings, on_database, refuse


@click.group()
def media() -> None:
    """Look after the media library."""


@media.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--older-than", default=60, help="Minutes; younger files are left alone.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def sweep(*, dry_run: bool, older_than: int, as_json: bool) -> None:
    """Remove files that belong to nothing, and have missing variants made again."""
    from cms.app import library_of
    from cms.media import making

    library = library_of(load_settings())
    grace = timedelta(minutes=older_than)
    found = on_database(lambda _: making.sweep_once(library, dry_run=dry_run, grace=grace))
    if as_json:
        click.echo(json.dumps(found.as_dict()))
        return
    click.echo(f"{found.files} files, {len(found.orphans)} of them belong to nothing.")
    click.echo(f"{len(found.missing_variants)} variants are to be made again.")
    for key in found.missing_originals:
        click.echo(f"missing: {key}", err=True)
    sys.exit(1 if found.missing_originals else 0)


@click.group("import")
def import_() -> None:
    """Take in what was written elsewhere."""


@import_.command("resume")
@click.argument("file", type=click.File("rb"))
@click.option("--slug", help="The profile's; one that is there already takes the resume over.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def import_resume(file: BinaryIO, slug: str | None, *, as_json: bool) -> None:
    """Make a profile of a JSON Resume (v1), and say what of it is not kept."""
    from cms.accounts.actor import COMMAND_LINE
    from cms.core import db
    from cms.core.shapes import checked_json, read_input
    from cms.profiles import service
    from cms.profiles.resume import MOST_BYTES, Resume
    from cms.profiles.schemas import ImportQuery

    raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        refuse(f"the file is larger than {MOST_BYTES // 1024} KiB")

    async def work(_: Any) -> Any:
        resume = read_input(Resume, checked_json(raw))
        wanted = read_input(ImportQuery, json.dumps({"slug": slug}).encode()).slug
        return (await service.import_by_slug(COMMAND_LINE, resume, wanted, db.now()))[1]

    done = on_database(work)
    if as_json:
        click.echo(done.model_dump_json())
        return
    for part in done.unkept:
        click.echo(f"{part.reason.replace('_', ' ')}: {part.field}", err=True)
    if more := done.unkept_total - len(done.unkept):
        click.echo(f"… and {more} more", err=True)
    click.echo(f"{done.profile.name} is at {done.profile.slug} (revision {done.profile.revision}).")

"""What every command needs: the settings, the database, and a refusal in one line."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, NoReturn, TypeVar

import click

from cms import config
from cms.config import SettingRefused, Settings

T = TypeVar("T")


def refuse(message: str) -> NoReturn:
    click.echo(f"cms: {message}", err=True)
    sys.exit(1)


def load_settings() -> Settings:
    try:
        return config.load()
    except SettingRefused as error:
        refuse(str(error))


def signing_key(settings: Settings) -> str:
    try:
        return config.secret_key(settings)
    except SettingRefused as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"CMS_DATA_DIR can't be written: {error.strerror} ({settings.data_dir})")


@contextlib.contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """The user's own MongoDB, or the embedded one: the running one, else one for this command."""
    from cms.core import mongod
    from cms.core.mongod_binary import MongodRefused

    if settings.mongodb_url is not None:
        yield settings.mongodb_url
        return
    try:
        with mongod.running(settings.data_dir) as url:
            yield url
    except MongodRefused as refusal:
        refuse(str(refusal))


def on_database(work: Callable[[Any], Awaitable[T]], *, migrated: bool = True) -> T:
    """Run `work` on the connected database with Beanie ready; refusals become one line."""
    from pymongo.errors import PyMongoError

    from cms.app import MODELS, wire
    from cms.core import db, logs, migrating
    from cms.core.errors import Refusal

    settings = load_settings()
    logs.configure(settings.log_format)
    wire(settings.site_url, settings.media_base)

    async def run(url: str) -> T:
        async with db.connected(url, settings.database, MODELS) as database:
            await db.require_replica_set(database)
            if migrated:
                await migrating.migrate_new(database)
            return await work(database)

    try:
        with database_url(settings) as url:
            return asyncio.run(run(url))
    except db.DatabaseRefused as error:
        refuse(str(error))
    except Refusal as refusal:
        refuse("; ".join(f"{e.field}: {e.message}" for e in refusal.errors) or refusal.detail)
    except PyMongoError as error:
        refuse(f"MongoDB: {str(error).splitlines()[0]}")

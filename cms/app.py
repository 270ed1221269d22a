"""The composition root: opens the database, mounts the routers, wires the rooms together."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide

from cms import __version__, config
from cms.accounts import admin as accounts_admin
from cms.accounts import admin_own, admin_people
from cms.accounts.guards import SessionCookie, authenticated, provide_actor
from cms.accounts.keys import Keys
from cms.accounts.letters import Mailroom
from cms.accounts.passwords import Passwords
from cms.articles import admin as articles_admin
from cms.articles import public as articles_public
from cms.articles.documents import Article
from cms.articles.pipelines import tally_keys
from cms.cards import public as cards_public
from cms.config import Settings
from cms.contact import admin as contact_admin
from cms.contact import door as contact_door
from cms.contact import keeping
from cms.contact.trap import Trap
from cms.core import (
    db,
    ending,
    health,
    logs,
    openapi,
    openapi_page,
    problems,
)
from cms.core.admin_pages import AdminPages
from cms.core.cache import CachedReads, Moments
from cms.core.edge import ASGIApp, Edge, common_headers, public_headers
from cms.core.generation import Generation
from cms.core.http import (
    MAX_JSON_BYTES,
    CMSRequest,
    InputPlugin,
    idempotency_key,
    json_only,
    revision_from,
)
from cms.core.mail import Postman
from cms.core.metrics import Gauge, Meter, MetricsDoor
from cms.core.outbound import Outbound
from cms.core.queries import known_parameters_only
from cms.core.signing import Signer
from cms.core.storage import S3Access, Storage
from cms.core.watching import Watch
from cms.feeds import public as feeds_public
from cms.history import admin as history_admin
from cms.history import thinning
from cms.leases.documents import BACKUP, Lease
from cms.media import admin as media_admin
from cms.media import making
from cms.media import public as media_public
from cms.media.library import Library
from cms.pages import admin as pages_admin
from cms.pages import public as pages_public
from cms.profiles import admin as profiles_admin
from cms.profiles import public as profiles_public
from cms.projects import admin as projects_admin
from cms.projects import public as projects_public
from cms.publishing import moments, relay
from cms.redirects import admin as redirects_admin
from cms.redirects import public as redirects_public
from cms.search import public as search_public
from cms.search import service as search
from cms.site import admin as site_admin
from cms.site import public as site_public
from cms.sync import public as sync_public
from cms.sync.tokens import Tokens
from cms.tags import admin as tags_admin
from cms.tags import public as tags_public
from cms.tallies import service as tallies
from cms.transfer import backup, scheduling
from cms.webhooks import admin as webhooks_admin
from cms.webhooks import outbox
from cms.webhooks.secrets import Secrets
from cms.wiring import CARRIERS, KINDS, MODELS, wire

# The work beside requests that one process of all does at a time.
LEASES = (BACKUP, making.NAME, outbox.NAME, relay.NAME, "search", tallies.NAME, thinning.NAME)
__all__ = ["CARRIERS", "KINDS", "MODELS", "wire"]
# Where `hatch_build.py` puts the built UI; missing in an API-only installation.
ADMIN_UI = Path(__file__).parent / "_admin"


def library_of(settings: Settings) -> Library:
    quota = settings.media_quota_mb * 1024 * 1024
    return Library(Storage(settings.media_at, _access(settings)), quota)


def _access(settings: Settings) -> S3Access:
    return S3Access(
        endpoint=settings.s3_endpoint or "",
        region=settings.s3_region,
        access_key_id=settings.s3_access_key_id or "",
        secret_access_key=settings.s3_secret_access_key or "",
    )


def backup_place(settings: Settings, place: str | None = None) -> Storage:
    return Storage(place or settings.backups_at, _access(settings))


def backup_plan(
    settings: Settings,
    *,
    place: str | None = None,
    recipients: Sequence[str] = (),
    has_media: bool = True,
) -> backup.Plan:
    return backup.Plan(
        library=library_of(settings).storage,
        place=backup_place(settings, place),
        spool=settings.data_dir,
        secret_key=config.secret_key(settings),
        recipients=recipients or settings.backup_recipients,
        has_media=has_media,
    )


def _background(
    settings: Settings, database_url: str, library: Library, sender: outbox.Sender
) -> list[Coroutine[Any, Any, None]]:
    """What goes on beside the requests; a lease lets one process do it."""
    return [
        relay.run(KINDS, db.now, carriers=CARRIERS),
        search.keep_built(db.now),
        thinning.run(db.now, settings.revisions_keep_days),
        making.run(library, db.now),
        tallies.keep(Article, tally_keys, db.now),
        outbox.run(sender),
        scheduling.run(
            backup_plan(settings),
            scheduling.Schedule(every_hours=settings.backup_every_hours, keep=settings.backup_keep),
            partial(db.connected, database_url, settings.database),
            db.now,
        ),
        keeping.run(db.now, settings.contact_keep_days),
    ]


def create_litestar(
    settings: Settings,
    database_url: str,
    *,
    background: bool = True,
    generation: Generation | None = None,
) -> Litestar:
    """The application over a database that is migrated already.

    With `background`, this process takes its turn at the relay, and hears through a change stream
    what others write. `generation` is what the processes of this host share; None is a process
    that writes alone.
    """
    generation = generation or Generation()
    watch = Watch(generation) if background else None
    over_tls = settings.address.startswith("https://")
    passwords = Passwords(settings.argon2_memory_kib, settings.argon2_time_cost)
    keys = Keys(config.secret_key(settings), settings.secret_key_previous)
    session_cookie = SessionCookie(over_tls)
    postman = Postman(settings.smtp_url, settings.mail_from)
    mailroom = Mailroom(postman, settings.address, urlsplit(settings.site_url).netloc)
    signer = Signer(config.secret_key(settings), "preview", settings.secret_key_previous)
    library = library_of(settings)
    sync_tokens = Tokens(config.secret_key(settings), settings.secret_key_previous)
    contact_trap = Trap(config.secret_key(settings), settings.secret_key_previous)
    outbound = Outbound(settings.outbound_allow)
    webhook_secrets = Secrets(config.secret_key(settings), settings.secret_key_previous)
    sender = outbox.Sender(outbound, webhook_secrets, db.now)

    @asynccontextmanager
    async def database(app: Litestar) -> AsyncIterator[None]:
        # Here and not when it is made: the OpenAPI document is made of one that serves nobody.
        wire(settings.site_url, settings.media_base, settings.address)
        opening = db.connected(
            database_url,
            settings.database,
            MODELS,
            seconds=db.REQUEST_SECONDS,
            after_write=generation.bump,
        )
        async with opening as opened:
            app.state.database = opened
            works = (
                [*_background(settings, database_url, library, sender), watch.run(opened)]
                if watch
                else []
            )
            tasks = [asyncio.create_task(work) for work in works]
            try:
                yield
            finally:
                await ending.end(tasks)
                await postman.drain()
                logs.flush()

    public = Router(
        "/api/v1",
        route_handlers=[
            articles_public.router,
            pages_public.router,
            projects_public.router,
            profiles_public.router,
            tags_public.router,
            site_public.get_site,
            redirects_public.list_redirects,
            search_public.search_site,
            sync_public.sync_changes,
            contact_door.router,
            openapi_page.get_openapi_document,
        ],
    )
    admin = Router(
        "/api/v1/admin",
        route_handlers=[
            accounts_admin.doors,
            Router(
                "/",
                route_handlers=[
                    accounts_admin.router,
                    admin_own.router,
                    admin_people.router,
                    history_admin.list_audit,
                    site_admin.router,
                    redirects_admin.router,
                    webhooks_admin.router,
                    contact_admin.router,
                    tags_admin.router,
                    media_admin.router,
                    profiles_admin.router,
                    articles_admin.router,
                    pages_admin.router,
                    projects_admin.router,
                ],
                guards=[authenticated],
                dependencies={
                    "actor": Provide(provide_actor, sync_to_thread=False),
                    "revision": Provide(revision_from, sync_to_thread=False),
                    "idempotency_key": Provide(idempotency_key, sync_to_thread=False),
                },
            ),
        ],
    )
    return Litestar(
        route_handlers=[
            public,
            admin,
            feeds_public.router,
            media_public.router,
            cards_public.router,
            health.router,
            openapi_page.page,
        ],
        request_class=CMSRequest,
        request_max_body_size=MAX_JSON_BYTES,
        guards=[known_parameters_only, json_only],
        dependencies={
            "database": Provide(_from_state("database"), sync_to_thread=False),
            "site_url": Provide(_value(settings.site_url), sync_to_thread=False),
            "address": Provide(_value(settings.address), sync_to_thread=False),
            "mailroom": Provide(_value(mailroom), sync_to_thread=False),
            "passwords": Provide(_value(passwords), sync_to_thread=False),
            "library": Provide(_value(library), sync_to_thread=False),
            "data_dir": Provide(_value(settings.data_dir), sync_to_thread=False),
            "signer": Provide(_value(signer), sync_to_thread=False),
            "outbound": Provide(_value(outbound), sync_to_thread=False),
            "webhook_secrets": Provide(_value(webhook_secrets), sync_to_thread=False),
            "contact_trap": Provide(_value(contact_trap), sync_to_thread=False),
            "sync_tokens": Provide(_value(sync_tokens), sync_to_thread=False),
            "keys": Provide(_value(keys), sync_to_thread=False),
            "session_cookie": Provide(_value(session_cookie), sync_to_thread=False),
        },
        exception_handlers=problems.HANDLERS,
        plugins=[InputPlugin()],
        state=State(
            {
                "keys": keys,
                "session_cookie": session_cookie,
                "postman": postman,
                "library": library,
                "generation": generation,
                "public_cache": settings.public_cache,
                "watch": watch,
            }
        ),
        lifespan=[database],
        openapi_config=None,  # ours is told from the same routes, more exactly
        logging_config=None,
    )


def _value(value: Any) -> Any:
    def provide() -> Any:
        return value

    return provide


def _from_state(name: str) -> Any:
    def provide(state: State) -> Any:
        return state[name]

    return provide


def create_app() -> ASGIApp:
    """What the server runs: settings from the environment, logs, the edge around it all."""
    settings = config.load()
    logs.configure(settings.log_format)
    assert settings.mongodb_url is not None  # noqa: S101 - `serve` names the embedded one
    generation = shared_generation(settings)
    app = create_litestar(settings, settings.mongodb_url, generation=generation)
    return wrapped(app, settings, meter=Meter(settings.data_dir / "metrics"))


def shared_generation(settings: Settings) -> Generation:
    """What all processes of this data directory share.

    Raises:
        OSError: the directory can't be written.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Generation(settings.data_dir / "generation")


async def _moments(now: datetime) -> Moments:
    return await moments.find(KINDS, CARRIERS, now)


async def _gauges(app: Litestar, settings: Settings) -> list[Gauge]:
    """What is so now: whether the database answers, room on the disk, who works beside requests."""
    found = app.state.database
    is_up = await db.answers(found)
    free = await asyncio.to_thread(health.free_bytes, settings.data_dir)
    working = await Lease.held(db.now()) if is_up else []
    return [
        ("lontar_info", f'version="{__version__}"', 1),
        ("lontar_database_up", "", int(is_up)),
        ("lontar_disk_free_bytes", "", free),
        *(("lontar_lease_held", f'work="{name}"', int(name in working)) for name in LEASES),
    ]


def wrapped(
    app: Litestar, settings: Settings, *, is_cached: bool = True, meter: Meter | None = None
) -> Edge:
    """What goes around the routes: answers known before, the admin's pages, the edge."""
    over_tls = settings.address.startswith("https://")
    reads = CachedReads(
        cast("ASGIApp", app),
        app.state.generation,
        _moments,
        clock=time.time,
        watch=app.state.watch,
        finish=partial(public_headers, common=common_headers(over_tls)),
    )
    meter = meter or Meter()
    answers = reads if is_cached else cast("ASGIApp", app)
    pages = AdminPages(answers, ADMIN_UI, settings.media_origin)
    return Edge(
        MetricsDoor(pages, meter, settings.metrics_token, partial(_gauges, app, settings)),
        admin_origins=settings.admin_origins,
        site_origin=settings.site_url,
        trusted_proxies=settings.trusted_proxies,
        over_tls=over_tls,
        hosts=settings.hosts,
        known=reads.known if is_cached else None,
        has_timing=settings.server_timing,
        meter=meter,
    )


def openapi_document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of this release; needs no database."""
    app = create_litestar(Settings(secret_key="-" * 32), "mongodb://127.0.0.1")
    return openapi.document(app)

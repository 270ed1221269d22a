"""The composition root: opens the database, mounts the routers, wires the rooms together."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide

from cms import config
from cms.accounts import admin as accounts_admin
from cms.accounts.documents import Account, Session, Setup, Token
from cms.accounts.guards import SessionCookie, authenticated, provide_actor
from cms.accounts.passwords import Passwords
from cms.accounts.service import Keys
from cms.articles import admin as articles_admin
from cms.articles import documents as articles
from cms.articles import public as articles_public
from cms.articles.documents import Article
from cms.articles.pipelines import shown_in_series
from cms.articles.service import ARTICLES
from cms.config import Settings
from cms.core import (
    db,
    events,
    finding,
    health,
    logs,
    openapi,
    openapi_page,
    places,
    problems,
    references,
)
from cms.core.admin_pages import AdminPages
from cms.core.edge import ASGIApp, Edge
from cms.core.http import (
    MAX_JSON_BYTES,
    CMSRequest,
    InputPlugin,
    idempotency_key,
    json_only,
    revision_from,
)
from cms.core.outbound import Outbound
from cms.core.queries import known_parameters_only
from cms.core.signing import Signer
from cms.feeds import public as feeds_public
from cms.history import admin as history_admin
from cms.history.documents import AuditRecord, Event, Lease, Remains, Revision
from cms.pages import admin as pages_admin
from cms.pages import public as pages_public
from cms.pages.documents import Page
from cms.pages.service import PAGES
from cms.previews.documents import PreviewLink
from cms.profiles import admin as profiles_admin
from cms.profiles import public as profiles_public
from cms.profiles.documents import Profile
from cms.projects import admin as projects_admin
from cms.projects import public as projects_public
from cms.projects.documents import Project
from cms.projects.service import PROJECTS
from cms.publishing import relay
from cms.publishing.service import Kind
from cms.redirects import admin as redirects_admin
from cms.redirects import public as redirects_public
from cms.redirects.documents import Redirect
from cms.retries.documents import Retry
from cms.search import documents as search_documents
from cms.search import public as search_public
from cms.search import service as search
from cms.search.documents import SearchDraft, SearchEntry, SearchState, TokenEngine
from cms.site import admin as site_admin
from cms.site import public as site_public
from cms.site.documents import Site
from cms.sync import public as sync_public
from cms.sync.tokens import Tokens
from cms.tags import admin as tags_admin
from cms.tags import public as tags_public
from cms.tags.documents import Series, Tag
from cms.webhooks import admin as webhooks_admin
from cms.webhooks import outbox
from cms.webhooks.documents import Delivery, Outbox, Webhook
from cms.webhooks.secrets import Secrets

# Where `hatch_build.py` puts the built UI; missing in an API-only installation.
ADMIN_UI = Path(__file__).parent / "_admin"
MODELS = [
    *(Account, Session, Setup, Token),
    *(Site, Tag, Series, Profile, Article, Page, Project),
    *(Revision, AuditRecord, Event, Lease, Remains, Retry),
    *(PreviewLink, Redirect),
    *(SearchEntry, SearchDraft, SearchState),
    *(Webhook, Delivery, Outbox),
]
KINDS: list[Kind[Any, Any]] = [ARTICLES, PAGES, PROJECTS]
CARRIERS = {
    "profile": Profile,
    "site": Site,
    "tag": Tag,
    "series": Series,
    "webhook": Webhook,
    "remains": Remains,
}


def wire(site_url: str = "") -> None:
    """Tell the rooms below what the rooms above know of them."""
    places.frontend_is_at(site_url)
    for kind in KINDS:
        places.register(kind.name, kind.document.find_places, kind.document.list_moved)
    places.register("profile", Profile.find_places, Profile.list_moved)
    places.register("tag", Tag.find_places)
    places.register_paths("redirects", Redirect.answering)
    for collection in articles.REFERRING:
        references.register(
            collection,
            articles.count_for(collection),
            articles.rename_in(collection),
            articles.usage_of(collection),
        )
        references.register_finder(collection, "article", articles.finder_for(collection))
        references.register_item_finder(collection, articles.item_finder_for(collection))
    references.register_shower("series", shown_in_series)
    for kind in KINDS:
        search_documents.register(kind.name, kind.document)
    finding.register(TokenEngine())
    events.listen("search", _search_hears)


async def _search_hears(changed: events.Changed) -> None:
    await search.hear(changed, db.now())


def _background(outbound: Outbound, secrets: Secrets) -> list[Coroutine[Any, Any, None]]:
    """What goes on beside the requests; a lease lets one process do it."""
    sender = outbox.Sender(outbound, secrets, db.now)
    return [
        relay.run(KINDS, db.now, carriers=CARRIERS),
        search.keep_built(db.now),
        outbox.run(sender),
    ]


def create_litestar(settings: Settings, database_url: str, *, background: bool = True) -> Litestar:
    """The application over a database that is migrated already.

    With `background`, this process takes its turn at the relay.
    """
    over_tls = settings.address.startswith("https://")
    passwords = Passwords(settings.argon2_memory_kib, settings.argon2_time_cost)
    keys, session_cookie = Keys(config.secret_key(settings)), SessionCookie(over_tls)
    signer = Signer(config.secret_key(settings), "preview")
    sync_tokens = Tokens(config.secret_key(settings))
    outbound = Outbound(settings.outbound_allow)
    webhook_secrets = Secrets(config.secret_key(settings))

    @asynccontextmanager
    async def database(app: Litestar) -> AsyncIterator[None]:
        # Here and not when it is made: the OpenAPI document is made of one that serves nobody.
        wire(settings.site_url)
        opening = db.connected(database_url, settings.database, MODELS, seconds=db.REQUEST_SECONDS)
        async with opening as opened:
            app.state.database = opened
            works = _background(outbound, webhook_secrets) if background else []
            tasks = [asyncio.create_task(work) for work in works]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

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
                    history_admin.list_audit,
                    site_admin.router,
                    redirects_admin.router,
                    webhooks_admin.router,
                    tags_admin.router,
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
        route_handlers=[public, admin, feeds_public.router, health.router, openapi_page.page],
        request_class=CMSRequest,
        request_max_body_size=MAX_JSON_BYTES,
        guards=[known_parameters_only, json_only],
        dependencies={
            "database": Provide(_from_state("database"), sync_to_thread=False),
            "site_url": Provide(_value(settings.site_url), sync_to_thread=False),
            "address": Provide(_value(settings.address), sync_to_thread=False),
            "passwords": Provide(_value(passwords), sync_to_thread=False),
            "webhook_secrets": Provide(_value(webhook_secrets), sync_to_thread=False),
            "sync_tokens": Provide(_value(sync_tokens), sync_to_thread=False),
            "signer": Provide(_value(signer), sync_to_thread=False),
            "outbound": Provide(_value(outbound), sync_to_thread=False),
            "keys": Provide(_value(keys), sync_to_thread=False),
            "session_cookie": Provide(_value(session_cookie), sync_to_thread=False),
        },
        exception_handlers=problems.HANDLERS,
        plugins=[InputPlugin()],
        state=State({"keys": keys, "session_cookie": session_cookie}),
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
    return wrapped(create_litestar(settings, settings.mongodb_url), settings)


def wrapped(app: Litestar, settings: Settings) -> Edge:
    return Edge(
        AdminPages(cast("ASGIApp", app), ADMIN_UI),
        admin_origins=settings.admin_origins,
        trusted_proxies=settings.trusted_proxies,
        over_tls=settings.address.startswith("https://"),
    )


def openapi_document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of this release; needs no database."""
    app = create_litestar(Settings(secret_key="-" * 32), "mongodb://127.0.0.1")
    return openapi.document(app)

"""Tells the rooms below what the rooms above know of them, and names all that is stored."""

from typing import Any

from beanie import Document

from cms.accounts import trail
from cms.accounts.documents import Account, Policy, Session, Setup, Token
from cms.accounts.links.documents import Link
from cms.articles import documents as articles
from cms.articles.documents import Article
from cms.articles.pipelines import shown_in_series
from cms.articles.service import ARTICLES
from cms.contact.documents import Message
from cms.core import db, events, finding, notices, places, references
from cms.history.documents import AuditRecord, Event, Revision, keep_deed, renamer
from cms.leases.documents import Lease
from cms.media.documents import Media
from cms.pages.documents import Page
from cms.pages.service import PAGES
from cms.previews.documents import PreviewLink
from cms.profiles.documents import Profile
from cms.projects.documents import Project
from cms.projects.service import PROJECTS
from cms.publishing.service import Kind
from cms.redirects.documents import Redirect
from cms.removals.documents import Remains
from cms.retries.documents import Retry
from cms.search import documents as search_documents
from cms.search import service as search
from cms.search.documents import SearchDraft, SearchEntry, SearchState, TokenEngine
from cms.site.documents import Site
from cms.sync import documents as sync_documents
from cms.tags.documents import Series, Tag
from cms.tallies.documents import Tally
from cms.throttles.documents import Throttle
from cms.webhooks.documents import Delivery, Outbox, Webhook

MODELS = [
    *(Account, Session, Setup, Token, Link, Policy, Throttle),
    *(Site, Tag, Series, Profile, Article, Page, Project),
    *(Revision, AuditRecord, Event, Lease, Remains, Retry),
    *(PreviewLink, Redirect, Media, Tally),
    *(SearchEntry, SearchDraft, SearchState),
    *(Webhook, Delivery, Outbox, Message),
]
KINDS: list[Kind[Any, Any]] = [ARTICLES, PAGES, PROJECTS]
CARRIERS = {
    "profile": Profile,
    "site": Site,
    "tag": Tag,
    "series": Series,
    "media": Media,
    "webhook": Webhook,
    "redirect": Redirect,
    "contact": Message,
    "remains": Remains,
}
# Where people are named in what is stored; audit and revisions last, since the relay fills them.
_WRITTEN = ("updated_by", "pending[].by")
NAMING: dict[type[Document], tuple[str, ...]] = {
    **dict.fromkeys((Article, Page, Project), (*_WRITTEN, "burst.by")),
    **dict.fromkeys((Profile, Media, Webhook, Redirect), _WRITTEN),
    **dict.fromkeys((Site, Tag, Series, Remains, Message), ("pending[].by",)),
    PreviewLink: ("created_by",),
    Revision: ("by",),
    AuditRecord: ("by",),
}


def wire(site_url: str = "", media_base: str = "/media", cms_base: str = "") -> None:
    """Tell the rooms below what the rooms above know of them."""
    places.frontend_is_at(site_url)
    places.media_are_at(media_base)
    places.cms_is_at(cms_base)
    for user in (*KINDS, None):
        name, document = (user.name, user.document) if user else ("profile", Profile)
        references.register_kind("media", name, document.media_usage, document.replace_media)
        references.register_finder("media", name, document.showing_media)
        references.register_item_finder("media", name, sync_documents.showing_media(document, name))
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
        references.register_users(collection, articles.users_of(collection))
        references.register_finder(collection, "article", articles.finder_for(collection))
        finder = sync_documents.articles_of(collection)
        references.register_item_finder(collection, "article", finder)
    references.register_shower("series", shown_in_series)
    for kind in KINDS:
        search_documents.register(kind.name, kind.document)
    finding.register(TokenEngine())
    received = notices.Source("contact.received", Message.untold, Message.told)
    notices.register("contact", received)
    events.listen("search", _search_hears)
    trail.listen("audit", keep_deed)
    for document, paths in NAMING.items():
        trail.register_renamer(document.__name__, renamer(document, *paths))
    events.forget_removed("retries", Retry.forget)
    events.forget_removed("previews", PreviewLink.forget)
    events.forget_removed("search", _search_forgets)


async def _search_forgets(ident: Any) -> None:
    await search_documents.forget([ident])


async def _search_hears(changed: events.Changed) -> None:
    await search.hear(changed, db.now())

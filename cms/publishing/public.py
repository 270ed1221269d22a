"""The anonymous reads of a published kind, written once and made for each with its own shapes.

One query each beside what stands `around` it; a list with `fallback` reads the site's settings
first, and may be read twice where it ends; a preview takes four or five.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import FromPath

from cms.core import rendering
from cms.core.db import now
from cms.core.errors import Moved, NotFound, Unavailable
from cms.core.http import Answer, CMSRequest, fresh, fresh_bytes
from cms.core.markdown import Rendered, Unrenderable
from cms.core.paging import Keyset, Listing
from cms.core.queries import links
from cms.core.shapes import View
from cms.core.signing import Signer
from cms.media import showing
from cms.previews.schemas import PreviewQuery
from cms.publishing import previewing
from cms.publishing.contents import Window
from cms.publishing.documents import Published
from cms.publishing.languages import LanguageFilter
from cms.publishing.routes import Routes, querying
from cms.publishing.rows import is_readable_row, split_total
from cms.publishing.schemas import LanguageQuery, Shown, TranslationRef
from cms.site.documents import Site, SiteContent, split_site

Row = dict[str, Any]
DocumentT = TypeVar("DocumentT", bound=Published[Any, Any])
ViewT = TypeVar("ViewT", bound=Shown)
ListT = TypeVar("ListT", bound=Listing[Any])
QueryT = TypeVar("QueryT", bound=LanguageQuery)
SOURCE = ResponseSpec(
    str, media_type="text/markdown", examples=[Example(value="## Tugasnya\n\nMenyimpan data.\n")]
)


async def _alone(_row: Row, _now: datetime) -> list[Row]:
    """Most things stand between no others."""
    return []


def _in_languages(params: Any, fallbacks: tuple[str, ...]) -> LanguageFilter:
    return LanguageFilter(lang=params.lang, fallbacks=fallbacks)


# Without slots, so that the refusals of what they hold are read from the code.
@dataclass(frozen=True, kw_only=True)
class PublicList:
    """A kind's public list: its rows, their order, and what may be asked of it.

    `wanted` makes a filter of the parameters and the site's fallback languages.
    """

    summary: type[Shown]
    listing: type[Listing[Any]]
    order: Keyset
    about: str
    item: Callable[[Row, SiteContent, str], View]
    query: type[LanguageQuery] = LanguageQuery
    wanted: Callable[[Any, tuple[str, ...]], LanguageFilter] = _in_languages


@dataclass(frozen=True, kw_only=True)
class Shelf(Generic[DocumentT, ViewT]):
    """A kind as readers find it: what they see of a row, and what publishing would make of a draft.

    `shown` makes a row, and those `around` it, into what is answered, with the site and the
    frontend's origin. A kind whose list is like no other's has no `line`; `keys` are those of
    events that make an answer wrong, where they are more than its own.
    """

    kind: str
    document: type[DocumentT]
    view: type[ViewT]
    shown: Callable[[Row, list[Row], SiteContent, str], ViewT]
    live_copy: Callable[[DocumentT, Any, Rendered, datetime, datetime], Window]
    around: Callable[[Row, datetime], Awaitable[list[Row]]] = _alone
    line: PublicList | None = None
    keys: Callable[[ViewT], list[str]] | None = None

    @property
    def address(self) -> str:
        return f"/api/v1/{self.kind}s"


def router(shelf: Shelf[DocumentT, ViewT], *others: BaseRouteHandler) -> Router:
    """The reads of a kind: its list, one of it, and those that it alone has."""
    routes = _routes(shelf)
    if shelf.line:
        _add_list(routes, shelf, shelf.line)
    _add_single(routes, shelf)
    many = f"{shelf.kind}s"
    return Router(f"/{many}", route_handlers=[*others, *routes.made], tags=[many])


def _routes(shelf: Shelf[Any, Any]) -> Routes:
    own: dict[Any, Any] = {ViewT: shelf.view}
    if shelf.line:
        own |= {ListT: shelf.line.listing, QueryT: shelf.line.query}
    return Routes(shelf.kind, own)


def _add_list(routes: Routes, shelf: Shelf[DocumentT, ViewT], line: PublicList) -> None:
    names = line.summary.PROJECTION

    @routes.add(
        get,
        "/",
        "list_{one}s",
        f"Public {shelf.kind}s",
        about=line.about,
        dependencies=querying(line.query),
    )
    async def list_public(
        request: CMSRequest, params: NamedDependency[QueryT], site_url: NamedDependency[str]
    ) -> Answer[ListT]:
        fallbacks = (await Site.load()).content.fallback_languages if params.fallback else []
        wanted = line.wanted(params, tuple(fallbacks))
        found = await shelf.document.list_shown(wanted, line.order, params, now(), names)
        rows, site = split_site(found)
        rows, total = split_total(rows, params)
        rows, page = line.order.page(rows, params, total)
        view = line.listing(items=[line.item(row, site, site_url) for row in rows], page=page)
        keys = (f"{shelf.kind}s", "media", "site")
        return fresh(request, view, keys=keys, headers=links(request, params, page))


def _add_single(routes: Routes, shelf: Shelf[DocumentT, ViewT]) -> None:
    @routes.add(
        get,
        "/{slug:str}",
        "get_{one}",
        f"One public {shelf.kind}",
        dependencies=querying(PreviewQuery),
        responses={200: SOURCE},
    )
    async def get_public(
        request: CMSRequest,
        slug: FromPath[str],
        params: NamedDependency[PreviewQuery],
        signer: NamedDependency[Signer],
        site_url: NamedDependency[str],
    ) -> Answer[ViewT]:
        """A former slug answers 308 with the present one; `{slug}.md` is the source as written.

        With `preview`, what the token names: never cached, 404 unless it opens exactly this one.
        """
        if params.preview is not None:
            return await preview(shelf, slug, signer.digest(params.preview), site_url)
        if slug.endswith(".md"):
            name = slug.removesuffix(".md")
            return await source(request, shelf.kind, shelf.document, name, now())
        moment = now()
        row, site = await find(shelf, slug, moment)
        around = await shelf.around(row, moment)
        view = shelf.shown(row, around, site, site_url)
        own = [f"{shelf.kind}:{row['_id']}", f"{shelf.kind}:{row['slug']}", "site"]
        return fresh(request, view, keys=shelf.keys(view) if shelf.keys else own)


def fields(kind: str, row: Row, names: Iterable[str], site: SiteContent, base: str) -> Row:
    """What every view of a published thing takes of its row, its pictures as they are now."""
    shown = {name: row[name] for name in names}
    if "html" in shown:
        shown["html"] = showing.filled(shown["html"], showing.by_ref(row), row["lang"])
    return {
        **shown,
        "id": str(row["_id"]),
        "url": site.url(base, kind, row["lang"], row["slug"]),
    }


def translations(kind: str, row: Row, site: SiteContent, base: str) -> list[TranslationRef]:
    """Of a row of `find_shown`, by language."""
    # One per language: while a change of language waits to be published there may be two.
    found = {
        each["lang"]: TranslationRef(
            lang=each["lang"],
            slug=each["slug"],
            url=site.url(base, kind, each["lang"], each["slug"]),
        )
        for each in sorted(row["siblings"], key=lambda each: each["publish_at"], reverse=True)
        if each["lang"] != row["lang"]
    }
    return [found[lang] for lang in sorted(found)]


async def preview(
    shelf: Shelf[DocumentT, ViewT], slug: str, digest: str | None, site_url: str
) -> Answer[ViewT]:
    """What a link names as publishing would show it; never cached, never indexed.

    Raises:
        NotFound: the token opens nothing under this slug.
        Unavailable: the text can't be rendered just now.
    """
    moment = now()
    found = await previewing.opened(shelf.kind, shelf.document, digest, slug, moment)
    if found is None:
        raise NotFound
    try:
        rendered = await rendering.render(found.content.markdown)
    except Unrenderable as refusal:  # too slow just now: it was rendered when it was saved
        raise Unavailable(str(refusal)) from None
    shown = shelf.live_copy(found.document, found.content, rendered, found.publish_at, moment)
    own_slug = found.document.working.slug
    named = await shelf.document.find_shown(own_slug, shelf.view.PROJECTION, moment, shown)
    rows, site = split_site(named)
    if len(rows) != 1:  # renamed or purged since
        raise NotFound
    # It stands between no neighbours: it is not where they are yet.
    view = shelf.shown(rows[0], [], site, site_url)
    return Answer.of(view, headers={"X-Robots-Tag": "noindex"})


async def find(shelf: Shelf[Any, Any], slug: str, now: datetime) -> tuple[Row, SiteContent]:
    """The readable row under the slug, and the site that its `url` is made with.

    Raises:
        NotFound: there is none.
        Moved: the slug is a former one; says the address of the present one.
    """
    rows, site = split_site(await shelf.document.find_shown(slug, shelf.view.PROJECTION, now))
    row = rows[0] if rows else None
    if row is None or not is_readable_row(row, now):
        raise NotFound
    if row["slug"] != slug:
        if slug not in row["former_slugs"]:  # the slug of a change that is not published yet
            raise NotFound
        raise Moved(f"{shelf.address}/{row['slug']}")
    return row, site


async def source(
    request: CMSRequest, kind: str, document: type[Published[Any, Any]], slug: str, now: datetime
) -> Answer[Any]:
    """The live Markdown, byte for byte."""
    row = await document.find_source(slug, now)
    if row is None:
        raise NotFound
    live = row["live"]
    body, keys = live["markdown"].encode(), [f"{kind}:{row['_id']}"]
    return fresh_bytes(request, body, "text/markdown", live["updated_at"], keys=keys)

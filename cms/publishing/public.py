"""What the anonymous reads of published kinds share; one query each, four or five for a preview."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

from cms.core import rendering
from cms.core.db import now
from cms.core.errors import Moved, NotFound, Unavailable
from cms.core.http import Answer, CMSRequest, fresh, fresh_bytes
from cms.core.markdown import Rendered, Unrenderable
from cms.core.paging import Keyset, Listing, ListQuery
from cms.core.queries import links
from cms.core.shapes import View
from cms.core.signing import Signer
from cms.media import showing
from cms.previews.schemas import PreviewQuery
from cms.publishing import previewing
from cms.publishing.contents import Window
from cms.publishing.documents import Published
from cms.publishing.rows import is_readable_row, split_total
from cms.site.documents import SiteContent, split_site

Row = dict[str, Any]
DocumentT = TypeVar("DocumentT", bound=Published[Any, Any])
ViewT = TypeVar("ViewT", bound=View)
SOURCE = ResponseSpec(
    str, media_type="text/markdown", examples=[Example(value="## Tugasnya\n\nMenyimpan data.\n")]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf(Generic[DocumentT, ViewT]):
    """A kind as readers find it: what they see of a row, and what publishing would make of a draft.

    `view` makes a row into what is answered, with the site and the frontend's origin.
    """

    kind: str
    document: type[DocumentT]
    projection: Mapping[str, Any]
    view: Callable[[Row, SiteContent, str], ViewT]
    live_copy: Callable[[DocumentT, Any, Rendered, datetime, datetime], Window]

    @property
    def address(self) -> str:
        return f"/api/v1/{self.kind}s"


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


def listed(
    request: CMSRequest,
    found: Sequence[Row],
    params: ListQuery,
    order: Keyset,
    *,
    kinds: str,
    listing: type[Listing[Any]],
    item: Callable[[Row, SiteContent], View],
) -> Answer[Any]:
    """A page of a public list, of the rows that one query brought: page, total, site."""
    rows, site = split_site(list(found))
    rows, total = split_total(rows, params)
    rows, page = order.page(rows, params, total)
    view = listing(items=[item(row, site) for row in rows], page=page)
    keys = (kinds, "media", "site")
    return fresh(request, view, keys=keys, headers=links(request, params, page))


async def single(
    shelf: Shelf[DocumentT, ViewT],
    request: CMSRequest,
    slug: str,
    params: PreviewQuery,
    *,
    signer: Signer,
    site_url: str,
) -> Answer[Any]:
    """What stands under the slug, its source with `.md`, or what a preview link names."""
    if params.preview is not None:
        return await preview(shelf, slug, signer.digest(params.preview), site_url)
    if slug.endswith(".md"):
        name = slug.removesuffix(".md")
        return await source(request, shelf.kind, shelf.document, name, now())
    row, site = await find(shelf.document, slug, shelf.projection, shelf.address, now())
    keys = [f"{shelf.kind}:{row['_id']}", f"{shelf.kind}:{row['slug']}", "site"]
    return fresh(request, shelf.view(row, site, site_url), keys=keys)


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
    rows, site = split_site(await shelf.document.find_shown(own_slug, shelf.projection, shown))
    if len(rows) != 1:  # renamed or purged since
        raise NotFound
    view = shelf.view(rows[0], site, site_url)
    return Answer.of(view, headers={"X-Robots-Tag": "noindex"})


async def find(
    document: type[Published[Any, Any]],
    slug: str,
    projection: Mapping[str, Any],
    address: str,
    now: datetime,
) -> tuple[Row, SiteContent]:
    """The readable row under the slug, and the site that its `url` is made with.

    Raises:
        NotFound: there is none.
        Moved: the slug is a former one; says the present one below `address`.
    """
    rows, site = split_site(await document.find_shown(slug, projection))
    row = rows[0] if rows else None
    if row is None or not is_readable_row(row, now):
        raise NotFound
    if row["slug"] != slug:
        if slug not in row["former_slugs"]:  # the slug of a change that is not published yet
            raise NotFound
        raise Moved(f"{address}/{row['slug']}")
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

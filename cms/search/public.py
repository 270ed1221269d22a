"""The anonymous search; one query for one word, two for several."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency, Provide

from cms.core import finding
from cms.core.db import now
from cms.core.errors import Invalid
from cms.core.finding import BY_RELEVANCE, Row, Wanted
from cms.core.http import Answer, CMSRequest, fresh
from cms.core.queries import links, query
from cms.search import documents
from cms.search.schemas import SearchHit, SearchQuery, SearchResults
from cms.search.snippets import marked, snippet
from cms.search.words import Search, understand
from cms.site.documents import SiteContent, split_site

FIELDS = ("kind", "slug", "lang", "title", "published_at", "updated_at")


def _hit(row: Row, search: Search, site: SiteContent, base: str) -> SearchHit:
    shown: dict[str, Any] = {name: row[name] for name in FIELDS}
    return SearchHit(
        **shown,
        id=str(row["_id"]),
        title_spans=marked(row["title"], search),
        snippet=snippet(row["text"], search),
        url=site.url(base, row["kind"], row["lang"], row["slug"]),
    )


@get(
    "/search",
    summary="Search what is published",
    dependencies={"params": Provide(query(SearchQuery), sync_to_thread=False)},
    tags=["search"],
)
async def search_site(
    request: CMSRequest, params: NamedDependency[SearchQuery], site_url: NamedDependency[str]
) -> Answer[SearchResults]:
    """The best first: titles weigh more than tags, headings and text, whole words more than
    beginnings. Case and accents don't matter; every word has to be there.
    """
    if params.kind is not None and params.kind not in documents.sources():
        known = ", ".join(sorted(documents.sources()))
        raise Invalid.of("kind", f"is none that can be searched: {known}", "unknown_kind")
    wanted = Wanted(params.q, kind=params.kind, lang=params.lang)
    rows, site = split_site(await finding.engine().ranked(wanted, params, now()))
    total = None
    if params.total:
        total = sum(row["total"] for row in rows if row["_id"] == "total")
        rows = [row for row in rows if row["_id"] != "total"]
    rows, page = BY_RELEVANCE.page(rows, params, total)
    search = understand(params.q)
    view = SearchResults(items=[_hit(row, search, site, site_url) for row in rows], page=page)
    keys = ("articles", "projects", "pages", "site")
    return fresh(request, view, keys=keys, headers=links(request, params, page))

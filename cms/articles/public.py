"""Anonymous reads of articles; one query each; a list with `q` takes up to two more."""

from typing import Any

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from cms.articles.documents import (
    BY_PUBLICATION,
    BY_PUBLICATION_OLDEST_FIRST,
    Article,
    PublicFilter,
)
from cms.articles.schemas import ArticleList, ArticleQuery, ArticleSummary, ArticleView
from cms.core import finding
from cms.core.db import now
from cms.core.errors import Moved, NotFound
from cms.core.finding import Narrowing
from cms.core.http import Answer, CMSRequest, fresh, fresh_bytes
from cms.core.queries import links, query
from cms.profiles.schemas import AuthorRef
from cms.publishing.public import SOURCE
from cms.publishing.rows import is_readable_row
from cms.site.documents import SiteContent, split_site
from cms.tags.schemas import TagRef

ORDERS = {"-published_at": BY_PUBLICATION, "published_at": BY_PUBLICATION_OLDEST_FIRST}
Row = dict[str, Any]


def _fields(row: Row, names: Any, site: SiteContent, base: str) -> Row:
    """A projected row as the fields of a view; authors and tags in the author's order."""
    authors = {slug: card for card in row["author_cards"] for slug in card["slugs"]}
    tags = {card["slug"]: card for card in row["tag_cards"]}
    return {
        **{name: row[name] for name in names},
        "id": str(row["_id"]),
        "authors": [
            AuthorRef(slug=authors[slug]["slug"], name=authors[slug]["name"])
            for slug in row["author_slugs"]
            if slug in authors
        ],
        "tags": [
            TagRef(slug=slug, name=tags[slug]["name"]) for slug in row["tag_slugs"] if slug in tags
        ],
        "url": site.url(base, "article", row["lang"], row["slug"]),
    }


@get(
    "/",
    summary="Public articles",
    dependencies={"params": Provide(query(ArticleQuery), sync_to_thread=False)},
)
async def list_articles(
    request: CMSRequest, params: NamedDependency[ArticleQuery], site_url: NamedDependency[str]
) -> Answer[ArticleList]:
    """Newest first unless sorted otherwise."""
    order = ORDERS[params.sort]
    moment = now()
    text = await finding.engine().live("article", params.q, moment) if params.q else Narrowing()
    wanted = PublicFilter(tag=params.tag, author=params.author, lang=params.lang, found=text)
    found = await Article.list_public(wanted, order, params, moment, ArticleSummary.PROJECTION)
    rows, site = split_site(found)
    total = None
    if params.total:
        counted = [row["total"] for row in rows if row["_id"] == "total"]
        rows = [row for row in rows if row["_id"] != "total"]
        total = counted[0] if counted else 0
    rows, page = order.page(rows, params, total)
    names = ArticleSummary.PROJECTION
    items = [ArticleSummary(**_fields(row, names, site, site_url)) for row in rows]
    view = ArticleList(items=items, page=page)
    return fresh(request, view, headers=links(request, params, page))


@get("/{slug:str}", summary="One public article", responses={200: SOURCE})
async def get_article(
    request: CMSRequest, slug: FromPath[str], site_url: NamedDependency[str]
) -> Answer[ArticleView]:
    """A former slug answers 308 with the present one; `{slug}.md` is the source as written."""
    if slug.endswith(".md"):
        return await _source(request, slug.removesuffix(".md"))
    moment = now()
    rows, site = split_site(await Article.find_public(slug, ArticleView.PROJECTION))
    row = rows[0] if rows else None
    if row is None or not is_readable_row(row, moment):
        raise NotFound
    if row["slug"] != slug:
        if slug not in row["former_slugs"]:  # the slug of a change that is not published yet
            raise NotFound
        raise Moved(f"/api/v1/articles/{row['slug']}")
    view = ArticleView(**_fields(row, ArticleView.PROJECTION, site, site_url))
    return fresh(request, view)


async def _source(request: CMSRequest, slug: str) -> Answer[Any]:
    row = await Article.find_source(slug, now())
    if row is None:
        raise NotFound
    body = row["live"]["markdown"].encode()
    media_type = "text/markdown"
    return fresh_bytes(request, body, media_type, row["live"]["updated_at"])


router = Router("/articles", route_handlers=[list_articles, get_article], tags=["articles"])

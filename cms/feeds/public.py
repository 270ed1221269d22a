"""Feeds, sitemaps, robots.txt and llms.txt, for Nginx to serve on the site's own host.

A feed takes two queries (the articles with the site, the last change), the sitemap's index seven
(one per sort of things, the last change), a file of it four, llms.txt four, robots.txt none.
"""

import re
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import FromPath

from cms.articles.pipelines import PublicFilter
from cms.core.db import now
from cms.core.errors import NotFound
from cms.core.http import Answer, CMSRequest, fresh_bytes
from cms.core.queries import query
from cms.feeds import documents, formats, links, sitemaps
from cms.feeds.addresses import absolute
from cms.feeds.schemas import Feed, FeedQuery, Item
from cms.feeds.sitemaps import Place
from cms.media import showing
from cms.site.documents import SiteContent

Row = dict[str, Any]
RSS: Final = "application/rss+xml"
ATOM: Final = "application/atom+xml"
JSON: Final = "application/feed+json"
# Of every event that makes them wrong, one of its keys is among these.
IN_FEEDS: Final = ("articles", "profiles", "media", "site")
IN_SITEMAPS: Final = (
    *("articles", "projects", "pages", "profiles", "tags", "series", "media", "site"),
)
FILE_NAME: Final = re.compile(r"([a-z]{4,8})-([1-9][0-9]{0,4})\.xml")
# Ids that last, whatever becomes of slug and domain.
IDENTS: Final = uuid.UUID("6f8f5a0c-3f0e-5d5b-9d0e-6b1c2a7e4d11")
ASKED: Final = {"params": Provide(query(FeedQuery), sync_to_thread=False)}


def _told(media_type: str, example: Any) -> dict[int, ResponseSpec]:
    return {200: ResponseSpec(str, media_type=media_type, examples=[Example(value=example)])}


async def _feed(
    request: CMSRequest,
    params: FeedQuery,
    base: str,
    write: Callable[[Feed], bytes],
    media_type: str,
) -> Answer[None]:
    moment = now()
    changed_at = await documents.last_change(moment)
    wanted = PublicFilter(tag=params.tag, author=params.author, lang=params.lang)
    rows, site = await documents.newest(wanted, documents.ITEMS, moment, documents.IN_A_FEED)
    items = [_item(row, site, base) for row in rows]
    asked = {name: value for name, value in params.model_dump().items() if value is not None}
    found = Feed(
        title=" · ".join([site.title, *_narrowed(params, rows)]),
        description=site.description,
        lang=params.lang or site.languages[0],
        home=base + "/",
        address=base + request.url.path.rstrip("/") + (f"?{urlencode(asked)}" if asked else ""),
        items=items,
    )
    return fresh_bytes(request, write(found), media_type, changed_at, keys=IN_FEEDS)


def _narrowed(params: FeedQuery, rows: list[Row]) -> list[str]:
    """What a narrowed feed is about, by name where an article tells it."""
    names: dict[tuple[str, str], str] = {
        **{("tag", card["slug"]): card["name"] for row in rows for card in row["tag_cards"]},
        **{
            ("author", slug): card["name"]
            for row in rows
            for card in row["author_cards"]
            for slug in card["slugs"]
        },
    }
    found = [names.get(("tag", params.tag)) or params.tag] if params.tag else []
    if params.author is not None:
        found.append(names.get(("author", params.author)) or params.author)
    return [*found, *([params.lang] if params.lang else [])]


def _item(row: Row, site: SiteContent, base: str) -> Item:
    url = site.url(base, "article", row["lang"], row["slug"])
    authors = {slug: card for card in row["author_cards"] for slug in card["slugs"]}
    tags = {card["slug"]: card["name"] for card in row["tag_cards"]}
    return Item(
        ident=f"urn:uuid:{uuid.uuid5(IDENTS, str(row['_id']))}",
        url=url,
        title=row["title"],
        lang=row["lang"],
        summary=row["excerpt"],
        html=absolute(showing.filled(row["html"], showing.by_ref(row), row["lang"]), url),
        authors=[
            (
                authors[slug]["name"],
                site.url(base, "profile", row["lang"], authors[slug]["slug"]),
            )
            for slug in row["author_slugs"]
            if slug in authors
        ],
        tags=[tags[slug] for slug in row["tag_slugs"] if slug in tags],
        published_at=row["published_at"],
        updated_at=max(row["updated_at"], row["published_at"]),
    )


@get(
    "/feed.xml",
    summary="RSS 2.0",
    dependencies=ASKED,
    responses=_told(
        RSS, '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel/></rss>\n'
    ),
)
async def get_rss(
    request: CMSRequest, params: NamedDependency[FeedQuery], site_url: NamedDependency[str]
) -> Answer[None]:
    """The 20 newest articles, whole; narrowed by tag, author and language."""
    return await _feed(request, params, site_url, formats.rss, RSS)


@get(
    "/atom.xml",
    summary="Atom",
    dependencies=ASKED,
    responses=_told(ATOM, '<feed xmlns="http://www.w3.org/2005/Atom"/>\n'),
)
async def get_atom(
    request: CMSRequest, params: NamedDependency[FeedQuery], site_url: NamedDependency[str]
) -> Answer[None]:
    """As the RSS feed, by RFC 4287."""
    return await _feed(request, params, site_url, formats.atom, ATOM)


@get(
    "/feed.json",
    summary="JSON Feed 1.1",
    dependencies=ASKED,
    responses=_told(
        JSON, {"version": "https://jsonfeed.org/version/1.1", "title": "Juri", "items": []}
    ),
)
async def get_json_feed(
    request: CMSRequest, params: NamedDependency[FeedQuery], site_url: NamedDependency[str]
) -> Answer[None]:
    """As the RSS feed, by jsonfeed.org."""
    return await _feed(request, params, site_url, formats.json_feed, JSON)


@get(
    "/sitemap.xml",
    summary="The sitemap's index",
    responses=_told("application/xml", "<sitemapindex/>\n"),
)
async def get_sitemap(request: CMSRequest, site_url: NamedDependency[str]) -> Answer[None]:
    """Names every file, of at most 10,000 addresses each."""
    moment = now()
    changed_at = await documents.last_change(moment)
    addresses = [
        f"{site_url}/sitemaps/{name}-{number}.xml"
        for name, files in (await documents.count_files(moment)).items()
        for number in range(1, files + 1)
    ]
    body = sitemaps.index(addresses)
    return fresh_bytes(request, body, "application/xml", changed_at, keys=IN_SITEMAPS)


@get(
    "/sitemaps/{name:str}",
    summary="One file of the sitemap",
    responses=_told("application/xml", "<urlset/>\n"),
)
async def get_sitemap_file(
    request: CMSRequest, name: FromPath[str], site_url: NamedDependency[str]
) -> Answer[None]:
    """Named by the index; what asks search engines to stay away is not in it."""
    moment = now()
    shape = FILE_NAME.fullmatch(name)
    sort = documents.located(shape[1], moment) if shape else None
    if shape is None or sort is None:
        raise NotFound
    changed_at = await documents.last_change(moment)
    rows, site = await documents.in_file(sort, int(shape[2]))
    groups = [row["group_id"] for row in rows if row.get("group_id")]
    siblings = await documents.translations(sort, groups, moment) if groups else {}
    shown = [row["picture"] for row in rows if row.get("picture")]
    keys = await documents.pictures(shown) if shown else {}
    places = [_place(sort.kind, row, siblings, keys, (site, site_url)) for row in rows]
    if name == "pages-1.xml":
        places.insert(0, Place(url=f"{site_url}/"))
    if not places:
        raise NotFound
    body = await sitemaps.file(places)
    return fresh_bytes(request, body, "application/xml", changed_at, keys=IN_SITEMAPS)


def _place(
    kind: str,
    row: Row,
    siblings: dict[Any, dict[str, str]],
    keys: dict[str, str],
    where: tuple[SiteContent, str],
) -> Place:
    site, base = where
    main = site.languages[0]
    slugs = siblings.get(row.get("group_id"), {})
    alternates = {lang: site.url(base, kind, lang, slugs[lang]) for lang in sorted(slugs)}
    if main in alternates:
        alternates["x-default"] = alternates[main]
    url = site.url(base, kind, row.get("lang", main), row["slug"])
    key = keys.get(row.get("picture") or "")
    images = [showing.address(key)] if key else []
    return Place(url=url, changed_at=_changed_at(row, kind), alternates=alternates, images=images)


def _changed_at(row: Row, kind: str) -> datetime | None:
    """A tag's page changes with its articles, not with its name."""
    return None if kind in {"tag", "series"} else row["updated_at"]


@get("/robots.txt", summary="robots.txt", responses=_told("text/plain", "User-agent: *\n"))
async def get_robots(request: CMSRequest, site_url: NamedDependency[str]) -> Answer[None]:
    return fresh_bytes(request, links.robots(site_url), "text/plain")


@get("/llms.txt", summary="llms.txt", responses=_told("text/plain", "# Juri\n"))
async def get_llms(
    request: CMSRequest, site_url: NamedDependency[str], address: NamedDependency[str]
) -> Answer[None]:
    """What there is to read, as Markdown for language models (llmstxt.org)."""
    moment = now()
    changed_at = await documents.last_change(moment)
    rows, site = await documents.newest(
        PublicFilter(), documents.LINKED, moment, documents.IN_A_LIST
    )
    pages, projects = await documents.everything_else(moment)

    def listed(kind: str, found: list[Row], about: str) -> list[str]:
        return [
            links.link(
                row["title"],
                site.url(site_url, kind, row["lang"], row["slug"]),
                row.get(about) or "",
            )
            for row in found
        ]

    source = f"The Markdown of an article is at {address}/api/v1/articles/SLUG.md"
    sections = [
        ("Articles", listed("article", rows, "excerpt")),
        ("Projects", listed("project", projects, "summary")),
        ("Pages", listed("page", pages, "")),
    ]
    body = links.llms(site.title, site.description, source, sections)
    return fresh_bytes(request, body, "text/plain", changed_at, keys=IN_SITEMAPS)


router = Router(
    "/",
    route_handlers=[
        *(get_rss, get_atom, get_json_feed),
        *(get_sitemap, get_sitemap_file, get_robots, get_llms),
    ],
    tags=["feeds"],
)

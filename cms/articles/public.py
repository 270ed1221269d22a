"""Anonymous reads of articles: one query for a list or a source, three for an article.

A list with `q` takes up to two more.

A list by `year` or with `fallback` reads the site's settings first: two. One with `q` or `fallback`
may be read twice where it ends.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import get
from litestar.di import NamedDependency, Provide

from cms.articles.documents import Article, live_copy
from cms.articles.json_ld import Posting, blog_posting
from cms.articles.pipelines import (
    BY_POSITION,
    BY_PUBLICATION,
    BY_PUBLICATION_OLDEST_FIRST,
    JOINS,
    PublicFilter,
)
from cms.articles.schemas import (
    ArticleList,
    ArticleQuery,
    ArticleRef,
    ArticleSummary,
    ArticleView,
)
from cms.core import finding
from cms.core.db import now
from cms.core.errors import FieldError, Malformed
from cms.core.http import Answer, CMSRequest, fresh, fresh_bytes
from cms.core.queries import links, query
from cms.media import cards as link_cards
from cms.media import showing
from cms.media.cards import Card
from cms.media.schemas import ImageView
from cms.profiles.schemas import AuthorRef
from cms.publishing import public
from cms.publishing.rows import split_total
from cms.site.documents import Site, SiteContent, split_site
from cms.tags.schemas import SeriesPlace, TagRef

ORDERS = {
    "-published_at": BY_PUBLICATION,
    "published_at": BY_PUBLICATION_OLDEST_FIRST,
    "position": BY_POSITION,
}
Row = dict[str, Any]
# An event of a tag or a series names the articles as well.
LISTED = ("articles", "profiles", "media", "site")


def _fields(row: Row, names: Any, site: SiteContent, base: str) -> Row:
    """A projected row as the fields of a view; authors and tags in the author's order."""
    authors = {slug: card for card in row.get("author_cards", []) for slug in card["slugs"]}
    tags = {card["slug"]: card for card in row.get("tag_cards", [])}
    return {
        **public.fields("article", row, names, site, base),
        "cover": showing.image(showing.by_ref(row), row.get("cover_id"), row["lang"], "cover"),
        "authors": [
            AuthorRef(
                slug=authors[slug]["slug"],
                name=authors[slug]["name"],
                avatar=_avatar(authors[slug], row["lang"]),
            )
            for slug in row["author_slugs"]
            if slug in authors
        ],
        "tags": [
            TagRef(slug=slug, name=tags[slug]["name"]) for slug in row["tag_slugs"] if slug in tags
        ],
        "series": _series(row),
    }


def _avatar(card: Row, lang: str) -> ImageView | None:
    return showing.image(showing.by_ref(card), card.get("avatar_id"), lang, "avatar")


def _series(row: Row) -> SeriesPlace | None:
    cards = row.get("series_cards")
    if not cards:
        return None
    return SeriesPlace(**cards[0], position=row["place"]["position"])


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
    picked = _picked(params)
    names = dict(ArticleSummary.PROJECTION)
    if params.include == "html":
        names["html"] = "$live.html"
    joined = [name for name in JOINS if picked is None or name in picked]
    moment = now()
    wanted = await _wanted(params)
    if params.q:
        text = await finding.engine().live("article", params.q, moment)
        wanted = replace(wanted, found=text)
    found = await Article.list_public(wanted, order, params, moment, names, joined=joined)
    rows, site = split_site(found)
    rows, total = split_total(rows, params)
    rows, page = order.page(rows, params, total)
    items = [ArticleSummary(**_fields(row, names, site, site_url)) for row in rows]
    view = ArticleList(items=items, page=page)
    headers = links(request, params, page)
    if picked is None:
        return fresh(request, view, keys=LISTED, headers=headers)
    body = view.model_dump_json(include={"items": {"__all__": picked}, "page": True})
    return fresh_bytes(request, body.encode(), "application/json", headers=headers, keys=LISTED)


def _picked(params: ArticleQuery) -> set[str] | None:
    """The fields asked for; None is all of them.

    Raises:
        Malformed: naming the fields that a summary does not have.
    """
    if params.fields is None:
        return None
    known = set(ArticleSummary.model_fields) - {"html"}
    asked = params.fields.split(",")
    if unknown := [name for name in dict.fromkeys(asked) if name not in known]:
        listed = ", ".join(repr(name) for name in unknown)
        code = "unknown_field"
        errors = [FieldError("fields", f"there is no field {name!r}", code) for name in unknown]
        there = f"There are: {', '.join(sorted(known))}."
        raise Malformed(f"Unknown field {listed}. {there}", code=code, errors=errors)
    return {*asked, *(["html"] if params.include == "html" else [])}


async def _wanted(params: ArticleQuery) -> PublicFilter:
    since = until = None
    fallbacks: list[str] = []
    if params.year is not None or params.fallback:
        site = (await Site.load()).content
        fallbacks = site.fallback_languages if params.fallback else []
        if params.year is not None:
            zone = ZoneInfo(site.time_zone)
            since, until = (
                datetime(year, 1, 1, tzinfo=zone).astimezone(UTC)
                for year in (params.year, params.year + 1)
            )
    return PublicFilter(
        tag=params.tag,
        author=params.author,
        lang=params.lang,
        series=params.series,
        featured=params.featured,
        since=since,
        until=until,
        fallbacks=tuple(fallbacks),
    )


async def _around(row: Row, moment: datetime) -> list[Row]:
    alike = await finding.engine().alike("article", row["_id"], row["lang"], moment)
    return await Article.find_around(row, moment, ArticleSummary.PROJECTION, alike)


def _keys(view: ArticleView) -> list[str]:
    """Its own, those of what it names, and of each related article, whose author may be renamed.

    Any article that is published or taken back may become a related one, or be none any more.
    """
    found = ["articles", "site"]
    for each in (view, *view.related):
        # By its slug, too: so pictures name what shows them.
        found += [f"article:{each.id}", f"article:{each.slug}"]
        found += [f"profile:{author.slug}" for author in each.authors]
        found += [f"tag:{tag.slug}" for tag in each.tags]
        found += [f"series:{each.series.slug}"] if each.series else []
    return found


def view_of(row: Row, around: list[Row], site: SiteContent, base: str) -> ArticleView:
    """A row of `Article.find_shown` and those of `Article.find_around` as readers get them."""
    shown = _fields(row, ArticleView.PROJECTION, site, base)
    cards = showing.by_ref(row)
    og_image = showing.image(cards, row.get("cover_id"), row["lang"], "og")
    if og_image is None:
        og_image = showing.card_image(card_of(shown, site), "article", row["slug"])
    shown["seo"] = {**shown["seo"], "og_image": og_image}
    refs = {found["role"]: _ref(found, site, base) for found in around if "title" in found}
    related = [
        ArticleSummary(**_fields(found, ArticleSummary.PROJECTION, site, base))
        for found in around
        if found["role"] == "related"
    ]
    return ArticleView(
        **shown,
        json_ld=_json_ld(shown, og_image, site, base),
        translations=public.translations("article", row, site, base),
        previous=refs.get("previous"),
        next=refs.get("next"),
        series_previous=refs.get("series_previous"),
        series_next=refs.get("series_next"),
        related=related,
    )


def card_of(shown: Row, site: SiteContent) -> Card:
    """What is drawn for an article without a cover."""
    byline = ", ".join(author.name for author in shown["authors"])
    return link_cards.made_of(shown["title"], byline, site.card(), shown["lang"])


async def find_card(slug: str, moment: datetime) -> tuple[str, Card]:
    """The present slug and card of a readable article; raises as `public.find`."""
    row, site = await public.find(SHELF, slug, moment)
    return row["slug"], card_of(_fields(row, ArticleView.PROJECTION, site, ""), site)


def _ref(row: Row, site: SiteContent, base: str) -> ArticleRef:
    url = site.url(base, "article", row["lang"], row["slug"])
    return ArticleRef(slug=row["slug"], lang=row["lang"], title=row["title"], url=url)


def _json_ld(shown: Row, image: ImageView, site: SiteContent, base: str) -> Row:
    seo, lang, series = shown["seo"], shown["lang"], shown["series"]
    return blog_posting(
        Posting(
            title=seo["title"] or shown["title"],
            description=seo["description"] or shown["excerpt"],
            url=seo["canonical_url"] or shown["url"],
            page=shown["url"],
            lang=lang,
            published_at=shown["published_at"],
            updated_at=shown["updated_at"],
            word_count=shown["word_count"],
            authors=[
                (author.name, site.url(base, "profile", lang, author.slug))
                for author in shown["authors"]
            ],
            keywords=[tag.name for tag in shown["tags"]],
            series=(series.title, site.url(base, "series", lang, series.slug)) if series else None,
            publisher=site.title,
            site_url=base,
            image=image.model_dump(),
        )
    )


SHELF = public.Shelf(
    kind="article",
    document=Article,
    view=ArticleView,
    shown=view_of,
    live_copy=live_copy,
    around=_around,
    keys=_keys,
)
router = public.router(SHELF, list_articles)

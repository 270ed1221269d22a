"""What articles add to the verbs of `publishing`: their shapes, references and rendering."""

from dataclasses import asdict
from datetime import datetime

from cms.accounts.actor import Actor
from cms.accounts.permissions import Permission
from cms.articles.documents import (
    Article,
    ArticleContent,
    CopyFilter,
    Measures,
    live_copy,
)
from cms.articles.schemas import (
    ArticleAdmin,
    ArticleAdminQuery,
    ArticleAdminSummary,
    ArticleInput,
    LiveArticleView,
    RenderView,
)
from cms.core import pictures
from cms.core.paging import Keyset, Page
from cms.media import reading as media
from cms.media import showing
from cms.media.documents import Media
from cms.profiles import service as profiles
from cms.publishing import service as publishing
from cms.publishing import shown
from cms.publishing.documents import BY_CHANGE
from cms.publishing.service import Kind
from cms.site import service as site
from cms.tags import service as tags
from cms.tags.documents import is_internal

ORDERS = {
    "-updated_at": BY_CHANGE,
    "updated_at": Keyset("updated_at"),
    "-created_at": Keyset("created_at", descending=True),
    "created_at": Keyset("created_at"),
    "title": Keyset("working.title", kind="text"),
    "-title": Keyset("working.title", descending=True, kind="text"),
}


def show(article: Article, now: datetime) -> ArticleAdmin:
    live = {"excerpt": article.live.summary} if article.live else {}
    return shown.working(
        ArticleAdmin,
        LiveArticleView,
        article,
        now,
        live_as=live,
        word_count=article.measures.word_count,
        reading_minutes=article.measures.reading_minutes,
        derived_excerpt=article.measures.excerpt,
    )


def show_row(article: Article, now: datetime) -> ArticleAdminSummary:
    count = article.measures.word_count
    return shown.row(ArticleAdminSummary, article, now, word_count=count)


async def list_all(
    actor: Actor, params: ArticleAdminQuery, now: datetime
) -> tuple[list[Article], Page]:
    wanted = CopyFilter(
        status=params.status,
        owner_id=shown.whose(actor),
        tag=params.tag,
        author=params.author,
        lang=params.lang,
        series=params.series,
        featured=params.featured,
    )
    return await shown.list_wanted(ARTICLES, wanted, ORDERS[params.sort], params, now)


async def render(markdown: str) -> RenderView:
    """What readers would get of a text, its pictures as they are now."""
    rendered = await publishing.render(markdown)
    cards = await Media.cards_of(pictures.named_in(rendered.html))
    html = showing.filled(rendered.html, cards, (await site.get()).content.languages[0])
    return RenderView(**{**asdict(rendered), "html": html})


async def _content(data: ArticleInput, now: datetime) -> ArticleContent:
    authors = await profiles.require(data.author_slugs)
    place = data.series.model_dump() if data.series else None
    if place is not None:
        place["slug"] = await tags.require_series(place["slug"])
    await media.require_one(data.cover_id, "cover_id")
    written = await publishing.written(Article, data)
    # Last: a tag is made by being named.
    tag_slugs = await tags.ensure(data.tag_slugs, now)
    referring = {"author_slugs": authors, "tag_slugs": tag_slugs, "series": place}
    return ArticleContent.model_validate({**written, **referring})


async def _measures(content: ArticleContent) -> dict[str, Measures]:
    rendered = await publishing.render(content.markdown)
    return {
        "measures": Measures(
            excerpt=rendered.excerpt,
            word_count=rendered.word_count,
            reading_minutes=rendered.reading_minutes,
        )
    }


async def _keep_tags(article: Article, now: datetime) -> None:
    """Make a tag again that somebody removed after it was looked at and before this was written.

    Whoever removes it from now on finds the article. Left missing, it would appear to readers of
    this one when another article brings it back, and no event would tell so.
    """
    gone = await tags.missing(article.working.tag_slugs)
    if gone and (present := await Article.by_id(article.item_id)):
        await tags.ensure([slug for slug in present.working.tag_slugs if slug in gone], now)


def _keys(content: ArticleContent) -> list[str]:
    """What else shows the article: its tags, authors and series; internal tags show nothing."""
    return [
        *(f"tag:{slug}" for slug in content.tag_slugs if not is_internal(slug)),
        *(f"profile:{slug}" for slug in content.author_slugs),
        *([f"series:{content.series.slug}"] if content.series else []),
    ]


ARTICLES: Kind[Article, ArticleInput] = Kind(
    name="article",
    document=Article,
    input=ArticleInput,
    write=Permission.ARTICLES_WRITE,
    publish=Permission.ARTICLES_PUBLISH,
    purge=Permission.ARTICLES_PURGE,
    show=show,
    content=_content,
    measures=_measures,
    live_copy=live_copy,
    keep_named=_keep_tags,
    keys=_keys,
)

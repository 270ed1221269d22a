"""What articles add to the verbs of `publishing`: their shapes, references and rendering."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from cms.accounts.permissions import Permission
from cms.articles.documents import Article, ArticleContent, LiveArticle, Measures, Seo
from cms.articles.schemas import (
    ArticleAdmin,
    ArticleAdminSummary,
    ArticleInput,
    LiveView,
    SeoView,
)
from cms.profiles import service as profiles
from cms.publishing import service as publishing
from cms.publishing import shown
from cms.publishing.service import Kind
from cms.site import service as site
from cms.tags import service as tags


def show(article: Article, now: datetime) -> ArticleAdmin:
    working = article.working.model_dump(exclude={"seo"})
    return ArticleAdmin(
        **_state(article, now),
        **working,
        seo=SeoView(**article.working.seo.model_dump()),
        derived_excerpt=article.measures.excerpt,
        reading_minutes=article.measures.reading_minutes,
        trashed_at=article.trashed_at,
        live=_show_live(article.live),
        change_at=article.next.at if article.next else None,
    )


def show_row(article: Article, now: datetime) -> ArticleAdminSummary:
    fields = {"title", "slug", "lang", "author_slugs", "tag_slugs", "featured"}
    return ArticleAdminSummary(**_state(article, now), **article.working.model_dump(include=fields))


def _state(article: Article, now: datetime) -> dict[str, Any]:
    return {**shown.summary(article, now), "word_count": article.measures.word_count}


def _show_live(live: LiveArticle | None) -> LiveView | None:
    if live is None:
        return None
    fields = live.model_dump(exclude={"seo", "toc", "summary", "excerpt", "unpublish_at"})
    return LiveView(
        **fields,
        excerpt=live.summary,
        unpublish_at=shown.or_never(live.unpublish_at),
        seo=SeoView(**live.seo.model_dump()),
    )


async def _content(data: ArticleInput, now: datetime) -> ArticleContent:
    authors = await profiles.require(data.author_slugs)
    lang = data.lang or (await site.get()).content.languages[0]
    tag_slugs = await tags.ensure(data.tag_slugs, now)
    return ArticleContent(
        title=data.title,
        slug=data.slug or "",
        lang=lang,
        markdown=data.markdown,
        excerpt=data.excerpt,
        author_slugs=authors,
        tag_slugs=tag_slugs,
        featured=data.featured,
        seo=Seo(**data.seo.model_dump()),
    )


async def _measures(content: ArticleContent) -> dict[str, Measures]:
    rendered = await publishing.render(content.markdown)
    return {
        "measures": Measures(
            excerpt=rendered.excerpt,
            word_count=rendered.word_count,
            reading_minutes=rendered.reading_minutes,
        )
    }


async def _live(article: Article, publish_at: datetime, now: datetime) -> LiveArticle:
    rendered = await publishing.render(article.working.markdown)
    return LiveArticle(
        **article.working.model_dump(),
        html=rendered.html,
        toc=[asdict(heading) for heading in rendered.toc],
        summary=article.working.excerpt or rendered.excerpt,
        word_count=rendered.word_count,
        reading_minutes=rendered.reading_minutes,
        publish_at=publish_at,
        updated_at=now,
    )


def _keys(content: ArticleContent) -> list[str]:
    """What else shows the article: its tags and authors."""
    return [f"tag:{slug}" for slug in content.tag_slugs] + [
        f"profile:{slug}" for slug in content.author_slugs
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
    live=_live,
    keys=_keys,
)

"""What articles add to the verbs of `publishing`: their shapes, references and rendering."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from cms.accounts.actor import Actor, permit_reading
from cms.accounts.permissions import Permission
from cms.articles.documents import BY_CHANGE, Article, ArticleContent, LiveArticle, Measures, Seo
from cms.articles.schemas import (
    ArticleAdmin,
    ArticleAdminQuery,
    ArticleAdminSummary,
    ArticleInput,
    LiveView,
    SeoView,
)
from cms.core import finding
from cms.core.db import NEVER
from cms.core.finding import Narrowing
from cms.core.paging import Page
from cms.profiles import service as profiles
from cms.publishing import service as publishing
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
    shown = {"title", "slug", "lang", "author_slugs", "tag_slugs", "featured"}
    return ArticleAdminSummary(**_state(article, now), **article.working.model_dump(include=shown))


def _state(article: Article, now: datetime) -> dict[str, Any]:
    live = article.live
    return {
        "id": str(article.id),
        "revision": article.revision,
        "status": article.status(now),
        "has_unpublished_changes": article.has_unpublished_changes(),
        "word_count": article.measures.word_count,
        "publish_at": live.publish_at if live else None,
        "unpublish_at": _or_never(live.unpublish_at) if live else None,
        "published_at": live.publish_at if live and live.publish_at <= now else None,
        "created_at": article.created_at,
        "updated_at": article.updated_at,
        "updated_by": publishing.show_editor(article.updated_by),
    }


def _show_live(live: LiveArticle | None) -> LiveView | None:
    if live is None:
        return None
    fields = live.model_dump(exclude={"seo", "toc", "summary", "excerpt", "unpublish_at"})
    return LiveView(
        **fields,
        excerpt=live.summary,
        unpublish_at=_or_never(live.unpublish_at),
        seo=SeoView(**live.seo.model_dump()),
    )


def _or_never(moment: datetime) -> datetime | None:
    return None if moment == NEVER else moment


async def list_all(
    actor: Actor, params: ArticleAdminQuery, now: datetime
) -> tuple[list[Article], Page]:
    permit_reading(actor)
    owner_id = None if actor.sees_all() else actor.account_id
    text = await finding.engine().drafts("article", params.q, owner_id) if params.q else Narrowing()
    found = await Article.list_admin(params, params.status, owner_id, now, text)
    total = await Article.count_admin(params.status, owner_id, now, text) if params.total else None
    rows, page = BY_CHANGE.page(found, params, total)
    return [Article.model_validate(row) for row in rows], page


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

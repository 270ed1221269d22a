"""The verbs of an article: load, permit, change, write under the guard."""

from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from beanie import PydanticObjectId

from cms.accounts.actor import Actor, permit, permit_reading
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
from cms.core.db import NEVER
from cms.core.errors import Conflict, Forbidden, NotFound, Stale
from cms.core.markdown import Rendered
from cms.core.paging import Page
from cms.core.shapes import Patch
from cms.core.slugs import slugify
from cms.profiles import service as profiles
from cms.publishing import service as publishing
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


async def create(actor: Actor, data: ArticleInput, now: datetime) -> Article:
    """A draft of the actor's own.

    Raises:
        Conflict: the slug is taken.
        Invalid: an author is unknown, or the text can't be rendered.
    """
    permit(actor, Permission.ARTICLES_WRITE, actor.account_id)
    measures = _measures(await publishing.render(data.markdown))
    content = await _content(data, now)
    editor = publishing.editor(actor)

    def build(slug: str) -> Article:
        return Article(
            slugs=[slug],
            owner_id=actor.account_id,
            created_at=now,
            updated_at=now,
            updated_by=editor,
            working=content.model_copy(update={"slug": slug}),
            measures=measures,
        )

    return await publishing.create_under_slug(Article, data.slug, slugify(data.title), build)


async def get(actor: Actor, ident: PydanticObjectId) -> Article:
    """One working copy.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
    """
    permit_reading(actor)
    article = await publishing.load(Article, ident)
    if not actor.sees_all() and article.owner_id != actor.account_id:
        raise NotFound
    return article


async def list_all(
    actor: Actor, params: ArticleAdminQuery, now: datetime
) -> tuple[list[Article], Page]:
    permit_reading(actor)
    owner_id = None if actor.sees_all() else actor.account_id
    found = await Article.list_admin(params, params.status, owner_id, now)
    total = await Article.count_admin(params.status, owner_id, now) if params.total else None
    rows, page = BY_CHANGE.page(found, params, total)
    return [Article.model_validate(row) for row in rows], page


async def update(
    actor: Actor,
    ident: PydanticObjectId,
    revision: int,
    patch: Patch[ArticleInput],
    now: datetime,
) -> Article:
    """Merge the patch into the working copy; what readers see stays as it is.

    Raises:
        Stale: somebody saved in between.
        Conflict: the slug is taken, or the article lies in the trash.
        Invalid: naming the fields.
    """
    article = await _to_write(actor, ident, revision, now)
    _not_in_trash(article)
    current = ArticleInput.model_validate_json(article.working.model_dump_json())
    data = patch.apply(current)
    content = await _content(data, now)
    if not content.slug:
        content = content.model_copy(update={"slug": slugify(data.title)})
    edited = article.edited(content, publishing.editor(actor), now)
    if content.markdown != article.working.markdown:
        measures = _measures(await publishing.render(content.markdown))
        edited = edited.model_copy(update={"measures": measures})
    return await _write(article, edited, now)


async def publish(
    actor: Actor, ident: PydanticObjectId, revision: int, at: datetime | None, now: datetime
) -> Article:
    """Put the working copy live, now or at a time; a time in the past dates it back.

    Raises:
        Stale: somebody saved in between.
        Conflict: it is live already and `at` lies ahead, or it lies in the trash.
    """
    article = await _to_publish(actor, ident, revision, now)
    _not_in_trash(article)
    if article.is_readable(now) and at is not None and at > now:
        raise Conflict(
            "Readers see this article already. Publish the change now, or unpublish first.",
            code="already_published",
        )
    rendered = await publishing.render(article.working.markdown)
    live = LiveArticle(
        **article.working.model_dump(),
        html=rendered.html,
        toc=[asdict(heading) for heading in rendered.toc],
        summary=article.working.excerpt or rendered.excerpt,
        word_count=rendered.word_count,
        reading_minutes=rendered.reading_minutes,
        publish_at=at or _first_seen(article, now) or now,
        updated_at=now,
    )
    return await _write(article, article.published(live, publishing.editor(actor), now), now)


async def unpublish(
    actor: Actor, ident: PydanticObjectId, revision: int, at: datetime | None, now: datetime
) -> Article:
    """Take it from readers, now or at a time ahead.

    Raises:
        Stale: somebody saved in between.
        Conflict: it is neither live nor scheduled.
    """
    article = await _to_publish(actor, ident, revision, now)
    if not article.is_live_or_scheduled(now):
        raise Conflict("This article is not published.", code="not_published")
    after = article.unpublished(max(at or now, now), publishing.editor(actor), now)
    return await _write(article, after, now)


async def discard_draft(
    actor: Actor, ident: PydanticObjectId, revision: int, now: datetime
) -> Article:
    """Make the working copy what is live again.

    Raises:
        Conflict: it was never published.
    """
    article = await _to_write(actor, ident, revision, now)
    _not_in_trash(article)
    if article.live is None:
        raise Conflict("This article was never published.", code="not_published")
    live = article.live
    content = ArticleContent.model_validate(
        live.model_dump(include=set(ArticleContent.model_fields))
    )
    measures = Measures(
        excerpt=live.summary, word_count=live.word_count, reading_minutes=live.reading_minutes
    )
    after = article.edited(content, publishing.editor(actor), now)
    return await _write(article, after.model_copy(update={"measures": measures}), now)


async def trash(actor: Actor, ident: PydanticObjectId, revision: int, now: datetime) -> Article:
    """Move it to the trash, out of readers' sight."""
    article = await _to_write(actor, ident, revision, now)
    _not_in_trash(article)
    return await _write(article, article.trashed(publishing.editor(actor), now), now)


async def restore(actor: Actor, ident: PydanticObjectId, revision: int, now: datetime) -> Article:
    """Take it out of the trash; it stays out of readers' sight until it is published again.

    Raises:
        Conflict: it is not in the trash.
    """
    article = await _to_write(actor, ident, revision, now)
    if article.trashed_at is None:
        raise Conflict("This article is not in the trash.", code="not_trashed")
    return await _write(article, article.restored(publishing.editor(actor), now), now)


async def purge(actor: Actor, ident: PydanticObjectId, revision: int, now: datetime) -> None:
    """Remove it for good; only from the trash.

    Raises:
        Conflict: it is not in the trash.
    """
    permit(actor, Permission.ARTICLES_PURGE)
    article = await publishing.load_revision(Article, ident, revision, _shower(now))
    if article.trashed_at is None:
        raise Conflict("Move the article to the trash first.", code="not_trashed")
    if not await article.delete_guarded():
        current = await publishing.load(Article, ident)
        raise Stale(show(current, now).model_dump(mode="json"))


def _first_seen(article: Article, now: datetime) -> datetime | None:
    """When readers first saw it: publishing again does not make an article new."""
    live = article.live
    return live.publish_at if live is not None and live.publish_at <= now else None


def _measures(rendered: Rendered) -> Measures:
    return Measures(
        excerpt=rendered.excerpt,
        word_count=rendered.word_count,
        reading_minutes=rendered.reading_minutes,
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


async def _to_write(actor: Actor, ident: PydanticObjectId, revision: int, now: datetime) -> Article:
    article = await get(actor, ident)
    permit(actor, Permission.ARTICLES_WRITE, article.owner_id)
    if article.is_live_or_scheduled(now) and not actor.may(
        Permission.ARTICLES_PUBLISH, article.owner_id
    ):
        _refuse_live(actor)
    return await publishing.load_revision(Article, ident, revision, _shower(now))


def _refuse_live(actor: Actor) -> None:
    """A contributor's own draft is no longer theirs once readers see it."""
    if actor.role == "contributor":
        raise Forbidden("This article is published: an editor has to change it.")


async def _to_publish(
    actor: Actor, ident: PydanticObjectId, revision: int, now: datetime
) -> Article:
    article = await get(actor, ident)
    permit(actor, Permission.ARTICLES_PUBLISH, article.owner_id)
    return await publishing.load_revision(Article, ident, revision, _shower(now))


def _not_in_trash(article: Article) -> None:
    if article.trashed_at is not None:
        raise Conflict("This article lies in the trash: restore it first.", code="trashed")


def _shower(now: datetime) -> Any:
    return partial(show, now=now)


async def _write(before: Article, after: Article, now: datetime) -> Article:
    return await publishing.write(before, after, _shower(now))

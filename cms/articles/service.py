"""What articles add to the verbs of `publishing`: their shapes, references and rendering."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId

from cms.accounts.actor import Actor
from cms.accounts.permissions import Permission
from cms.articles.documents import (
    Article,
    ArticleContent,
    CopyFilter,
    LiveArticle,
    Measures,
    Place,
    Seo,
    live_copy,
)
from cms.articles.schemas import (
    ArticleAdmin,
    ArticleAdminQuery,
    ArticleAdminSummary,
    ArticleInput,
    LiveView,
    RenderView,
    SeoView,
    TranslationAdmin,
    TranslationList,
)
from cms.core import pictures
from cms.core.errors import Conflict, Invalid
from cms.core.paging import Keyset, Page
from cms.media import reading as media
from cms.media import showing
from cms.media.documents import Media
from cms.profiles import service as profiles
from cms.publishing import service as publishing
from cms.publishing import shown
from cms.publishing.documents import BY_CHANGE
from cms.publishing.service import Kind, Seen
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
HIDDEN = {"seo", "toc", "summary", "excerpt", "unpublish_at", "group_id", "text_at", "media_ids"}


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
    hidden = {"markdown", "excerpt", "seo"}
    return ArticleAdminSummary(**_state(article, now), **article.working.model_dump(exclude=hidden))


def _state(article: Article, now: datetime) -> dict[str, Any]:
    return {**shown.summary(article, now), "word_count": article.measures.word_count}


def _show_live(live: LiveArticle | None) -> LiveView | None:
    if live is None:
        return None
    fields = live.model_dump(exclude=HIDDEN)
    return LiveView(
        **fields,
        excerpt=live.summary,
        unpublish_at=shown.or_never(live.unpublish_at),
        seo=SeoView(**live.seo.model_dump()),
    )


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


async def translations(actor: Actor, ident: PydanticObjectId, now: datetime) -> TranslationList:
    """The group that the article stands in, as far as the actor may see it."""
    article = await publishing.get(ARTICLES, actor, ident)
    group = article.group_id or ident
    members = await Article.in_group(group)
    source = next((member for member in members if member.id == group), None)
    visible = [
        member for member in members if actor.sees_all() or member.owner_id == actor.account_id
    ]
    return TranslationList(items=[_show_member(member, source, now) for member in visible])


def _show_member(member: Article, source: Article | None, now: datetime) -> TranslationAdmin:
    state = _state(member, now)
    told = ("id", "revision", "status", "updated_at", "published_at")
    return TranslationAdmin(
        **{name: state[name] for name in told},
        **member.working.model_dump(include={"lang", "title", "slug"}),
        is_source=source is not None and member.id == source.id,
        is_outdated=member.is_outdated(source),
    )


async def confirm_translation(actor: Actor, seen: Seen, now: datetime) -> Article:
    """Say that the translation needs no change after its source's.

    Raises:
        Conflict: it translates nothing, or lies in the trash.
    """
    article = await publishing.to_write(ARTICLES, actor, seen, now)
    publishing.not_in_trash(article)
    if article.working.translation_of is None:
        raise Conflict("It translates nothing.", code="not_a_translation")

    async def move(before: Article) -> Article:
        return before.confirmed(publishing.editor(actor), now)

    verb = "translation_confirmed"
    return await publishing.write(ARTICLES, article, move, actor, verb=verb, now=now)


async def render(markdown: str) -> RenderView:
    """What readers would get of a text, its pictures as they are now."""
    rendered = await publishing.render(markdown)
    cards = await Media.cards_of(pictures.named_in(rendered.html))
    html = showing.filled(rendered.html, cards, (await site.get()).content.languages[0])
    return RenderView(**{**asdict(rendered), "html": html})


async def _content(data: ArticleInput, now: datetime) -> ArticleContent:
    authors = await profiles.require(data.author_slugs)
    lang = data.lang or (await site.get()).content.languages[0]
    place = data.series
    series = (
        Place(slug=await tags.require_series(place.slug), position=place.position)
        if place
        else None
    )
    source = await _group(data.translation_of) if data.translation_of else None
    tag_slugs = await tags.ensure(data.tag_slugs, now)
    return ArticleContent(
        title=data.title,
        slug=data.slug or "",
        lang=lang,
        markdown=data.markdown,
        excerpt=data.excerpt,
        author_slugs=authors,
        tag_slugs=tag_slugs,
        series=series,
        featured=data.featured,
        cover_id=await media.require_one(data.cover_id, "cover_id"),
        seo=Seo(**data.seo.model_dump()),
        translation_of=source,
    )


async def _group(ref: str) -> str:
    group = await Article.group_named(ref)
    if group is None:
        raise Invalid.of("translation_of", f"there is no article {ref!r}", "unknown_article")
    return str(group)


async def _fits(article: Article, content: ArticleContent) -> None:
    """Groups are flat: a source stays one while something translates it.

    Raises:
        Invalid: the article would translate itself, or leave its translations behind.
    """
    if content.translation_of is None or article.id is None:
        return
    if content.translation_of == str(article.id):
        raise Invalid.of("translation_of", "an article can't translate itself", "own_translation")
    if await Article.has_translations(article.id):
        message = "it has translations of its own"
        raise Invalid.of("translation_of", message, "has_translations")


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
    return live_copy(article, article.working, rendered, publish_at, now)


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
    live=_live,
    keys=_keys,
    fits=_fits,
    own=("slug", "translation_of"),
)

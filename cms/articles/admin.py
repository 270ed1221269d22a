"""Routes that manage articles."""

from dataclasses import asdict
from typing import Any

from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from cms.accounts.actor import Actor, permit_reading
from cms.articles import service
from cms.articles.documents import Article
from cms.articles.schemas import (
    ArticleAdmin,
    ArticleAdminList,
    ArticleAdminQuery,
    ArticleInput,
    RenderInput,
    RenderView,
    TranslationList,
)
from cms.articles.service import ARTICLES
from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.core.paging import ListQuery
from cms.core.queries import links, object_id, query
from cms.core.shapes import Patch
from cms.history import service as history
from cms.history.schemas import Difference, RevisionList, RevisionView
from cms.publishing import service as publishing
from cms.publishing import verbs
from cms.publishing.schemas import At, DiffQuery
from cms.publishing.service import Seen


def _answer(article: Article, status: int = 200, **headers: Any) -> Answer[ArticleAdmin]:
    view = service.show(article, now())
    return Answer.of(view, status=status, revision=article.revision, headers=headers)


def _seen(article_id: str, revision: int) -> Seen:
    return Seen(object_id(article_id), revision)


@get(
    "/",
    summary="Working copies",
    dependencies={"params": Provide(query(ArticleAdminQuery), sync_to_thread=False)},
)
async def list_admin_articles(
    request: CMSRequest, actor: NamedDependency[Actor], params: NamedDependency[ArticleAdminQuery]
) -> Answer[ArticleAdminList]:
    """Last changed first; authors and contributors see their own."""
    moment = now()
    articles, page = await service.list_all(actor, params, moment)
    rows = [service.show_row(article, moment) for article in articles]
    view = ArticleAdminList(items=rows, page=page)
    return Answer.of(view, headers=links(request, params, page))


@post("/", summary="Start an article")
async def create_article(
    actor: NamedDependency[Actor], data: JSONBody[ArticleInput]
) -> Answer[ArticleAdmin]:
    """A draft; needs only `title`."""
    article = await verbs.create(ARTICLES, actor, data, now(), data.title)
    return _answer(article, 201, Location=f"/api/v1/admin/articles/{article.id}")


@get("/{article_id:str}", summary="One working copy")
async def get_admin_article(
    actor: NamedDependency[Actor], article_id: FromPath[str]
) -> Answer[ArticleAdmin]:
    return _answer(await publishing.get(ARTICLES, actor, object_id(article_id)))


@patch("/{article_id:str}", summary="Change the working copy")
async def update_article(
    actor: NamedDependency[Actor],
    article_id: FromPath[str],
    revision: NamedDependency[int],
    data: JSONBody[Patch[ArticleInput]],
) -> Answer[ArticleAdmin]:
    """Readers go on seeing what is live until it is published again."""
    return _answer(await verbs.update(ARTICLES, actor, _seen(article_id, revision), data, now()))


@patch("/{article_id:str}/autosave", summary="Save while typing")
async def autosave_article(
    actor: NamedDependency[Actor],
    article_id: FromPath[str],
    revision: NamedDependency[int],
    data: JSONBody[Patch[ArticleInput]],
) -> Answer[ArticleAdmin]:
    """As a change, but a burst of them by one person becomes one entry of the history."""
    seen = _seen(article_id, revision)
    return _answer(await verbs.update(ARTICLES, actor, seen, data, now(), autosave=True))


@delete("/{article_id:str}", summary="Move to the trash", status_code=200)
async def trash_article(
    actor: NamedDependency[Actor], article_id: FromPath[str], revision: NamedDependency[int]
) -> Answer[ArticleAdmin]:
    return _answer(await verbs.trash(ARTICLES, actor, _seen(article_id, revision), now()))


@post("/{article_id:str}/publish", summary="Publish", status_code=200)
async def publish_article(
    actor: NamedDependency[Actor],
    article_id: FromPath[str],
    revision: NamedDependency[int],
    data: JSONBody[At | None] = None,
) -> Answer[ArticleAdmin]:
    """Now, or at `at`; a time in the past dates the article back."""
    at = data.at if data else None
    return _answer(await verbs.publish(ARTICLES, actor, _seen(article_id, revision), at, now()))


@post("/{article_id:str}/unpublish", summary="Take from readers", status_code=200)
async def unpublish_article(
    actor: NamedDependency[Actor],
    article_id: FromPath[str],
    revision: NamedDependency[int],
    data: JSONBody[At | None] = None,
) -> Answer[ArticleAdmin]:
    """Now, or at `at`."""
    at = data.at if data else None
    return _answer(await verbs.unpublish(ARTICLES, actor, _seen(article_id, revision), at, now()))


@post("/{article_id:str}/discard-draft", summary="Go back to what is live", status_code=200)
async def discard_article_draft(
    actor: NamedDependency[Actor], article_id: FromPath[str], revision: NamedDependency[int]
) -> Answer[ArticleAdmin]:
    return _answer(await verbs.discard_draft(ARTICLES, actor, _seen(article_id, revision), now()))


@post("/{article_id:str}/restore", summary="Take out of the trash", status_code=200)
async def restore_article(
    actor: NamedDependency[Actor], article_id: FromPath[str], revision: NamedDependency[int]
) -> Answer[ArticleAdmin]:
    return _answer(await verbs.restore(ARTICLES, actor, _seen(article_id, revision), now()))


@post("/{article_id:str}/purge", summary="Remove for good", status_code=204)
async def purge_article(
    actor: NamedDependency[Actor], article_id: FromPath[str], revision: NamedDependency[int]
) -> None:
    """Only from the trash."""
    await verbs.purge(ARTICLES, actor, _seen(article_id, revision), now())


@post("/{article_id:str}/duplicate", summary="Start a copy", status_code=201)
async def duplicate_article(
    actor: NamedDependency[Actor], article_id: FromPath[str]
) -> Answer[ArticleAdmin]:
    """A draft of one's own with the same content."""
    article = await verbs.duplicate(ARTICLES, actor, object_id(article_id), now())
    return _answer(article, 201, Location=f"/api/v1/admin/articles/{article.id}")


@get(
    "/{article_id:str}/revisions",
    summary="History of an article",
    dependencies={"params": Provide(query(ListQuery), sync_to_thread=False)},
)
async def list_article_revisions(
    request: CMSRequest,
    actor: NamedDependency[Actor],
    article_id: FromPath[str],
    params: NamedDependency[ListQuery],
) -> Answer[RevisionList]:
    """Newest first, without the contents."""
    ident = await publishing.settled(ARTICLES, actor, object_id(article_id))
    revisions, page = await history.revisions(ident, params)
    view = RevisionList(items=revisions, page=page)
    return Answer.of(view, headers=links(request, params, page))


@get("/{article_id:str}/revisions/{number:int}", summary="One revision")
async def get_article_revision(
    actor: NamedDependency[Actor], article_id: FromPath[str], number: FromPath[int]
) -> Answer[RevisionView]:
    ident = await publishing.settled(ARTICLES, actor, object_id(article_id))
    return Answer.of(await history.revision(ident, number))


@get(
    "/{article_id:str}/revisions/{number:int}/diff",
    summary="What changed between two revisions",
    dependencies={"params": Provide(query(DiffQuery), sync_to_thread=False)},
)
async def diff_article_revisions(
    actor: NamedDependency[Actor],
    article_id: FromPath[str],
    number: FromPath[int],
    params: NamedDependency[DiffQuery],
) -> Answer[Difference]:
    """Word by word in the text, field by field in the rest."""
    ident = await publishing.settled(ARTICLES, actor, object_id(article_id))
    return Answer.of(await history.difference(ident, number, params.to))


@post(
    "/{article_id:str}/revisions/{number:int}/restore",
    summary="Bring a revision back",
    status_code=200,
)
async def restore_article_revision(
    actor: NamedDependency[Actor],
    article_id: FromPath[str],
    number: FromPath[int],
    revision: NamedDependency[int],
) -> Answer[ArticleAdmin]:
    """Into the working copy; this is a revision too."""
    seen = _seen(article_id, revision)
    return _answer(await verbs.restore_revision(ARTICLES, actor, seen, number, now()))


@get("/{article_id:str}/translations", summary="The group of translations")
async def list_article_translations(
    actor: NamedDependency[Actor], article_id: FromPath[str]
) -> Answer[TranslationList]:
    """With state and, for each, whether its source says something newer."""
    return Answer.of(await service.translations(actor, object_id(article_id), now()))


@post(
    "/{article_id:str}/confirm-translation",
    summary="Say that a translation is up to date",
    status_code=200,
)
async def confirm_article_translation(
    actor: NamedDependency[Actor], article_id: FromPath[str], revision: NamedDependency[int]
) -> Answer[ArticleAdmin]:
    """After a change of the source that the translation needs no change for."""
    seen = _seen(article_id, revision)
    return _answer(await service.confirm_translation(actor, seen, now()))


@post("/render", summary="Render Markdown", status_code=200)
async def render_markdown(
    actor: NamedDependency[Actor], data: JSONBody[RenderInput]
) -> Answer[RenderView]:
    """What publishing would make of the text; nothing is stored."""
    permit_reading(actor)
    return Answer.of(RenderView(**asdict(await publishing.render(data.markdown))))


router = Router(
    "/",
    route_handlers=[
        Router(
            "/articles",
            route_handlers=[
                list_admin_articles,
                create_article,
                get_admin_article,
                update_article,
                trash_article,
                publish_article,
                unpublish_article,
                discard_article_draft,
                restore_article,
                purge_article,
                autosave_article,
                duplicate_article,
                list_article_revisions,
                get_article_revision,
                diff_article_revisions,
                restore_article_revision,
                list_article_translations,
                confirm_article_translation,
            ],
        ),
        render_markdown,
    ],
    tags=["articles"],
)

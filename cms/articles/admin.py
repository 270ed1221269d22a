"""Routes that manage articles."""

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from cms.accounts.actor import Actor, permit_reading
from cms.articles import service
from cms.articles.schemas import (
    ArticleAdmin,
    ArticleAdminList,
    ArticleAdminQuery,
    PulledView,
    RenderInput,
    RenderView,
    TranslationList,
)
from cms.articles.service import ARTICLES
from cms.core.db import now
from cms.core.http import Answer
from cms.core.outbound import Outbound
from cms.core.queries import object_id
from cms.media.library import Library
from cms.publishing import admin, pulling
from cms.publishing.desk import Desk
from cms.publishing.pulling import Door
from cms.publishing.service import Seen

desk = Desk(
    kind=ARTICLES,
    view=ArticleAdmin,
    show=service.show,
    listing=ArticleAdminList,
    row=service.show_row,
    query=ArticleAdminQuery,
    list_all=service.list_all,
)


@get("/{item_id:str}/translations", summary="The group of translations")
async def list_article_translations(
    actor: NamedDependency[Actor], item_id: FromPath[str]
) -> Answer[TranslationList]:
    """With state and, for each, whether its source says something newer."""
    return Answer.of(await service.translations(actor, object_id(item_id), now()))


@post(
    "/{item_id:str}/confirm-translation",
    summary="Say that a translation is up to date",
    status_code=200,
)
async def confirm_article_translation(
    actor: NamedDependency[Actor], item_id: FromPath[str], revision: NamedDependency[int]
) -> Answer[ArticleAdmin]:
    """After a change of the source that the translation needs no change for."""
    seen = Seen(object_id(item_id), revision)
    return desk.answer(await service.confirm_translation(actor, seen, now()))


@post("/{item_id:str}/pull-images", summary="Bring outside pictures home", status_code=200)
async def pull_article_images(
    actor: NamedDependency[Actor],
    item_id: FromPath[str],
    revision: NamedDependency[int],
    library: NamedDependency[Library],
    outbound: NamedDependency[Outbound],
) -> Answer[PulledView]:
    """Pictures pasted as data, or pointed at elsewhere, go into the library; twenty at a time.

    The text then names what was taken; each picture has its own result.
    """
    seen, door = Seen(object_id(item_id), revision), Door(library, outbound)
    moment = now()
    article, results = await pulling.pull(ARTICLES, actor, seen, door, moment)
    view = PulledView(article=service.show(article, moment), results=results)
    return Answer.of(view, revision=article.revision)


@post("/render", summary="Render Markdown", status_code=200)
async def render_markdown(
    actor: NamedDependency[Actor], data: JSONBody[RenderInput]
) -> Answer[RenderView]:
    """What publishing would make of the text; nothing is stored."""
    permit_reading(actor)
    return Answer.of(await service.render(data.markdown))


articles = admin.router(desk)
for handler in (
    list_article_translations,
    pull_article_images,
    confirm_article_translation,
):
    articles.register(handler)
router = Router("/", route_handlers=[articles, render_markdown], tags=["articles"])

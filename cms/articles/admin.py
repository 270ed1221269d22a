"""Routes that manage articles."""

from litestar import Router, post
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
articles.register(pull_article_images)
router = Router("/", route_handlers=[articles, render_markdown], tags=["articles"])

"""Routes that manage articles."""

from dataclasses import asdict

from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from cms.accounts.actor import Actor, permit_reading
from cms.articles import service
from cms.articles.schemas import ArticleAdmin, ArticleAdminList, RenderInput, RenderView
from cms.articles.service import ARTICLES
from cms.core.http import Answer
from cms.publishing import admin
from cms.publishing import service as publishing
from cms.publishing.admin import Desk

desk = Desk(
    kind=ARTICLES,
    view=ArticleAdmin,
    show=service.show,
    listing=ArticleAdminList,
    row=service.show_row,
)


@post("/render", summary="Render Markdown", status_code=200)
async def render_markdown(
    actor: NamedDependency[Actor], data: JSONBody[RenderInput]
) -> Answer[RenderView]:
    """What publishing would make of the text; nothing is stored."""
    permit_reading(actor)
    return Answer.of(RenderView(**asdict(await publishing.render(data.markdown))))


router = Router("/", route_handlers=[admin.router(desk), render_markdown], tags=["articles"])

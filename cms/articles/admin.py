"""Routes that manage articles."""

from litestar import Router, delete, get, post
from litestar.di import NamedDependency, Provide
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
from cms.core.http import Answer, CMSRequest
from cms.core.outbound import Outbound
from cms.core.paging import ListQuery
from cms.core.queries import links, object_id, query
from cms.core.signing import Signer
from cms.media.library import Library
from cms.previews.schemas import PreviewLinkInput, PreviewLinkList, PreviewLinkMade
from cms.publishing import admin, checking, previews, pulling
from cms.publishing.admin import Desk
from cms.publishing.pulling import Door
from cms.publishing.schemas import ChecksView
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


@get("/{item_id:str}/checks", summary="What publishing would be told")
async def check_article(
    actor: NamedDependency[Actor], item_id: FromPath[str]
) -> Answer[ChecksView]:
    """Of the working copy. Errors refuse publishing; the site's settings say what is one."""
    return Answer.of(await checking.show(ARTICLES, actor, object_id(item_id), now()))


@post("/{item_id:str}/preview-links", summary="Make a preview link", status_code=201)
async def create_article_preview_link(
    actor: NamedDependency[Actor],
    item_id: FromPath[str],
    signer: NamedDependency[Signer],
    site_url: NamedDependency[str],
    data: JSONBody[PreviewLinkInput | None] = None,
) -> Answer[PreviewLinkMade]:
    """Whoever holds it reads the draft, until it expires or is revoked. Shown this once."""
    wanted, ident = data or PreviewLinkInput(), object_id(item_id)
    made = await previews.create(
        ARTICLES, actor, ident, wanted, now(), signer=signer, site_url=site_url
    )
    return Answer.of(made, status=201)


@get(
    "/{item_id:str}/preview-links",
    summary="Open preview links",
    dependencies={"params": Provide(query(ListQuery), sync_to_thread=False)},
)
async def list_article_preview_links(
    request: CMSRequest,
    actor: NamedDependency[Actor],
    item_id: FromPath[str],
    params: NamedDependency[ListQuery],
) -> Answer[PreviewLinkList]:
    """Newest first, without their tokens."""
    found, page = await previews.list_all(ARTICLES, actor, object_id(item_id), params, now())
    view = PreviewLinkList(items=found, page=page)
    return Answer.of(view, headers=links(request, params, page))


@delete(
    "/{item_id:str}/preview-links/{link_id:str}",
    summary="Revoke a preview link",
    status_code=204,
)
async def revoke_article_preview_link(
    actor: NamedDependency[Actor], item_id: FromPath[str], link_id: FromPath[str]
) -> None:
    """It opens nothing from the next request on."""
    await previews.revoke(ARTICLES, actor, object_id(item_id), object_id(link_id), now())


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
    check_article,
    create_article_preview_link,
    list_article_preview_links,
    revoke_article_preview_link,
):
    articles.register(handler)
router = Router("/", route_handlers=[articles, render_markdown], tags=["articles"])

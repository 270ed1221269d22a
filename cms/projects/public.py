"""Anonymous reads of projects; one query each, four or five for a preview."""

from collections.abc import Iterable
from datetime import datetime

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.core.queries import query
from cms.core.signing import Signer
from cms.media import cards, showing
from cms.media.cards import Card
from cms.previews.schemas import PreviewQuery
from cms.projects.documents import BY_POSITION, Project, PublicFilter, live_copy
from cms.projects.schemas import ProjectList, ProjectQuery, ProjectSummary, ProjectView
from cms.publishing import public
from cms.publishing.public import Row
from cms.site.documents import SiteContent


def _fields(row: Row, names: Iterable[str], site: SiteContent, base: str) -> Row:
    pictures, lang = showing.by_ref(row), row["lang"]
    gallery = [showing.image(pictures, ref, lang) for ref in row.get("gallery_ids", ())]
    return {
        **public.fields("project", row, names, site, base),
        "cover": showing.image(pictures, row.get("cover_id"), lang, "cover"),
        "gallery": [image for image in gallery if image],
    }


def _view(row: Row, site: SiteContent, base: str) -> ProjectView:
    shown = _fields(row, ProjectView.PROJECTION, site, base)
    og_image = showing.image(showing.by_ref(row), row.get("cover_id"), row["lang"], "og")
    og_image = og_image or showing.card_image(card_of(row, site), "project", row["slug"])
    return ProjectView(**shown, og_image=og_image)


@get(
    "/",
    summary="Public projects",
    dependencies={"params": Provide(query(ProjectQuery), sync_to_thread=False)},
)
async def list_projects(
    request: CMSRequest, params: NamedDependency[ProjectQuery], site_url: NamedDependency[str]
) -> Answer[ProjectList]:
    """By position, the newest first among equals."""
    names = ProjectSummary.PROJECTION
    wanted = PublicFilter(params.technology, params.featured, params.lang)
    found = await Project.list_public(wanted, params, now(), names)

    def item(row: Row, site: SiteContent) -> ProjectSummary:
        return ProjectSummary(**_fields(row, names, site, site_url))

    return public.listed(
        request, found, params, BY_POSITION, kinds="projects", listing=ProjectList, item=item
    )


@get(
    "/{slug:str}",
    summary="One public project",
    dependencies={"params": Provide(query(PreviewQuery), sync_to_thread=False)},
    responses={200: public.SOURCE},
)
async def get_project(
    request: CMSRequest,
    slug: FromPath[str],
    params: NamedDependency[PreviewQuery],
    signer: NamedDependency[Signer],
    site_url: NamedDependency[str],
) -> Answer[ProjectView]:
    """A former slug answers 308 with the present one; `{slug}.md` is the source as written.

    With `preview`, what the token names: never cached, 404 unless it opens exactly this project.
    """
    return await public.single(SHELF, request, slug, params, signer=signer, site_url=site_url)


def card_of(row: Row, site: SiteContent) -> Card:
    """What is drawn for a project without a cover."""
    return cards.made_of(row["title"], row["role"], site.card(), row["lang"])


async def find_card(slug: str, moment: datetime) -> tuple[str, Card]:
    """The present slug and card of a readable project; raises as `public.find`."""
    row, site = await public.find(Project, slug, SHELF.projection, SHELF.address, moment)
    return row["slug"], card_of(row, site)


SHELF = public.Shelf(
    kind="project",
    document=Project,
    projection=ProjectView.PROJECTION,
    view=_view,
    live_copy=live_copy,
)
router = Router("/projects", route_handlers=[list_projects, get_project], tags=["projects"])

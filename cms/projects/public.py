"""Anonymous reads of projects; one query each."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from cms.core.db import now
from cms.core.http import Answer, CMSRequest, fresh
from cms.core.queries import links, query
from cms.media import cards, showing
from cms.media.cards import Card
from cms.projects.documents import BY_POSITION, Project, PublicFilter
from cms.projects.schemas import ProjectList, ProjectQuery, ProjectSummary, ProjectView
from cms.publishing import public
from cms.publishing.rows import split_total
from cms.site.documents import SiteContent, split_site

ADDRESS = "/api/v1/projects"
Row = dict[str, Any]


def _fields(row: Row, names: Iterable[str], site: SiteContent, base: str) -> Row:
    pictures, lang = showing.by_ref(row), row["lang"]
    shown = {name: row[name] for name in names}
    if "html" in shown:
        shown["html"] = showing.filled(shown["html"], pictures, lang)
    gallery = [showing.image(pictures, ref, lang) for ref in row.get("gallery_ids", ())]
    return {
        **shown,
        "cover": showing.image(pictures, row.get("cover_id"), lang, "cover"),
        "gallery": [image for image in gallery if image],
        "id": str(row["_id"]),
        "url": site.url(base, "project", row["lang"], row["slug"]),
    }


@get(
    "/",
    summary="Public projects",
    dependencies={"params": Provide(query(ProjectQuery), sync_to_thread=False)},
)
async def list_projects(
    request: CMSRequest, params: NamedDependency[ProjectQuery], site_url: NamedDependency[str]
) -> Answer[ProjectList]:
    """By position, the newest first among equals."""
    wanted = PublicFilter(params.technology, params.featured, params.lang)
    found = await Project.list_public(wanted, params, now(), ProjectSummary.PROJECTION)
    rows, site = split_site(found)
    rows, total = split_total(rows, params)
    rows, page = BY_POSITION.page(rows, params, total)
    names = ProjectSummary.PROJECTION
    items = [ProjectSummary(**_fields(row, names, site, site_url)) for row in rows]
    view = ProjectList(items=items, page=page)
    return fresh(request, view, headers=links(request, params, page))


@get("/{slug:str}", summary="One public project", responses={200: public.SOURCE})
async def get_project(
    request: CMSRequest, slug: FromPath[str], site_url: NamedDependency[str]
) -> Answer[ProjectView]:
    """A former slug answers 308 with the present one; `{slug}.md` is the source as written."""
    if slug.endswith(".md"):
        return await public.source(request, Project, slug.removesuffix(".md"), now())
    names = ProjectView.PROJECTION
    row, site = await public.find(Project, slug, names, ADDRESS, now())
    shown = _fields(row, names, site, site_url)
    og_image = showing.image(showing.by_ref(row), row.get("cover_id"), row["lang"], "og")
    shown["og_image"] = og_image or showing.card_image(card_of(row, site), "project", row["slug"])
    return fresh(request, ProjectView(**shown))


def card_of(row: Row, site: SiteContent) -> Card:
    """What is drawn for a project without a cover."""
    return cards.made_of(row["title"], row["role"], site.card(), row["lang"])


async def find_card(slug: str, moment: datetime) -> tuple[str, Card]:
    """The present slug and card of a readable project; raises as `public.find`."""
    row, site = await public.find(Project, slug, ProjectView.PROJECTION, ADDRESS, moment)
    return row["slug"], card_of(row, site)


router = Router("/projects", route_handlers=[list_projects, get_project], tags=["projects"])

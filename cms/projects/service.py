"""What projects add to the verbs of `publishing`: their shapes and rendering."""

from datetime import datetime

from cms.accounts.permissions import Permission
from cms.media import reading as media
from cms.projects.documents import (
    LiveProject,
    Project,
    ProjectContent,
    ProjectLink,
    order_of,
    technology_key,
)
from cms.projects.schemas import (
    LiveProjectView,
    ProjectAdmin,
    ProjectAdminSummary,
    ProjectInput,
)
from cms.publishing import service as publishing
from cms.publishing import shown
from cms.publishing.service import SITEMAP, Kind
from cms.site import service as site

IN_A_ROW = {"title", "slug", "lang", "project_status", "technologies", "featured", "position"}
# Made from what an author wrote, for the queries alone.
DERIVED = {"technology_keys", "order", "media_ids"}


def show(project: Project, now: datetime) -> ProjectAdmin:
    live = project.live
    return ProjectAdmin(
        **shown.whole(project, now),
        **project.working.model_dump(),
        live=_show_live(live) if live else None,
    )


def show_row(project: Project, now: datetime) -> ProjectAdminSummary:
    fields = project.working.model_dump(include=IN_A_ROW)
    return ProjectAdminSummary(**shown.summary(project, now), **fields)


def _show_live(live: LiveProject) -> LiveProjectView:
    fields = live.model_dump(exclude={*DERIVED, "unpublish_at"})
    return LiveProjectView(**fields, unpublish_at=shown.or_never(live.unpublish_at))


async def _content(data: ProjectInput, now: datetime) -> ProjectContent:  # noqa: ARG001 - a Kind's
    fields = data.model_dump(exclude={"slug", "lang", "links"})
    await media.require_one(data.cover_id, "cover_id")
    await media.require(data.gallery_ids, "gallery_ids")
    return ProjectContent(
        **fields,
        slug=data.slug or "",
        lang=data.lang or (await site.get()).content.languages[0],
        links=[ProjectLink(**link.model_dump()) for link in data.links],
    )


async def _measures(content: ProjectContent) -> dict[str, object]:
    """Nothing is kept of it, but a text that can't be published is refused when it is saved."""
    await publishing.render(content.markdown)
    return {}


async def _live(project: Project, publish_at: datetime, now: datetime) -> LiveProject:
    working = project.working
    rendered = await publishing.render(working.markdown)
    return LiveProject(
        **working.model_dump(),
        html=rendered.html,
        technology_keys=[technology_key(name) for name in working.technologies],
        order=order_of(working.position, publish_at),
        publish_at=publish_at,
        updated_at=now,
    )


def _keys(content: ProjectContent) -> list[str]:  # noqa: ARG001 - a Kind's
    """Nothing else shows a project."""
    return []


PROJECTS: Kind[Project, ProjectInput] = Kind(
    name="project",
    document=Project,
    input=ProjectInput,
    write=Permission.PROJECTS_WRITE,
    publish=Permission.PROJECTS_PUBLISH,
    purge=Permission.PROJECTS_PURGE,
    show=show,
    content=_content,
    measures=_measures,
    live=_live,
    keys=_keys,
    listed_in=SITEMAP,
)

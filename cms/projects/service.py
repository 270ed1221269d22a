"""What projects add to the verbs of `publishing`: their shapes and rendering."""

from datetime import datetime
from functools import partial

from cms.accounts.permissions import Permission
from cms.media import reading as media
from cms.projects.documents import Project, ProjectContent, live_copy
from cms.projects.schemas import (
    LiveProjectView,
    ProjectAdmin,
    ProjectAdminSummary,
    ProjectInput,
)
from cms.publishing import service, shown
from cms.publishing.service import Kind
from cms.site.documents import LLMS, SITEMAP

show = partial(shown.working, ProjectAdmin, LiveProjectView)
show_row = partial(shown.row, ProjectAdminSummary)


async def _content(data: ProjectInput, now: datetime) -> ProjectContent:  # noqa: ARG001 - a Kind's
    await media.require_one(data.cover_id, "cover_id")
    await media.require(data.gallery_ids, "gallery_ids")
    return ProjectContent.model_validate(await service.written(Project, data))


PROJECTS: Kind[Project, ProjectInput] = Kind(
    name="project",
    document=Project,
    input=ProjectInput,
    write=Permission.PROJECTS_WRITE,
    publish=Permission.PROJECTS_PUBLISH,
    purge=Permission.PROJECTS_PURGE,
    show=show,
    content=_content,
    live_copy=live_copy,
    listed_in=(SITEMAP, LLMS),
)

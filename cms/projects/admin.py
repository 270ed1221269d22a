"""Routes that manage projects."""

from cms.projects import service
from cms.projects.schemas import ProjectAdmin, ProjectAdminList
from cms.projects.service import PROJECTS
from cms.publishing import admin
from cms.publishing.desk import Desk

router = admin.router(
    Desk(
        kind=PROJECTS,
        view=ProjectAdmin,
        show=service.show,
        listing=ProjectAdminList,
        row=service.show_row,
    )
)

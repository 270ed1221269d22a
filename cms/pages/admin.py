"""Routes that manage pages."""

from cms.pages import service
from cms.pages.schemas import PageAdmin, PageAdminList
from cms.pages.service import PAGES
from cms.publishing import admin
from cms.publishing.desk import Desk

router = admin.router(
    Desk(
        kind=PAGES,
        view=PageAdmin,
        show=service.show,
        listing=PageAdminList,
        row=service.show_row,
    )
)

"""Routes that manage the site's settings."""

from litestar import Router, get, patch
from litestar.di import NamedDependency
from litestar.params import JSONBody

from cms.accounts.actor import Actor, permit_reading
from cms.core.db import now
from cms.core.http import Answer
from cms.core.shapes import Patch
from cms.site import service
from cms.site.schemas import SiteAdmin, SiteInput


@get("/", summary="The site's settings")
async def get_admin_site(
    actor: NamedDependency[Actor], site_url: NamedDependency[str]
) -> Answer[SiteAdmin]:
    permit_reading(actor)
    site = await service.get()
    return Answer.of(service.show(site, site_url), revision=site.revision)


@patch("/", summary="Change the site's settings")
async def update_site(
    actor: NamedDependency[Actor],
    data: JSONBody[Patch[SiteInput]],
    revision: NamedDependency[int],
    site_url: NamedDependency[str],
) -> Answer[SiteAdmin]:
    site = await service.update(actor, data, revision, now(), site_url)
    return Answer.of(service.show(site, site_url), revision=site.revision)


router = Router("/site", route_handlers=[get_admin_site, update_site], tags=["site"])

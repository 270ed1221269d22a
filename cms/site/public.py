"""The anonymous read of the site's settings; one query."""

from litestar import get
from litestar.di import NamedDependency

from cms.core.http import Answer, CMSRequest, fresh
from cms.site.documents import Site
from cms.site.schemas import SiteView


@get("/site", summary="The site", tags=["site"])
async def get_site(request: CMSRequest, site_url: NamedDependency[str]) -> Answer[SiteView]:
    """Title, languages, navigation and the patterns from which every `url` is made."""
    site = await Site.load()
    view = SiteView(**site.content.shown(site_url))
    modified = site.shown_at or site.updated_at if site.revision else None
    return fresh(request, view, keys=("site",), modified=modified)

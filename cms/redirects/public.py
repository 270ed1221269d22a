"""The anonymous read of redirects, for frontends that answer them themselves.

The queries are those of `everything`: their number is fixed by the kinds, not by the content.
"""

from litestar import get
from litestar.di import NamedDependency, Provide

from cms.core.db import now
from cms.core.http import Answer, CMSRequest, fresh
from cms.core.paging import ListQuery
from cms.core.queries import links, query
from cms.redirects import everything
from cms.redirects.schemas import RedirectList, RedirectView


@get(
    "/redirects",
    summary="Redirects of the site",
    tags=["redirects"],
    dependencies={"params": Provide(query(ListQuery), sync_to_thread=False)},
)
async def list_redirects(
    request: CMSRequest, params: NamedDependency[ListQuery]
) -> Answer[RedirectList]:
    """By path: what the owner wrote, and where the former slugs of what readers see lead now."""
    rules, page = everything.page(await everything.rules(now()), params)
    items = [RedirectView(from_path=r.from_path, to=r.to, status=r.status) for r in rules]
    view = RedirectList(items=items, page=page)
    keys = ("articles", "projects", "pages", "profiles", "redirects", "site")
    return fresh(request, view, keys=keys, headers=links(request, params, page))

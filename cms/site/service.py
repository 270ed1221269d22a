"""Change what is true for the whole site."""

from datetime import datetime

from cms.accounts.actor import Actor, permit
from cms.accounts.permissions import Permission
from cms.core.errors import Stale
from cms.core.shapes import Patch
from cms.site.documents import Site, SiteContent
from cms.site.schemas import SiteAdmin, SiteInput


def show(site: Site, site_url: str) -> SiteAdmin:
    return SiteAdmin(
        **site.content.shown(site_url),
        checks=site.content.check_levels(),
        revision=site.revision,
        updated_at=site.updated_at,
    )


async def get() -> Site:
    return await Site.load()


async def update(
    actor: Actor, patch: Patch[SiteInput], revision: int, now: datetime, site_url: str
) -> Site:
    """Merge the patch.

    Raises:
        Stale: somebody saved in between.
        Invalid: naming the fields.
    """
    permit(actor, Permission.SITE_WRITE)
    site = await Site.load()
    if site.revision != revision:
        raise Stale(show(site, site_url).model_dump(mode="json"))
    current = SiteInput.model_validate_json(site.content.model_dump_json())
    content = SiteContent.model_validate(patch.apply(current).model_dump())
    saved = await site.replace_guarded(content, now)
    if saved is None:
        raise Stale(show(await Site.load(), site_url).model_dump(mode="json"))
    return saved

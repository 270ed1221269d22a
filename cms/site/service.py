"""Change what is true for the whole site."""

from datetime import datetime

from cms.accounts.actor import Actor, permit
from cms.accounts.permissions import Permission
from cms.core.errors import Stale
from cms.core.shapes import Patch
from cms.history import service as history
from cms.history.entries import EventBody
from cms.site.documents import FEEDS, LLMS, SITEMAP, Site, SiteContent
from cms.site.schemas import SiteAdmin, SiteInput

# Whatever a setting changes, every page may show it: the key is what all answers are filed under.
PATHS = ["/", *FEEDS, SITEMAP, LLMS]


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
    entry = history.note(
        actor,
        now,
        verb="updated",
        revision=revision + 1,
        before=site.content.model_dump(),
        after=content.model_dump(),
        event=EventBody(
            type="updated", slug="site", lang=content.languages[0], keys=["site"], paths=PATHS
        ),
    )
    if site.is_laden():
        await site.drain("site")
    saved = await site.replace_guarded(content, entry)
    if saved is None:
        raise Stale(show(await Site.load(), site_url).model_dump(mode="json"))
    return saved

"""Whose caches are wrong when the owner's redirects change: those of the paths they start from."""

from cms.history.entries import EventBody, EventType
from cms.redirects.documents import Redirect
from cms.site.documents import Site


async def of(event: EventType, before: Redirect | None, after: Redirect | None) -> EventBody:
    """What readers notice; the `slug` of a redirect is the path that it starts from."""
    told = [redirect for redirect in (before, after) if redirect is not None]
    paths = list(dict.fromkeys(redirect.from_path for redirect in told))
    return EventBody(
        type=event,
        slug=paths[-1],
        old_slug=paths[0] if len(paths) > 1 else None,
        lang=(await Site.load()).content.languages[0],
        keys=[f"redirect:{told[0].id}", "redirects"],
        paths=paths,
    )

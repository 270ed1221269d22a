"""The anonymous read for followers; `changes` says how many queries it takes."""

from litestar import get
from litestar.di import NamedDependency, Provide

from cms.core.db import now
from cms.core.http import Answer, CMSRequest, fresh
from cms.core.queries import query
from cms.sync import changes
from cms.sync.schemas import SyncQuery, SyncView
from cms.sync.tokens import Tokens

# What a follower asks after a webhook must not come out of a cache in between.
ASK_AGAIN = {"Cache-Control": "public, no-cache"}
KINDS = (
    *("articles", "projects", "pages", "profiles", "tags", "series", "media", "redirects", "site"),
)


@get(
    "/sync",
    summary="What changed since",
    tags=["sync"],
    dependencies={"params": Provide(query(SyncQuery), sync_to_thread=False)},
)
async def sync_changes(
    request: CMSRequest,
    params: NamedDependency[SyncQuery],
    sync_tokens: NamedDependency[Tokens],
    site_url: NamedDependency[str],
) -> Answer[SyncView]:
    """Everything at first, then what changed and what went away, complete, in pages.

    400 for a token that is not ours, 410 for one whose events are gone: start again without it.
    """
    position = sync_tokens.read(params.since) if params.since is not None else None
    changed, removed, stands, has_more = await changes.since(
        position, params.limit, now(), site_url
    )
    token = sync_tokens.write(stands)
    view = SyncView(changed=changed, removed=removed, next=token, has_more=has_more)
    return fresh(request, view, keys=KINDS, headers=ASK_AGAIN)

"""Make, list and revoke the preview links of one item."""

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from beanie import PydanticObjectId

from cms.accounts.actor import Actor, permit
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.paging import ListQuery, Page
from cms.core.signing import Signer
from cms.history import documents as history
from cms.history import entries
from cms.history import service as past
from cms.history.documents import Revision
from cms.history.entries import Change, Editor, Entry
from cms.previews.documents import NEWEST_FIRST, PreviewLink
from cms.previews.schemas import PreviewLinkInput, PreviewLinkMade, PreviewLinkView
from cms.publishing import service
from cms.publishing.documents import Published
from cms.publishing.service import DocumentT, Kind
from cms.site import service as site

# More open doors to one draft than anyone keeps an eye on.
MOST_LINKS: Final = 50


async def create(
    kind: Kind[DocumentT, Any],
    actor: Actor,
    ident: PydanticObjectId,
    data: PreviewLinkInput,
    now: datetime,
    *,
    signer: Signer,
    site_url: str,
) -> PreviewLinkMade:
    """A link that opens this item to whoever holds it; its token is in this answer alone.

    Raises:
        Conflict: it lies in the trash, or has too many links already.
        Invalid: there is no such revision to pin the link to.
    """
    document = await _to_share(kind, actor, ident)
    service.not_in_trash(document)
    if data.revision is not None:
        await service.drain(kind, document)
        if await Revision.by_number(ident, data.revision) is None:
            raise _no_revision()
    if await PreviewLink.count_open(ident, now) >= MOST_LINKS:
        raise Conflict(
            f"It has {MOST_LINKS} preview links: revoke one first.", code="too_many_preview_links"
        )
    token = signer.issue()
    link = PreviewLink(
        digest=signer.digest(token) or "",
        kind=kind.name,
        item_id=ident,
        slug=document.working.slug,
        revision=data.revision,
        created_at=now,
        expires_at=now + timedelta(hours=data.expires_in_hours),
        created_by=service.editor(actor),
    )
    if data.revision is not None and not await Revision.pin(ident, data.revision, link.expires_at):
        raise _no_revision()  # thinned since we looked
    # Told before it is made: a door that nobody heard of must not stand open.
    await _tell(kind, document, actor, "preview_link_created", now=now, changes=_told(None, link))
    await link.insert()
    url = await _url(kind, document, token, site_url)
    return PreviewLinkMade(**_fields(link), token=token, url=url)


def _no_revision() -> Invalid:
    return Invalid.of("revision", "there is no such revision", "unknown_revision")


async def list_all(
    kind: Kind[DocumentT, Any],
    actor: Actor,
    ident: PydanticObjectId,
    params: ListQuery,
    now: datetime,
) -> tuple[list[PreviewLinkView], Page]:
    """The links that are open, newest first, without their tokens."""
    await service.get(kind, actor, ident)
    found = await PreviewLink.list_open(ident, params, now)
    total = await PreviewLink.count_open(ident, now) if params.total else None
    rows, page = NEWEST_FIRST.page(found, params, total)
    links = [PreviewLink.model_validate(row) for row in rows]
    return [PreviewLinkView(**_fields(link)) for link in links], page


async def revoke(
    kind: Kind[DocumentT, Any],
    actor: Actor,
    ident: PydanticObjectId,
    link_id: PydanticObjectId,
    now: datetime,
) -> None:
    """End a link; it opens nothing from the next request on.

    Raises:
        NotFound: the item has no such link.
    """
    document = await _to_share(kind, actor, ident)
    gone = await PreviewLink.revoke(link_id, ident)
    if gone is None:
        raise NotFound
    await _tell(kind, document, actor, "preview_link_revoked", now=now, changes=_told(gone, None))


async def _to_share(kind: Kind[DocumentT, Any], actor: Actor, ident: PydanticObjectId) -> DocumentT:
    document = await service.get(kind, actor, ident)
    permit(actor, kind.write, document.owner_id)
    return document


def _told(before: PreviewLink | None, after: PreviewLink | None) -> list[Change]:
    """What is told of a link: until when it opens what, never its token."""
    names = {"expires_at", "revision"}
    old = before.model_dump(include=names) if before else None
    return entries.changed(old, after.model_dump(include=names) if after else {})


async def _tell(
    kind: Kind[DocumentT, Any],
    document: DocumentT,
    actor: Actor,
    verb: str,
    *,
    now: datetime,
    changes: list[Change],
) -> None:
    entry = Entry(
        id=entries.new_id(),
        at=now,
        by=service.editor(actor),
        door=actor.door,
        verb=verb,
        revision=document.revision,
        changes=changes,
    )
    assert document.id is not None  # noqa: S101 - it was loaded
    await history.keep(kind.name, document.id, document.working.title, [entry])


async def _url(
    kind: Kind[DocumentT, Any], document: Published[Any, Any], token: str, site_url: str
) -> str:
    """Where a frontend shows it: `preview_url` is told what to fetch, a page is its own address."""
    content = (await site.get()).content
    working = document.working
    if content.preview_url is None:
        public = content.url(site_url, kind.name, working.lang, working.slug)
        return f"{public}?{urlencode({'preview': token})}"
    told = {"kind": kind.name, "slug": working.slug, "lang": working.lang, "preview": token}
    address, hash_mark, fragment = content.preview_url.partition("#")
    joint = "&" if urlsplit(address).query else "?"
    return f"{address.rstrip('?&')}{joint}{urlencode(told)}{hash_mark}{fragment}"


def _fields(link: PreviewLink) -> dict[str, Any]:
    return {
        "id": str(link.id),
        "created_by": _shown(link.created_by),
        **link.model_dump(include={"revision", "created_at", "expires_at"}),
    }


def _shown(stored: Editor) -> dict[str, Any]:
    return past.show_editor(stored).model_dump()

"""The admin routes that look at an item of any kind and at its past: checks, previews, history."""

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from cms.accounts.actor import Actor
from cms.core.db import now
from cms.core.http import Answer, CMSRequest
from cms.core.paging import ListQuery
from cms.core.queries import links, object_id
from cms.core.signing import Signer
from cms.history import service as history
from cms.history.schemas import Difference, RevisionList, RevisionView
from cms.previews.schemas import PreviewLinkInput, PreviewLinkList, PreviewLinkMade
from cms.publishing import checking, previews, service, verbs
from cms.publishing.desk import Desk, ListT, ViewT, saw
from cms.publishing.routes import Routes, querying
from cms.publishing.schemas import ChecksView, DiffQuery
from cms.publishing.service import DocumentT, InputT


def add(routes: Routes, desk: Desk[DocumentT, InputT, ViewT, ListT]) -> None:
    _add_checks_and_previews(routes, desk)
    _add_history(routes, desk)


def _add_checks_and_previews(routes: Routes, desk: Desk[DocumentT, InputT, ViewT, ListT]) -> None:
    kind = desk.kind

    @routes.add(get, "/{item_id:str}/checks", "check_{one}", "What publishing would be told")
    async def check(actor: NamedDependency[Actor], item_id: FromPath[str]) -> Answer[ChecksView]:
        """Of the working copy. Errors refuse publishing; the site's settings say what is one."""
        return Answer.of(await checking.show(kind, actor, object_id(item_id), now()))

    @routes.add(
        post,
        "/{item_id:str}/preview-links",
        "create_{one}_preview_link",
        "Make a preview link",
        status_code=201,
    )
    async def create_preview_link(
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        signer: NamedDependency[Signer],
        site_url: NamedDependency[str],
        data: JSONBody[PreviewLinkInput | None] = None,
    ) -> Answer[PreviewLinkMade]:
        """Whoever holds it reads the draft, until it expires or is revoked. Shown this once."""
        wanted, ident = data or PreviewLinkInput(), object_id(item_id)
        made = await previews.create(
            kind, actor, ident, wanted, now(), signer=signer, site_url=site_url
        )
        return Answer.of(made, status=201)

    @routes.add(
        get,
        "/{item_id:str}/preview-links",
        "list_{one}_preview_links",
        "Open preview links",
        dependencies=querying(ListQuery),
    )
    async def list_preview_links(
        request: CMSRequest,
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        params: NamedDependency[ListQuery],
    ) -> Answer[PreviewLinkList]:
        """Newest first, without their tokens."""
        found, page = await previews.list_all(kind, actor, object_id(item_id), params, now())
        view = PreviewLinkList(items=found, page=page)
        return Answer.of(view, headers=links(request, params, page))

    @routes.add(
        delete,
        "/{item_id:str}/preview-links/{link_id:str}",
        "revoke_{one}_preview_link",
        "Revoke a preview link",
        status_code=204,
    )
    async def revoke_preview_link(
        actor: NamedDependency[Actor], item_id: FromPath[str], link_id: FromPath[str]
    ) -> None:
        """It opens nothing from the next request on."""
        await previews.revoke(kind, actor, object_id(item_id), object_id(link_id), now())


def _add_history(routes: Routes, desk: Desk[DocumentT, InputT, ViewT, ListT]) -> None:
    kind = desk.kind

    @routes.add(
        get,
        "/{item_id:str}/revisions",
        "list_{one}_revisions",
        "History",
        dependencies=querying(ListQuery),
    )
    async def list_revisions(
        request: CMSRequest,
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        params: NamedDependency[ListQuery],
    ) -> Answer[RevisionList]:
        """Newest first, without the contents."""
        ident = await service.settled(kind, actor, object_id(item_id))
        revisions, page = await history.revisions(ident, params)
        view = RevisionList(items=revisions, page=page)
        return Answer.of(view, headers=links(request, params, page))

    @routes.add(get, "/{item_id:str}/revisions/{number:int}", "get_{one}_revision", "One revision")
    async def get_revision(
        actor: NamedDependency[Actor], item_id: FromPath[str], number: FromPath[int]
    ) -> Answer[RevisionView]:
        ident = await service.settled(kind, actor, object_id(item_id))
        return Answer.of(await history.revision(ident, number))

    @routes.add(
        get,
        "/{item_id:str}/revisions/{number:int}/diff",
        "diff_{one}_revisions",
        "What changed between two revisions",
        dependencies=querying(DiffQuery),
    )
    async def diff_revisions(
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        number: FromPath[int],
        params: NamedDependency[DiffQuery],
    ) -> Answer[Difference]:
        """Word by word in the text, field by field in the rest."""
        ident = await service.settled(kind, actor, object_id(item_id))
        return Answer.of(await history.difference(ident, number, params.to))

    @routes.add(
        post,
        "/{item_id:str}/revisions/{number:int}/restore",
        "restore_{one}_revision",
        "Bring a revision back",
        status_code=200,
    )
    async def restore_revision(
        actor: NamedDependency[Actor],
        item_id: FromPath[str],
        number: FromPath[int],
        revision: NamedDependency[int],
    ) -> Answer[ViewT]:
        """Into the working copy; this is a revision too."""
        seen = saw(item_id, revision)
        return desk.answer(await verbs.restore_revision(kind, actor, seen, number, now()))

"""Several files in one request: each is taken or refused by itself."""

from collections.abc import AsyncIterator
from datetime import datetime

from cms.accounts.actor import Actor, permit
from cms.accounts.permissions import Permission
from cms.core.errors import Refusal
from cms.core.uploads import Part
from cms.media import reading, service
from cms.media.library import Library
from cms.media.schemas import FileFieldProblem, FileProblem, UploadResult, UploadView


async def take_all(
    actor: Actor, library: Library, parts: AsyncIterator[Part], now: datetime
) -> UploadView:
    """One result per file; what is wrong with the form itself is raised, what came before stays.

    Raises:
        Refusal: there was one file alone, and it is refused.
    """
    permit(actor, Permission.MEDIA_WRITE, actor.account_id)
    results: list[UploadResult] = []
    refusals: list[Refusal] = []
    async for part in parts:
        try:
            item, is_duplicate = await service.upload(actor, library, part, now)
        except Refusal as refusal:
            refusals.append(refusal)
            results.append(_refused(part.name, refusal))
        else:
            results.append(
                UploadResult(
                    name=part.name,
                    status=201,
                    code="ok",
                    is_duplicate=is_duplicate,
                    media=reading.show(item),
                    problem=None,
                )
            )
    if len(results) == len(refusals) == 1:
        raise refusals[0]
    return UploadView(results=results)


def _refused(name: str, refusal: Refusal) -> UploadResult:
    return UploadResult(
        name=name,
        status=refusal.status,
        code=refusal.code,
        is_duplicate=False,
        media=None,
        problem=problem_of(refusal),
    )


def problem_of(refusal: Refusal) -> FileProblem:
    return FileProblem(
        type=f"/problems/{refusal.code}",
        title=refusal.title,
        status=refusal.status,
        detail=refusal.detail,
        code=refusal.code,
        errors=[
            FileFieldProblem(field=item.field, message=item.message, code=item.code)
            for item in refusal.errors
        ],
    )

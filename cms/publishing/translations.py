"""See the translations of something, and say of one that it is up to date."""

from datetime import datetime
from typing import Any

from beanie import PydanticObjectId

from cms.accounts.actor import Actor
from cms.core.errors import Conflict
from cms.publishing import service, shown
from cms.publishing.documents import Published
from cms.publishing.schemas import TranslationAdmin, TranslationList
from cms.publishing.service import DocumentT, Kind, Seen


async def list_all(
    kind: Kind[DocumentT, Any], actor: Actor, ident: PydanticObjectId, now: datetime
) -> TranslationList:
    """The group that it stands in, as far as the actor may see it."""
    item = await service.get(kind, actor, ident)
    members = await kind.document.in_group(item.group or ident)
    source = next((member for member in members if member.id == item.group), None)
    visible = [
        member for member in members if actor.sees_all() or member.owner_id == actor.account_id
    ]
    return TranslationList(items=[_show(member, source, now) for member in visible])


def _show(
    member: Published[Any, Any], source: Published[Any, Any] | None, now: datetime
) -> TranslationAdmin:
    state = shown.summary(member, now)
    told = ("id", "revision", "status", "updated_at", "published_at")
    return TranslationAdmin(
        **{name: state[name] for name in told},
        **member.working.model_dump(include={"lang", "title", "slug"}),
        is_source=source is not None and member.id == source.id,
        is_outdated=member.is_outdated(source),
    )


async def confirm(kind: Kind[DocumentT, Any], actor: Actor, seen: Seen, now: datetime) -> DocumentT:
    """Say that the translation needs no change after its source's.

    Raises:
        Conflict: it translates nothing, or lies in the trash.
    """
    item = await service.to_write(kind, actor, seen, now)
    service.not_in_trash(item)
    if item.working.translation_of is None:
        raise Conflict("It translates nothing.", code="not_a_translation")

    async def move(before: DocumentT) -> DocumentT:
        return before.confirmed(service.editor(actor), now)

    return await service.write(kind, item, move, actor, verb="translation_confirmed", now=now)

"""What is stored of something removed for good until everybody was told and has forgotten it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from beanie import Document, PydanticObjectId
from pydantic import BaseModel
from pymongo.asynchronous.client_session import AsyncClientSession

from cms.core import events, references
from cms.core.db import now
from cms.core.events import Changed
from cms.history import documents as history
from cms.history.documents import Carrier
from cms.history.entries import Entry, spread

Row = dict[str, Any]
# Longer than a relay takes from loading an item to keeping what it carried.
AGAIN: Final = timedelta(minutes=2)
# More than this and the answer would be waited for.
MOST_EARLY: Final = 20
Uncount = Callable[[Row, AsyncClientSession], Awaitable[None]]
log = structlog.get_logger("cms.removals")


@dataclass(frozen=True, slots=True)
class Replaced:
    """What is rewritten where a removed row of `collection` was referred to: `new`, or nothing.

    `also` are former names that are not rewritten. With `by_use`, readers knew of the row only
    while something that they see referred to it.
    """

    collection: str
    old: str
    new: str | None
    also: Sequence[str] = ()
    by_use: bool = False

    async def told(self, entry: Entry, session: AsyncClientSession) -> list[Entry]:
        """The entry, and what looks otherwise to readers from now on."""
        names = list(dict.fromkeys([self.old, *self.also]))
        shown = await references.items(self.collection, names, session)
        if self.by_use and not shown:
            return [entry.model_copy(update={"event": None})]
        return spread(entry, shown)


class Touched(BaseModel):
    """Something that referred to what was removed, and whose entries elsewhere are stale now."""

    kind: str
    id: PydanticObjectId


class Remains(Carrier):
    """What a removed item leaves behind until the relay has told of it and forgotten the rest.

    It is written in the transaction that removes the item, under the item's own id, so that a
    crash anywhere leaves nothing that the next relay does not finish. With `forgets`, what stood in
    the item is forgotten everywhere, and once more at `again_at`: a relay that had loaded the item
    before it went may keep a revision of it after the first time.
    """

    kind: str
    heading_kept: str = ""
    forgets: bool = True
    touched: list[Touched] = []
    again_at: datetime | None = None

    class Settings:
        name = "remains"

    @classmethod
    async def take_away(
        cls,
        item: Carrier,
        match: Row,
        kind: str,
        entry: Entry,
        *,
        replaced: Replaced | None = None,
        forgets: bool = True,
        as_well: Uncount | None = None,
    ) -> "Remains | None":
        """Remove the item if it still matches, and leave this; None when it does not.

        `as_well` is told the removed row inside the transaction.
        """
        collection = item.get_pymongo_collection()
        entry, *earlier = [_bare(one) if forgets else one for one in (entry, *item.pending)]
        made = cls(
            id=item.id,
            kind=kind,
            heading_kept="" if forgets else item.heading,
            forgets=forgets,
        )

        async def write(session: AsyncClientSession) -> "Remains | None":
            gone = await collection.find_one_and_delete({"_id": item.id, **match}, session=session)
            if gone is None:
                return None
            if as_well is not None:
                await as_well(gone, session)
            touched: list[Touched] = []
            told = [entry]
            if replaced is not None:
                if replaced.new is not None and not await _held(collection, replaced.new, session):
                    await session.abort_transaction()
                    return None
                told = await replaced.told(entry, session)
                users = await references.rename(
                    replaced.collection, replaced.old, replaced.new, session
                )
                touched = [Touched(kind=each.kind, id=PydanticObjectId(each.id)) for each in users]
            left: Remains = made.model_copy(
                update={"pending": [*earlier, *told], "touched": touched}
            )
            await cls.get_pymongo_collection().insert_one(_row(left), session=session)
            return left

        async with collection.database.client.start_session() as session:
            remains: Remains | None = await session.with_transaction(write)
        return remains

    @classmethod
    def waits(cls, moment: datetime) -> list[Row]:
        return [*super().waits(moment), {"again_at": {"$lte": now(), "$type": "date"}}]

    @classmethod
    async def with_pending(cls, limit: int = 100) -> list["Remains"]:
        """Those to be told of, and those to be forgotten once more."""
        return await cls.find({"$or": cls.waits(now())}).limit(limit).to_list()

    async def drain_early(self) -> None:
        """Finish at once what can be; the relay does the rest, so nothing of it is a failure."""
        if len(self.touched) > MOST_EARLY:
            return
        try:
            await self.drain()
        except Exception as error:  # noqa: BLE001 - whatever it is, it comes again in the relay
            log.warning("removed_later", kind=self.kind, error=type(error).__name__)

    async def drain(self, kind: str = "") -> None:  # noqa: ARG002 - each row has its own kind
        """Keep that it was there and went; forget what stood in it, here and in the rooms above."""
        await history.keep(self.kind, self.item_id, self.heading_kept, self.pending)
        if self.forgets:
            await history.forget(self.item_id)
            await events.remove(self.item_id)
        await events.announce(Changed(self.kind, self.item_id))
        for user in self.touched:
            await events.announce(Changed(user.kind, user.id, is_thorough=True))
        rows = self.get_pymongo_collection()
        if self.forgets and self.again_at is None:
            again = {"pending": [], "touched": [], "again_at": now() + AGAIN}
            await rows.update_one({"_id": self.id}, {"$set": again})
        else:
            await rows.delete_one({"_id": self.id})


def _bare(entry: Entry) -> Entry:
    """Who did what and when, and nothing of what stood in the item."""
    return entry.model_copy(update={"content": None, "changes": [], "why": None})


def _row(document: Document) -> Row:
    return {"_id": document.id, **document.model_dump(exclude={"id"})}


async def _held(collection: Any, slug: str, session: AsyncClientSession) -> bool:
    """Written, not only read: whoever deletes the replacement meanwhile conflicts with this."""
    found = await collection.update_one(
        {"slug": slug}, {"$set": {"referred_at": now()}}, session=session
    )
    is_there: bool = found.matched_count == 1
    return is_there

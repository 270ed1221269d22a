"""What is stored of a redirect that the owner wrote."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import Any, TypeVar

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from cms.core.paging import Keyset
from cms.history.documents import Carrier
from cms.history.entries import Editor, Entry
from cms.removals.documents import Remains
from cms.site.documents import Site

T = TypeVar("T")
Row = dict[str, Any]
BY_PATH = Keyset("from_path", kind="text")
# Every write of redirects goes past this one row, so that two can't close a loop together.
TURN = "turn"


class PathTaken(Exception):
    """Another redirect starts from the path."""


class Redirect(Carrier):
    """`to` is None when the page is gone (410); `to_path` is where it leads on this site."""

    revision: int = 1
    from_path: str
    to: str | None
    to_path: str | None
    status: int
    created_at: datetime
    updated_at: datetime
    updated_by: Editor

    class Settings:
        name = "redirects"

    @property
    def heading(self) -> str:
        return self.from_path

    @classmethod
    async def by_id(
        cls, ident: PydanticObjectId, session: AsyncClientSession | None = None
    ) -> "Redirect | None":
        return await cls.find_one({"_id": ident}, session=session)

    @classmethod
    async def touching(
        cls, paths: Collection[str], session: AsyncClientSession
    ) -> list["Redirect"]:
        """Those that start from or lead to one of the paths."""
        match = {"$or": [{name: {"$in": list(paths)}} for name in ("from_path", "to_path")]}
        return await cls.find(match, session=session).to_list()

    @classmethod
    async def count(cls, session: AsyncClientSession) -> int:  # type: ignore[override]  # Beanie's is no query of ours
        return await cls.get_pymongo_collection().count_documents({}, session=session)

    @classmethod
    async def answering(cls, paths: Collection[str]) -> set[str]:
        """Which of the paths a redirect to somewhere starts from."""
        rows = cls.get_pymongo_collection().find(
            {"from_path": {"$in": list(paths)}, "to": {"$ne": None}}, {"from_path": 1, "_id": 0}
        )
        return {row["from_path"] async for row in rows}

    @classmethod
    async def list_with_site(cls) -> list[Row]:
        """One query: every redirect by path, and the site's row last."""
        return await cls.aggregate([{"$sort": {"from_path": 1}}, *Site.LOOKUP]).to_list()

    @classmethod
    async def one_at_a_time(cls, work: Callable[[AsyncClientSession], Awaitable[T]]) -> T:
        """Do the work, reads and writes in its session, as if nobody else wrote redirects.

        Raises:
            PathTaken: another redirect starts from the path.
        """
        turns = cls.get_pymongo_collection().database["redirect_turns"]

        async def in_turn(session: AsyncClientSession) -> T:
            await turns.update_one({"_id": TURN}, {"$inc": {"n": 1}}, upsert=True, session=session)
            return await work(session)

        try:
            async with turns.database.client.start_session() as session:
                return await session.with_transaction(in_turn)
        except DuplicateKeyError as error:
            raise PathTaken from error

    async def add(self, session: AsyncClientSession) -> None:
        await self.insert(session=session)

    async def replace_guarded(
        self, after: "Redirect", entry: Entry, session: AsyncClientSession
    ) -> bool:
        """Write it with the entry; false when somebody saved in between."""
        written = await self.get_pymongo_collection().update_one(
            {"_id": self.id, "revision": self.revision},
            {
                "$set": after.model_dump(exclude={"id", "revision", "pending"}),
                "$inc": {"revision": 1},
                "$push": {"pending": entry.model_dump()},
            },
            session=session,
        )
        return written.matched_count == 1

    async def delete_guarded(self, entry: Entry) -> Remains | None:
        """Remove it and leave the entry behind; None when somebody saved in between.

        Without it no loop can come into being, so it waits for nobody's turn.
        """
        return await Remains.take_away(
            self, {"revision": self.revision}, "redirect", entry, forgets=False
        )

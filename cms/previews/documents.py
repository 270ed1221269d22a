"""What is stored of a preview link: the digest of its token, and what it opens until when."""

from datetime import datetime
from typing import Any

from beanie import Document, PydanticObjectId

from cms.core.paging import Keyset, ListQuery
from cms.history.entries import Editor

Row = dict[str, Any]
NEWEST_FIRST = Keyset("created_at", descending=True)


class PreviewLink(Document):
    """`revision` is None when the link shows the working copy as it is then.

    `slug` is the address that stands in the link: it goes on working when the draft is renamed.
    """

    digest: str
    kind: str
    item_id: PydanticObjectId
    slug: str
    revision: int | None
    created_at: datetime
    expires_at: datetime
    created_by: Editor

    class Settings:
        name = "preview_links"

    @classmethod
    async def opened(cls, digest: str, kind: str, now: datetime) -> "PreviewLink | None":
        """The link of a token, unless it is over (MongoDB removes those a minute late)."""
        return await cls.find_one({"digest": digest, "kind": kind, "expires_at": {"$gt": now}})

    @classmethod
    async def list_open(
        cls, item_id: PydanticObjectId, params: ListQuery, now: datetime
    ) -> list[Row]:
        match = {"item_id": item_id, "expires_at": {"$gt": now}}
        return await cls.aggregate(NEWEST_FIRST.stages(match, params)).to_list()

    @classmethod
    async def count_open(cls, item_id: PydanticObjectId, now: datetime) -> int:
        match = {"item_id": item_id, "expires_at": {"$gt": now}}
        return await cls.get_pymongo_collection().count_documents(match)

    @classmethod
    async def revoke(
        cls, ident: PydanticObjectId, item_id: PydanticObjectId
    ) -> "PreviewLink | None":
        """The link that is gone now; None when the item has no such link."""
        gone = await cls.get_pymongo_collection().find_one_and_delete(
            {"_id": ident, "item_id": item_id}
        )
        return cls.model_validate(gone) if gone else None

    @classmethod
    async def forget(cls, item_id: PydanticObjectId) -> None:
        await cls.get_pymongo_collection().delete_many({"item_id": item_id})

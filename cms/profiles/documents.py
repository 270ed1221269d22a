"""What is stored of an author profile: a public person, with or without an account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from beanie import Document, PydanticObjectId
from pydantic import BaseModel
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from cms.core import references
from cms.core.paging import Keyset, ListQuery
from cms.history.documents import Editor
from cms.publishing.documents import SlugTaken
from cms.retries.documents import AlreadyMade, is_about_id
from cms.site.documents import Site

Row = dict[str, Any]
BY_NAME = Keyset("name", kind="text")
PUBLIC: Row = {"is_public": True}


class ProfileLink(BaseModel):
    kind: str
    url: str
    label: str


class Skill(BaseModel):
    name: str
    level: str
    keywords: list[str]


class Experience(BaseModel):
    organisation: str
    role: str
    start: str
    end: str | None
    summary: str
    url: str | None


class Education(BaseModel):
    organisation: str
    area: str
    degree: str
    start: str
    end: str | None
    url: str | None


class ProfileContent(BaseModel):
    """What the person says of themselves; the bio has a language of its own."""

    name: str
    headline: str
    bio_markdown: str
    lang: str
    location: str
    since: int | None
    links: list[ProfileLink]
    skills: list[Skill]
    experience: list[Experience]
    education: list[Education]


class Profile(Document):
    """A profile has no draft beside its public self: what is saved is what readers see.

    Why: `docs/decisions/0005-profiles-have-no-draft.md`. `name` repeats `content.name` for the
    index that orders the public list.
    """

    revision: int = 1
    slug: str
    slugs: list[str]
    name: str
    is_public: bool = True
    account_id: PydanticObjectId | None = None
    content: ProfileContent
    bio_html: str
    created_at: datetime
    updated_at: datetime
    updated_by: Editor

    class Settings:
        name = "profiles"

    def edited(
        self, slug: str, content: ProfileContent, bio_html: str, editor: Editor, now: datetime
    ) -> "Profile":
        """The old slug goes on leading here."""
        slugs = list(dict.fromkeys([slug, *self.slugs]))
        return self._moved(
            editor,
            now,
            slug=slug,
            slugs=slugs,
            name=content.name,
            content=content,
            bio_html=bio_html,
        )

    def shown(self, *, is_public: bool, editor: Editor, now: datetime) -> "Profile":
        return self._moved(editor, now, is_public=is_public)

    def _moved(self, editor: Editor, now: datetime, **changes: Any) -> "Profile":
        changes = {"updated_at": now, "updated_by": editor, **changes}
        moved: Profile = self.model_copy(update=changes)
        return moved

    async def create(self) -> "Profile":  # type: ignore[override]  # Beanie's takes a session
        """Insert.

        Raises:
            SlugTaken: another profile has the slug.
            AlreadyMade: one has the very id.
        """
        try:
            await self.insert()
        except DuplicateKeyError as error:
            if is_about_id(error):
                raise AlreadyMade from error
            raise SlugTaken(self.slug) from error
        return self

    async def replace_guarded(self, after: "Profile") -> "Profile | None":
        """None when somebody saved in between.

        Raises:
            SlugTaken: another profile has the slug.
        """
        values = after.model_dump(exclude={"id", "revision"})
        collection = self.get_pymongo_collection()

        async def write(session: AsyncClientSession) -> bool:
            written = await collection.update_one(
                {"_id": self.id, "revision": self.revision},
                {"$set": values, "$inc": {"revision": 1}},
                session=session,
            )
            if written.matched_count and after.slug != self.slug:
                await references.rename("profiles", self.slug, after.slug, session)
            return written.matched_count == 1

        try:
            # One transaction: filters by author must not miss articles between the two writes.
            async with collection.database.client.start_session() as session:
                is_written = await session.with_transaction(write)
        except DuplicateKeyError as error:
            raise SlugTaken(after.slug) from error
        if not is_written:
            return None
        written_as: Profile = after.model_copy(update={"revision": self.revision + 1})
        return written_as

    async def delete_guarded(self) -> bool:
        gone = await self.get_pymongo_collection().delete_one(
            {"_id": self.id, "revision": self.revision}
        )
        return gone.deleted_count == 1

    @classmethod
    async def by_id(cls, ident: PydanticObjectId) -> "Profile | None":
        return await cls.find_one({"_id": ident})

    @classmethod
    async def taken_slugs(cls, wanted: Sequence[str]) -> set[str]:
        rows = cls.get_pymongo_collection().find(
            {"slugs": {"$in": list(wanted)}}, {"slugs": 1, "_id": 0}
        )
        return {slug async for row in rows for slug in row["slugs"]}

    @classmethod
    async def canonical_slugs(cls, slugs: Sequence[str]) -> dict[str, str]:
        """From any slug a profile has or had to the one it has now; unknown ones are missing."""
        rows = cls.get_pymongo_collection().find(
            {"slugs": {"$in": list(slugs)}}, {"slug": 1, "slugs": 1, "_id": 0}
        )
        return {old: row["slug"] async for row in rows for old in row["slugs"]}

    @classmethod
    async def list_admin(cls, params: ListQuery) -> list[Row]:
        return await cls.aggregate(BY_NAME.stages({}, params)).to_list()

    @classmethod
    async def list_public(cls, params: ListQuery, now: datetime, projection: Row) -> list[Row]:
        """One query: the page, each profile's count, and the site's row last."""
        stages = [
            *BY_NAME.stages(PUBLIC, params),
            *references.public_count("profiles", now),
            {"$project": {**projection, "_key": 1}},
            *Site.LOOKUP,
        ]
        return await cls.aggregate(stages).to_list()

    @classmethod
    async def find_public(cls, slug: str, now: datetime, projection: Row) -> list[Row]:
        """One query: the profile that has or had the slug, if it is public, and the site's row."""
        stages = [
            {"$match": {"slugs": slug, **PUBLIC}},
            *references.public_count("profiles", now),
            {"$project": projection},
            *Site.LOOKUP,
        ]
        return await cls.aggregate(stages).to_list()


AUTHOR_CARD: Row = {"_id": 0, "slug": 1, "slugs": 1, "name": 1}


def cards(slugs_field: str) -> Row:
    """A `$lookup` of the public profiles whose slugs, old ones too, stand in `slugs_field`."""
    return {
        "$lookup": {
            "from": "profiles",
            "localField": slugs_field,
            "foreignField": "slugs",
            "pipeline": [{"$match": PUBLIC}, {"$project": AUTHOR_CARD}],
            "as": "author_cards",
        }
    }

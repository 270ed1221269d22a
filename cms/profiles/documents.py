"""What is stored of an author profile: a public person, with or without an account."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from beanie import PydanticObjectId
from pydantic import BaseModel
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from cms.core import references
from cms.core.paging import Keyset, ListQuery
from cms.core.places import Move, Place
from cms.history.documents import Carrier
from cms.history.entries import Editor, Entry, spread
from cms.media import documents as media
from cms.publishing import pictured
from cms.publishing.contents import SlugTaken
from cms.removals.documents import Remains, Replaced
from cms.retries.documents import AlreadyMade, is_about_id
from cms.site.documents import Site
from cms.tallies import documents as tallies

Row = dict[str, Any]
BY_NAME = Keyset("name", kind="text")
PUBLIC: Row = {"is_public": True}
MOVES: Row = {"_id": 0, "slug": 1, "slugs": 1, "content.lang": 1}


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
    highlights: list[str] = []


class Education(BaseModel):
    organisation: str
    area: str
    degree: str
    start: str
    end: str | None
    url: str | None
    score: str = ""
    courses: list[str] = []


class Volunteer(BaseModel):
    organisation: str
    role: str
    start: str | None
    end: str | None
    summary: str
    url: str | None
    highlights: list[str]


class Certificate(BaseModel):
    name: str
    issuer: str
    date: str | None
    url: str | None


class Talk(BaseModel):
    title: str
    event: str
    date: str | None
    url: str | None
    summary: str


class Publication(BaseModel):
    name: str
    publisher: str
    date: str | None
    url: str | None
    summary: str


class Award(BaseModel):
    title: str
    awarder: str
    date: str | None
    summary: str


class SpokenLanguage(BaseModel):
    language: str
    fluency: str


class ProfileContent(BaseModel):
    """What the person says of themselves; the bio has a language of its own."""

    name: str
    headline: str
    bio_markdown: str
    lang: str
    location: str
    since: int | None
    avatar_id: str | None = None
    links: list[ProfileLink]
    skills: list[Skill]
    experience: list[Experience]
    education: list[Education]
    volunteer: list[Volunteer] = []
    certificates: list[Certificate] = []
    talks: list[Talk] = []
    publications: list[Publication] = []
    awards: list[Award] = []
    languages: list[SpokenLanguage] = []


class Profile(Carrier):
    """A profile has no draft beside its public self: what is saved is what readers see.

    Why: `docs/decisions/0005-profiles-have-no-draft.md`. `name` repeats `content.name` for the
    index that orders the public list.
    """

    IS_FORGOTTEN: ClassVar[bool] = True
    revision: int = 1
    slug: str
    slugs: list[str]
    name: str
    is_public: bool = True
    account_id: PydanticObjectId | None = None
    content: ProfileContent
    bio_html: str
    media_refs: list[str] = []
    created_at: datetime
    updated_at: datetime
    updated_by: Editor

    class Settings:
        name = "profiles"

    @property
    def heading(self) -> str:
        return self.name

    def written(self) -> Row:
        """Every field that an editor writes, as a revision keeps it."""
        owner = str(self.account_id) if self.account_id else None
        return {**self.content.model_dump(), "slug": self.slug, "account_id": owner}

    def edited(self, slug: str, content: ProfileContent, editor: Editor, now: datetime) -> Self:
        """The old slug goes on leading here."""
        slugs = list(dict.fromkeys([slug, *self.slugs]))
        changes = {"slug": slug, "slugs": slugs, "name": content.name, "content": content}
        changes["media_refs"] = pictured.named_by(content)
        return self._moved(editor, now, **changes)

    def linked(self, account_id: PydanticObjectId | None) -> Self:
        changed: Self = self.model_copy(update={"account_id": account_id})
        return changed

    def rendered(self, bio_html: str) -> Self:
        changed: Self = self.model_copy(update={"bio_html": bio_html})
        return changed

    def shown(self, *, is_public: bool, editor: Editor, now: datetime) -> Self:
        return self._moved(editor, now, is_public=is_public)

    def _moved(self, editor: Editor, now: datetime, **changes: Any) -> Self:
        changes = {"updated_at": now, "updated_by": editor, **changes}
        moved: Self = self.model_copy(update=changes)
        return moved

    async def create(self) -> Self:  # type: ignore[override]  # Beanie's takes a session
        """Insert.

        Raises:
            SlugTaken: another profile has the slug.
            AlreadyMade: one has the very id.
        """
        self.media_refs = pictured.named_by(self.content)
        try:
            await self.insert()
        except DuplicateKeyError as error:
            if is_about_id(error):
                raise AlreadyMade from error
            raise SlugTaken(self.slug) from error
        return self

    def shown_by_change(self, after: Self) -> list[str]:
        """Its slugs, if articles show from now on that it came or went, or another slug."""
        moves = self.slug != after.slug or self.is_public != after.is_public
        return after.slugs if moves else []

    async def replace_guarded(self, after: Self, entry: Entry) -> Self | None:
        """Write `after` and the entry with it; None when somebody saved in between.

        Raises:
            SlugTaken: another profile has the slug.
        """
        values = after.model_dump(exclude={"id", "revision", "pending"})
        collection = self.get_pymongo_collection()
        slugs = self.shown_by_change(after)

        async def write(session: AsyncClientSession) -> list[Entry]:
            shown = await references.items("profiles", slugs, session)
            entries = spread(entry, shown)
            written = await collection.update_one(
                {"_id": self.id, "revision": self.revision},
                {
                    "$set": values,
                    "$inc": {"revision": 1},
                    "$push": {"pending": {"$each": [item.model_dump() for item in entries]}},
                },
                session=session,
            )
            if written.matched_count and after.slug != self.slug:
                await references.rename("profiles", self.slug, after.slug, session)
            return entries if written.matched_count else []

        try:
            # One transaction: filters by author must not miss articles between the two writes.
            async with collection.database.client.start_session() as session:
                left = await session.with_transaction(write)
        except DuplicateKeyError as error:
            raise SlugTaken(after.slug) from error
        if not left:
            return None
        carried = {"revision": self.revision + 1, "pending": [*self.pending, *left]}
        written_as: Self = after.model_copy(update=carried)
        return written_as

    async def delete_guarded(self, into: str | None, entry: Entry) -> Remains | None:
        """Remove it and leave the entry behind; articles name `into` instead, or nobody.

        All in one transaction: filters by author must not miss articles between the writes.
        """
        match = {"revision": self.revision}
        replaced = Replaced("profiles", self.slug, into, also=self.slugs)
        return await Remains.take_away(self, match, "profile", entry, replaced=replaced)

    @classmethod
    async def media_usage(cls, ref: str, _now: datetime) -> references.Usage:
        """Who shows a media item."""
        profiles = cls.get_pymongo_collection()
        rows = profiles.find({"media_refs": ref}, {"name": 1}).limit(10)
        return references.Usage(
            count=await profiles.count_documents({"media_refs": ref}),
            published=await profiles.count_documents({"media_refs": ref, **PUBLIC}),
            examples=[
                references.User("profile", str(row["_id"]), row["name"]) async for row in rows
            ],
        )

    @classmethod
    async def replace_media(cls, old: str, new: str | None, session: Any) -> None:
        """Show another item, or none."""
        profiles = cls.get_pymongo_collection()
        stages = pictured.replaced(("content",), old, new)
        if new is not None:
            text = {"input": "$bio_html", "find": f"/media/{old}", "replacement": f"/media/{new}"}
            stages.append({"$set": {"bio_html": {"$replaceAll": text}}})
        await profiles.update_many({"media_refs": old}, stages, session=session)

    @classmethod
    async def showing_media(cls, ref: str, _now: datetime) -> list[references.Shown]:
        """The public ones that show a media item."""
        fields = {"content.lang": 1, "slug": 1}
        rows = cls.get_pymongo_collection().find({"media_refs": ref, **PUBLIC}, fields)
        return [("profile", row["content"]["lang"], row["slug"]) async for row in rows]

    @classmethod
    async def by_slug(cls, slug: str) -> Self | None:
        return await cls.find_one({"slug": slug})

    @classmethod
    async def by_id(cls, ident: PydanticObjectId) -> Self | None:
        return await cls.find_one({"_id": ident})

    @classmethod
    async def taken_slugs(
        cls, wanted: Sequence[str], but_of: PydanticObjectId | None = None
    ) -> set[str]:
        """Which of the wanted slugs somebody holds, other than the one named."""
        rows = cls.get_pymongo_collection().find(
            {"slugs": {"$in": list(wanted)}, "_id": {"$ne": but_of}}, {"slugs": 1, "_id": 0}
        )
        return {slug async for row in rows for slug in row["slugs"]}

    @classmethod
    async def find_places(cls, slugs: Collection[str], _now: datetime) -> dict[str, Place]:
        """The public profiles under these slugs, former ones included."""
        rows = cls.get_pymongo_collection().find({"slugs": {"$in": list(slugs)}, **PUBLIC}, MOVES)
        return {
            slug: Place(row["slug"], row["content"]["lang"])
            async for row in rows
            for slug in row["slugs"]
            if slug in slugs
        }

    @classmethod
    async def list_moved(cls, _now: datetime) -> list[Move]:
        """Every former slug of a public profile; an index holds only those that moved."""
        rows = cls.get_pymongo_collection().find({"slugs.1": {"$exists": True}, **PUBLIC}, MOVES)
        return [
            Move(old, row["slug"], row["content"]["lang"])
            async for row in rows
            for old in row["slugs"]
            if old != row["slug"]
        ]

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
            {"$project": {**projection, **AVATAR, "_key": 1}},
            media.cards("avatar_id", "avatar"),
            *Site.LOOKUP,
        ]
        return await tallies.read(cls, stages)

    @classmethod
    async def find_public(cls, slug: str, now: datetime, projection: Row) -> list[Row]:
        """One query: the profile that has or had the slug, if it is public, and the site's row."""
        stages = [
            {"$match": {"slugs": slug, **PUBLIC}},
            *references.public_count("profiles", now),
            {"$project": {**projection, **AVATAR, "media_refs": 1}},
            media.cards("media_refs"),
            *Site.LOOKUP,
        ]
        return await tallies.read(cls, stages)

    @classmethod
    async def find_resume(cls, slug: str) -> Row | None:
        """One query: the profile that has or had the slug, if it is public."""
        return await cls.get_pymongo_collection().find_one({"slugs": slug, **PUBLIC}, RESUME)


# Named one by one: a field that is added to a profile is not thereby published.
RESUME: Row = {
    "slug": 1,
    "updated_at": 1,
    **{
        f"content.{name}": 1
        for name in (
            "name", "headline", "bio_markdown", "lang", "location", "since", "links", "skills",
            "experience", "education", "volunteer", "certificates", "talks", "publications",
            "awards", "languages",
        )
    },
}  # fmt: skip
AVATAR: Row = {"avatar_id": "$content.avatar_id"}
AUTHOR_CARD: Row = {"_id": 0, "slug": 1, "slugs": 1, "name": 1, **AVATAR}


def cards(slugs_field: str) -> Row:
    """A `$lookup` of the public profiles whose slugs, old ones too, stand in `slugs_field`."""
    return {
        "$lookup": {
            "from": "profiles",
            "localField": slugs_field,
            "foreignField": "slugs",
            "pipeline": [
                {"$match": PUBLIC},
                {"$project": AUTHOR_CARD},
                media.cards("avatar_id", "avatar"),
            ],
            "as": "author_cards",
        }
    }

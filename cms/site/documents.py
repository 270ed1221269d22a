"""What is stored of the site as a whole: one document, with defaults while nobody wrote it."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar, Final, Literal, get_args

from beanie import PydanticObjectId
from pydantic import BaseModel, Field
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from cms.core.slugs import MAX_LENGTH
from cms.history.documents import Carrier
from cms.history.entries import Entry

SITE_ID = "site"
# What its past is filed under, since that is filed under object ids: "site" in hexadecimal.
ITEM_ID = PydanticObjectId("000000000000000073697465")
# Where a frontend puts things unless the owner says otherwise; "*" is any language.
DEFAULT_PATTERNS = {
    "article": {"*": "/articles/{slug}"},
    "project": {"*": "/projects/{slug}"},
    "page": {"*": "/{slug}"},
    "profile": {"*": "/authors/{slug}"},
    "tag": {"*": "/tags/{slug}"},
    "series": {"*": "/series/{slug}"},
}
# Files of the site that list what is published: what stands in feeds, and where everything is.
FEEDS: Final = ("/feed.xml", "/atom.xml", "/feed.json")
SITEMAP: Final = "/sitemap.xml"
LLMS: Final = "/llms.txt"

CheckCode = Literal[
    "missing_alt", "heading_jump", "dead_internal_link", "leftover_todo", "title_length",
    "description_length", "missing_excerpt", "heavy_image",
    "missing_translation", "stale_translation",
]  # fmt: skip
Level = Literal["error", "warning", "off"]
# How grave what the publish checks find is, unless the owner says otherwise.
CHECKS: dict[CheckCode, Level] = dict.fromkeys(get_args(CheckCode), "warning")


class Link(BaseModel):
    label: str
    url: str


class SocialLink(BaseModel):
    kind: str
    url: str
    label: str = ""


class Colors(BaseModel):
    background: str = "#fbf7ef"
    text: str = "#2b2118"
    accent: str = "#9a5b1f"


class SiteContent(BaseModel):
    title: str = "Lontar"
    description: str = ""
    languages: list[str] = ["en"]
    fallback_languages: list[str] = []
    time_zone: str = "UTC"
    navigation: list[Link] = []
    social_links: list[SocialLink] = []
    seo: dict[str, Any] = {}
    url_patterns: dict[str, dict[str, str]] = {}
    preview_url: str | None = None
    colors: Colors = Colors()
    checks: dict[str, Level] = {}

    def card(self) -> dict[str, Any]:
        """What the generated picture of a link shows of the site."""
        return {"title": self.title, "colors": self.colors.model_dump()}

    def url(self, base: str, kind: str, lang: str, slug: str) -> str:
        """The frontend's address of something, by the pattern of its kind and language."""
        return base + self.path(kind, lang, slug)

    def path(self, kind: str, lang: str, slug: str) -> str:
        """The same address without its origin."""
        patterns = {**DEFAULT_PATTERNS[kind], **self.url_patterns.get(kind, {})}
        pattern = patterns.get(lang, patterns["*"])
        return pattern.replace("{slug}", slug).replace("{lang}", lang)

    def read(self, path: str) -> list[tuple[str, str]]:
        """Every (kind, slug) that a path may mean by the patterns, whatever the language."""
        found: dict[tuple[str, str], None] = {}
        for kind, default in DEFAULT_PATTERNS.items():
            for pattern in {**default, **self.url_patterns.get(kind, {})}.values():
                if meant := _reader(pattern).fullmatch(path):
                    found[kind, meant["slug"]] = None
        return list(found)

    def check_levels(self) -> dict[CheckCode, Level]:
        return {code: self.checks.get(code, level) for code, level in CHECKS.items()}

    def public(self) -> dict[str, Any]:
        """What readers get of it."""
        return self.model_dump(exclude={"checks"})

    def shown(self, base: str) -> dict[str, Any]:
        """The fields of the site's views, with every pattern that is in force."""
        patterns = {
            kind: {**default, **self.url_patterns.get(kind, {})}
            for kind, default in DEFAULT_PATTERNS.items()
        }
        return {**self.public(), "url": base, "url_patterns": patterns}


@lru_cache(maxsize=256)
def _reader(pattern: str) -> re.Pattern[str]:
    """What reads the slug out of a path; linear, since slug and language are of bounded length."""
    parts = {
        "{slug}": rf"(?P<slug>[a-z0-9-]{{1,{MAX_LENGTH}}})",
        "{lang}": "(?P<lang>[A-Za-z0-9-]{2,35})",
    }
    seen: set[str] = set()
    expression = ""
    for part in re.split(r"(\{slug\}|\{lang\})", pattern):
        again = f"(?P={part[1:-1]})" if part in seen else None
        expression += again or parts.get(part) or re.escape(part)
        seen |= {part} & set(parts)
    return re.compile(expression)  # nosemgrep: unescaped-text-in-regex - escaped above


class Site(Carrier):
    id: str = Field(default=SITE_ID, alias="_id")  # type: ignore[assignment]  # a singleton
    revision: int = 0
    content: SiteContent = SiteContent()
    updated_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    # When readers last got something else: they must not learn when a private setting changed.
    shown_at: datetime | None = None

    class Settings:
        name = "site"

    LOOKUP: ClassVar[list[dict[str, Any]]] = [
        {
            "$unionWith": {
                "coll": "site",
                "pipeline": [{"$match": {"_id": SITE_ID}}, {"$project": {"content": 1}}],
            }
        }
    ]

    @property
    def item_id(self) -> PydanticObjectId:
        return ITEM_ID

    @property
    def heading(self) -> str:
        return self.content.title

    @classmethod
    async def load(cls) -> "Site":
        return await cls.find_one({"_id": SITE_ID}) or cls()

    async def replace_guarded(self, content: SiteContent, entry: Entry) -> "Site | None":
        """None when somebody saved in between."""
        collection = self.get_pymongo_collection()
        is_seen = content.public() != self.content.public()
        values = {
            "content": content.model_dump(),
            "updated_at": entry.at,
            "shown_at": entry.at if is_seen else self.shown_at or self.updated_at,
        }
        try:
            found = await collection.find_one_and_update(
                {"_id": SITE_ID, "revision": self.revision},
                {
                    "$set": values,
                    "$inc": {"revision": 1},
                    "$push": {"pending": entry.model_dump()},
                },
                upsert=self.revision == 0,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            return None
        return Site.model_validate(found) if found else None


def split_site(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], SiteContent]:
    """Take the site's row, which `Site.LOOKUP` appended, off the others."""
    if rows and rows[-1]["_id"] == SITE_ID:
        return rows[:-1], SiteContent.model_validate(rows[-1]["content"])
    return rows, SiteContent()

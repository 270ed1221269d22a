"""Shapes of author profiles."""

from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field
from pydantic.config import JsonDict

from cms.core.fields import HttpUrl, Lang, Markdown, ShortLine, SlugInput, Text
from cms.core.paging import Listing
from cms.core.shapes import Input, View
from cms.history.schemas import EditorView

Optional120 = Annotated[str, Field(max_length=120)]
Month = Annotated[
    str,
    Field(
        pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$",
        description="ISO 8601 year, month or day.",
        examples=["2014-03"],
    ),
]
LinkKind = Literal[
    "website", "github", "gitlab", "linkedin", "mastodon", "bluesky", "x", "instagram", "youtube",
    "facebook", "telegram", "email", "other",
]  # fmt: skip
# One author for the examples of the documentation; each shape shows what it has of her.
STORY: Final[JsonDict] = {
    "examples": [
        {
            "name": "Rani Wulandari",
            "slug": "rani-wulandari",
            "headline": "Backend developer in Bandung",
            "bio_markdown": "Writes about *databases* since 2014.\n",
            "bio_html": "<p>Writes about <em>databases</em> since 2014.</p>\n",
            "lang": "en",
            "location": "Bandung",
            "since": 2014,
            "articles_count": 12,
            "id": "674000000000000000000004",
            "revision": 3,
            "url": "https://juri.example/authors/rani-wulandari",
        }
    ]
}
LINK: Final[JsonDict] = {
    "examples": [{"kind": "github", "url": "https://github.com/rani", "label": "Code"}]
}
SKILL: Final[JsonDict] = {
    "examples": [{"name": "Databases", "level": "advanced", "keywords": ["MongoDB", "SQLite"]}]
}
EXPERIENCE: Final[JsonDict] = {
    "examples": [
        {
            "organisation": "Warung Data",
            "role": "Backend developer",
            "start": "2019-02",
            "summary": "Built the ordering service.",
        }
    ]
}
EDUCATION: Final[JsonDict] = {
    "examples": [
        {
            "organisation": "Universitas Contoh",
            "area": "Informatics",
            "degree": "Bachelor",
            "start": "2010",
            "end": "2014",
        }
    ]
}


class ProfileLinkInput(Input, json_schema_extra=LINK):
    kind: LinkKind = "other"
    url: Annotated[str, Field(max_length=2000, pattern=r"^(https?://|mailto:)[^\s<>\x22'`\\]+$")]
    label: Optional120 = ""


class SkillInput(Input, json_schema_extra=SKILL):
    name: ShortLine
    level: Optional120 = ""
    keywords: Annotated[list[ShortLine], Field(max_length=50)] = []


class ExperienceInput(Input, json_schema_extra=EXPERIENCE):
    organisation: ShortLine
    role: ShortLine
    start: Month
    end: Month | None = None
    summary: Text = ""
    url: HttpUrl | None = None


class EducationInput(Input, json_schema_extra=EDUCATION):
    organisation: ShortLine
    area: Optional120 = ""
    degree: Optional120 = ""
    start: Month
    end: Month | None = None
    url: HttpUrl | None = None


class ProfileInput(Input, json_schema_extra=STORY):
    name: ShortLine
    slug: SlugInput | None = Field(None, description="Made from the name when it is left out.")
    headline: Annotated[str, Field(max_length=300)] = ""
    bio_markdown: Annotated[Markdown, Field(max_length=64 * 1024)] = ""
    lang: Lang = Field("en", description="The language of the bio.")
    location: Optional120 = ""
    since: Annotated[int, Field(ge=1900, le=2200)] | None = None
    links: Annotated[list[ProfileLinkInput], Field(max_length=30)] = []
    skills: Annotated[list[SkillInput], Field(max_length=100)] = []
    experience: Annotated[list[ExperienceInput], Field(max_length=100)] = []
    education: Annotated[list[EducationInput], Field(max_length=100)] = []


class ProfileLinkView(View, json_schema_extra=LINK):
    kind: str
    url: str
    label: str


class SkillView(View, json_schema_extra=SKILL):
    name: str
    level: str
    keywords: list[str]


class ExperienceView(View, json_schema_extra=EXPERIENCE):
    organisation: str
    role: str
    start: str
    end: str | None
    summary: str
    url: str | None


class EducationView(View, json_schema_extra=EDUCATION):
    organisation: str
    area: str
    degree: str
    start: str
    end: str | None
    url: str | None


class AuthorRef(View, json_schema_extra=STORY):
    """An author as content shows them."""

    slug: str
    name: str
    avatar: None = Field(None, description="A picture, once there is a media library.")


class ProfileSummary(View, json_schema_extra=STORY):
    PROJECTION: ClassVar[dict[str, object]] = {
        "slug": 1,
        "name": 1,
        "headline": "$content.headline",
        "lang": "$content.lang",
        "location": "$content.location",
        "articles_count": 1,
    }
    slug: str
    name: str
    headline: str
    lang: str
    location: str
    articles_count: int
    avatar: None = None
    url: str


class ProfileView(ProfileSummary):
    PROJECTION: ClassVar[dict[str, object]] = {
        **ProfileSummary.PROJECTION,
        "bio_html": 1,
        "since": "$content.since",
        "links": "$content.links",
        "skills": "$content.skills",
        "experience": "$content.experience",
        "education": "$content.education",
        "updated_at": 1,
    }
    bio_html: str
    since: int | None
    links: list[ProfileLinkView]
    skills: list[SkillView]
    experience: list[ExperienceView]
    education: list[EducationView]
    updated_at: datetime


class ProfileAdmin(View, json_schema_extra=STORY):
    id: str
    revision: int
    status: Literal["published", "unpublished"]
    slug: str
    name: str
    headline: str
    bio_markdown: str
    bio_html: str
    lang: str
    location: str
    since: int | None
    links: list[ProfileLinkView]
    skills: list[SkillView]
    experience: list[ExperienceView]
    education: list[EducationView]
    created_at: datetime
    updated_at: datetime
    updated_by: EditorView


class ProfileList(Listing[ProfileSummary]):
    pass


class ProfileAdminList(Listing[ProfileAdmin]):
    pass

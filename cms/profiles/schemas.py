"""Shapes of author profiles."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field
from pydantic.config import JsonDict

from cms.core.fields import HttpUrl, Lang, Line, Markdown, ShortLine, SlugInput, Text
from cms.core.paging import Listing, Query
from cms.core.shapes import Input, View
from cms.history.schemas import EditorView
from cms.media.schemas import ImageView, MediaId

Optional120 = Annotated[str, Field(max_length=120)]
Month = Annotated[
    str,
    Field(
        pattern=r"^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        description="ISO 8601 year, month or day.",
        examples=["2014-03"],
    ),
]
Highlights = Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=50)]
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
    highlights: Highlights = []


class EducationInput(Input, json_schema_extra=EDUCATION):
    organisation: ShortLine
    area: Optional120 = ""
    degree: Optional120 = ""
    start: Month
    end: Month | None = None
    url: HttpUrl | None = None
    score: Optional120 = ""
    courses: Highlights = []


class VolunteerInput(Input):
    organisation: ShortLine
    role: Optional120 = ""
    start: Month | None = None
    end: Month | None = None
    summary: Text = ""
    url: HttpUrl | None = None
    highlights: Highlights = []


class CertificateInput(Input):
    name: Line
    issuer: Optional120 = ""
    date: Month | None = None
    url: HttpUrl | None = None


class TalkInput(Input):
    title: Line
    event: Optional120 = ""
    date: Month | None = None
    url: HttpUrl | None = None
    summary: Text = ""


class PublicationInput(Input):
    name: Line
    publisher: Optional120 = ""
    date: Month | None = None
    url: HttpUrl | None = None
    summary: Text = ""


class AwardInput(Input):
    title: Line
    awarder: Optional120 = ""
    date: Month | None = None
    summary: Text = ""


class SpokenLanguageInput(Input):
    language: ShortLine
    fluency: Optional120 = ""


class ProfileInput(Input, json_schema_extra=STORY):
    name: ShortLine
    slug: SlugInput | None = Field(None, description="Made from the name when it is left out.")
    headline: Annotated[str, Field(max_length=300)] = ""
    bio_markdown: Annotated[Markdown, Field(max_length=64 * 1024)] = ""
    lang: Lang = Field("en", description="The language of the bio.")
    location: Optional120 = ""
    since: Annotated[int, Field(ge=1900, le=2200)] | None = None
    avatar_id: MediaId | None = Field(None, description="A picture of the media library.")
    links: Annotated[list[ProfileLinkInput], Field(max_length=30)] = []
    skills: Annotated[list[SkillInput], Field(max_length=100)] = []
    experience: Annotated[list[ExperienceInput], Field(max_length=100)] = []
    education: Annotated[list[EducationInput], Field(max_length=100)] = []
    volunteer: Annotated[list[VolunteerInput], Field(max_length=100)] = []
    certificates: Annotated[list[CertificateInput], Field(max_length=100)] = []
    talks: Annotated[list[TalkInput], Field(max_length=200)] = []
    publications: Annotated[list[PublicationInput], Field(max_length=200)] = []
    awards: Annotated[list[AwardInput], Field(max_length=100)] = []
    languages: Annotated[list[SpokenLanguageInput], Field(max_length=50)] = []
    account_id: Annotated[str, Field(pattern="^[0-9a-f]{24}$")] | None = Field(
        None, description="The account of this person, who may then change the profile."
    )


class ImportQuery(Query):
    slug: SlugInput | None = Field(None, description="Made from the name when it is left out.")


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
    highlights: list[str] = []


class EducationView(View, json_schema_extra=EDUCATION):
    organisation: str
    area: str
    degree: str
    start: str
    end: str | None
    url: str | None
    score: str = ""
    courses: list[str] = []


class VolunteerView(View):
    organisation: str
    role: str
    start: str | None
    end: str | None
    summary: str
    url: str | None
    highlights: list[str]


class CertificateView(View):
    name: str
    issuer: str
    date: str | None
    url: str | None


class TalkView(View):
    title: str
    event: str
    date: str | None
    url: str | None
    summary: str


class PublicationView(View):
    name: str
    publisher: str
    date: str | None
    url: str | None
    summary: str


class AwardView(View):
    title: str
    awarder: str
    date: str | None
    summary: str


class SpokenLanguageView(View):
    language: str
    fluency: str


class Curriculum(View):
    """What a person did, in the order that they gave it."""

    links: list[ProfileLinkView]
    skills: list[SkillView]
    experience: list[ExperienceView]
    education: list[EducationView]
    volunteer: list[VolunteerView] = []
    certificates: list[CertificateView] = []
    talks: list[TalkView] = []
    publications: list[PublicationView] = []
    awards: list[AwardView] = []
    languages: list[SpokenLanguageView] = []


class AuthorRef(View, json_schema_extra=STORY):
    """An author as content shows them."""

    slug: str
    name: str
    avatar: ImageView | None = Field(description="Its variants are cut to 1:1.")


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
    avatar: ImageView | None = Field(description="Its variants are cut to 1:1.")
    url: str


class ProfileView(ProfileSummary, Curriculum):
    PROJECTION: ClassVar[dict[str, object]] = {
        **ProfileSummary.PROJECTION,
        "bio_html": 1,
        "since": "$content.since",
        **{name: f"$content.{name}" for name in Curriculum.model_fields},
        "updated_at": 1,
    }
    bio_html: str
    since: int | None
    og_image: ImageView = Field(description="What other sites show of a link to it.")
    updated_at: datetime
    json_ld: dict[str, Any] = Field(
        description="A schema.org `ProfilePage` about a `Person`. Escape `<` before writing it "
        "into a `<script>`."
    )


class ProfileAdmin(Curriculum, json_schema_extra=STORY):
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
    avatar_id: str | None
    account_id: str | None
    created_at: datetime
    updated_at: datetime
    updated_by: EditorView


class Unkept(View):
    """A part of a resume that the profile does not give back as it was."""

    field: str = Field(examples=["basics.phone"])
    reason: Literal["not_kept", "changed"]


class ResumeImport(View):
    """What became of a resume; `unkept` names every part that is lost or altered."""

    profile: ProfileAdmin
    unkept: list[Unkept]
    unkept_total: int


class ProfileList(Listing[ProfileSummary]):
    pass


class ProfileAdminList(Listing[ProfileAdmin]):
    pass

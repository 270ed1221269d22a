"""Shapes of projects: what an author writes, what the admin sees, what readers get.

The lifecycle has a `status` too. So the admin calls how the work stands `project_status`; readers,
who know no lifecycle, get it as `status`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic.config import JsonDict

from cms.core.fields import Day, HttpUrl, ShortLine, Text
from cms.core.paging import Listing
from cms.core.shapes import Input, View
from cms.media.schemas import ImageView, MediaId
from cms.publishing.schemas import (
    AdminSummary,
    AdminView,
    LanguageQuery,
    LiveView,
    Shown,
    Translated,
    WrittenInput,
)

ProjectStatus = Literal["planned", "active", "paused", "completed", "archived"]
LinkKind = Literal[
    "website", "demo", "source", "docs", "package", "case_study", "video", "other"
]  # fmt: skip
# One for the examples of the documentation; each shape shows what it has of it.
STORY: Final[JsonDict] = {
    "examples": [
        {
            "title": "Lontar",
            "slug": "lontar",
            "lang": "en",
            "summary": "A CMS for one's own site.",
            "markdown": "## Why\n\nBecause palm leaves last.\n",
            "role": "Author",
            "project_status": "active",
            "started_on": "2025-08-17",
            "technologies": ["Python", "MongoDB"],
            "gallery_ids": [],
            "links": [{"kind": "source", "url": "https://example.com/lontar"}],
            "html": '<h2 id="h-why">Why</h2>\n<p>Because palm leaves last.</p>\n',
            "id": "674000000000000000000006",
            "revision": 7,
            "position": 1,
            "publish_at": "2026-03-14T02:00:00Z",
            "published_at": "2026-03-14T02:00:00Z",
            "url": "https://juri.example/projects/lontar",
        }
    ]
}
LINK: Final[JsonDict] = {"examples": [{"kind": "source", "url": "https://example.com/lontar"}]}


def _distinct(value: list[str]) -> list[str]:
    """Without doubles, which are told by letters alone: `python` after `Python` is dropped."""
    found: dict[str, str] = {}
    for name in value:
        found.setdefault(name.casefold(), name)
    return list(found.values())


class ProjectLinkInput(Input, json_schema_extra=LINK):
    kind: LinkKind = "other"
    url: HttpUrl


class ProjectInput(WrittenInput, json_schema_extra=STORY):
    """What an author writes; only `title` is needed."""

    summary: Text = Field("", description="One or two sentences for lists.")
    role: Annotated[str, Field(max_length=120)] = ""
    project_status: ProjectStatus = Field(
        "active", description="How the work stands; readers get it as `status`."
    )
    started_on: Day | None = None
    ended_on: Day | None = Field(None, description="Not before `started_on`.")
    technologies: Annotated[list[ShortLine], Field(max_length=50), AfterValidator(_distinct)] = []
    links: Annotated[list[ProjectLinkInput], Field(max_length=30)] = []
    featured: bool = False
    cover_id: MediaId | None = Field(None, description="A picture of the media library.")
    gallery_ids: Annotated[list[MediaId], Field(max_length=50), AfterValidator(_distinct)] = Field(
        [], description="Pictures of the media library, in order."
    )
    position: Annotated[int, Field(ge=0, lt=10**7)] = Field(
        0, description="Lists go by it, the lowest first, then by the newest publication."
    )

    @field_validator("ended_on")
    @classmethod
    def _ends_after_it_started(cls, value: str | None, info: ValidationInfo) -> str | None:
        started = info.data.get("started_on")
        if value and started and value < started:
            raise ValueError("must not be before started_on")
        return value


class ProjectLinkView(View, json_schema_extra=LINK):
    kind: str
    url: str


class ProjectSummary(Shown, json_schema_extra=STORY):
    PROJECTION: ClassVar[Mapping[str, Any]] = {
        **Shown.PROJECTION,
        "summary": "$live.summary",
        "role": "$live.role",
        "status": "$live.project_status",
        "started_on": "$live.started_on",
        "ended_on": "$live.ended_on",
        "technologies": "$live.technologies",
        "links": "$live.links",
        "featured": "$live.featured",
        "position": "$live.position",
    }
    summary: str
    role: str
    status: ProjectStatus = Field(description="How the work stands.", examples=["active"])
    started_on: date | None
    ended_on: date | None
    technologies: list[str]
    links: list[ProjectLinkView]
    cover: ImageView | None = Field(description="Its variants are cut to 16:9.")
    gallery: list[ImageView]
    featured: bool
    position: int


class ProjectView(ProjectSummary, Translated):
    PROJECTION: ClassVar[Mapping[str, Any]] = {**ProjectSummary.PROJECTION, "html": "$live.html"}
    html: str
    og_image: ImageView = Field(
        description="What other sites show of a link: the cover, cut to 1200 by 630, or one drawn."
    )


class ProjectList(Listing[ProjectSummary]):
    pass


class ProjectQuery(LanguageQuery):
    technology: Annotated[str, Field(min_length=1, max_length=120)] | None = Field(
        None, description="One of `technologies`; capitals make no difference."
    )
    featured: bool | None = None


class LiveProjectView(LiveView, json_schema_extra=STORY):
    summary: str
    role: str
    project_status: ProjectStatus
    started_on: date | None
    ended_on: date | None
    technologies: list[str]
    links: list[ProjectLinkView]
    featured: bool
    cover_id: str | None
    gallery_ids: list[str]
    position: int


class ProjectAdminSummary(AdminSummary, json_schema_extra=STORY):
    """A row of the admin's list: no text."""

    project_status: ProjectStatus
    technologies: list[str]
    featured: bool
    position: int


class ProjectAdmin(AdminView, json_schema_extra=STORY):
    """`status` is the lifecycle's; how the work stands is `project_status`."""

    summary: str
    role: str
    project_status: ProjectStatus
    started_on: date | None
    ended_on: date | None
    technologies: list[str]
    links: list[ProjectLinkView]
    featured: bool
    cover_id: str | None
    gallery_ids: list[str]
    position: int
    live: LiveProjectView | None


class ProjectAdminList(Listing[ProjectAdminSummary]):
    pass

"""What is stored of a project, and every query over projects."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from pydantic import BaseModel

from cms.core.db import NEVER
from cms.core.markdown import Rendered
from cms.core.paging import Keyset
from cms.publishing.contents import Content, Window
from cms.publishing.documents import Published
from cms.publishing.languages import LanguageFilter
from cms.publishing.windows import live_fields

Row = dict[str, Any]
BY_POSITION = Keyset("live.order", kind="text")
LAST_MILLISECOND: Final = round(NEVER.timestamp() * 1000)


class ProjectLink(BaseModel):
    kind: str
    url: str


class ProjectContent(Content):
    """`project_status` is how the work stands; days are ISO texts, since BSON knows no dates."""

    WORDS: ClassVar[tuple[str, ...]] = ("title", "summary", "markdown", "role")
    summary: str
    role: str
    project_status: str
    started_on: str | None
    ended_on: str | None
    technologies: list[str]
    links: list[ProjectLink]
    featured: bool
    position: int
    cover_id: str | None = None
    gallery_ids: list[str] = []


class LiveProject(ProjectContent, Window):
    """What readers see; the filter compares `technology_keys`, lists go by `order`."""

    technology_keys: list[str]
    order: str


def technology_key(name: str) -> str:
    """One key for `Python` and `python`, two for `C` and `C++`."""
    return name.casefold()


def order_of(position: int, published_at: datetime) -> str:
    """By position, then newest first, as one text: a cursor walks one field of an index."""
    age = LAST_MILLISECOND - round(published_at.timestamp() * 1000)
    return f"{position:07d}-{age:015d}"


def live_copy(
    project: "Project",
    content: ProjectContent,
    rendered: Rendered,
    publish_at: datetime,
    now: datetime,
) -> LiveProject:
    """What publishing makes of a project's content, and what a preview of it shows."""
    return LiveProject(
        **live_fields(project, content, rendered, publish_at, now),
        technology_keys=[technology_key(name) for name in content.technologies],
        order=order_of(content.position, publish_at),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFilter(LanguageFilter):
    technology: str | None = None
    featured: bool | None = None

    def match(self, now: datetime) -> Row:
        key = technology_key(self.technology) if self.technology is not None else None
        wanted = {"live.technology_keys": key, "live.featured": self.featured}
        narrowed = {name: value for name, value in wanted.items() if value is not None}
        return {**narrowed, **LanguageFilter.match(self, now)}


class Project(Published[ProjectContent, LiveProject]):
    class Settings:
        name = "projects"

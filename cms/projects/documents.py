"""What is stored of a project, and every query over projects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel

from cms.core.db import NEVER
from cms.core.markdown import Rendered
from cms.core.paging import Keyset, ListQuery
from cms.publishing import rows
from cms.publishing.contents import Content, Window
from cms.publishing.documents import Published
from cms.publishing.rows import readable

Row = dict[str, Any]
BY_POSITION = Keyset("live.order", kind="text")
LAST_MILLISECOND: Final = round(NEVER.timestamp() * 1000)


class ProjectLink(BaseModel):
    kind: str
    url: str


class ProjectContent(Content):
    """`project_status` is how the work stands; days are ISO texts, since BSON knows no dates."""

    summary: str
    markdown: str
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

    html: str
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
    _project: "Project",
    content: ProjectContent,
    rendered: Rendered,
    publish_at: datetime,
    now: datetime,
) -> LiveProject:
    """What publishing makes of a project's content, and what a preview of it shows."""
    return LiveProject(
        **content.model_dump(),
        html=rendered.html,
        technology_keys=[technology_key(name) for name in content.technologies],
        order=order_of(content.position, publish_at),
        publish_at=publish_at,
        updated_at=now,
    )


@dataclass(frozen=True, slots=True)
class PublicFilter:
    technology: str | None = None
    featured: bool | None = None
    lang: str | None = None

    def match(self, now: datetime) -> Row:
        key = technology_key(self.technology) if self.technology is not None else None
        wanted = {
            "live.technology_keys": key,
            "live.featured": self.featured,
            "live.lang": self.lang,
        }
        # The order's bound leaves out what was never published: there it is null.
        narrowed = {name: value for name, value in wanted.items() if value is not None}
        return {**narrowed, "live.order": {"$gt": ""}, **readable(now)}


class Project(Published[ProjectContent, LiveProject]):
    class Settings:
        name = "projects"

    @classmethod
    async def list_public(
        cls,
        wanted: PublicFilter,
        params: ListQuery,
        now: datetime,
        projection: Mapping[str, Any],
    ) -> list[Row]:
        """One query: the page, the total if asked, the site's row."""
        return await cls.aggregate(public_list(wanted, params, now, projection)).to_list()


def public_list(
    wanted: PublicFilter, params: ListQuery, now: datetime, projection: Mapping[str, Any]
) -> list[Row]:
    """The pipeline of the public list; `explain` is shown for it in a test."""
    return rows.public_list("projects", BY_POSITION, wanted.match(now), params, projection)

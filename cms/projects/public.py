"""Anonymous reads of projects."""

from collections.abc import Iterable
from datetime import datetime

from cms.media import cards, showing
from cms.media.cards import Card
from cms.projects.documents import BY_POSITION, Project, PublicFilter, live_copy
from cms.projects.schemas import ProjectList, ProjectQuery, ProjectSummary, ProjectView
from cms.publishing import public
from cms.publishing.public import Row
from cms.site.documents import SiteContent


def _fields(row: Row, names: Iterable[str], site: SiteContent, base: str) -> Row:
    pictures, lang = showing.by_ref(row), row["lang"]
    gallery = [showing.image(pictures, ref, lang) for ref in row.get("gallery_ids", ())]
    return {
        **public.fields("project", row, names, site, base),
        "cover": showing.image(pictures, row.get("cover_id"), lang, "cover"),
        "gallery": [image for image in gallery if image],
    }


def _item(row: Row, site: SiteContent, base: str) -> ProjectSummary:
    return ProjectSummary(**_fields(row, ProjectSummary.PROJECTION, site, base))


def _shown(row: Row, _around: list[Row], site: SiteContent, base: str) -> ProjectView:
    shown = _fields(row, ProjectView.PROJECTION, site, base)
    og_image = showing.image(showing.by_ref(row), row.get("cover_id"), row["lang"], "og")
    og_image = og_image or showing.card_image(card_of(row, site), "project", row["slug"])
    translations = public.translations("project", row, site, base)
    return ProjectView(**shown, og_image=og_image, translations=translations)


def _wanted(params: ProjectQuery, fallbacks: tuple[str, ...]) -> PublicFilter:
    return PublicFilter(
        technology=params.technology,
        featured=params.featured,
        lang=params.lang,
        fallbacks=fallbacks,
    )


def card_of(row: Row, site: SiteContent) -> Card:
    """What is drawn for a project without a cover."""
    return cards.made_of(row["title"], row["role"], site.card(), row["lang"])


async def find_card(slug: str, moment: datetime) -> tuple[str, Card]:
    """The present slug and card of a readable project; raises as `public.find`."""
    row, site = await public.find(SHELF, slug, moment)
    return row["slug"], card_of(row, site)


SHELF = public.Shelf(
    kind="project",
    document=Project,
    view=ProjectView,
    shown=_shown,
    live_copy=live_copy,
    line=public.PublicList(
        summary=ProjectSummary,
        listing=ProjectList,
        order=BY_POSITION,
        about="By position, the newest first among equals.",
        item=_item,
        query=ProjectQuery,
        wanted=_wanted,
    ),
)
router = public.router(SHELF)

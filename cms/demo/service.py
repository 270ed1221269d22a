"""Fills an empty site with the example portfolio, through the same services as everyone."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any

from pydantic_core import to_json

from cms.accounts.actor import COMMAND_LINE
from cms.articles.documents import Article
from cms.articles.schemas import ArticleInput, PlaceInput
from cms.articles.service import ARTICLES
from cms.core.errors import Conflict
from cms.core.shapes import Patch, read_input
from cms.profiles import service as profiles
from cms.profiles.documents import Profile
from cms.profiles.schemas import ProfileInput
from cms.publishing import verbs
from cms.publishing.service import Seen
from cms.site import service as site
from cms.tags import service as tags
from cms.tags.documents import Series
from cms.tags.schemas import SeriesInput

FENCE = "+++"


@dataclass(frozen=True, slots=True)
class Draft:
    """One example article: its front matter and its Markdown."""

    matter: dict[str, Any]
    markdown: str


async def fill(now: datetime, progress: Callable[[str], None]) -> str:
    """Write what is missing and say how much that was; running it again changes nothing.

    Raises:
        Conflict: the site has articles of its own.
    """
    drafts, people = read_articles(), read_profiles()
    ours = {draft.matter["slug"] for draft in drafts}
    there = await Article.taken_slugs(sorted(ours))
    if not there and await Article.any_exists():
        raise Conflict("This site has articles of its own: the demo is for an empty one.")
    made = 0
    known = await Profile.taken_slugs([person["slug"] for person in people])
    for person in people:
        if person["slug"] not in known:
            data = read_input(ProfileInput, to_json(person))
            await profiles.create(COMMAND_LINE, data, now)
            made += 1
    for series in read_series():
        if await Series.canonical_slug(series["slug"]) is None:
            data_of_series = read_input(SeriesInput, to_json(series))
            await tags.create_series(COMMAND_LINE, data_of_series, now)
            made += 1
    for draft in drafts:
        if draft.matter["slug"] not in there:
            progress(f"writing {draft.matter['title']}")
            await _write(draft, now)
            made += 1
    if (await site.get()).revision == 0:
        await site.update(COMMAND_LINE, Patch(read_site()), 0, now, "")
        made += 1
    if not made:
        return "The demo is there already; nothing was changed."
    return f"The demo is in: {len(drafts)} articles by {len(people)} authors."


async def _write(draft: Draft, now: datetime) -> None:
    matter = draft.matter
    data = ArticleInput(
        title=matter["title"],
        slug=matter["slug"],
        lang=matter["lang"],
        markdown=draft.markdown,
        excerpt=matter.get("excerpt"),
        author_slugs=matter["authors"],
        tag_slugs=matter["tags"],
        series=PlaceInput(**matter["series"]) if "series" in matter else None,
        featured=matter.get("featured", False),
        translation_of=matter.get("translation_of"),
    )
    article = await verbs.create(ARTICLES, COMMAND_LINE, data, now)
    if not matter.get("draft") and article.id is not None:
        at = matter["published_at"]
        await verbs.publish(ARTICLES, COMMAND_LINE, Seen(article.id, article.revision), at, now)


def read_articles() -> list[Draft]:
    folder = resources.files("cms.demo") / "content" / "articles"
    files = sorted(
        (item for item in folder.iterdir() if item.name.endswith(".md")), key=lambda item: item.name
    )
    return [_draft(item.read_text(encoding="utf-8")) for item in files]


def _draft(text: str) -> Draft:
    _, matter, markdown = text.split(FENCE, 2)
    return Draft(tomllib.loads(matter), markdown.lstrip("\n"))


def read_profiles() -> list[dict[str, Any]]:
    folder = resources.files("cms.demo") / "content" / "profiles"
    return [
        tomllib.loads(item.read_text(encoding="utf-8"))
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
    ]


def read_series() -> list[dict[str, Any]]:
    text = (resources.files("cms.demo") / "content" / "series.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["series"]
    return found


def read_site() -> dict[str, Any]:
    text = (resources.files("cms.demo") / "content" / "site.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)

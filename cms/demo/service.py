"""Fills an empty site with the example portfolio, through the same services as everyone."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic_core import to_json

from cms.accounts.actor import COMMAND_LINE
from cms.articles.documents import Article
from cms.articles.service import ARTICLES
from cms.core.errors import Conflict
from cms.core.shapes import Patch, read_input
from cms.demo.content import Text, read_list, read_profiles, read_site, read_texts
from cms.pages.service import PAGES
from cms.profiles import service as profiles
from cms.profiles.documents import Profile
from cms.profiles.schemas import ProfileInput
from cms.projects.service import PROJECTS
from cms.publishing import verbs
from cms.publishing.service import Kind, Seen
from cms.redirects import service as redirects
from cms.redirects.documents import Redirect
from cms.redirects.schemas import RedirectInput
from cms.site import service as site
from cms.tags import service as tags
from cms.tags.documents import Series
from cms.tags.schemas import SeriesInput

# What the front matter says about publishing; the rest is the kind's input.
WHEN = ("draft", "published_at", "publish_in_days")
Progress = Callable[[str], None]


async def fill(now: datetime, progress: Progress) -> str:
    """Write what is missing and say how much that was; running it again changes nothing.

    Raises:
        Conflict: the site has articles of its own.
    """
    articles, people = read_texts("articles"), read_profiles()
    ours = {text.slug for text in articles}
    if not await Article.taken_slugs(sorted(ours)) and await Article.any_exists():
        raise Conflict("This site has articles of its own: the demo is for an empty one.")
    made = await _write_site(now)
    made += await _write_people(people, now)
    made += await _write_series(now)
    made += await _write(ARTICLES, [_article(text) for text in articles], now, progress)
    made += await _write(PROJECTS, read_texts("projects"), now, progress)
    made += await _write(PAGES, read_texts("pages"), now, progress)
    made += await _write_redirects(now)
    if not made:
        return "The demo is there already; nothing was changed."
    return f"The demo is in: {len(articles)} articles by {len(people)} authors."


async def _write_site(now: datetime) -> int:
    if (await site.get()).revision:
        return 0
    await site.update(COMMAND_LINE, Patch(read_site()), 0, now, "")
    return 1


async def _write_people(people: Sequence[dict[str, Any]], now: datetime) -> int:
    known = await Profile.taken_slugs([person["slug"] for person in people])
    missing = [person for person in people if person["slug"] not in known]
    for person in missing:
        await profiles.create(COMMAND_LINE, read_input(ProfileInput, to_json(person)), now)
    return len(missing)


async def _write_series(now: datetime) -> int:
    made = 0
    for series in read_list("series"):
        if await Series.canonical_slug(series["slug"]) is None:
            await tags.create_series(COMMAND_LINE, read_input(SeriesInput, to_json(series)), now)
            made += 1
    return made


async def _write_redirects(now: datetime) -> int:
    wanted = [read_input(RedirectInput, to_json(item)) for item in read_list("redirects")]
    there = {row.get("from_path") for row in await Redirect.list_with_site()}
    missing = [item for item in wanted if item.from_path not in there]
    for item in missing:
        await redirects.create(COMMAND_LINE, item, now)
    return len(missing)


def _article(text: Text) -> Text:
    fields = {**text.matter, "author_slugs": text.matter["authors"]}
    fields["tag_slugs"] = text.matter["tags"]
    kept = {name: value for name, value in fields.items() if name not in {"authors", "tags"}}
    return Text(kept, text.markdown)


async def _write(
    kind: Kind[Any, Any], texts: Sequence[Text], now: datetime, progress: Progress
) -> int:
    """Those that are missing, each published when its front matter says so."""
    there = await kind.document.taken_slugs([text.slug for text in texts])
    missing = [text for text in texts if text.slug not in there]
    for text in missing:
        progress(f"writing {text.matter['title']}")
        data = read_input(kind.input, to_json(text.fields(*WHEN)))
        item = await verbs.create(kind, COMMAND_LINE, data, now)
        if not text.matter.get("draft"):
            seen = Seen(item.id, item.revision)
            await verbs.publish(kind, COMMAND_LINE, seen, _moment(text, now), now)
    return len(missing)


def _moment(text: Text, now: datetime) -> datetime | None:
    """When readers see it: at the time it names, some days from now, or at once."""
    days: int | None = text.matter.get("publish_in_days")
    moment: datetime | None = text.matter.get("published_at")
    return now + timedelta(days=days) if days is not None else moment

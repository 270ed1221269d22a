"""A generated site of any size, written as the services would have written it, only faster."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from bson import ObjectId

from cms.articles.pipelines import tally_keys
from cms.core import db
from cms.search import texts

Row = dict[str, Any]
START = datetime(2000, 1, 1, tzinfo=UTC)
END = datetime(2026, 1, 1, tzinfo=UTC)
LANGS = ("en", "id")
TAGS, AUTHORS = 40, 20
VOCABULARY = 20_000
WORDS = 120
BATCH = 1000
AHEAD = datetime(2090, 1, 1, tzinfo=UTC)
UNSETTLED = 30
SEO = {"title": "", "description": "", "canonical_url": None, "no_index": False}
EDITOR = {"id": None, "name": "benchmark"}


def article(number: int, size: int) -> tuple[Row, Row]:
    """One of `size` articles and its search entry; each number is the same at every call.

    Tag 0 and author 0 stand on every second article, so that they grow with the site; series hold
    ten each, but for one that every tenth article belongs to.
    """
    dice = random.Random(number)  # noqa: S311 - the same articles each time
    words = [f"word{int(VOCABULARY ** dice.random())}" for _ in range(WORDS)]
    words += ["umum", "sering", "ganjil" if number % 2 else "genap"]
    words += ["langka"] if number % 100 == 50 else []
    words += ["tunggal"] if number == size // 2 else []
    dice.shuffle(words)
    at = START + (END - START) * number / size
    ident = ObjectId()
    tags = [f"tag{int(TAGS ** dice.random()):02}", f"tag{dice.randrange(1, TAGS):02}"]
    series = {"slug": "all", "position": number // 10 + 1} if number % 10 == 0 else None
    if number % 4 == 1:
        series = {"slug": f"series-{number // 40}", "position": number % 40 + 1}
    content = {
        "title": f"{' '.join(words[:5])} {number}",
        "slug": f"article-{number}",
        "lang": LANGS[number % 2],
        "markdown": " ".join(words),
        "excerpt": None,
        "author_slugs": ["author00"] if number % 2 else [f"author{dice.randrange(1, AUTHORS):02}"],
        "tag_slugs": list(dict.fromkeys([*(["tag00"] if number % 2 else []), *tags])),
        "series": series,
        "featured": number % 50 == 0,
        "seo": SEO,
        "translation_of": None,
    }
    former = [f"old-{number}"] if number % (size // 10) == 7 else []
    live = {
        **content,
        "html": f'<h2 id="h-one">{words[7]} {words[8]}</h2>\n<p>{" ".join(words)}</p>\n',
        "toc": [{"id": "h-one", "level": 2, "title": f"{words[7]} {words[8]}", "children": []}],
        "summary": " ".join(words[:25]),
        "word_count": len(words),
        "reading_minutes": 1,
        "publish_at": at.replace(microsecond=0),
        "unpublish_at": db.NEVER,
        "updated_at": at.replace(microsecond=0),
        "group_id": ident,
        "text_at": at.replace(microsecond=0),
    }
    return _stored(ident, content, live, former), _entry(ident, live)


def _stored(ident: ObjectId, content: Row, live: Row, former: list[str]) -> Row:
    at = live["publish_at"]
    return {
        "_id": ident,
        "pending": [],
        "revision": 2,
        "slugs": [content["slug"], *former],
        "former_slugs": former,
        "owner_id": None,
        "created_at": at,
        "updated_at": at,
        "updated_by": EDITOR,
        "trashed_at": None,
        "working": content,
        "live": live,
        "next": None,
        "burst": None,
        "announce_at": None,
        "announced": [at],
        "measures": {"excerpt": "", "word_count": live["word_count"], "reading_minutes": 1},
        "group_id": ident,
        "text_at": at,
    }


class _Shown:
    def __init__(self, fields: Row) -> None:
        self.__dict__.update(fields)


def _entry(ident: ObjectId, live: Row) -> Row:
    zones = texts.of_live(_Shown(live), {slug: slug for slug in live["tag_slugs"]})
    entry = {name: getattr(zones, name) for name in texts.Zones.__slots__}
    entry |= {name: live[name] for name in ("lang", "publish_at", "unpublish_at")}
    return entry | {"kind": "article", "item_id": ident, "stamp": live["updated_at"], "revision": 2}


def _profile(number: int) -> Row:
    slug = f"author{number:02}"
    content = {
        "name": f"Author {number:02}",
        "headline": "Writes",
        "bio_markdown": "A *bio*.",
        "lang": "en",
        "location": "",
        "since": 2012,
        **{name: [] for name in ("links", "skills", "experience", "education")},
    }
    return {
        "slug": slug,
        "slugs": [slug],
        "name": content["name"],
        "revision": 1,
        "is_public": True,
        "content": content,
        "bio_html": "<p>A <em>bio</em>.</p>",
        "created_at": START,
        "updated_at": START,
        "updated_by": EDITOR,
        "account_id": None,
        "pending": [],
    }


def _named(slug: str, title: str) -> Row:
    return {
        "slug": slug,
        "slugs": [slug],
        "title": title,
        "description": "",
        "revision": 1,
        "created_at": START,
        "updated_at": START,
    }


def _tag(number: int) -> Row:
    slug = f"tag{number:02}"
    return {"slug": slug, "name": slug, "description": "", "created_at": START, "updated_at": START}


def _other(kind: str, number: int) -> Row:
    """A project or a page; a site has few, however many articles it has."""
    at = START + timedelta(days=number)
    own: Row = {"markdown": "text", "title": f"{kind} {number}", "slug": f"{kind}-{number}"}
    own |= {"lang": "en"}
    if kind == "project":
        names = ("summary", "role")
        own |= dict.fromkeys(names, "text") | {"project_status": "active", "started_on": None}
        own |= {"ended_on": None, "technologies": ["Python"], "links": [], "featured": False}
        own |= {"position": number}
        shown = {"technology_keys": ["python"], "order": f"{number:07d}-{0:015d}"}
    else:
        own |= {"seo": SEO}
        shown = {"toc": []}
    times = {"publish_at": at, "unpublish_at": db.NEVER, "updated_at": at}
    live = {**own, **shown, **times, "html": "<p>text</p>\n"}
    ident = ObjectId()
    row = _stored(ident, own, live | {"word_count": 1}, [])
    return {**row, "live": live}


def _unsettled(number: int, size: int) -> list[tuple[Row, Row]]:
    """A scheduled article and a draft: a site has as many of these, however old it is."""
    made = []
    for offset, publish_at in ((0, AHEAD), (1, None)):
        row, entry = article(size + 2 * number + offset, size)
        if publish_at is None:
            row["live"] = None
        else:
            row["live"] |= {"publish_at": publish_at, "featured": True}
            row["announce_at"] = entry["publish_at"] = publish_at
        made.append((row, entry))
    return made


async def fill(database: db.Database, size: int) -> None:
    """Write the whole site into an empty database that has no indexes yet: that is faster."""
    coming = [made for number in range(UNSETTLED) for made in _unsettled(number, size)]
    await database["articles"].insert_many([row for row, _ in coming])
    await database["search_entries"].insert_many([entry for row, entry in coming if row["live"]])
    # As `tallies.settle` leaves it, which takes minutes for so many.
    counts: Counter[str] = Counter()
    numbers = iter(range(size))
    while batch := list(islice(numbers, BATCH)):
        rows = [article(number, size) for number in batch]
        for row, _ in rows:
            row |= {"settled": True, "tallied": sorted(tally_keys(row))}
            counts.update(row["tallied"])
        await database["articles"].insert_many([row for row, _ in rows])
        await database["search_entries"].insert_many([entry for _, entry in rows])
    await database["tallies"].insert_many([{"_id": key, "n": n} for key, n in counts.items()])
    await database["tags"].insert_many([_tag(number) for number in range(TAGS)])
    await database["profiles"].insert_many([_profile(number) for number in range(AUTHORS)])
    series = [_named(f"series-{number}", f"Series {number}") for number in range(size // 40 + 1)]
    await database["series"].insert_many([*series, _named("all", "All")])
    await database["projects"].insert_many([_other("project", number) for number in range(30)])
    await database["pages"].insert_many([_other("page", number) for number in range(10)])
    content = {"title": "Benchmark", "languages": list(LANGS), "fallback_languages": list(LANGS)}
    await database["site"].insert_one({"_id": "site", "revision": 1, "content": content})
    await database["search_state"].insert_one({"_id": "index", "version": 1})

"""What is looked at before publishing, as pure functions over the pieces of a text."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import unquote, urljoin, urlsplit

from cms.core import places
from cms.core.addresses import canonical
from cms.core.inspecting import Piece, markers
from cms.core.pictures import named_by
from cms.site.documents import CHECKS, CheckCode, Level

# What search engines show of a title and a description before they cut.
LONGEST_TITLE: Final = 70
DESCRIPTION: Final = (50, 160)
# Of the heaviest file that a page would fetch of one picture.
HEAVY_BYTES: Final = 1_000_000
# In Indonesian and Malay, TK is a kindergarten.
TK_IS_A_WORD: Final = {"id", "ms"}


@dataclass(frozen=True, slots=True)
class Text:
    """What every kind has that can be checked; `""` is what it lacks."""

    title: str
    slug: str
    lang: str
    markdown: str = ""
    excerpt: str = ""
    excerpt_field: str = "excerpt"
    seo_title: str = ""
    seo_description: str = ""
    cover_id: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the author may want to mend; `line` counts from 1 in `field`."""

    code: str
    level: Literal["error", "warning"]
    field: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """What the library knows of an item: whether it has words, what its heaviest file weighs."""

    has_alt: bool
    weight: int


@dataclass(frozen=True, slots=True)
class Flaw:
    """A finding before the site has said how grave it is."""

    code: CheckCode
    field: str
    message: str
    line: int | None = None


def text_of(content: Any) -> Text:
    """The text of any published kind's content."""
    seo = getattr(content, "seo", None)
    # Projects call it a summary; pages have none but the description for search engines.
    named = [name for name in ("excerpt", "summary") if hasattr(content, name)]
    return Text(
        title=content.title,
        slug=content.slug,
        lang=content.lang,
        markdown=getattr(content, "markdown", ""),
        excerpt=(getattr(content, named[0]) or "") if named else "",
        excerpt_field=named[0] if named else "seo.description",
        seo_title=getattr(seo, "title", ""),
        seo_description=getattr(seo, "description", ""),
        cover_id=getattr(content, "cover_id", None),
    )


def graded(flaws: Sequence[Flaw], levels: Mapping[CheckCode, Level]) -> list[Finding]:
    """Errors first, then by line; what the site turned off is left out."""
    found = [
        Finding(flaw.code, level, flaw.field, flaw.message, flaw.line)
        for flaw in flaws
        if (level := levels.get(flaw.code, CHECKS[flaw.code])) != "off"
    ]
    return sorted(found, key=lambda item: (item.level != "error", item.line or 0))


def flaws(
    text: Text,
    pieces: Sequence[Piece],
    dead: Collection[str],
    pictures: Mapping[str, Picture],
) -> list[Flaw]:
    """Everything that can be found.

    `dead` are the addresses that lead nowhere, `pictures` the items of the library by id.
    """
    return [
        *_lengths(text),
        *_headings(pieces),
        *_leftovers(text, pieces),
        *_images(pieces, pictures),
        *_weights(text, pieces, pictures),
        *_links(pieces, dead),
    ]


def _lengths(text: Text) -> Iterator[Flaw]:
    field, title = ("seo.title", text.seo_title) if text.seo_title else ("title", text.title)
    if len(title) > LONGEST_TITLE:
        message = f"has {len(title)} characters; search engines cut after about {LONGEST_TITLE}"
        yield Flaw("title_length", field, message)
    field, described = "seo.description", text.seo_description
    if not described:
        field, described = text.excerpt_field, text.excerpt
    if not described:
        message = "is missing: lists and search engines show the first sentences instead"
        yield Flaw("missing_excerpt", text.excerpt_field, message)
    elif not DESCRIPTION[0] <= len(described) <= DESCRIPTION[1]:
        message = f"has {len(described)} characters; {DESCRIPTION[0]} to {DESCRIPTION[1]} show best"
        yield Flaw("description_length", field, message)


def _headings(pieces: Sequence[Piece]) -> Iterator[Flaw]:
    above = 1  # the title
    for piece in pieces:
        if piece.what == "heading":
            if piece.level > above + 1:
                message = f"a heading of level {piece.level} follows one of level {above}"
                yield Flaw("heading_jump", "markdown", message, piece.line)
            above = piece.level


def _leftovers(text: Text, pieces: Sequence[Piece]) -> Iterator[Flaw]:
    fields = {
        "title": text.title,
        text.excerpt_field: text.excerpt,
        "seo.title": text.seo_title,
        "seo.description": text.seo_description,
    }
    found = [(field, piece) for field, value in fields.items() for piece in markers(value)]
    found += [("markdown", piece) for piece in pieces if piece.what == "marker"]
    for field, piece in found:
        if piece.text != "TK" or text.lang.partition("-")[0] not in TK_IS_A_WORD:
            yield Flaw("leftover_todo", field, f"{piece.text} is left over", piece.line)


def _images(pieces: Sequence[Piece], pictures: Mapping[str, Picture]) -> Iterator[Flaw]:
    for piece in pieces:
        if piece.what == "image_without_alt":
            own = pictures.get(named_by(piece.text, places.media_base()) or "")
            if own and own.has_alt:
                continue  # the library's words stand in
            message = f"the image {piece.text} has no alternative text"
            yield Flaw("missing_alt", "markdown", message, piece.line)


def _weights(
    text: Text, pieces: Sequence[Piece], pictures: Mapping[str, Picture]
) -> Iterator[Flaw]:
    """Pictures of ours that a phone would wait for, or that are gone."""
    base = places.media_base()
    shown: list[tuple[str, str | None, int | None]] = [("cover_id", text.cover_id, None)]
    images = [piece for piece in pieces if piece.what == "image"]
    shown += [("markdown", named_by(piece.text, base), piece.line) for piece in images]
    for field, ref, line in shown:
        if ref is None:
            continue
        picture = pictures.get(ref)
        if picture is None:
            message = f"the picture {ref} is no longer in the library"
            yield Flaw("dead_internal_link", field, message, line)
        elif picture.weight > HEAVY_BYTES:
            megabytes = f"{picture.weight / 1_000_000:.1f} MB"
            message = f"the picture {ref} weighs {megabytes}; 1 MB is plenty for a page"
            yield Flaw("heavy_image", field, message, line)


def _links(pieces: Sequence[Piece], dead: Collection[str]) -> Iterator[Flaw]:
    anchors = {piece.text for piece in pieces if piece.what == "anchor"}
    for piece in pieces:
        if piece.what != "link":
            continue
        is_lost = piece.text.startswith("#") and piece.text[1:] not in {"", "top", *anchors}
        if is_lost or piece.text in dead:
            where = "no heading of this text" if is_lost else "nothing that readers can see"
            message = f"{piece.text[:200]} leads to {where}"
            yield Flaw("dead_internal_link", "markdown", message, piece.line)


def internal_path(href: str, own_path: str, site_url: str) -> str | None:
    """The path on this site that a link means, without query and fragment; None elsewhere."""
    href = canonical(href)
    if not href or href.startswith("#"):
        return None
    base = f"{site_url.rstrip('/')}/"
    try:
        absolute = urljoin(urljoin(base, own_path), href)
        path, home = urlsplit(absolute), urlsplit(base)
    except ValueError:  # brackets that are no IPv6 address
        return None
    if (path.scheme, path.netloc.lower()) != (home.scheme, home.netloc.lower()):
        return None
    if not path.path.startswith(home.path):
        return None
    return "/" + unquote(path.path[len(home.path) :]).rstrip("/")

"""Run the checks of one item or of all, and refuse to publish what the site calls an error."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from beanie import PydanticObjectId

from cms.accounts.actor import Actor
from cms.core import places, rendering
from cms.core.errors import FieldError, Invalid, NotFound
from cms.core.inspecting import Piece
from cms.core.markdown import Unrenderable
from cms.core.pictures import named_by
from cms.media import showing
from cms.media.documents import Media
from cms.publishing import checks, service, translating
from cms.publishing.checks import Finding, Picture, Text
from cms.publishing.documents import Published
from cms.publishing.schemas import ChecksView, FindingView
from cms.publishing.service import DocumentT, Kind
from cms.site import service as site
from cms.site.documents import SiteContent

# More than anyone reads; the rest shows when these are mended.
MOST_FINDINGS: Final = 200
MOST_PATHS: Final = 1_000


async def show(
    kind: Kind[DocumentT, Any],
    actor: Actor,
    ident: PydanticObjectId,
    now: datetime,
) -> ChecksView:
    """What publishing the working copy would be told.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
    """
    document = await service.get(kind, actor, ident)
    found = await findings(kind, document, now)
    return ChecksView(
        revision=document.revision,
        can_publish=not errors(found),
        findings=[_shown(finding) for finding in found],
    )


async def require(kind: Kind[DocumentT, Any], document: DocumentT, now: datetime) -> None:
    """Let it be published or not.

    Raises:
        Invalid: a check that the site calls an error found something; each is listed.
    """
    content = (await site.get()).content
    if "error" not in content.check_levels().values():
        return  # nothing could refuse
    found = errors(await findings(kind, document, now))
    if found:
        listed = [FieldError(item.field, item.message, item.code, item.line) for item in found]
        raise Invalid(
            f"{len(found)} of the site's checks refuse it.", code="checks_failed", errors=listed
        )


def errors(found: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.level == "error"]


async def findings(
    kind: Kind[Any, Any], document: Published[Any, Any], now: datetime
) -> list[Finding]:
    """What the checks say of the working copy, by the levels that the site gave them."""
    content = (await site.get()).content
    text = checks.text_of(document.working)
    try:
        pieces = await rendering.inspect(text.markdown)
    except Unrenderable as refusal:
        return [Finding("not_renderable", "error", "markdown", str(refusal))]
    dead = await _dead_links(kind.name, text, pieces, content, now)
    pictures = await _pictures(text, pieces)
    flaws = [
        *checks.flaws(text, pieces, dead, pictures),
        *await translating.flaws(document, content),
    ]
    found = checks.graded(flaws, content.check_levels())
    return found[:MOST_FINDINGS]


async def _pictures(text: Text, pieces: Sequence[Piece]) -> dict[str, Picture]:
    """What the library knows of the pictures that the text shows; one query."""
    base = places.media_base()
    named = [named_by(piece.text, base) for piece in pieces if piece.what.startswith("image")]
    cards = await Media.cards_of({ref for ref in (*named, text.cover_id) if ref})
    return {
        ref: Picture(has_alt=bool(showing.alt_in(card["about"]["alt"], text.lang)), weight=weight)
        for ref, card in cards.items()
        for weight in [showing.heaviest(card)]
    }


async def _dead_links(
    kind: str,
    text: Text,
    pieces: Sequence[Piece],
    content: SiteContent,
    now: datetime,
) -> set[str]:
    """The links to pages of this site that readers would not find; at most a query per kind."""
    own = content.path(kind, text.lang, text.slug)
    paths = {
        piece.text: path
        for piece in pieces
        if piece.what == "link"
        and (path := checks.internal_path(piece.text, own, places.frontend())) is not None
    }
    # What no pattern reads may be any page that the frontend has of its own.
    asked = {path for path in paths.values() if path != own and content.read(path)}
    asked -= {link.url.rstrip("/") for link in content.navigation}
    asked = set(sorted(asked)[:MOST_PATHS])
    alive = set(await places.found(content, asked, now)) if asked else set()
    missing = asked - alive
    missing -= await places.answered(missing) if missing else set()
    return {href for href, path in paths.items() if path in missing}


def _shown(finding: Finding) -> FindingView:
    return FindingView(
        code=finding.code,
        level=finding.level,
        field=finding.field,
        message=finding.message,
        line=finding.line,
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """One item and what was found in it."""

    kind: str
    slug: str
    findings: list[Finding]

    def as_dict(self) -> dict[str, Any]:
        shown = [_shown(finding).model_dump() for finding in self.findings]
        return {"kind": self.kind, "slug": self.slug, "findings": shown}


async def check_all(
    kinds: Sequence[Kind[Any, Any]], slug: str | None, now: datetime
) -> AsyncIterator[Checked]:
    """Every working copy outside the trash, or the one of each kind that holds the slug.

    Raises:
        NotFound: nothing holds the slug.
    """
    is_any = False
    for kind in kinds:
        async for document in kind.document.working_copies(slug):
            is_any = True
            found = await findings(kind, document, now)
            yield Checked(kind.name, document.working.slug, found)
    if slug is not None and not is_any:
        raise NotFound(f"Nothing has the slug {slug!r}.")

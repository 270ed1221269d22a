"""Look into the past: revisions, what differs between two, who did what."""

import difflib
import re
from datetime import datetime
from typing import Any

import anyio.to_thread
from beanie import PydanticObjectId

from cms.accounts.actor import Actor, permit
from cms.accounts.permissions import Permission
from cms.core.errors import NotFound
from cms.core.paging import ListQuery, Page
from cms.history import entries
from cms.history.documents import BY_NUMBER, NEWEST_FIRST, AuditRecord, Revision
from cms.history.entries import Editor, Entry, EventBody
from cms.history.schemas import (
    AuditView,
    ChangeView,
    Difference,
    EditorView,
    FieldDifference,
    RevisionSummary,
    RevisionView,
    Span,
)

# A paragraph is one line of Markdown; whoever rewrote more than this sees it whole.
MOST_CHARACTERS = 20_000
# difflib compares every line with every other in the worst case.
MOST_COMPARISONS = 25_000_000
TEXTS = {"markdown", "excerpt", "summary", "bio_markdown"}
# A full stop behind a word is no part of it: whoever appends a word changed that word alone.
WORD = re.compile(r"\s+|\w+|[^\w\s]+")


def editor(actor: Actor) -> Editor:
    return Editor(id=actor.account_id, name=actor.name)


def note(
    actor: Actor,
    now: datetime,
    *,
    verb: str,
    revision: int,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    event: EventBody | None = None,
    why: str | None = None,
    has_revisions: bool = True,
) -> Entry:
    """What a write leaves behind: a revision if the content changed, an audit record, an event."""
    changes = entries.changed(before, after)
    return Entry(
        id=entries.new_id(),
        at=now,
        by=editor(actor),
        door=actor.door,
        verb=verb,
        why=why,
        revision=revision,
        content=after if has_revisions and (changes or before is None) else None,
        changes=changes,
        event=event,
    )


def show_editor(stored: Editor) -> EditorView:
    return EditorView(id=str(stored.id) if stored.id else None, name=stored.name)


async def revisions(
    item_id: PydanticObjectId, params: ListQuery
) -> tuple[list[RevisionSummary], Page]:
    """Newest first. The caller has made sure that nothing of it is still pending."""
    rows, page = BY_NUMBER.page(await Revision.of_item(item_id, params), params)
    return [_summary(row) for row in rows], page


def _summary(row: dict[str, Any]) -> RevisionSummary:
    shown = {name: row[name] for name in ("number", "at", "door", "verb", "why")}
    return RevisionSummary(**shown, by=show_editor(Editor.model_validate(row["by"])))


async def revision(item_id: PydanticObjectId, number: int) -> RevisionView:
    """One revision, whole.

    Raises:
        NotFound: there is none, or it was folded into a later one of its burst.
    """
    found = await Revision.by_number(item_id, number)
    if found is None:
        raise NotFound("There is no such revision.")
    return RevisionView(**_summary(found.model_dump()).model_dump(), content=found.content)


async def difference(item_id: PydanticObjectId, number: int, other: int) -> Difference:
    """What changed from revision `number` to revision `other`.

    Raises:
        NotFound: one of them is missing.
    """
    before, after = await revision(item_id, number), await revision(item_id, other)
    fields = await anyio.to_thread.run_sync(compare, before.content, after.content)
    return Difference(from_number=number, to_number=other, fields=fields)


def compare(before: dict[str, Any], after: dict[str, Any]) -> list[FieldDifference]:
    """Field by field; long texts word by word."""
    found = []
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if name in TEXTS:
            found.append(FieldDifference(field=name, words=words(old or "", new or "")))
        else:
            found.append(FieldDifference(field=name, before=old, after=new))
    return found


def words(before: str, after: str) -> list[Span]:
    """The spans that turn one text into the other; joined, they give both back byte for byte.

    Lines first and words only inside the lines that changed: comparing 40,000 words with each
    other takes minutes.
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if len(old) * len(new) > MOST_COMPARISONS:
        return _joined(_spans("replace", before, after))
    spans: list[Span] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        removed, added = "".join(old[i1:i2]), "".join(new[j1:j2])
        if tag == "replace" and max(len(removed), len(added)) <= MOST_CHARACTERS:
            spans += _within(removed, added)
        else:
            spans += _spans(tag, removed, added)
    return _joined(spans)


def _within(before: str, after: str) -> list[Span]:
    old, new = WORD.findall(before), WORD.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=len(old) > 1000)
    return [
        span
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        for span in _spans(tag, "".join(old[i1:i2]), "".join(new[j1:j2]))
    ]


def _spans(tag: str, removed: str, added: str) -> list[Span]:
    if tag == "equal":
        return [Span(op="equal", text=removed)]
    gone = [Span(op="delete", text=removed)] if removed else []
    return gone + ([Span(op="insert", text=added)] if added else [])


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].op == span.op:
            joined[-1] = Span(op=span.op, text=joined[-1].text + span.text)
        else:
            joined.append(span)
    return joined


async def audit(
    actor: Actor,
    params: ListQuery,
    *,
    item_id: PydanticObjectId | None = None,
    since: datetime | None = None,
) -> tuple[list[AuditView], Page]:
    """Who did what, newest first; for admins and the owner."""
    permit(actor, Permission.AUDIT_READ)
    match: dict[str, Any] = {}
    if item_id is not None:
        match["item_id"] = item_id
    if since is not None:
        match["at"] = {"$gte": since}
    rows, page = NEWEST_FIRST.page(await AuditRecord.list_all(params, match), params)
    return [_audit(AuditRecord.model_validate(row)) for row in rows], page


def _audit(record: AuditRecord) -> AuditView:
    return AuditView(
        **record.model_dump(include={"kind", "title", "at", "door", "verb", "why", "revision"}),
        id=str(record.id),
        item_id=str(record.item_id),
        by=show_editor(record.by),
        changes=[ChangeView(**change.model_dump()) for change in record.changes],
    )

"""Keep redirects: write, change and delete them, without loops, chains or surprises."""

from datetime import datetime
from typing import Any, Final

from beanie import PydanticObjectId

from cms.accounts.actor import Actor, permit, permit_reading
from cms.accounts.permissions import Permission
from cms.core import places
from cms.core.errors import Conflict, FieldError, NotFound, Stale
from cms.core.paging import Page
from cms.core.shapes import Patch
from cms.history import entries
from cms.history import service as history
from cms.history.entries import Editor, Entry, EventType
from cms.redirects import everything, exports, telling
from cms.redirects.documents import PathTaken, Redirect
from cms.redirects.everything import Rule
from cms.redirects.paths import path_of, read_target
from cms.redirects.schemas import Format, RedirectAdmin, RedirectAdminQuery, RedirectInput
from cms.site import service as site

# All of them are read to answer one list: far more than a personal site needs.
MOST: Final = 5_000
FIELDS: Final = {"from_path", "to", "status"}
EVENTS: Final[dict[str, EventType]] = {
    "created": "published",
    "updated": "updated",
    "deleted": "deleted",
}


def show(redirect: Redirect) -> RedirectAdmin:
    return show_rule(Rule(redirect.from_path, redirect.to, redirect.status, redirect))


def show_rule(rule: Rule) -> RedirectAdmin:
    stored = rule.stored
    return RedirectAdmin(
        from_path=rule.from_path,
        to=rule.to,
        status=rule.status,
        source=rule.source,
        id=str(stored.id) if stored else None,
        revision=stored.revision if stored else None,
        created_at=stored.created_at if stored else None,
        updated_at=stored.updated_at if stored else None,
        updated_by=history.show_editor(stored.updated_by) if stored else None,
    )


async def list_all(
    actor: Actor, params: RedirectAdminQuery, now: datetime
) -> tuple[list[RedirectAdmin], Page]:
    """By path: the owner's own as they were written, and those of former slugs."""
    permit_reading(actor)
    found = await everything.rules(now, inactive=True)
    wanted = [rule for rule in found if params.source in {None, rule.source}]
    rules, page = everything.page(wanted, params)
    return [show_rule(rule) for rule in rules], page


async def get(actor: Actor, ident: PydanticObjectId) -> Redirect:
    permit_reading(actor)
    return await _load(ident)


async def export(actor: Actor, form: Format, now: datetime) -> str:
    """All that is in force, for who serves the site."""
    permit_reading(actor)
    return exports.FORMATS[form](await everything.rules(now))


async def find(ident: PydanticObjectId) -> RedirectAdmin | None:
    found = await Redirect.by_id(ident)
    return show(found) if found else None


async def create(
    actor: Actor, data: RedirectInput, now: datetime, *, ident: PydanticObjectId | None = None
) -> Redirect:
    """A redirect of the owner's own, under the id if one is given.

    Raises:
        Conflict: the path is taken, readers find something there, or it would chain or loop.
    """
    permit(actor, Permission.SITE_WRITE)
    made = _redirect(data, history.editor(actor), now)
    await _refuse_published(made, now)
    fresh = made.model_copy(update={"id": ident or entries.new_id()})
    entry = await _entry(None, fresh, actor, "created", now)
    told: Redirect = fresh.model_copy(update={"pending": [entry]})

    async def write(session: Any) -> Redirect:
        if await Redirect.count(session) >= MOST:
            raise Conflict(f"There are {MOST} redirects already.", code="too_many_redirects")
        await _refuse_chains(told, session)
        await told.add(session)
        return told

    try:
        return await Redirect.one_at_a_time(write)
    except PathTaken:
        raise _taken(made.from_path) from None


async def update(
    actor: Actor,
    ident: PydanticObjectId,
    revision: int,
    patch: Patch[RedirectInput],
    now: datetime,
) -> Redirect:
    """Merge the patch.

    Raises:
        Stale: somebody saved in between.
        Conflict: see `create`.
        Invalid: naming the fields.
    """
    permit(actor, Permission.SITE_WRITE)
    before = await _load_revision(ident, revision)
    current = RedirectInput.model_validate(before.model_dump(include=FIELDS))
    made = _redirect(patch.apply(current), history.editor(actor), now)
    after = made.model_copy(update={"id": before.id, "created_at": before.created_at})
    await _refuse_published(after, now)
    entry = await _entry(before, after, actor, "updated", now)
    if before.is_laden():  # a relay that fell behind is helped before the document grows
        await before.drain("redirect")

    async def write(session: Any) -> bool:
        await _refuse_chains(after, session)
        return await before.replace_guarded(after, entry, session)

    try:
        is_written = await Redirect.one_at_a_time(write)
    except PathTaken:
        raise _taken(after.from_path) from None
    if not is_written:
        raise Stale(show(await _load(ident)).model_dump(mode="json"))
    written: Redirect = after.model_copy(update={"revision": before.revision + 1})
    return written


async def delete(actor: Actor, ident: PydanticObjectId, revision: int, now: datetime) -> None:
    permit(actor, Permission.SITE_WRITE)
    before = await _load_revision(ident, revision)
    remains = await before.delete_guarded(await _entry(before, None, actor, "deleted", now))
    if remains is None:
        raise Stale(show(await _load(ident)).model_dump(mode="json"))
    await remains.drain_early()


def _redirect(data: RedirectInput, editor: Editor, now: datetime) -> Redirect:
    to = _at_home(data.to) if data.to is not None else None
    return Redirect(
        from_path=data.from_path,
        to=to,
        to_path=path_of(to) if to is not None else None,
        status=data.status,
        created_at=now,
        updated_at=now,
        updated_by=editor,
    )


def _at_home(target: str) -> str:
    """A full address of this very site as a path, so that loops through it are seen."""
    home = places.frontend().rstrip("/")
    if home and (target == home or target.startswith((f"{home}/", f"{home}?", f"{home}#"))):
        rest = target[len(home) :]
        return read_target(rest if rest.startswith("/") else f"/{rest}")
    return target


async def _refuse_published(wanted: Redirect, now: datetime) -> None:
    """A redirect must neither hide what readers find, nor lead by way of a former slug."""
    content = (await site.get()).content
    if await everything.shadowed(content, [wanted.from_path], now):
        message = "readers find something there, which goes before a redirect"
        raise Conflict(message, code="in_use", errors=_at("from_path", message, "in_use"))
    former = await everything.former_paths(content, now)
    if wanted.from_path in former:
        message = f"is a former address already, which leads to {former[wanted.from_path]}"
        raise Conflict(message, code="automatic", errors=_at("from_path", message, "automatic"))
    if wanted.to_path in former:
        raise _chain("to", f"is a former address itself: write {former[wanted.to_path]}")


async def _refuse_chains(wanted: Redirect, session: Any) -> None:
    """No path is both the start of one redirect and the end of another."""
    start, end = wanted.from_path, wanted.to_path
    if start == end:
        raise _loop("leads back to itself")
    near = await Redirect.touching([start, *([end] if end else [])], session)
    for other in near:
        if other.id == wanted.id:
            continue
        if other.from_path == start:
            raise _taken(start)
        if other.from_path == end and other.to_path == start:
            raise _loop(f"{end} leads back to {start}")
        if other.from_path == end:
            leads = f"leads on to {other.to}" if other.to else "is gone"
            raise _chain("to", f"{end} itself {leads}")
        if other.to_path == start:
            raise _chain("from_path", f"{other.from_path} leads here: change that first")


def _taken(path: str) -> Conflict:
    message = f"{path} is redirected already"
    errors = _at("from_path", message, "redirect_exists")
    return Conflict(message, code="redirect_exists", errors=errors)


def _loop(message: str) -> Conflict:
    errors = _at("to", message, "redirect_loop")
    return Conflict(message, code="redirect_loop", errors=errors)


def _chain(field: str, message: str) -> Conflict:
    errors = _at(field, message, "redirect_chain")
    return Conflict(message, code="redirect_chain", errors=errors)


def _at(field: str, message: str, code: str) -> list[FieldError]:
    return [FieldError(field, message, code)]


async def _load(ident: PydanticObjectId) -> Redirect:
    found = await Redirect.by_id(ident)
    if found is None:
        raise NotFound
    return found


async def _load_revision(ident: PydanticObjectId, revision: int) -> Redirect:
    found = await _load(ident)
    if found.revision != revision:
        raise Stale(show(found).model_dump(mode="json"))
    return found


async def _entry(
    before: Redirect | None, after: Redirect | None, actor: Actor, verb: str, now: datetime
) -> Entry:
    """What a write leaves behind, in the very write: neither is ever there without the other."""
    return history.note(
        actor,
        now,
        verb=verb,
        revision=before.revision + 1 if before else 1,
        before=before.model_dump(include=FIELDS) if before else None,
        after=after.model_dump(include=FIELDS) if after else {},
        event=await telling.of(EVENTS[verb], before, after),
        has_revisions=False,
    )

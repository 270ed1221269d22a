"""What publishing leaves in four places, compared: live content, history, audit log, events."""

from typing import Any

from cms.core.db import Database

Row = dict[str, Any]


async def disagreements(database: Database) -> list[str]:
    """Articles of which the four tell different stories; what is still pending counts as told.

    For a site in which articles are created, edited and published at once, and nothing else.
    """
    audit, events, revisions = await _told(database)
    found = []
    async for row in database["articles"].find({}):
        ident, slug = row["_id"], row["working"]["slug"]
        writes = [each for each in audit if each["item_id"] == ident]
        published = [each["revision"] for each in writes if each["verb"] == "published"]
        past = {each["number"]: each["content"] for each in revisions if each["item_id"] == ident}
        told = [each for each in events if each["item_id"] == ident]
        if sorted(each["revision"] for each in writes) != list(range(1, row["revision"] + 1)):
            found.append(f"{slug}: its audit log skips or repeats a revision")
        if past.get(max(past, default=0)) != row["working"]:
            found.append(f"{slug}: its newest revision is not its working copy")
        if len(told) != len(published) or len({each["entry_id"] for each in told}) != len(told):
            found.append(f"{slug}: {len(published)} publications, {len(told)} events")
        if (row["live"] is not None) != bool(published):
            found.append(f"{slug}: live without a publication, or a publication without live")
        elif row["live"] is not None:
            shown = past[max(number for number in past if number < max(published))]
            if any(row["live"][name] != value for name, value in shown.items()):
                found.append(f"{slug}: readers see something else than what was published last")
    return found


async def _told(database: Database) -> tuple[list[Row], list[Row], list[Row]]:
    """Audit records, events and revisions, with those that still wait inside the articles."""
    audit = {row["_id"]: row async for row in database["audit"].find({})}
    events = [row async for row in database["events"].find({})]
    revisions = [row async for row in database["revisions"].find({})]
    kept = {row["entry_id"] for row in events}
    numbers = {(row["item_id"], row["number"]) for row in revisions}
    async for row in database["articles"].find({"pending.id": {"$exists": True}}):
        for entry in row["pending"]:
            about = {"item_id": row["_id"], "entry_id": entry["id"]}
            audit[entry["id"]] = {**entry, **about}
            if entry["event"] is not None and entry["id"] not in kept:
                events.append(about)
            if entry["content"] is not None and (row["_id"], entry["revision"]) not in numbers:
                revisions.append({**about, **entry, "number": entry["revision"]})
    return list(audit.values()), events, revisions

"""A database of every earlier state becomes one of this release; what was there stays."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

from cms.backup_commands import keep_before_migrating
from cms.config import Settings
from cms.core import migrating
from cms.core.db import Database, DatabaseRefused
from cms.core.storage import Storage
from cms.transfer import backup, keeping
from tests.reliability.running import rounds
from tests.transfer import archives

KNOWN = migrating.available()
EVERY = list(range(len(KNOWN)))
# The first state, one in the middle, the one before this: the others with `make prove`.
STATES = EVERY if rounds(0, 1) else sorted({1, len(KNOWN) // 2, len(KNOWN) - 1})
TAG = {"_id": 1, "slug": "api", "name": "API"}


@pytest.fixture
async def earlier(served: Litestar, database: Database) -> AsyncIterator[Database]:
    found: Database = database.client["lontar_earlier"]
    yield found
    await database.client.drop_database("lontar_earlier")


async def _indexes(database: Database) -> dict[str, Any]:
    names = sorted(set(await database.list_collection_names()) - {"locks", "migrations"})
    found = {name: await database[name].index_information() for name in names}
    # A collection may be there before anything is in it, or not.
    return {name: indexes for name, indexes in found.items() if len(indexes) > 1}


@pytest.mark.parametrize("state", STATES)
async def test_each_earlier_state_becomes_this_one(
    earlier: Database, database: Database, state: int
) -> None:
    await migrating.migrate(earlier, KNOWN[:state])
    await earlier["tags"].insert_one(dict(TAG))
    ran = await migrating.migrate(earlier)
    assert [item.number for item in ran] == [item.number for item in KNOWN[state:]]
    assert await migrating.is_migrated(earlier)
    assert await _indexes(earlier) == await _indexes(database)
    kept = await earlier["tags"].find_one({"_id": 1})
    assert kept is not None
    assert (kept["slug"], kept["name"]) == ("api", "API")


async def test_the_control_that_left_a_migration_out_differs(
    earlier: Database, database: Database
) -> None:
    await migrating.migrate(earlier, KNOWN[:-1])
    assert await _indexes(earlier) != await _indexes(database)


async def test_a_backup_of_an_earlier_state_is_restored_and_migrated(
    earlier: Database, tmp_path: Path
) -> None:
    library = Storage(str(tmp_path / "media"))
    await migrating.migrate(earlier, KNOWN[:5])
    await earlier["tags"].insert_one(dict(TAG))
    data = await archives.made(earlier, archives.plan_for(library, tmp_path / "backups"))
    await migrating.migrate(earlier)
    await earlier["tags"].delete_many({})
    await archives.restored(earlier, library, data)
    assert await migrating.is_migrated(earlier)
    kept = await earlier["tags"].find_one({"_id": 1})
    assert kept is not None
    assert kept["description"] == ""  # which migration 6 brought


async def test_the_documents_are_backed_up_before_they_change(
    earlier: Database, settings: Settings, tmp_path: Path
) -> None:
    place = Storage(str(tmp_path / "backups"))
    changed = archives.settings_with(settings, backup_storage=str(tmp_path / "backups"))
    await keep_before_migrating(changed, earlier)
    assert await keeping.kept(place) == []  # nothing was there yet
    await migrating.migrate(earlier, KNOWN[:5])
    await earlier["tags"].insert_one(dict(TAG))
    calls = 0

    async def before() -> None:
        nonlocal calls
        calls += 1
        await keep_before_migrating(changed, earlier)

    await migrating.migrate(earlier, before=before)
    await migrating.migrate(earlier, before=before)
    assert calls == 1
    (made,) = await keeping.kept(place)
    assert made.kind == "documents"
    found = archives.checked(await place.get(made.name))
    assert len(found.header.migrations) == 5


async def test_without_room_for_a_backup_nothing_is_migrated(
    earlier: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrating.migrate(earlier, KNOWN[:5])

    async def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "make", full)
    await earlier["tags"].insert_one(dict(TAG))

    async def before() -> None:
        await keep_before_migrating(settings, earlier)

    with pytest.raises(OSError, match="No space"):
        await migrating.migrate(earlier, before=before)
    assert len(await migrating.pending(earlier)) == len(KNOWN) - 5


async def test_a_command_leaves_an_earlier_database_to_cms_migrate(earlier: Database) -> None:
    await migrating.migrate(earlier, KNOWN[:5])
    with pytest.raises(DatabaseRefused, match="cms migrate"):
        await migrating.migrate_new(earlier)
    await migrating.migrate(earlier)
    await migrating.migrate_new(earlier)

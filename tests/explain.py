"""What MongoDB really did for a pipeline."""

from typing import Any

import pymongo

from cms.core import db


async def explained(
    database: db.Database, collection: str, stages: list[Any], **options: object
) -> Any:
    # It runs every plan that was thought of, which is no request of anybody's: it may take longer.
    with pymongo.timeout(60):
        return await database.command(
            {
                "explain": {"aggregate": collection, "pipeline": stages, "cursor": {}, **options},
                "verbosity": "executionStats",
            }
        )

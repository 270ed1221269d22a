"""Whether this process answers, and whether it can do its work."""

from litestar import Router, get
from litestar.di import NamedDependency

from cms.core import db, migrating
from cms.core.db import Database
from cms.core.errors import Unavailable
from cms.core.http import Answer
from cms.core.shapes import View


class Alive(View):
    status: str = "ok"


class Ready(View):
    status: str = "ok"
    database: str = "ok"
    migrations: str = "ok"


NO_STORE = {"Cache-Control": "no-store"}


@get("/live", summary="Does the process answer")
async def get_liveness() -> Answer[Alive]:
    return Answer.of(Alive(), headers=NO_STORE)


@get("/ready", summary="Can it do its work")
async def get_readiness(database: NamedDependency[Database]) -> Answer[Ready]:
    """503 while the database does not answer within a second or is not migrated."""
    if not await db.answers(database, seconds=0.8):
        raise Unavailable("The database does not answer.", code="database_unavailable")
    if not await migrating.is_migrated(database):
        raise Unavailable("The database is not migrated.", code="not_migrated")
    return Answer.of(Ready(), headers=NO_STORE)


router = Router("/health", route_handlers=[get_liveness, get_readiness], tags=["health"])

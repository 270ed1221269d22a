"""When readers last noticed a change, and when time alone will make the next one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cms.core.cache import Moments
from cms.core.db import NEVER
from cms.history.documents import Carrier, Event
from cms.publishing.service import Kind


async def find(
    kinds: Sequence[Kind[Any, Any]], carriers: Mapping[str, type[Carrier]], now: datetime
) -> Moments:
    """One query for what was announced, and per kind one for what is still to be, and what comes.

    What nobody announced yet counts as well: a relay that stands still delays no reader.
    """
    changes = [await Event.last_change()]
    coming = [NEVER]
    for document in [kind.document for kind in kinds]:
        changes.append(await document.last_pending_change())
        passed, following = await document.moments(now)
        changes.append(passed)
        coming.append(following)
    changes += [await carrier.last_pending_change() for carrier in carriers.values()]
    known = [at for at in changes if at is not None]
    return Moments(changed_at=max(known, default=None), until=min(coming))

"""What the schema.org objects of all kinds share; pure.

Whoever writes one into a `<script>` must escape `<`: names and titles are free text.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

Row = dict[str, Any]


def breadcrumbs(trail: Sequence[tuple[str, str]]) -> Row:
    """A `BreadcrumbList` of names and addresses, from the home page down to the page itself."""
    steps = [
        {"@type": "ListItem", "position": place, "name": name, "item": url}
        for place, (name, url) in enumerate(trail, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def said(fields: Row) -> Row:
    """Without what says nothing."""
    return {name: value for name, value in fields.items() if value not in ("", [], None)}


def shown(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

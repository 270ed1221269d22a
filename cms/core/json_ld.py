"""What the schema.org objects of all kinds share; pure.

Whoever writes one into a `<script>` must escape `<`: names and titles are free text.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

Row = dict[str, Any]


def breadcrumbs(trail: Sequence[tuple[str, str]]) -> Row:
    """A `BreadcrumbList` of names and addresses, from the home page down to the page itself."""
    steps = [
        {"@type": "ListItem", "position": place, "name": name, "item": url}
        for place, (name, url) in enumerate(trail, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def picture(image: Mapping[str, Any], page: str) -> Row:
    """An `ImageObject` of the fields of a public `Image`; absolute, seen from the page it is on.

    Without its size: schema.org counts it in units of length, not in pixels.
    """
    url = urljoin(page, image["url"])
    return said({"@type": "ImageObject", "url": url, "caption": image["alt"]})


def said(fields: Row) -> Row:
    """Without what says nothing."""
    return {name: value for name, value in fields.items() if value not in ("", [], None)}


def shown(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

"""What the anonymous single reads of published kinds share; one query each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

from cms.core.errors import Moved, NotFound
from cms.core.http import Answer, CMSRequest, fresh_bytes
from cms.publishing.documents import Published
from cms.publishing.rows import is_readable_row
from cms.site.documents import SiteContent, split_site

Row = dict[str, Any]
SOURCE = ResponseSpec(
    str, media_type="text/markdown", examples=[Example(value="## Tugasnya\n\nMenyimpan data.\n")]
)


async def find(
    document: type[Published[Any, Any]],
    slug: str,
    projection: Mapping[str, Any],
    address: str,
    now: datetime,
) -> tuple[Row, SiteContent]:
    """The readable row under the slug, and the site that its `url` is made with.

    Raises:
        NotFound: there is none.
        Moved: the slug is a former one; says the present one below `address`.
    """
    rows, site = split_site(await document.find_shown(slug, projection))
    row = rows[0] if rows else None
    if row is None or not is_readable_row(row, now):
        raise NotFound
    if row["slug"] != slug:
        if slug not in row["former_slugs"]:  # the slug of a change that is not published yet
            raise NotFound
        raise Moved(f"{address}/{row['slug']}")
    return row, site


async def source(
    request: CMSRequest, document: type[Published[Any, Any]], slug: str, now: datetime
) -> Answer[Any]:
    """The live Markdown, byte for byte."""
    row = await document.find_source(slug, now)
    if row is None:
        raise NotFound
    live = row["live"]
    return fresh_bytes(request, live["markdown"].encode(), "text/markdown", live["updated_at"])

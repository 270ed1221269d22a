"""Conditional requests (RFC 9110 13): whether a reader has these very bytes already."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def is_known(
    if_none_match: bytes | None,
    if_modified_since: bytes | None,
    etag: str,
    modified: datetime | None,
) -> bool:
    """Weak comparison (8.8.3.2); `If-Modified-Since` is ignored beside `If-None-Match`."""
    if if_none_match is not None:
        tags = {
            tag.strip().removeprefix("W/") for tag in if_none_match.decode("latin-1").split(",")
        }
        return etag in tags or "*" in tags
    if if_modified_since is None or modified is None:
        return False
    try:
        moment = parsedate_to_datetime(if_modified_since.decode("latin-1"))
    except (ValueError, OverflowError):
        return False
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return modified.replace(microsecond=0) <= moment

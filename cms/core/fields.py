"""Field types that input models share: lines, texts, addresses, languages, moments."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from cms.core.slugs import MAX_LENGTH, PATTERN

Lang = Annotated[
    str,
    Field(
        min_length=2,
        max_length=35,
        pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$",
        description="BCP 47 language tag.",
        examples=["id", "en"],
    ),
]


def _clean_line(value: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ValueError("must be one line without control characters")
    text = value.strip()
    if not text:
        raise ValueError("must not be blank")
    return text


def _clean_text(value: str) -> str:
    if "\0" in value:
        raise ValueError("must not hold a NUL character")
    return value


Line = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_clean_line)]
ShortLine = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_clean_line)]
Text = Annotated[str, Field(max_length=2000), AfterValidator(_clean_text)]
Markdown = Annotated[str, Field(max_length=256 * 1024), AfterValidator(_clean_text)]
# Without a name or password before the host: they would be told to whoever reads the address.
HttpUrl = Annotated[
    str,
    Field(
        min_length=8,
        max_length=2000,
        pattern=r"^https?://[^\s/?#@<>\x22'`\\]+([/?#][^\s<>\x22'`\\]*)?$",
        examples=["https://example.com/"],
    ),
]
SlugInput = Annotated[
    str, Field(min_length=1, max_length=MAX_LENGTH, pattern=PATTERN, examples=["apa-itu-api"])
]


def _existing_day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError("must be a day of the calendar") from None
    return value


# Text, as it is stored: BSON knows no dates. Pydantic's `date` also takes "1706659200".
Day = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        json_schema_extra={"format": "date"},
        examples=["2025-08-17"],
    ),
    AfterValidator(_existing_day),
]

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)


def _utc(value: datetime) -> datetime:
    """UTC to the millisecond; times at the calendar's edges can't be moved to it, or mean never."""
    if not EARLIEST <= value < LATEST:
        raise ValueError("must lie between the years 1970 and 9000")
    return value.astimezone(UTC).replace(microsecond=value.microsecond // 1000 * 1000)


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]

"""What a backup says of itself: at its head what made it, at its end all that is in it."""

import re
from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from cms.core.errors import Invalid

FORMAT: Final = 1
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
COLLECTION: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")


class ArchiveRefused(Invalid):
    """The archive is damaged, tampered with, foreign, or newer than this program."""

    default_code = "archive_refused"


class Told(BaseModel):
    """Part of an archive: whatever else it says is not understood, so it is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Applied(Told):
    """A migration that the database had."""

    number: int
    name: str
    checksum: Digest


class Header(Told):
    """The first member: enough to say no before anything else is read."""

    format: int
    made_by: str
    made_at: datetime
    has_media: bool
    migrations: list[Applied]


class Member(Told):
    name: str
    size: int = Field(ge=0)
    sha256: Digest


class Manifest(Told):
    """The last but one: every member before it, in order. `missing` are files that were gone."""

    members: list[Member]
    documents: dict[str, int]
    missing: list[str]

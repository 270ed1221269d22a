"""Shapes that all published kinds share."""

from typing import Final

from pydantic import Field
from pydantic.config import JsonDict

from cms.core.fields import Moment
from cms.core.paging import Query
from cms.core.shapes import Input

WHEN: Final[JsonDict] = {"examples": [{"at": "2026-03-14T02:00:00Z"}]}


class DiffQuery(Query):
    to: int = Field(ge=1, description="The revision to compare with.")


class At(Input, json_schema_extra=WHEN):
    """When the verb takes effect; null or no body means now."""

    at: Moment | None = None

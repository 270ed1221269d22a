"""Shapes that all published kinds share."""

from typing import Annotated, Final

from pydantic import Field
from pydantic.config import JsonDict

from cms.core.fields import Moment
from cms.core.shapes import Input, View

WHEN: Final[JsonDict] = {"examples": [{"at": "2026-03-14T02:00:00Z"}]}


class At(Input, json_schema_extra=WHEN):
    """When the verb takes effect; null or no body means now."""

    at: Moment | None = None


class EditorView(View):
    id: str | None
    name: Annotated[str, Field(examples=["Rani Wulandari"])]

"""Shapes that all published kinds share."""

from typing import Literal

from pydantic import Field

from cms.core.fields import Moment
from cms.core.paging import Query
from cms.core.shapes import Input, View


class DiffQuery(Query):
    to: int = Field(ge=1, description="The revision to compare with.")


class FindingView(View):
    """Something that the author may want to mend."""

    code: str = Field(examples=["missing_alt"])
    level: Literal["error", "warning"]
    field: str = Field(examples=["markdown"])
    message: str
    line: int | None = Field(description="From 1, where the field is a text of many lines.")


class ChecksView(View):
    """Errors first; `can_publish` is false while there is one."""

    revision: int
    can_publish: bool
    findings: list[FindingView]


class At(Input):
    """When the verb takes effect; null or no body means now."""

    at: Moment | None = None


class EditorView(View):
    id: str | None
    name: str

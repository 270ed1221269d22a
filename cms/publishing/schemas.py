"""Shapes that all published kinds share."""

from pydantic import Field

from cms.core.fields import Moment
from cms.core.paging import Query
from cms.core.shapes import Input, View


class DiffQuery(Query):
    to: int = Field(ge=1, description="The revision to compare with.")


class At(Input):
    """When the verb takes effect; null or no body means now."""

    at: Moment | None = None


class EditorView(View):
    id: str | None
    name: str

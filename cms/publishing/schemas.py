"""Shapes that all published kinds share."""

from cms.core.fields import Moment
from cms.core.shapes import Input, View


class At(Input):
    """When the verb takes effect; null or no body means now."""

    at: Moment | None = None


class EditorView(View):
    id: str | None
    name: str

"""The closed query grammar: what a route does not know is refused by name."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, get_args
from urllib.parse import urlencode

from beanie import PydanticObjectId
from bson import ObjectId
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from pydantic import ValidationError

from cms.core.errors import FieldError, Invalid, Malformed, NotFound
from cms.core.paging import ListQuery, Page, Query
from cms.core.shapes import invalid

NUMBER = re.compile(r"-?[0-9]{1,40}")
QueryT = TypeVar("QueryT", bound=Query)


def query(model: type[QueryT]) -> Callable[[Request[Any, Any, Any]], QueryT]:
    """A dependency that reads the whole query string as `model`."""

    def provide(request: Request[Any, Any, Any]) -> QueryT:
        values = single_values(request)
        if unknown := sorted(set(values) - set(model.model_fields)):
            raise _unknown(unknown, sorted(model.model_fields))
        _written_one_way(model, values)
        try:
            return model.model_validate(values)
        except ValidationError as error:
            raise invalid(error) from None

    return provide


def _written_one_way(model: type[Query], values: dict[str, str]) -> None:
    """Numbers and booleans as the document writes them, where Pydantic would take ` 1_0 ` or `on`.

    Raises:
        Invalid: naming the parameter.
    """
    for name, value in values.items():
        kinds = {
            model.model_fields[name].annotation,
            *get_args(model.model_fields[name].annotation),
        }
        if bool in kinds and value not in {"true", "false"}:
            raise Invalid.of(name, "must be true or false", "bool_parsing")
        if int in kinds and not NUMBER.fullmatch(value):
            raise Invalid.of(name, "must be a whole number", "int_parsing")


def single_values(connection: ASGIConnection[Any, Any, Any, Any]) -> dict[str, str]:
    """The query parameters.

    Raises:
        Malformed: one stands there twice, or the text is not percent-encoded UTF-8.
    """
    values: dict[str, str] = {}
    for name, value in connection.query_params.multi_items():
        if name in values:
            raise Malformed(
                f"Query parameter {name!r} stands twice.",
                code="repeated_parameter",
                errors=[FieldError(name, "stands twice", "repeated_parameter")],
            )
        if "\ufffd" in name + value or "\0" in name + value:
            raise Malformed(f"Query parameter {name!r} is not readable text.")
        values[name] = value
    return values


async def known_parameters_only(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Guard: a route without query parameters refuses all of them.

    Raises:
        Malformed: naming the parameter.
    """
    if not connection.scope["query_string"]:
        return
    if "params" not in handler.parsed_fn_signature.parameters and (
        unknown := sorted(single_values(connection))
    ):
        raise _unknown(unknown, [])


def _unknown(names: Sequence[str], known: Sequence[str]) -> Malformed:
    listed = ", ".join(repr(name) for name in names)
    takes = f"It takes: {', '.join(known)}." if known else "It takes none."
    code = "unknown_parameter"
    errors = [FieldError(name, "is not a parameter of this address", code) for name in names]
    return Malformed(f"Unknown query parameter {listed}. {takes}", code=code, errors=errors)


def object_id(text: str) -> PydanticObjectId:
    """An id from a path.

    Raises:
        NotFound: no such id can exist.
    """
    if len(text) == 24 and ObjectId.is_valid(text):
        return PydanticObjectId(text)
    raise NotFound


def links(request: Request[Any, Any, Any], params: ListQuery, page: Page) -> dict[str, str]:
    """The RFC 8288 `Link` header of a list, with relative targets."""
    found = []
    for relation, cursor in (("next", page.next), ("prev", page.prev)):
        if cursor is not None:
            kept = params.model_dump(mode="json", exclude_unset=True, exclude={"page", "cursor"})
            text = {
                name: str(value).lower() if isinstance(value, bool) else value
                for name, value in kept.items()
            }
            target = f"{request.url.path}?{urlencode({**text, 'cursor': cursor})}"
            found.append(f'<{target}>; rel="{relation}"')
    return {"Link": ", ".join(found)} if found else {}

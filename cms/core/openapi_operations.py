"""What each route tells about itself: its name, what it takes, what it answers and refuses."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, Final, TypeGuard, get_args

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from pydantic import BaseModel

from cms.core import http, shapes
from cms.core.errors import TooLarge, UnsupportedMediaType
from cms.core.openapi_refusals import Kind, Reached, codes, reached
from cms.core.openapi_schemas import Use
from cms.core.paging import Query
from cms.core.problems import broke, database_failed

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
# What guards refuse to writes alone.
OF_WRITES: Final = frozenset({UnsupportedMediaType.default_code, "csrf", "cross_origin"})


class Operation:
    """What one handler tells about itself."""

    def __init__(self, path: str, method: str, handler: HTTPRouteHandler) -> None:
        self.path, self.method, self.handler = path, method, handler
        self.name = handler.handler_name
        self.parameters = handler.parsed_fn_signature.parameters

    @cached_property
    def body(self) -> type[BaseModel] | None:
        """The model of the JSON body, for a merge patch the one that it patches."""
        data = self.parameters.get("data")
        if data is None:
            return None
        found = [kind for kind in (data.annotation, *data.args) if is_model(kind)]
        if len(found) != 1:
            raise TypeError(f"{self.name}: takes a body that the OpenAPI document can't tell")
        model: type[BaseModel] = found[0]
        return model

    @cached_property
    def is_patch(self) -> bool:
        return getattr(self.parameters["data"].annotation, "__origin__", None) is shapes.Patch

    @cached_property
    def query(self) -> type[Query] | None:
        found = self.parameters.get("params")
        return found.annotation if found else None

    @cached_property
    def view(self) -> Any:
        """What stands in `Answer[…]`: a view, None for no content, or something of another type."""
        kind = self.handler.parsed_fn_signature.return_type
        return (get_args(kind.annotation) or (kind.annotation,))[0]

    @cached_property
    def uses(self) -> list[Use]:
        found: list[Use] = [(kind, "validation") for kind in (self.body, self.query) if kind]
        if is_model(self.view):
            found.append((self.view, "serialization"))
        return found

    @cached_property
    def guards(self) -> Reached:
        return reached(self.handler.resolve_guards())

    @cached_property
    def reach(self) -> Reached:
        starts: list[Callable[..., Any]] = [self.handler.fn, broke, database_failed]
        starts += self.handler.resolve_guards()
        starts += self._dependencies(self.parameters)
        if self.body:
            starts += [shapes.checked_json, shapes.read_input]
        found = reached(starts)
        if self.body:
            found.refusals[TooLarge] = {TooLarge.default_code}
        return found

    def _dependencies(self, names: Iterable[str]) -> Iterator[Callable[..., Any]]:
        provided = self.handler.resolve_dependencies()
        for name in names:
            if name in provided:
                yield provided[name].dependency
                yield from self._dependencies(provided[name].parsed_fn_signature.parameters)

    @cached_property
    def refusals(self) -> dict[int, tuple[Kind, list[str]]]:
        found = codes(self.reach.refusals)
        if self.method == "GET":
            found = {
                status: (kind, [code for code in listed if code not in OF_WRITES])
                for status, (kind, listed) in found.items()
            }
        return {status: (kind, listed) for status, (kind, listed) in found.items() if listed}

    @property
    def is_conditional(self) -> bool:
        return http.fresh_bytes in self.reach or bool(self.serves)

    @property
    def takes_files(self) -> bool:
        return bool(self.handler.opt.get(http.TAKES_FILES))

    @property
    def serves(self) -> list[str]:
        """The types of files that it answers with, if it does."""
        return list(self.handler.opt.get("serves") or ())

    @property
    def tags(self) -> list[str]:
        return sorted({tag for layer in self.handler.ownership_layers for tag in layer.tags or ()})


def is_model(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def operations(app: Litestar) -> list[Operation]:
    """Every documented operation, by path and method.

    Raises:
        ValueError: two handlers have one name, which would be one client function.
    """
    found = [
        Operation(route.path_format, method, handler)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if handler.include_in_schema is not False
        for method in handler.http_methods
    ]
    names = [operation.name for operation in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"operation ids stand twice: {', '.join(twice)}")
    return sorted(found, key=lambda operation: (operation.path, METHODS.index(operation.method)))

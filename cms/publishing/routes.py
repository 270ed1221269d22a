"""Makes functions that are written for any kind the handlers of one."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler

from cms.core.queries import query

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


class Routes:
    """Collects the handlers of one kind.

    A handler's name becomes the name of a client function, and Litestar reads its annotations:
    both have to be the kind's own. `types` says what stands for which variable.
    """

    def __init__(self, one: str, types: Mapping[Any, Any]) -> None:
        self.one = one
        self.types = types
        self.made: list[HTTPRouteHandler] = []

    def add(
        self,
        method: Callable[..., Any],
        path: str,
        name: str,
        summary: str,
        about: str | None = None,
        **options: Any,
    ) -> Callable[[FunctionT], FunctionT]:
        """Register under a name such as `publish_{one}`; `about` takes the docstring's place."""

        def register(function: FunctionT) -> FunctionT:
            function.__name__ = function.__qualname__ = name.format(one=self.one)
            function.__doc__ = about or function.__doc__
            function.__annotations__ = {
                parameter: self._own(annotation)
                for parameter, annotation in function.__annotations__.items()
            }
            self.made.append(method(path, summary=summary, **options)(function))
            return function

        return register

    def _own(self, annotation: Any) -> Any:
        """The annotation with the kind's types in place of the variables."""
        if annotation in self.types:
            return self.types[annotation]
        variables = getattr(annotation, "__parameters__", ())
        return (
            annotation[tuple(self.types[item] for item in variables)] if variables else annotation
        )


def querying(model: Any) -> dict[str, Provide]:
    return {"params": Provide(query(model), sync_to_thread=False)}

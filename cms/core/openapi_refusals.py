"""What a route can refuse: read from the code that it reaches, so that no list has to be kept.

From a function, references to our own functions are followed: `service.publish`, a dependency, a
guard, a method of a parameter with a type. Every `Refusal` that stands in a body on the way counts,
with the `code` it is raised with. It finds a little too much (a guard's refusals of writes on
reads), and misses what is called through a local variable; a test holds real answers against it.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import FunctionType, MethodType, ModuleType
from typing import Any, Final

from litestar.utils.sync import AsyncCallable

from cms.core.errors import Refusal

OURS: Final = __name__.partition(".")[0]
Kind = type[Refusal]


@dataclass(slots=True)
class Reached:
    """All that a set of functions leads to: the functions, and the refusals with their codes."""

    functions: set[FunctionType] = field(default_factory=set)
    refusals: dict[Kind, set[str]] = field(default_factory=dict)

    def __contains__(self, function: Callable[..., Any]) -> bool:
        return function in self.functions


def reached(starts: Iterable[Callable[..., Any]]) -> Reached:
    found = Reached()
    waiting = [function for start in starts for function in _functions(start)]
    while waiting:
        function = waiting.pop()
        if function in found.functions:
            continue
        found.functions.add(function)
        next_functions, refusals = _read(function)
        waiting.extend(next_functions)
        for kind, code in refusals:
            found.refusals.setdefault(kind, set()).add(code)
    return found


@cache
def _read(function: FunctionType) -> tuple[tuple[FunctionType, ...], tuple[tuple[Kind, str], ...]]:
    """The functions of ours and the refusals that the body of one function names."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError):  # no source, or a lambda within an expression
        return (), ()
    body = _Body(function)
    for node in tree.body:
        for statement in getattr(node, "body", ()):
            body.visit(statement)
    return tuple(body.functions), tuple(body.refusals)


class _Body(ast.NodeVisitor):
    def __init__(self, function: FunctionType) -> None:
        self.names = {
            **function.__globals__,
            **inspect.getclosurevars(function).nonlocals,
            **_parameters(function),
        }
        self.parameters = _names(function)
        self.texts: dict[str, str] = {}
        self.functions: list[FunctionType] = []
        self.refusals: list[tuple[Kind, str]] = []

    def visit_Assign(self, node: ast.Assign) -> None:
        """Remember `code = "…"`, for the `code=code` that follows."""
        match node:
            case ast.Assign([ast.Name(name)], ast.Constant(str(text))):
                self.texts[name] = text
        self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Pass over the annotation."""
        if node.value is not None:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Pass over the annotations of a function within."""
        for statement in node.body:
            self.visit(statement)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        """Pass over what is caught."""
        for statement in node.body:
            self.visit(statement)

    def visit_Call(self, node: ast.Call) -> None:
        """A refusal that is made here has its code among the arguments."""
        called = self._value(node.func)
        if kind := _kind(called):
            self._made(kind, _argument(node, "code"))
        else:
            self.visit(node.func)
            for function in _functions(called):
                self._handed(function, node)
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            self.visit(argument)

    def visit_Name(self, node: ast.Name) -> None:
        self._name(self._value(node))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._name(self._value(node))
        self.visit(node.value)

    def _name(self, value: Any) -> None:
        self.functions.extend(_functions(value))
        if kind := _kind(value):
            self.refusals.append((kind, kind.default_code))

    def _made(self, kind: Kind, code: ast.expr | None) -> None:
        match code:
            case ast.Constant(str(text)):
                self.refusals.append((kind, text))
            case ast.Name(name) if name in self.parameters:
                pass  # whoever calls this function knows the code: `_handed`
            case ast.Name(name) if name in self.texts:
                self.refusals.append((kind, self.texts[name]))
            case _:
                self.refusals.append((kind, kind.default_code))

    def _handed(self, function: FunctionType, node: ast.Call) -> None:
        """A function that makes a refusal with a `code` that it is given."""
        kind, names = _kind(function.__annotations__.get("return")), _names(function)
        if kind and "code" in names:
            self._made(kind, _argument(node, "code", names.index("code")))

    def _value(self, node: ast.expr) -> Any:
        match node:
            case ast.Name(name):
                return self.names.get(name)
            case ast.Attribute(ast.expr() as owner, name):
                return _member(self._value(owner), name)
        return None


def _argument(node: ast.Call, name: str, index: int | None = None) -> ast.expr | None:
    for keyword in node.keywords:
        if keyword.arg == name:
            return keyword.value
    return node.args[index] if index is not None and index < len(node.args) else None


def _names(function: FunctionType) -> list[str]:
    return list(inspect.signature(function).parameters)


def _parameters(function: FunctionType) -> dict[str, Any]:
    """The parameters as their classes, which is enough to find the methods called on them."""
    types = {name: getattr(hint, "__origin__", hint) for name, hint in _hints(function)}
    owner = function.__globals__.get(function.__qualname__.partition(".")[0])
    if isinstance(owner, type) and function.__qualname__ == f"{owner.__name__}.{function.__name__}":
        types |= {"self": owner, "cls": owner}
    return types


def _hints(function: FunctionType) -> Iterable[tuple[str, Any]]:
    return ((name, hint) for name, hint in function.__annotations__.items() if name != "return")


def _member(owner: Any, name: str) -> Any:
    """An attribute without running what computes it; an instance lends its class's methods."""
    if isinstance(owner, ModuleType):
        return getattr(owner, name, None)
    return inspect.getattr_static(owner, name, None)


def _kind(value: Any) -> Kind | None:
    is_kind = isinstance(value, type) and issubclass(value, Refusal) and value is not Refusal
    return value if is_kind else None


def _functions(value: Any) -> Iterator[FunctionType]:
    """The function of ours that a value is, or wraps: a method, or a guard in Litestar's hands."""
    if isinstance(value, classmethod | staticmethod | MethodType):
        value = value.__func__
    elif isinstance(value, AsyncCallable):
        value = value.func
    if isinstance(value, FunctionType) and value.__module__.partition(".")[0] == OURS:
        yield value


def codes(refusals: Mapping[Kind, set[str]]) -> dict[int, tuple[Kind, list[str]]]:
    """By status: the refusal that stands for it and every code it may carry."""
    by_status: dict[int, tuple[Kind, list[str]]] = {}
    for kind in sorted(refusals, key=lambda kind: (kind.status, kind.__name__)):
        known = by_status.get(kind.status, (kind, []))[1]
        by_status[kind.status] = (kind, sorted({*known, *refusals[kind]}))
    return by_status

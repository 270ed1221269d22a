"""Strict shapes in and out, merge patches, and JSON that is checked before a model sees it."""

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError
from pydantic_core import ErrorDetails, from_json, to_json

from cms.core.errors import FieldError, Invalid, Malformed

MAX_JSON_DEPTH = 32
MAX_JSON_VALUES = 50_000
# What an answer repeats of a bad input: enough to mend it, too little to blow it up.
MAX_ERRORS = 50
MAX_SHOWN = 200


class Input(BaseModel):
    """What comes in: unknown fields and wrong types are refused, never coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class View(BaseModel):
    """What goes out; the document tells that a field with a default is there, too."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_serialization_defaults_required=True
    )


InputT = TypeVar("InputT", bound=Input)
T = TypeVar("T")


class JSONText:
    """The bytes of a body that is known to be JSON of a sane depth."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = raw


class Patch(Generic[InputT]):
    """A merge patch (RFC 7396) for an `InputT`: objects merge, arrays replace, null clears."""

    __slots__ = ("changes",)

    def __init__(self, changes: dict[str, JsonValue]) -> None:
        self.changes = changes

    def apply(self, current: InputT) -> InputT:
        """The input as it is after the patch.

        Raises:
            Invalid: the result is not an acceptable input; the fields are named.
        """
        merged = merge(current.model_dump(mode="json"), self.changes)
        return read_input(type(current), to_json(merged))


def merge(target: JsonValue, patch: JsonValue) -> JsonValue:
    """RFC 7396 section 2."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


def checked_json(body: bytes) -> bytes:
    """The body itself, if it is UTF-8 JSON (no NaN), neither too deep nor of too many values.

    Raises:
        Malformed: it is not.
    """
    try:
        value = from_json(body, allow_inf_nan=False, cache_strings="none")
    except ValueError as error:
        raise _unreadable(f"The body is not JSON: {error}", "malformed_json") from None
    nested = _containers([value])
    count = 1
    for _ in range(MAX_JSON_DEPTH):
        children = [child for node in nested for child in _children(node)]
        count += len(children)
        if count > MAX_JSON_VALUES:
            raise Malformed(f"The JSON has more than {MAX_JSON_VALUES} values.", code="too_many")
        nested = _containers(children)
        if not nested:
            return body
    raise _unreadable(f"The JSON is nested deeper than {MAX_JSON_DEPTH}.", "too_deep")


def _unreadable(detail: str, code: str) -> Malformed:
    return Malformed(detail, code=code, errors=[FieldError("body", detail, code)])


def _containers(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if isinstance(value, dict | list)]


def _children(container: Any) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def read_input(model: type[T], raw: bytes) -> T:
    """Validate JSON bytes as an `Input`.

    Raises:
        Invalid: with one entry per field that is wrong.
    """
    assert issubclass(model, BaseModel)  # noqa: S101 - narrows the type for mypy
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise invalid(error) from None


def invalid(error: ValidationError) -> Invalid:
    wrong = error.errors(include_url=False, include_input=False)
    found = [_field_error(item) for item in wrong[:MAX_ERRORS]]
    named = ", ".join(dict.fromkeys(item.field for item in found))
    more = f", and {len(wrong) - len(found)} more" if len(wrong) > len(found) else ""
    return Invalid(f"Not acceptable: {named}{more}.", errors=found)


def _field_error(item: ErrorDetails) -> FieldError:
    path = ".".join(str(part) for part in item["loc"])[:MAX_SHOWN]
    return FieldError(path or "body", item["msg"].removeprefix("Value error, "), item["type"])


def encode(view: BaseModel) -> bytes:
    return view.__pydantic_serializer__.to_json(view)

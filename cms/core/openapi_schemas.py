"""The schemas of the OpenAPI document: Pydantic's own, merge patches derived from them, examples.

Litestar's generator is not used for them: it drops patterns, `additionalProperties`, item limits
and discriminators.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

Schema = dict[str, Any]
Use = tuple[type[BaseModel], JsonSchemaMode]
PREFIX: Final = "#/components/schemas/"
NULL: Final[Schema] = {"type": "null"}
# What an example shows where a text field has none of its own; a test looks for it.
UNTOLD: Final = "\u2026"
OF_FORMAT: Final = {"date-time": "2026-03-14T02:00:00Z"}
OF_TYPE: Final[dict[str, Any]] = {"string": UNTOLD, "integer": 1, "number": 1, "boolean": False}


class _Generator(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - Pydantic's
        """No titles made of field names: they say everything twice."""
        return False

    def sort(self, value: Any, parent_key: str | None = None) -> Any:  # noqa: ARG002 - Pydantic's
        """The order of the code, which is the order that its author had in mind."""
        return value

    def normalize_name(self, name: str) -> str:
        """`ArticleView` is called `Article` outside, where no stored document is in the way."""
        return super().normalize_name(name).removesuffix("View")


class Schemas:
    """The components, and what refers to them."""

    def __init__(self, uses: Iterable[Use]) -> None:
        ordered = sorted(set(uses), key=lambda use: (use[0].__name__, use[1]))
        refs, found = models_json_schema(
            ordered, ref_template=PREFIX + "{model}", schema_generator=_Generator
        )
        self.refs: Mapping[Any, Schema] = refs
        self.components: dict[str, Schema] = found.get("$defs", {})
        self.stories: dict[str, Schema] = {}
        for name, schema in self.components.items():
            schema.pop("title", None)
            if "properties" in schema:
                self.stories[name] = schema.pop("examples", [{}])[0]

    def resolve(self, schema: Schema) -> Schema:
        name = self.name(schema)
        return self.components[name] if name else schema

    @staticmethod
    def name(schema: Schema) -> str | None:
        ref = schema.get("$ref")
        return ref.removeprefix(PREFIX) if isinstance(ref, str) else None

    # Merge patches (RFC 7396)

    def patch(self, model: type[BaseModel]) -> Schema:
        """For merge patches of the model: nothing is required, null takes away what may go."""
        return self._patch_of(self.refs[model, "validation"])

    def _patch_of(self, ref: Schema) -> Schema:
        whole = self.resolve(ref)
        name = f"{str(self.name(ref)).removesuffix('Input')}Patch"
        if name not in self.components:
            self.components[name] = {}  # for a schema that holds itself
            required = set(whole.get("required", ()))
            self.components[name] = {
                **{key: value for key, value in whole.items() if key != "required"},
                "properties": {
                    field: self._mergeable(schema, is_required=field in required)
                    for field, schema in whole["properties"].items()
                },
            }
            story = self.stories.get(str(self.name(ref)), {})
            shown = [field for field in story if field in whole["properties"]]
            # One field: a patch is about what it leaves alone.
            self.stories[name] = {field: story[field] for field in shown[:1]}
        return {"$ref": PREFIX + name}

    def _mergeable(self, schema: Schema, *, is_required: bool) -> Schema:
        described = {key: schema[key] for key in ("description",) if key in schema}
        bare = {
            key: value for key, value in schema.items() if key not in {"default", "description"}
        }
        choices = [self._merged(choice) for choice in bare.get("anyOf", [bare])]
        if not is_required and NULL not in choices:
            choices.append(NULL)
        return {**(choices[0] if len(choices) == 1 else {"anyOf": choices}), **described}

    def _merged(self, schema: Schema) -> Schema:
        """Objects merge, so theirs are patches too; arrays and everything else replace."""
        if "properties" in self.resolve(schema):
            return self._patch_of(schema)
        values = schema.get("additionalProperties")
        if isinstance(values, dict):
            return {**schema, "additionalProperties": self._mergeable(values, is_required=False)}
        return schema

    # Examples

    def example(self, schema: Schema) -> Any:
        """A believable value: the model's own example, completed by what else is required."""
        found = self.resolve(schema)
        if "properties" in found:
            story = self.stories.get(self.name(schema) or "", {})
            return {
                field: story[field] if field in story else self.example(inner)
                for field, inner in found["properties"].items()
                if field in story or field in found.get("required", ())
            }
        if "anyOf" in found:
            return self.example(found["anyOf"][0]) if self._is_told(found["anyOf"][0]) else None
        for key in ("examples", "enum"):
            if key in found:
                return found[key][0]
        for key in ("const", "default"):
            if key in found:
                return found[key]
        return self._plain(found)

    def _is_told(self, schema: Schema) -> bool:
        return "examples" in schema or bool(self.stories.get(self.name(schema) or ""))

    def _plain(self, schema: Schema) -> Any:
        match schema.get("type"):
            case "array":
                return [self.example(schema["items"])]
            case "object":
                return {}
            case str(kind):
                return OF_FORMAT.get(schema.get("format", ""), OF_TYPE.get(kind))
        return None

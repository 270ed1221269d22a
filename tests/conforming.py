"""Holds an answer of the app against what the OpenAPI document says of its route."""

import re
from functools import cached_property
from typing import Any

import httpx
from openapi_schema_validator import OAS31Validator

PATHS_NOT_TOLD = re.compile(r"/api/docs(/.*)?|/admin(/.*)?|/")
Row = dict[str, Any]


class Contract:
    """The document, ready to be held against answers."""

    def __init__(self, document: Row) -> None:
        self.document = document

    @cached_property
    def paths(self) -> list[tuple[re.Pattern[str], Row]]:
        # A path of words before one with a variable, as routers do.
        ordered = sorted(self.document["paths"].items(), key=lambda item: item[0].count("{"))
        return [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "/?"), item) for path, item in ordered
        ]

    def operation(self, method: str, path: str) -> Row | None:
        """What the document says of a request; HEAD is GET without the body."""
        for pattern, item in self.paths:
            if pattern.fullmatch(path):
                found: Row | None = item.get("get" if method == "HEAD" else method.lower())
                return found
        return None

    def resolve(self, thing: Row) -> Row:
        """The thing itself, where it is a reference; what stands beside the reference wins."""
        if "$ref" not in thing:
            return thing
        found: Any = self.document
        for part in thing["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return {**found, **{key: value for key, value in thing.items() if key != "$ref"}}

    def complaints(self, schema: Row, value: Any) -> list[str]:
        """What is wrong with a value by a schema of the document."""
        whole = {**schema, "components": self.document["components"]}
        return [
            f"{error.json_path}: {error.message[:200]}"
            for error in OAS31Validator(whole).iter_errors(value)
        ]

    def disagreements(self, answer: httpx.Response) -> list[str]:
        """Where an answer, already read, is not what the document says."""
        request = answer.request
        path = request.url.path
        operation = self.operation(request.method, path)
        if operation is None:
            untold = answer.status_code in {404, 405} or request.method == "OPTIONS"
            return [] if untold or PATHS_NOT_TOLD.fullmatch(path) else [f"{path} is not told"]
        told = operation["responses"].get(str(answer.status_code))
        if told is None:
            return [f"{operation['operationId']} does not tell {answer.status_code}: {answer.text}"]
        told = self.resolve(told)
        return [*self._headers(told, answer), *self._body(told, answer)]

    def _headers(self, told: Row, answer: httpx.Response) -> list[str]:
        return [
            f"{name} is missing"
            for name, header in told.get("headers", {}).items()
            if self.resolve(header).get("required") and name not in answer.headers
        ]

    def _body(self, told: Row, answer: httpx.Response) -> list[str]:
        if answer.request.method == "HEAD":
            return []
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        content = told.get("content", {})
        if not content:
            return [f"a body that is not told: {answer.text[:200]}"] if answer.content else []
        if media_type not in content:
            return [f"{media_type} is not told"]
        if not media_type.endswith("json"):
            return []
        body = answer.json()
        wrong = self.complaints(content[media_type]["schema"], body)
        if media_type == "application/problem+json" and f"`{body['code']}`" not in (
            description := told["description"]
        ):
            wrong.append(f"the code {body['code']} is not among: {description}")
        return wrong


def require(contract: Contract) -> Any:
    """An httpx hook that fails the test whose request is answered otherwise than told."""

    async def hook(answer: httpx.Response) -> None:
        await answer.aread()
        found = contract.disagreements(answer)
        assert not found, f"{answer.request.method} {answer.request.url}: {'; '.join(found)}"

    return hook

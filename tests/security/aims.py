"""Where attacks are aimed: the routes of the OpenAPI document, with what stands at their places."""

import functools
from dataclasses import dataclass, field
from typing import Any

import httpx

from cms.app import openapi_document
from tests import make

PUBLIC = "/api/v1/"
ADMIN = "/api/v1/admin/"
CANARY = "zanzibarcanary"
NAMES = (
    *("item_id", "profile_id", "redirect_id", "media_id", "webhook_id", "account_id"),
    *("message_id", "slug"),
)


@dataclass(frozen=True)
class Aim:
    """One operation of the document."""

    method: str
    path: str
    operation: dict[str, Any] = field(hash=False, compare=False)

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        return [
            item["name"] for item in self.operation.get("parameters", []) if item["in"] == "query"
        ]

    @property
    def is_admin(self) -> bool:
        return self.path.startswith(ADMIN)

    def at(self, places: dict[str, str]) -> str:
        """The path with ids that are there, by resource and name: `articles` → an article's id."""
        path = self.path
        for name in NAMES:
            if f"{{{name}}}" in path:
                kind = path.split(f"/{{{name}}}")[0].rpartition("/")[2]
                key = kind if f"{kind}:{name}" not in places else f"{kind}:{name}"
                path = path.replace(f"{{{name}}}", places.get(key, "a" * 24))
        path = path.replace("{number}", "1")
        while "{" in path:
            path = path[: path.index("{")] + "a" * 24 + path[path.index("}") + 1 :]
        return path


@functools.cache
def document() -> dict[str, Any]:
    return openapi_document()


def schema(reference: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, where this is a reference, or one of several."""
    if "$ref" in reference:
        found: dict[str, Any] = document()["components"]["schemas"][
            reference["$ref"].rpartition("/")[2]
        ]
        return found
    for option in reference.get("anyOf", []):
        if "$ref" in option:
            return schema(option)
    return reference


def aims() -> list[Aim]:
    return [
        Aim(method.upper(), path, operation)
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        if method in {"get", "post", "patch", "delete", "put"}
    ]


def bodies() -> list[tuple[Aim, dict[str, Any]]]:
    """Each operation that takes JSON, with the schema of it."""
    found = []
    for aim in aims():
        content = aim.operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            found.append((aim, schema(content["application/json"]["schema"])))
    return found


async def furnish(owner: httpx.AsyncClient) -> dict[str, str]:
    """One of everything, and where it stands."""
    article = await make.published(
        owner, title="One", slug="one", tag_slugs=["python"], markdown="Some *text* about coffee."
    )
    places = {"articles": article["id"]}
    for kinds in ("pages", "projects"):
        made = await make.live(owner, kinds, title="Whole", slug="whole")
        places[kinds] = made["id"]
    places["media"] = (await make.media(owner))["id"]
    places["profiles"] = (await make.profile(owner, name="Rani"))["id"]
    await make.series(owner, title="Karier", slug="karier")
    data = {"from_path": "/old", "to": "/new"}
    redirect = await owner.post(f"{ADMIN}redirects", json=data)
    places["redirects"] = redirect.json()["id"]
    data = {"name": "CI", "url": "https://hooks.example/"}  # made last: it is told of none of this
    webhook = await owner.post(f"{ADMIN}webhooks", json=data)
    places["contact"] = await make.message()
    places["webhooks"] = webhook.json()["id"]
    return {
        **places,
        "tags": "python",
        "series": "karier",
        "articles:slug": "one",
        "pages:slug": "whole",
        "projects:slug": "whole",
        "profiles:slug": "rani",
    }


async def seen(client: httpx.AsyncClient, path: str) -> dict[str, str]:
    """`If-Match` for what stands at a path, or for what the verb at its end is of."""
    while path.count("/") > 3:
        answer = await client.get(path)
        if answer.status_code == 200 and "revision" in answer.text:
            return make.if_match(answer.json()) if "revision" in answer.json() else {}
        path = path.rpartition("/")[0]
    return {}

"""A follower: it keeps a copy by `/api/v1/sync` alone, and can be held against the public API."""

from typing import Any

import httpx

Row = dict[str, Any]


class Follower:
    def __init__(self, reader: httpx.AsyncClient, limit: int = 25) -> None:
        self.reader, self.limit = reader, limit
        self.token: str | None = None
        self.copy: dict[tuple[str, str], Row] = {}
        self.removed: list[tuple[str, str]] = []
        self.answers: list[Row] = []

    async def step(self) -> bool:
        """Ask once; whether there is more at once."""
        params = {"limit": str(self.limit), **({"since": self.token} if self.token else {})}
        answer = await self.reader.get("/api/v1/sync", params=params)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        self.answers.append(found)
        for gone in found["removed"]:
            self.copy.pop((gone["kind"], gone["id"]), None)
            self.removed.append((gone["kind"], gone["id"]))
        for item in found["changed"]:
            self.copy[item["kind"], item["id"]] = item["data"]
        self.token = found["next"]
        return bool(found["has_more"])

    async def catch_up(self) -> None:
        while await self.step():
            pass

    def of(self, kind: str) -> dict[str, Row]:
        return {ident: data for (its, ident), data in self.copy.items() if its == kind}

    def slugs(self, kind: str) -> set[str]:
        return {data["slug"] for data in self.of(kind).values()}


async def present(reader: httpx.AsyncClient) -> dict[str, dict[str, Row]]:
    """What the public API shows now, cut to what a follower keeps, by kind and slug."""
    found: dict[str, dict[str, Row]] = {}
    for kind, kinds in (
        ("article", "articles"), ("project", "projects"), ("page", "pages"),
        ("profile", "profiles"), ("tag", "tags"), ("series", "series"),
    ):  # fmt: skip
        rows = {}
        target = f"/api/v1/{kinds}?limit=100"
        while target:
            listed = await reader.get(target)
            for row in listed.json()["items"]:
                one = (await reader.get(f"/api/v1/{kinds}/{row['slug']}")).json()
                rows[row["slug"]] = _kept(kind, one)
            target = listed.links.get("next", {}).get("url", "")
        found[kind] = rows
    found["site"] = {"site": (await reader.get("/api/v1/site")).json()}
    redirects, target = [], "/api/v1/redirects?limit=100"
    while target:
        listed = await reader.get(target)
        redirects += listed.json()["items"]
        target = listed.links.get("next", {}).get("url", "")
    found["redirects"] = {"redirects": {"items": redirects}}
    return found


def _kept(kind: str, one: Row) -> Row:
    if kind == "article":
        series = one["series"]
        refs = {
            "author_slugs": [author["slug"] for author in one["authors"]],
            "tag_slugs": [tag["slug"] for tag in one["tags"]],
            "series": series and {name: series[name] for name in ("slug", "position")},
        }
        left = {
            "id", "authors", "tags", "json_ld", "translations", "previous", "next",
            "series_previous", "series_next", "related", "series",
        }  # fmt: skip
        seo = {key: value for key, value in one["seo"].items() if key != "og_image"}
        return {**{key: value for key, value in one.items() if key not in left}, **refs, "seo": seo}
    left = {"id", "og_image", "articles_count", "articles", "json_ld", "translations"}
    return {key: value for key, value in one.items() if key not in left}


def held(follower: Follower) -> dict[str, dict[str, Row]]:
    """The follower's copy in the shape of `present`; defaults of views filled where they lack."""
    kinds = ("article", "project", "page", "profile", "tag", "series")
    found = {kind: {it["slug"]: it for it in follower.of(kind).values()} for kind in kinds}
    for tag in found["tag"].values():
        tag.pop("url", None)
    found["site"] = follower.of("site")
    found["redirects"] = follower.of("redirects")
    return found

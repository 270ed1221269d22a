"""Whatever is sent to whichever route, as whomever: an answer, and never a 5xx."""

import json
import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.routes import HTTPRoute
from pydantic import BaseModel

from cms.accounts import schemas as accounts
from cms.articles import schemas as articles
from cms.config import Settings
from cms.core.db import Database
from cms.pages import schemas as pages
from cms.profiles import schemas as profiles
from cms.projects import schemas as projects
from cms.publishing import schemas as publishing
from cms.site import schemas as site
from tests import make
from tests.accounts.signing import client
from tests.core.test_http import INSIDE, KEYS

PROVING = os.environ.get("LONTAR_PROVE") == "1"
EXAMPLES = 10_000 if PROVING else 200
MODELS: list[type[BaseModel]] = [
    accounts.SignIn, accounts.SetupInput, accounts.TokenInput, articles.ArticleInput,
    articles.SeoInput, profiles.ProfileInput, profiles.ExperienceInput, site.SiteInput,
    pages.PageInput, projects.ProjectInput, publishing.BulkInput, publishing.At,
]  # fmt: skip
FIELDS = sorted({name for model in MODELS for name in model.model_fields} | {"at", "markdown"})
PARAMETERS = ["limit", "cursor", "page", "total", "tag", "author", "lang", "sort", "status"]
METHODS = ["GET", "HEAD", "POST", "PATCH", "DELETE", "PUT", "OPTIONS", "TRACE", "MADE-UP"]

WORDS = st.sampled_from(
    [
        "one", "en", "id", "published", "-published_at", "true", "1", "100", "2026-01-01T00:00:00Z",
        "rani@example.com", "https://a.example/", "$ne", "__proto__", "\0", "\ud800", "\ufeff",
        "read", "articles:write", make.PASSWORD, "a" * 400, "/{slug}", "# Hi\n\n- [x] *a*", "<b>",
        "[x](javascript:1)", "\u202e", "\U0001f4a3" * 50, "9" * 30, "",
    ]
)  # fmt: skip
TEXT = st.one_of(WORDS, st.text(max_size=30))
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.sampled_from([10**30, -0.0])
)
NAMES = st.one_of(st.sampled_from(FIELDS), TEXT)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
NEEDED: dict[str, dict[str, Any]] = {
    "articles": {"title": "T"},
    "pages": {"title": "T"},
    "projects": {"title": "T"},
    "profiles": {"name": "N"},
    "tags": {"name": "N"},
    "tokens": {"name": "N", "scopes": ["read"]},
    "render": {"markdown": "*x*"},
}


def _of_model(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """The right names with mostly the wrong values."""
    names = st.sampled_from(sorted(model.model_fields))
    return st.dictionaries(names, VALUES | TEXT, max_size=3)


OBJECTS = st.sampled_from(MODELS).flatmap(_of_model)
BODIES = st.one_of(
    OBJECTS.map(json.dumps).map(str.encode),
    VALUES.map(json.dumps).map(str.encode),
    st.binary(max_size=60),
    st.sampled_from([b"", b"null", b"[" * 5000, b'{"title":' * 40, b"\xef\xbb\xbf{}", b'"\xff"']),
)
HEADER_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40)
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "accept", "authorization", "cookie", "content-type", "if-match", "if-none-match",
            "if-modified-since", "origin", "sec-fetch-site", "x-request-id", "x-forwarded-for",
            "x-csrf-token", "idempotency-key", "host", "range", "expect", "content-encoding",
            "access-control-request-method", "x-http-method-override", "user-agent",
        ]
    ),
    st.one_of(HEADER_TEXT, st.sampled_from(['"1"', 'W/"2"', "*", "gzip", "null", "cross-site"])),
    max_size=4,
)  # fmt: skip
ODDS = st.sampled_from([True, True, True, False])
REVISIONS = st.sampled_from(["0", "1", "2", "3"])


@dataclass
class World:
    """What is there to aim at, and the two who shoot."""

    routes: list[tuple[str, str]]
    idents: list[str]
    owner: httpx.AsyncClient
    stranger: httpx.AsyncClient


@pytest.fixture
async def world(
    served: Litestar, settings: Settings, owner: httpx.AsyncClient, database: Database
) -> World:
    made = await make.published(owner, slug="one", tag_slugs=["python"])
    draft = await make.article(owner)
    profile = await make.profile(owner, name="Rani")
    routes = sorted(
        (str(method), route.path_format)
        for route in served.routes
        if isinstance(route, HTTPRoute)
        for method in route.methods
        if method != "OPTIONS"
    )
    assert len(routes) > 35
    idents = [made["id"], draft["id"], profile["id"], "one", "one.md", "python", "rani", "a" * 24]
    idents += ["1", "2", "0", "-1", "%D9%A3", "1e3", "NaN", str(2**63)]
    shooter = client(served, settings)
    shooter.headers["Authorization"] = owner.headers["Authorization"]
    return World(routes, idents, shooter, client(served, settings))


@settings(
    max_examples=EXAMPLES,
    derandomize=not PROVING,
    # Making a failure smaller may take five minutes: what was drawn is told all the same.
    phases=list(Phase) if PROVING else [Phase.generate],
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
async def test_no_request_breaks_the_server(world: World, data: st.DataObject) -> None:
    draw = data.draw
    method, route = draw(st.sampled_from(world.routes), label="route")
    path = route
    is_sane = draw(ODDS, label="sane")
    if not draw(ODDS, label="a method it takes"):
        method = draw(st.sampled_from(METHODS))
    segment = st.one_of(
        st.sampled_from(world.idents),
        st.sampled_from(world.idents),
        TEXT.map(_encoded),
        st.binary(max_size=9).map(quote),
    )
    while "{" in path:
        before, _, rest = path.partition("{")
        path = before + quote(draw(segment), safe="%") + rest.partition("}")[2]
    if not draw(ODDS, label="a plain path"):
        path += draw(st.sampled_from(["/", "//", "/x", "/%00", "%2e%2e", ".md", "/../.."]))
    names = st.one_of(st.sampled_from(PARAMETERS), TEXT)
    is_asking = not draw(ODDS, label="without a query") or method == "GET"
    pairs = draw(st.lists(st.tuples(names, TEXT), max_size=2 * is_asking), label="query")
    query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in pairs)

    headers = {name: value.encode("latin-1") for name, value in draw(HEADERS).items()}
    if is_sane:
        sane = {"content-type": b"application/json", "if-match": f'"{draw(REVISIONS)}"'.encode()}
        headers = {**sane, **{n: v for n, v in headers.items() if n != "authorization"}}
    body: bytes | None = None
    if method not in {"GET", "HEAD"}:
        body = draw(BODIES, label="body")
    if is_sane and method in {"POST", "PATCH"}:
        needed = NEEDED.get(route.rsplit("/", 1)[-1], {})
        odd: Any = draw(st.one_of(st.just({}), OBJECTS), label="fields")
        body = json.dumps({**needed, **odd}).encode()
    sender = world.owner if draw(ODDS, label="as owner") else world.stranger

    answer = await sender.request(
        method,
        httpx.URL(f"http://127.0.0.1:8000{path}" + (f"?{query}" if query else "")),
        content=body,
        headers=[(name.encode(), value) for name, value in headers.items()],
    )

    assert answer.status_code < 500, answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    if answer.status_code >= 400 and answer.content:
        assert answer.headers["content-type"] == "application/problem+json"
        assert list(answer.json())[: len(KEYS)] == KEYS
        for word in INSIDE:
            assert word not in answer.json()["title"]
            assert word not in answer.json()["type"]
    if (
        sender is world.stranger
        and path.startswith("/api/v1/admin")
        and "authorization" not in headers
    ):
        assert answer.status_code >= 400 or answer.request.method == "OPTIONS"


def _encoded(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"))

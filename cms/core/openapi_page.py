"""The OpenAPI document and the page that shows it, with every byte from this server.

The page is Swagger UI, which knows OpenAPI 3.1, tries requests out and has a dark theme. It comes
from the package `offapi` (Apache-2.0, no dependencies, renewed with Swagger UI's releases): the
other packages that carry it bring Django, Flask or FastAPI along, or stand still since 2023; its
npm package would need the admin UI's build for an installation that wants none.
"""

from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from threading import Lock
from typing import Any, Final

from anyio import to_thread
from litestar import Litestar, Router, get
from litestar.params import FromPath
from pydantic_core import to_json

from cms.core import openapi
from cms.core.errors import NotFound
from cms.core.http import Answer, CMSRequest, fresh_bytes

# Swagger UI sets style attributes by script, which this policy does not touch, and embeds its
# icons as data: addresses. Requests that are tried out go to this server alone.
PAGE_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_building = Lock()
OWN: Final = Path(__file__).parent / "openapi_assets"
ASSETS: Final = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "swagger-ui.js": "text/javascript",
}
PACKAGED: Final = {
    "swagger-ui.css": "offapi/swagger_style.css",
    "swagger-ui.js": "offapi/swagger_bundle.js",
}


@get("/openapi.json", summary="This document", tags=["documentation"])
async def get_openapi_document(request: CMSRequest) -> Answer[dict[str, Any]]:
    body = await to_thread.run_sync(_document, request.app)
    return fresh_bytes(request, body, "application/json")


def _document(app: Litestar) -> bytes:
    """Built at the first question, which takes a second; who asks meanwhile waits for that one."""
    with _building:
        return _built(app)


@cache
def _built(app: Litestar) -> bytes:
    return to_json(openapi.document(app))


@get("/", include_in_schema=False)
async def get_docs_page(request: CMSRequest) -> Answer[bytes]:
    body = (OWN / "page.html").read_bytes()
    return fresh_bytes(request, body, "text/html", headers={"Content-Security-Policy": PAGE_CSP})


@get("/{name:str}", include_in_schema=False)
async def get_docs_asset(request: CMSRequest, name: FromPath[str]) -> Answer[bytes]:
    if name not in ASSETS:
        raise NotFound
    return fresh_bytes(request, await to_thread.run_sync(_asset, name), ASSETS[name])


@cache
def _asset(name: str) -> bytes:
    """The bytes of an asset; `offapi` itself is not imported, since that reads all it has."""
    if name in PACKAGED:
        return Path(str(distribution("offapi").locate_file(PACKAGED[name]))).read_bytes()
    return (OWN / name).read_bytes()


page = Router("/api/docs", route_handlers=[get_docs_page, get_docs_asset])

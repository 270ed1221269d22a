"""Multipart bombs: a route that takes JSON never starts to read parts."""

from typing import Any

import httpx
import litestar.connection.request as litestar_request
import pytest
from litestar import Litestar, Request, post

from tests.core.test_http import is_problem
from tests.security.aims import Aim, aims, furnish

BOUNDARY = "b0undary"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"
PART = b'--b0undary\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n'
END = b"--b0undary--\r\n"
BOMBS: dict[str, tuple[str, bytes]] = {
    "many parts": (TYPE, b"".join(PART % number for number in range(20_000)) + END),
    "many headers": (TYPE, b"--b0undary\r\n" + b"X-A: a\r\n" * 100_000 + b"\r\n\r\nx\r\n" + END),
    "a long header": (TYPE, b"--b0undary\r\nX-A: " + b"a" * 1_000_000 + b"\r\n\r\nx\r\n" + END),
    "no end": (TYPE, PART % 1 + b"x" * 1_000_000),
    "boundaries alone": (TYPE, b"--b0undary\r\n" * 100_000),
    "a long boundary": (f"multipart/form-data; boundary={'b' * 5000}", b"--" + b"b" * 5000),
    "no boundary": ("multipart/form-data", PART % 1 + END),
    "nested": ("multipart/mixed; boundary=b0undary", PART % 1 + END),
    "a form": ("application/x-www-form-urlencoded", b"&".join([b"a=b"] * 100_000)),
    "JSON as text": ("text/plain", b'{"title": "x"}'),
    "JSON in another's name": ("application/json, multipart/form-data", b'{"title": "x"}'),
}
TAKERS = [
    aim
    for aim in aims()
    if aim.method in {"POST", "PATCH", "DELETE"}
    and "multipart/form-data" not in aim.operation.get("requestBody", {}).get("content", {})
]


@pytest.fixture
def parsers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time that somebody begins to read parts."""
    begun: list[str] = []
    real = vars(litestar_request)["parse_multipart_form"]

    def noted(*args: Any, **kwargs: Any) -> Any:
        begun.append("parts")
        return real(*args, **kwargs)

    monkeypatch.setattr(litestar_request, "parse_multipart_form", noted)
    return begun


@pytest.mark.parametrize("name", BOMBS)
async def test_a_route_of_json_reads_no_parts(
    owner: httpx.AsyncClient, parsers: list[str], name: str
) -> None:
    kind, body = BOMBS[name]
    some = TAKERS if name == "a form" else TAKERS[::12]
    assert len(TAKERS) > 40
    places = await furnish(owner)
    owner.event_hooks = {"response": []}
    for aim in some:
        answer = await owner.request(
            aim.method, aim.at(places), content=body, headers={"Content-Type": kind}
        )
        is_problem(answer, 415 if _takes_json(aim) else answer.status_code)
        assert answer.status_code in {400, 413, 415, 428}, aim.name
    assert parsers == []


def _takes_json(aim: Aim) -> bool:
    return "requestBody" in aim.operation


async def test_a_route_that_reads_forms_would_read_every_part(parsers: list[str]) -> None:
    counted = []

    @post("/", signature_namespace={"Request": Request})
    async def careless(request: Request[Any, Any, Any]) -> None:
        counted.append(len(await request.form()))

    app = Litestar([careless], multipart_form_part_limit=1_000_000, openapi_config=None)
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        kind, body = BOMBS["many parts"]
        await client.post("/", content=body, headers={"Content-Type": kind})
    assert counted == [20_000]
    assert parsers == ["parts"]

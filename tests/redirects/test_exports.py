"""Redirects in the words of web servers: a real Nginx answers them as they were meant."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from cms.redirects import exports
from cms.redirects.everything import Rule
from cms.redirects.paths import read_from_path, read_target
from tests import make

ADMIN = "/api/v1/admin/redirects"
# (path as it is written, target, status): what each format could stumble over.
NASTY = [
    ("/plain", "/new", 301),
    ("/", "/id", 302),
    ("/query", '/new?a=$b&c="d"', 307),
    ("/fragment", "/new#part;x", 308),
    ("/gone", None, 410),
    ("/caf%C3%A9", "/kopi/%C3%A9", 308),
    ("/quote%22%27;}return", "/q%22;}return%20200;#", 308),
    ("/dollar$uri", "/to$uri$args", 308),
    ("/star*:name(.*)+?".replace("?", ""), "/a:b(c)*", 308),
    ("/space%20here", "https://Other.example:8443/x:y?u=https://z/$host", 308),
    ("/host", "https://other.example", 308),
    ("/%7Bbrace%7D", "/%7Bx%7D", 301),
]


@pytest.fixture
def rules() -> list[Rule]:
    return [
        Rule(read_from_path(start), read_target(to) if to is not None else None, status)
        for start, to, status in NASTY
    ]


@pytest.fixture
async def nginx(rules: list[Rule], tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a real Nginx that serves the export, and 404 for everything else."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed")
    (tmp_path / "redirects.conf").write_text(exports.nginx(rules), encoding="utf-8")
    socket = tmp_path / "s"
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {tmp_path}/b; proxy_temp_path {tmp_path}/p;"
        f" fastcgi_temp_path {tmp_path}/f; uwsgi_temp_path {tmp_path}/u;"
        f" scgi_temp_path {tmp_path}/c; server {{ listen unix:{socket};"
        f" include {tmp_path}/redirects.conf; location / {{ return 404; }} }} }}\n"
    )
    arguments = (program, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"))
    tested = await asyncio.create_subprocess_exec(*arguments, "-t", stderr=asyncio.subprocess.PIPE)
    _, said = await tested.communicate()
    assert tested.returncode == 0, said.decode()
    serving = await asyncio.create_subprocess_exec(*arguments, stderr=asyncio.subprocess.DEVNULL)
    try:
        for _ in range(100):
            if socket.exists():
                break
            await asyncio.sleep(0.05)
        transport = httpx.AsyncHTTPTransport(uds=str(socket))
        async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
            yield client
    finally:
        serving.terminate()
        await asyncio.wait_for(serving.wait(), timeout=10)


async def test_nginx_answers_every_redirect_as_it_was_meant(
    nginx: httpx.AsyncClient, rules: list[Rule]
) -> None:
    for rule in rules:
        paths = [rule.from_path] + ([f"{rule.from_path}/"] if rule.from_path != "/" else [])
        for path in paths:
            answer = await nginx.get(path)
            assert answer.status_code == rule.status, (path, answer.text)
            if rule.to is not None:
                expected = rule.to.replace("$", "%24")
                found = answer.headers["location"].removeprefix("http://site")
                assert found == expected
    for path in ("/other", "/plain/more", "/PLAIN", "/dollar", "/star"):
        assert (await nginx.get(path)).status_code == 404
    kept = await nginx.get("/plain?x=1")
    assert kept.headers["location"].endswith("/new?x=1")
    own = await nginx.get("/query?x=1")
    assert own.headers["location"].endswith("/new?a=%24b&c=%22d%22")


def test_next_reads_no_pattern_out_of_a_path(rules: list[Rule]) -> None:
    found = json.loads(exports.next_js(rules))
    assert found["gone"] == ["/gone"]
    assert len(found["redirects"]) == len(rules) - 1
    by_source = {item["source"]: item for item in found["redirects"]}
    assert by_source["/plain"] == {"source": "/plain", "destination": "/new", "statusCode": 301}
    assert by_source["/star%2A%3Aname%28.%2A%29%2B"]["destination"] == "/a%3Ab%28c%29%2A"
    outside = by_source["/space%20here"]["destination"]
    assert outside == "https://other.example:8443/x%3Ay?u=https%3A//z/$host"
    for item in found["redirects"]:
        assert not set("():*+{}") & set(item["source"])
        assert not set("()*{}") & set(item["destination"])


def test_netlify_gets_one_line_of_three_words_each(rules: list[Rule]) -> None:
    lines = exports.netlify(rules).splitlines()
    assert "# gone: /gone" in lines
    told = [line.split(" ") for line in lines if not line.startswith("#")]
    assert len(told) == len(rules) - 1
    for start, to, status in told:
        assert start.startswith("/")
        assert not set("*:") & set(start)
        assert to.startswith(("/", "https://"))
        assert status in {"301!", "302!", "307!", "308!"}
    assert "/plain /new 301!" in lines
    assert "/space%20here https://other.example:8443/x%3Ay?u=https%3A//z/$host 308!" in lines


@pytest.mark.parametrize(
    ("form", "media_type"),
    [("nginx", "text/plain"), ("next", "application/json"), ("netlify", "text/plain")],
)
async def test_the_route_and_the_command_export_what_is_in_force(
    form: str, media_type: str, owner: httpx.AsyncClient, database_url: str
) -> None:
    await owner.post(ADMIN, json={"from_path": "/old", "to": "/new"})
    live = await make.published(owner, slug="one")
    edited = await owner.patch(
        f"/api/v1/admin/articles/{live['id']}", json={"slug": "two"}, headers=make.if_match(live)
    )
    await make.verb(owner, edited.json(), "publish")
    answer = await owner.get(f"{ADMIN}/export", params={"format": form})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["cache-control"] == "private, no-store"
    for path in ("/old", "/articles/one", "/articles/two"):
        assert path in answer.text
    command = ("redirects", "export", "--format", form)
    assert await make.command(database_url, *command) == (0, answer.text, "")


async def test_an_export_needs_a_known_format(owner: httpx.AsyncClient, database_url: str) -> None:
    for query, field in (("", "format"), ("?format=apache", "format")):
        answer = await owner.get(f"{ADMIN}/export{query}")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert (await make.command(database_url, "redirects", "export"))[0] == 2

"""Public reads from the cache against a plain handler and Nginx; a miss against its raw queries.

    .venv/bin/python -m benchmarks.delivery > benchmarks/results/delivery.md

Needs `wrk` and `nginx`. Everything is started by itself on 127.0.0.1, one worker each, and the
three servers take turns; only ratios of one run mean anything.
"""

import asyncio
import contextlib
import getpass
import json
import logging
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
from pymongo import monitoring
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

from cms import config
from cms.app import create_litestar, wrapped
from cms.core import logs, mongod
from cms.core.edge import ASGIApp, Message, Scope
from tests.reliability.running import RunningCMS, free_port

ROUNDS, SECONDS, CONNECTIONS = 15, 2, 32
REST_SECONDS, REST_SHARE = 2.0, 0.05  # of a core: nothing is being made any more
BATCHES, BATCH = 8, 50
PATHS = {"one article": "/api/v1/articles/{slug}", "list of 15": "/api/v1/articles?limit=15"}
NGINX = """
user {user};
worker_processes 1; daemon off; pid {here}/nginx.pid; error_log {here}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log {here}/access.log; client_body_temp_path {here}/b; proxy_temp_path {here}/p;
  fastcgi_temp_path {here}/f; uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;
  default_type application/json; sendfile on; keepalive_requests 10000000;
  server {{ listen 127.0.0.1:{port}; root {here}/static; }}
}}
"""
PLAIN = """
from pathlib import Path
from litestar import Litestar, Response, get

def handler(name):
    body = Path({here!r}, "static", name).read_bytes()
    @get("/" + name)
    async def read() -> Response[bytes]:
        return Response(body, media_type="application/json")
    return read

app = Litestar([handler("one"), handler("many")], openapi_config=None, logging_config=None)
"""


@contextlib.contextmanager
def started(*command: str, cwd: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server for as long as it is needed."""
    process = subprocess.Popen(command, cwd=cwd, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def requests_per_second(url: str, seconds: float = SECONDS) -> float:
    """What `wrk` gets out of it with one thread."""
    said = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Non-2xx" not in said, said
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]


def wait_for(url: str) -> None:
    """Until it answers."""
    for _ in range(200):
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url)
            return
        time.sleep(0.05)
    raise SystemExit(f"{url} does not answer")


def cpu_of(pid: int) -> float:
    """CPU seconds that a process has spent."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def worker_of(parent: int) -> int:
    """The process below a server that answers: the one that has worked most."""
    text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return max(map(int, text.split()), key=cpu_of)


def wait_for_rest(pid: int) -> None:
    """Until the work that new content makes (pictures, events, search) is done."""
    for _ in range(60):
        before = cpu_of(pid)
        time.sleep(REST_SECONDS)
        if cpu_of(pid) - before < REST_SHARE * REST_SECONDS:
            return
    raise SystemExit("it does not come to rest")


def resident(pid: int) -> float:
    """Resident memory in MB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024  # type: ignore[index]


def served(here: Path) -> list[str]:
    """The three servers in turns."""
    lines = ["| read | Lontar | plain handler | Nginx static | to plain | to Nginx |"]
    lines.append("|---|---|---|---|---|---|")
    spent = ["| CPU of a read | Lontar | plain handler | Nginx static | plain to Lontar |"]
    spent.append("|---|---|---|---|---|")
    with RunningCMS(here / "data") as cms:
        cms.run("demo")
        slug = httpx.get(f"{cms.url}/api/v1/articles").json()["items"][0]["slug"]
        static = here / "static"
        static.mkdir()
        paths = {name: path.format(slug=slug) for name, path in PATHS.items()}
        for name, path in zip(("one", "many"), paths.values(), strict=True):
            (static / name).write_bytes(httpx.get(cms.url + path).content)
        plain, nginx = free_port(), free_port()
        (here / "plain.py").write_text(PLAIN.format(here=str(here)))
        (here / "nginx.conf").write_text(
            NGINX.format(here=here, port=nginx, user=getpass.getuser())
        )
        granian = [
            *(sys.executable, "-m", "granian", "plain:app", "--interface", "asgi"),
            *("--host", "127.0.0.1", "--port", str(plain), "--workers", "1", "--loop", "uvloop"),
            *("--runtime-mode", "mt", "--runtime-threads", "1", "--http", "1", "--no-ws"),
            *("--backpressure", "512", "--no-log"),
        ]
        nginx_command = [
            str(shutil.which("nginx")),
            "-p",
            str(here),
            "-c",
            str(here / "nginx.conf"),
        ]
        with (
            started(*granian, cwd=here) as plain_server,
            started(*nginx_command, cwd=here) as nginx_server,
        ):
            wait_for(f"http://127.0.0.1:{plain}/one")
            wait_for(f"http://127.0.0.1:{nginx}/one")
            wait_for_rest(cms.pids()["worker"])
            pids = {
                "lontar": cms.pids()["worker"],
                "plain": worker_of(plain_server.pid),
                "nginx": worker_of(nginx_server.pid),
            }
            idle = resident(cms.pids()["worker"])
            for (name, path), file in zip(paths.items(), ("one", "many"), strict=True):
                urls = {
                    "lontar": cms.url + path,
                    "plain": f"http://127.0.0.1:{plain}/{file}",
                    "nginx": f"http://127.0.0.1:{nginx}/{file}",
                }
                rates: dict[str, list[float]] = {who: [] for who in urls}
                cpu: dict[str, list[float]] = {who: [] for who in urls}
                for url in urls.values():
                    requests_per_second(url, 1)
                for _ in range(ROUNDS):
                    for who, url in urls.items():
                        before = cpu_of(pids[who])
                        rates[who].append(requests_per_second(url))
                        took = cpu_of(pids[who]) - before
                        cpu[who].append(took / (rates[who][-1] * SECONDS) * 1e6)
                mid = {who: statistics.median(found) for who, found in rates.items()}
                used = {who: statistics.median(found) for who, found in cpu.items()}
                spent.append(
                    f"| {name} | {used['lontar']:.1f} µs | {used['plain']:.1f} µs "
                    f"| {used['nginx']:.1f} µs | {used['plain'] / used['lontar']:.2f} |"
                )
                size = (static / file).stat().st_size / 1024
                to_plain, to_nginx = _ratio(rates, "plain"), _ratio(rates, "nginx")
                lines.append(
                    f"| {name} ({size:.1f} KiB) | {mid['lontar']:,.0f}/s | {mid['plain']:,.0f}/s "
                    f"| {mid['nginx']:,.0f}/s | {to_plain} | {to_nginx} |"
                )
            after = resident(cms.pids()["worker"])
    lines += ["", "CPU of the process that answers, its threads together:", "", *spent, ""]
    lines.append(
        f"Resident memory of the API process: {idle:.0f} MB before the load, {after:.0f} MB after "
        f"it (more than 100,000 requests)."
    )
    return lines


def _ratio(rates: dict[str, list[float]], other: str) -> str:
    """Each round's own ratio, as a machine is now faster, now slower: median, middle half."""
    pairs = zip(rates["lontar"], rates[other], strict=True)
    low, middle, high = statistics.quantiles(ours / theirs for ours, theirs in pairs)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


class Heard(CommandListener):
    """The queries of one read, as they were sent."""

    def __init__(self) -> None:
        self.queries: list[tuple[str, list[dict[str, Any]]]] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "aggregate":
            self.queries.append((event.command["aggregate"], list(event.command["pipeline"])))

    def succeeded(self, event: CommandSucceededEvent) -> None: ...

    def failed(self, event: CommandFailedEvent) -> None: ...


async def cpu_seconds(work: Callable[[], Awaitable[object]]) -> float:
    """CPU of this process for one call: the median of batches."""
    found = []
    for _ in range(BATCHES):
        began = time.process_time()
        for _ in range(BATCH):
            await work()
        found.append((time.process_time() - began) / BATCH)
    return statistics.median(found)


async def missed(here: Path) -> list[str]:
    """What a read costs that is not known, against its queries alone and JSON of their rows."""
    lines = ["| read | queries | miss | raw | ratio |", "|---|---|---|---|---|"]
    heard = Heard()
    monitoring.register(heard)
    settings = config.load({"CMS_SECRET_KEY": "-" * 32})
    with mongod.running(here / "data") as url:
        app = create_litestar(settings, url, background=False)
        async with app.lifespan():
            database = app.state["database"]
            edge = wrapped(app, settings, is_cached=False)
            slug = json.loads(await read(edge, "/api/v1/articles", b"limit=1"))["items"][0]["slug"]
            for name, path in PATHS.items():
                target, _, query = path.format(slug=slug).partition("?")
                heard.queries.clear()
                await read(edge, target, query.encode())
                queries = list(heard.queries)

                async def raw(queries: list[Any] = queries) -> bytes:
                    rows = [
                        await (await database[collection].aggregate(pipeline)).to_list()
                        for collection, pipeline in queries
                    ]
                    return json.dumps(rows, default=str).encode()

                async def miss(target: str = target, query: bytes = query.encode()) -> bytes:
                    return await read(edge, target, query)

                pairs = [(await cpu_seconds(miss), await cpu_seconds(raw)) for _ in range(7)]
                ours, bare = (statistics.median(side) for side in zip(*pairs, strict=True))
                lines.append(
                    f"| {name} | {len(queries)} | {ours * 1000:.2f} ms | {bare * 1000:.2f} ms "
                    f"| {ours / bare:.2f} |"
                )
    return lines


async def read(app: ASGIApp, path: str, query: bytes) -> bytes:
    """One GET without a socket."""
    parts: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        parts.append(message.get("body", b""))

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1")],
        "state": {},
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    await app(scope, receive, send)
    return b"".join(parts)


def main() -> None:
    os.environ["PATH"] += os.pathsep + "/usr/sbin"
    with tempfile.TemporaryDirectory() as directory:
        here = Path(directory)
        lines = served(here)
        logs.configure("json", logging.WARNING)
        missing = asyncio.run(missed(here))
    print("# Delivery\n")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, one worker each, {ROUNDS}")
    print(f"rounds of {SECONDS} s in turns, {CONNECTIONS} connections, all headers, access logs on")
    print(
        "(the plain handler has neither). Medians; a ratio is of each round, and the middle half of"
    )
    print("them stands behind it.\n")
    print("\n".join(lines))
    print("\nCPU of one read that is not known, without a web server:\n")
    print("\n".join(missing))


if __name__ == "__main__":
    main()

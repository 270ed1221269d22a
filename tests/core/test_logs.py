"""Logs: one JSON object a line with the request's id, and nothing in them that is a secret."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
# In a process of its own: logging is configured for a whole process.
ACCIDENT = """
import logging, sys
import structlog
from cms.core import logs

def breaks(password):
    raise ValueError("unexpected")

logs.configure(sys.argv[1])
structlog.contextvars.bind_contextvars(request_id="abcdefgh")
log = structlog.get_logger("cms.tests")
log.info("request", path="/\\x1b[2J\\n{forged}", status=200)
try:
    breaks("canary-of-a-password")
except ValueError as error:
    log.error("unhandled", exc_info=error)
    logging.getLogger("elsewhere").exception("also here")
log.debug("too fine")
logging.getLogger("pymongo.connection").warning("a retry")
"""


def _said(log_format: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", ACCIDENT, log_format],
        cwd=ROOT,
        env={**os.environ, "FORCE_COLOR": "", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_a_traceback_shows_where_but_never_local_variables(log_format: str) -> None:
    said = _said(log_format)
    assert "ValueError" in said
    assert "unexpected" in said
    assert "breaks" in said
    assert "canary-of-a-password" not in said


def test_each_line_is_one_json_object_with_the_request_id() -> None:
    lines: list[dict[str, Any]] = [json.loads(line) for line in _said("json").splitlines()]
    assert [line["event"] for line in lines] == ["request", "unhandled", "also here"]
    for line in lines:
        assert line["request_id"] == "abcdefgh"
        assert line["level"] in {"info", "error"}
        assert line["at"].endswith("Z")
    assert lines[0]["path"] == "/\x1b[2J\n{forged}"


def test_a_terminal_is_not_obeyed_by_what_a_path_says() -> None:
    first = _said("text").splitlines()[0]
    assert "\x1b[2J" not in first
    assert "{forged}" in first
    assert "abcdefgh" in first


def test_a_file_gets_json_unless_told_otherwise() -> None:
    assert _said("auto").startswith("{")


# Requests of a moment, one after it, one that the end finds, one where there is no loop.
REQUESTS = """
import asyncio, os, time
from cms.core import logs

logs.configure("json")
wrote, real = [], os.write

def answered(path, status=200):
    ended = time.perf_counter()
    logs.access(("GET", path, status, 0.0001, "127.0.0.1", "abcdefgh", ended))

os.write = lambda file, data: wrote.append(data) or real(file, data)

async def answers():
    for number in range(80):
        answered(f"/{number}")
    await asyncio.sleep(0)
    answered("/80")
    while len(wrote) < 6:
        await asyncio.sleep(logs.MOMENT_SECONDS)
    answered("/81")
    while len(wrote) < 7:
        await asyncio.sleep(logs.MOMENT_SECONDS)
    answered("/82")
    logs.flush()

asyncio.run(answers())
answered("/\\x1b[2J\\n", 404)
print(*map(len, (data.splitlines() for data in wrote)))
assert all(len(data) <= 4096 for data in wrote)
"""


def test_requests_of_one_moment_are_written_together_and_none_is_lost() -> None:
    done = subprocess.run(
        [sys.executable, "-c", REQUESTS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["16"] * 5 + ["1"] * 4
    lines: list[dict[str, Any]] = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["path"] for line in lines] == [*(f"/{n}" for n in range(83)), "/\x1b[2J\n"]
    assert {line["event"] for line in lines} == {"request"}
    assert {len(line["at"]) for line in lines} == {len("2026-03-14T02:00:00.000000Z")}

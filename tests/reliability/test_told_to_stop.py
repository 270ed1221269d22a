"""Promise 10: told to stop, the CMS answers what it was asked before, and is gone in time."""

import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.reliability.running import EMAIL, GUARD, PASSWORD, RunningCMS, promised

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes that end together")
IN_FLIGHT = 4
BODY = json.dumps({"email": EMAIL, "password": PASSWORD}).encode()


@contextlib.contextmanager
def _half_asked(cms: RunningCMS) -> Iterator[list[socket.socket]]:
    """Sign-ins of which the CMS has the first half, so that they are in flight for certain."""
    head = (
        f"POST /api/v1/admin/session HTTP/1.1\r\nHost: 127.0.0.1:{cms.port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
    )
    with contextlib.ExitStack() as stack:
        found = []
        for _ in range(IN_FLIGHT):
            connection = socket.create_connection(("127.0.0.1", cms.port), timeout=GUARD)
            stack.enter_context(contextlib.closing(connection))
            connection.sendall(head.encode() + BODY[:20])
            found.append(connection)
        # Connections are taken in order: once this one is answered, those were taken.
        assert httpx.get(f"{cms.url}/health/live", timeout=GUARD).status_code == 200
        yield found


def _rest(connection: socket.socket) -> bytes:
    """Send what is left and read the first line of the answer; empty when none comes."""
    try:
        connection.sendall(BODY[20:])
        with connection.makefile("rb") as stream:
            return stream.readline()
    except OSError:
        return b""


def test_requests_in_flight_are_answered_and_then_it_is_gone(tmp_path: Path) -> None:
    with RunningCMS(tmp_path / "data") as cms:
        cms.owner_token()
        assert cms.process is not None
        with _half_asked(cms) as connections:
            cms.process.terminate()
            began = time.monotonic()
            time.sleep(0.3)  # it has heard
            answers = [_rest(connection) for connection in connections]
        assert answers == [b"HTTP/1.1 201 Created\r\n"] * IN_FLIGHT
        assert cms.process.wait(GUARD) == 0
        assert time.monotonic() - began < promised(10)
        # The last lines of the log waited for more of them, but not for ever.
        logged = cms.log.read_text(encoding="utf-8").count('"path":"/api/v1/admin/session"')
        assert logged >= IN_FLIGHT


def test_the_control_that_is_killed_answers_nobody(tmp_path: Path) -> None:
    with RunningCMS(tmp_path / "data") as cms:
        cms.owner_token()
        with _half_asked(cms) as connections:
            os.kill(cms.pids()["worker"], signal.SIGKILL)
            answers = [_rest(connection) for connection in connections]
        assert answers == [b""] * IN_FLIGHT

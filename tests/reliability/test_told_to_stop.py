"""Promise 10: told to stop, the CMS answers what it was asked before, and is gone in time."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.reliability.running import EMAIL, GUARD, PASSWORD, RunningCMS, promised

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes that end together")
# A hash of a password takes long enough to be in flight when the end is asked for.
IN_FLIGHT = 8


class Signing(threading.Thread):
    """One sign-in, and the status that came back: 0 for none."""

    def __init__(self, cms: RunningCMS) -> None:
        super().__init__()
        self._client = httpx.Client(base_url=cms.url, timeout=GUARD)
        self._client.get("/health/live")  # its connection is there when the end comes
        self.status = 0

    def run(self) -> None:
        body = {"email": EMAIL, "password": PASSWORD}
        headers = {"Origin": str(self._client.base_url).rstrip("/")}
        with self._client:
            try:
                answer = self._client.post("/api/v1/admin/session", json=body, headers=headers)
                self.status = answer.status_code
            except httpx.TransportError:
                self.status = 0


def _stopped_under_load(tmp_path: Path, number: signal.Signals) -> tuple[list[int], float]:
    """The statuses of requests in flight, and how long the end took."""
    with RunningCMS(tmp_path / "data", environ={"CMS_ARGON2_TIME_COST": "20"}) as cms:
        cms.owner_token()
        people = [Signing(cms) for _ in range(IN_FLIGHT)]
        for person in people:
            person.start()
        time.sleep(0.3)
        assert cms.process is not None
        began = time.monotonic()
        if number == signal.SIGKILL:
            os.kill(cms.pids()["worker"], number)
        else:
            cms.process.send_signal(number)
        for person in people:
            person.join(GUARD)
        if number == signal.SIGKILL:
            return [person.status for person in people], 0.0
        assert cms.process.wait(GUARD) == 0
        return [person.status for person in people], time.monotonic() - began


def test_requests_in_flight_are_answered_and_then_it_is_gone(tmp_path: Path) -> None:
    statuses, took = _stopped_under_load(tmp_path, signal.SIGTERM)
    assert statuses == [200] * IN_FLIGHT
    assert took < promised(10)


def test_the_control_that_is_killed_answers_not_everybody(tmp_path: Path) -> None:
    statuses, _ = _stopped_under_load(tmp_path, signal.SIGKILL)
    assert 0 in statuses

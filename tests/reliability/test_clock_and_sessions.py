"""Promise 13 for people: when the clock jumps, no session or token revives, and none dies early."""

from datetime import datetime, timedelta

import httpx
import pytest

from cms.accounts.documents import Session
from cms.core import db, steady
from tests import make
from tests.accounts.signing import sign_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JUMPS = [HOUR, -HOUR, DAY, -DAY]
ME = "/api/v1/admin/session"
LIST = "/api/v1/admin/articles"


class Machine:
    """The machine's clock, which may jump, and the time that passes in truth."""

    def __init__(self) -> None:
        self.wall, self.passed = db.now(), 0.0

    def wait(self, time: timedelta) -> None:
        self.wall += time
        self.passed += time.total_seconds()


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    found = Machine()
    clock = steady.Steady(lambda: found.wall, lambda: found.passed)
    monkeypatch.setattr(steady, "_clock", clock)
    return found


@pytest.fixture
def jumping(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """The control: sessions and tokens go by the machine's clock alone."""

    class Plain:
        @staticmethod
        def now() -> datetime:
            return machine.wall

    monkeypatch.setattr(steady, "_clock", Plain)
    return machine


async def _status(client: httpx.AsyncClient, path: str = ME) -> int:
    return (await client.get(path)).status_code


async def _story(browser: httpx.AsyncClient, machine: Machine, jump: timedelta) -> list[int]:
    """A session in use, the jump, its return, and the end that is due in truth."""
    account = await make.account()
    await sign_in(browser, account)
    told = [await _status(browser)]
    machine.wall += jump
    machine.wait(timedelta(minutes=5))
    told.append(await _status(browser))  # a jump ends nothing
    machine.wall -= jump
    machine.wait(timedelta(minutes=5))
    told.append(await _status(browser))
    machine.wait(11 * HOUR)
    told.append(await _status(browser))  # and makes nothing idle
    machine.wait(12 * HOUR + timedelta(minutes=1))
    told.append(await _status(browser))
    machine.wall -= HOUR  # what is over does not come back
    told.append(await _status(browser))
    return told


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_session_lives_as_long_as_it_should_whatever_the_clock_says(
    jump: timedelta, browser: httpx.AsyncClient, machine: Machine
) -> None:
    assert await _story(browser, machine, jump) == [200, 200, 200, 200, 401, 401]


async def test_the_control_by_the_machines_clock_dies_early_and_revives(
    browser: httpx.AsyncClient, jumping: Machine
) -> None:
    told = await _story(browser, jumping, DAY)
    assert told[1] == 401
    assert told[-1] == 200


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_token_ends_at_its_time_and_stays_ended(
    jump: timedelta, browser: httpx.AsyncClient, machine: Machine
) -> None:
    account = await make.account()
    browser.headers["Authorization"] = f"Bearer {await make.token(account)}"
    machine.wait(90 * DAY - HOUR / 2)
    assert await _status(browser, LIST) == 200
    machine.wall += jump
    assert await _status(browser, LIST) == 200
    machine.wait(HOUR / 2 + timedelta(minutes=1))
    assert await _status(browser, LIST) == 401
    machine.wall -= jump + HOUR
    assert await _status(browser, LIST) == 401


@pytest.mark.parametrize("jump", [HOUR, -HOUR, DAY, -DAY])
async def test_what_was_ended_on_purpose_is_gone_at_any_time(
    jump: timedelta, browser: httpx.AsyncClient, machine: Machine
) -> None:
    account = await make.account()
    await sign_in(browser, account)
    assert account.id is not None
    await Session.end_all(account.id)
    machine.wall += jump
    assert await _status(browser) == 401
    machine.wall -= 2 * jump
    assert await _status(browser) == 401

"""The steady clock: what it takes for a jump, and when it believes one."""

from datetime import UTC, datetime, timedelta

import pytest

from cms.core.steady import Steady

T = datetime(2031, 5, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Machine:
    """A wall clock and what it shows of the time that passes."""

    def __init__(self) -> None:
        self.wall, self.passed = T, 0.0
        self.clock = Steady(lambda: self.wall, lambda: self.passed)

    def wait(self, time: timedelta) -> None:
        self.wall += time
        self.passed += time.total_seconds()


def test_it_is_the_machines_time_while_that_moves_like_time() -> None:
    machine = Machine()
    for _ in range(5):
        machine.wait(HOUR)
        machine.wall += timedelta(seconds=2)  # a clock that is slewed
        assert machine.clock.now() == machine.wall


@pytest.mark.parametrize("jump", [HOUR, -HOUR, timedelta(days=1), timedelta(days=-1)])
def test_a_jump_and_its_return_are_not_seen(jump: timedelta) -> None:
    machine = Machine()
    machine.wall += jump
    machine.wait(10 * MINUTE)
    assert machine.clock.now() == T + 10 * MINUTE
    machine.wall -= jump
    machine.wait(MINUTE)
    assert machine.clock.now() == T + 11 * MINUTE == machine.wall


def test_a_clock_that_keeps_to_its_jump_is_believed() -> None:
    machine = Machine()
    machine.wall += timedelta(days=1)
    machine.clock.now()
    machine.wait(HOUR - MINUTE)
    assert machine.clock.now() == T + HOUR - MINUTE
    machine.wait(MINUTE)
    assert machine.clock.now() == machine.wall == T + timedelta(days=1) + HOUR


def test_a_second_jump_back_in_time_starts_the_hour_anew() -> None:
    machine = Machine()
    machine.wall += HOUR
    machine.clock.now()
    machine.wait(50 * MINUTE)
    machine.wall -= HOUR
    assert machine.clock.now() == machine.wall
    machine.wall += HOUR
    machine.wait(20 * MINUTE)
    assert machine.clock.now() == T + 70 * MINUTE

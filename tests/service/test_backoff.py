from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import (
    AuthenticationError,
    ConnectionLost,
    DeadlineExceeded,
    Error,
    LockedOut,
    Overflow,
    ProtocolError,
    Unreachable,
)
from heliobus.service.backoff import Backoff
from tests.service.scripted import NOON


def waits(error: Error, *, interval: float, times: int, jitter: float = 0.0) -> list[float]:
    backoff = Backoff(interval=interval, jitter=lambda: jitter)
    return [backoff.after(error, now=NOON) for _ in range(times)]


@pytest.mark.parametrize("error", [Unreachable, DeadlineExceeded, ConnectionLost, ProtocolError, Overflow])
def test_what_passes_by_itself_is_asked_again_within_two_intervals(error: type[Error]) -> None:
    assert waits(error("x"), interval=10, times=5) == [10, 20, 20, 20, 20]


@pytest.mark.parametrize("error", [AuthenticationError, Error])
def test_what_somebody_must_mend_doubles_up_to_five_minutes(error: type[Error]) -> None:
    assert waits(error("x"), interval=10, times=8) == [10, 20, 40, 80, 160, 300, 300, 300]


def test_a_slow_system_keeps_its_own_pace() -> None:
    assert waits(Unreachable("x"), interval=660, times=3) == [660, 660, 660]
    assert waits(AuthenticationError("x"), interval=660, times=3) == [660, 660, 660]


def test_a_success_begins_anew() -> None:
    backoff = Backoff(interval=10, jitter=lambda: 0.0)
    for _ in range(5):
        backoff.after(AuthenticationError("x"), now=NOON)
    backoff.reset()
    assert backoff.after(AuthenticationError("x"), now=NOON) == 10


@pytest.mark.parametrize(
    ("until", "wait"),
    [
        (timedelta(hours=24), 86_400.0 + 5),
        (timedelta(seconds=3), 10),
        (timedelta(seconds=-3), 10),
        (timedelta(days=36_500), 25 * 3600),
    ],
)
def test_a_lock_out_is_waited_for(until: timedelta, wait: float) -> None:
    error = LockedOut("too many logins", until=NOON + until)
    assert waits(error, interval=10, times=1, jitter=0.5) == [wait]


@given(
    errors=st.lists(st.sampled_from([Unreachable("x"), AuthenticationError("x"), ProtocolError("x")]), max_size=80),
    interval=st.floats(min_value=0.1, max_value=86_400),
    jitter=st.floats(min_value=0, max_value=1),
)
def test_never_sooner_than_the_interval_nor_later_than_five_minutes(
    errors: list[Error], interval: float, jitter: float
) -> None:
    backoff = Backoff(interval=interval, jitter=lambda: jitter)
    for error in errors:
        assert interval <= backoff.after(error, now=NOON) <= max(interval, 300)

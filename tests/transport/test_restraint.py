from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.errors import AuthenticationError, LockedOut
from heliobus.transport.restraint import LONG_AGO, Restraint, moment

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def after(
    restraint: Restraint, kind: str = "form", *, now: datetime = NOW, seconds: float | None = 3600.0
) -> Restraint:
    return restraint.after(kind, NOW, secret="sun", why="it failed", remedy="Wait.", seconds=seconds)


def test_nothing_is_restrained_at_first() -> None:
    Restraint().check(NOW, "sun")


def test_a_failure_holds_for_its_secret_until_its_time() -> None:
    one = after(Restraint())
    with pytest.raises(LockedOut, match="it failed") as caught:
        one.check(NOW + HOUR / 2, "sun")
    assert caught.value.until == NOW + HOUR
    assert caught.value.remedy == "Wait."
    one.check(NOW + HOUR, "sun")
    one.check(NOW, "moon")


def test_a_failure_for_good_ends_with_its_secret_only() -> None:
    one = after(Restraint(), seconds=None)
    with pytest.raises(AuthenticationError, match="it failed"):
        one.check(NOW + timedelta(days=3650), "sun")
    one.check(NOW, "moon")


def test_the_same_again_takes_twice_as_long_another_begins_anew() -> None:
    second = after(after(Restraint()))
    assert second.left(NOW) == 2 * HOUR
    assert after(second, "setup").left(NOW) == HOUR
    third = second.after("form", NOW, secret="sun", why="", remedy="", seconds=3600.0, longest=5000.0)
    assert third.left(NOW) == timedelta(seconds=5000)


@settings(max_examples=50)
@given(st.timedeltas(timedelta(days=-4000), timedelta(days=4000)))
def test_a_clock_that_was_set_never_makes_it_longer(jump: timedelta) -> None:
    assert after(Restraint()).left(NOW + jump) <= HOUR


def test_it_survives_being_kept_and_hides_its_secret() -> None:
    for one in (Restraint(), after(Restraint()), after(Restraint(), seconds=None)):
        assert Restraint.from_json(one.to_json()) == one
        assert "sun" not in str(one.to_json())


@pytest.mark.parametrize("kept", [{"at": 7}, {"at": "yesterday"}, {"at": "2026-06-20T12:00:00"}])
def test_what_does_not_fit_is_told(kept: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        Restraint.from_json(kept)


def test_times_are_utc() -> None:
    assert moment("2026-06-20T14:00:00+02:00") == NOW
    assert moment(LONG_AGO.isoformat()) == LONG_AGO

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from heliobus.errors import UsageError
from heliobus.web.times import moment, span

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 21, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-21T12:00+02:00",
        "2026-06-21T12:00 02:00",
        "2026-06-21T12:00:00 0200",
        "2026-06-21T10:00Z",
        "2026-06-21T12:00",
        "2026-06-21 12:00",
        " 2026-06-21T05:00-05:00 ",
    ],
)
def test_one_moment_in_many_forms(text: str) -> None:
    assert moment(text, BERLIN) == NOON


def test_a_date_is_its_local_midnight() -> None:
    assert moment("2026-06-21", BERLIN) == datetime(2026, 6, 20, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "now", "12:00", "2026-02-30", "2026-06-21T25:00", "0001-01-01", "9999-12-31", "x" * 9999]
)
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(UsageError) as error:
        moment(text, BERLIN)
    assert len(error.value.line()) < 200


def test_a_span_ends_now_and_is_a_day_long() -> None:
    assert span(None, None, zone=BERLIN, now=NOON) == (NOON - timedelta(days=1), NOON)
    assert span("2026-06-01", None, zone=BERLIN, now=NOON)[1] == NOON
    start, end = span(None, "2026-06-01", zone=BERLIN, now=NOON)
    assert end - start == timedelta(days=1)

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.growatt.mapping import history
from heliobus.growatt.models import DaySample, InverterDay, MixEnergy, PlantHistory, SpanSample

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 6, 20)
NOW = datetime(2026, 6, 20, 12, 0, tzinfo=UTC)


def near(value: float) -> Any:
    return pytest.approx(value)


def test_a_hybrids_curve_in_watts_and_utc() -> None:
    chart: dict[str, Any] = {
        "14:05": {"ppv": "1.25", "sysOut": "0.4", "pacToUser": "0", "pacToGrid": "0.85", "pdischarge": "--"},
        "14:00": {"ppv": "1.2"},
        "noon": {"ppv": "9"},
    }
    early, late = history.mix_day(MixEnergy({"chartData": chart}), day=DAY, zone=BERLIN)
    assert early == DaySample(time=NOW, pv=near(1200))
    assert (late.time, late.pv, late.load) == (NOW + timedelta(minutes=5), near(1250), near(400))
    assert (late.import_power, late.export_power, late.discharge_power) == (0.0, near(850), None)
    assert (late.charge_power, late.soc) == (None, None)


def test_a_curve_in_columns_has_no_times_and_is_none() -> None:
    assert history.mix_day(MixEnergy({"chartData": {"ppv": ["1", "2"]}}), day=DAY, zone=BERLIN) == ()


@pytest.mark.parametrize(
    ("written", "times"),
    [
        ("2026-03-29 01:55", ["00:55"]),
        ("2026-03-29 02:00", []),
        ("2026-03-29 02:55", []),
        ("2026-03-29 03:00", ["01:00"]),
        ("2026-10-25 01:55", ["23:55"]),
        ("2026-10-25 02:00", []),
        ("2026-10-25 02:55", []),
        ("2026-10-25 03:00", ["02:00"]),
        ("2026-6-5 1:05:30", ["23:05"]),
        ("yesterday", []),
    ],
)
def test_times_that_the_clock_shows_never_or_twice_are_left_out(written: str, times: list[str]) -> None:
    curve = InverterDay({"invPacData": {written: 5.0}})
    assert [f"{one.time:%H:%M}" for one in history.inverter_day(curve, zone=BERLIN)] == times


def test_hours_from_utc_know_no_change_of_the_clock() -> None:
    curve = InverterDay({"invPacData": {"2026-03-29 02:30": 5.0}})
    (one,) = history.inverter_day(curve, zone=timezone(timedelta(hours=1)))
    assert one.time == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("resolution", "labels", "starts"),
    [
        ("day", {"01": "1.5", "30": "2", "31": "3", "x": "4"}, [date(2026, 6, 1), date(2026, 6, 30)]),
        ("month", {"02": "1.5", "12": "2", "13": "3", "-1": "4"}, [date(2026, 2, 1), date(2026, 12, 1)]),
        ("year", {"2025": "1.5", "2026": "2", "0": "3", "99999": "4"}, [date(2025, 1, 1), date(2026, 1, 1)]),
    ],
)
def test_spans_by_their_numbers(resolution: str, labels: dict[str, str], starts: list[date]) -> None:
    found = history.plant_spans(PlantHistory({"data": dict(labels)}), resolution=resolution, of=DAY)
    assert found == tuple(SpanSample(start=start, pv=pv) for start, pv in zip(starts, (1500.0, 2000.0), strict=True))


def test_a_span_without_a_number_is_unknown() -> None:
    (one,) = history.plant_spans(PlantHistory({"data": {"05": "--"}}), resolution="day", of=DAY)
    assert one == SpanSample(start=date(2026, 6, 5))


def test_the_energy_of_a_sample_is_its_power_for_so_long() -> None:
    sample = DaySample(time=NOW, pv=1200.0, export_power=600.0, soc=50.0, length=timedelta(minutes=30))
    span = history.sampled(sample, NOW + timedelta(minutes=30))
    assert (span.start, span.end, span.complete) == (NOW, NOW + timedelta(minutes=30), True)
    assert (span.pv, span.grid_export, span.grid_import, span.soc) == (600.0, 300.0, None, 50.0)
    assert not history.sampled(sample, NOW + timedelta(minutes=29)).complete


@given(st.dictionaries(st.text(max_size=20), st.none() | st.text(max_size=8) | st.floats()))
def test_whatever_comes_there_are_samples_or_none(data: dict[str, Any]) -> None:
    told = PlantHistory({"data": data})
    assert len(history.plant_day(told, day=DAY, zone=BERLIN)) <= len(data)
    for resolution in ("day", "month", "year"):
        assert len(history.plant_spans(told, resolution=resolution, of=DAY)) <= len(data)
    history.inverter_day(InverterDay({"invPacData": data}), zone=BERLIN)
    history.mix_day(
        MixEnergy({"chartData": {label: {"ppv": value} for label, value in data.items()}}), day=DAY, zone=BERLIN
    )

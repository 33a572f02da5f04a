from __future__ import annotations

from datetime import datetime

import pytest

from heliobus.errors import UsageError
from heliobus.model.identity import Device
from heliobus.model.parts import PV, Battery, Grid, Load
from heliobus.model.quality import Quality
from heliobus.model.snapshot import Snapshot
from heliobus.recorder.reading import reading_of
from tests.recorder.made import at, snapshot


def values(one: Snapshot) -> dict[str, float]:
    return dict(reading_of(one, system="roof", number=1).values)


def test_a_single_battery_is_recorded_once() -> None:
    assert values(snapshot(0, battery=5.0, soc=50.0)) == {"battery.power": 5.0, "battery.soc": 50.0}


def test_of_several_batteries_each_and_the_whole() -> None:
    found = values(Snapshot(source="x", received_at=at(0), batteries=(Battery(power=1.0), Battery(id="2", power=2.0))))
    assert found == {"batteries.1.power": 1.0, "batteries.2.power": 2.0, "battery.power": 3.0}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_missing(value: float) -> None:
    assert values(snapshot(0, pv=value, load=1.0)) == {"load.power": 1.0}


def test_unknown_is_left_out_and_zero_is_not() -> None:
    assert values(Snapshot(source="x", received_at=at(0), pv=PV(power=0.0), grid=Grid(), load=Load())) == {
        "pv.power": 0.0
    }


def test_the_quality_of_a_battery_reaches_the_whole() -> None:
    one = Snapshot(
        source="x",
        received_at=at(0),
        batteries=(Battery(power=1.0), Battery(id="2", power=2.0)),
        pv=PV(power=3.0),
        quality={"batteries.2.power": Quality.SUSPECT, "pv.power": Quality.DERIVED},
    )
    assert reading_of(one, system="roof", number=1).doubts == {
        "batteries.2.power": Quality.SUSPECT,
        "battery.power": Quality.SUSPECT,
    }


@pytest.mark.parametrize(("serial", "kept"), [("ABC", "ABC"), (None, None), ("", None)])
def test_the_box_is_its_serial_number(serial: str | None, kept: str | None) -> None:
    one = Snapshot(source="x", received_at=at(0), device=Device(id="1", vendor="test", serial=serial))
    assert reading_of(one, system="roof", number=1).serial == kept


@pytest.mark.parametrize("when", [datetime(2026, 1, 1), at(-1), at(2**42 / 1000)])  # noqa: DTZ001
def test_a_time_that_cannot_be_kept_is_refused(when: datetime) -> None:
    with pytest.raises(UsageError):
        reading_of(Snapshot(source="x", received_at=when), system="roof", number=1)

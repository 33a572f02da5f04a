"""Signs and gaps of an inverter's pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from heliobus.model import fields
from heliobus.model.identity import Device
from heliobus.model.quality import Quality
from heliobus.senec.mapping import inverter as mapping
from heliobus.senec.models.inverter import Measurements, Versions

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def mapped(**values: float | None) -> Any:
    known = Device(id="s", vendor="senec")
    return mapping.snapshot(Measurements(values=values), known=known, yields=None, received_at=NOW)


def test_import_is_positive_and_the_load_is_what_the_house_took() -> None:
    seen = mapped(GridConsumedPower=0.0, GridInjectedPower=18.7, OwnConsumedPower=237.3)
    assert (seen.grid.power, seen.load.power) == (-18.7, 237.3)
    seen = mapped(GridConsumedPower=981.8, GridInjectedPower=0.0, OwnConsumedPower=0.0)
    assert (seen.grid.power, seen.load.power) == (981.8, 981.8)


@pytest.mark.parametrize(
    ("ac", "told", "power"),
    [
        (1500.0, 500.0, 500.0),
        (1500.0, -500.0, 500.0),
        (500.0, 500.0, -500.0),
        (500.0, -500.0, -500.0),
        (950.0, 500.0, 500.0),  # not clearly
        (None, 500.0, 500.0),
    ],
)
def test_the_balance_corrects_the_batterys_sign(ac: float | None, told: float, power: float) -> None:
    sun = {"DC_Voltage1": 500.0, "DC_Current1": 2.0}
    seen = mapped(AC_Power=ac, BDC_BAT_Power=told, BDC_BAT_Current=1.0, **sun)
    assert seen.battery.power == power
    assert seen.battery.current == (1.0 if power > 0 else -1.0)


@pytest.mark.parametrize("name", ["DC_Voltage", "DC_Voltage1", "DC_Voltage3"])
def test_inputs_have_a_number_or_there_is_one(name: str) -> None:
    seen = mapped(**{name: 500.0, name.replace("Voltage", "Current"): 2.0})
    assert [(one.id, one.power) for one in seen.pv.strings] == [(name[10:] or "1", 1000.0)]
    assert seen.pv.power == 1000.0


def test_an_input_that_is_unknown_makes_the_sun_unknown() -> None:
    seen = mapped(DC_Voltage1=500.0, DC_Current1=2.0, DC_Voltage2=None, DC_Current2=None)
    assert seen.pv.power is None
    assert seen.quality["pv.power"] is Quality.MISSING


def test_nothing_is_unknown_and_never_zero() -> None:
    assert {value.path for value in fields.walk(mapped())} == set()
    assert mapped().batteries == ()


def test_without_a_serial_number_the_address_is_the_id() -> None:
    assert mapping.device(Versions(), "10.0.0.7").id == "10.0.0.7"

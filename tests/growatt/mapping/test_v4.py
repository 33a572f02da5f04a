"""V4's signs and places, by kinds whose answers differ from the house's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.growatt import mapping
from heliobus.growatt.mapping.v4 import noah_power
from heliobus.growatt.models import Inverter
from heliobus.growatt.models.v4 import DATA, READINGS, NoahData
from heliobus.model.quality import Quality

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)


def snapshot(kind: str, values: dict[str, Any]) -> Any:
    reading = READINGS[kind](**{"detail" if kind == "min" else "data": DATA[kind](values)})
    inverter = Inverter(serial="A", family=reading.family, name=None, plant_id="", zone=UTC)
    return mapping.snapshot(reading, received_at=NOON, inverter=inverter, route="v4")


@pytest.mark.parametrize(
    ("status", "power", "battery"),
    [
        (1, 132, -132.0),
        (1, -132, -132.0),
        (2, 132, 132.0),
        (2, -132, 132.0),
        (0, 0, 0.0),
        (None, 50, -50.0),
        (0, -50, 50.0),
    ],
)
def test_a_noahs_direction(status: int | None, power: float, battery: float) -> None:
    told = {"totalBatteryPackChargingPower": power, "totalBatteryPackChargingStatus": status}
    found = snapshot("noah", told)
    assert found.batteries[0].power == battery
    assert str(found.batteries[0].power) != "-0.0"


def test_a_noah_that_does_not_tell() -> None:
    assert noah_power(NoahData({"totalBatteryPackChargingStatus": 1})) is None
    found = snapshot("noah", {"ppv": "x", "time": 1757298629105})
    assert found.pv.power is None
    assert found.quality_of("pv.power") is Quality.MISSING
    assert found.device_time == datetime(2025, 9, 8, 2, 30, 29, 105_000, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["sph", "spa", "sph-s"])
@given(flows=st.tuples(*[st.floats(0, 10_000)] * 4))
def test_pairs_become_signed(kind: str, flows: tuple[float, ...]) -> None:
    drawn, fed, charge, discharge = flows
    found = snapshot(
        kind, {"pacToUserTotal": drawn, "pacToGridTotal": fed, "pcharge1": charge, "pdischarge1": discharge}
    )
    assert found.grid.power == drawn - fed
    assert found.batteries[0].power == discharge - charge


def test_a_wits_battery_has_no_power_and_a_spas_sun_is_anothers() -> None:
    wit = snapshot("wit", {"batPower": 500.0, "soc": 13.0, "vbat": 48.0})
    assert (wit.batteries[0].power, wit.batteries[0].soc) == (None, 13.0)
    assert "batteries.1.power" not in wit.quality
    spa = snapshot("spa", {"ppvInverter": 700.0})
    assert (spa.pv.power, spa.pv.external_power) == (700.0, 700.0)


def test_trackers_and_phases_that_are_not_there() -> None:
    zeros = {f"{name}{place}": 0.0 for name in ("ppv", "vpv", "ipv") for place in range(1, 17)}
    found = snapshot("max", {**zeros, "vpv7": 600.0, "vacr": 230.0, "vacs": 0.0, "vact": 0.0})
    assert [string.id for string in found.pv.strings] == ["1", "2", "3", "7"]
    assert [phase.id for phase in found.grid.phases] == ["L1"]


def test_a_sample_is_not_stale_for_being_called_lost() -> None:
    for kind in ("min", "sph"):
        found = snapshot(kind, {"lost": True, "ppv": 5.0})
        assert found.quality_of("pv.power") is Quality.GOOD


def test_lead_acid_has_no_health() -> None:
    found = snapshot("sph", {"bmsSOC": 0, "bmsSOH": 0, "bmsBatteryTemp": 0.0, "soc": 55.0})
    assert (found.batteries[0].soc, found.batteries[0].soh, found.batteries[0].temperature) == (55.0, None, None)

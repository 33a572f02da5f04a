"""The OAuth telemetry's signs: the meter + import, the battery + charging."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from heliobus.growatt import mapping
from heliobus.growatt.mapping.oauth import day_samples, span_samples
from heliobus.growatt.models.oauth import DayEnergies, OAuthReading, Telemetry

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
watts = st.floats(-20_000, 20_000)


def snapshot(values: dict[str, Any]) -> Any:
    return mapping.snapshot(OAuthReading(telemetry=Telemetry(values)), received_at=NOON, route="oauth")


@given(watts, watts)
def test_signs(meter: float, battery: float) -> None:
    found = snapshot({"meterPower": meter, "batPower": battery})
    assert found.grid.power == meter
    assert found.battery.power == -battery
    (sample,) = day_samples([Telemetry({"meterPower": meter, "batPower": battery, "utcTime": "2026-06-20 10:30:00"})])
    assert (sample.import_power or 0) - (sample.export_power or 0) == meter  # both are told
    assert (sample.charge_power or 0) - (sample.discharge_power or 0) == battery


def test_several_batteries_as_an_older_description_has_them() -> None:
    """Its example: two batteries that discharge, and the pair of the grid instead of the meter."""
    batteries = [
        {"index": 1, "chargePower": 0.0, "dischargePower": 2511.0, "ibat": -6.4, "soc": 100, "vbat": 376.5},
        {"index": 2, "chargePower": 0.0, "dischargePower": 2305.0, "ibat": -6.1, "soc": 100, "vbat": 375.8},
    ]
    found = snapshot(
        {"activePower": 0.0, "reverActivePower": 4450.1, "batPower": -4816.0, "batteryList": batteries, "soc": 100}
    )
    assert [(one.id, one.power, one.current) for one in found.batteries] == [("1", 2511.0, 6.4), ("2", 2305.0, 6.1)]
    assert found.battery.power == 4816.0
    assert found.grid.power == -4450.1


def test_no_battery_and_no_word() -> None:
    found = snapshot({"ppv": 5.0, "batteryList": []})
    assert found.batteries == ()
    assert found.grid.power is None
    assert found.device_time is None


def test_energies_of_days() -> None:
    told = [
        DayEnergies({"date": "2026-06-02", "epv": 1.5}),
        DayEnergies({"date": "x"}),
        DayEnergies({"date": "2026-06-01", "etoUser": 0.5}),
    ]
    first, second = span_samples(told)
    assert (first.start, first.grid_import, first.pv) == (date(2026, 6, 1), 500.0, None)
    assert second.pv == 1500.0

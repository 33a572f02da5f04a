from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.model.quality import Quality
from heliobus.model.spans import EnergySpan
from heliobus.senec.mapping import app as mapping
from heliobus.senec.models import app as models

if TYPE_CHECKING:
    from heliobus.model.snapshot import Snapshot

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
watts = st.floats(0, 30_000)


def snapshot(boxes: tuple[dict[str, Any], ...] = (), **currently: Any) -> Snapshot:
    told = {"powerGenerationInW": 1.0, "powerConsumptionInW": 2.0, "batteryLevelInPercent": 50.0, **currently}
    reading = mapping.AppReading(
        system=models.AppSystem({"id": 7}),
        dashboard=models.Dashboard({"currently": told, "timestamp": "2026-06-20T11:56:00Z"}),
        wallboxes=tuple([models.AppWallbox(box) for box in boxes]),
    )
    return mapping.snapshot(reading, received_at=NOW)


def box(id_: str, apparent: float | None) -> dict[str, Any]:
    return {"id": id_, "prohibitUsage": False, "chargingCurrents": {"currentApparentChargingPowerInKw": apparent}}


@given(watts, watts, watts, watts)
def test_each_pair_of_directions_is_a_net(draw: float, feed_in: float, charge: float, discharge: float) -> None:
    found = snapshot(gridDrawInW=draw, gridFeedInInW=feed_in, batteryChargeInW=charge, batteryDischargeInW=discharge)
    assert found.grid.power == draw - feed_in
    assert found.battery.power == discharge - charge


def test_half_a_pair_is_unknown_never_zero() -> None:
    found = snapshot(gridDrawInW=5.0, batteryChargeInW=None)
    assert found.grid.power is None
    assert found.battery.power is None
    assert found.quality_of("grid.power") is Quality.MISSING
    assert found.quality["batteries.1.power"] is Quality.MISSING


@pytest.mark.parametrize("value", ["12", True, [1.0], {"wert": 1}])
def test_what_is_no_number_is_unknown(value: Any) -> None:
    assert snapshot(powerGenerationInW=value).pv.power is None


def test_the_only_wallbox_has_all_the_power() -> None:
    found = snapshot((box("1", 3.9),), wallboxInW=3680.0)
    assert [one.power for one in found.wallboxes] == [3680.0]
    assert "wallboxes.1.power" not in found.quality


def test_several_wallboxes_share_it_by_what_they_show() -> None:
    found = snapshot((box("1", 3.0), box("2", 1.0), box("3", 0.0)), wallboxInW=4400.0)
    assert [one.power for one in found.wallboxes] == [3300.0, 1100.0, 0.0]
    assert found.quality["wallboxes.2.power"] is Quality.DERIVED
    assert [one.power for one in snapshot((box("1", None), box("2", 1.0)), wallboxInW=9.0).wallboxes] == [None, None]
    assert [one.power for one in snapshot((box("1", None), box("2", 1.0)), wallboxInW=0.0).wallboxes] == [0.0, 0.0]
    assert [one.power for one in snapshot((box("1", 1.0), box("2", 1.0))).wallboxes] == [None, None]


def test_a_wallbox_without_a_number_is_none() -> None:
    assert snapshot(({"name": "x"},), wallboxInW=0.0).wallboxes == ()


@pytest.mark.parametrize(
    ("name", "state"), [("AKKU_LEER", "BATTERY EMPTY"), ("PV_ENTLADEN", "PV + DISCHARGE"), ("NEUES", "NEUES")]
)
def test_states_by_their_german_names(name: str, state: str) -> None:
    details = models.SystemDetails({"mcu": {"mainControllerUnitState": {"name": name}}})
    reading = mapping.AppReading(system=models.AppSystem({}), dashboard=models.Dashboard({}), details=details)
    found = mapping.snapshot(reading, received_at=NOW).system
    assert found.state == state
    assert (found.state_code is None) == (name == "NEUES")


def test_an_empty_answer_is_a_snapshot_of_nothing() -> None:
    reading = mapping.AppReading(system=models.AppSystem(None), dashboard=models.Dashboard("x"))
    found = mapping.snapshot(reading, received_at=NOW)
    assert set(found.quality.values()) == {Quality.MISSING}


# -- histories


def test_directions_of_a_bucket() -> None:
    columns = (
        "POWER_GENERATION",
        "POWER_CONSUMPTION",
        "GRID_IMPORT",
        "GRID_EXPORT",
        "BATTERY_IMPORT",
        "BATTERY_EXPORT",
    )
    values = dict(zip(columns, (1.0, 2.0, 3.0, 4.0, 5.0, 6.0), strict=True))
    one = mapping.energies(values, NOW, NOW + timedelta(hours=1), complete=True)
    assert (one.pv, one.load, one.grid_import, one.grid_export) == (1000, 2000, 3000, 4000)
    assert (one.charge, one.discharge, one.wallbox) == (5000, 6000, None)


def test_less_than_nothing_is_unknown() -> None:
    assert mapping.energies({"POWER_GENERATION": -0.1}, NOW, NOW, complete=True).pv is None


def test_an_unknown_part_makes_the_whole_unknown() -> None:
    parts = [EnergySpan(start=NOW, end=NOW, complete=True, pv=1.0, load=value) for value in (2.0, None)]
    whole = mapping.joined(parts)
    assert (whole.pv, whole.load) == (2.0, None)

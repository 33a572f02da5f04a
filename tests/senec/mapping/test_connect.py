from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from heliobus.model import fields
from heliobus.model.quality import Quality
from heliobus.senec.mapping import connect as mapping
from heliobus.senec.models.connect import ConnectSystem

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def mapped(**sections: Any) -> Any:
    return mapping.snapshot(ConnectSystem(dict(sections)), received_at=NOW)


@pytest.mark.parametrize(
    ("power", "current", "expected"), [(500, 2.5, -2.5), (-500, 2.5, 2.5), (-500, -2.5, 2.5), (0, 0.5, -0.5)]
)
def test_the_current_flows_as_the_power_does(power: float, current: float, expected: float) -> None:
    seen = mapped(battery={"power": power, "voltage": 200, "current": current})
    assert seen.battery.current == expected
    assert seen.battery.power == -power


def test_what_is_not_told_is_unknown_and_never_zero() -> None:
    seen = mapped()
    assert {value.path for value in fields.walk(seen)} == set()
    assert seen.quality["pv.power"] is Quality.MISSING


def test_wallboxes_without_an_id_are_nobodys() -> None:
    seen = mapped(evse=[{"charging_power": 5.0}, {"id": "a.b", "charging_power": None}])
    assert [box.id for box in seen.wallboxes] == ["a_b"]
    assert seen.quality_of("wallboxes.a_b.power") is Quality.MISSING

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.e3dc.models.ajax import LiveUnit, total
from heliobus.errors import ProtocolError

SENT = {
    "time": "2017-08-14 07:06:13",
    "SYSSTATUS": "2623",
    "SOC": "77",
    "POWER_PV_S1": "500",
    "POWER_PV_S2": 451,
    "POWER_PV_S3": "0",
    "POWER_LM_L1": "-1",
    "POWER_LM_L2": "-1",
    "POWER_LM_L3": "-2",
    "POWER_BAT": "470",
    "POWER_C_L1": "477",
    "POWER_C_L2": "0",
    "POWER_C_L3": "0",
    "POWER_WALLBOX": "0",
    "PM1_L1": "-10",
    "PM1_L2": "-20",
    "PM1_L3": "-30.5",
}


def test_the_values_of_the_old_documentation() -> None:
    unit = LiveUnit.of(SENT)
    assert unit.time == datetime(2017, 8, 14, 7, 6, 13, tzinfo=UTC)
    assert (unit.system_status, unit.soc, unit.battery, unit.wallbox) == ("2623", 77, 470, 0)
    assert (total(unit.pv), total(unit.grid), total(unit.house)) == (951, -4, 477)
    assert unit.meters == {1: (-10, -20, -30.5)}


@pytest.mark.parametrize("name", [name for name in SENT if name != "SYSSTATUS"])
@pytest.mark.parametrize("value", [None, "", "x", True, [], "nan", "1e999"])
def test_what_is_no_value_is_missing(name: str, value: Any) -> None:
    unit = LiveUnit.of(SENT | {name: value})
    before = LiveUnit.of(SENT)
    assert unit != before
    values = [unit.time, unit.soc, *unit.pv, *unit.grid, unit.battery, *unit.house, unit.wallbox, *unit.meters[1]]
    assert values.count(None) == 1


def test_a_sum_with_a_missing_part_is_missing() -> None:
    assert total((1.0, None, 2.0)) is None
    assert total(()) == 0


def test_nothing_is_told() -> None:
    assert LiveUnit.of({}) == LiveUnit()


@pytest.mark.parametrize("content", [None, "", [], 0, "{}"])
def test_no_live_data(content: Any) -> None:
    with pytest.raises(ProtocolError):
        LiveUnit.of(content)


_JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=3)


@given(st.dictionaries(st.sampled_from([*SENT, "PM0_L1", "PM99999999999999999999_L2"]), _JSON))
def test_whatever_is_told_survives(content: dict[str, Any]) -> None:
    LiveUnit.of(content)

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.model import fields
from heliobus.model.quality import Quality
from heliobus.recorder.layout import Channel, Layout

PATHS = ("pv.power", "battery.soc", "grid.import_energy", "system.state_code", "grid.frequency")


def channel(number: int, path: str) -> Channel:
    what = fields.quantity(path)
    return Channel(number, path, what.kind, what.unit, what.exp10)


LAYOUT = Layout(id_=1, interval=10_000, channels=tuple(channel(number, path) for number, path in enumerate(PATHS)))


@given(
    values=st.dictionaries(st.sampled_from(PATHS), st.floats(-2e6, 2e6)),
    doubts=st.dictionaries(st.sampled_from(PATHS), st.sampled_from([Quality.STALE, Quality.SUSPECT])),
)
def test_a_row_comes_back_to_the_resolution_of_each_channel(
    values: dict[str, float], doubts: dict[str, Quality]
) -> None:
    doubts = {path: quality for path, quality in doubts.items() if path in values}
    row = LAYOUT.row(7, LAYOUT.pack(values, doubts))
    assert (row.at, row.gap, row.doubts) == (7, 30_000, doubts)
    assert set(row.values) == set(values)
    for path, value in row.values.items():
        assert abs(value - values[path]) <= 0.5 * 10 ** fields.quantity(path).exp10 + 1e-9


@given(values=st.dictionaries(st.sampled_from(PATHS), st.floats(-2e6, 2e6)))
def test_packing_again_changes_nothing(values: dict[str, float]) -> None:
    data = LAYOUT.pack(values, {})
    assert LAYOUT.pack(LAYOUT.row(0, data).values, {}) == data


def test_decimals_come_back_as_people_write_them() -> None:
    values = {"battery.soc": 93.7, "grid.frequency": 50.01}
    assert LAYOUT.row(0, LAYOUT.pack(values, {})).values == values


@pytest.mark.parametrize("value", [1e300, -1e300, 2.0**31, -(2.0**31), 1.7e308])
def test_what_no_width_can_hold_is_missing(value: float) -> None:
    row = LAYOUT.row(0, LAYOUT.pack({"pv.power": value, "battery.soc": value, "grid.frequency": 50.0}, {}))
    assert row.values == {"grid.frequency": 50.0}


def test_a_code_may_use_all_32_bits() -> None:
    values = {"system.state_code": 2172518624.0}
    assert LAYOUT.row(0, LAYOUT.pack(values, {})).values == values


def test_picking_gives_what_counts() -> None:
    data = LAYOUT.pack({"pv.power": 5.0, "battery.soc": 1.5}, {"pv.power": Quality.SUSPECT})
    assert LAYOUT.pick(data, ("battery.soc", "pv.power", "grid.frequency", "load.power")) == [1.5, None, None, None]


def test_a_layout_of_no_channels_is_a_row_too() -> None:
    empty = Layout(id_=2, interval=1, channels=())
    assert empty.row(3, empty.pack({}, {})).values == {}
    assert not math.isnan(empty.gap)

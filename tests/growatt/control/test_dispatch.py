"""What the OAuth route can dispatch: checked before it is sent, compared when it is read back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import Error, NotSupported, OutOfBounds, Refused, UsageError
from heliobus.growatt.control.dispatch import SET_TYPES, dispatched, holds
from heliobus.growatt.models.slots import Slot

GOOD: dict[str, Any] = {
    "time_slot_charge_discharge": [Slot(start=960, end=1080, percentage=80)],
    "duration_and_power_charge_discharge": {"duration": 10, "percentage": 20, "type": "chargeCommand"},
    "export_limit": {"exportLimitEnabled": True, "percentage": -20},
    "enable_control": True,
    "active_power_derating_percentage": 80,
    "active_power_percentage": 80,
    "remote_charge_discharge_power": -50,
}
BAD: list[tuple[str, Any, type[Error]]] = [
    (
        "time_slot_charge_discharge",
        [Slot(start=place, end=place + 1, percentage=1) for place in range(17)],
        OutOfBounds,
    ),
    ("time_slot_charge_discharge", {"percentage": 1}, UsageError),
    ("duration_and_power_charge_discharge", {"duration": 0, "percentage": 20, "type": "chargeCommand"}, OutOfBounds),
    ("duration_and_power_charge_discharge", {"duration": 9, "percentage": 101, "type": "chargeCommand"}, OutOfBounds),
    ("duration_and_power_charge_discharge", {"duration": 9, "percentage": 1, "type": "explode"}, UsageError),
    ("duration_and_power_charge_discharge", {"duration": 9}, UsageError),
    ("export_limit", {"exportLimitEnabled": 2, "percentage": 1}, UsageError),
    ("duration_and_power_charge_discharge", {"duration": 1441, "percentage": 1, "type": "chargeCommand"}, OutOfBounds),
    ("duration_and_power_charge_discharge", {"duration": 9, "percentage": -1, "type": "chargeCommand"}, OutOfBounds),
    ("export_limit", {"exportLimitEnabled": 1, "percentage": 101}, OutOfBounds),
    ("export_limit", {"exportLimitEnabled": 1, "percentage": -101}, OutOfBounds),
    ("export_limit", 5, UsageError),
    ("enable_control", 2, UsageError),
    ("active_power_percentage", -1, OutOfBounds),
    ("active_power_derating_percentage", -1, OutOfBounds),
    ("active_power_derating_percentage", 101, OutOfBounds),
    ("active_power_percentage", "x", UsageError),
    ("active_power_percentage", True, UsageError),
    ("remote_charge_discharge_power", -101, OutOfBounds),
    ("anything", 1, NotSupported),
]
DANGEROUS = {"export_limit", "active_power_derating_percentage", "active_power_percentage"}


@pytest.mark.parametrize("name", GOOD)
def test_what_fits_is_sent_and_recognised(name: str) -> None:
    sent = dispatched(name, GOOD[name], dangerous=True)
    assert holds(name, sent, sent)
    assert not holds(name, sent, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("duration_and_power_charge_discharge", {"duration": 1, "percentage": 0, "type": "dischargeCommand"}),
        ("duration_and_power_charge_discharge", {"duration": 1440, "percentage": 100, "type": "chargeCommand"}),
        ("export_limit", {"exportLimitEnabled": 0, "percentage": -100}),
        ("export_limit", {"exportLimitEnabled": 1, "percentage": 100}),
        ("active_power_derating_percentage", 0),
        ("active_power_percentage", 100),
        ("remote_charge_discharge_power", -100),
        ("remote_charge_discharge_power", 100),
    ],
)
def test_bounds_are_allowed(name: str, value: Any) -> None:
    assert dispatched(name, value, dangerous=True) == value


def test_all_are_tried() -> None:
    assert set(GOOD) == set(SET_TYPES)
    assert {name for name, kind in SET_TYPES.items() if kind.dangerous} == DANGEROUS


@pytest.mark.parametrize(("name", "value", "kind"), BAD)
def test_what_does_not_fit_is_refused(name: str, value: Any, kind: type[Error]) -> None:
    with pytest.raises(kind, match=r"nothing was sent|at most|same time"):
        dispatched(name, value, dangerous=True)


@pytest.mark.parametrize("name", sorted(DANGEROUS))
def test_what_is_dangerous_has_to_be_meant(name: str) -> None:
    with pytest.raises(Refused, match="nothing was sent"):
        dispatched(name, GOOD[name])


def test_a_device_tells_numbers_in_its_own_way() -> None:
    sent = dispatched("export_limit", GOOD["export_limit"], dangerous=True)
    assert sent == {"exportLimitEnabled": 1, "percentage": -20}
    assert holds("export_limit", sent, {"percentage": "-20", "exportLimitEnabled": True})
    assert not holds("export_limit", sent, {"percentage": 20, "exportLimitEnabled": 1})
    assert holds("enable_control", 1, "1")


@given(
    st.sampled_from(sorted(SET_TYPES)),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
)
def test_anything_is_sent_or_refused(name: str, value: Any) -> None:
    try:
        sent = dispatched(name, value, dangerous=True)
    except Error:  # refused in our own words
        return
    assert holds(name, sent, sent)

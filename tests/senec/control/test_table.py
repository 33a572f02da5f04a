"""What may be written at all: the last gate before the wire."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import OutOfBounds, Refused
from heliobus.senec.control.table import (
    WRITABLE,
    as_written,
    request_of,
    require_allowed,
    require_writable,
    variable_of,
)
from heliobus.senec.models import Reading
from heliobus.senec.protocol import decode_answer

PATHS = [
    path
    for variable, row in WRITABLE.items()
    for path in ([f"{variable}.{place}" for place in range(row.places)] or [variable])
]
numbers = st.one_of(st.floats(), st.integers(-10, 40_000), st.sampled_from([0, 1, 3, 4, 6, 32, 16.02]))


def test_every_row_is_called_writable_in_the_models_and_has_its_length() -> None:
    for variable, row in WRITABLE.items():
        section, _, name = variable.partition(".")
        known = Reading.sections[section].rows[name]
        assert known.writable, variable
        assert known.length == row.places, variable


@given(path=st.sampled_from(PATHS), value=numbers)
def test_what_is_allowed_passes_the_gate_and_nothing_else_can_be_asked(path: str, value: float) -> None:
    variable, place = variable_of(path)
    try:
        require_allowed({path: value})
    except OutOfBounds:
        assert not WRITABLE[variable].allows(value)
        return
    request: Any = request_of({path: value})
    require_writable(request)
    section, _, name = variable.partition(".")
    leaf = decode_answer({section: {name: request[section][name]}})[section][name]
    held = leaf if place is None else leaf[place]  # type: ignore[index]
    assert held == as_written(path, value) == pytest.approx(value)
    if place is not None:
        assert request[section][name].count("") == WRITABLE[variable].places - 1


def test_places_of_one_list_go_together() -> None:
    assert request_of({"SOCKETS.ENABLE.0": 1, "SOCKETS.ENABLE.1": 0, "WALLBOX.ALLOW_INTERCHARGE": 1}) == {
        "SOCKETS": {"ENABLE": ["u8_01", "u8_00"]},
        "WALLBOX": {"ALLOW_INTERCHARGE": "u8_01"},
    }
    # SPEC 5.4 and capture 49
    assert request_of({"SOCKETS.UPPER_LIMIT.0": 3000}) == {"SOCKETS": {"UPPER_LIMIT": ["u1_0BB8", ""]}}
    assert request_of({"WALLBOX.SET_ICMAX.0": 16.02})["WALLBOX"]["SET_ICMAX"][0] == "fl_418028F6"


@pytest.mark.parametrize(
    ("path", "leaf"),
    [
        ("ENERGY.SAFE_CHARGE_FORCE", "u8_00"),
        ("ENERGY.SAFE_CHARGE_FORCE", "u8_02"),
        ("ENERGY.SAFE_CHARGE_FORCE", "u1_0001"),
        ("ENERGY.SAFE_CHARGE_FORCE", "on"),
        ("ENERGY.SAFE_CHARGE_FORCE", ["u8_01"]),
        ("SOCKETS.ENABLE", "u8_01"),
        ("SOCKETS.ENABLE", ["u8_01"]),
        ("SOCKETS.ENABLE", ["u8_01", "", ""]),
        ("SOCKETS.UPPER_LIMIT", ["u1_FFFF", ""]),
        ("WALLBOX.SMART_CHARGE_ACTIVE", ["u8_01", "", "", ""]),
        ("WALLBOX.SET_ICMAX", ["fl_7FC00000", "", "", ""]),
        ("WALLBOX.SET_ICMAX", ["fl_42040000", "", "", ""]),
    ],
)
def test_a_known_variable_takes_no_other_value(path: str, leaf: Any) -> None:
    section, _, name = path.partition(".")
    with pytest.raises(OutOfBounds, match=name):
        require_writable({section: {name: leaf}})


@pytest.mark.parametrize("path", ["LOG.PASSWORD", "BAT1.SPARE_CAPACITY", "WIZARD.PS_ENABLE", "NOWHERE.X", ""])
def test_an_unknown_variable_takes_none(path: str) -> None:
    with pytest.raises(Refused, match="does not write"):
        require_allowed({path: 1})


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), True, "1", None])
@pytest.mark.parametrize("path", ["SOCKETS.ENABLE.0", "WALLBOX.SET_ICMAX.0"])
def test_what_is_no_number_is_no_value(path: str, value: Any) -> None:
    with pytest.raises(OutOfBounds):
        require_allowed({path: value})

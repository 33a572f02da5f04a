from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.growatt.protocol import Json, Money, flag, integer, money, number, text

json_values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (53.1, "V", 53.1),
        ("53.1", "V", 53.1),
        ("14 kWh", "kWh", 14.0),
        ("2.56 MWh", "kWh", 2560.0),
        ("1.21 GWh", "kWh", 1_210_000.0),
        ("424.1 W", "W", 424.1),
        ("0kW", "W", 0.0),
        ("1.18", "kW", 1.18),
        ("20.5kWh", "kWh", 20.5),
        ("12.2kg", "kg", 12.2),
        ("1.02 KT", "T", 1020.0),
        ("93.82 T", "kg", 93_820.0),
        ("2.8kWp", "Wp", 2800.0),
        ("1.5_1720071651105", "kWh", 1.5),
        ("47%", "%", 47.0),
        ("45 %", "%", 45.0),
        ("-399.5", "W", -399.5),
        ("+3", "", 3.0),
        (".5", "", 0.5),
        ("5.", "", 5.0),
        ("1.2E3", "", 1200.0),
        ("12\0\0", "", 12.0),
        (426.20001220703125, "V", 426.20001220703125),
        (0, "W", 0.0),
    ],
)
def test_a_number_in_all_its_forms(value: Json, unit: str, expected: float) -> None:
    assert number(value, unit) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "value",
    [
        *(None, "", " ", "null", "NULL", "--", "-", "NaN", "\0\0", "abc", "1,234", "1 2", True, False, [1], {"a": 1}),
        *(math.nan, math.inf, 10**400, "1e999", "5 kWh", "5 foo"),
    ],
)
def test_what_is_no_power_is_none_and_never_0(value: Json) -> None:
    assert number(value, "W") is None


@settings(max_examples=200)
@given(json_values)
def test_whatever_a_server_sends_is_read_or_none(value: Json) -> None:
    for unit in ("", "W", "kWh", "%"):
        found = number(value, unit)
        assert found is None or math.isfinite(found)
    assert flag(value) in (True, False, None)
    assert integer(value) is None or isinstance(integer(value), int)
    assert text(value) != ""
    found_money = money(value)
    assert found_money is None or math.isfinite(found_money.amount)


@given(st.floats(-1e12, 1e12).filter(lambda value: round(value, 2) != 0))
def test_a_unit_only_moves_the_point(value: float) -> None:
    plain = f"{value:.2f}"
    assert number(f"{plain} kW", "W") == pytest.approx(float(plain) * 1000, rel=1e-12)
    assert number(f"{plain}W", "kW") == pytest.approx(float(plain) / 1000, rel=1e-12)
    assert number(plain, "kW") == float(plain)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("209.7 (€)", Money(209.7, "€")),
        ("2.4/€", Money(2.4, "€")),
        ("112.9 (￥)", Money(112.9, "￥")),
        ("€2.9", Money(2.9, "€")),
        ("0.0 ", Money(0.0, None)),
        ("16969.4 ", Money(16969.4, None)),
        ("7.8 kr", Money(7.8, "kr")),
        (3, Money(3.0, None)),
        ("null", None),
        ("€", None),
    ],
)
def test_money(value: Json, expected: Money | None) -> None:
    assert money(value) == expected


@pytest.mark.parametrize("value", [True, "true", "True", "1", 1])
def test_true(value: Json) -> None:
    assert flag(value) is True


@pytest.mark.parametrize("value", [False, "false", "0", 0])
def test_false(value: Json) -> None:
    assert flag(value) is False


@pytest.mark.parametrize("value", [None, "", "2", 2, "yes", [], {}])
def test_neither(value: Json) -> None:
    assert flag(value) is None


def test_a_whole_number() -> None:
    values: list[Json] = ["5", 5.0, 5, "5.5", "", None]
    assert [integer(value) for value in values] == [5, 5, 5, None, None, None]


def test_text() -> None:
    values: list[Json] = ["a\0", " a ", 5, "null", "--", None, True, []]
    assert [text(value) for value in values] == ["a", "a", "5"] + [None] * 5

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.web.plain.figures import ENGLISH, GERMAN, MINUS, THIN, UNKNOWN, rounded_together


@pytest.mark.parametrize(
    ("watts", "english", "german"),
    [
        (0.0, "0 W", "0 W"),
        (-0.3, "0 W", "0 W"),
        (42.4, "42 W", "42 W"),
        (99.4, "99 W", "99 W"),
        (99.6, "100 W", "100 W"),
        (617.0, "620 W", "620 W"),
        (994.0, "990 W", "990 W"),
        (995.1, "1.00 kW", "1,00 kW"),
        (7843.0, "7.84 kW", "7,84 kW"),
        (9994.0, "9.99 kW", "9,99 kW"),
        (9999.0, "10.0 kW", "10,0 kW"),
        (12_400.0, "12.4 kW", "12,4 kW"),
        (-1100.0, f"{MINUS}1.10 kW", f"{MINUS}1,10 kW"),
        (None, UNKNOWN, UNKNOWN),
    ],
)
def test_powers(watts: float | None, english: str, german: str) -> None:
    assert str(ENGLISH.power(watts)) == english.replace(" ", THIN)
    assert str(GERMAN.power(watts)) == german.replace(" ", THIN)


@pytest.mark.parametrize(
    ("watt_hours", "english", "german"),
    [
        (291.0, "291 Wh", "291 Wh"),
        (999.4, "999 Wh", "999 Wh"),
        (999.6, "1.0 kWh", "1,0 kWh"),
        (17_310.0, "17.3 kWh", "17,3 kWh"),
        (99_940.0, "99.9 kWh", "99,9 kWh"),
        (99_960.0, "100 kWh", "100 kWh"),
        (7_962_000.0, "7 962 kWh", "7.962 kWh"),
        (None, UNKNOWN, UNKNOWN),
    ],
)
def test_energies(watt_hours: float | None, english: str, german: str) -> None:
    assert str(ENGLISH.energy(watt_hours)) == english.replace(" ", THIN)
    assert str(GERMAN.energy(watt_hours)) == german.replace(" ", THIN)


def test_beside_others_an_energy_is_always_in_kwh() -> None:
    assert str(ENGLISH.kilowatt_hours(0.0)) == f"0.0{THIN}kWh"
    assert str(ENGLISH.kilowatt_hours(150_000.0, digits=1)) == f"150.0{THIN}kWh"


def test_percent() -> None:
    assert str(GERMAN.percent(97.6)) == f"98{THIN}%"
    assert str(GERMAN.percent(92.25, 1)) == f"92,2{THIN}%"
    assert str(GERMAN.percent(None)) == UNKNOWN


@given(st.lists(st.floats(min_value=0, max_value=100_000), max_size=6), st.sampled_from([100.0, 1000.0]))
def test_rounded_rows_add_up_to_the_rounded_sum(values: list[float], step: float) -> None:
    total = sum(values)
    rounded = rounded_together(values, total=total, step=step)
    assert sum(rounded) == pytest.approx(round(total / step) * step)
    assert all(abs(before - after) < step + 1e-6 for before, after in zip(values, rounded, strict=True))

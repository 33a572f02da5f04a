from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.recorder.query import Energies
from heliobus.web.plain.balance import autarky, balance, self_consumption, used_here

ENERGY = st.floats(min_value=0, max_value=200_000)


FULL = st.builds(
    Energies,
    pv=ENERGY,
    import_=ENERGY,
    export=ENERGY,
    charge=ENERGY,
    discharge=ENERGY,
    load=ENERGY,
    ev=ENERGY | st.none(),
)


@given(FULL)
def test_both_sides_agree_also_as_printed(energies: Energies) -> None:
    made = balance(energies, battery=True)
    given_, taken = list(made.given.values()), list(made.taken.values())
    assert made.total is not None
    assert sum(value for value in given_ if value is not None) == pytest.approx(made.total)
    assert sum(value for value in taken if value is not None) == pytest.approx(made.total)
    step = 10.0 ** (3 - made.digits)
    for value in given_ + taken:
        assert value is not None
        assert value == pytest.approx(round(value / step) * step)
    assert not {"open"} <= set(made.given) & set(made.taken)


def test_the_mocks_day() -> None:
    day = Energies(
        pv=17_310.0, import_=291.0, export=812.0, charge=5_590.0, discharge=2_480.0, load=4_480.0, ev=9_199.0
    )
    made = balance(day, battery=True)
    assert made.given == {"sun": 17_300, "store": 2_500, "grid": 300}
    assert made.taken == {"house": 4_500, "car": 9_200, "store": 5_600, "grid": 800}
    assert made.total == 20_100
    assert made.consumption == 13_700


def test_losses_have_a_row_of_their_own() -> None:
    made = balance(Energies(pv=10_000.0, import_=0.0, export=0.0, load=9_200.0), battery=False)
    assert made.taken == {"house": 9_200, "grid": 0, "open": 800}
    assert made.given == {"sun": 10_000, "grid": 0}
    short = balance(Energies(pv=1_000.0, import_=0.0, export=0.0, load=1_500.0), battery=False)
    assert short.given["open"] == 500
    assert "open" not in short.taken


def test_what_is_unknown_stays_unknown() -> None:
    made = balance(Energies(pv=1_234.0, load=500.0), battery=True)
    assert made.total is None
    assert made.given == {"sun": 1_234, "store": None, "grid": None}
    assert made.consumption == 500
    assert balance(Energies(), battery=False).consumption is None


def test_large_days_have_no_decimals() -> None:
    made = balance(Energies(pv=150_400.0, import_=0.0, export=149_800.0, load=600.0), battery=False)
    assert made.digits == 0
    assert made.total == 150_000
    assert made.taken == {"house": 0, "grid": 150_000}


@pytest.mark.parametrize(
    ("energies", "shares"),
    [
        (Energies(pv=17_310.0, import_=291.0, export=812.0, load=4_480.0, ev=9_199.0), (97.87, 95.31)),
        (Energies(pv=0.0, import_=500.0, export=0.0, load=500.0), (0.0, None)),
        (Energies(pv=5_000.0, import_=0.0, export=5_000.0, load=0.0), (None, 0.0)),
        (Energies(pv=5.0, import_=900.0, export=9.0, load=800.0), (0.0, 0.0)),
        (Energies(pv=5_000.0), (None, None)),
    ],
)
def test_independence(energies: Energies, shares: tuple[float | None, float | None]) -> None:
    assert autarky(energies) == (shares[0] if shares[0] is None else pytest.approx(shares[0], abs=0.01))
    assert self_consumption(energies) == (shares[1] if shares[1] is None else pytest.approx(shares[1], abs=0.01))


def test_what_was_used_here() -> None:
    assert used_here(Energies(pv=5_000.0, export=1_000.0)) == 4_000
    assert used_here(Energies(pv=5_000.0)) is None

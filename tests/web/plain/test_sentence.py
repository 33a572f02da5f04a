from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.web.plain.figures import THIN
from heliobus.web.plain.flows import Taps
from heliobus.web.plain.html import text_of
from heliobus.web.plain.sentence import sentence
from heliobus.web.plain.texts import LANGUAGES

CASES = [
    (
        Taps(7220.0, -2440.0, -110.0, 0.0, 3680.0),
        "The sun delivers 7.22 kW. The car takes 3.68 kW, the battery 2.44 kW, the grid 110 W. The house uses 0 W.",
        "Die Sonne liefert 7,22 kW. Ins Auto gehen 3,68 kW, in den Akku 2,44 kW, ins Netz 110 W. Das Haus braucht 0 W.",
    ),
    (
        Taps(460.0, 2500.0, 580.0, 3540.0),
        "The house uses 3.54 kW: 2.50 kW from the battery, 580 W from the grid and 460 W from the sun.",
        "Das Haus braucht 3,54 kW. Davon kommen 2,50 kW aus dem Akku, 580 W aus dem Netz und 460 W von der Sonne.",
    ),
    (
        Taps(460.0, 0.0, 6760.0, 3540.0, 3680.0),
        "House and car use 7.22 kW: 6.76 kW from the grid and 460 W from the sun.",
        "Haus und Auto brauchen 7,22 kW. Davon kommen 6,76 kW aus dem Netz und 460 W von der Sonne.",
    ),
    (
        Taps(0.0, 320.0, 0.0, 320.0),
        "The house uses 320 W, all of it from the battery.",
        "Das Haus braucht 320 W, alles aus dem Akku.",
    ),
    (
        Taps(610.0, 0.0, 3.0, 613.0),
        "The sun delivers 610 W, just what is used.",
        "Die Sonne liefert 610 W, genau den Verbrauch.",
    ),
    (
        Taps(0.0, -2000.0, 2500.0, 500.0),
        "The house uses 500 W, all of it from the grid. The battery takes 2.00 kW.",
        "Das Haus braucht 500 W, alles aus dem Netz. In den Akku gehen 2,00 kW.",
    ),
    (
        Taps(None, None, 1420.0, None),
        "The grid delivers 1.42 kW. Not known at present: the sun, the battery and the house.",
        "Aus dem Netz kommen 1,42 kW. Zurzeit nicht bekannt: Sonne, Akku und Haus.",
    ),
    (
        Taps(None, 0.0, -90.0, 300.0, 1400.0),
        "The grid takes 90 W. The car takes 1.40 kW. The house uses 300 W. Not known at present: the sun.",
        "Ins Netz gehen 90 W. Ins Auto gehen 1,40 kW. Das Haus braucht 300 W. Zurzeit nicht bekannt: Sonne.",
    ),
]


@pytest.mark.parametrize(("taps", "english", "german"), CASES)
def test_it_says_what_is_happening(taps: Taps, english: str, german: str) -> None:
    for code, said in (("en", english), ("de", german)):
        assert text_of(sentence(taps, LANGUAGES[code])).replace(THIN, " ") == said


POWERS = st.none() | st.floats(min_value=-20_000, max_value=20_000)


@given(st.builds(Taps, POWERS, POWERS, POWERS, POWERS, POWERS), st.sampled_from(["en", "de"]))
def test_there_is_always_a_sentence(taps: Taps, code: str) -> None:
    said = text_of(sentence(taps, LANGUAGES[code]))
    assert said.endswith(".")
    assert "{" not in said
    assert "  " not in said
    assert "None" not in said
